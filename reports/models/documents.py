"""Document and Download: the bytes of a finished version, and who took them."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Document(models.Model):
    """Dokument: the bytes of one finished version; unchangeable once the version is released."""

    version = models.OneToOneField(
        "ReportVersion", on_delete=models.CASCADE, related_name="document"
    )
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
