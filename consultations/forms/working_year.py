"""The form of how many hours a full-time year counts."""

from best_portal.widgets import DateInput, NumberField
from consultations.models import ProductiveHours
from enterprises.forms.base import RuleForm


class ProductiveHoursForm(RuleForm):
    class Meta:
        model = ProductiveHours
        fields = ["hours", "full_week", "starts_on", "ends_on", "source"]
        field_classes = {"full_week": NumberField}
        widgets = {"starts_on": DateInput, "ends_on": DateInput}
