"""Report and its versions: requested, produced by a worker, released, downloaded, never changed."""

from django.conf import settings
from django.db import models
from django.db.models import F, Max, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from reports.models.grant import Grant


class ReportKind(models.TextChoices):
    """Official names, printed on paper."""

    INTERIM = "interim", _("interim report")
    FINAL = "final", _("final report")


class ReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The manager sees every report; a funder those of own programmes that are released."""
        match user.role:
            case Role.MANAGER:
                return self.all()
            case Role.FUNDER:
                released = ReportVersion.objects.visible_to(user)
                return self.filter(pk__in=released.values("report"))
            case _:
                return self.none()

    def for_list(self):
        return self.select_related("grant__programme__fund", "grant__project").order_by(
            "-ends_on", "-pk"
        )


class Report(models.Model):
    """Nachweis: written for one grant, one period, one kind."""

    grant = models.ForeignKey(
        Grant, on_delete=models.PROTECT, related_name="reports", verbose_name=_("grant")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=ReportKind)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    # Sachbericht: section key → text, in the sections of the grant's profile.
    narrative = models.JSONField(_("narrative"), default=dict, blank=True)
    # Indicator code → why the target was missed.
    reasons = models.JSONField(_("reasons for deviations"), default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-ends_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["grant", "kind", "starts_on", "ends_on"],
                name="reports_report_one_per_period",
                violation_error_message=_(
                    "This report is there already; make a new version of it."
                ),
            ),
            models.CheckConstraint(
                name="reports_report_kind_is_known",
                condition=Q(kind__in=ReportKind.values),
                violation_error_message=_("Choose the kind of report."),
            ),
            models.CheckConstraint(
                name="reports_report_ends_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The period cannot end before it starts."),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.starts_on:%d.%m.%Y}–{self.ends_on:%d.%m.%Y}"

    def get_absolute_url(self):
        return reverse("reports:detail", args=[self.pk])

    def next_number(self):
        return (self.versions.aggregate(last=Max("number"))["last"] or 0) + 1


class VersionStatus(models.TextChoices):
    QUEUED = "queued", _("waiting")
    WORKING = "working", _("being made")
    READY = "ready", _("draft")
    FAILED = "failed", _("failed")
    CANCELLED = "cancelled", _("cancelled")
    RELEASED = "released", _("released")


UNDER_WAY = (VersionStatus.QUEUED, VersionStatus.WORKING)
FROZEN = (VersionStatus.READY, VersionStatus.RELEASED)


class ReportVersionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The manager sees every version; a funder the released ones of own programmes."""
        match user.role:
            case Role.MANAGER:
                return self.all()
            case Role.FUNDER:
                return self.filter(
                    status=VersionStatus.RELEASED, report__grant__programme__officers=user
                )
            case _:
                return self.none()

    def under_way(self):
        return self.filter(status__in=UNDER_WAY)

    def for_list(self):
        """Newest first, without the frozen figures, which may be large."""
        return (
            self.select_related("report__grant__programme__fund", "report__grant__project")
            .defer("frozen")
            .order_by("-released_at", "-pk")
        )


class ReportVersion(models.Model):
    """Berichtsversion: one production of a report; its row is the job, the lease and the result.

    A worker holds it by `lease_token` until `lease_until`; a worker that lost its lease can no
    longer write. Once released, a trigger refuses every change.
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    status = models.CharField(
        _("status"), max_length=10, choices=VersionStatus, default=VersionStatus.QUEUED
    )
    change_note = models.CharField(_("what changed"), max_length=300, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    requested_at = models.DateTimeField(auto_now_add=True)
    form_key = models.UUIDField(null=True, unique=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    lease_token = models.UUIDField(null=True, editable=False)
    step = models.PositiveSmallIntegerField(default=0, editable=False)
    error = models.TextField(_("what went wrong"), blank=True, editable=False)
    # The whole document as it was counted: reports/document.py names its shape.
    frozen = models.JSONField(null=True, editable=False)
    pages = models.PositiveSmallIntegerField(_("pages"), null=True, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    seconds = models.DecimalField(max_digits=8, decimal_places=2, null=True, editable=False)
    finished_at = models.DateTimeField(null=True, editable=False)
    released_at = models.DateTimeField(_("released at"), null=True, editable=False)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("released by"),
    )

    objects = ReportVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a report")
        verbose_name_plural = _("versions of reports")
        ordering = ["report", "-number"]
        indexes = [
            models.Index(
                fields=["status", "lease_until"],
                name="reports_version_under_way",
                condition=Q(status__in=UNDER_WAY),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "number"],
                name="reports_reportversion_one_per_number",
                violation_error_message=_("This version is there already."),
            ),
            models.UniqueConstraint(
                fields=["report"],
                condition=Q(status__in=UNDER_WAY),
                name="reports_reportversion_one_under_way",
                violation_error_message=_("A version of this report is being made already."),
            ),
            models.CheckConstraint(
                name="reports_reportversion_status_is_known",
                condition=Q(status__in=VersionStatus.values),
                violation_error_message=_("Unknown status of a report."),
            ),
            models.CheckConstraint(
                name="reports_reportversion_working_under_lease",
                condition=Q(
                    status=VersionStatus.WORKING,
                    lease_until__isnull=False,
                    lease_token__isnull=False,
                )
                | (~Q(status=VersionStatus.WORKING) & Q(lease_until=None, lease_token=None)),
                violation_error_message=_("A report is being made only under a lease."),
            ),
            models.CheckConstraint(
                name="reports_reportversion_finished_with_result",
                condition=(
                    Q(
                        status__in=FROZEN,
                        frozen__isnull=False,
                        pages__isnull=False,
                        finished_at__isnull=False,
                    )
                    & ~Q(sha256="")
                )
                | (~Q(status__in=FROZEN) & Q(frozen=None, pages=None, finished_at=None, sha256="")),
                violation_error_message=_("A finished report has its figures, pages and hash."),
            ),
            models.CheckConstraint(
                name="reports_reportversion_failed_with_reason",
                condition=~Q(status=VersionStatus.FAILED) | ~Q(error=""),
                violation_error_message=_("A failed report says why."),
            ),
            models.CheckConstraint(
                name="reports_reportversion_released_by_someone",
                condition=Q(
                    status=VersionStatus.RELEASED,
                    released_at__isnull=False,
                    released_by__isnull=False,
                )
                | (~Q(status=VersionStatus.RELEASED) & Q(released_at=None, released_by=None)),
                violation_error_message=_("A release has its time and who released."),
            ),
        ]

    def __str__(self):
        return f"{self.report} · {self.number}"


class Document(models.Model):
    """Dokument: the bytes of one finished version; unchangeable once the version is released."""

    version = models.OneToOneField(ReportVersion, on_delete=models.CASCADE, related_name="document")
    pdf = models.BinaryField()
    csv = models.BinaryField()
    json = models.BinaryField()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")

    def __str__(self):
        return str(self.version)


class DownloadFormat(models.TextChoices):
    PDF = "pdf", "PDF"
    CSV = "csv", "CSV"
    JSON = "json", "JSON"


class Download(models.Model):
    """Abruf: who took which file of a version, when."""

    version = models.ForeignKey(ReportVersion, on_delete=models.PROTECT, related_name="downloads")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    format = models.CharField(max_length=4, choices=DownloadFormat)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("download")
        verbose_name_plural = _("downloads")
        ordering = ["-at"]
        constraints = [
            models.CheckConstraint(
                name="reports_download_format_is_known",
                condition=Q(format__in=DownloadFormat.values),
                violation_error_message=_("Unknown format."),
            ),
        ]

    def __str__(self):
        return f"{self.version} · {self.user}"
