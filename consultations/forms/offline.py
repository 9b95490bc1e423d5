"""The form of a visit as a phone keeps it: what it suggests travels with it."""

from best_portal.widgets import Picked, SuggestedInput
from consultations.forms.visits import VisitForm

# Enough for a few streets; more would be a copy of the files on every phone.
MOST_NAMES = 200


class KeptPlaceInput(SuggestedInput):
    """A text field that sends what a combobox sends that nothing was picked in."""

    def format_value(self, value):
        return value.text if isinstance(value, Picked) else super().format_value(value)

    def get_context(self, name, value, attrs):
        return super().get_context(f"{name}_text", value, attrs)


class OfflineVisitForm(VisitForm):
    """No search, no draft: names of files in the areas of one's own running projects."""

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, by=by, **kwargs)
        # The phone makes a new key for each entry.
        self.initial["client_key"] = ""
        place = self.fields["organisation"]
        near = place.queryset.filter(district__projects__in=self.fields["project"].queryset)
        names = near.order_by("sort_name").values_list("name", flat=True).distinct()
        place.widget = KeptPlaceInput({"required": True})
        place.widget.suggestions = names[:MOST_NAMES]
