"""ReportDuty and Deadline: what a notice wants to have when."""

from datetime import date, timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from best_portal.db import Days
from consultations.participation_rules import months_after
from reports.models.funder_paper import PaperKind
from reports.models.grant import Grant
from reports.models.report import ReportKind

DAY = timedelta(days=1)
LONGEST = 60
# What a notice may ask for by rhythm: reports, and papers beside them.
KINDS = [*ReportKind.choices, *PaperKind.choices]


def years_of(grant):
    """Yield (year, first day, last day) of each calendar year of a grant's period.

    The first takes in what an early start brought before, also in another year.
    """
    first_year, last = grant.starts_on.year, grant.ends_on
    for year in range(first_year, last.year + 1):
        first = grant.accountable_from if year == first_year else date(year, 1, 1)
        yield year, first, min(last, date(year, 12, 31))


class Rhythm(models.TextChoices):
    """How often a report is due."""

    END = "end", _("once, after the end")
    YEARS = "years", _("for every calendar year")
    MONTHS = "months", _("every so many months")


class ReportDuty(models.Model):
    """Berichtspflicht: which report or paper the notice asks for, how often, within which months.

    Every day is counted from the first day of the grant's period or from the calendar's years,
    none from the one before it, so that none drifts; where a month is too short, its last day
    counts. What an early start brought before the period belongs to the first of them.
    """

    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, related_name="duties")
    kind = models.CharField(_("kind of report"), max_length=10, choices=KINDS)
    rhythm = models.CharField(_("how often"), max_length=6, choices=Rhythm)
    every = models.PositiveSmallIntegerField(
        _("every … months"),
        null=True,
        blank=True,
        help_text=_("Only where it is due every so many months."),
    )
    months = models.PositiveSmallIntegerField(
        _("due within … months"), help_text=_("After the end of the period it tells of.")
    )
    # Without days it is asked for all the time; with them, of periods that end on these days.
    since = models.DateField(_("valid from"), null=True, blank=True)
    until = models.DateField(_("valid until"), null=True, blank=True)
    source = models.CharField(_("where it says so"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("report that is asked for")
        verbose_name_plural = _("reports that are asked for")
        ordering = ["kind", "rhythm", "pk"]
        constraints = [
            ExclusionConstraint(
                name="reports_reportduty_once",
                expressions=[
                    ("grant", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    ("rhythm", RangeOperators.EQUAL),
                    (Days("since", "until"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This report is asked for in that rhythm already."),
            ),
            models.CheckConstraint(
                name="reports_reportduty_kind_is_known",
                condition=Q(kind__in=[*ReportKind.values, *PaperKind.values]),
                violation_error_message=_("Choose the kind of report."),
            ),
            models.CheckConstraint(
                name="reports_reportduty_rhythm_has_its_months",
                condition=Q(rhythm__in=[Rhythm.END, Rhythm.YEARS], every=None)
                | Q(rhythm=Rhythm.MONTHS, every__isnull=False, every__gte=1, every__lte=LONGEST),
                violation_error_message=_(
                    "Say after how many months it is due again (1 to 60), and only there."
                ),
            ),
            models.CheckConstraint(
                name="reports_reportduty_ends_after_start",
                condition=Q(since=None) | Q(until=None) | Q(until__gte=F("since")),
                violation_error_message=_("It cannot end before it starts."),
            ),
            models.CheckConstraint(
                name="reports_reportduty_is_due_within_years",
                condition=Q(months__lte=LONGEST),
                violation_error_message=_("A report is due within 60 months at most."),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.get_rhythm_display()}"

    def periods(self):
        """Yield (first day, last day, day it is due) of each report, in their order.

        An interim report that would end with the grant is none: the final report takes its place.
        """
        first, last = self.grant.accountable_from, self.grant.ends_on
        for starts_on, ends_on in self._cut(first, last):
            is_last = self.kind == ReportKind.INTERIM and self.rhythm != Rhythm.END
            if self.holds_on(ends_on) and not (is_last and ends_on == last):
                yield starts_on, ends_on, months_after(ends_on, self.months)

    def holds_on(self, day):
        return (self.since or day) <= day <= (self.until or day)

    def _cut(self, first, last):
        match self.rhythm:
            case Rhythm.END:
                yield first, last
            case Rhythm.YEARS:
                for _year, *days in years_of(self.grant):
                    yield tuple(days)
            case Rhythm.MONTHS:
                number, starts_on = 0, first
                while starts_on <= last:
                    number += 1
                    following = months_after(self.grant.starts_on, number * self.every)
                    yield starts_on, min(last, following - DAY)
                    starts_on = following


class Deadline(models.Model):
    """Frist: a day the notice names for something else; it never moves by itself."""

    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, related_name="deadlines")
    title = models.CharField(_("what is due"), max_length=150)
    due_on = models.DateField(_("due on"))

    class Meta:
        verbose_name = _("deadline")
        verbose_name_plural = _("deadlines")
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["grant", "title", "due_on"],
                name="reports_deadline_once",
                violation_error_message=_("This deadline is recorded already."),
            ),
        ]

    def __str__(self):
        return f"{self.title} ({self.due_on:%d.%m.%Y})"
