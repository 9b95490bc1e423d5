"""InventoryItem: a thing bought with a grant's money, and where it is."""

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from best_portal.bin.models import Withdrawable, WithdrawableQuerySet, withdrawn_together
from best_portal.db import worded
from reports.models.grant import Grant
from reports.models.vouchers import Voucher

# What the trigger calls its refusal to touch what a report that was accepted lists.
worded(
    "reports_accepted_inventory_stays",
    _(
        "A report that was accepted lists this thing, or its period holds the day. Open the period "
        "first, with a reason."
    ),
)


class InventoryItemQuerySet(WithdrawableQuerySet):
    def visible_to(self, user):
        return self.all() if user.role == Role.MANAGER else self.none()

    def withdrawable_by(self, user):
        return self.valid() if user.role == Role.MANAGER else self.none()

    def restorable_by(self, user):
        return self.in_bin() if user.role == Role.MANAGER else self.none()

    def for_bin(self):
        return self.select_related("grant", "withdrawn_by")

    def of(self, grant):
        return self.valid().filter(grant=grant)

    def for_list(self):
        return self.select_related("grant", "voucher__line").order_by("bought_on", "pk")


class InventoryItem(Withdrawable):
    """Gegenstand des Inventarverzeichnisses (Nr. 4.2 ANBest-P, funding.md §1.1).

    From which price on a thing is listed stands in the notice: `Grant.inventory_from`. What an
    accepted report lists stays, but for where it is and its number.
    """

    grant = models.ForeignKey(
        Grant,
        on_delete=models.PROTECT,
        editable=False,
        related_name="inventory",
        verbose_name=_("grant"),
    )
    name = models.CharField(_("thing"), max_length=200)
    mark = models.CharField(_("number on it"), max_length=60, blank=True)
    bought_on = models.DateField(_("bought on"))
    price = models.DecimalField(_("price (EUR)"), max_digits=10, decimal_places=2)
    place = models.CharField(_("where it is"), max_length=200, blank=True)
    voucher = models.ForeignKey(
        Voucher,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="things",
        verbose_name=_("voucher"),
    )
    gone_on = models.DateField(_("gone since"), null=True, blank=True)
    gone_because = models.CharField(_("what became of it"), max_length=200, blank=True)

    objects = InventoryItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("thing in the inventory")
        verbose_name_plural = _("things in the inventory")
        ordering = ["bought_on", "pk"]
        constraints = [
            withdrawn_together("reports_inventoryitem_deleted_by_somebody"),
            models.CheckConstraint(
                name="reports_inventoryitem_has_a_name",
                condition=~Q(name=""),
                violation_error_message=_("Say what it is."),
            ),
            models.CheckConstraint(
                name="reports_inventoryitem_price_is_positive",
                condition=Q(price__gt=0),
                violation_error_message=_("A price is more than 0 EUR."),
            ),
            models.CheckConstraint(
                name="reports_inventoryitem_gone_after_bought",
                condition=Q(gone_on=None) | Q(gone_on__gte=F("bought_on")),
                violation_error_message=_("It cannot be gone before it was bought."),
            ),
            models.CheckConstraint(
                name="reports_inventoryitem_gone_with_reason",
                condition=Q(gone_on=None, gone_because="")
                | Q(gone_on__isnull=False) & ~Q(gone_because=""),
                violation_error_message=_("Say what became of it, and since when."),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def home(self):
        return reverse("reports:inventory", args=[self.grant.ref])

    @property
    def bin_owner(self):
        return self.grant.reference
