"""Fund and Programme: whose money it is, who reads its reports, and whose form they take."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role


class FundCode(models.TextChoices):
    """Official acronyms stay German: they are printed on paper."""

    ESF = "ESF", "ESF"
    EFRE = "EFRE", "EFRE"
    LAND = "LAND", _("State of Berlin")
    BUND = "BUND", _("Federal Government")


class Fund(models.Model):
    """Fonds: the source of money in one programming period."""

    code = models.CharField(_("code"), max_length=4, choices=FundCode)
    period = models.CharField(_("programming period"), max_length=20)
    name = models.CharField(_("name"), max_length=150)

    class Meta:
        verbose_name = _("fund")
        verbose_name_plural = _("funds")
        ordering = ["code", "period"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "period"],
                name="reports_fund_once_per_period",
                violation_error_message=_("This fund is there already for that period."),
            ),
            models.CheckConstraint(
                name="reports_fund_code_is_known",
                condition=Q(code__in=FundCode.values),
                violation_error_message=_("Choose one of the funds."),
            ),
        ]

    def __str__(self):
        return f"{self.name} {self.period}"


class Profile(models.TextChoices):
    """Whose form a report takes: three documents, not one with three logos (funding.md §0)."""

    SENATE = "senate", _("Senate")
    ESF = "esf", "ESF"
    EFRE = "efre", "EFRE"


class ProgrammeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The manager knows every programme, a funder those they are an officer of."""
        match user.role:
            case Role.MANAGER:
                return self.all()
            case Role.FUNDER:
                return self.filter(officers=user)
            case _:
                return self.none()

    def for_list(self):
        return self.select_related("fund").prefetch_related("officers", "rules").order_by("name")


class Programme(models.Model):
    """Förderprogramm: one funder's programme, with the officers who read its reports."""

    fund = models.ForeignKey(
        Fund, on_delete=models.PROTECT, related_name="programmes", verbose_name=_("fund")
    )
    name = models.CharField(_("name"), max_length=200, unique=True)
    officers = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        related_name="programmes",
        blank=True,
        limit_choices_to={"role": Role.FUNDER},
        verbose_name=_("officers"),
    )

    wants_review = models.BooleanField(
        _("A second person reviews every report before its release"),
        default=False,
        db_default=False,
    )

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["name"]

    def __str__(self):
        return self.name
