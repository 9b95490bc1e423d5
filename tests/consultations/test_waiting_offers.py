"""Offers to the waiting list: who is asked about which time, when, and what becomes of it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from best_portal.audit.models import Event
from best_portal.outbox.models import Letter, LetterStatus
from consultations.models import (
    Absence,
    Appointment,
    GuestBooking,
    OfficeHours,
    WaitingEntry,
    WaitingOffer,
)
from consultations.tasks import serve_waiting_list, sweep_appointments
from enterprises.models import Person
from tests.factories import (
    BERLIN,
    make_absence,
    make_appointment,
    make_founder,
    make_office_hours,
    make_person,
    make_user,
    make_waiting_entry,
    make_waiting_offer,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

# The clock stands at Tuesday, 14 May 2030, 10:00; the office hours are on Mondays.
FIRST_MONDAY = datetime(2030, 5, 20, 9, tzinfo=BERLIN)
HOUR = timedelta(hours=1)


@pytest.fixture
def office(clock):
    """One time a week: each Monday from nine to ten."""
    return make_office_hours(ends_at="10:00", place="Stadtteilbüro")


def sweep():
    return WaitingOffer.objects.offer_free_times()


def wait(minutes, **fields):
    return make_waiting_entry(joined_at=timezone.now() - timedelta(minutes=minutes), **fields)


def caller(minutes, **fields):
    return wait(minutes, person=make_person(phone="030 12345"), reached_by="phone", **fields)


def offers():
    """Each entry with the start it was offered last, in the order of the offers."""
    rows = WaitingOffer.objects.order_by("offered_at", "pk")
    return [(offer.entry, offer.starts_at.astimezone(BERLIN)) for offer in rows]


def everybody_books(office):
    """Take every time people can see."""
    times = office_times(office)
    return [book(office, time.starts_at) for time in times]


def office_times(office):
    today = timezone.localdate()
    every = OfficeHours.objects.filter(pk=office.pk)
    return every.free_times(today, today + timedelta(weeks=8))


def book(office, starts_at):
    return make_appointment(
        advisor=office.advisor,
        office_hours=office,
        project=office.project,
        person=make_person(email="gebucht@beispiel.example"),
        starts_at=starts_at,
    )


def is_free(office, starts_at):
    return office.free_time_at(starts_at) is not None


# --- in order ---


def test_who_waits_longest_is_offered_the_first_time_that_suits(office):
    late, early = wait(5), wait(10)
    picky = wait(20, weekdays=[3])

    assert sweep() == 2

    assert offers() == [
        (early, FIRST_MONDAY),
        (late, FIRST_MONDAY + timedelta(weeks=1)),
    ]
    assert not picky.offers.exists()


def test_the_time_is_held_for_four_hours_and_nobody_else_can_take_it(office, clock):
    entry = wait(5)

    sweep()

    offer = WaitingOffer.objects.get()
    assert offer.until == offer.appointment.held_until == clock.at + 4 * HOUR
    assert not is_free(office, FIRST_MONDAY)
    with pytest.raises(ValidationError):
        Appointment.objects.book_free_time(
            by=make_user(), office_hours=office, starts_at=FIRST_MONDAY, person=make_person()
        )
    with pytest.raises(IntegrityError, match="consultations_appointment_no_double_booking"):
        book(office, FIRST_MONDAY + timedelta(minutes=30))
    assert entry.is_waiting


def test_the_letter_says_which_time_until_when_and_what_happens_if_nothing_is_done(office):
    english = make_person(email="ada@beispiel.example", language="en")
    entry = wait(5, person=english)

    sweep()

    letter = Letter.objects.get(recipient="ada@beispiel.example")
    offer = WaitingOffer.objects.get()
    assert letter.key.startswith(f"{offer.letters_key}:")
    assert letter.not_after == offer.until
    assert "May 20, 2030, 09:00–10:00" in letter.text
    assert "Stadtteilbüro" in letter.text
    assert "until May 14, 2030, 14:00" in letter.text
    assert "If you do nothing, the time goes to the next person" in letter.text
    assert entry.link in letter.text
    assert entry.stop_link in letter.text


@pytest.mark.parametrize(("language", "words"), [("de", "Termin"), ("en", "time")])
def test_everyone_is_written_to_in_their_language(office, language, words):
    wait(5, person=make_person(email="ada@beispiel.example", language=language))

    sweep()

    letter = Letter.objects.get(recipient="ada@beispiel.example")
    assert letter.language == language
    assert words in letter.subject


def test_however_often_the_sweep_runs_there_is_one_offer_and_one_letter(office):
    wait(5)

    assert [sweep() for _number in range(3)] == [1, 0, 0]
    serve_waiting_list()

    assert WaitingOffer.objects.count() == Letter.objects.count() == 1


def test_one_offer_in_24_hours_and_never_the_same_time_twice(office, clock):
    entry = wait(5)
    sweep()
    entry.offers.get().decline(by=None)

    clock.forward(hours=5, minutes=59)
    assert sweep() == 0
    clock.set(2030, 5, 15, 9, 59)
    assert sweep() == 0
    clock.forward(minutes=1)
    assert sweep() == 1

    assert offers() == [(entry, FIRST_MONDAY), (entry, FIRST_MONDAY + timedelta(weeks=1))]


@pytest.mark.parametrize(
    "now", [(2030, 5, 14, 7, 59), (2030, 5, 14, 16, 1), (2030, 5, 14, 22), (2030, 5, 18, 10)]
)
def test_nobody_is_asked_at_night_in_the_evening_or_at_the_weekend(office, clock, now):
    wait(5)
    clock.set(*now)

    assert sweep() == 0
    assert is_free(office, datetime(2030, 5, 27, 9, tzinfo=BERLIN))


@pytest.mark.parametrize(("lead_hours", "week"), [(61, 0), (62, 1)])
def test_a_time_is_not_offered_where_the_four_hours_would_eat_up_the_lead_time(
    office, clock, lead_hours, week
):
    office.lead_hours = lead_hours
    office.save()
    wait(5)
    # Held until 20 on Friday; from there to Monday at nine it is 61 hours.
    clock.set(2030, 5, 17, 16)

    sweep()

    assert offers()[0][1] == FIRST_MONDAY + timedelta(weeks=week)


@pytest.mark.parametrize(
    "keep_away",
    [
        lambda office: make_absence(
            advisor=office.advisor,
            starts_at=FIRST_MONDAY - HOUR,
            ends_at=FIRST_MONDAY + HOUR,
        ),
        lambda office: office.cancel_day(by=office.advisor, day=FIRST_MONDAY.date()),
        lambda office: book(office, FIRST_MONDAY),
    ],
)
def test_what_cannot_be_booked_is_not_offered(office, keep_away):
    keep_away(office)
    wait(5)

    sweep()

    assert offers()[0][1] == FIRST_MONDAY + timedelta(weeks=1)


def test_nothing_is_offered_on_a_holiday(office, clock):
    # 10 June 2030 is Whit Monday.
    for week in range(3):
        book(office, FIRST_MONDAY + timedelta(weeks=week))
    wait(5)

    sweep()

    assert offers()[0][1] == datetime(2030, 6, 17, 9, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("now", "monday"),
    [
        ((2026, 3, 27, 10), (2026, 3, 30, 9)),
        ((2026, 10, 23, 10), (2026, 10, 26, 9)),
        ((2027, 3, 25, 10), (2027, 4, 5, 9)),
        ((2027, 10, 29, 10), (2027, 11, 1, 9)),
    ],
)
def test_nine_stays_nine_when_the_clocks_change_after_the_offer(office, clock, now, monday):
    clock.set(*now)
    wait(5)

    sweep()

    offer = WaitingOffer.objects.get()
    assert offer.starts_at == datetime(*monday, tzinfo=BERLIN)
    assert "09:00–10:00" in Letter.objects.get().text
    assert offer.accept(by=None).starts_at == datetime(*monday, tzinfo=BERLIN)


def test_nobody_is_offered_a_time_they_have_or_gave_back_themselves(office, clock):
    everybody_books(office)
    mine = Appointment.objects.get(starts_at=FIRST_MONDAY)
    guests = Appointment.objects.get(starts_at=FIRST_MONDAY + timedelta(weeks=1))
    GuestBooking.objects.open_to_link(
        guests,
        contact={"name": "Rosa", "email": "ROSA@beispiel.example", "phone": ""},
        answers={},
    )
    owner = wait(10, person=mine.person)
    guest = wait(9, name="Rosa", email="rosa@beispiel.example")
    other = wait(5)

    mine.cancel(by=office.advisor)
    guests.cancel(by=office.advisor)
    sweep()

    assert offers() == [(owner, guests.starts_at.astimezone(BERLIN)), (guest, FIRST_MONDAY)]
    assert not other.offers.exists()


# --- times given back ---


def test_a_cancelled_time_is_the_lists_before_anybody_else_can_see_it(office):
    [first, *_others] = everybody_books(office)
    entry = wait(5)
    assert sweep() == 0

    first.cancel(by=office.advisor)

    assert not is_free(office, FIRST_MONDAY)
    assert sweep() == 1
    assert offers() == [(entry, FIRST_MONDAY)]


def test_a_time_moved_away_from_goes_to_the_list(office):
    second = office_times(office)[1]
    booked = book(office, FIRST_MONDAY)
    wait(5, earliest_on=FIRST_MONDAY.date())

    booked.move(by=office.advisor, office_hours=office, starts_at=second.starts_at)

    assert Appointment.objects.kept().get().starts_at == FIRST_MONDAY
    sweep()
    assert offers()[0][1] == FIRST_MONDAY


@pytest.mark.parametrize(
    "wishes", [None, {"weekdays": [2]}, {"earliest_on": date(2030, 5, 21)}, {"channel": "video"}]
)
def test_a_cancelled_time_is_free_at_once_where_nobody_waits_for_it(office, wishes):
    booked = book(office, FIRST_MONDAY)
    if wishes:
        wait(5, **wishes)

    booked.cancel(by=office.advisor)

    assert is_free(office, FIRST_MONDAY)


def test_what_comes_back_too_late_to_ask_anybody_is_free_at_once(office, clock):
    booked = book(office, FIRST_MONDAY)
    wait(5)
    # On Friday evening: on Monday at eight it would be too late.
    clock.set(2030, 5, 17, 18)

    booked.cancel(by=office.advisor)

    assert is_free(office, FIRST_MONDAY)


def test_a_time_given_back_in_the_evening_is_kept_until_the_morning(office, clock):
    everybody_books(office)
    entry = wait(5)
    clock.set(2030, 5, 14, 21)
    Appointment.objects.get(starts_at=FIRST_MONDAY).cancel(by=office.advisor)

    for moment in [(2030, 5, 14, 23), (2030, 5, 15, 7, 59)]:
        clock.set(*moment)
        serve_waiting_list()
        sweep_appointments()
        assert not is_free(office, FIRST_MONDAY)
    clock.set(2030, 5, 15, 8)
    serve_waiting_list()

    assert offers() == [(entry, FIRST_MONDAY)]
    assert WaitingOffer.objects.get().until == datetime(2030, 5, 15, 12, tzinfo=BERLIN)


def test_what_no_sweep_came_for_is_everybodys_after_a_quarter_of_an_hour(office, clock):
    everybody_books(office)
    wait(5)
    Appointment.objects.get(starts_at=FIRST_MONDAY).cancel(by=office.advisor)
    clock.forward(minutes=14)
    assert not is_free(office, FIRST_MONDAY)

    clock.forward(minutes=1)

    assert is_free(office, FIRST_MONDAY)
    Appointment.objects.book_free_time(
        by=make_user(), office_hours=office, starts_at=FIRST_MONDAY, person=make_person()
    )
    assert not Appointment.objects.kept().exists()


def test_what_is_kept_is_everybodys_once_the_sweep_finds_nobody_for_it(office):
    everybody_books(office)
    entry = wait(5)
    Appointment.objects.get(starts_at=FIRST_MONDAY).cancel(by=office.advisor)
    entry.stop(by=None)

    assert sweep() == 0

    assert is_free(office, FIRST_MONDAY)


def test_an_absence_withdrawn_is_everybodys_at_once_and_offered_to_the_list(office):
    everybody_books(office)
    Appointment.objects.all().delete()
    absence = Absence.objects.note(
        by=office.advisor,
        advisor=office.advisor,
        starts_at=FIRST_MONDAY - HOUR,
        ends_at=FIRST_MONDAY + timedelta(weeks=9),
    )
    entry = wait(5)
    assert sweep() == 0

    absence.withdraw(by=office.advisor)

    assert is_free(office, FIRST_MONDAY)
    sweep()
    assert offers() == [(entry, FIRST_MONDAY)]


# --- what becomes of an offer ---


@pytest.fixture
def offer(office):
    """Offered to the first; a second one waits, and there is no other time."""
    for time in office_times(office)[1:]:
        book(office, time.starts_at)
    first, _second = wait(10, concern="Ein Café"), wait(5)
    sweep()
    return first.offers.get()


def next_in_line():
    return WaitingEntry.objects.order_by("joined_at")[1]


def test_taking_an_offer_books_the_time_and_ends_the_entry(offer):
    for _number in range(3):
        booked = offer.accept(by=None)

    assert (booked.status, booked.starts_at) == ("booked", FIRST_MONDAY)
    assert booked.person == offer.entry.person
    assert booked.concern == "Ein Café"
    offer.entry.refresh_from_db()
    assert offer.entry.status == "booked"
    assert offer.entry.appointment_booked == booked
    letters = Letter.objects.about(booked.letters_key)
    assert sorted(letter.recipient for letter in letters) == sorted(
        [booked.person.email, booked.advisor.email]
    )
    assert not Letter.objects.filter(key__contains=":made", status=LetterStatus.QUEUED).exclude(
        recipient=next_in_line().person.email
    )
    assert [event.verb for event in Event.objects.about(booked).order_by("pk")] == [
        "appointment.held",
        "appointment.booked",
    ]
    assert sweep() == 0


def test_who_has_no_account_gets_a_link_to_the_appointment(office):
    entry = WaitingEntry.objects.ask(
        name="Rosa Beispiel", email="rosa@beispiel.example", phone="030 1", needs=["step_free"]
    )
    entry.confirm()
    sweep()

    booked = entry.offers.get().accept(by=None)

    assert booked.person == Person.objects.get(name="Rosa Beispiel")
    guest = GuestBooking.objects.get(appointment=booked)
    assert (guest.email, guest.needs) == ("rosa@beispiel.example", ["step_free"])
    assert guest.get_absolute_url() in Letter.objects.get(key__contains=":booked:0:person").text


def test_who_has_an_account_finds_the_appointment_there(office):
    founder = make_founder()
    entry = wait(5, person=founder.person)
    sweep()

    booked = entry.offers.get().accept(by=founder)

    assert not GuestBooking.objects.exists()
    assert booked.booked_by == founder
    assert list(Appointment.objects.visible_to(founder)) == [booked]


def test_declining_keeps_the_place_and_the_time_goes_to_the_next(offer, office):
    for _number in range(3):
        offer.decline(by=None)

    offer.entry.refresh_from_db()
    assert offer.entry.is_waiting
    assert not is_free(office, FIRST_MONDAY)
    assert sweep() == 1
    assert offers()[-1] == (next_in_line(), FIRST_MONDAY)
    assert Event.objects.filter(verb="waiting_offer.declined").count() == 1


def test_after_four_hours_without_an_answer_the_time_goes_to_the_next(offer, clock):
    clock.forward(hours=4, seconds=-1)
    serve_waiting_list()
    assert len(offers()) == 1

    clock.forward(seconds=1)
    serve_waiting_list()

    offer.refresh_from_db()
    assert (offer.status, offer.appointment) == ("expired", None)
    assert offers()[-1] == (next_in_line(), FIRST_MONDAY)
    letter = Letter.objects.get(key=f"{offer.letters_key}:made")
    assert letter.status == LetterStatus.WITHDRAWN


def test_whoever_books_in_between_does_not_jump_the_line(offer, office, clock):
    clock.forward(hours=4)

    with pytest.raises(ValidationError):
        Appointment.objects.book_free_time(
            by=make_user(), office_hours=office, starts_at=FIRST_MONDAY, person=make_person()
        )

    serve_waiting_list()
    assert offers()[-1] == (next_in_line(), FIRST_MONDAY)


def test_where_nobody_is_next_the_time_is_everybodys(offer, office):
    next_in_line().stop(by=None)

    offer.decline(by=None)

    assert is_free(office, FIRST_MONDAY)
    assert not Appointment.objects.filter(starts_at=FIRST_MONDAY).exists()


def test_leaving_the_list_gives_back_what_was_offered(offer):
    offer.entry.stop(by=None)
    offer.refresh_from_db()

    assert (offer.status, offer.appointment) == ("withdrawn", None)
    sweep()
    assert offers()[-1] == (next_in_line(), FIRST_MONDAY)


def test_what_is_over_is_not_taken_any_more(offer, clock):
    clock.forward(hours=4)
    serve_waiting_list()

    with pytest.raises(ValidationError, match="is over"):
        offer.accept(by=None)
    with pytest.raises(ValidationError, match="is over"):
        offer.decline(by=None)
    with pytest.raises(ValidationError, match="is over"):
        offer.not_reached(by=make_user())

    assert not Appointment.objects.filter(status="booked", starts_at=FIRST_MONDAY).exists()


def test_an_offer_answered_late_holds_while_nobody_else_was_asked(offer, clock):
    clock.forward(hours=4, minutes=1)

    assert offer.accept(by=None).status == "booked"


@pytest.mark.parametrize("answer_first", [True, False])
def test_an_absence_takes_an_offer_back_and_it_is_said(offer, office, answer_first):
    make_absence(advisor=office.advisor, starts_at=FIRST_MONDAY, ends_at=FIRST_MONDAY + HOUR)

    if answer_first:
        with pytest.raises(ValidationError, match="cannot be held"):
            offer.accept(by=None)
    sweep()

    offer.refresh_from_db()
    assert offer.status == "withdrawn"
    offer.entry.refresh_from_db()
    assert offer.entry.is_waiting
    assert Letter.objects.get(key=f"{offer.letters_key}:withdrawn").status == LetterStatus.QUEUED
    assert len(offers()) == 1


# --- by phone ---


def test_callers_are_asked_in_the_same_order_and_their_advisor_is_told_whom_not(office):
    other, phone = wait(5), caller(10)
    phone.person.name = "Rosa Beispiel"
    phone.person.save()

    sweep()

    assert [entry for entry, _start in offers()] == [phone, other]
    [call] = WaitingOffer.objects.to_call()
    assert call.entry == phone
    letter = Letter.objects.get(recipient=office.advisor.email)
    assert "/rueckrufe/" in letter.text
    assert "Rosa" not in letter.text
    assert "12345" not in letter.text


def test_a_caller_is_offered_one_time_a_day_too_and_a_call_in_vain_is_noted(office, clock):
    entry, advisor = caller(5), make_user()
    sweep()
    call = entry.offers.get()

    for _number in range(2):
        clock.forward(minutes=30)
        call.not_reached(by=advisor)
    clock.forward(hours=3)
    serve_waiting_list()

    call.refresh_from_db()
    assert (call.status, call.calls) == ("expired", 2)
    assert sweep() == 0
    assert not WaitingOffer.objects.to_call().exists()
    assert entry.offers.count() == 1


def test_what_a_caller_takes_is_booked_by_who_called_and_no_mail_goes_to_them(office):
    entry, advisor = caller(5), make_user()
    sweep()

    booked = entry.offers.get().accept(by=advisor)

    assert (booked.booked_by, booked.told_by) == (advisor, "nobody")
    assert booked.person == entry.person
    recipients = {letter.recipient for letter in Letter.objects.all()}
    assert recipients == {office.advisor.email}


def test_who_is_on_file_without_an_address_is_called_however_they_were_entered(office):
    entry = wait(5, person=make_person(phone="030 1"))

    sweep()

    assert WaitingOffer.objects.to_call().get().entry == entry


# --- by hand ---


def test_by_hand_somebody_is_asked_out_of_turn_by_the_same_rules(office, clock):
    _first, second, staff = wait(10), wait(5), make_user()

    def offer_by_hand(starts_at=FIRST_MONDAY):
        return WaitingOffer.objects.make_by_hand(
            by=staff, entry=second, office_hours=office, starts_at=starts_at
        )

    offer_by_hand()

    assert offers() == [(second, FIRST_MONDAY)]
    event = Event.objects.get(verb="waiting_entry.offered")
    assert (event.actor, event.subject_id) == (staff, str(second.pk))
    with pytest.raises(ValidationError, match="24 hours"):
        offer_by_hand(FIRST_MONDAY + timedelta(weeks=1))
    with pytest.raises(ValidationError, match="not free"):
        offer_by_hand()
    clock.set(2030, 5, 15, 18)
    with pytest.raises(ValidationError, match="working days"):
        offer_by_hand(FIRST_MONDAY + timedelta(weeks=1))
    clock.set(2030, 5, 24, 11)
    office.lead_hours = 68
    office.save()
    with pytest.raises(ValidationError, match="too soon"):
        offer_by_hand(FIRST_MONDAY + timedelta(weeks=1))
    second.stop(by=None)
    with pytest.raises(ValidationError, match="not on the list"):
        offer_by_hand(FIRST_MONDAY + timedelta(weeks=2))


def test_one_entry_that_fails_stops_no_other(office):
    broken, other = wait(10), wait(5)
    Person.objects.filter(pk=broken.person_id).update(email="zwei\nzeilen@beispiel.example")

    sweep()

    assert [entry for entry, _start in offers()] == [other]


# --- what the database refuses ---

NOON = datetime(2030, 5, 14, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"status": "lost", "answered_at": NOON}, "consultations_waitingoffer_status_is_known"),
        ({"appointment": None}, "consultations_waitingoffer_open_holds_a_time"),
        ({"status": "accepted"}, "consultations_waitingoffer_open_holds_a_time"),
        (
            {"status": "open", "answered_at": NOON},
            "consultations_waitingoffer_answered_with_time",
        ),
        (
            {"status": "expired", "answered_at": None},
            "consultations_waitingoffer_answered_with_time",
        ),
        (
            {"offered_at": NOON, "until": NOON},
            "consultations_waitingoffer_lies_before_the_start",
        ),
        (
            {"starts_at": NOON, "offered_at": NOON - HOUR},
            "consultations_waitingoffer_lies_before_the_start",
        ),
        ({"calls": 1}, "consultations_waitingoffer_called_with_time"),
        ({"called_at": NOON}, "consultations_waitingoffer_called_with_time"),
    ],
)
def test_what_an_offer_cannot_be(fields, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        make_waiting_offer(**fields)


def test_the_database_allows_one_offer_a_day():
    entry = make_waiting_entry()
    first = make_waiting_offer(entry=entry, status="declined")
    later = {"entry": entry, "status": "declined", "starts_at": first.starts_at + 90 * HOUR}
    make_waiting_offer(entry=make_waiting_entry(), status="declined")
    make_waiting_offer(**later, offered_at=first.offered_at + 24 * HOUR)

    later["starts_at"] += HOUR
    with pytest.raises(IntegrityError, match="consultations_waitingoffer_one_a_day"):
        make_waiting_offer(**later, offered_at=first.offered_at + 47 * HOUR)


def test_the_database_allows_each_time_once():
    first = make_waiting_offer(status="declined")

    with pytest.raises(IntegrityError, match="consultations_waitingoffer_each_time_once"):
        make_waiting_offer(
            entry=first.entry,
            status="declined",
            offered_at=first.offered_at + 30 * HOUR,
        )
