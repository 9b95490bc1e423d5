"""The nouns of for whom: funds, grants, indicators, and the reports written for them."""

from reports.models.documents import Document, Download, DownloadFormat
from reports.models.grant import (
    Deadline,
    FinancingKind,
    FinancingPlanLine,
    Fund,
    FundCode,
    Grant,
    LineKind,
    Notice,
    Profile,
    Programme,
)
from reports.models.indicator import Indicator, Target
from reports.models.report import Report, ReportKind
from reports.models.status import Step, VersionStatus
from reports.models.version import LeaseLostError, ReportVersion

__all__ = [
    "Deadline",
    "Document",
    "Download",
    "DownloadFormat",
    "FinancingKind",
    "FinancingPlanLine",
    "Fund",
    "FundCode",
    "Grant",
    "Indicator",
    "LeaseLostError",
    "LineKind",
    "Notice",
    "Profile",
    "Programme",
    "Report",
    "ReportKind",
    "ReportVersion",
    "Step",
    "Target",
    "VersionStatus",
]
