"""Which promises and quiet cases a list shows: every filter is in the address."""

from datetime import timedelta

import django_filters
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from best_portal.accounts.models import Role, User
from best_portal.widgets import DateInput
from consultations.filters import OrganisationFilter
from consultations.models import Consultation, Promise, Promiser, SupportCase
from enterprises.models import Organisation

DAY = timedelta(days=1)


class State(models.TextChoices):
    """What a list of promises shows instead of the open ones, which it begins with."""

    OVERDUE = "overdue", _("overdue")
    WITHOUT_DATE = "without_date", _("without a date")
    KEPT = "kept", pgettext_lazy("a promise", "kept")
    DROPPED = "dropped", _("dropped")
    ALL = "all", _("all")


class WhoseFilter(django_filters.FilterSet):
    """An advisor begins with the own rows, whoever leads the team with everybody's."""

    whose = django_filters.ChoiceFilter(
        label=_("Whose"), choices=[("team", _("the team’s"))], empty_label=_("mine")
    )
    advisor = django_filters.ModelChoiceFilter(
        label=_("Responsible"), queryset=User.objects.none(), empty_label=_("everyone")
    )

    def __init__(self, data, *, user, queryset):
        self.user = user
        super().__init__(data, queryset=queryset)
        self.offer("advisor", User.objects.staff())
        if user.role == Role.MANAGER:
            del self.form.fields["whose"]

    def offer(self, name, rows):
        self.filters[name].extra["queryset"] = rows
        self.form.fields[name].queryset = rows

    @property
    def who(self):
        """The advisor whose rows are asked for, or None for everybody's."""
        asked = self.form.cleaned_data
        return asked["advisor"] or (None if asked.get("whose", "team") else self.user)

    def filter_queryset(self, queryset):
        return queryset.of_advisor(self.who) if self.who else queryset

    @property
    def rows(self):
        """The rows asked for; none for a faulty question."""
        return self.qs if self.is_valid() else self.queryset.none()


class PromiseFilter(WhoseFilter):
    """Of the promises somebody may see, those they ask for, the soonest first."""

    state = django_filters.ChoiceFilter(label=_("Status"), choices=State, empty_label=_("open"))
    organisation = OrganisationFilter(
        label=_("Organisation"),
        queryset=Organisation.objects.none(),
        search_url="consultations:organisation_search",
    )
    promiser = django_filters.ChoiceFilter(
        label=_("Promised by"), choices=Promiser, empty_label=_("both sides")
    )
    until = django_filters.DateFilter(
        label=_("Due until"), field_name="due_on", lookup_expr="lte", widget=DateInput
    )

    class Meta:
        model = Promise
        fields = []

    def __init__(self, data, *, user):
        super().__init__(data, user=user, queryset=Promise.objects.visible_to(user))
        self.offer("organisation", Organisation.objects.visible_to(user))

    def filter_queryset(self, queryset):
        asked = self.form.cleaned_data
        # Each state is called like the adjective that finds it.
        rows = getattr(super().filter_queryset(queryset), asked["state"] or "open")()
        for name in ("organisation", "promiser", "until"):
            rows = self.filters[name].filter(rows, asked[name])
        return rows.soonest_first()

    @property
    def steps(self):
        """The next steps of consultations that answer the same question."""
        steps = Consultation.objects.visible_to(self.user).with_open_step()
        asked = self.form.cleaned_data if self.is_valid() else {"state": None}
        if asked["state"] not in ("", State.OVERDUE, State.ALL) or asked["promiser"]:
            return steps.none()
        if self.who:
            steps = steps.to_go_on_by(self.who)
        if asked["state"] == State.OVERDUE:
            steps = steps.step_due_until(timezone.localdate() - DAY)
        if asked["until"]:
            steps = steps.step_due_until(asked["until"])
        return (
            self.filters["organisation"].filter(steps, asked["organisation"]).soonest_step_first()
        )


class QuietFilter(WhoseFilter):
    """Of the cases gone quiet, those somebody asks for, the longest quiet first."""

    class Meta:
        model = SupportCase
        fields = []

    def __init__(self, data, *, user):
        cases = SupportCase.objects.visible_to(user).quiet().longest_first()
        super().__init__(data, user=user, queryset=cases)
