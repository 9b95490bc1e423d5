"""What people look for in the directory: every filter is a part of the address."""

from django import forms
from django.utils.translation import gettext_lazy as _

from districts.models import District
from enterprises.models import Entry, OrganisationKind


class DirectoryFilter(forms.Form):
    """Words, areas, kind and criteria; several areas are united, not cut with each other."""

    q = forms.CharField(label=_("Name or word"), max_length=200, required=False)
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[("", _("all")), *OrganisationKind.choices], required=False
    )
    criteria = forms.BooleanField(
        label=_("meets all four criteria of a social enterprise"), required=False
    )
    area = forms.ModelMultipleChoiceField(
        District.objects.none(),
        label=_("Neighbourhoods"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Of several, you see the enterprises of each."),
    )

    def __init__(self, data):
        super().__init__(data or None)
        self.public = Entry.objects.public()
        areas = District.objects.filter(pk__in=self.public.order_by().values("district"))
        self.fields["area"].queryset = areas.defer("outline").order_by("sort_name", "starts_on")

    @property
    def rows(self):
        """The public entries asked for; none where the question makes no sense."""
        if not self.is_bound:
            return self.public
        if not self.is_valid():
            return self.public.none()
        asked, rows = self.cleaned_data, self.public.answering(self.cleaned_data["q"])
        if asked["kind"]:
            rows = rows.filter(kind=asked["kind"])
        if asked["area"]:
            rows = rows.in_areas([area.pk for area in asked["area"]])
        return rows.meeting_all_criteria() if asked["criteria"] else rows

    @property
    def chosen_areas(self):
        return len(self.cleaned_data["area"]) if self.is_bound and self.is_valid() else 0
