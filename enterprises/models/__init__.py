"""The nouns of who: organisations, their people, and what is known of them."""

from enterprises.models.facts import (
    Criterion,
    CriterionAssessment,
    IncomeMix,
    Job,
    JobKind,
    UnpaidWorkRate,
)
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

__all__ = [
    "Criterion",
    "CriterionAssessment",
    "FoundingInitiative",
    "IncomeMix",
    "Involvement",
    "InvolvementRole",
    "Job",
    "JobKind",
    "LegalForm",
    "Membership",
    "Organisation",
    "OrganisationKind",
    "Person",
    "SocialEnterprise",
    "Stage",
    "StageChange",
    "UnpaidWorkRate",
]
