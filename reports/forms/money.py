"""Forms of a grant's money: vouchers, payment requests, the inventory, rates, results, rules."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from best_portal.accounts.models import User
from best_portal.files.fields import OneFile
from best_portal.files.guard import check
from best_portal.imports.forms import FileForm
from best_portal.widgets import DateInput, NumberField, SearchChoiceField
from consultations.participation_rules import months_after
from enterprises.forms.base import LastingForm
from enterprises.models import Organisation
from reports.forms.grants import money
from reports.forms.second_press import SecondPress
from reports.models import (
    AccountingRule,
    Costing,
    CostMethod,
    Deliverable,
    EnterpriseAward,
    Grant,
    InventoryItem,
    StaffRate,
    Voucher,
    VoucherImport,
)


class OfGrant(LastingForm):
    """A form of something that belongs to a grant, which is given and not chosen."""

    def __init__(self, *args, grant, **kwargs):
        super().__init__(*args, **kwargs)
        self.grant = grant
        if hasattr(self.instance, "grant_id"):
            self.instance.grant = grant


class VoucherForm(SecondPress, OfGrant):
    amount = money(label=_("Amount (EUR)"), help_text=_("Below zero where money came back."))
    eligible = money(
        label=_("Of it eligible (EUR)"),
        required=False,
        help_text=_("Left empty, all of it is eligible."),
    )
    file = OneFile(label=_("File"), required=False)

    class Meta:
        model = Voucher
        fields = [
            "line",
            "number",
            "payee",
            "reason",
            "invoiced_on",
            "paid_on",
            "amount",
            "eligible",
            "cut_because",
        ]
        widgets = {"invoiced_on": DateInput, "paid_on": DateInput}
        help_texts = {
            "paid_on": _("Only what is paid counts. Left empty, the bill is still open."),
            "number": _("As in the bookkeeping; each number once in a line."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["line"].queryset = self.grant.plan_lines.taking_vouchers()
        self.fields["file"].help_text = _(
            "PDF, Word (.docx), Excel (.xlsx), OpenDocument, JPEG, PNG or plain text, at most "
            "%(most)s MB."
        ) % {"most": settings.FILES_MAX_MB}

    # What a voucher is judged by; unchanged, it is not asked about again.
    JUDGED = ("line", "payee", "invoiced_on", "paid_on", "amount")

    def cautions(self):
        if self.instance.pk and not {*self.JUDGED} & {*self.changed_data}:
            return []
        judged = {name: self.cleaned_data.get(name) for name in self.JUDGED}
        number = self.cleaned_data.get("number")
        return Voucher(pk=self.instance.pk, grant=self.grant, number=number, **judged).oddities

    def clean_file(self):
        file = self.cleaned_data["file"]
        return check(file, file.name) if file else None

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("eligible") is None and "eligible" not in self.errors:
            cleaned["eligible"] = cleaned.get("amount")
        return cleaned

    @transaction.atomic
    def keep(self, *, by):
        if self.instance.pk is None:
            self.instance.recorded_by = by
        self.instance.keep_file(self.cleaned_data.pop("file", None))
        return super().keep(by=by)


class PaymentForm(SecondPress, forms.Form):
    """Ask for money; the period is the one whose expenses it is to pay.

    Money asked for in advance is to be spent within some months: a longer period is asked about.
    """

    starts_on = forms.DateField(label=_("For expenses from"), widget=DateInput)
    ends_on = forms.DateField(label=_("until"), widget=DateInput)
    amount = money(label=_("Amount (EUR)"))
    requested_on = forms.DateField(label=_("Asked for on"), widget=DateInput)
    note = forms.CharField(label=_("Note"), max_length=250, required=False)

    def __init__(self, *args, grant, **kwargs):
        super().__init__(*args, **kwargs)
        self.grant = grant
        self.fields["requested_on"].initial = timezone.localdate

    def cautions(self):
        starts_on, ends_on = self.cleaned_data["starts_on"], self.cleaned_data["ends_on"]
        months = self.grant.spending_months
        if months and ends_on >= months_after(starts_on, months):
            yield _(
                "The period is longer than the %(months)s months within which the money is to be "
                "spent. What is spent later bears interest."
            ) % {"months": months}
        standing = self.grant.payment_requests.standing()
        if same := standing.filter(starts_on__lte=ends_on, ends_on__gte=starts_on).first():
            yield _("Payment request %(number)s already asks for money of this period.") % {
                "number": same.number
            }
        if not self.grant.asks_in_advance and self.cleaned_data["amount"] > (left := self.left()):
            yield _(
                "This funder pays back what was paid: by today's books %(left)s EUR can still be "
                "asked for."
            ) % {"left": number_format(left, 2, force_grouping=True)}

    def left(self):
        """What may be asked for by the books of today, less what was asked for and is to come."""
        account, asked = self.grant.accounts(), self.grant.payment_requests.asked_for()
        return max(account.further - (asked - account.received), 0)


class PaidForm(forms.Form):
    """Note that the money came."""

    paid_on = forms.DateField(label=_("Paid on"), widget=DateInput)
    paid_amount = money(label=_("Amount paid (EUR)"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("paid", _("Note that it is paid")))


class InventoryForm(OfGrant):
    price = money(label=_("Price (EUR)"))

    class Meta:
        model = InventoryItem
        fields = [
            "name",
            "mark",
            "bought_on",
            "price",
            "place",
            "voucher",
            "gone_on",
            "gone_because",
        ]
        widgets = {"bought_on": DateInput, "gone_on": DateInput}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["voucher"].queryset = self.grant.vouchers.valid().for_list()


class EnterpriseAwardForm(OfGrant):
    organisation = SearchChoiceField(
        Organisation.objects.all(),
        search_url="consultations:organisation_search",
        label=_("Enterprise"),
    )
    amount = money(label=_("Amount (EUR)"))
    private_amount = money(
        label=_("Private investment matching it (EUR)"),
        required=False,
        help_text=_("What the enterprise confirms to have put in itself. Empty is not 0."),
    )

    class Meta:
        model = EnterpriseAward
        fields = [
            "organisation",
            "kind",
            "granted_on",
            "amount",
            "completed_on",
            "private_amount",
            "proof",
            "confirmed_on",
            "confirmed_by",
        ]
        widgets = {"granted_on": DateInput, "completed_on": DateInput, "confirmed_on": DateInput}
        help_texts = {
            "granted_on": _("The day of the notice or contract."),
            "completed_on": _("From this day on the award counts."),
            "proof": _("For instance: notice of 3 March, accounts of the enterprise."),
        }


class StaffRateForm(OfGrant):
    gross_year = money(label=_("Annual gross employment cost (EUR)"))
    contract_percent = NumberField(label=_("Share of a full-time contract (%)"), initial=100)

    class Meta:
        model = StaffRate
        fields = ["line", "person", "gross_year", "contract_percent", "since", "until", "source"]
        widgets = {"since": DateInput, "until": DateInput}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["line"].queryset = self.grant.plan_lines.filter(costing=Costing.HOURS)
        self.fields["person"].queryset = User.objects.employed().order_by("name", "pk")

    def clean(self):
        """Name the rate that holds at the time already, wherever in the grant it stands."""
        cleaned = super().clean()
        if self.errors:
            return cleaned
        held = StaffRate.objects.of(self.grant).exclude(pk=self.instance.pk)
        held = held.of_person(cleaned["person"]).within(cleaned["since"], cleaned["until"])
        if there := held.first():
            self.add_error(
                "person",
                _(
                    "%(person)s has a rate in “%(line)s” from %(since)s already. With a second "
                    "one the hours would count twice: change that one, or let it end before."
                )
                % {
                    "person": there.person,
                    "line": there.line,
                    "since": date_format(there.since, "SHORT_DATE_FORMAT"),
                },
            )
        return cleaned


class DeliverableForm(OfGrant):
    amount = money(label=_("Lump sum (EUR)"))

    class Meta:
        model = Deliverable
        fields = ["line", "title", "amount", "proven_on", "proof"]
        widgets = {"proven_on": DateInput}
        help_texts = {"proven_on": _("The lump sum counts whole, and only once it is proven.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["line"].queryset = self.grant.plan_lines.filter(costing=Costing.LUMP)

    def clean_proven_on(self):
        day = self.cleaned_data["proven_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(
                _("This day lies in the future. A result counts once it is proven.")
            )
        return day


class CostMethodForm(LastingForm):
    rate = NumberField(label=pgettext_lazy("of a cost method", "Rate (%)"), required=False)

    class Meta:
        model = CostMethod
        fields = [
            "name",
            "base",
            "rate",
            "covers_rest",
            "year_hours",
            "since",
            "until",
            "source",
        ]
        widgets = {
            "since": DateInput,
            "until": DateInput,
            "source": forms.Textarea(attrs={"rows": 3}),
        }


class AccountingRuleForm(LastingForm):
    value = NumberField(label=_("Value"))

    class Meta:
        model = AccountingRule
        fields = ["key", "value", "since", "until", "source"]
        widgets = {
            "since": DateInput,
            "until": DateInput,
            "source": forms.Textarea(attrs={"rows": 3}),
        }


class VoucherFileForm(FileForm):
    grant = forms.ModelChoiceField(
        Grant.objects.none(),
        label=_("Grant"),
        help_text=_("Every voucher in the list belongs to this grant's financing plan."),
    )

    model = VoucherImport
    field_order = ["grant", "file"]

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, by=by, **kwargs)
        self.fields["grant"].queryset = Grant.objects.editable_by(by).for_list()
        self.fields["grant"].label_from_instance = lambda grant: f"{grant.reference} · {grant}"
