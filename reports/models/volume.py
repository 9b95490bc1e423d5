"""Volume: one PDF with a stretch of a list that is too long for the report itself."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reports.models.documents import DownloadFormat, sha256_of
from reports.models.version import ReportVersion


class VolumeKind(models.TextChoices):
    CONSULTATIONS = "consultations", _("consultations")
    VOUCHERS = "vouchers", _("vouchers")

    @property
    def paper_name(self):
        """German, like the papers of the grant."""
        return {"consultations": "Liste der Beratungen", "vouchers": "Belegliste"}[self.value]


class VolumeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever sees the version sees its volumes."""
        return self.filter(version__in=ReportVersion.objects.visible_to(user))

    def for_list(self):
        """With what their names need; their bytes are fetched when somebody takes them."""
        return self.defer("pdf", "version__frozen").select_related("version__report__grant")

    def kept(self, report, keys):
        """(bytes, pages) by key, of what was printed for other versions of a report already."""
        found = self.filter(version__report=report, key__in=keys)
        return {
            key: (bytes(pdf), pages) for key, pdf, pages in found.values_list("key", "pdf", "pages")
        }


class Volume(models.Model):
    """Anlagenband: bound to one finished version; unchangeable once that is released."""

    version = models.ForeignKey(ReportVersion, on_delete=models.CASCADE, related_name="volumes")
    kind = models.CharField(_("list"), max_length=13, choices=VolumeKind)
    number = models.PositiveSmallIntegerField(_("volume"))
    rows = models.PositiveIntegerField(_("rows"))
    first_day = models.DateField(_("from"))
    last_day = models.DateField(_("to"))
    pages = models.PositiveSmallIntegerField(_("pages"))
    # What it was printed from; reports/volumes.py says what goes into it.
    key = models.CharField(max_length=64, editable=False)
    pdf = models.BinaryField()
    sha256 = sha256_of("pdf")

    objects = VolumeQuerySet.as_manager()

    class Meta:
        verbose_name = _("volume of the annex")
        verbose_name_plural = _("volumes of the annex")
        ordering = ["version", "number"]
        indexes = [
            models.Index(fields=["sha256"], name="reports_volume_of_pdf"),
            models.Index(fields=["key"], name="reports_volume_of_key"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["version", "number"],
                name="reports_volume_one_per_number",
                violation_error_message=_("This volume is there already."),
            ),
            models.CheckConstraint(
                name="reports_volume_kind_is_known",
                condition=Q(kind__in=VolumeKind.values),
                violation_error_message=_("Unknown list."),
            ),
            models.CheckConstraint(
                name="reports_volume_days_in_order",
                condition=Q(last_day__gte=F("first_day")),
                violation_error_message=_("The last day is before the first one."),
            ),
        ]

    def __str__(self):
        return f"{self.version} · {self.number}"

    @property
    def file_name(self):
        """The same name for the same volume, whoever takes it and whenever."""
        return f"{self.version.file_stem}_anlagenband-{self.number}.pdf"

    def download(self, *, by):
        """Return the bytes; who took them, and when, is kept. Refuses what is not finished."""
        self.version.note_download(by=by, format=DownloadFormat.VOLUME, volume=self.number)
        return bytes(self.pdf)
