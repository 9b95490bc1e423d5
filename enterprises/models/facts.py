"""What is known of an organisation, with dates: the four criteria, the income mix, the jobs."""

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from best_portal.bin.models import Withdrawable, WithdrawableQuerySet, withdrawn_together
from best_portal.db import Days
from enterprises.models.accountable import Accountable
from enterprises.models.organisation import Organisation

EARLIEST_YEAR, LATEST_YEAR = 1990, 2100


class Criterion(models.TextChoices):
    """The four criteria of a social enterprise (founding documents of the agency)."""

    SELF_HELP = "self_help", _("economic self-help for unmet needs")
    COMMUNITY = "community", _("social or community goals")
    REINVESTMENT = "reinvestment", _("no private distribution of profit")
    INCOME_MIX = "income_mix", _("a mix of three sources of income")


class AssessmentQuerySet(WithdrawableQuerySet):
    def as_of(self, day):
        """The assessment that counted on that day, one for each criterion assessed by then."""
        latest = (
            CriterionAssessment.objects.valid()
            .filter(
                organisation=models.OuterRef("organisation"),
                criterion=models.OuterRef("criterion"),
                assessed_on__lte=day,
            )
            .order_by("-assessed_on")
            .values("pk")[:1]
        )
        return self.filter(pk=models.Subquery(latest))


class CriterionAssessment(Withdrawable):
    """Kriterienprüfung: whether a criterion was met, on which day, by what evidence."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="assessments"
    )
    criterion = models.CharField(_("criterion"), max_length=15, choices=Criterion)
    is_met = models.BooleanField(_("met"))
    assessed_on = models.DateField(_("assessed on"))
    evidence = models.TextField(_("evidence"))
    assessed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment of a criterion")
        verbose_name_plural = _("assessments of criteria")
        ordering = ["criterion", "-assessed_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "criterion", "assessed_on"],
                condition=Q(withdrawn_at=None),
                name="enterprises_criterionassessment_once_a_day",
                violation_error_message=_("This criterion was assessed on that day already."),
            ),
            models.CheckConstraint(
                name="enterprises_criterionassessment_criterion_is_known",
                condition=Q(criterion__in=Criterion.values),
                violation_error_message=_("Choose one of the four criteria."),
            ),
            models.CheckConstraint(
                name="enterprises_criterionassessment_has_evidence",
                condition=~Q(evidence=""),
                violation_error_message=_("Say by what evidence."),
            ),
            withdrawn_together("enterprises_criterionassessment_deleted_by_somebody"),
        ]

    def __str__(self):
        return f"{self.get_criterion_display()} ({self.assessed_on:%d.%m.%Y})"


class UnpaidWorkRateQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.all() if user.role == Role.MANAGER else self.none()

    def newest_first(self):
        return self.order_by("-starts_on")


class UnpaidWorkRate(models.Model):
    """Stundensatz für unbezahlte Arbeit: what an hour is valued at, from a day to a day.

    No official rate is known to us (funding.md names none), so the agency sets it with its source.
    """

    starts_on = models.DateField(_("valid from"))
    ends_on = models.DateField(_("valid until"), null=True, blank=True)
    euros_per_hour = models.DecimalField(_("EUR per hour"), max_digits=6, decimal_places=2)
    source = models.CharField(_("source"), max_length=200)

    objects = UnpaidWorkRateQuerySet.as_manager()

    class Meta:
        verbose_name = _("value of an unpaid hour")
        verbose_name_plural = _("values of an unpaid hour")
        ordering = ["starts_on"]
        constraints = [
            models.CheckConstraint(
                name="enterprises_unpaidworkrate_is_positive",
                condition=Q(euros_per_hour__gt=0),
                violation_error_message=_("The rate must be more than 0 EUR."),
            ),
            ExclusionConstraint(
                name="enterprises_unpaidworkrate_one_at_a_time",
                expressions=[(Days("starts_on", "ends_on"), RangeOperators.OVERLAPS)],
                violation_error_message=_("There is a rate for that time already."),
            ),
        ]

    def __str__(self):
        return f"{self.euros_per_hour} EUR ({self.starts_on:%d.%m.%Y})"

    def get_absolute_url(self):
        return reverse("enterprises:unpaid_rate", args=[self.pk])


class IncomeMixQuerySet(WithdrawableQuerySet):
    def with_rate(self):
        """Add `rate`: what an unpaid hour was valued at on the year's last day, or None."""
        last_day = models.Func(
            F("year"), 12, 31, function="MAKE_DATE", output_field=models.DateField()
        )
        rates = UnpaidWorkRate.objects.annotate(
            day=models.ExpressionWrapper(models.OuterRef("last_day"), models.DateField())
        ).filter(Q(ends_on=None) | Q(ends_on__gte=F("day")), starts_on__lte=F("day"))
        return self.annotate(last_day=last_day).annotate(
            rate=models.Subquery(rates.values("euros_per_hour")[:1])
        )


class IncomeMix(Withdrawable):
    """Einnahmemix: the three sources of one year; unpaid work is counted in hours."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="income_mixes"
    )
    year = models.PositiveSmallIntegerField(
        _("year"),
        validators=[MinValueValidator(EARLIEST_YEAR), MaxValueValidator(LATEST_YEAR)],
    )
    public_contracts = models.DecimalField(
        _("public contracts (EUR)"), max_digits=12, decimal_places=2, default=0
    )
    private_sales = models.DecimalField(
        _("private purchasing power (EUR)"), max_digits=12, decimal_places=2, default=0
    )
    unpaid_hours = models.DecimalField(
        _("unpaid work (hours)"), max_digits=9, decimal_places=1, default=0
    )
    note = models.CharField(_("source or note"), max_length=300, blank=True)

    objects = IncomeMixQuerySet.as_manager()

    class Meta:
        verbose_name = _("income mix")
        verbose_name_plural = _("income mixes")
        ordering = ["-year"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "year"],
                condition=Q(withdrawn_at=None),
                name="enterprises_incomemix_once_a_year",
                violation_error_message=_("This year is recorded already; change that entry."),
            ),
            models.CheckConstraint(
                name="enterprises_incomemix_is_not_negative",
                condition=Q(public_contracts__gte=0, private_sales__gte=0, unpaid_hours__gte=0),
                violation_error_message=_("Income and hours cannot be below 0."),
            ),
            models.CheckConstraint(
                name="enterprises_incomemix_year_is_plausible",
                condition=Q(year__gte=EARLIEST_YEAR, year__lte=LATEST_YEAR),
                violation_error_message=_("Write the year with four digits."),
            ),
            withdrawn_together("enterprises_incomemix_deleted_by_somebody"),
        ]

    def __str__(self):
        return str(self.year)

    @property
    def unpaid_value(self):
        """The hours in EUR, where the row came with its rate and there is one; else None."""
        rate = getattr(self, "rate", None)
        if rate is None:
            return None
        return (self.unpaid_hours * rate).quantize(Decimal("0.01"), ROUND_HALF_UP)


class JobKind(models.TextChoices):
    NEW = "new", _("new")
    KEPT = "kept", _("kept")


class JobQuerySet(WithdrawableQuerySet):
    def filled_on(self, day):
        return self.filter(Q(until=None) | Q(until__gte=day), since__lte=day)

    def begun_between(self, start, end):
        return self.filter(since__gte=start, since__lte=end)

    def confirmed(self):
        return self.filter(confirmed_on__isnull=False)


class Job(Accountable):
    """Arbeitsplatz: a filled post in full-time equivalents, new or kept, with its days."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="jobs")
    title = models.CharField(_("post"), max_length=120)
    kind = models.CharField(_("new or kept"), max_length=4, choices=JobKind)
    fte = models.DecimalField(
        _("full-time equivalent"),
        max_digits=4,
        decimal_places=2,
        help_text=_("1 is full time, 0.5 half."),
    )
    since = models.DateField(_("since"))
    until = models.DateField(_("until"), null=True, blank=True)
    confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True)
    confirmed_by = models.CharField(_("confirmed by"), max_length=150, blank=True)

    fact = "job"
    counted_fields = ("kind", "fte", "since", "until", "confirmed_on")

    objects = JobQuerySet.as_manager()

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        ordering = ["since", "pk"]
        constraints = [
            models.CheckConstraint(
                name="enterprises_job_kind_is_known",
                condition=Q(kind__in=JobKind.values),
                violation_error_message=_("Say whether the job is new or kept."),
            ),
            models.CheckConstraint(
                name="enterprises_job_fte_is_plausible",
                condition=Q(fte__gt=0, fte__lte=1),
                violation_error_message=_(
                    "One job is more than 0 and at most 1 full-time equivalent."
                ),
            ),
            models.CheckConstraint(
                name="enterprises_job_ends_after_start",
                condition=Q(until=None) | Q(until__gte=F("since")),
                violation_error_message=_("A job cannot end before it starts."),
            ),
            models.CheckConstraint(
                name="enterprises_job_confirmation_is_whole",
                condition=Q(confirmed_on=None, confirmed_by="")
                | (Q(confirmed_on__isnull=False) & ~Q(confirmed_by="")),
                violation_error_message=_("A confirmation needs its day and who confirmed."),
            ),
            withdrawn_together("enterprises_job_deleted_by_somebody"),
        ]

    def __str__(self):
        return f"{self.title} ({self.since:%d.%m.%Y})"

    @property
    def counts_from(self):
        """Unconfirmed it is in no figure."""
        return self.since if self.confirmed_on else None

    def differs_since(self, *, kind, fte, since, until, confirmed_on):
        """The first day on which with these values another post would be filled, or None.

        To confirm one is no change: that a founder says later what was is everyday work.
        """
        if self.pk is None or (self.kind, self.fte) != (kind, fte):
            return min(day for day in (self.since, since) if day)
        if self.confirmed_on and not confirmed_on:
            return min(self.since, since)
        days = [min(self.since, since)] if self.since != since else []
        if self.until != until:
            ended = min(day for day in (self.until, until) if day)
            days.append(min(ended, date.max - timedelta(days=1)) + timedelta(days=1))
        return min(days, default=None)
