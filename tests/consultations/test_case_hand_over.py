"""A case goes from one advisor to another, with what is still promised in it."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.outbox.models import Letter
from tests.factories import (
    NINE,
    make_appointment,
    make_case,
    make_person,
    make_project,
    make_promise,
    make_user,
)

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.fixture
def case():
    former, successor = make_user(), make_user()
    case = make_case(project=make_project(team=[former, successor]), advisor=former)
    case.successor = successor
    return case


def promise_in(case, **fields):
    return make_promise(organisation=case.organisation, case=case, **fields)


def test_the_successor_gets_the_case_and_its_open_promises(case):
    former = case.advisor
    still_open = promise_in(case, advisor=former)
    kept = promise_in(case, advisor=former)
    kept.keep(by=former)
    case.hand_over(to=case.successor, by=former)
    for row in (case, still_open, kept):
        row.refresh_from_db()
    assert case.advisor == case.successor
    assert (still_open.advisor, still_open.taken_over_from) == (case.successor, former)
    assert kept.advisor == former
    [event] = Event.objects.about(case)
    assert (event.verb, event.details) == (
        "case.handed_over",
        {"before": former.pk, "to": case.successor.pk},
    )


def test_a_promise_a_colleague_gave_stays_with_the_colleague(case):
    colleague = make_user()
    promise = promise_in(case, advisor=colleague)
    case.hand_over(to=case.successor, by=case.advisor)
    promise.refresh_from_db()
    assert promise.advisor == colleague


def test_a_second_click_is_told_so_and_changes_nothing(case):
    by = case.advisor
    case.hand_over(to=case.successor, by=by)
    with pytest.raises(ValidationError, match=case.successor.name):
        case.hand_over(to=case.successor, by=by)
    assert Event.objects.about(case).count() == 1


@pytest.mark.parametrize("fields", [{}, {"role": Role.FOUNDER}, {"role": Role.FUNDER}])
def test_nobody_gets_a_case_they_could_not_work_on(case, fields):
    with pytest.raises(ValidationError, match=r"team|Team"):
        case.hand_over(to=make_user(**fields), by=case.advisor)


def test_nobody_gets_a_case_who_left(case):
    case.successor.is_active = False
    with pytest.raises(ValidationError, match=r"team|Team"):
        case.hand_over(to=case.successor, by=case.advisor)


def test_a_closed_case_stays_where_it_is(case):
    case.close(on=timezone.localdate(), outcome="Erreicht", by=case.advisor)
    with pytest.raises(ValidationError, match=r"meantime|inzwischen"):
        case.hand_over(to=case.successor, by=case.advisor)


def test_the_page_hands_it_over_and_offers_the_team_only(sign_in, case):
    stranger = make_user(name="Fremde Muster")
    client = sign_in(case.advisor)
    address = reverse("consultations:case_hand_over", args=[case.pk])
    page = client.get(address).content.decode()
    assert case.successor.name in page
    assert stranger.name not in page
    assert client.post(address, {"to": stranger.pk}).status_code == 200
    assert (
        client.post(address, {"to": case.successor.pk}).url == case.organisation.get_absolute_url()
    )
    case.refresh_from_db()
    assert case.advisor == case.successor
    assert client.post(address, {"to": case.successor.pk}).status_code == 200


# --- what is booked ---


def booked(case, **fields):
    return make_appointment(
        organisation=case.organisation, project=case.project, advisor=case.advisor, **fields
    )


def test_what_is_booked_stays_unless_the_management_says_otherwise(case):
    appointment = booked(case)
    case.hand_over(to=case.successor, by=case.advisor)
    appointment.refresh_from_db()
    assert appointment.advisor != case.successor


def test_the_management_passes_on_what_is_booked_with_the_organisation(case):
    former, manager = case.advisor, make_user(Role.MANAGER)
    appointment = booked(case, person=make_person(email="rosa@beispiel.example"))
    others = make_appointment(project=case.project, advisor=former, starts_at=NINE + 2 * HOUR)
    handover = case.hand_over(to=case.successor, by=manager, with_appointments=True)
    for row in (appointment, others):
        row.refresh_from_db()
    assert (appointment.advisor, others.advisor) == (case.successor, former)
    assert handover.moved == {"cases": 1, "promises": 0, "appointments": 1}
    assert list(handover.appointments.all()) == [appointment]
    told = Letter.objects.get(recipient="rosa@beispiel.example")
    assert case.successor.name in told.text
    theirs = Letter.objects.get(recipient=case.successor.email)
    assert theirs.calendar.count("METHOD:REQUEST") == 1
    assert Letter.objects.get(recipient=former.email).calendar.count("METHOD:CANCEL") == 1


def test_what_collides_stays_and_is_named(sign_in, case):
    early, meanwhile = booked(case, starts_at=NINE - HOUR), booked(case)
    make_appointment(advisor=case.successor, starts_at=NINE + HOUR / 2)
    manager = make_user(Role.MANAGER)
    handover = case.hand_over(to=case.successor, by=manager, with_appointments=True)
    for row in (early, meanwhile):
        row.refresh_from_db()
    assert early.advisor == case.successor
    assert list(handover.colliding()) == [meanwhile]
    page = sign_in(manager).get(handover.get_absolute_url()).content.decode()
    assert meanwhile.get_absolute_url() in page


def test_without_the_choice_nothing_is_said_to_collide(case):
    booked(case)
    handover = case.hand_over(to=case.successor, by=case.advisor)
    assert not handover.colliding().exists()


def test_who_gets_an_appointment_joins_the_team_of_its_project(case):
    elsewhere = make_project(team=[case.advisor])
    make_appointment(organisation=case.organisation, project=elsewhere, advisor=case.advisor)
    case.hand_over(to=case.successor, by=make_user(Role.MANAGER), with_appointments=True)
    assert elsewhere.team.contains(case.successor)


def test_an_advisor_passes_on_no_appointments(case, english):
    booked(case)
    with pytest.raises(ValidationError, match="Only the management"):
        case.hand_over(to=case.successor, by=case.advisor, with_appointments=True)


def test_nobody_meets_people_who_is_no_advisor(case, english):
    booked(case)
    manager = make_user(Role.MANAGER)
    case.project.team.add(manager)
    with pytest.raises(ValidationError, match="Only another advisor"):
        case.hand_over(to=manager, by=manager, with_appointments=True)
    case.refresh_from_db()
    assert case.advisor != manager


def test_only_the_management_is_offered_the_choice_and_only_where_something_is_booked(
    sign_in, case
):
    address = reverse("consultations:case_hand_over", args=[case.pk])
    manager = sign_in(make_user(Role.MANAGER))
    assert "with_appointments" not in manager.get(address).text
    appointment = booked(case)
    page = manager.get(address).text
    assert "with_appointments" in page
    assert appointment.get_absolute_url() in page
    sent = {"to": case.successor.pk, "with_appointments": "on"}
    assert manager.post(address, sent).url.startswith("/uebergaben/")
    appointment.refresh_from_db()
    assert appointment.advisor == case.successor


def test_an_advisor_is_not_offered_the_choice(sign_in, case):
    booked(case)
    page = sign_in(case.advisor).get(reverse("consultations:case_hand_over", args=[case.pk]))
    assert "with_appointments" not in page.text
