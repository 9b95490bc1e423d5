"""How people ask for reminders by text message: a mobile number, or none."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.utils.translation import gettext_lazy as _

from best_portal.outbox.numbers import international
from best_portal.outbox.sms import is_offered


class MobileField(forms.CharField):
    """A mobile number as people write it; the value is in E.164, or empty."""

    widget = forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"})

    def __init__(self, **kwargs):
        options = {
            "label": _("Mobile number for a reminder by SMS"),
            "required": False,
            "max_length": 40,
            "help_text": _("If you want one: it comes a day and two hours before."),
        }
        super().__init__(**options | kwargs)

    def clean(self, value):
        typed = super().clean(value)
        return international(typed) if typed else ""


def offer_sms(form, name="mobile"):
    """Take the question out of a form where no gateway sends text messages."""
    if not is_offered():
        del form.fields[name]


class SmsForm(forms.Form):
    """The number, on a page of its own; emptied, the reminders come by mail again."""

    mobile = MobileField(
        help_text=_("Reminders and changes by us come here. Empty it, and no SMS comes.")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("save", _("Save")))
