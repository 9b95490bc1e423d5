"""Grant: one funder's money for one project, under the rules it was given with."""

from datetime import timedelta
from itertools import chain, count

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from best_portal.db import Days, worded
from best_portal.refusals import at_field
from consultations.models import Project
from reports.iban import PATTERN, check_iban, printed
from reports.models.books import KeepsBooks
from reports.models.costs import LimitKey
from reports.models.logo_row import HasLogoRow
from reports.models.outline import Outline
from reports.models.programme import Profile, Programme
from reports.models.threshold import HasThresholds
from reports.oddities import EARLIEST, LATEST

# What the trigger calls its refusal; the form names the report.
worded(
    "reports_grant_holds_its_reports",
    _("A report that was released would lie outside of the grant's period."),
)
STAYS = _(
    "Reports of this grant were released: its project and its programme stay. Enter what another "
    "one pays as a grant of its own."
)
worded("reports_grant_stays_where_it_is", STAYS)
at_field("reports_notice_once", "reference")
at_field("reports_grant_has_possible_days", "ends_on")
# Room for a number behind a key that is taken: the column has 60.
REF_LENGTH = 55


class FinancingKind(models.TextChoices):
    """Finanzierungsart (Nr. 2 ANBest-P)."""

    SHARE = "share", _("share of the costs")
    GAP = "gap", _("gap in the costs")
    FIXED = "fixed", _("fixed amount")
    FULL = "full", _("full costs")


class AidBasis(models.TextChoices):
    """Beihilferechtliche Grundlage: under which rules advice may be aid to an enterprise."""

    NONE = "none", _("no aid to enterprises")
    DE_MINIMIS = "de_minimis", _("de minimis aid")
    AGVO = "agvo", "AGVO"


class InputTax(models.TextChoices):
    """Vorsteuerabzug of the recipient (§ 15 UStG)."""

    DEDUCTS = "deducts", _("may be deducted")
    NONE = "none", _("may not be deducted")


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

    def paying_for(self, project, first_day, last_day):
        """Those that pay for a project's work on any of these days."""
        return self.paying_for_any([project], first_day, last_day)

    def paying_for_any(self, projects, first_day, last_day):
        """The same for the work of several projects."""
        begun = Coalesce("early_start_on", "starts_on")
        return self.annotate(begun=begun).filter(
            project__in=projects, begun__lte=last_day, ends_on__gte=first_day
        )

    def being_accounted_on(self, day):
        """Those that pay for work of that day, or are still to be accounted for.

        That is while bills may be paid, and for a year while no final report is accepted.
        """
        begun = self.annotate(begun=Coalesce("early_start_on", "starts_on")).filter(begun__lte=day)
        done = Q(
            pk__in=self.model.objects.filter(
                reports__kind="final", reports__versions__acceptance__isnull=False
            )
        )
        recent = Q(ends_on__gte=day - timedelta(days=366))
        return begun.filter(Q(ends_on__gte=day) | Q(pay_until__gte=day) | recent & ~done)

    def giving_aid_to(self, organisation):
        """Those under which a consultation of this organisation can be de minimis aid."""
        return self.filter(
            aid_basis=AidBasis.DE_MINIMIS, project__consultations__organisation=organisation
        ).distinct()

    def overlapping(self, project, programme, starts_on, ends_on):
        """Those of one project and programme that share a day with this time."""
        mine = self.filter(project=project, programme=programme)
        return mine.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).order_by("starts_on")

    def free_ref(self, project, programme):
        """A key nobody has yet, made of the project's and the fund's."""
        wanted = slugify(f"{project.key}-{programme.fund.code}")[:REF_LENGTH]
        taken = set(self.filter(ref__startswith=wanted).values_list("ref", flat=True))
        further = (f"{wanted}-{number}" for number in count(2))
        return next(ref for ref in chain([wanted], further) if ref not in taken)

    def for_list(self):
        return self.select_related("programme__fund", "project").order_by("-starts_on", "ref")

    def for_papers(self):
        """With what a paper says of who pays, in an order that never changes."""
        return self.select_related("programme__fund").prefetch_related("notices").order_by("ref")


class Grant(KeepsBooks, HasThresholds, HasLogoRow, models.Model):
    """Zuwendung: one funder's money for one project, by its Zuwendungsbescheid."""

    ref = models.SlugField(_("key"), max_length=60, unique=True)
    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="grants", verbose_name=_("project")
    )
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="grants", verbose_name=_("programme")
    )
    profile = models.CharField(_("form of the reports"), max_length=6, choices=Profile)
    outline = models.ForeignKey(
        Outline,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="grants",
        verbose_name=_("outline of the narrative report"),
        help_text=_("Left empty, it is the one of the form that is valid when the grant begins."),
    )
    authority = models.CharField(_("granting authority"), max_length=200)
    # A line each, as the paper has it: the office, the street, the town.
    authority_address = models.TextField(
        _("address of the authority"), max_length=300, blank=True, default="", db_default=""
    )
    intermediate_body = models.CharField(
        _("intermediate body"),
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text=_("Where another office or a bank handles the grant for the authority."),
    )
    reference = models.CharField(_("reference number"), max_length=80)
    title = models.CharField(_("title of the project in the notice"), max_length=250)
    purpose = models.TextField(_("purpose of the grant"))
    recipient = models.CharField(_("recipient"), max_length=200)
    recipient_address = models.CharField(_("address"), max_length=250, blank=True)
    recipient_contact = models.CharField(_("contact"), max_length=200, blank=True)
    input_tax = models.CharField(
        _("input tax"),
        max_length=7,
        choices=InputTax,
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "Whoever may deduct it accounts for net amounts. Left empty, it is ticked by hand."
        ),
    )
    account_holder = models.CharField(
        _("account holder"), max_length=200, blank=True, default="", db_default=""
    )
    iban = models.CharField(
        _("IBAN"), max_length=34, blank=True, default="", db_default="", validators=[check_iban]
    )
    bank = models.CharField(_("bank"), max_length=120, blank=True, default="", db_default="")
    amount = models.DecimalField(_("amount granted (EUR)"), max_digits=12, decimal_places=2)
    financing = models.CharField(_("kind of financing"), max_length=5, choices=FinancingKind)
    rate = models.DecimalField(_("rate (%)"), max_digits=5, decimal_places=2, null=True, blank=True)
    starts_on = models.DateField(_("period from"))
    ends_on = models.DateField(_("period until"))
    early_start_on = models.DateField(_("approved early start"), null=True, blank=True)
    early_start_reference = models.CharField(
        _("letter that approved it"), max_length=80, blank=True, default="", db_default=""
    )
    # An ordered list of {"kind", "text", "alt"}: logos belong to the grant, and some only to the
    # days between "since" and "until", for they differ by year (funding.md §5); see logos_on.
    # One with a picture has "image" besides: a small PNG in base64, as reports/logos.py makes it.
    logos = models.JSONField(_("logo row"), default=list, blank=True)
    aid_basis = models.CharField(
        _("aid to enterprises"), max_length=10, choices=AidBasis, default=AidBasis.NONE
    )
    de_minimis_delegated = models.BooleanField(
        _("The notice lets us issue de minimis certificates"), default=False
    )
    pay_until = models.DateField(
        _("payments count until"),
        null=True,
        blank=True,
        help_text=_("Where the notice lets bills be paid after the period; else leave it empty."),
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
                name="reports_grant_has_possible_days",
                condition=Q(starts_on__gte=EARLIEST, ends_on__lte=LATEST)
                & (Q(early_start_on=None) | Q(early_start_on__gte=EARLIEST))
                & (Q(pay_until=None) | Q(pay_until__lte=LATEST)),
                violation_error_message=_("A grant lies between 1990 and 2099. Correct the year."),
            ),
            models.CheckConstraint(
                name="reports_grant_early_start_is_early",
                condition=Q(early_start_on=None) | Q(early_start_on__lt=F("starts_on")),
                violation_error_message=_("An early start lies before the period."),
            ),
            models.CheckConstraint(
                name="reports_grant_input_tax_is_known",
                condition=Q(input_tax__in=["", *InputTax.values]),
                violation_error_message=_("Say whether input tax may be deducted."),
            ),
            models.CheckConstraint(
                name="reports_grant_early_start_letter_has_its_day",
                condition=Q(early_start_reference="") | Q(early_start_on__isnull=False),
                violation_error_message=_("Say from which day the early start was approved."),
            ),
            models.CheckConstraint(
                name="reports_grant_pays_until_after_its_end",
                condition=Q(pay_until=None) | Q(pay_until__gte=F("ends_on")),
                violation_error_message=_("The last day for payments is not before the end."),
            ),
            models.CheckConstraint(
                name="reports_grant_iban_has_its_shape",
                condition=Q(iban="") | Q(iban__regex=PATTERN),
                violation_error_message=_("An IBAN is stored without blanks."),
            ),
            models.CheckConstraint(
                name="reports_grant_account_has_a_holder",
                condition=Q(iban="") | ~Q(account_holder=""),
                violation_error_message=_("Say whose account it is."),
            ),
            models.CheckConstraint(
                name="reports_grant_aid_basis_is_known",
                condition=Q(aid_basis__in=AidBasis.values),
                violation_error_message=_("Choose the rules for aid to enterprises."),
            ),
            models.CheckConstraint(
                name="reports_grant_delegates_only_de_minimis",
                condition=Q(de_minimis_delegated=False) | Q(aid_basis=AidBasis.DE_MINIMIS),
                violation_error_message=_(
                    "Certificates can be issued for a grant that gives de minimis aid only."
                ),
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

    def reports_outside(self, first_day, last_day):
        """Its released reports that do not lie within these days; with a day missing, none."""
        before = Q(starts_on__lt=first_day) if first_day else Q(pk=None)
        after = Q(ends_on__gt=last_day) if last_day else Q(pk=None)
        return self.reports.filter(before | after).released().distinct().order_by("starts_on")

    @property
    def asks_in_advance(self):
        """Whether money is called for before it is spent; ESF and EFRE pay back what was paid.

        By funding.md §1.3; what a programme does otherwise is not confirmed.
        """
        return self.profile == Profile.SENATE

    @property
    def spending_months(self):
        """Within how many months money called for in advance is spent; None where no rule says."""
        months = self.limit(LimitKey.SPENDING) if self.asks_in_advance else None
        return months and int(months)

    @property
    def bank_details(self):
        """The bank details as a paper prints them; nothing where no account is named."""
        parts = (self.account_holder, self.iban and f"IBAN {printed(self.iban)}", self.bank)
        return ", ".join(filter(None, parts)) if self.iban else ""

    def check_period(self, starts_on, ends_on):
        """Refuse a period, of a report or a payment request, that is not within the grant's own."""
        if starts_on > ends_on:
            raise ValidationError({"ends_on": _("The period cannot end before it starts.")})
        if not self.covers(starts_on, ends_on):
            beyond = "ends_on" if ends_on > self.ends_on else "starts_on"
            sentence = _("Choose days the grant pays for: %(start)s to %(end)s.")
            raise ValidationError({beyond: sentence % self.first_and_last_day})

    def covers(self, starts_on, ends_on):
        """Whether these days lie within what the grant pays for."""
        return self.accountable_from <= starts_on and ends_on <= self.ends_on

    @property
    def first_and_last_day(self):
        """The days of its period as they are written in a sentence."""
        return {
            "start": date_format(self.accountable_from, "SHORT_DATE_FORMAT"),
            "end": date_format(self.ends_on, "SHORT_DATE_FORMAT"),
        }


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
