"""The questions asked of the waiting list, and what a sweep tidies up on it."""

from datetime import timedelta

from django.contrib.postgres.aggregates import ArrayAgg
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models, transaction
from django.db.models import Count, Exists, Max, OuterRef, Q
from django.db.models.functions import TruncWeek
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.db import fold
from consultations.models.appointments import Appointment
from consultations.models.booking import AppointmentStatus
from consultations.models.free_times import BERLIN
from consultations.models.guests import digest_of
from consultations.models.waiting_rules import (
    ACTIVE,
    BETWEEN_OFFERS,
    MOST_UNANSWERED,
    OfferStatus,
    WaitingStatus,
)
from consultations.waiting_letters import CONFIRM_WITHIN

# Who has waited so long for a time that never came is asked to join anew.
LONGEST_WAIT = timedelta(weeks=26)
# How long an entry that has ended can still be looked at by its link.
ERASED_AFTER = timedelta(days=30)


class WaitingEntryQueries:
    """The adjectives of the waiting list; mixed into its QuerySet."""

    def visible_to(self, user):
        """Staff see the whole list, founders their own places on it."""
        match user.role:
            case Role.ADVISOR | Role.MANAGER:
                return self.all()
            case Role.FOUNDER:
                return self.filter(person__user=user)
            case _:
                return self.none()

    def active(self):
        return self.filter(status__in=ACTIVE)

    def waiting(self):
        """Everyone who counts: confirmed, and without an appointment yet."""
        return self.filter(status=WaitingStatus.WAITING)

    def ended(self):
        return self.exclude(status__in=ACTIVE)

    def at_address(self, email):
        return self.filter(Q(email__iexact=email) | Q(person__email__iexact=email))

    def of_the_same(self, person):
        """Entries of this person, also under another file of the same name and number."""
        same = Q(person=person)
        if person.email:
            same |= Q(email__iexact=person.email) | Q(person__email__iexact=person.email)
        if person.phone:
            same |= Q(person__phone=person.phone, person__sort_name=fold(person.name))
        return self.filter(same)

    def by_token(self, token):
        """The entry this link opens, also some time after it has ended; else none."""
        rows = self.filter(token_digest=digest_of(token), erased_at=None)
        return rows.exclude(pk__in=self.unconfirmed_too_long()).for_list()

    def for_list(self):
        return self.select_related(
            "person", "organisation", "project", "district", "topic", "advisor"
        ).order_by("joined_at", "pk")

    def newest_end_first(self):
        return self.order_by("-ended_at", "-pk")

    def with_offers(self):
        """Add `offered_until` of an open offer, and `offer_count` of all there were."""
        still = Q(offers__status=OfferStatus.OPEN)
        return self.annotate(
            offered_until=Max("offers__until", filter=still), offer_count=Count("offers")
        )

    def ahead_of(self, entry):
        """Those who wait longer and may be asked for the same times: about, not exactly."""
        earlier = self.waiting().filter(
            Q(joined_at__lt=entry.joined_at) | Q(joined_at=entry.joined_at, pk__lt=entry.pk)
        )
        for wish in ("district", "project", "advisor"):
            if wished := getattr(entry, f"{wish}_id"):
                earlier = earlier.filter(Q(**{wish: None}) | Q(**{wish: wished}))
        return earlier

    def due(self, at):
        """Those who may be offered a time at a moment, who has waited longest first."""
        return (
            self.waiting()
            .exclude(offers__status=OfferStatus.OPEN)
            .exclude(offers__offered_at__gt=at - BETWEEN_OFFERS)
            .order_by("joined_at", "pk")
        )

    def with_known_starts(self):
        """Add `offered_starts`, and `own_starts` of appointments they have or gave back."""
        offered = self.model.objects.filter(pk=OuterRef("pk"), offers__isnull=False)
        return self.annotate(
            offered_starts=ArraySubquery(offered.values("offers__starts_at")),
            own_starts=ArraySubquery(self._appointments().values("starts_at")),
        )

    def _appointments(self):
        """The appointments of whoever has the entry, however they were booked."""
        by_mail = Q(guest__email__iexact=OuterRef("email")) & ~Q(guest__email="")
        return Appointment.objects.filter(Q(person=OuterRef("person")) | by_mail)

    def by_area_and_week(self):
        """How many began to wait in which area and week: district, Monday (in Berlin), number.

        `WaitingEntry.objects.waiting().by_area_and_week()` are those who wait still.
        """
        return (
            self.exclude(joined_at=None)
            .annotate(week=TruncWeek("joined_at", output_field=models.DateField(), tzinfo=BERLIN))
            .order_by()
            .values("district", "week")
            .annotate(number=Count("pk"))
            .order_by("district", "week")
        )

    # --- what is tidied up ---

    def tidy(self):
        """End and erase what is over; each step finds nothing the second time."""
        self.unconfirmed_too_long().delete()
        for entry in self.met_otherwise():
            with transaction.atomic():
                if entry.locked().is_waiting:
                    entry.end(WaitingStatus.BOOKED, verb="met_otherwise")
        for entry in self.without_answer():
            entry.expire(is_silent=True)
        for entry in self.waited_in_vain():
            entry.expire(is_silent=False)
        self.erase()

    def unconfirmed_too_long(self):
        return self.filter(
            status=WaitingStatus.UNCONFIRMED, created_at__lte=timezone.now() - CONFIRM_WITHIN
        )

    def met_otherwise(self):
        """Those who have booked an appointment to come since they began to wait."""
        booked = self._appointments().filter(
            status=AppointmentStatus.BOOKED,
            starts_at__gt=timezone.now(),
            booked_at__gt=OuterRef("joined_at"),
        )
        there = booked.filter(project=OuterRef("project"))
        return self.waiting().filter(Q(Exists(booked), project=None) | Q(Exists(there)))

    def without_answer(self):
        """Those who let their last offers pass without a word."""
        last = ArrayAgg("offers__status", order_by="-offers__offered_at")
        silence = {f"last__0_{MOST_UNANSWERED}": [OfferStatus.EXPIRED] * MOST_UNANSWERED}
        return self.waiting().annotate(last=last).filter(**silence)

    def waited_in_vain(self):
        """Those whose project is over, or who have waited for half a year."""
        return self.waiting().filter(
            Q(project__ends_on__lt=timezone.localdate())
            | Q(joined_at__lte=timezone.now() - LONGEST_WAIT)
        )

    def erase(self):
        """Forget who it was, some time after it ended; what was waited for stays to be counted."""
        over = self.ended().filter(ended_at__lte=timezone.now() - ERASED_AFTER, erased_at=None)
        return over.update(name="", email="", phone="", concern="", erased_at=timezone.now())
