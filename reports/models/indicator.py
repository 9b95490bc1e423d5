"""Indicator and Target: what is counted for a funder, by which rule, and what was promised."""

from datetime import timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import F, Max, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from best_portal.audit.models import Event
from best_portal.db import Days, explained
from reports.models.grant import Grant

# It stands in addresses and in the names of columns.
PLAIN = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"
CODE = RegexValidator(PLAIN, _("Use letters, digits, dots and hyphens, such as BEST-BER."))


class IndicatorSet(models.TextChoices):
    """Indicators that belong together; their codes begin alike (funding.md §2, §3)."""

    OWN = "own", _("Our own indicators (BEST)")
    ESF = "esf", _("ESF Plus 2021–2027, Annex I (EECO, EECR)")
    EFRE = "efre", _("EFRE 2021–2027, Annex I (RCO, RCR)")

    @property
    def prefixes(self):
        return {"own": ("BEST",), "esf": ("EECO", "EECR"), "efre": ("RCO", "RCR")}[self.value]


class IndicatorQuerySet(models.QuerySet):
    def in_set(self, chosen):
        """Those of one IndicatorSet."""
        return self.filter(code__regex=rf"^({'|'.join(IndicatorSet(chosen).prefixes)})")

    def valid_on(self, day):
        """The version of each code that counted on that day."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)

    @transaction.atomic
    def introduce(self, *, by, code, starts_on, **fields):
        """Let a code count from a day on; its former version ends the day before.

        Reports of grants that have the former version go on counting by it. Refuses a day on or
        before the former version began.
        """
        former = self.select_for_update().filter(code=code).order_by("-version").first()
        if former and starts_on <= former.starts_on:
            raise ValidationError(
                {"starts_on": _("The former version of this code began later than that.")}
            )
        if former and (former.ends_on is None or former.ends_on >= starts_on):
            former.ends_on = starts_on - timedelta(days=1)
            former.save(update_fields=["ends_on"])
        with explained(self.model):
            indicator = self.create(
                code=code,
                starts_on=starts_on,
                version=former.version + 1 if former else 1,
                **fields,
            )
        Event.objects.record(actor=by, verb="indicator.introduced", subject=indicator)
        return indicator

    def unused(self):
        """Those no grant has: they may be removed; of others a new version is made."""
        return self.filter(targets=None)

    @transaction.atomic
    def remove(self, indicator, *, by):
        """Take back an indicator no grant has; the version before it counts on again.

        Refuses one that a grant has, and one that a newer version follows.
        """
        indicator = self.select_for_update().get(pk=indicator.pk)
        if indicator.targets.exists():
            raise ValidationError(_("A grant has this indicator. Make a new version of it."))
        versions = self.filter(code=indicator.code)
        if versions.filter(version__gt=indicator.version).exists():
            raise ValidationError(_("A newer version follows this one. Remove that first."))
        Event.objects.record(
            actor=by,
            verb="indicator.removed",
            subject=indicator,
            code=indicator.code,
            version=indicator.version,
        )
        indicator.delete()
        versions.filter(
            version=indicator.version - 1, ends_on=indicator.starts_on - timedelta(days=1)
        ).update(ends_on=None)


class Indicator(models.Model):
    """Indikator: a code with a versioned counting rule, valid from a day to a day.

    `rule` names a function registered in `figures.py`; a changed rule is a new version of the
    code, so that old reports stay as they were counted.
    """

    code = models.CharField(_("code"), max_length=20, validators=[CODE])
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    name = models.CharField(_("name"), max_length=250)
    unit = models.CharField(_("unit"), max_length=60)
    decimals = models.PositiveSmallIntegerField(_("decimals"), default=0)
    rule = models.CharField(_("counting rule"), max_length=60)
    rule_text = models.TextField(_("how it is counted"))
    source = models.CharField(_("source of the rule"), max_length=250, blank=True)
    starts_on = models.DateField(_("valid from"))
    ends_on = models.DateField(_("valid until"), null=True, blank=True)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["code", "version"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "version"],
                name="reports_indicator_one_per_version",
                violation_error_message=_("This version of the indicator is there already."),
            ),
            models.CheckConstraint(
                name="reports_indicator_code_is_plain",
                condition=Q(code__regex=PLAIN),
                violation_error_message=_(
                    "Use letters, digits, dots and hyphens, such as BEST-BER."
                ),
            ),
            models.CheckConstraint(
                name="reports_indicator_ends_after_start",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("An indicator cannot end before it starts."),
            ),
            models.CheckConstraint(
                name="reports_indicator_decimals_are_few",
                condition=Q(decimals__lte=4),
                violation_error_message=_("At most four decimals."),
            ),
            ExclusionConstraint(
                name="reports_indicator_one_version_at_a_time",
                expressions=[
                    ("code", RangeOperators.EQUAL),
                    (Days("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_(
                    "Another version of this indicator is valid in that time."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.name}"


class TargetQuerySet(models.QuerySet):
    @transaction.atomic
    def take(self, chosen, *, by, grant):
        """Give a grant every indicator of a set that counted on its first day; return how many.

        Those it has already stay as they are; the others come behind them, without a target.
        Refuses a set of which nothing counted on that day.
        """
        valid = Indicator.objects.in_set(chosen).valid_on(grant.starts_on)
        if not valid.exists():
            raise ValidationError(_("Nothing of this set counted when the grant began."))
        grant = Grant.objects.select_for_update().get(pk=grant.pk)
        mine = grant.targets.all()
        missing = valid.exclude(code__in=mine.values("indicator__code")).order_by("code")
        last = mine.aggregate(last=Max("position"))["last"] or 0
        new = [
            self.model(grant=grant, indicator=indicator, position=position)
            for position, indicator in enumerate(missing, start=last + 1)
        ]
        self.bulk_create(new)
        Event.objects.record(
            actor=by, verb="grant.indicators_taken", subject=grant, set=str(chosen), number=len(new)
        )
        return len(new)


class Target(models.Model):
    """Zielwert: one indicator of a grant, with what the notice promised, if it did."""

    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, related_name="targets")
    indicator = models.ForeignKey(
        Indicator, on_delete=models.PROTECT, related_name="targets", verbose_name=_("indicator")
    )
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    value = models.DecimalField(_("target"), max_digits=12, decimal_places=2, null=True, blank=True)
    # Etappenziel: so much until a day on the way to the target.
    milestone = models.DecimalField(
        pgettext_lazy("of a grant", "milestone"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
    )
    milestone_on = models.DateField(_("reached by"), null=True, blank=True)

    objects = TargetQuerySet.as_manager()

    class Meta:
        verbose_name = _("target")
        verbose_name_plural = _("targets")
        ordering = ["grant", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["grant", "indicator"],
                name="reports_target_one_per_indicator",
                violation_error_message=_("The grant has this indicator already."),
            ),
            models.CheckConstraint(
                name="reports_target_is_not_negative",
                condition=Q(value=None) | Q(value__gte=0),
                violation_error_message=_("A target cannot be below 0."),
            ),
            models.CheckConstraint(
                name="reports_target_milestone_has_its_day",
                condition=Q(milestone=None, milestone_on=None)
                | Q(milestone__gte=0, milestone_on__isnull=False),
                violation_error_message=_("A milestone is not below 0 and has its day."),
            ),
        ]

    def __str__(self):
        return f"{self.indicator.code}: {self.value}"
