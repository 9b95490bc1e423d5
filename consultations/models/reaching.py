"""Reaching: how the person of an appointment is told, by mail, by text message, by their link."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from best_portal.audit.models import Event
from best_portal.db import explained
from best_portal.outbox.sms import is_offered
from consultations.models.booking import ToldBy


class ReachingMixin:
    """What an appointment knows of the ways to its person."""

    @property
    def mail_to_person(self):
        """Where letters to the person go; empty where they are told otherwise."""
        return self.person.email if self.person and self.told_by == ToldBy.MAIL else ""

    @property
    def sms_to_person(self):
        """Where text messages to the person go; empty where they want none or none are offered."""
        return self.mobile if is_offered() else ""

    @property
    def person_url(self):
        """Where the person finds it: by their link where they booked without an account."""
        guest = getattr(self, "guest", None)
        return guest.get_absolute_url() if guest and guest.token else self.get_absolute_url()

    @property
    def may_choose_sms(self):
        """Whether there is anything left to be reminded of, and a way to do it."""
        return is_offered() and self.is_open and not self.is_past

    @transaction.atomic
    def remind_by_sms(self, *, by, mobile):
        """Send reminders to this number instead of by mail; without one, by mail again.

        Refuses what is over or cancelled.
        """
        if not self.may_choose_sms:
            raise ValidationError(_("There is no reminder for this appointment any more."))
        with explained(type(self)):
            type(self).objects.filter(pk=self.pk).update(mobile=mobile)
        self.mobile = mobile
        verb = "appointment.sms_chosen" if mobile else "appointment.sms_dropped"
        Event.objects.record(actor=by, verb=verb, subject=self)
