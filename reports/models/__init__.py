"""The nouns of for whom: funds, grants, indicators, and the reports written for them."""

from reports.models.acceptance import Acceptance, Submission, SubmissionWay
from reports.models.account import Account, working_days_after
from reports.models.aid import AidRate, DeMinimisRule, RuleKey
from reports.models.award import DeMinimisAward, headroom
from reports.models.continuity import ContinuityRule, CoordinatingTask, TransferStep
from reports.models.costs import AccountingRule, CostBase, CostMethod, LimitKey
from reports.models.declaration import AidForm, Declaration, DeclaredAid
from reports.models.documents import Document, Download, DownloadFormat
from reports.models.duty import Deadline, ReportDuty, Rhythm
from reports.models.enterprise_award import AwardKind, EnterpriseAward
from reports.models.financing import BY_VOUCHERS, Costing, FinancingPlanLine, LineKind, Origin
from reports.models.funder_paper import FunderPaper, PaperKind
from reports.models.grant import AidBasis, FinancingKind, Grant, Notice
from reports.models.grant_change import GrantChange, Stipulation
from reports.models.imprint import FileFormat, Handed, Imprint
from reports.models.indicator import Indicator, IndicatorSet, Level
from reports.models.inventory import InventoryItem
from reports.models.milestone import Milestone
from reports.models.notice_file import NoticeFile
from reports.models.outline import Outline, OutlineSection
from reports.models.payments import PaymentRequest, PaymentStatus
from reports.models.programme import Fund, FundCode, Profile, Programme
from reports.models.programme_rule import ProgrammeRule
from reports.models.publicity import Publicity, PublicityKind
from reports.models.query import Query, Reply
from reports.models.report import Report, ReportKind
from reports.models.review import Review, Verdict
from reports.models.sheet_papers import SheetPaper
from reports.models.staff_rates import Deliverable, StaffRate
from reports.models.status import ReportState, Step, VersionStatus
from reports.models.story import ConsentOf, Story, StoryConsent
from reports.models.target import Target
from reports.models.threshold import Threshold, ThresholdKey
from reports.models.version import LeaseLostError, ReportVersion
from reports.models.volume import Volume, VolumeKind
from reports.models.voucher_import import VoucherImport
from reports.models.vouchers import Voucher

__all__ = [
    "ContinuityRule",
    "CoordinatingTask",
    "TransferStep",
    "ConsentOf",
    "Story",
    "StoryConsent",
    "Acceptance",
    "Account",
    "AccountingRule",
    "AidBasis",
    "AidForm",
    "AidRate",
    "AwardKind",
    "BY_VOUCHERS",
    "CostBase",
    "CostMethod",
    "Costing",
    "DeMinimisAward",
    "DeMinimisRule",
    "Deadline",
    "Declaration",
    "DeclaredAid",
    "Deliverable",
    "Document",
    "Download",
    "DownloadFormat",
    "EnterpriseAward",
    "GrantChange",
    "Stipulation",
    "FileFormat",
    "FinancingKind",
    "FinancingPlanLine",
    "Fund",
    "FundCode",
    "FunderPaper",
    "Grant",
    "Handed",
    "Imprint",
    "Indicator",
    "IndicatorSet",
    "InventoryItem",
    "LeaseLostError",
    "LimitKey",
    "Level",
    "LineKind",
    "Milestone",
    "Notice",
    "NoticeFile",
    "Origin",
    "Outline",
    "OutlineSection",
    "PaperKind",
    "PaymentRequest",
    "PaymentStatus",
    "Profile",
    "Programme",
    "ProgrammeRule",
    "Publicity",
    "PublicityKind",
    "Query",
    "Reply",
    "Report",
    "ReportDuty",
    "ReportKind",
    "ReportState",
    "ReportVersion",
    "Review",
    "Rhythm",
    "RuleKey",
    "StaffRate",
    "SheetPaper",
    "Step",
    "Submission",
    "SubmissionWay",
    "Target",
    "Threshold",
    "ThresholdKey",
    "Verdict",
    "VersionStatus",
    "Volume",
    "VolumeKind",
    "Voucher",
    "VoucherImport",
    "headroom",
    "working_days_after",
]
