"""Fund, Programme and Grant: whose money it is and under which rules it was given."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from best_portal.db import Days
from consultations.models import Project


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
        return self.select_related("fund").prefetch_related("officers").order_by("name")


class Programme(models.Model):
    """Förderprogramm: one funder's programme, with the officers who read its reports."""

    fund = models.ForeignKey(
        Fund, on_delete=models.PROTECT, related_name="programmes", verbose_name=_("fund")
    )
    name = models.CharField(_("name"), max_length=200, unique=True)
    rules = models.TextField(
        _("rules"), blank=True, help_text=_("Which rules apply, and what is not confirmed yet.")
    )
    officers = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        related_name="programmes",
        blank=True,
        limit_choices_to={"role": Role.FUNDER},
        verbose_name=_("officers"),
    )

    objects = ProgrammeQuerySet.as_manager()

    class Meta:
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        ordering = ["name"]

    def __str__(self):
        return self.name


class Profile(models.TextChoices):
    """Whose form a report takes: three documents, not one with three logos (funding.md §0)."""

    SENATE = "senate", _("Senate")
    ESF = "esf", "ESF"
    EFRE = "efre", "EFRE"


class FinancingKind(models.TextChoices):
    """Finanzierungsart (Nr. 2 ANBest-P)."""

    SHARE = "share", _("share of the costs")
    GAP = "gap", _("gap in the costs")
    FIXED = "fixed", _("fixed amount")
    FULL = "full", _("full costs")


class GrantQuerySet(models.QuerySet):
    def visible_to(self, user):
        match user.role:
            case Role.MANAGER:
                return self.all()
            case Role.FUNDER:
                return self.filter(programme__officers=user)
            case _:
                return self.none()

    def editable_by(self, user):
        return self.all() if user.role == Role.MANAGER else self.none()

    def for_list(self):
        return self.select_related("programme__fund", "project").order_by("-starts_on", "ref")


class Grant(models.Model):
    """Zuwendung: one funder's money for one project, by its Zuwendungsbescheid."""

    ref = models.SlugField(_("key"), max_length=60, unique=True)
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="grants", verbose_name=_("project")
    )
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="grants", verbose_name=_("programme")
    )
    profile = models.CharField(_("form of the reports"), max_length=6, choices=Profile)
    authority = models.CharField(_("granting authority"), max_length=200)
    reference = models.CharField(_("reference number"), max_length=80)
    title = models.CharField(_("title of the project in the notice"), max_length=250)
    purpose = models.TextField(_("purpose of the grant"))
    recipient = models.CharField(_("recipient"), max_length=200)
    recipient_address = models.CharField(_("address"), max_length=250, blank=True)
    recipient_contact = models.CharField(_("contact"), max_length=200, blank=True)
    amount = models.DecimalField(_("amount granted (EUR)"), max_digits=12, decimal_places=2)
    financing = models.CharField(_("kind of financing"), max_length=5, choices=FinancingKind)
    rate = models.DecimalField(_("rate (%)"), max_digits=5, decimal_places=2, null=True, blank=True)
    starts_on = models.DateField(_("period from"))
    ends_on = models.DateField(_("period until"))
    early_start_on = models.DateField(_("approved early start"), null=True, blank=True)
    # An ordered list of {"kind", "text", "alt"}: logos belong to the grant, they differ by year.
    logos = models.JSONField(_("logo row"), default=list, blank=True)
    # Thresholds come from the notice; empty means that it names none (funding.md §2.2 no. 10).
    minimum_hours = models.DecimalField(
        _("hours from which an organisation counts"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
    )
    notes = models.TextField(
        _("notes on the rules"), blank=True, help_text=_("Which rules are not confirmed yet?")
    )

    objects = GrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("grant")
        verbose_name_plural = _("grants")
        ordering = ["-starts_on", "ref"]
        constraints = [
            models.CheckConstraint(
                name="reports_grant_profile_is_known",
                condition=Q(profile__in=Profile.values),
                violation_error_message=_("Choose the form of the reports."),
            ),
            models.CheckConstraint(
                name="reports_grant_financing_is_known",
                condition=Q(financing__in=FinancingKind.values),
                violation_error_message=_("Choose the kind of financing."),
            ),
            models.CheckConstraint(
                name="reports_grant_amount_is_positive",
                condition=Q(amount__gt=0),
                violation_error_message=_("A grant is more than 0 EUR."),
            ),
            models.CheckConstraint(
                name="reports_grant_rate_is_a_percentage",
                condition=Q(rate=None) | Q(rate__gt=0, rate__lte=100),
                violation_error_message=_("The rate is more than 0 and at most 100 percent."),
            ),
            models.CheckConstraint(
                name="reports_grant_share_has_a_rate",
                condition=~Q(financing=FinancingKind.SHARE) | Q(rate__isnull=False),
                violation_error_message=_("A share of the costs needs its rate."),
            ),
            models.CheckConstraint(
                name="reports_grant_ends_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("A grant's period cannot end before it starts."),
            ),
            models.CheckConstraint(
                name="reports_grant_early_start_is_early",
                condition=Q(early_start_on=None) | Q(early_start_on__lt=F("starts_on")),
                violation_error_message=_("An early start lies before the period."),
            ),
            ExclusionConstraint(
                name="reports_grant_one_at_a_time",
                expressions=[
                    ("project", RangeOperators.EQUAL),
                    ("programme", RangeOperators.EQUAL),
                    (Days("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_(
                    "This project has a grant of the programme in that time already."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.programme} · {self.project}"

    def get_absolute_url(self):
        return reverse("reports:grant", args=[self.ref])

    @property
    def accountable_from(self):
        """The first day whose work this grant pays for."""
        return self.early_start_on or self.starts_on

    def check_period(self, starts_on, ends_on):
        """Refuse a period of a report that does not lie within the grant's own."""
        if starts_on > ends_on:
            raise ValidationError(_("The period cannot end before it starts."))
        if starts_on < self.accountable_from or ends_on > self.ends_on:
            raise ValidationError(
                _("Choose days within the period of the grant: %(start)s to %(end)s."),
                params={
                    "start": date_format(self.accountable_from, "SHORT_DATE_FORMAT"),
                    "end": date_format(self.ends_on, "SHORT_DATE_FORMAT"),
                },
            )


class Notice(models.Model):
    """Zuwendungsbescheid: the letter that makes the grant binding, and each amendment."""

    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, related_name="notices")
    issued_on = models.DateField(_("date"))
    reference = models.CharField(_("reference number"), max_length=80)
    amount = models.DecimalField(_("amount (EUR)"), max_digits=12, decimal_places=2)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["issued_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["grant", "issued_on", "reference"],
                name="reports_notice_once",
                violation_error_message=_("This notice is recorded already."),
            ),
        ]

    def __str__(self):
        return f"{self.reference} ({self.issued_on:%d.%m.%Y})"


class DeadlineQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(grant__in=Grant.objects.visible_to(user))

    def between(self, start, end):
        return self.filter(due_on__gte=start, due_on__lte=end)

    def for_list(self):
        return self.select_related("grant__programme__fund", "grant__project").order_by(
            "due_on", "pk"
        )


class Deadline(models.Model):
    """Frist: the day a report is due, as the notice says; it never moves by itself."""

    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, related_name="deadlines")
    title = models.CharField(_("what is due"), max_length=150)
    due_on = models.DateField(_("due on"))

    objects = DeadlineQuerySet.as_manager()

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


class LineKind(models.TextChoices):
    INCOME = "income", _("income")
    EXPENSE = "expense", _("expense")


class FinancingPlanLine(models.Model):
    """Position des Finanzierungsplans: planned income or expense, in the notice's order."""

    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, related_name="plan_lines")
    kind = models.CharField(_("kind"), max_length=7, choices=LineKind)
    position = models.CharField(_("position"), max_length=10)
    label = models.CharField(_("label"), max_length=200)
    planned = models.DecimalField(_("planned (EUR)"), max_digits=12, decimal_places=2)
    eligible = models.DecimalField(
        _("of it eligible (EUR)"), max_digits=12, decimal_places=2, null=True, blank=True
    )

    class Meta:
        verbose_name = _("line of the financing plan")
        verbose_name_plural = _("lines of the financing plan")
        ordering = ["grant", "-kind", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["grant", "kind", "position"],
                name="reports_financingplanline_one_per_position",
                violation_error_message=_("There is a line at this position already."),
            ),
            models.CheckConstraint(
                name="reports_financingplanline_kind_is_known",
                condition=Q(kind__in=LineKind.values),
                violation_error_message=_("Choose income or expense."),
            ),
            models.CheckConstraint(
                name="reports_financingplanline_is_not_negative",
                condition=Q(planned__gte=0) & (Q(eligible=None) | Q(eligible__gte=0)),
                violation_error_message=_("Planned amounts cannot be below 0 EUR."),
            ),
            models.CheckConstraint(
                name="reports_financingplanline_eligible_within_planned",
                condition=Q(eligible=None) | Q(eligible__lte=F("planned")),
                violation_error_message=_("The eligible part cannot exceed what is planned."),
            ),
        ]

    def __str__(self):
        return f"{self.position} {self.label}"
