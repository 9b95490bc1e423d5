"""Imprint: the SHA-256 of a file that is made anew at each download, kept when it went out."""

import hashlib

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Handed(models.TextChoices):
    """Papers and archives beside the documents of a report, by their German names."""

    ATTENDANCE = "attendance", "Teilnahmeliste"
    CERTIFICATE = "certificate", "Teilnahmebescheinigung"
    PARTICIPANTS = "participants", "Teilnehmerliste"
    ASSIGNMENT = "assignment", "Feste Zuordnung zum Projekt"
    TIME = "time", "Stundennachweis"
    PAYMENT = "payment", "Mittelabruf"
    DOSSIER = "dossier", "Dossier einer Übergabe"
    LETTER = "letter", "Brief zu einem Termin"
    STATUS_NOTE = "status_note", "Sachstandsbericht"
    AID_CERTIFICATE = "aid_certificate", "De-minimis-Bescheinigung"
    AID_DECLARATION = "aid_declaration", "De-minimis-Erklärung"
    YEAR = "year", "Berichte eines Jahres"


class FileFormat(models.TextChoices):
    """What kind of file it was, as the page names it that checks one."""

    PDF = "pdf", "PDF"
    XLSX = "xlsx", "Excel"
    MONEY = "money", _("CSV, table of money")
    ZIP = "zip", "ZIP"


class ImprintQuerySet(models.QuerySet):
    def keep(self, content, *, format, kind="", version=None):
        """Remember that these bytes went out; equal bytes are remembered once."""
        return self.keep_digest(
            hashlib.sha256(content).hexdigest(), format=format, kind=kind, version=version
        )

    def keep_digest(self, sha256, *, format, kind="", version=None):
        """The same of a file that was never in memory whole."""
        mine = self.model(sha256=sha256, format=format, kind=kind, version=version)
        # Of two who take it at once, the first is kept.
        self.bulk_create([mine], ignore_conflicts=True)


class Imprint(models.Model):
    """Abdruck: what a file was that somebody took, by its SHA-256 alone; the file is not kept.

    With it, what is printed or packed anew each time is known as well, however often that is. It
    names nobody, so it may stay. A trigger lets none change.
    """

    sha256 = models.CharField(max_length=64, unique=True, editable=False)
    # Exactly one of the two: a paper of its own, or something of a version of a report.
    kind = models.CharField(max_length=15, choices=Handed, blank=True, editable=False)
    version = models.ForeignKey(
        "ReportVersion",
        on_delete=models.CASCADE,
        null=True,
        editable=False,
        related_name="imprints",
    )
    format = models.CharField(max_length=5, choices=FileFormat, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ImprintQuerySet.as_manager()

    class Meta:
        verbose_name = _("imprint of a file")
        verbose_name_plural = _("imprints of files")
        constraints = [
            models.CheckConstraint(
                name="reports_imprint_format_is_known",
                condition=Q(format__in=FileFormat.values),
                violation_error_message=_("Unknown format."),
            ),
            models.CheckConstraint(
                name="reports_imprint_sha256_is_one",
                condition=Q(sha256__regex="^[0-9a-f]{64}$"),
                violation_error_message=_("A check sum has 64 digits."),
            ),
            models.CheckConstraint(
                name="reports_imprint_is_of_one_thing",
                condition=Q(kind__in=Handed.values, version=None)
                | Q(kind="", version__isnull=False),
                violation_error_message=_("An imprint is of a paper or of a version."),
            ),
        ]

    def __str__(self):
        return self.sha256[:12]
