"""The form of what an unpaid hour is valued at."""

from best_portal.widgets import DateInput, NumberField
from enterprises.forms.base import RuleForm
from enterprises.models import UnpaidWorkRate


class UnpaidWorkRateForm(RuleForm):
    class Meta:
        model = UnpaidWorkRate
        fields = ["euros_per_hour", "starts_on", "ends_on", "source"]
        field_classes = {"euros_per_hour": NumberField}
        widgets = {"starts_on": DateInput, "ends_on": DateInput}
