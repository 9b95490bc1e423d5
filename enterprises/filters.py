"""Which organisations a list shows: every filter is a part of the address."""

import django_filters
from django.utils.translation import gettext_lazy as _

from districts.models import District
from enterprises.models import Organisation, OrganisationKind, Stage


class OrganisationFilter(django_filters.FilterSet):
    q = django_filters.CharFilter(label=_("Name"), method="search", max_length=200)
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=OrganisationKind, empty_label=_("all")
    )
    stage = django_filters.ChoiceFilter(label=_("Stage"), choices=Stage, empty_label=_("all"))
    district = django_filters.ModelChoiceFilter(
        label=_("Neighbourhood"), queryset=District.objects.defer("outline"), empty_label=_("all")
    )

    class Meta:
        model = Organisation
        fields = []

    def __init__(self, data, *, user):
        super().__init__(data, queryset=Organisation.objects.visible_to(user))

    def search(self, rows, name, typed):
        """Best match first; without a search the list is in the order of names."""
        return rows.matching(typed)

    @property
    def rows(self):
        if self.is_bound and not self.is_valid():
            return self.queryset.none()
        rows = self.qs.select_related("district").defer("district__outline")
        return rows if rows.query.order_by else rows.order_by("sort_name", "pk")
