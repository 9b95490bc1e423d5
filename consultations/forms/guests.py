"""The forms of booking without an account: six plain questions, a time, a way to reach people."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Language
from best_portal.outbox.numbers import international
from consultations.forms.text_messages import offer_sms
from consultations.models import Channel, Project, Topic
from consultations.models.guests import Need
from districts.models import District
from enterprises.models import Stage

ELSEWHERE, UNKNOWN = "elsewhere", "unknown"
STAGES = [choice for choice in Stage.choices if choice[0] != Stage.GIVEN_UP]
CHANNELS = [Channel.OFFICE, Channel.PHONE, Channel.VIDEO]


def funded_districts():
    """The neighbourhoods some project works in today."""
    running = Project.objects.running_on(timezone.localdate())
    return District.objects.filter(projects__in=running).defer("outline").distinct()


class AboutForm(forms.Form):
    """What about: where, how far, which topic, in which language, with what help, how to meet."""

    place = forms.ChoiceField(label=_("Where is it, or where shall it be?"))
    place_text = forms.CharField(
        label=_("If it is elsewhere: where?"), max_length=120, required=False
    )
    stage = forms.ChoiceField(label=_("How far are you?"), choices=STAGES, initial=Stage.IDEA)
    topic = forms.ModelChoiceField(
        Topic.objects.all(),
        label=_("What is it about?"),
        required=False,
        empty_label=_("Something else, or not clear yet"),
    )
    language = forms.ChoiceField(
        label=_("In which language shall we write to you?"), choices=Language
    )
    needs = forms.MultipleChoiceField(
        label=_("Do you need any of these?"),
        choices=Need,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    channel = forms.ChoiceField(label=_("How do you want to meet?"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = [
            ("", _("Please choose")),
            *((str(row.pk), row.name) for row in funded_districts()),
            (UNKNOWN, _("Not clear yet")),
            (ELSEWHERE, _("Elsewhere")),
        ]
        self.fields["channel"].choices = [
            ("", _("Any way")),
            *((channel.value, channel.label) for channel in CHANNELS),
        ]
        self.helper = FormHelper()
        self.helper.add_input(Submit("go_on", _("Continue")))

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("place") == ELSEWHERE and not cleaned.get("place_text"):
            self.add_error("place_text", _("Write where: a street, a quarter or a town."))
        return cleaned

    @property
    def is_elsewhere(self):
        return self.cleaned_data["place"] == ELSEWHERE

    @property
    def answers(self):
        """What the session keeps until the booking is made."""
        cleaned = self.cleaned_data
        place, topic = cleaned["place"], cleaned["topic"]
        return {
            "district_id": None if place == UNKNOWN else int(place),
            "topic_id": topic.pk if topic else None,
            "channel": cleaned["channel"],
        } | {name: cleaned[name] for name in ("stage", "language", "needs")}


class ContactForm(forms.Form):
    """Who, and how to reach them; the last field is for robots only."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("Your e-mail address"),
        required=False,
        help_text=_("We send you a link to confirm. No e-mail? Then give a phone number."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    phone = forms.RegexField(
        r"^[0-9+()/ .-]{5,40}$",
        label=_("Your phone number"),
        required=False,
        error_messages={"invalid": _("Write the number with digits, such as 030 1234567.")},
        widget=forms.TextInput(attrs={"autocomplete": "tel", "inputmode": "tel"}),
    )
    sms = forms.BooleanField(
        label=_("Remind me by SMS, at this mobile number"),
        required=False,
    )
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "tabindex": "-1"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        offer_sms(self, "sms")
        self.helper = FormHelper()
        self.helper.add_input(Submit("book", _("Book this appointment")))

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("sms") and "phone" in cleaned:
            self.clean_mobile(cleaned)
        if not self.errors and not cleaned.get("email") and not cleaned.get("phone"):
            self.add_error("email", _("Give an e-mail address or a phone number."))
        return cleaned

    def clean_mobile(self, cleaned):
        try:
            cleaned["mobile"] = international(cleaned["phone"])
        except ValidationError as refusal:
            self.add_error("phone", refusal)

    @property
    def is_by_a_robot(self):
        return bool(self.data.get("website"))

    @property
    def contact(self):
        names = ("name", "email", "phone", "mobile")
        return {name: self.cleaned_data.get(name, "") for name in names}
