"""Beneficiary: whom a published list names, and which organisation on file that is."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, Q, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.db import folded
from enterprises.models.organisation import Organisation
from enterprises.names import key_of


class Basis(models.TextChoices):
    OPEN = "open", _("not looked at yet")
    SAME_NAME = "same_name", _("the same name")
    DECIDED = "decided", _("decided by a person")


class BeneficiaryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff see everyone on the lists, founders their own organisations."""
        match user.role:
            case Role.ADVISOR | Role.MANAGER:
                return self.all()
            case Role.FOUNDER:
                own = Organisation.objects.visible_to(user).values("pk")
                return self.filter(organisation__in=own)
            case _:
                return self.none()

    def unsettled(self):
        """Those nobody has said anything about and no organisation on file is called like."""
        return self.filter(basis=Basis.OPEN)

    def called_like(self, organisation):
        """Those of the organisation's name, whatever the legal form and the spelling."""
        return self.filter(key=key_of(organisation.name))

    def with_sums(self):
        """Add how many operations there are and what they come to, as the lists stand today."""
        counts = Q(operations__replaced_by=None)
        return self.annotate(
            operation_count=Count("operations", filter=counts),
            total=Sum("operations__amount", filter=counts),
        )

    def orphaned(self):
        """Those no list names any more and nobody has decided about."""
        return self.filter(operations=None).exclude(basis=Basis.DECIDED)


class Beneficiary(models.Model):
    """Begünstigte: a name exactly as the lists print it; one organisation may have several."""

    name = models.CharField(_("name as printed"), max_length=250)
    sort_name = folded("name")
    # The name without legal form, marks and blanks.
    key = models.CharField(max_length=250, editable=False)
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="beneficiaries",
        verbose_name=_("organisation"),
    )
    basis = models.CharField(
        _("because of"), max_length=10, choices=Basis, default=Basis.OPEN, editable=False
    )
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    settled_at = models.DateTimeField(null=True, editable=False)

    objects = BeneficiaryQuerySet.as_manager()

    class Meta:
        verbose_name = _("beneficiary")
        verbose_name_plural = _("beneficiaries")
        ordering = ["sort_name", "pk"]
        indexes = [models.Index(fields=["key"], name="enterprises_beneficiary_key")]
        constraints = [
            models.UniqueConstraint(
                fields=["name"],
                name="enterprises_beneficiary_named_once",
                violation_error_message=_("This beneficiary is there already."),
            ),
            models.CheckConstraint(
                name="enterprises_beneficiary_has_a_name",
                condition=~Q(name=""),
                violation_error_message=_("A beneficiary needs a name."),
            ),
            models.CheckConstraint(
                name="enterprises_beneficiary_basis_fits",
                condition=Q(basis=Basis.OPEN, organisation=None)
                | Q(basis=Basis.SAME_NAME, organisation__isnull=False)
                | Q(basis=Basis.DECIDED),
                violation_error_message=_("Say why this beneficiary is that organisation."),
            ),
            models.CheckConstraint(
                name="enterprises_beneficiary_decided_with_time",
                condition=Q(basis=Basis.DECIDED, settled_at__isnull=False)
                | (~Q(basis=Basis.DECIDED) & Q(settled_at=None, settled_by=None)),
                violation_error_message=_("A decision is kept together with its time."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("enterprises:beneficiary", args=[self.pk])

    @property
    def is_unsettled(self):
        return self.basis == Basis.OPEN

    @transaction.atomic
    def link(self, organisation, *, by):
        """Say which organisation this is; every operation under this name is then in its file."""
        held = self._held()
        if held.organisation_id == organisation.pk and held.basis == Basis.DECIDED:
            raise ValidationError(_("This is said already."))
        self._settle(organisation, by)
        Event.objects.record(
            actor=by, verb="beneficiary.linked", subject=self, organisation=organisation.pk
        )

    @transaction.atomic
    def leave(self, *, by):
        """Say that this is none of the organisations on file; it is not asked about again."""
        held = self._held()
        if held.organisation_id is None and held.basis == Basis.DECIDED:
            raise ValidationError(_("This is said already."))
        self._settle(None, by)
        Event.objects.record(actor=by, verb="beneficiary.left", subject=self)

    def _held(self):
        return Beneficiary.objects.select_for_update(of=["self"]).get(pk=self.pk)

    def _settle(self, organisation, by):
        self.organisation, self.basis = organisation, Basis.DECIDED
        self.settled_by, self.settled_at = by, timezone.now()
        self.save(update_fields=["organisation", "basis", "settled_by", "settled_at"])
