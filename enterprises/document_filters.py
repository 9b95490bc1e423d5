"""Which papers a list shows: every filter is a part of the address."""

import django_filters
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from best_portal.db import fold
from best_portal.widgets import DateInput
from enterprises.models import Document, DocumentKind, Organisation
from enterprises.operation_filters import OrganisationFilter

STATES = {
    "expired": (_("expired"), lambda rows: rows.expired()),
    "expiring": (_("ending within 60 days"), lambda rows: rows.expiring()),
    "all": (_("all"), lambda rows: rows.valid()),
    "removed": (_("in the bin"), lambda rows: rows.removed()),
}


class DocumentFilter(django_filters.FilterSet):
    """Of the papers those that have ended or end soon, unless somebody asks for others."""

    q = django_filters.CharFilter(label=_("Title or file"), method="search", max_length=200)
    organisation = OrganisationFilter(
        label=_("Organisation"),
        field_name="organisation",
        queryset=Organisation.objects.none(),
        search_url="consultations:organisation_search",
    )
    kind = django_filters.ChoiceFilter(
        label=_("Kind of paper"), choices=DocumentKind, empty_label=_("all")
    )
    state = django_filters.ChoiceFilter(
        label=_("State"),
        method="in_state",
        empty_label=_("expired or ending within 60 days"),
        choices=[(name, label) for name, (label, _rows) in STATES.items()],
    )
    until = django_filters.DateFilter(
        label=_("Ends by"), field_name="valid_until", lookup_expr="lte", widget=DateInput
    )

    class Meta:
        model = Document
        fields = []

    def __init__(self, data, *, user):
        super().__init__(data, queryset=Document.objects.visible_to(user))
        organisations = Organisation.objects.visible_to(user)
        self.filters["organisation"].extra["queryset"] = organisations
        self.form.fields["organisation"].queryset = organisations

    def search(self, rows, name, typed):
        typed = " ".join(typed.split())
        return rows.filter(
            Q(sort_title__contains=fold(typed)) | Q(versions__name__icontains=typed)
        ).distinct()

    def in_state(self, rows, name, chosen):
        _label, narrowed = STATES[chosen]
        return narrowed(rows)

    @property
    def rows(self):
        """The papers asked for, those that end first at the top; none for a faulty question."""
        if not self.is_valid():
            return self.queryset.none()
        cleaned = self.form.cleaned_data
        # Whoever names a day has said which ends are meant.
        if cleaned.get("state"):
            rows = self.qs
        elif cleaned.get("until"):
            rows = self.qs.valid()
        else:
            rows = self.qs.to_renew()
        return rows.ending_first()
