"""The next appointment in the log form: with the same person and advisor, at a free time."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from consultations.models import Appointment, OfficeHours, ToldBy
from consultations.models.office_hours import HORIZON, NOT_FREE
from enterprises.models import Person

MOST_TIMES = 40


def key_of(time):
    """What stands for a free time in the form."""
    return f"{time.office_hours.pk}@{time.starts_at.timestamp():.0f}"


def written(time):
    """A free time as people read it: when, and where."""
    when = date_format(timezone.localtime(time.starts_at), "D, d.m.Y, H:i")
    where = time.office_hours.place or time.office_hours.get_channel_display()
    return f"{when}, {where}"


class NextTimeForm(forms.Form):
    """Mixin for the log form: `next_time` is booked together with what is logged, or neither is."""

    next_time = forms.ChoiceField(
        label=_("Next appointment"), error_messages={"invalid_choice": NOT_FREE}
    )
    next_with = forms.ModelChoiceField(
        Person.objects.none(),
        label=_("With whom"),
        empty_label=_("whoever was there"),
        help_text=_("needed only where several were there"),
    )

    def known_of(self, organisation):
        super().known_of(organisation)
        self.fields["next_with"].queryset = self.fields["people"].queryset

    def offer_times(self, advisor):
        """Offer the next free times of an advisor, alone or in a team."""
        today = timezone.localdate()
        hours = OfficeHours.objects.visible_to(self.by).with_on_duty([advisor])
        times = hours.free_times(today, today + HORIZON)
        mine = [time for time in times if advisor in time.advisors][:MOST_TIMES]
        self.times = {key_of(time): time for time in mine}
        self.next_advisor = advisor
        self.fields["next_time"].choices = [
            ("", _("not yet")),
            *((key, written(time)) for key, time in self.times.items()),
        ]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("next_time") and self.whom_next() is None:
            self.add_error("next_with", _("Say with whom the next appointment is."))
        return cleaned

    def whom_next(self):
        """With whom: the person chosen, else the only one who was there, else as last time."""
        people = list(self.cleaned_data.get("people") or [])
        if chosen := self.cleaned_data.get("next_with"):
            return chosen
        if len(people) == 1:
            return people[0]
        appointment = self.cleaned_data.get("appointment")
        return appointment.person if appointment and not people else None

    def book_next(self, consultation):
        """Book the time chosen; refuses with the words of the booking, at the field."""
        time = self.times.get(self.cleaned_data.get("next_time"))
        if time is None:
            return None
        person = self.whom_next()
        try:
            return Appointment.objects.book_for(
                by=self.by,
                form_key=uuid.uuid5(self.cleaned_data["form_key"], "next"),
                person=person,
                organisation=consultation.organisation,
                office_hours=time.office_hours,
                starts_at=time.starts_at,
                concern=consultation.next_step,
                told_by=ToldBy.MAIL if person.email else ToldBy.NOBODY,
                prefer=self.next_advisor,
            )
        except ValidationError as refusal:
            raise ValidationError({"next_time": refusal.messages}) from refusal
