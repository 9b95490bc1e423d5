"""Which forums and which decisions a list shows: every filter is a part of the address."""

import django_filters
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from districts.models import District
from enterprises.models import Decision, Forum, ForumKind


class Shown(TextChoices):
    CURRENT = "current", _("those that meet today")
    ALL = "all", _("all, also former ones")


class ForumFilter(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=ForumKind, empty_label=_("all"))
    area = django_filters.ModelChoiceFilter(
        label=_("Neighbourhood"),
        queryset=District.objects.defer("outline"),
        field_name="districts",
        empty_label=_("all"),
    )
    shown = django_filters.ChoiceFilter(
        label=_("Shown"),
        choices=Shown.choices[1:],
        empty_label=Shown.CURRENT.label,
        method="former_too",
    )

    class Meta:
        model = Forum
        fields = []

    def __init__(self, data, *, user):
        super().__init__(data, queryset=Forum.objects.visible_to(user))

    def former_too(self, rows, name, chosen):
        return rows

    @property
    def rows(self):
        if self.is_bound and not self.is_valid():
            return self.queryset.none()
        shown = self.form.cleaned_data.get("shown") if self.is_bound else ""
        return (self.qs if shown else self.qs.current()).distinct().for_list()


class DecisionState(TextChoices):
    OPEN = "", _("open")
    OVERDUE = "overdue", _("overdue")
    SETTLED = "settled", _("done or dropped")
    ALL = "all", _("all")


class DecisionFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        label=_("Status"),
        choices=DecisionState.choices[1:],
        empty_label=DecisionState.OPEN.label,
        method="in_state",
    )
    forum = django_filters.ModelChoiceFilter(
        label=_("Forum"),
        queryset=Forum.objects.all(),
        field_name="meeting__forum",
        empty_label=_("all"),
    )

    class Meta:
        model = Decision
        fields = []

    def __init__(self, data, *, user):
        super().__init__(data, queryset=Decision.objects.visible_to(user))

    def in_state(self, rows, name, state):
        match state:
            case DecisionState.OVERDUE:
                return rows.overdue()
            case DecisionState.SETTLED:
                return rows.settled()
        return rows

    @property
    def rows(self):
        if self.is_bound and not self.is_valid():
            return self.queryset.none()
        state = self.form.cleaned_data.get("state") if self.is_bound else ""
        return (self.qs if state else self.qs.open()).for_list().soonest_first()
