"""Voucher: one receipt of a line of the plan, with its file where there is one."""

from decimal import Decimal

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.bin.models import Withdrawable, WithdrawableQuerySet, withdrawn_together
from best_portal.db import explained, take_turns
from best_portal.files import store
from best_portal.refusals import at_field
from reports import oddities
from reports.models.financing import FinancingPlanLine, LineKind
from reports.models.grant import Grant

NOTHING = Decimal("0.00")
# Paid on a day its grant pays for, or money that came back later: only that is eligible, on every
# page and on paper.
IN_TIME = Q(
    Q(paid_on__lte=Coalesce("grant__pay_until", "grant__ends_on")) | Q(amount__lt=0),
    paid_on__gte=Coalesce("grant__early_start_on", "grant__starts_on"),
)
NO_FILE = {"file_name": "", "stored_as": "", "sha256": "", "media_type": "", "size": 0}

at_field("reports_voucher_one_number_per_line", "number")


class VoucherQuerySet(WithdrawableQuerySet):
    def visible_to(self, user):
        """The manager sees them; a funder finds those of a report in the report."""
        return self.all() if user.role == Role.MANAGER else self.none()

    def withdrawable_by(self, user):
        return self.valid() if user.role == Role.MANAGER else self.none()

    def restorable_by(self, user):
        return self.in_bin() if user.role == Role.MANAGER else self.none()

    def for_bin(self):
        return self.select_related("grant", "line", "withdrawn_by")

    def paid(self):
        return self.filter(paid_on__isnull=False)

    def paid_within(self, bounds):
        """Paid on a day that a period accounts for."""
        rows = self.paid()
        if bounds.first:
            rows = rows.filter(paid_on__gte=bounds.first)
        return rows.filter(paid_on__lte=bounds.last) if bounds.last else rows

    def in_time(self):
        """Paid on a day their grant pays for."""
        return self.filter(IN_TIME)

    def unpaid(self):
        return self.filter(paid_on=None)

    def outside(self, grant):
        """Paid on days the grant does not pay for: listed, and not eligible."""
        return self.filter(
            Q(paid_on__lt=grant.accountable_from)
            | Q(paid_on__gt=grant.last_payment_day, amount__gt=0)
        )

    def for_list(self):
        """By position and day of payment, as the list of a report has them; unpaid ones last."""
        return self.select_related("line", "grant").order_by(
            "-line__kind", "line__sort_position", F("paid_on").asc(nulls_last=True), "number", "pk"
        )

    def totals(self):
        """How many, and what was paid and received, counted as the accounts count it.

        What is not paid yet stands apart; what was paid outside of the period is not eligible.
        """
        income, expense = Q(line__kind=LineKind.INCOME), Q(line__kind=LineKind.EXPENSE)
        is_open = Q(paid_on=None)
        return self.aggregate(
            count=Count("pk"),
            income=Coalesce(Sum("amount", filter=income & ~is_open), NOTHING),
            expense=Coalesce(Sum("amount", filter=expense & ~is_open), NOTHING),
            eligible=Coalesce(Sum("eligible", filter=expense & IN_TIME), NOTHING),
            open=Coalesce(Sum("amount", filter=is_open), NOTHING),
        )

    @transaction.atomic
    def record(self, *, by, file=None, **fields):
        """Enter a voucher; what is not said to be less is eligible whole.

        Refuses a line of another grant, one whose amount no voucher makes, and impossible days.
        """
        voucher = self.model(recorded_by=by, **fields)
        voucher.check_line()
        voucher.clean()
        if voucher.eligible is None:
            voucher.eligible = voucher.amount
        voucher.keep_file(file)
        with explained(self.model):
            voucher.save(force_insert=True)
        Event.objects.record(actor=by, verb="voucher.recorded", subject=voucher)
        return voucher

    def of_project(self, project):
        """The valid ones of all grants of a project."""
        return self.valid().filter(grant__project=project)

    def twice(self, voucher):
        """Those of the project that may be the same bill, in this grant or in another.

        The payee and the amount are the same, and the number or the day of the payment is.
        """
        same = self.of_project(voucher.grant.project_id).filter(
            Q(number=voucher.number) | Q(paid_on=voucher.paid_on, paid_on__isnull=False),
            line__kind=voucher.line.kind,
            payee__iexact=voucher.payee,
            amount=voucher.amount,
        )
        return same.exclude(pk=voucher.pk).select_related("grant__programme", "line")


class Voucher(Withdrawable):
    """Beleg: payee or payer, days, amount and its eligible part, for one line of the plan.

    The columns are those of the list Nr. 6 ANBest-P asks for (funding.md §1.1 and §1.6).
    """

    grant = models.ForeignKey(
        Grant,
        on_delete=models.PROTECT,
        editable=False,
        related_name="vouchers",
        verbose_name=_("grant"),
    )
    line = models.ForeignKey(
        FinancingPlanLine,
        on_delete=models.PROTECT,
        related_name="vouchers",
        verbose_name=_("line of the plan"),
    )
    number = models.CharField(_("number of the voucher"), max_length=40)
    payee = models.CharField(_("payee or payer"), max_length=200)
    reason = models.CharField(_("reason of the payment"), max_length=250)
    invoiced_on = models.DateField(_("day of the invoice"), null=True, blank=True)
    paid_on = models.DateField(_("day of the payment"), null=True, blank=True)
    amount = models.DecimalField(_("amount (EUR)"), max_digits=12, decimal_places=2)
    eligible = models.DecimalField(_("of it eligible (EUR)"), max_digits=12, decimal_places=2)
    cut_because = models.CharField(_("why not all of it"), max_length=250, blank=True)
    file_name = models.CharField(_("file"), max_length=255, blank=True, editable=False)
    stored_as = models.CharField(max_length=110, blank=True, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    media_type = models.CharField(max_length=100, blank=True, editable=False)
    size = models.PositiveBigIntegerField(default=0, editable=False)
    batch = models.ForeignKey(
        "reports.VoucherImport",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="vouchers",
    )
    batch_row = models.PositiveIntegerField(null=True, editable=False)
    # Empty where the command line brought it.
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = VoucherQuerySet.as_manager()

    class Meta:
        verbose_name = _("voucher")
        verbose_name_plural = _("vouchers")
        ordering = ["paid_on", "pk"]
        indexes = [models.Index(fields=["grant", "paid_on"], name="reports_voucher_by_day")]
        constraints = [
            withdrawn_together("reports_voucher_deleted_by_somebody"),
            models.UniqueConstraint(
                fields=["line", "number"],
                condition=Q(withdrawn_at=None),
                name="reports_voucher_one_number_per_line",
                violation_error_message=_("This line has a voucher of this number already."),
            ),
            models.CheckConstraint(
                name="reports_voucher_is_described",
                condition=~Q(number="") & ~Q(payee="") & ~Q(reason=""),
                violation_error_message=_("A voucher has a number, a payee and a reason."),
            ),
            models.CheckConstraint(
                name="reports_voucher_days_since_1990",
                condition=Q(withdrawn_at__isnull=False)
                | (Q(paid_on=None) | Q(paid_on__gte=oddities.EARLIEST))
                & (Q(invoiced_on=None) | Q(invoiced_on__gte=oddities.EARLIEST)),
                violation_error_message=oddities.IMPOSSIBLE["too_early"],
            ),
            models.CheckConstraint(
                name="reports_voucher_is_about_money",
                condition=~Q(amount=0),
                violation_error_message=_("A voucher of 0 EUR says nothing."),
            ),
            models.CheckConstraint(
                name="reports_voucher_eligible_within_amount",
                condition=Q(amount__gt=0, eligible__gte=0, eligible__lte=F("amount"))
                | Q(amount__lt=0, eligible__lte=0, eligible__gte=F("amount"))
                | Q(amount=0),
                violation_error_message=_("The eligible part lies between 0 and the amount."),
            ),
            models.CheckConstraint(
                name="reports_voucher_cut_with_reason",
                condition=Q(eligible=F("amount")) | ~Q(cut_because=""),
                violation_error_message=_("Say why not all of it is eligible."),
            ),
            models.CheckConstraint(
                name="reports_voucher_file_is_whole",
                condition=Q(**NO_FILE)
                | Q(size__gt=0)
                & ~Q(file_name="")
                & ~Q(media_type="")
                & Q(sha256__regex=r"^[0-9a-f]{64}$")
                & Q(stored_as__regex=rf"^{store.NAME.pattern}$")
                & Q(stored_as__contains=F("sha256")),
                violation_error_message=_("A file is stored under the hash of its content."),
            ),
        ]

    def __str__(self):
        return f"{self.number} · {self.payee}"

    def get_absolute_url(self):
        return reverse("reports:voucher", args=[self.grant.ref, self.pk])

    @property
    def home(self):
        return reverse("reports:vouchers", args=[self.grant.ref])

    @property
    def bin_owner(self):
        return self.grant.reference

    @property
    def is_cut(self):
        return self.eligible != self.amount

    @property
    def is_late(self):
        """Paid on a day the grant does not pay for: it is listed, and not eligible.

        Money that came back is never too late.
        """
        grant, day = self.grant, self.paid_on
        return day is not None and (
            day < grant.accountable_from or (day > grant.last_payment_day and self.amount > 0)
        )

    @property
    def counted(self):
        """What of it counts as eligible today: nothing before it is paid, nor paid outside."""
        return NOTHING if self.paid_on is None or self.is_late else self.eligible

    @property
    def why_not_counted(self):
        """Why less than the amount counts; empty where all of it does, or it is still open."""
        if self.is_late:
            return _("not eligible: outside of the period")
        return self.cut_because

    def clean(self):
        """Refuse days that cannot be."""
        days = {"paid_on": self.paid_on, "invoiced_on": self.invoiced_on}
        if found := oddities.impossible(timezone.localdate(), **days):
            raise ValidationError({name: oddities.IMPOSSIBLE[code] for name, code in found.items()})

    @property
    def oddities(self):
        """What may be a slip, or the same bill a second time."""
        found = oddities.odd(
            paid_on=self.paid_on,
            invoiced_on=self.invoiced_on,
            amount=self.amount,
            planned=self.line.planned,
            first_day=self.grant.accountable_from,
        )
        twins = Voucher.objects.twice(self).filter(paid_on=self.paid_on, paid_on__isnull=False)
        doubles = [each for each in twins if not self.is_shared_with(each)]
        return [*found, *(oddities.double(each.number, each.grant.reference) for each in doubles)]

    def is_shared_with(self, other):
        """Whether two grants that name each other's money list this one expense."""
        is_same = self.number.casefold() == other.number.casefold()
        return is_same and self.grant.shares_costs_with(other.grant)

    def check_line(self):
        if self.line.grant_id != self.grant_id:
            raise ValidationError(_("Choose a line of this grant's plan."))
        if not self.line.takes_vouchers:
            raise ValidationError(
                _(
                    "This line is not made of vouchers. Flat rates are calculated, and what the "
                    "authority pays is a payment request."
                )
            )

    def keep_file(self, file):
        """Store a checked file as this voucher's; another it had goes once that is sure."""
        if file is None:
            return
        former = self.stored_as
        self.file_name, self.sha256, self.size = file.name, file.sha256, file.size
        self.media_type = file.kind.media_type
        self.stored_as = store.keep(file.content, file.sha256)
        self._forget(former)

    @staticmethod
    def _forget(stored_as):
        if stored_as:
            transaction.on_commit(lambda: store.forget(stored_as))

    @transaction.atomic
    def drop_file(self, *, by):
        """Take the file away; the voucher stays."""
        take_turns(f"voucher {self.pk}")
        stored_as = Voucher.objects.values_list("stored_as", flat=True).get(pk=self.pk)
        Voucher.objects.filter(pk=self.pk).update(**NO_FILE)
        self._forget(stored_as)
        self.refresh_from_db()
        Event.objects.record(actor=by, verb="voucher.file_dropped", subject=self)

    @transaction.atomic
    def download(self, *, by):
        """Return the file piece by piece and note who takes it; refused where it has been lost."""
        if not self.stored_as or not store.has(self.stored_as):
            raise ValidationError(
                _("The file cannot be found in the store. Please tell the management.")
            )
        Event.objects.record(actor=by, verb="voucher.downloaded", subject=self)
        return store.pieces(self.stored_as)

    def withdraw(self, *, by):
        """Put it into the bin; refused where a report that was accepted has counted it."""
        with explained(Voucher):
            super().withdraw(by=by)

    @transaction.atomic
    def restore(self, *, by):
        """Take it out of the bin; refused where its line takes no vouchers any more."""
        self.check_line()
        super().restore(by=by)

    @transaction.atomic
    def purge(self):
        super().purge()
        self._forget(self.stored_as)
