"""CalendarFeed: the secret address at which an advisor's calendar program reads appointments."""

import hashlib
import secrets
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.db import explained, take_turns
from consultations.calendar import feed_file
from consultations.models.appointments import Appointment
from consultations.models.booking import AppointmentStatus

# What a feed holds: calendar programs keep what they have read.
BACK = timedelta(days=30)
AHEAD = timedelta(days=366)
SHOWN = (AppointmentStatus.BOOKED, AppointmentStatus.TOOK_PLACE)


def digest_of(token):
    """The token itself is known to nobody but the advisor's calendar program."""
    return hashlib.sha256(token.encode()).hexdigest()


class CalendarFeedQuerySet(models.QuerySet):
    def of(self, advisor):
        """The feed of this advisor, or None."""
        return self.filter(advisor=advisor).first()

    def opened_by(self, token):
        """The feed this token opens, or None; that of somebody who left opens no more.

        What is compared are digests, so that the time an answer takes says nothing.
        """
        return (
            self.filter(
                token_digest=digest_of(token), advisor__is_active=True, advisor__role=Role.ADVISOR
            )
            .select_related("advisor")
            .first()
        )

    @transaction.atomic
    def renew(self, *, by):
        """Give the advisor a new token, the only time it can be seen; an earlier one is void."""
        token = secrets.token_urlsafe(32)
        with explained(self.model):
            take_turns(f"calendar-feed-{by.pk}")
            feed, created = self.update_or_create(
                advisor=by,
                defaults={"token_digest": digest_of(token), "renewed_at": timezone.now()},
            )
        verb = "calendar_feed.created" if created else "calendar_feed.renewed"
        Event.objects.record(actor=by, verb=verb, subject=feed)
        return token


class CalendarFeed(models.Model):
    """Kalenderadresse: what an advisor's own calendar program may read, without names at first."""

    advisor = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="calendar_feed"
    )
    token_digest = models.CharField(max_length=64, editable=False)
    has_names = models.BooleanField(_("with names"), default=False)
    renewed_at = models.DateTimeField(editable=False)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("calendar address")
        verbose_name_plural = _("calendar addresses")
        constraints = [
            models.UniqueConstraint(
                fields=["token_digest"],
                name="consultations_calendarfeed_one_per_token",
                violation_error_message=_("Please ask for a new address once more."),
            ),
            models.CheckConstraint(
                name="consultations_calendarfeed_token_is_hashed",
                condition=Q(token_digest__regex="^[0-9a-f]{64}$"),
                violation_error_message=_("Please ask for a new address once more."),
            ),
        ]

    def __str__(self):
        return str(self.advisor)

    def file(self):
        """The calendar file as it is now: a month back, a year ahead, nothing cancelled."""
        now = timezone.now()
        appointments = (
            Appointment.objects.of_advisor(self.advisor)
            .filter(status__in=SHOWN, starts_at__range=(now - BACK, now + AHEAD))
            .for_agenda()
        )
        return feed_file(appointments, has_names=self.has_names, language=self.advisor.language)

    @transaction.atomic
    def show_names(self, has_names, *, by):
        """Say with whom, or only that the time is taken."""
        self.has_names = has_names
        self.save(update_fields=["has_names"])
        Event.objects.record(
            actor=by, verb="calendar_feed.changed", subject=self, has_names=has_names
        )

    @transaction.atomic
    def revoke(self, *, by):
        """Close the address at once and for good."""
        Event.objects.record(actor=by, verb="calendar_feed.revoked", subject=self)
        self.delete()
