"""Publicity: where the public learned of what a grant pays for, and how it can be shown."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reports.models.grant import Grant


class PublicityKind(models.TextChoices):
    PRESS = "press", _("press")
    BROADCAST = "broadcast", _("radio and television")
    ONLINE = "online", _("website or social media")
    PRINTED = "printed", _("leaflet or poster")
    EVENT = "event", _("event")


class Publicity(models.Model):
    """Publizitätsnachweis: one report, post or notice board, with where it can be seen.

    The final and the interim report list those of their period (funding.md §1.6, Anlagen; §5).
    """

    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, related_name="publicity")
    published_on = models.DateField(_("published on"))
    kind = models.CharField(_("kind"), max_length=9, choices=PublicityKind)
    medium = models.CharField(_("where it was published"), max_length=150)
    title = models.CharField(_("title"), max_length=200)
    url = models.URLField(_("address in the internet"), max_length=300, blank=True)
    kept_at = models.CharField(_("where a specimen is kept"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("piece of publicity")
        verbose_name_plural = _("publicity")
        ordering = ["published_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="reports_publicity_kind_is_known",
                condition=Q(kind__in=PublicityKind.values),
                violation_error_message=_("Choose the kind of publicity."),
            ),
            models.CheckConstraint(
                name="reports_publicity_can_be_shown",
                condition=~Q(url="") | ~Q(kept_at=""),
                violation_error_message=_(
                    "Say where it can be seen: an address, or where a specimen is kept."
                ),
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def link(self):
        """Its address where a browser may follow it, else nothing."""
        return self.url if self.url.startswith(("https://", "http://")) else ""
