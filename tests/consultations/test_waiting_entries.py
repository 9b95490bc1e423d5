"""Entries of the waiting list: joining, confirming, leaving, and what is tidied up."""

import uuid
from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.outbox.models import Letter, LetterStatus
from consultations.models import GuestBooking, WaitingEntry
from enterprises.models import Person
from tests.factories import (
    BERLIN,
    make_appointment,
    make_district,
    make_founder,
    make_office_hours,
    make_person,
    make_project,
    make_user,
    make_waiting_entry,
    make_waiting_offer,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

ROSA = {"name": "Rosa Beispiel", "email": "rosa@beispiel.example"}


def join(**fields):
    if "person" not in fields and "contact" not in fields:
        fields["person"] = make_person(email="muster@beispiel.example", phone="030 1")
    fields.setdefault("by", make_user())
    fields.setdefault("form_key", uuid.uuid4())
    return WaitingEntry.objects.join(**fields)


def letters(entry):
    keys = Letter.objects.about(entry.letters_key).exclude(status=LetterStatus.WITHDRAWN)
    return [key.split(":")[2] for key in keys.values_list("key", flat=True)]


def verbs(subject):
    return set(Event.objects.about(subject).values_list("verb", flat=True))


# --- joining ---


def test_who_joins_waits_from_now_on_and_is_told_how_to_leave():
    founder = make_founder()

    entry = join(by=founder, person=founder.person)

    assert entry.is_waiting
    assert entry.joined_at <= timezone.now()
    assert verbs(entry) == {"waiting_entry.joined"}
    assert entry.link in Letter.objects.get(recipient=founder.email).text


def test_the_same_form_sent_twice_is_one_entry():
    form = {"by": make_user(), "form_key": uuid.uuid4(), "reached_by": "phone"}
    contact = {"name": "Rosa Beispiel", "phone": "030 1", "email": "", "language": "en"}

    entries = {join(**form, contact=contact).pk for _number in range(3)}

    assert len(entries) == 1
    assert Person.objects.get().language == "en"
    assert not Letter.objects.exists()


def test_the_key_of_somebody_elses_form_is_refused_in_words():
    entry = join()

    with pytest.raises(ValidationError, match=r"sent before|bereits|schon"):
        join(form_key=entry.form_key, person=make_person(phone="030 2"), reached_by="phone")

    assert WaitingEntry.objects.count() == 1


def test_nobody_stands_on_the_list_of_a_project_twice():
    project = make_project()
    person = make_person(email="muster@beispiel.example", phone="030 1", name="Ada Muster")
    join(person=person, project=project)
    same_caller = {"name": "ada muster", "phone": "030 1", "email": "", "language": "de"}

    for who in ({"person": person}, {"contact": same_caller, "reached_by": "phone"}):
        with pytest.raises(ValidationError, match="stands once"):
            join(**who, project=project)
    join(person=person, project=make_project())

    assert Person.objects.count() == 1


def test_who_left_may_join_again_at_the_end():
    person = make_person(email="muster@beispiel.example")
    first = join(person=person)
    first.stop(by=None)

    again = join(person=person)

    assert again.joined_at > first.joined_at


@pytest.mark.parametrize(
    ("fields", "reached_by", "words"),
    [({"phone": "030 1"}, "mail", "no e-mail"), ({"email": "a@b.example"}, "phone", "no phone")],
)
def test_nobody_is_put_on_the_list_who_cannot_be_reached(fields, reached_by, words):
    with pytest.raises(ValidationError, match=words):
        join(person=make_person(**fields), reached_by=reached_by)


# --- without an account ---


def test_a_guest_counts_once_they_confirm_and_from_then_on():
    entry = WaitingEntry.objects.ask(**ROSA, language="en")
    assert not WaitingEntry.objects.waiting().exists()
    letter = Letter.objects.get()
    assert (letter.recipient, letter.language) == (ROSA["email"], "en")
    assert entry.link in letter.text

    for _number in range(3):
        entry.confirm()

    assert list(WaitingEntry.objects.waiting()) == [entry]
    assert entry.joined_at >= entry.created_at
    assert Event.objects.filter(verb="waiting_entry.joined").count() == 1


def test_asking_again_changes_the_wishes_and_is_one_entry_and_one_letter_an_hour(clock):
    WaitingEntry.objects.ask(**ROSA)
    clock.forward(minutes=1)
    again = WaitingEntry.objects.ask(**ROSA | {"email": "ROSA@beispiel.example"}, weekdays=[3])

    assert WaitingEntry.objects.get() == again
    assert again.weekdays == [3]
    assert Letter.objects.count() == 1
    clock.forward(hours=1)
    WaitingEntry.objects.ask(**ROSA)
    assert Letter.objects.count() == 2


def test_who_is_on_the_list_already_learns_it_by_mail_and_nobody_else_does(clock):
    entry = WaitingEntry.objects.ask(**ROSA)
    entry.confirm()

    for _number in range(3):
        again = WaitingEntry.objects.ask(**ROSA, weekdays=[5])

    entry.refresh_from_db()
    assert again == entry
    assert entry.weekdays == []
    assert letters(entry) == ["confirm", "already"]


def test_a_person_on_file_is_recognised_by_the_address():
    entry = join(person=make_person(email=ROSA["email"]))

    assert WaitingEntry.objects.ask(**ROSA) == entry


def test_who_does_not_confirm_is_forgotten_after_two_days(clock):
    entry = WaitingEntry.objects.ask(**ROSA)
    token = entry.token
    clock.forward(days=2, seconds=-1)
    WaitingEntry.objects.tidy()
    assert WaitingEntry.objects.by_token(token).get() == entry

    clock.forward(seconds=1)

    assert not WaitingEntry.objects.by_token(token).exists()
    WaitingEntry.objects.tidy()
    assert not WaitingEntry.objects.exists()


def test_a_link_is_long_and_stored_only_as_its_digest():
    entry = make_waiting_entry()

    assert len(bytes.fromhex(entry.token)) == 32
    assert entry.token not in str(entry.__dict__)
    assert WaitingEntry.objects.by_token(entry.token).get() == entry
    assert not WaitingEntry.objects.by_token("0" * 64).exists()


def test_a_link_survives_a_change_of_the_secret_key(settings):
    token = make_waiting_entry().token
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key of the tests, long enough to be one, 0123456789"

    assert WaitingEntry.objects.get().token == token


# --- leaving ---


@pytest.mark.parametrize("by_staff", [True, False])
def test_leaving_ends_the_entry_once_and_pulls_back_what_waits_to_be_sent(by_staff):
    entry = join()
    by = make_user() if by_staff else None

    for _number in range(3):
        entry.stop(by=by)

    entry.refresh_from_db()
    assert entry.status == "stopped"
    assert letters(entry) == []
    [event] = Event.objects.filter(verb="waiting_entry.stopped")
    assert event.actor == by


def test_who_leaves_before_confirming_leaves_nothing_behind():
    entry = WaitingEntry.objects.ask(**ROSA)

    entry.stop(by=None)

    assert not WaitingEntry.objects.exists()
    assert Letter.objects.get().status == LetterStatus.WITHDRAWN


def test_confirming_what_has_ended_is_refused():
    entry = make_waiting_entry()
    entry.stop(by=None)

    with pytest.raises(ValidationError, match="has ended"):
        entry.confirm()


# --- what is tidied up ---


def unanswered(entry, days, status="expired"):
    """One offer on each of these days, counted from today backwards."""
    hours = make_office_hours()
    for day in days:
        at = timezone.now() - timedelta(days=day)
        make_waiting_offer(
            entry=entry,
            office_hours=hours,
            status=status,
            offered_at=at,
            starts_at=at + timedelta(days=2),
        )


def test_three_offers_in_a_row_without_an_answer_end_an_entry_and_it_is_said():
    silent, answering = make_waiting_entry(), make_waiting_entry()
    unanswered(silent, [6, 4, 2])
    unanswered(answering, [8, 6, 4])
    unanswered(answering, [2], "declined")

    for _number in range(2):
        WaitingEntry.objects.tidy()

    silent.refresh_from_db()
    answering.refresh_from_db()
    assert (silent.status, answering.status) == ("expired", "waiting")
    assert letters(silent) == ["ended"]


def test_two_offers_without_an_answer_end_nothing():
    entry = make_waiting_entry()
    unanswered(entry, [4, 2])

    WaitingEntry.objects.tidy()

    entry.refresh_from_db()
    assert entry.is_waiting


def test_who_waits_half_a_year_or_for_a_project_that_is_over_is_told(clock):
    over = make_project(starts_on=date(2029, 1, 1), ends_on=date(2030, 5, 13))
    entries = [
        make_waiting_entry(joined_at=clock.at - timedelta(weeks=26)),
        make_waiting_entry(project=over),
        make_waiting_entry(joined_at=clock.at - timedelta(weeks=25)),
    ]

    WaitingEntry.objects.tidy()

    for entry in entries:
        entry.refresh_from_db()
    assert [entry.status for entry in entries] == ["expired", "expired", "waiting"]


def test_who_books_another_time_leaves_the_list(clock):
    project = make_project(starts_on=date(2030, 1, 1), ends_on=date(2030, 12, 31))
    entries = [make_waiting_entry(project=project) for _number in range(3)]
    clock.forward(minutes=1)
    soon = {"starts_at": clock.at + timedelta(days=3)}
    make_appointment(person=entries[0].person, project=project, **soon)
    make_appointment(person=entries[1].person, **soon)
    cancelled = {"status": "cancelled", "cancelled_at": clock.at}
    make_appointment(person=entries[2].person, project=project, **cancelled, **soon)

    WaitingEntry.objects.tidy()

    for entry in entries:
        entry.refresh_from_db()
    assert [entry.status for entry in entries] == ["booked", "waiting", "waiting"]


def test_a_guest_who_books_another_time_leaves_the_list(clock):
    entry = WaitingEntry.objects.ask(**ROSA)
    entry.confirm()
    other = WaitingEntry.objects.ask(name="Ada Muster", email="ada@beispiel.example")
    other.confirm()
    clock.forward(minutes=1)
    for email in (ROSA["email"].upper(), ""):
        GuestBooking.objects.create(
            appointment=make_appointment(starts_at=clock.at + timedelta(days=3)),
            name="Rosa Beispiel",
            email=email,
            phone="030 1",
            token_digest=uuid.uuid4().hex,
        )

    WaitingEntry.objects.tidy()

    assert list(WaitingEntry.objects.waiting()) == [other]


def test_who_had_an_appointment_before_joining_goes_on_waiting(clock):
    person = make_person(email="muster@beispiel.example")
    make_appointment(person=person, starts_at=clock.at + timedelta(days=3))
    clock.forward(minutes=1)
    entry = make_waiting_entry(person=person)

    WaitingEntry.objects.tidy()

    entry.refresh_from_db()
    assert entry.is_waiting


def test_who_it_was_is_forgotten_a_month_after_the_end(clock):
    district = make_district()
    entry = WaitingEntry.objects.ask(**ROSA, phone="030 1", concern="Café", district=district)
    entry.confirm()
    entry.stop(by=None)
    token = entry.token
    clock.forward(days=30, seconds=-1)
    WaitingEntry.objects.tidy()
    assert WaitingEntry.objects.by_token(token).exists()

    clock.forward(seconds=1)
    WaitingEntry.objects.tidy()

    entry.refresh_from_db()
    assert {entry.name, entry.email, entry.phone, entry.concern} == {""}
    assert (entry.district, entry.status) == (district, "stopped")
    assert not WaitingEntry.objects.by_token(token).exists()
    assert str(entry) == "erased"


# --- questions ---


def test_founders_see_their_own_places_and_staff_the_whole_list():
    founder = make_founder()
    mine, other = make_waiting_entry(person=founder.person), make_waiting_entry()

    def seen(user):
        return set(WaitingEntry.objects.visible_to(user))

    assert seen(founder) == {mine}
    for role in Role:
        if role != Role.FOUNDER:
            is_staff = role in (Role.ADVISOR, Role.MANAGER)
            assert seen(make_user(role)) == ({mine, other} if is_staff else set())


def test_ahead_are_those_who_wait_longer_for_the_same():
    here, there = make_district(), make_district()
    now = timezone.now()

    def waiting(minutes, **fields):
        return make_waiting_entry(joined_at=now - timedelta(minutes=minutes), **fields)

    anywhere, same, elsewhere = waiting(9), waiting(8, district=here), waiting(7, district=there)
    make_waiting_entry(status="unconfirmed")
    mine, open_to_all = waiting(5, district=here), waiting(4)
    waiting(1)

    assert set(WaitingEntry.objects.ahead_of(mine)) == {anywhere, same}
    assert set(WaitingEntry.objects.ahead_of(open_to_all)) == {anywhere, same, elsewhere, mine}


def test_who_waits_is_counted_by_area_and_week_of_berlin():
    here = make_district()
    sunday_night = datetime(2030, 5, 19, 23, 30, tzinfo=BERLIN)
    monday_night = datetime(2030, 5, 20, 0, 30, tzinfo=BERLIN)
    for joined_at, district in [
        (sunday_night, here),
        (sunday_night, here),
        (monday_night, here),
        (monday_night, None),
    ]:
        make_waiting_entry(joined_at=joined_at, district=district)
    make_waiting_entry(joined_at=monday_night, district=here).stop(by=None)
    make_waiting_entry(status="unconfirmed", district=here)

    rows = WaitingEntry.objects.waiting().by_area_and_week()

    assert list(rows) == [
        {"district": here.pk, "week": date(2030, 5, 13), "number": 2},
        {"district": here.pk, "week": date(2030, 5, 20), "number": 1},
        {"district": None, "week": date(2030, 5, 20), "number": 1},
    ]
    assert sum(row["number"] for row in WaitingEntry.objects.by_area_and_week()) == 5


# --- what the database refuses ---

NOW = datetime(2030, 5, 14, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"status": "bored", "ended_at": NOW}, "consultations_waitingentry_status_is_known"),
        ({"reached_by": "dove"}, "consultations_waitingentry_reached_by_is_known"),
        ({"channel": "dove"}, "consultations_waitingentry_channel_is_known"),
        ({"stage": "dream"}, "consultations_waitingentry_stage_is_known"),
        ({"weekdays": [1, 8]}, "consultations_waitingentry_weekdays_are_known"),
        ({"day_parts": ["night"]}, "consultations_waitingentry_day_parts_are_known"),
        ({"name": "Rosa"}, "consultations_waitingentry_can_be_reached"),
        ({"person": None, "email": "a@b.example"}, "consultations_waitingentry_can_be_reached"),
        (
            {"name": "Rosa", "email": "a@b.example", "reached_by": "phone"},
            "consultations_waitingentry_can_be_reached",
        ),
        ({"joined_at": None}, "consultations_waitingentry_waits_since_a_time"),
        (
            {"status": "unconfirmed", "joined_at": NOW},
            "consultations_waitingentry_waits_since_a_time",
        ),
        ({"status": "stopped"}, "consultations_waitingentry_ended_with_time"),
        ({"ended_at": NOW}, "consultations_waitingentry_ended_with_time"),
        ({"erased_at": NOW}, "consultations_waitingentry_erased_is_nobody"),
        (
            {"erased_at": NOW, "status": "stopped", "ended_at": NOW, "concern": "Café"},
            "consultations_waitingentry_erased_is_nobody",
        ),
    ],
)
def test_what_an_entry_cannot_be(fields, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        make_waiting_entry(**fields)


@pytest.mark.parametrize("with_project", [True, False])
def test_a_person_waits_once_for_a_project(with_project):
    person, project = make_person(), make_project() if with_project else None
    make_waiting_entry(person=person, project=project).stop(by=None)
    make_waiting_entry(person=person, project=project)

    with pytest.raises(IntegrityError, match="consultations_waitingentry_one_per_person"):
        make_waiting_entry(person=person, project=project)


@pytest.mark.parametrize("with_project", [True, False])
def test_an_address_waits_once_for_a_project(with_project):
    project = make_project() if with_project else None
    make_waiting_entry(**ROSA, project=project, status="unconfirmed")

    with pytest.raises(IntegrityError, match="consultations_waitingentry_one_per_address"):
        make_waiting_entry(**ROSA | {"email": "Rosa@Beispiel.example"}, project=project)
