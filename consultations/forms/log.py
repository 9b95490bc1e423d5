"""The log form: five fields first, everything else filled in as far as it is known."""

import uuid

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.conflicts import shown
from best_portal.db import take_turns
from consultations.forms.cautious import Cautious
from consultations.forms.consultation import ConsultationForm
from consultations.forms.next_time import NextTimeForm
from consultations.forms.text_blocks import InsertsBlocks
from consultations.known import last_with, row_of, same_as
from consultations.models import (
    Appointment,
    Consultation,
    ConsultationKind,
    Timer,
)
from enterprises.models import Organisation

# What the summary of an appointment's log tells, in this order.
SUMMARY = (
    "organisation",
    "held_on",
    "start",
    "end",
    "kind",
    "channel",
    "place",
    "project",
    "people",
    "advisors",
)


class LogForm(InsertsBlocks, NextTimeForm, Cautious, ConsultationForm):
    """A consultation that is new: who sends the form twice has logged it once."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    appointment = forms.ModelChoiceField(Appointment.objects.none(), widget=forms.HiddenInput)

    timer = forms.ModelChoiceField(Timer.objects.none(), widget=forms.HiddenInput)

    NEXT = (*ConsultationForm.NEXT, "next_time", "next_with")
    REQUIRED = (*ConsultationForm.REQUIRED, "form_key")

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, by=by, **kwargs)
        self.booked = None
        self.fields["appointment"].queryset = Appointment.objects.editable_by(by)
        self.fields["form_key"].initial = uuid.uuid4
        self.fields["held_on"].initial = timezone.localdate
        self.fields["kind"].initial = ConsultationKind.ADVICE
        self.fields["advisors"].initial = [by.pk]
        self.fields["timer"].queryset = Timer.objects.visible_to(by).open().stopped()
        appointment = self.appointment_in_question()
        self.offer_times(appointment.advisor if appointment else by)
        if not self.is_bound:
            self.fields[self._first()].widget.attrs["autofocus"] = True

    def _first(self):
        """Where typing begins: with the first thing that is not known yet."""
        if not self.initial.get("organisation"):
            return "organisation"
        return "internal_note" if self.is_of_appointment else "length"

    # --- an appointment that took place ---

    def appointment_in_question(self):
        """The appointment the form logs, or None."""
        given = self.data if self.is_bound else self.initial
        key = getattr(given.get("appointment"), "pk", given.get("appointment"))
        return row_of(self.fields["appointment"].queryset.select_related("advisor"), key)

    @property
    def is_of_appointment(self):
        """Whether the form logs an appointment: then nearly everything is known beforehand."""
        return self.appointment_in_question() is not None

    @property
    def forgotten_timer(self):
        """The timer that ran so long that nobody advised all the time, or None."""
        given = self.data if self.is_bound else self.initial
        key = getattr(given.get("timer"), "pk", given.get("timer"))
        timer = row_of(self.fields["timer"].queryset, key)
        return timer if timer and timer.ran_long else None

    @property
    def asks_whom(self):
        """Whether the organisation is one of the fields asked, because nobody named it before."""
        return self.organisation_in_question() is None

    @property
    def rest_is_open(self):
        """Whether the summary must be unfolded, because something is to be done in it."""
        if not self.is_bound:
            return self.is_resumed
        asked = {"internal_note", "result", "names_confirmed", "cautions_confirmed", *self.NEXT}
        return bool(self.errors.keys() - asked)

    @property
    def summary(self):
        """What is filled in, in words: whom with, when, how, for which project, who was there.

        Nothing of a draft, which is shown unfolded and may hold anything.
        """
        if self.is_resumed:
            return []
        given = self.cleaned_data if self.is_bound else self.initial
        values = {name: given.get(name, self[name].initial) for name in SUMMARY}
        words = [shown(self.fields[name], value) for name, value in values.items()]
        return [word for word in words if word]

    # --- like last time ---

    def take_over(self):
        """Take what the last consultation with this organisation was like; return it, or None.

        Where start and end are known already, they stay.
        """
        last = last_with(self.by, self.organisation_in_question())
        if last:
            values = same_as(last, self.by)
            if self["end"].value():
                del values["length"]
            else:
                values["start"] = None
            self.initial |= values
            self.fields["internal_note"].widget.attrs["autofocus"] = True
        return last

    # --- saving ---

    def clean(self):
        cleaned = super().clean()
        # Discarded in another window: that is no reason not to log.
        self._errors.pop("timer", None)
        if "advisors" in cleaned and not cleaned["advisors"]:
            self.add_error("advisors", _("Say who advised."))
        return cleaned

    def logged_before(self):
        """The consultation this very form has logged already, or None."""
        try:
            key = uuid.UUID(str(self.data.get("form_key", "")))
        except ValueError:
            return None
        return Consultation.objects.visible_to(self.by).filter(form_key=key).first()

    @transaction.atomic
    def log(self):
        """Log the consultation, with the organisation and the appointment that belong to it."""
        fields = self.as_fields()
        key = self.cleaned_data["form_key"]
        take_turns(key)
        if earlier := self.logged_before():
            return earlier
        if not fields["organisation"] and (name := self.cleaned_data["new_name"]):
            fields["organisation"] = Organisation.objects.register(
                by=self.by,
                name=name,
                kind=self.cleaned_data["new_kind"],
                district=fields["district"],
                since=fields["held_on"],
            )
        consultation = Consultation.objects.log(by=self.by, form_key=key, **fields)
        if appointment := self.cleaned_data.get("appointment"):
            appointment.become(consultation, by=self.by)
        if timer := self.cleaned_data.get("timer"):
            timer.become(consultation, by=self.by)
        self.booked = self.book_next(consultation)
        return consultation
