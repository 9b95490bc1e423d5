"""Wishes: what somebody on the waiting list waits for."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from consultations.models.consultation import Channel
from consultations.models.guests import Need
from consultations.models.office_hours import Weekday
from consultations.models.project import Project, Topic
from consultations.models.waiting_rules import DayPart
from districts.models import District
from enterprises.models import Stage


class Wishes(models.Model):
    """Wünsche: where, with whom, about what and when; what is left open does not matter to them."""

    project = models.ForeignKey(
        Project,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="waiting_entries",
        verbose_name=_("project"),
    )
    district = models.ForeignKey(
        District,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("neighbourhood"),
    )
    advisor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("advisor"),
    )
    topic = models.ForeignKey(
        Topic,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("topic"),
    )
    stage = models.CharField(_("stage"), max_length=13, choices=Stage, default=Stage.IDEA)
    concern = models.CharField(_("what it is about"), max_length=500, blank=True)
    channel = models.CharField(_("how"), max_length=8, choices=Channel, blank=True)
    needs = ArrayField(
        models.CharField(max_length=15, choices=Need),
        default=list,
        blank=True,
        verbose_name=_("needs"),
    )
    weekdays = ArrayField(
        models.PositiveSmallIntegerField(choices=Weekday),
        default=list,
        blank=True,
        verbose_name=_("weekdays"),
    )
    day_parts = ArrayField(
        models.CharField(max_length=9, choices=DayPart),
        default=list,
        blank=True,
        verbose_name=_("times of day"),
    )
    earliest_on = models.DateField(_("not before"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def weekdays_in_words(self):
        return [str(Weekday(day).label) for day in sorted(self.weekdays)]

    @property
    def day_parts_in_words(self):
        return [str(part.label) for part in DayPart if part in self.day_parts]

    @property
    def needs_in_words(self):
        return [str(Need(need).label) for need in self.needs if need in Need.values]
