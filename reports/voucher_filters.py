"""Which vouchers a list shows: every filter is a part of the address."""

import django_filters
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from best_portal.widgets import DateInput
from reports.models import FinancingPlanLine, LineKind, Voucher


class VoucherFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Search for"), method="search", max_length=200)
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), field_name="line__kind", choices=LineKind, empty_label=_("all")
    )
    line = django_filters.ModelChoiceFilter(
        label=_("Line of the plan"),
        queryset=FinancingPlanLine.objects.none(),
        empty_label=_("all"),
    )
    state = django_filters.ChoiceFilter(
        label=_("Deserves a look"),
        method="deserving",
        empty_label=_("all"),
        choices=[
            ("open", _("not paid yet")),
            ("cut", _("not all of it eligible")),
            ("late", _("paid outside of the period")),
            ("bare", _("without a file")),
        ],
    )
    since = django_filters.DateFilter(
        label=_("Paid from"), field_name="paid_on", lookup_expr="gte", widget=DateInput
    )
    until = django_filters.DateFilter(
        label=_("Paid until"), field_name="paid_on", lookup_expr="lte", widget=DateInput
    )

    class Meta:
        model = Voucher
        fields = []

    def __init__(self, data, *, user, grant):
        visible = Voucher.objects.visible_to(user).valid().filter(grant=grant)
        super().__init__(data, queryset=visible)
        self.grant = grant
        lines = grant.plan_lines.taking_vouchers()
        self.filters["line"].extra["queryset"] = lines
        self.form.fields["line"].queryset = lines

    def search(self, rows, name, typed):
        typed = " ".join(typed.split())
        return rows.filter(
            Q(number__icontains=typed) | Q(payee__icontains=typed) | Q(reason__icontains=typed)
        )

    def deserving(self, rows, name, chosen):
        match chosen:
            case "open":
                return rows.unpaid()
            case "cut":
                return rows.exclude(eligible=F("amount"))
            case "late":
                return rows.outside(self.grant)
            case _:
                return rows.filter(stored_as="")

    @property
    def rows(self):
        """The rows asked for; none for a faulty question."""
        if self.is_bound and not self.is_valid():
            return self.queryset.none()
        return self.qs
