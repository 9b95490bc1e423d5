"""Which offers and needs, agreements and contributions a list shows; all of it in the address."""

import django_filters
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from districts.models import District
from enterprises.models import Agreement, Contribution, Resource, ResourceKind, Side

FIRST_YEAR, LAST_YEAR = 1990, 2100


def areas():
    return District.objects.defer("outline")


class LocalFilter(django_filters.FilterSet):
    """What they share: nothing is shown for a question that cannot be understood."""

    def answer(self, rows):
        return rows

    @property
    def rows(self):
        if self.is_bound and not self.is_valid():
            return self.queryset.none()
        return self.answer(self.qs)

    def asked(self, name):
        return self.form.cleaned_data.get(name) if self.is_bound else None


class ResourceState(TextChoices):
    OPEN = "", _("open")
    ALL = "all", _("all, also settled ones and those that are over")


class ResourceFilter(LocalFilter):
    side = django_filters.ChoiceFilter(
        label=_("Offer or need"), choices=Side, empty_label=_("both")
    )
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=ResourceKind, empty_label=_("all"))
    area = django_filters.ModelChoiceFilter(
        label=_("Neighbourhood"), queryset=areas(), empty_label=_("all"), method="for_area"
    )
    state = django_filters.ChoiceFilter(
        label=_("Shown"),
        choices=ResourceState.choices[1:],
        empty_label=ResourceState.OPEN.label,
        method="as_it_is",
    )

    class Meta:
        model = Resource
        fields = []

    def __init__(self, data, *, user):
        super().__init__(data, queryset=Resource.objects.visible_to(user))

    def as_it_is(self, rows, name, value):
        return rows

    def for_area(self, rows, name, area):
        """Those for this area, and those for everywhere."""
        return rows.in_areas([area.pk])

    def answer(self, rows):
        return (rows if self.asked("state") else rows.open()).for_list().newest_first()


class AgreementFilter(LocalFilter):
    area = django_filters.ModelChoiceFilter(
        label=_("Neighbourhood"),
        queryset=areas(),
        field_name="districts",
        empty_label=_("all"),
    )
    state = django_filters.ChoiceFilter(
        label=_("Shown"),
        choices=[("over", _("ended")), ("all", _("all"))],
        empty_label=_("in force or to come"),
        method="as_it_is",
    )

    class Meta:
        model = Agreement
        fields = []

    def __init__(self, data, *, user):
        super().__init__(data, queryset=Agreement.objects.visible_to(user))

    def as_it_is(self, rows, name, value):
        return rows.over() if value == "over" else rows

    def answer(self, rows):
        return (rows if self.asked("state") else rows.current()).for_list()


class ContributionFilter(LocalFilter):
    year = django_filters.NumberFilter(
        label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR, method="in_year"
    )
    area = django_filters.ModelChoiceFilter(
        label=_("Neighbourhood"),
        queryset=areas(),
        field_name="district",
        empty_label=_("all"),
    )
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=ResourceKind, empty_label=_("all"))

    class Meta:
        model = Contribution
        fields = []

    def __init__(self, data, *, user):
        super().__init__(data, queryset=Contribution.objects.visible_to(user))

    def in_year(self, rows, name, year):
        return rows.of_year(int(year))

    def answer(self, rows):
        return rows.newest_first()
