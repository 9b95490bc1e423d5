"""Which registrations: who may see and change them, and how one comes to be."""

import hashlib
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Language, Role
from best_portal.db import explained, take_turns
from consultations.group_emails import ask_to_confirm
from consultations.models.attendance import Attendance
from consultations.models.group_reminders import GroupRemindersMixin
from consultations.models.group_states import (
    ACTIVE,
    EXPECTED,
    ON_THE_LIST,
    RegistrationStatus,
    theirs,
)
from enterprises.models import Person

# How long somebody without an account may take to confirm; then what they wrote is forgotten.
CONFIRM_WITHIN = timedelta(days=2)
# How long after the last date the link of a mail opens the page, for the certificate.
LINK_LASTS = timedelta(days=30)
MOST_UNCONFIRMED = 3


class RegistrationQuerySet(GroupRemindersMixin, models.QuerySet):
    def visible_to(self, user):
        """Staff see who is registered; founders their own registrations; nobody else any."""
        match user.role:
            case Role.ADVISOR | Role.MANAGER:
                return self.all()
            case Role.FOUNDER:
                return self.of_user(user)
            case _:
                return self.none()

    def editable_by(self, user):
        """Those of the sessions a person may change; founders change their own."""
        mine = self.visible_to(user)
        if user.role == Role.ADVISOR:
            return mine.filter(theirs(user, "session__")).distinct()
        return mine

    def of_user(self, user):
        return self.filter(person__user=user)

    def by_token(self, token):
        """The registration this link opens: while it can be confirmed, later until the session is
        long over; else none."""
        now = timezone.now()
        last = Q(session__dates__ends_at__gt=now - LINK_LASTS)
        asked = Q(status=RegistrationStatus.ASKED, asked_at__gt=now - CONFIRM_WITHIN)
        return (
            self.filter(
                asked | ~Q(status=RegistrationStatus.ASKED), last, token_digest=digest_of(token)
            )
            .select_related("session__project", "person", "organisation")
            .prefetch_related("session__dates")
            .with_attended()
            .distinct()
        )

    def registered(self):
        return self.filter(status=RegistrationStatus.REGISTERED)

    def waiting(self):
        return self.filter(status=RegistrationStatus.WAITING)

    def on_the_list(self):
        """Those with a seat and those who wait for one."""
        return self.filter(status__in=ON_THE_LIST)

    def expected(self):
        """Whoever may be noted as present: those with a seat, and those who just came."""
        return self.filter(status__in=EXPECTED)

    def neither(self):
        """Those who have not confirmed, and those who gave their place back."""
        return self.exclude(status__in=ACTIVE)

    def for_check_in(self, date):
        """Whoever is expected on a date, by name, each with `mark`: what is noted, or None."""
        marks = models.Prefetch("check_ins", date.check_ins.all(), to_attr="marks")
        people = list(self.expected().for_list().prefetch_related(marks))
        for each in people:
            each.mark = next(iter(each.marks), None)
        return people

    def for_attendance_list(self):
        """Whoever is expected, by name, with what is noted of them."""
        return self.expected().for_list().with_attended().prefetch_related("check_ins")

    def active(self):
        return self.filter(status__in=ACTIVE)

    def by_turn(self):
        """Whoever asked first comes first."""
        return self.order_by("queued_at", "pk")

    def of_session(self, session):
        return self.filter(session=session)

    def with_attended(self):
        """Add `attended`: the minutes this person was there, by the consultations logged."""
        logged = (
            Attendance.objects.valid()
            .filter(
                person=OuterRef("person"), consultation__group_date__session=OuterRef("session")
            )
            .with_minutes()
            .order_by()
            .values("person")
            .annotate(total=Sum("counted"))
            .values("total")
        )
        return self.annotate(attended=Coalesce(Subquery(logged), 0))

    def who_attended(self):
        return self.with_attended().filter(attended__gt=0)

    def for_own_page(self):
        """A founder's list: what is to come or was, the newest first, with the minutes attended."""
        return (
            self.active()
            .select_related("session", "organisation")
            .prefetch_related("session__dates")
            .with_attended()
            .order_by("-asked_at", "-pk")
        )

    def for_letters(self):
        return self.select_related("session", "person__user").by_turn()

    def for_list(self):
        return self.select_related("person", "organisation").order_by("person__sort_name", "pk")

    def free_seats(self, seats):
        """The numbers of the seats nobody has, lowest first."""
        taken = set(self.registered().values_list("seat", flat=True))
        return [number for number in range(1, seats + 1) if number not in taken]

    def move_together(self, seats):
        """Give everybody one of so many seats; refused where more people have one already."""
        beyond = list(self.registered().filter(seat__gt=seats))
        free = self.free_seats(seats)
        if len(beyond) > len(free):
            raise ValidationError({"seats": _("More people have a seat already.")})
        for registration, seat in zip(beyond, free, strict=False):
            self.filter(pk=registration.pk).update(seat=seat)

    @transaction.atomic
    def register(self, *, by, session, person=None, contact=None, form_key=None, **fields):
        """Give somebody a seat, or a place on the waiting list where none is free.

        The same form sent twice gives the first registration back. Refuses a session that is not
        open, one that is full, and a person who is on its list already.
        """
        if form_key:
            with explained(self.model):
                take_turns(form_key)
            if earlier := self.filter(form_key=form_key).first():
                return earlier
        session.take_turns()
        session.refuse_if_closed(by=by)
        registration = self.new(
            session=session,
            person=person or Person.objects.met(**contact),
            form_key=form_key,
            registered_by=by,
            **fields,
        )
        registration.take_place(by=by)
        return registration

    def new(self, **fields):
        """A registration with its link, not saved yet."""
        registration = self.model(**fields)
        registration.token_digest = digest_of(token_for(registration))
        return registration

    @transaction.atomic
    def ask(self, *, session, name, email, language=Language.GERMAN, needs=()):
        """Note somebody without an account, and ask them by mail to confirm.

        It takes no seat before it is confirmed. The same person asking again gets no second
        letter. Refuses a session that is not open.
        """
        name = " ".join(name.split())
        with explained(self.model):
            take_turns(f"guest-{email.lower()}")
        same = self.filter(status=RegistrationStatus.ASKED, email__iexact=email)
        same = same.filter(asked_at__gt=timezone.now() - CONFIRM_WITHIN)
        if earlier := same.filter(session=session, name=name).first():
            return earlier
        if same.count() >= MOST_UNCONFIRMED:
            raise ValidationError(
                _("Please confirm what you have asked for first: look into your mail.")
            )
        session.refuse_if_closed(by=None)
        registration = self.new(
            session=session, name=name, email=email, language=language, needs=list(needs)
        )
        with explained(self.model):
            registration.save(force_insert=True)
        ask_to_confirm(registration)
        return registration

    def forget_unconfirmed(self):
        """Delete what nobody confirmed in time, names and addresses included."""
        return self.filter(
            status=RegistrationStatus.ASKED, asked_at__lte=timezone.now() - CONFIRM_WITHIN
        ).delete()


def digest_of(token):
    return hashlib.sha256(token.encode()).hexdigest()


def token_for(registration, key=None):
    """256 bits nobody can guess; the same again from the key, so that only its digest is stored."""
    return salted_hmac(
        "consultations.registration",
        str(registration.uid),
        secret=key or settings.SECRET_KEY,
        algorithm="sha256",
    ).hexdigest()
