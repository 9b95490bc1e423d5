"""PaymentRequest: money asked for from the authority, and what became of it."""

from datetime import date
from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Max, Q, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.db import explained, take_turns
from reports.models.grant import Grant

NOTHING = Decimal(0)
# What the form says of the books, by their names there.
BOOKS = ("spent", "eligible", "own", "third", "other_grants", "received", "due")


class PaymentStatus(models.TextChoices):
    REQUESTED = "requested", pgettext_lazy("payment", "requested")
    PAID = "paid", pgettext_lazy("payment", "paid")
    CALLED_BACK = "called_back", pgettext_lazy("payment", "called back")


class PaymentRequestQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.all() if user.role == Role.MANAGER else self.none()

    def paid(self):
        return self.filter(status=PaymentStatus.PAID)

    def standing(self):
        """Those that were not called back."""
        return self.exclude(status=PaymentStatus.CALLED_BACK)

    def for_list(self):
        return self.select_related("grant__programme__fund", "grant__project").order_by("-number")

    def asked_for(self):
        """What was paid, and what was asked for and is still to come."""
        amount = Coalesce("paid_amount", "amount")
        return self.standing().aggregate(total=Coalesce(Sum(amount), NOTHING))["total"]

    @transaction.atomic
    def request(self, *, by, grant, starts_on, ends_on, amount, requested_on, note=""):
        """Ask for money; the state of the books on that day is kept with the request.

        Refuses more than the grant has left, and a period that is not within the grant's.
        """
        grant.check_period(starts_on, ends_on)
        take_turns(f"payments of {grant.pk}")
        left = grant.amount - grant.payment_requests.asked_for()
        if amount > left:
            raise ValidationError(
                _("Of the grant %(left)s EUR are left to ask for."),
                params={"left": number_format(left, 2, force_grouping=True)},
            )
        last = grant.payment_requests.aggregate(last=Max("number"))["last"] or 0
        with explained(self.model):
            asked = self.create(
                grant=grant,
                number=last + 1,
                starts_on=starts_on,
                ends_on=ends_on,
                amount=amount,
                requested_on=requested_on,
                requested_by=by,
                note=note,
                frozen=state_of(grant, requested_on, starts_on, ends_on),
            )
        Event.objects.record(actor=by, verb="payment.requested", subject=asked, amount=str(amount))
        return asked


def state_of(grant, day, starts_on, ends_on):
    """What the form of a payment request says of the time before, and of the period itself.

    The fields are those of funding.md §1.3; the account and what is still to come stay as they
    were on the day, because the paper does. Bills count while the grant pays for them: those of
    its last period may be paid after its end.
    """
    account = grant.accounts(ends_on=day) if day >= grant.accountable_from else None
    period = grant.accounts(starts_on, ends_on)
    bounds = grant.bounds(starts_on, ends_on)
    vouchers = grant.vouchers.valid().paid_within(bounds).in_time().totals()
    sums = {name: getattr(account, name) if account else NOTHING for name in BOOKS}
    sums["paid_vouchers"], sums["eligible_vouchers"] = vouchers["expense"], vouchers["eligible"]
    sums["eligible_in_period"] = sum(
        (line.in_period_eligible for line in period.of_kind("expense")), NOTHING
    )
    coming = grant.payment_requests.filter(status=PaymentStatus.REQUESTED).order_by("number")
    return {
        **{name: str(value) for name, value in sums.items()},
        "paid_until": (bounds.last or grant.last_payment_day).isoformat(),
        "account": grant.bank_details,
        "coming": [
            [each.number, each.requested_on.isoformat(), str(each.amount)] for each in coming
        ],
    }


class PaymentRequest(models.Model):
    """Mittelabruf: for a period, asked for on a day, paid on another or called back."""

    grant = models.ForeignKey(
        Grant, on_delete=models.PROTECT, related_name="payment_requests", verbose_name=_("grant")
    )
    number = models.PositiveSmallIntegerField(_("number"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    amount = models.DecimalField(_("amount (EUR)"), max_digits=12, decimal_places=2)
    requested_on = models.DateField(_("asked for on"))
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+"
    )
    note = models.CharField(_("note"), max_length=250, blank=True)
    status = models.CharField(
        _("state"),
        max_length=11,
        choices=PaymentStatus,
        default=PaymentStatus.REQUESTED,
        editable=False,
    )
    paid_on = models.DateField(_("paid on"), null=True, editable=False)
    paid_amount = models.DecimalField(
        _("amount paid (EUR)"), max_digits=12, decimal_places=2, null=True, editable=False
    )
    # When it was noted that it came: a report made before that has not counted it.
    noted_at = models.DateTimeField(null=True, editable=False)
    # The state of the books when it was asked for; the paper prints it.
    frozen = models.JSONField(default=dict, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = PaymentRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment request")
        verbose_name_plural = _("payment requests")
        ordering = ["grant", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["grant", "number"],
                name="reports_paymentrequest_numbers_differ",
                violation_error_message=_("Someone asked for money just now. Send it again."),
            ),
            models.CheckConstraint(
                name="reports_paymentrequest_amount_is_positive",
                condition=Q(amount__gt=0),
                violation_error_message=_("Ask for more than 0 EUR."),
            ),
            models.CheckConstraint(
                name="reports_paymentrequest_ends_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The period cannot end before it starts."),
            ),
            models.CheckConstraint(
                name="reports_paymentrequest_status_is_known",
                condition=Q(status__in=PaymentStatus.values),
                violation_error_message=_("Unknown state of a payment request."),
            ),
            models.CheckConstraint(
                name="reports_paymentrequest_paid_with_day",
                condition=Q(
                    status=PaymentStatus.PAID, paid_on__isnull=False, paid_amount__isnull=False
                )
                | ~Q(status=PaymentStatus.PAID) & Q(paid_on=None, paid_amount=None),
                violation_error_message=_("What is paid has its day and its amount."),
            ),
            models.CheckConstraint(
                name="reports_paymentrequest_paid_amount_is_positive",
                condition=Q(paid_amount=None) | Q(paid_amount__gt=0),
                violation_error_message=_("What was paid is more than 0 EUR."),
            ),
            models.CheckConstraint(
                name="reports_paymentrequest_paid_after_request",
                condition=Q(paid_on=None) | Q(paid_on__gte=F("requested_on")),
                violation_error_message=_("It cannot be paid before it was asked for."),
            ),
        ]

    def __str__(self):
        return f"{self.number} · {self.starts_on:%d.%m.%Y}–{self.ends_on:%d.%m.%Y}"

    def get_absolute_url(self):
        return reverse("reports:payment", args=[self.grant.ref, self.pk])

    @property
    def is_open(self):
        return self.status == PaymentStatus.REQUESTED

    @property
    def is_paid(self):
        return self.status == PaymentStatus.PAID

    @property
    def is_called_back(self):
        return self.status == PaymentStatus.CALLED_BACK

    @property
    def state(self):
        """The frozen state of the books, as numbers."""
        told = {"account", "coming", "paid_until"}
        return {name: Decimal(value) for name, value in self.frozen.items() if name not in told}

    @property
    def in_hand(self):
        """What of the grant had come and was not spent yet when this was asked for."""
        return max(self.state["received"] - self.state["due"], NOTHING)

    @property
    def need(self):
        """What is needed for the time asked for: what is there still, and what is asked for."""
        return self.in_hand + self.amount

    @property
    def account(self):
        """The account as it was named when this was asked for; else the one named since."""
        return self.frozen.get("account") or self.grant.bank_details

    @property
    def bills_until(self):
        """The last day whose bills it lists; where none was kept, that of the period."""
        kept = self.frozen.get("paid_until")
        return date.fromisoformat(kept) if kept else self.ends_on

    @property
    def coming(self):
        """(number, day, amount) of what was asked for before and had not come yet."""
        return [
            (number, date.fromisoformat(day), Decimal(amount))
            for number, day, amount in self.frozen.get("coming", [])
        ]

    @transaction.atomic
    def note_paid(self, *, by, paid_on, paid_amount):
        """Note that the money came; from then on it is income of the grant.

        Refuses more than was granted, and a day that is still to come.
        """
        if paid_on > timezone.localdate():
            raise ValidationError(
                _("This day lies in the future. Note it when the money is there.")
            )
        take_turns(f"payments of {self.grant_id}")
        others = self.grant.payment_requests.exclude(pk=self.pk).asked_for()
        if others + paid_amount > self.grant.amount:
            raise ValidationError(_("That is more than was granted. Check the amount."))
        self._move(
            by,
            "payment.paid",
            PaymentStatus.REQUESTED,
            PaymentStatus.PAID,
            paid_on=paid_on,
            paid_amount=paid_amount,
            noted_at=timezone.now(),
        )

    @transaction.atomic
    def unpay(self, *, by):
        """Take back that it was paid."""
        self._move(
            by,
            "payment.unpaid",
            PaymentStatus.PAID,
            PaymentStatus.REQUESTED,
            paid_on=None,
            paid_amount=None,
            noted_at=None,
        )

    @transaction.atomic
    def call_back(self, *, by):
        """Ask for it no more; it keeps its number."""
        self._move(by, "payment.called_back", PaymentStatus.REQUESTED, PaymentStatus.CALLED_BACK)

    @transaction.atomic
    def renew(self, *, by):
        """Ask again for what was called back; refused where the grant has too little left."""
        take_turns(f"payments of {self.grant_id}")
        if self.grant.payment_requests.asked_for() + self.amount > self.grant.amount:
            raise ValidationError(_("The grant has too little left for it."))
        self._move(by, "payment.renewed", PaymentStatus.CALLED_BACK, PaymentStatus.REQUESTED)

    def _move(self, by, verb, source, target, **values):
        # The database decides, so a stale page cannot repeat a step.
        mine = PaymentRequest.objects.filter(pk=self.pk, status=source)
        with explained(PaymentRequest):
            moved = mine.update(status=target, **values)
        if not moved:
            raise ValidationError(_("Someone changed this payment request in the meantime."))
        self.refresh_from_db()
        Event.objects.record(actor=by, verb=verb, subject=self)
