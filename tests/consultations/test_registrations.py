"""Registrations: a seat, a place in line, moving up, giving back; with and without an account."""

import re
import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.outbox.models import Letter, LetterStatus
from consultations.models import Registration
from consultations.tasks import sweep_registrations
from enterprises.models import Person
from tests.consultations.test_groups import files_of, letters
from tests.factories import (
    NINE,
    make_founder,
    make_group_session,
    make_organisation,
    make_person,
    make_registration,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

HOUR = timedelta(hours=1)
ROSA = {"name": "Rosa Beispiel", "email": "rosa@muster.example"}


def register(session, **fields):
    fields.setdefault("by", session.leaders.get())
    if "person" not in fields and "contact" not in fields:
        fields["person"] = make_person(email=f"{uuid.uuid4().hex[:8]}@muster.example")
    return Registration.objects.register(session=session, **fields)


def states(session):
    return list(session.registrations.by_turn().values_list("status", "seat"))


def test_seats_first_then_the_waiting_list_then_nobody():
    session = make_group_session(seats=2, waiting_seats=1)

    for _number in range(3):
        register(session)
    with pytest.raises(ValidationError, match="All seats are taken"):
        register(session)

    assert states(session) == [("registered", 1), ("registered", 2), ("waiting", None)]


def test_who_has_a_seat_gets_a_letter_with_the_dates():
    session = make_group_session(link="https://raum.muster.example/abc")

    registration = register(session)

    letter = letters("registered").get()
    assert letter.recipient == registration.person.email
    assert session.title in letter.subject
    assert session.link in letter.text
    [(method, event)] = files_of(letter).values()
    assert (method, event["DTSTART"].dt) == ("REQUEST", NINE)
    assert str(event["UID"]) == str(session.dates.get().uid)


def test_who_waits_learns_the_place_in_line_and_not_where_the_online_room_is():
    session = make_group_session(seats=1, link="https://raum.muster.example/abc")
    register(session)
    register(session)

    third = register(session)

    letter = letters("waiting").get(recipient=third.person.email)
    assert third.position == 2
    assert "2" in letter.text
    assert session.link not in letter.text
    assert files_of(letter) == {}


@pytest.mark.parametrize(("language", "word"), [("de", "Platz"), ("en", "You have a seat")])
def test_letters_are_in_the_language_of_who_reads_them(language, word):
    register(make_group_session(), person=make_person(email="a@muster.example", language=language))

    assert word in letters("registered").get().subject


def test_the_same_form_sent_twice_is_one_registration_and_one_letter():
    session, key, person = make_group_session(), uuid.uuid4(), make_person(email="a@b.example")

    first = register(session, person=person, form_key=key)
    second = register(session, person=person, form_key=key)

    assert first == second
    assert Letter.objects.count() == 1


def test_nobody_is_on_a_list_twice():
    session, person = make_group_session(), make_person()
    register(session, person=person)

    with pytest.raises(ValidationError, match="on the list already"):
        register(session, person=person)


def test_who_calls_and_has_no_e_mail_gets_a_seat_and_no_letter():
    session = make_group_session()

    registration = register(
        session, contact={"name": "Kim Muster", "phone": "030 1"}, told_by="nobody"
    )

    assert registration.seat == 1
    assert registration.person.phone == "030 1"
    assert not Letter.objects.exists()


# --- when ---


@pytest.mark.parametrize("status", ["draft", "held"])
def test_what_is_not_announced_takes_nobody(status):
    with pytest.raises(ValidationError, match="closed"):
        register(make_group_session(status=status))


def test_after_the_last_day_only_staff_registers_and_after_the_start_nobody():
    session = make_group_session(register_until=timezone.now() - HOUR)
    founder = make_founder()

    with pytest.raises(ValidationError, match="closed"):
        register(session, by=founder, person=founder.person)
    assert register(session).seat == 1

    now = timezone.now()
    begun = make_group_session(times=[(now - HOUR, now + HOUR)])
    with pytest.raises(ValidationError, match="closed"):
        register(begun)


# --- giving back and moving up ---


def test_who_cancels_makes_room_for_the_next_in_line_at_once():
    session = make_group_session(seats=1)
    first, second, third = register(session), register(session), register(session)

    first.cancel(by=session.leaders.get())

    assert states(session) == [("cancelled", None), ("registered", 1), ("waiting", None)]
    letter = letters("moved_up").get()
    second.refresh_from_db()
    third.refresh_from_db()
    assert letter.recipient == second.person.email
    assert [method for method, _event in files_of(letter).values()] == ["REQUEST"]
    assert third.position == 1


def test_who_cancels_gets_one_letter_that_clears_the_calendar():
    session = make_group_session()
    registration = register(session)
    before = files_of(letters("registered").get())

    registration.cancel(by=None)
    with pytest.raises(ValidationError, match="any more"):
        registration.cancel(by=None)

    letter = letters("cancelled").get()
    [(uid, (method, event))] = files_of(letter).items()
    assert method == "CANCEL"
    assert event["SEQUENCE"] > before[uid][1]["SEQUENCE"]
    assert letter.language == "de"


def test_who_only_waited_gives_the_place_back_without_moving_anybody_up():
    session = make_group_session(seats=1)
    register(session)
    second, third = register(session), register(session)

    second.cancel(by=session.leaders.get())

    assert [status for status, _seat in states(session)] == ["registered", "cancelled", "waiting"]
    third.refresh_from_db()
    assert third.position == 1
    assert files_of(letters("cancelled").get()) == {}


def test_nobody_moves_up_once_it_has_begun():
    now = timezone.now()
    session = make_group_session(seats=1, times=[(now - HOUR, now + HOUR)])
    seated = make_registration(session=session)
    waiting = make_registration(session=session, status="waiting")

    seated.cancel(by=session.leaders.get())

    waiting.refresh_from_db()
    assert waiting.status == "waiting"


def test_what_is_over_is_not_cancelled():
    now = timezone.now()
    session = make_group_session(times=[(now - 2 * HOUR, now - HOUR)])
    registration = make_registration(session=session)

    with pytest.raises(ValidationError, match="any more"):
        registration.cancel(by=None)


def test_who_moved_up_and_has_no_e_mail_is_to_be_called():
    session = make_group_session(seats=1)
    first = register(session)
    second = register(session, person=make_person(phone="030 1"), told_by="nobody")

    first.cancel(by=session.leaders.get())

    second.refresh_from_db()
    assert second.is_to_be_called
    assert not first.is_to_be_called


# --- without an account ---


def ask(session, **fields):
    return Registration.objects.ask(session=session, **(ROSA | fields))


def test_who_asks_without_an_account_takes_no_seat_before_confirming():
    session = make_group_session(seats=1)

    registration = ask(session)

    assert registration.status == "asked"
    assert register(session).seat == 1
    letter = Letter.objects.get(recipient=ROSA["email"])
    token = re.search(r"/qualifizierung/anmeldung/([0-9a-f]{64})/", letter.text)[1]
    assert Registration.objects.by_token(token).get() == registration


def test_confirmed_it_is_a_seat_of_a_person():
    session = make_group_session()
    registration = ask(session, needs=["step_free"], language="en")

    registration.confirm()
    registration.confirm()

    registration.refresh_from_db()
    assert (registration.status, registration.seat) == ("registered", 1)
    assert registration.person.name == ROSA["name"]
    assert (registration.person.email, registration.person.language) == (ROSA["email"], "en")
    assert registration.needs == ["step_free"]
    assert letters("registered").count() == 1


def test_the_token_is_not_stored():
    registration = ask(make_group_session())

    assert registration.token not in str(Registration.objects.values().get())
    assert len(registration.token) == 64


def test_asking_twice_is_one_letter_and_many_unconfirmed_ones_are_refused():
    session = make_group_session()

    assert ask(session) == ask(session)
    for _number in range(2):
        ask(make_group_session())
    with pytest.raises(ValidationError, match="confirm"):
        ask(make_group_session())

    assert Letter.objects.count() == 3


def test_who_is_on_the_list_already_confirms_what_is_there():
    session = make_group_session()
    person = make_person(**ROSA)
    earlier = register(session, person=person)

    confirmed = ask(session).confirm()

    assert confirmed == earlier
    assert session.registrations.count() == 1


def test_confirming_a_session_that_filled_up_meanwhile_is_refused_in_words():
    session = make_group_session(seats=1, waiting_seats=0)
    registration = ask(session)
    register(session)

    with pytest.raises(ValidationError, match="All seats are taken"):
        registration.confirm()

    registration.refresh_from_db()
    assert (registration.status, registration.person) == ("asked", None)
    assert not Person.objects.filter(name=ROSA["name"]).exists()


def test_what_is_not_confirmed_in_two_days_is_forgotten():
    old, new = ask(make_group_session()), ask(make_group_session())
    Registration.objects.filter(pk=old.pk).update(asked_at=timezone.now() - timedelta(hours=49))

    assert not Registration.objects.by_token(old.token).exists()
    sweep_registrations()

    assert list(Registration.objects.all()) == [new]


def test_the_link_opens_until_a_month_after():
    now = timezone.now()
    long_ago, lately = (
        make_registration(
            session=make_group_session(times=[(now - days, now - days + HOUR)], status="held")
        )
        for days in (timedelta(days=31), timedelta(days=29))
    )

    assert not Registration.objects.by_token(long_ago.token).exists()
    assert Registration.objects.by_token(lately.token).get() == lately


# --- whose ---


def test_founders_see_their_own_staff_all_and_others_none():
    founder = make_founder(make_organisation())
    own = make_registration(person=founder.person)
    other = make_registration()

    assert list(Registration.objects.visible_to(founder)) == [own]
    assert Registration.objects.visible_to(make_user()).count() == 2
    for role in (Role.FUNDER, Role.EVALUATOR):
        assert not Registration.objects.visible_to(make_user(role)).exists()
    leader = other.session.leaders.get()
    assert list(Registration.objects.editable_by(leader)) == [other]


def test_a_letter_that_cannot_be_of_use_any_more_is_not_sent():
    session = make_group_session()
    register(session)
    Letter.objects.update(not_after=timezone.now() - HOUR)

    Letter.objects.deliver_due()

    assert Letter.objects.get().status == LetterStatus.LATE
