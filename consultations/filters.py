"""Which consultations a list shows: every filter is a part of the address."""

import django_filters
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import User
from best_portal.widgets import DateInput, SearchChoiceField
from consultations.models import Consultation, ConsultationKind, Project, Topic
from districts.models import District
from enterprises.models import Organisation

ORDERS = {
    "newest": ("-held_on", "-starts_at", "-pk"),
    "oldest": ("held_on", "starts_at", "pk"),
    "organisation": ("organisation__sort_name", "-held_on", "-pk"),
    "longest": ("-minutes", "-held_on", "-pk"),
}


class OrganisationFilter(django_filters.Filter):
    field_class = SearchChoiceField


class ConsultationFilter(django_filters.FilterSet):
    """Of the consultations somebody may see, those they ask for."""

    q = django_filters.CharFilter(label=_("Search for"), method="search", max_length=200)
    organisation = OrganisationFilter(
        label=_("Organisation"),
        queryset=Organisation.objects.none(),
        search_url="consultations:organisation_search",
    )
    project = django_filters.ModelChoiceFilter(
        label=_("Project"), queryset=Project.objects.none(), empty_label=_("all")
    )
    district = django_filters.ModelChoiceFilter(
        label=_("Neighbourhood"), queryset=District.objects.none(), empty_label=_("all")
    )
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=ConsultationKind, empty_label=_("all")
    )
    advisor = django_filters.ModelChoiceFilter(
        label=_("Advised by"),
        field_name="advisors",
        queryset=User.objects.none(),
        empty_label=_("everyone"),
        distinct=False,
    )
    topic = django_filters.ModelChoiceFilter(
        label=_("Topic"),
        field_name="topics",
        queryset=Topic.objects.all(),
        empty_label=_("all"),
        distinct=False,
    )
    since = django_filters.DateFilter(
        label=_("From"), field_name="held_on", lookup_expr="gte", widget=DateInput
    )
    until = django_filters.DateFilter(
        label=_("Until"), field_name="held_on", lookup_expr="lte", widget=DateInput
    )
    sort = django_filters.ChoiceFilter(
        label=_("Order"),
        method="order",
        empty_label=None,
        choices=[
            ("newest", _("newest first")),
            ("oldest", _("oldest first")),
            ("organisation", _("by organisation")),
            ("longest", _("longest first")),
        ],
    )

    class Meta:
        model = Consultation
        fields = []

    def __init__(self, data, *, user):
        self.user = user
        super().__init__(data, queryset=Consultation.objects.visible_to(user))
        offered = {
            "organisation": Organisation.objects.visible_to(user),
            "project": Project.objects.visible_to(user).defer("purpose"),
            "district": District.objects.visible_to(user).defer("outline"),
            "advisor": User.objects.staff(),
        }
        for name, rows in offered.items():
            self.filters[name].extra["queryset"] = rows
            self.form.fields[name].queryset = rows

    def search(self, rows, name, typed):
        """Find by name, place, result and next step; in notes only of one's own team."""
        return rows.mentioning(typed, user=self.user)

    def order(self, rows, name, chosen):
        return rows.order_by(*ORDERS[chosen])

    @property
    def rows(self):
        """The rows asked for, newest first unless told otherwise; none for a faulty question."""
        if self.is_bound and not self.is_valid():
            return self.queryset.none()
        rows = self.qs
        return rows if rows.query.order_by else rows.newest_first()
