"""What may become of a version, and through which steps its making goes."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class VersionStatus(models.TextChoices):
    QUEUED = "queued", _("waiting")
    WORKING = "working", _("being made")
    READY = "ready", _("draft")
    IN_REVIEW = "in_review", _("in review")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", pgettext_lazy("report", "cancelled")
    RELEASED = "released", _("released")


UNDER_WAY = (VersionStatus.QUEUED, VersionStatus.WORKING)
FROZEN = (VersionStatus.READY, VersionStatus.IN_REVIEW, VersionStatus.RELEASED)
GIVEN_UP = (VersionStatus.FAILED, VersionStatus.CANCELLED)
# Without a lease: what every status but WORKING demands.
FREE = {"lease_token": None, "lease_until": None}


class Step(models.IntegerChoices):
    """What happens to a version, in this order; the page shows it while it happens."""

    COUNTING = 1, _("counting the figures")
    FREEZING = 2, _("freezing what was counted")
    DRAWING = 3, _("setting texts, tables and charts")
    PRINTING = 4, _("printing the PDF")
    STORING = 5, _("storing the documents")


class ReportState(models.TextChoices):
    """How far a report has come with its funder: by the newest version that was released."""

    MAKING = "making", _("being prepared")
    RELEASED = "released", _("released")
    SUBMITTED = "submitted", _("submitted")
    QUERIED = "queried", _("query open")
    ANSWERED = "answered", _("queries answered")
    ACCEPTED = "accepted", pgettext_lazy("report", "accepted")
