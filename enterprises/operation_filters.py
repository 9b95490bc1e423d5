"""Which operations a list shows: every filter is a part of the address."""

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from best_portal.db import fold
from best_portal.widgets import SearchChoiceField
from enterprises.models import Basis, Operation, Organisation, ProgrammingPeriod, PublishedFund

FILES = {
    "with": Q(beneficiary__organisation__isnull=False),
    "without": Q(beneficiary__organisation=None),
    "open": Q(beneficiary__basis=Basis.OPEN),
}
ORDERS = {
    "newest": ("-starts_on", "beneficiary__sort_name", "pk"),
    "beneficiary": ("beneficiary__sort_name", "-starts_on", "pk"),
    "largest": ("-amount", "-starts_on", "pk"),
}


class OrganisationFilter(django_filters.Filter):
    field_class = SearchChoiceField


class OperationFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Search for"), method="search", max_length=200)
    organisation = OrganisationFilter(
        label=_("Organisation"),
        field_name="beneficiary__organisation",
        queryset=Organisation.objects.none(),
        search_url="consultations:organisation_search",
    )
    fund = django_filters.ChoiceFilter(label=_("Fund"), choices=PublishedFund, empty_label=_("all"))
    period = django_filters.ChoiceFilter(
        label=_("Programming period"), choices=ProgrammingPeriod, empty_label=_("all")
    )
    year = django_filters.NumberFilter(
        label=_("Running in the year"), method="running", min_value=1990, max_value=2100
    )
    file = django_filters.ChoiceFilter(
        label=_("File of the beneficiary"),
        method="on_file",
        empty_label=_("all"),
        choices=[
            ("with", _("with a file")),
            ("without", _("without a file")),
            ("open", _("not looked at yet")),
        ],
    )
    sort = django_filters.ChoiceFilter(
        label=_("Order"),
        method="order",
        empty_label=None,
        choices=[
            ("newest", _("newest first")),
            ("beneficiary", _("by beneficiary")),
            ("largest", _("largest first")),
        ],
    )

    class Meta:
        model = Operation
        fields = []

    def __init__(self, data, *, user):
        super().__init__(data, queryset=Operation.objects.visible_to(user).current())
        organisations = Organisation.objects.visible_to(user)
        self.filters["organisation"].extra["queryset"] = organisations
        self.form.fields["organisation"].queryset = organisations

    def search(self, rows, name, typed):
        typed = " ".join(typed.split())
        return rows.filter(
            Q(beneficiary__sort_name__contains=fold(typed))
            | Q(name__icontains=typed)
            | Q(summary__icontains=typed)
            | Q(category__icontains=typed)
            | Q(postcode=typed)
        )

    def running(self, rows, name, year):
        year = int(year)
        return rows.filter(Q(ends_on=None) | Q(ends_on__year__gte=year), starts_on__year__lte=year)

    def on_file(self, rows, name, chosen):
        return rows.filter(FILES[chosen])

    def order(self, rows, name, chosen):
        return rows.order_by(*ORDERS[chosen])

    @property
    def rows(self):
        """The rows asked for, newest first unless told otherwise; none for a faulty question."""
        if self.is_bound and not self.is_valid():
            return self.queryset.none()
        rows = self.qs
        return rows if rows.query.order_by else rows.newest_first()
