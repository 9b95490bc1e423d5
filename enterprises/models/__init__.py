"""The nouns of who: organisations, their people, and what is known of them."""

from enterprises.models.agreement import Agreement
from enterprises.models.agreement_parts import (
    AgreementParty,
    AgreementReview,
    AgreementStage,
    Milestone,
    Pledge,
)
from enterprises.models.alliance import Alliance, Health, HealthNote
from enterprises.models.beneficiary import Basis, Beneficiary
from enterprises.models.block import ServiceBlock
from enterprises.models.confirmation import Confirmation, ConfirmationStatus, Reply
from enterprises.models.confirmation_rule import ConfirmationRule
from enterprises.models.contribution import Contribution
from enterprises.models.decision import Decision
from enterprises.models.document import Document, DocumentKind
from enterprises.models.document_version import DocumentVersion
from enterprises.models.entry import (
    ConsentWay,
    Entry,
    EntryConsent,
    EntryPart,
    EntryStatus,
)
from enterprises.models.facts import (
    Criterion,
    CriterionAssessment,
    IncomeMix,
    Job,
    JobKind,
    UnpaidWorkRate,
)
from enterprises.models.forum import Forum, ForumKind, ForumMember, ForumRole
from enterprises.models.innovation import Innovation, InnovationKind
from enterprises.models.meeting import Meeting, MeetingAttendance
from enterprises.models.merge import Merge, NotTheSame, Noun
from enterprises.models.operation import Operation, ProgrammingPeriod, PublishedFund
from enterprises.models.operation_import import OperationImport
from enterprises.models.organisation import (
    FoundingInitiative,
    LegalForm,
    Organisation,
    OrganisationKind,
    SocialEnterprise,
    Stage,
    StageChange,
)
from enterprises.models.people import Involvement, InvolvementRole, Membership, Person
from enterprises.models.resource import Match, Resource, ResourceKind, Side
from enterprises.models.sizes import SME, SizeClass, SizeDeclaration, SizeLimit
from enterprises.models.undertaking import LINKS, Link, Undertaking, UndertakingMember

__all__ = [
    "LINKS",
    "SME",
    "Agreement",
    "AgreementParty",
    "AgreementReview",
    "AgreementStage",
    "Alliance",
    "Basis",
    "Beneficiary",
    "Confirmation",
    "ConfirmationRule",
    "ConfirmationStatus",
    "ConsentWay",
    "Contribution",
    "Criterion",
    "CriterionAssessment",
    "Decision",
    "Document",
    "DocumentKind",
    "DocumentVersion",
    "Entry",
    "EntryConsent",
    "EntryPart",
    "EntryStatus",
    "Forum",
    "ForumKind",
    "ForumMember",
    "ForumRole",
    "FoundingInitiative",
    "Health",
    "HealthNote",
    "IncomeMix",
    "Innovation",
    "InnovationKind",
    "Involvement",
    "InvolvementRole",
    "Job",
    "JobKind",
    "LegalForm",
    "Link",
    "Match",
    "Meeting",
    "MeetingAttendance",
    "Membership",
    "Merge",
    "Milestone",
    "NotTheSame",
    "Noun",
    "Operation",
    "OperationImport",
    "Organisation",
    "OrganisationKind",
    "Person",
    "Pledge",
    "ProgrammingPeriod",
    "PublishedFund",
    "Reply",
    "Resource",
    "ResourceKind",
    "Side",
    "ServiceBlock",
    "SizeClass",
    "SizeDeclaration",
    "SizeLimit",
    "SocialEnterprise",
    "Stage",
    "StageChange",
    "Undertaking",
    "UndertakingMember",
    "UnpaidWorkRate",
]
