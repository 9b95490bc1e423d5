"""How large an enterprise is: dated declarations, put into a class by the rule valid that day."""

from datetime import date
from decimal import Decimal

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from best_portal.bin.models import WithdrawableQuerySet, withdrawn_together
from best_portal.db import Days
from enterprises.models.accountable import Accountable
from enterprises.models.organisation import Organisation


class SizeClass(models.TextChoices):
    """Größenklassen of Recommendation 2003/361/EC."""

    MICRO = "micro", _("micro enterprise")
    SMALL = "small", _("small enterprise")
    MEDIUM = "medium", _("medium-sized enterprise")
    LARGE = "large", _("large enterprise")


SME = (SizeClass.MICRO, SizeClass.SMALL, SizeClass.MEDIUM)


class SizeLimitQuerySet(models.QuerySet):
    def valid_on(self, day):
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)

    def classify(self, *, on, employees, turnover, balance_sheet):
        """The smallest class whose limits hold: of people, and of turnover or balance sheet."""
        rows = {row.size_class: row for row in self.valid_on(on)}
        if not rows:
            raise ValidationError(_("No limits of size classes are known for that day."))
        for size_class in SME:
            limit = rows.get(size_class)
            if limit and limit.covers(employees, turnover, balance_sheet):
                return size_class
        return SizeClass.LARGE


class SizeLimit(models.Model):
    """Schwellenwert: up to where an enterprise is of a class, valid from a day to a day."""

    size_class = models.CharField(max_length=6, choices=SizeClass)
    employees_below = models.PositiveIntegerField()
    turnover_up_to = models.DecimalField(max_digits=14, decimal_places=2)
    balance_up_to = models.DecimalField(max_digits=14, decimal_places=2)
    source = models.CharField(max_length=200)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = SizeLimitQuerySet.as_manager()

    class Meta:
        verbose_name = _("limit of a size class")
        verbose_name_plural = _("limits of size classes")
        ordering = ["employees_below"]
        constraints = [
            models.CheckConstraint(
                name="enterprises_sizelimit_class_is_known",
                condition=Q(size_class__in=[*SME]),
                violation_error_message=_("Only classes of small and medium size have limits."),
            ),
            ExclusionConstraint(
                name="enterprises_sizelimit_one_at_a_time",
                expressions=[
                    ("size_class", RangeOperators.EQUAL),
                    (Days("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("There are limits of this class for that time already."),
            ),
        ]

    def __str__(self):
        return f"{self.get_size_class_display()} ({self.starts_on:%d.%m.%Y})"

    def covers(self, employees, turnover, balance_sheet):
        """Whether both limits hold; of turnover and balance sheet one is enough."""
        amounts = ((turnover, self.turnover_up_to), (balance_sheet, self.balance_up_to))
        return employees < self.employees_below and any(
            amount is not None and amount <= limit for amount, limit in amounts
        )


class SizeDeclarationQuerySet(WithdrawableQuerySet):
    def of(self, organisations):
        return self.valid().filter(organisation__in=organisations)

    def as_of(self, days):
        """Organisation → its size class on its day: the last declared by then, else the first.

        `days` is organisation → day; who declared nothing is missing.
        """
        found = {}
        rows = self.of(days).order_by("organisation", "-as_of")
        for pk, as_of, size_class in rows.values_list("organisation", "as_of", "size_class"):
            if pk not in found or found[pk][0] > days[pk]:
                found[pk] = (as_of, size_class)
        return {pk: size_class for pk, (_day, size_class) in found.items()}


class SizeDeclaration(Accountable):
    """Größenerklärung: people, turnover and balance sheet of an enterprise as of a day."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="size_declarations"
    )
    as_of = models.DateField(_("as of"))
    employees = models.DecimalField(
        _("employees (annual work units)"), max_digits=7, decimal_places=2
    )
    turnover = models.DecimalField(
        _("turnover of the year (EUR)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    balance_sheet = models.DecimalField(
        _("balance sheet total (EUR)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    value_added = models.DecimalField(
        _("value added in the year (EUR)"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    is_publicly_owned = models.BooleanField(
        _("Public bodies hold a quarter or more"), default=False
    )
    size_class = models.CharField(max_length=6, choices=SizeClass, editable=False)
    source = models.CharField(_("source"), max_length=200)

    fact = "size"
    counted_fields = (
        "as_of",
        "employees",
        "turnover",
        "balance_sheet",
        "value_added",
        "is_publicly_owned",
    )

    objects = SizeDeclarationQuerySet.as_manager()

    class Meta:
        verbose_name = _("declaration of size")
        verbose_name_plural = _("declarations of size")
        ordering = ["-as_of", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "as_of"],
                condition=Q(withdrawn_at=None),
                name="enterprises_sizedeclaration_once_a_day",
                violation_error_message=_("The size as of that day is declared already."),
            ),
            models.CheckConstraint(
                name="enterprises_sizedeclaration_class_is_known",
                condition=Q(size_class__in=SizeClass.values),
                violation_error_message=_("Unknown size class."),
            ),
            models.CheckConstraint(
                name="enterprises_sizedeclaration_has_an_amount",
                condition=Q(turnover__isnull=False) | Q(balance_sheet__isnull=False),
                violation_error_message=_("Say the turnover or the balance sheet total."),
            ),
            models.CheckConstraint(
                name="enterprises_sizedeclaration_is_not_negative",
                condition=Q(employees__gte=0)
                & (Q(turnover=None) | Q(turnover__gte=0))
                & (Q(balance_sheet=None) | Q(balance_sheet__gte=0)),
                violation_error_message=_("People and amounts cannot be below 0."),
            ),
            models.CheckConstraint(
                name="enterprises_sizedeclaration_has_a_source",
                condition=~Q(source=""),
                violation_error_message=_("Say where the numbers come from."),
            ),
            withdrawn_together("enterprises_sizedeclaration_deleted_by_somebody"),
        ]

    def __str__(self):
        return f"{self.get_size_class_display()} ({self.as_of:%d.%m.%Y})"

    @property
    def counts_from(self):
        return self._tells_from(self.as_of)

    def differs_since(self, **counted):
        """See Accountable."""
        if self.pk and all(getattr(self, name) == value for name, value in counted.items()):
            return None
        return self._tells_from(min(day for day in (self.as_of, counted["as_of"]) if day))

    def _tells_from(self, day):
        """The first one also tells of all days before it: see SizeDeclarationQuerySet.as_of."""
        earlier = type(self).objects.of([self.organisation_id]).filter(as_of__lt=day)
        return day if earlier.exclude(pk=self.pk).exists() else date.min

    def save(self, *args, **kwargs):
        """The class follows from the numbers, by the limits valid on the day they are of."""
        self.size_class = self.reckoned_class()
        super().save(*args, **kwargs)

    def reckoned_class(self):
        if self.is_publicly_owned:
            return SizeClass.LARGE
        return SizeLimit.objects.classify(
            on=self.as_of,
            employees=Decimal(self.employees),
            turnover=self.turnover,
            balance_sheet=self.balance_sheet,
        )
