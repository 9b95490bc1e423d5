"""The nouns of for whom: funds, grants, indicators, and the reports written for them."""

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
from reports.models.report import (
    Document,
    Download,
    DownloadFormat,
    Report,
    ReportKind,
    ReportVersion,
    VersionStatus,
)

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
    "LineKind",
    "Notice",
    "Profile",
    "Programme",
    "Report",
    "ReportKind",
    "ReportVersion",
    "Target",
    "VersionStatus",
]
