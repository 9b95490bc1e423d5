"""How times are taken: the states of an appointment, and the QuerySet that books and finds them."""

from collections import Counter
from datetime import datetime, time, timedelta

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.db import explained, take_turns
from consultations.emails import announce
from consultations.models.free_times import BERLIN
from consultations.models.reminders import RemindersMixin
from consultations.models.standing_in import in_charge
from enterprises.models import Person


class AppointmentStatus(models.TextChoices):
    HELD = "held", _("held")
    BOOKED = "booked", _("booked")
    CANCELLED = "cancelled", _("cancelled")
    TOOK_PLACE = "took_place", _("took place")
    NO_SHOW = "no_show", _("did not come")


class ToldBy(models.TextChoices):
    """How the person gets to know; a letter is printed by who booked."""

    MAIL = "mail", _("by e-mail")
    LETTER = "letter", _("by letter on paper")
    NOBODY = "nobody", _("not at all: it was said")


# Nobody books all the times away from the others.
MOST_TO_COME = 3
# How long a time is kept for whoever is booking without an account.
HOLD = timedelta(minutes=15)
TAKEN = (AppointmentStatus.HELD, AppointmentStatus.BOOKED)


class AppointmentQuerySet(RemindersMixin, models.QuerySet):
    def visible_to(self, user):
        """Staff see the team's calendar; founders their own appointments.

        What is only held is nobody's appointment yet.
        """
        match user.role:
            case Role.ADVISOR | Role.MANAGER:
                return self.exclude(status=AppointmentStatus.HELD)
            case Role.FOUNDER:
                return self.filter(person__user=user)
            case _:
                return self.none()

    def editable_by(self, user):
        """Advisors their own and those of whom they stand in for; the manager's are all."""
        mine = self.visible_to(user)
        return mine.filter(in_charge(user, "advisor")) if user.role == Role.ADVISOR else mine

    def in_charge_of(self, user):
        """Their own, and those of whom they stand in for."""
        return self.filter(in_charge(user, "advisor"))

    def of_advisor(self, user):
        return self.filter(advisor=user)

    def taken(self):
        """Those that block the advisor's time: booked, or held for somebody booking just now."""
        return self.filter(
            Q(status=AppointmentStatus.BOOKED)
            | Q(status=AppointmentStatus.HELD, held_until__gt=timezone.now())
        )

    def held(self):
        return self.filter(status=AppointmentStatus.HELD)

    def being_booked(self, pk):
        """The one somebody without an account is booking, still theirs to go on with."""
        return self.filter(pk=pk, status__in=TAKEN).select_related("advisor", "office_hours")

    def kept(self):
        """Times given back about which the waiting list is asked first; nobody's yet."""
        return self.held().filter(form_key=None, offer=None)

    @transaction.atomic
    def free_run_out(self, *, advisor=None):
        """Give back what was held too long; without a name in it, nothing of it is kept.

        What was held for an offer to the waiting list goes to the next there.
        """
        run_out = self.held().filter(held_until__lte=timezone.now())
        if advisor:
            run_out = run_out.filter(advisor=advisor)
        run_out = run_out.select_related("offer__entry")
        # Whoever is just confirming one of them is not waited for.
        for held in run_out.select_for_update(skip_locked=True, of=("self",)):
            held.offer.expire() if hasattr(held, "offer") else held.delete()

    @transaction.atomic
    def hold(self, *, office_hours, starts_at, form_key):
        """Keep a free time for whoever is booking without an account, for 15 minutes.

        The same form sent twice gives the first hold back. Raises ValidationError where the time
        is not free.
        """
        with explained(self.model):
            take_turns(form_key)
            earlier = self.filter(form_key=form_key, starts_at=starts_at).first()
            if earlier and earlier.office_hours == office_hours:
                return earlier
            office_hours.wait_for_turn()
            self.held().filter(form_key=form_key).delete()
            if self.filter(form_key=form_key).exists():
                raise ValidationError(
                    _("Your appointment is booked. For another one, start again.")
                )
        until = timezone.now() + HOLD
        return self.keep(
            office_hours=office_hours, starts_at=starts_at, until=until, form_key=form_key
        )

    @transaction.atomic
    def keep(self, *, office_hours, starts_at, until, form_key=None, prefer=None):
        """Hold a free time until a moment: for a form, or without one for the waiting list."""
        with explained(self.model):
            office_hours.wait_for_turn()
            for advisor in office_hours.on_duty:
                self.free_run_out(advisor=advisor)
            held = self.create(
                status=AppointmentStatus.HELD,
                held_until=until,
                form_key=form_key,
                project=office_hours.project,
                **office_hours.place_and_time(starts_at, prefer=prefer),
            )
        Event.objects.record(actor=None, verb="appointment.held", subject=held)
        return held

    def upcoming(self):
        return self.filter(status=AppointmentStatus.BOOKED, starts_at__gt=timezone.now())

    def after(self, day):
        """Those that begin on a later day, as Berlin counts them."""
        return self.filter(
            starts_at__gte=datetime.combine(day + timedelta(days=1), time.min, BERLIN)
        )

    def not_upcoming(self):
        """What was: past ones, and cancelled ones whenever they would have been."""
        return self.exclude(status=AppointmentStatus.BOOKED, starts_at__gt=timezone.now())

    def not_cancelled(self):
        return self.exclude(status=AppointmentStatus.CANCELLED)

    def between(self, start_day, end_day):
        """Those that touch the days from one to another, both included, as Berlin counts them."""
        start = datetime.combine(start_day, time.min, BERLIN)
        end = datetime.combine(end_day + timedelta(days=1), time.min, BERLIN)
        return self.filter(starts_at__lt=end, ends_at__gt=start)

    def unlogged(self):
        """Past appointments nobody has logged a consultation for."""
        return self.filter(
            status__in=(AppointmentStatus.BOOKED, AppointmentStatus.TOOK_PLACE),
            ends_at__lte=timezone.now(),
            consultation=None,
        )

    def in_the_way_of(self, session):
        """What its leaders have booked on the dates of a group session."""
        dates = session.dates.held().filter(ends_at__gt=timezone.now())
        overlapping = dates.filter(
            starts_at__lt=OuterRef("ends_at"), ends_at__gt=OuterRef("starts_at")
        )
        return (
            self.upcoming()
            .filter(Exists(overlapping), advisor__in=session.leaders.all())
            .for_agenda()
        )

    def periods_taken(self, advisors, start_day, end_day):
        """Return {advisor: [(start, end)]} of what blocks their time in these days."""
        periods = {}
        rows = self.taken().between(start_day, end_day).filter(advisor__in=advisors)
        for advisor, start, end in rows.values_list("advisor", "starts_at", "ends_at"):
            periods.setdefault(advisor, []).append((start, end))
        return periods

    def least_busy(self, advisors, day):
        """Of these advisors, who has the fewest appointments in the week of a day; then by name."""
        if len(advisors) == 1:
            return advisors[0]
        monday = day - timedelta(days=day.weekday())
        rows = self.not_cancelled().between(monday, monday + timedelta(days=6))
        number = Counter(rows.filter(advisor__in=advisors).values_list("advisor", flat=True))
        return min(advisors, key=lambda each: (number[each.pk], each.name, each.pk))

    def for_agenda(self):
        return self.select_related("advisor", "person", "organisation", "office_hours").order_by(
            "starts_at", "pk"
        )

    @transaction.atomic
    def book(self, *, by, form_key=None, **fields):
        """Take a time; of two people asking at once, the second is told so.

        The same form sent twice gives the first booking back.
        """
        if form_key and (earlier := self._sent_already(by, form_key, fields)):
            return earlier
        with explained(self.model):
            # One after another: PostgreSQL would end two at once as a deadlock.
            take_turns(f"advisor-{fields['advisor'].pk}")
        return self._take(by=by, form_key=form_key, **fields)

    def _take(self, *, by, advisor, **fields):
        """Book what nobody else can take meanwhile, and tell both sides."""
        with explained(self.model):
            self.free_run_out(advisor=advisor)
            appointment = self.create(booked_by=by, advisor=advisor, **fields)
        Event.objects.record(actor=by, verb="appointment.booked", subject=appointment)
        announce("booked", appointment, by=by)
        return appointment

    @transaction.atomic
    def book_free_time(
        self,
        *,
        by,
        office_hours,
        starts_at,
        person,
        concern="",
        organisation=None,
        told_by=ToldBy.MAIL,
        mobile="",
        form_key=None,
        is_agreed=False,
        prefer=None,
    ):
        """Take one of the free times of office hours, as people were shown them.

        Of a team it is with `prefer` where they are free then.

        With `is_agreed`, any time of office hours by agreement: with whoever books, if they can.

        Raises ValidationError where the time is not free any more or never was, and for a founder
        who has as many appointments to come as one person may have.
        """
        chosen = {
            "office_hours": office_hours,
            "starts_at": starts_at,
            "person": person,
            "concern": concern,
            "organisation": organisation,
            "told_by": told_by,
            "mobile": mobile,
        }
        if form_key and (earlier := self._sent_already(by, form_key, chosen)):
            return earlier
        if by.role == Role.FOUNDER:
            self._refuse_too_many(person)
        if is_agreed:
            place_and_time = office_hours.agreed_place_and_time(starts_at, prefer=by)
        else:
            place_and_time = office_hours.place_and_time(starts_at, prefer=prefer)
        return self._take(
            by=by, form_key=form_key, project=office_hours.project, **chosen | place_and_time
        )

    @transaction.atomic
    def book_for(self, *, by, form_key, person=None, contact=None, **chosen):
        """Take a free time for somebody who called, known already or not.

        As `book_free_time`; the same form sent twice gives the first booking and person back.
        """
        with explained(self.model):
            take_turns(form_key)
        if earlier := self.filter(form_key=form_key, booked_by=by).first():
            return earlier
        person = person or Person.objects.met(**contact)
        return self.book_free_time(by=by, form_key=form_key, person=person, **chosen)

    def _refuse_too_many(self, person):
        with explained(self.model):
            take_turns(f"person-{person.pk}")
        if self.filter(person=person).upcoming().count() >= MOST_TO_COME:
            raise ValidationError(
                _(
                    "You have %(number)d appointments to come; more can be booked by phone. "
                    "Or cancel one of them first."
                ),
                params={"number": MOST_TO_COME},
            )

    def _sent_already(self, by, form_key, chosen):
        """Return what this very form booked before; refuse a form used for something else."""
        with explained(self.model):
            take_turns(form_key)
        earlier = self.filter(form_key=form_key).first()
        if earlier is None:
            return None
        same = all(getattr(earlier, name) == value for name, value in chosen.items())
        if earlier.booked_by != by or not same:
            raise ValidationError(
                _("This form has been used for another booking. Please start again."),
                code="form_used",
            )
        return earlier
