"""Which networks and project groups the list shows: every filter is a part of the address."""

import django_filters
from django.utils.translation import gettext_lazy as _

from districts.models import District
from enterprises.models import Alliance, Health, OrganisationKind

KINDS = [
    (kind.value, kind.label) for kind in (OrganisationKind.NETWORK, OrganisationKind.PROJECT_GROUP)
]


class AllianceFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=KINDS, empty_label=_("all"))
    health = django_filters.ChoiceFilter(
        label=_("How it is doing"), choices=Health, empty_label=_("all"), method="doing"
    )
    district = django_filters.ModelChoiceFilter(
        label=_("Neighbourhood"), queryset=District.objects.defer("outline"), empty_label=_("all")
    )

    class Meta:
        model = Alliance
        fields = []

    def __init__(self, data, *, user):
        super().__init__(data, queryset=Alliance.objects.visible_to(user).for_list(user))

    def doing(self, rows, name, health):
        return rows.filter(health=health)

    @property
    def rows(self):
        if self.is_bound and not self.is_valid():
            return self.queryset.none()
        return self.qs
