"""IndicatorSet and Indicator: what is counted for a funder, and by which rule."""

from datetime import timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import Count, F, Q
from django.utils.translation import gettext_lazy as _

from best_portal.audit.models import Event
from best_portal.db import Days, explained
from best_portal.refusals import at_field

# It stands in addresses and in the names of columns.
PLAIN = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"
CODE = RegexValidator(PLAIN, _("Use letters, digits, dots and hyphens, such as BEST-BER."))

at_field("reports_indicator_one_per_version", "code")


class IndicatorSetQuerySet(models.QuerySet):
    def for_list(self):
        """With `number`: how many codes belong to it."""
        return self.annotate(number=Count("indicators__code", distinct=True)).order_by("name")


class IndicatorSet(models.Model):
    """Indikatorensatz: indicators that belong together, of a programming period or our own.

    Whoever sets up a grant takes it over whole; a new period brings a new set (funding.md §0).
    """

    name = models.CharField(_("name"), max_length=120, unique=True)
    starts_on = models.DateField(_("programming period from"), null=True, blank=True)
    ends_on = models.DateField(_("programming period until"), null=True, blank=True)
    source = models.CharField(
        _("source of the set"),
        max_length=250,
        blank=True,
        help_text=_("Where it is written, and what is not confirmed yet."),
    )

    objects = IndicatorSetQuerySet.as_manager()

    class Meta:
        verbose_name = _("set of indicators")
        verbose_name_plural = _("sets of indicators")
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="reports_indicatorset_has_a_name",
                condition=~Q(name=""),
                violation_error_message=_("Give the set a name."),
            ),
            models.CheckConstraint(
                name="reports_indicatorset_ends_after_start",
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("A programming period cannot end before it starts."),
            ),
        ]

    def __str__(self):
        return self.name


class Level(models.TextChoices):
    """What an indicator tells of (funding.md §8)."""

    OUTPUT = "output", _("output")
    RESULT = "result", _("result")


class IndicatorQuerySet(models.QuerySet):
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

    def for_list(self):
        return self.select_related("set").order_by("code", "-version")

    def unused(self):
        """Those no grant has: they may be removed; of others a new version is made."""
        return self.filter(targets=None, milestones=None)

    @transaction.atomic
    def remove(self, indicator, *, by):
        """Take back an indicator no grant has; the version before it counts on again.

        Refuses one that a grant has, and one that a newer version follows.
        """
        indicator = self.select_for_update().get(pk=indicator.pk)
        if indicator.targets.exists() or indicator.milestones.exists():
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

    `rule` names a CountingRule registered in `figures.py`, which says what it counts once and by
    which day; with a `task` it counts only what belongs to the task of that number. A changed rule
    is a new version of the code, so that old reports stay as they were counted.
    """

    set = models.ForeignKey(
        IndicatorSet,
        on_delete=models.PROTECT,
        related_name="indicators",
        verbose_name=_("set of indicators"),
    )
    code = models.CharField(_("code"), max_length=20, validators=[CODE])
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    name = models.CharField(_("name"), max_length=250)
    unit = models.CharField(_("unit"), max_length=60)
    decimals = models.PositiveSmallIntegerField(_("decimals"), default=0)
    level = models.CharField(_("level"), max_length=6, choices=Level, default=Level.OUTPUT)
    rule = models.CharField(_("counting rule"), max_length=60)
    task = models.PositiveSmallIntegerField(
        _("only the task number"),
        null=True,
        blank=True,
        help_text=_("Counts what was noted under this task of the project, such as 1 to 6."),
    )
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
                name="reports_indicator_level_is_known",
                condition=Q(level__in=Level.values),
                violation_error_message=_("Choose output or result."),
            ),
            models.CheckConstraint(
                name="reports_indicator_task_is_a_number",
                condition=Q(task=None) | Q(task__range=(1, 99)),
                violation_error_message=_("Tasks have numbers from 1 to 99."),
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
