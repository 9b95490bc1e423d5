"""Many at once, in real threads: as many seats given as there are, in order, one letter each."""

from collections import Counter

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import translation

from best_portal.outbox.models import Letter
from consultations.models import Registration
from tests.consultations.test_groups import letters
from tests.factories import make_founder, make_group_session, make_registration
from tests.server import Visitor, at_once, founder_at

pytestmark = [
    pytest.mark.faults,
    pytest.mark.django_db(transaction=True),
    pytest.mark.usefixtures("english"),
]

CLIENTS = 30
PRESSES = 10
SEATS, WAITING = 10, 5
CONSTRAINT = next(
    constraint
    for constraint in Registration._meta.constraints
    if constraint.name == "consultations_registration_seat_is_given_once"
)


def guests(session, number=CLIENTS):
    """People without an account who have not confirmed yet."""
    return [
        Registration.objects.ask(
            session=session, name=f"Gast {each}", email=f"gast-{each}@muster.example"
        )
        for each in range(number)
    ]


def confirm(found):
    """Let all confirm at once, each in a thread and a connection of their own."""

    def run(pk):
        try:
            with translation.override("en"):
                return Registration.objects.get(pk=pk).confirm().status
        except ValidationError as refusal:
            with translation.override("en"):
                return refusal.messages[0]
        finally:
            connection.close()

    return at_once(*[lambda pk=each.pk: run(pk) for each in found])


def seats(session):
    return sorted(session.registrations.registered().values_list("seat", flat=True))


def test_of_thirty_who_confirm_at_once_as_many_get_a_seat_as_there_are():
    session = make_group_session(seats=SEATS, waiting_seats=WAITING)

    answers = Counter(confirm(guests(session)))

    assert (answers.pop("registered"), answers.pop("waiting")) == (SEATS, WAITING)
    [(refusal, refused)] = answers.items()
    assert refused == CLIENTS - SEATS - WAITING
    assert refusal == "All seats are taken, and all places on the waiting list."
    assert seats(session) == list(range(1, SEATS + 1))
    assert session.registrations.waiting().count() == WAITING
    assert session.registrations.filter(status="asked").count() == CLIENTS - SEATS - WAITING
    assert letters("registered").count() == SEATS
    assert letters("waiting").count() == WAITING
    positions = [each.position for each in session.registrations.waiting().by_turn()]
    assert positions == list(range(1, WAITING + 1))


def test_without_turns_the_database_alone_keeps_the_seats_apart(monkeypatch):
    session = make_group_session(seats=SEATS, waiting_seats=WAITING)
    found = guests(session)
    monkeypatch.setattr("consultations.models.groups.take_turns", lambda key: None)

    answers = Counter(confirm(found))

    given = seats(session)
    assert len(given) == len(set(given)) == answers["registered"]
    # Somebody had to be refused by the constraint, or this race proves nothing.
    assert answers["This seat has just been taken. Please try again."]


def test_without_turns_and_constraint_the_same_race_gives_seats_twice(monkeypatch):
    session = make_group_session(seats=SEATS, waiting_seats=WAITING)
    found = guests(session)
    monkeypatch.setattr("consultations.models.groups.take_turns", lambda key: None)
    with connection.schema_editor() as editor:
        editor.remove_constraint(Registration, CONSTRAINT)
    try:
        confirm(found)

        given = seats(session)
        assert len(given) > len(set(given))
    finally:
        Letter.objects.all().delete()
        Registration.objects.all().delete()
        with connection.schema_editor() as editor:
            editor.add_constraint(Registration, CONSTRAINT)


def test_one_who_presses_the_button_many_times_has_one_seat_and_one_letter(live_server):
    session = make_group_session()
    [registration] = guests(session, number=1)
    link, guest = registration.get_absolute_url(), Visitor(live_server.url)
    guest.ask(link)

    answers = at_once(*[lambda: guest.ask(f"{link}bestaetigen/", {})] * PRESSES)

    assert {answer[:2] for answer in answers} == {(302, link)}
    assert seats(session) == [1]
    assert letters("registered").count() == 1


def test_one_founder_pressing_register_many_times_is_registered_once(live_server):
    session, founder = make_group_session(), make_founder()
    visitor = founder_at(live_server.url, founder)
    key = visitor.form_key(session.get_absolute_url())
    address = reverse("consultations:register", args=[session.pk])

    answers = at_once(*[lambda: visitor.ask(address, {"form_key": key})] * PRESSES)

    assert {answer[:2] for answer in answers} == {(302, session.get_absolute_url())}
    assert seats(session) == [1]
    assert Letter.objects.count() == 1


def test_many_who_cancel_at_once_let_as_many_move_up_each_told_once(live_server):
    session = make_group_session(seats=SEATS)
    seated = [make_registration(session=session) for _number in range(SEATS)]
    waiting = [make_registration(session=session, status="waiting") for _number in range(SEATS - 2)]
    visitors = []
    for registration in seated:
        visitor = Visitor(live_server.url)
        visitor.ask(registration.get_absolute_url())
        visitors.append((visitor, f"{registration.get_absolute_url()}absagen/"))

    answers = at_once(
        *[lambda visitor=visitor, link=link: visitor.ask(link, {}) for visitor, link in visitors]
    )

    assert {status for status, _where, _page in answers} == {302}
    assert set(session.registrations.registered()) == set(waiting)
    assert len(seats(session)) == len(set(seats(session))) == SEATS - 2
    assert letters("moved_up").count() == SEATS - 2
    assert letters("cancelled").count() == SEATS


def test_a_mail_scanner_that_opens_the_link_changes_nothing(live_server, client):
    session = make_group_session()
    asked = Registration.objects.ask(session=session, name="Rosa", email="rosa@muster.example")
    seated = make_registration(session=session)

    for registration in (asked, seated):
        for address in ("", "bestaetigen/", "absagen/"):
            for method in (client.get, client.head, client.options):
                method(f"{registration.get_absolute_url()}{address}")

    assert dict(session.registrations.values_list("pk", "status")) == {
        asked.pk: "asked",
        seated.pk: "registered",
    }
