"""Rules of a programme: the texts that hold for it, each of its version and from a day to a day."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from best_portal.db import Days
from reports.models.programme import Programme
from reports.models.validity import AlwaysQuerySet, SaysDays


class ProgrammeRuleQuerySet(AlwaysQuerySet):
    def during(self, first, last):
        """Those that hold on any day from the first to the last."""
        return self.filter(Q(since=None) | Q(since__lte=last), Q(until=None) | Q(until__gte=first))


class ProgrammeRule(SaysDays, models.Model):
    """Regelwerk: one text that holds for a programme, which version of it, and where it says so.

    Without days it holds all the time. A report tells those of the last day of its period; a later
    version of a text is a further row, so that reports of the time before stay as they were.
    What nobody has confirmed says in its note what is open; the note stays in the house.
    """

    programme = models.ForeignKey(Programme, on_delete=models.CASCADE, related_name="rules")
    name = models.CharField(_("set of rules"), max_length=150)
    version = models.CharField(_("version or day of the text"), max_length=100, blank=True)
    since = models.DateField(_("valid from"), null=True, blank=True)
    until = models.DateField(_("valid until"), null=True, blank=True)
    source = models.CharField(_("where it says so"), max_length=300, blank=True)
    is_confirmed = models.BooleanField(_("confirmed"), default=False)
    note = models.TextField(_("note, or what is open"), blank=True)

    objects = ProgrammeRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("set of rules of a programme")
        verbose_name_plural = _("sets of rules of programmes")
        ordering = ["programme", "name", F("since").asc(nulls_first=True)]
        constraints = [
            models.CheckConstraint(
                name="reports_programmerule_has_its_name",
                condition=~Q(name=""),
                violation_error_message=_("Say what the set of rules is called."),
            ),
            models.CheckConstraint(
                name="reports_programmerule_ends_after_start",
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")),
                violation_error_message=_("It cannot end before it starts."),
            ),
            models.CheckConstraint(
                name="reports_programmerule_unconfirmed_says_what_is_open",
                condition=Q(is_confirmed=True) | ~Q(note=""),
                violation_error_message=_("Say what is open, or confirm it."),
            ),
            ExclusionConstraint(
                name="reports_programmerule_one_at_a_time",
                expressions=[
                    ("programme", RangeOperators.EQUAL),
                    ("name", RangeOperators.EQUAL),
                    (Days("since", "until"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_(
                    "The programme has a set of rules of this name in that time."
                ),
            ),
        ]

    def __str__(self):
        return ", ".join(said for said in (self.name, self.version, self.days) if said)
