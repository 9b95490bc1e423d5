"""Declaration: what an undertaking says it has received, before it is given more."""

from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.db import explained, take_turns
from enterprises.models import Organisation
from enterprises.models.operation import years_before

# How far back the form asks; the rule of the day says which of it counts.
YEARS = 3
# Long before any de minimis rule; an earlier day is a slip of the pen.
FIRST_DAY = date(2000, 1, 1)


class AidForm(models.TextChoices):
    GRANT = "grant", _("grant of money")
    ADVICE = "advice", _("advice or service")
    LOAN = "loan", _("loan")
    GUARANTEE = "guarantee", _("guarantee")
    OTHER = "other", _("something else")


class DeclarationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All of the agency's staff, and founders their own organisations'."""
        match user.role:
            case Role.ADVISOR | Role.MANAGER:
                return self.all()
            case Role.FOUNDER:
                return self.filter(organisation__in=Organisation.objects.visible_to(user))
            case _:
                return self.none()

    def of(self, organisations):
        return self.filter(organisation__in=organisations)

    def newest_first(self):
        return self.order_by("-signed_on", "-pk")

    def for_list(self):
        return self.select_related("organisation").prefetch_related("aids")

    @transaction.atomic
    def record(self, *, by, organisation, signed_on, form_key=None, aids=(), **answers):
        """Keep what an undertaking declared; a mistake is corrected by a newer declaration.

        Refuses a day to come, and aid granted after the signature. The same form sent twice gives
        the first one back.
        """
        if form_key:
            take_turns(form_key)
            if earlier := self.filter(form_key=form_key, organisation=organisation).first():
                return earlier
        if signed_on > timezone.localdate():
            raise ValidationError(_("A declaration is recorded once it is signed, not before."))
        if any(aid["granted_on"] and aid["granted_on"] > signed_on for aid in aids):
            raise ValidationError(_("Aid granted after the signature cannot be declared by it."))
        with explained(self.model):
            declaration = self.create(
                organisation=organisation,
                signed_on=signed_on,
                recorded_by=by,
                form_key=form_key,
                **answers,
            )
        with explained(DeclaredAid):
            for aid in aids:
                declaration.aids.create(**aid)
        Event.objects.record(actor=by, verb="declaration.recorded", subject=declaration)
        return declaration


class Declaration(models.Model):
    """De-minimis-Erklärung: of one day, for one organisation and those linked with it."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="declarations"
    )
    signed_on = models.DateField(_("signed on"))
    signed_by = models.CharField(_("signed by"), max_length=150)
    nace = models.CharField(
        _("branch (NACE)"),
        max_length=7,
        blank=True,
        validators=[RegexValidator(r"^\d\d(\.\d{1,2})?$", _("Write the branch like 88.99."))],
    )
    linked = models.TextField(_("linked undertakings"), blank=True)
    mergers = models.TextField(_("mergers, take-overs and splits"), blank=True)
    other_aid = models.TextField(_("other aid for the same costs"), blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)
    form_key = models.UUIDField(null=True, editable=False)

    objects = DeclarationQuerySet.as_manager()

    class Meta:
        verbose_name = _("de minimis declaration")
        verbose_name_plural = _("de minimis declarations")
        ordering = ["-signed_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="reports_declaration_is_signed",
                condition=~Q(signed_by=""),
                violation_error_message=_("Say who signed the declaration."),
            ),
            models.CheckConstraint(
                name="reports_declaration_signed_in_our_time",
                condition=Q(signed_on__gte=FIRST_DAY),
                violation_error_message=_("Check the day: no declaration is that old."),
            ),
            models.UniqueConstraint(
                fields=["form_key"],
                name="reports_declaration_one_per_form",
                violation_error_message=_("This form was sent before. Please open it anew."),
            ),
        ]

    def __str__(self):
        return f"{self.organisation} ({self.signed_on:%d.%m.%Y})"

    def get_absolute_url(self):
        return reverse("reports:de_minimis_account", args=[self.organisation_id])

    @property
    def speaks_from(self):
        """The day after which it names all aid; what is older it need not name."""
        return years_before(self.signed_on, YEARS)


class DeclaredAid(models.Model):
    """Erklärte Beihilfe: a line of a declaration; without a day it is only applied for."""

    declaration = models.ForeignKey(Declaration, on_delete=models.CASCADE, related_name="aids")
    granted_on = models.DateField(_("day of the notice"), null=True, blank=True)
    giver = models.CharField(_("given by"), max_length=200)
    reference = models.CharField(_("reference number"), max_length=80, blank=True)
    form = models.CharField(
        _("form of the aid"), max_length=9, choices=AidForm, default=AidForm.GRANT
    )
    amount = models.DecimalField(_("amount (EUR)"), max_digits=12, decimal_places=2)
    value = models.DecimalField(_("value of the aid (EUR)"), max_digits=12, decimal_places=2)
    regulation = models.CharField(_("regulation"), max_length=100)

    class Meta:
        verbose_name = _("declared aid")
        verbose_name_plural = _("declared aids")
        ordering = ["granted_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="reports_declaredaid_form_is_known",
                condition=Q(form__in=AidForm.values),
                violation_error_message=_("Choose the form of the aid."),
            ),
            models.CheckConstraint(
                name="reports_declaredaid_has_a_giver",
                condition=~Q(giver=""),
                violation_error_message=_("Say who gave the aid."),
            ),
            models.CheckConstraint(
                name="reports_declaredaid_is_not_negative",
                condition=Q(amount__gte=0, value__gte=0),
                violation_error_message=_("An amount cannot be below 0."),
            ),
        ]

    def __str__(self):
        return f"{self.giver}: {self.value} EUR"
