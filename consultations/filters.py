"""Which consultations, visits and declined requests a list shows: filters are in the address."""

import django_filters
from django import forms
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import User
from best_portal.db import fold
from best_portal.widgets import DateInput, SearchChoiceField
from consultations.models import (
    Consultation,
    ConsultationKind,
    DeclinedRequest,
    DeclineReason,
    Mood,
    Project,
    Topic,
    Visit,
    WantsToJoin,
)
from consultations.participants import State
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
        label=_("Neighbourhood"),
        queryset=District.objects.none(),
        empty_label=_("all"),
        null_label=_("none of ours"),
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


class DeclinedFilter(django_filters.FilterSet):
    """Of the declined requests, those somebody asks for."""

    place = django_filters.CharFilter(
        label=_("Place"), field_name="place", lookup_expr="icontains", max_length=120
    )
    district = django_filters.ModelChoiceFilter(
        label=_("Neighbourhood"),
        queryset=District.objects.none(),
        empty_label=_("all"),
        null_label=_("none of ours"),
    )
    reason = django_filters.ChoiceFilter(
        label=_("Reason"), choices=DeclineReason, empty_label=_("all")
    )
    topic = django_filters.ModelChoiceFilter(
        label=_("Topic"), queryset=Topic.objects.all(), empty_label=_("all")
    )
    since = django_filters.DateFilter(
        label=_("From"), field_name="on", lookup_expr="gte", widget=DateInput
    )
    until = django_filters.DateFilter(
        label=_("Until"), field_name="on", lookup_expr="lte", widget=DateInput
    )

    class Meta:
        model = DeclinedRequest
        fields = []

    def __init__(self, data, *, user):
        requests = DeclinedRequest.objects.visible_to(user)
        super().__init__(data, queryset=requests)
        used = requests.exclude(district=None).order_by().values("district")
        areas = District.objects.filter(pk__in=used).defer("outline")
        self.filters["district"].extra["queryset"] = areas
        self.form.fields["district"].queryset = areas

    @property
    def rows(self):
        """The rows asked for, newest first; none for a faulty question."""
        if self.is_bound and not self.is_valid():
            return self.queryset.none()
        return self.qs


class VisitFilter(django_filters.FilterSet):
    """Of the visits, those somebody asks for."""

    q = django_filters.CharFilter(label=_("Search for"), method="search", max_length=200)
    project = django_filters.ModelChoiceFilter(
        label=_("Project"), queryset=Project.objects.none(), empty_label=_("all")
    )
    district = django_filters.ModelChoiceFilter(
        label=_("Neighbourhood"),
        queryset=District.objects.none(),
        empty_label=_("all"),
        null_label=_("none of ours"),
    )
    advisor = django_filters.ModelChoiceFilter(
        label=_("Visited by"), queryset=User.objects.none(), empty_label=_("everyone")
    )
    mood = django_filters.ChoiceFilter(label=_("Mood"), choices=Mood, empty_label=_("all"))
    join = django_filters.ChoiceFilter(
        label=_("Wants to join"),
        field_name="wants_to_join",
        choices=WantsToJoin.choices[1:],
        empty_label=_("all"),
    )
    contact = django_filters.ChoiceFilter(
        label=_("Further contact"),
        method="barred",
        choices=[("barred", _("not wanted"))],
        empty_label=_("all"),
    )
    since = django_filters.DateFilter(
        label=_("From"), field_name="visited_on", lookup_expr="gte", widget=DateInput
    )
    until = django_filters.DateFilter(
        label=_("Until"), field_name="visited_on", lookup_expr="lte", widget=DateInput
    )

    class Meta:
        model = Visit
        fields = []

    def __init__(self, data, *, user):
        visits = Visit.objects.visible_to(user)
        super().__init__(data, queryset=visits)
        used = visits.exclude(district=None).order_by().values("district")
        offered = {
            "project": Project.objects.visible_to(user).defer("purpose"),
            "district": District.objects.filter(pk__in=used).defer("outline"),
            "advisor": User.objects.filter(pk__in=visits.order_by().values("advisor")),
        }
        for name, rows in offered.items():
            self.filters[name].extra["queryset"] = rows
            self.form.fields[name].queryset = rows

    def search(self, rows, name, typed):
        """Find by name, address, situation, need and condition; never in notes."""
        return rows.mentioning(typed)

    def barred(self, rows, name, chosen):
        return rows.barring()

    @property
    def rows(self):
        """The rows asked for, newest first; none for a faulty question."""
        if self.is_bound and not self.is_valid():
            return self.queryset.none()
        return self.qs.newest_first()


class ParticipantFilter:
    """Of a project's participants, those somebody asks for: by name, and by what is to do."""

    class Form(forms.Form):
        q = forms.CharField(label=_("Name"), required=False, max_length=150)
        state = forms.ChoiceField(
            label=_("What is to do"),
            required=False,
            choices=[("", _("all")), *State.choices],
        )

    def __init__(self, data):
        self.form = self.Form(data or None)

    def pick(self, lines):
        """The lines asked for; none for a faulty question."""
        if not self.form.is_bound:
            return lines
        if not self.form.is_valid():
            return []
        like, state = fold(self.form.cleaned_data["q"]), self.form.cleaned_data["state"]
        return [
            line
            for line in lines
            if like in fold(line.participation.person.name) and (not state or state in line.states)
        ]
