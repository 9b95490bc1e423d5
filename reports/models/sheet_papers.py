"""SheetPaper: the printed form of a time sheet, kept as it was printed first."""

import hashlib

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from consultations.models import MonthSheet


class SheetPaperQuerySet(models.QuerySet):
    def of(self, sheet, printing):
        """The paper of a closed sheet; `printing` makes it where nobody has asked for it yet.

        Of two who ask at once, both get the one that is kept.
        """
        closing = {"sheet": sheet, "closed_at": sheet.closed_at}
        if kept := self.filter(**closing).first():
            return kept
        content = printing(sheet)
        paper, _is_new = self.get_or_create(
            **closing,
            defaults={"content": content, "sha256": hashlib.sha256(content).hexdigest()},
        )
        return paper


class SheetPaper(models.Model):
    """Stundennachweis auf Papier: one for each closing of a month; a trigger lets none change."""

    sheet = models.ForeignKey(MonthSheet, on_delete=models.PROTECT, related_name="papers")
    # Of the closing it tells of: opened again and closed anew, a sheet gets another paper.
    closed_at = models.DateTimeField(editable=False)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64, editable=False)
    printed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = SheetPaperQuerySet.as_manager()

    class Meta:
        verbose_name = _("printed time sheet")
        verbose_name_plural = _("printed time sheets")
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "closed_at"],
                name="reports_sheetpaper_one_for_each_closing",
                violation_error_message=_("This sheet was printed already."),
            ),
            models.CheckConstraint(
                name="reports_sheetpaper_sha256_is_one",
                condition=Q(sha256__regex="^[0-9a-f]{64}$"),
                violation_error_message=_("A check sum has 64 digits."),
            ),
        ]

    def __str__(self):
        return str(self.sheet)
