"""The log form: five fields first, everything else filled in as far as it is known."""

import uuid

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.db import take_turns
from consultations.forms.consultation import ConsultationForm
from consultations.models import (
    Appointment,
    Consultation,
    ConsultationKind,
)
from enterprises.models import Organisation


class LogForm(ConsultationForm):
    """A consultation that is new: who sends the form twice has logged it once."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    appointment = forms.ModelChoiceField(Appointment.objects.none(), widget=forms.HiddenInput)

    REQUIRED = (*ConsultationForm.REQUIRED, "form_key")

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, by=by, **kwargs)
        self.fields["appointment"].queryset = Appointment.objects.editable_by(by)
        self.fields["form_key"].initial = uuid.uuid4
        self.fields["held_on"].initial = timezone.localdate
        self.fields["kind"].initial = ConsultationKind.ADVICE
        self.fields["advisors"].initial = [by.pk]
        if not self.is_bound:
            first = "length" if self.initial.get("organisation") else "organisation"
            self.fields[first].widget.attrs["autofocus"] = True

    def clean(self):
        cleaned = super().clean()
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
        return consultation
