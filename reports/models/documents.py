"""Document and Download: the bytes of a finished version, and who took them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Func, GeneratedField, Q, Value
from django.utils.translation import gettext_lazy as _


def sha256_of(column):
    """A column with the SHA-256 of another one's bytes, reckoned by PostgreSQL."""
    digest = Func(F(column), function="SHA256", output_field=models.BinaryField())
    return GeneratedField(
        expression=Func(
            digest, Value("hex"), function="ENCODE", output_field=models.CharField(max_length=64)
        ),
        output_field=models.CharField(max_length=64),
        db_persist=True,
        editable=False,
    )


class Document(models.Model):
    """Dokument: the bytes of one finished version; unchangeable once the version is released."""

    version = models.OneToOneField(
        "ReportVersion", on_delete=models.CASCADE, related_name="document"
    )
    pdf = models.BinaryField()
    csv = models.BinaryField()
    json = models.BinaryField()
    # By these anybody finds out whether a file is genuine.
    pdf_sha256 = sha256_of("pdf")
    csv_sha256 = sha256_of("csv")
    json_sha256 = sha256_of("json")

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        indexes = [
            models.Index(fields=["pdf_sha256"], name="reports_document_of_pdf"),
            models.Index(fields=["csv_sha256"], name="reports_document_of_csv"),
            models.Index(fields=["json_sha256"], name="reports_document_of_json"),
        ]

    def __str__(self):
        return str(self.version)


class DownloadFormat(models.TextChoices):
    PDF = "pdf", "PDF"
    CSV = "csv", "CSV"
    JSON = "json", "JSON"
    # Made of the frozen figures whenever somebody takes it; the others are stored.
    XLSX = "xlsx", "Excel"
    VOLUME = "vol", _("volume of the annex")


class Download(models.Model):
    """Abruf: who took which file of a version, when."""

    version = models.ForeignKey("ReportVersion", on_delete=models.PROTECT, related_name="downloads")
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
