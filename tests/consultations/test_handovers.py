"""An advisor's work goes to others at once: cases, promises, appointments, office hours, teams."""

import uuid
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.outbox.models import Letter, LetterStatus
from consultations.day import due_for
from consultations.models import (
    Appointment,
    Consultation,
    Dossier,
    Handover,
    OfficeHours,
    Promise,
    SupportCase,
    Visit,
)
from consultations.models.belongings import Belongings
from tests.factories import (
    NINE,
    make_absence,
    make_appointment,
    make_busy_period,
    make_case,
    make_consultation,
    make_group_session,
    make_handover,
    make_office_hours,
    make_person,
    make_project,
    make_promise,
    make_team_hours,
    make_user,
    make_visit,
    make_waiting_entry,
    make_waiting_offer,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def giver():
    return make_user(name="Geht Muster")


@pytest.fixture
def to():
    return make_user(name="Kommt Muster")


@pytest.fixture
def manager():
    return make_user(Role.MANAGER)


@pytest.fixture
def project(giver):
    return make_project(team=[giver], starts_on=date(2020, 1, 1), ends_on=date(2099, 12, 31))


@pytest.fixture
def hand_over(giver, to, manager):
    def hand_over(**given):
        return Handover.objects.hand_over(by=manager, giver=giver, to=to, **given)

    return hand_over


def advisor_of(row):
    return type(row).objects.get(pk=row.pk).advisor


# --- what moves ---


def test_everything_goes_to_the_successor(giver, to, project, hand_over):
    case = make_case(advisor=giver, project=project)
    in_case = make_promise(advisor=giver, organisation=case.organisation, case=case)
    promise = make_promise(advisor=giver)
    hours = make_office_hours(advisor=giver, project=project)
    appointment = make_appointment(advisor=giver, project=project, office_hours=hours)
    waiting = make_waiting_entry(advisor=giver)

    handover = hand_over()

    moved = [case, in_case, promise, appointment, hours, waiting]
    assert [advisor_of(row) for row in moved] == [to] * 6
    assert list(project.team.all()) == [to]
    assert handover.moved == {
        "cases": 1,
        "promises": 2,
        "appointments": 1,
        "waiting": 1,
        "office_hours": 1,
        "projects": 1,
    }
    assert Belongings(giver).counted() == []
    [event] = Event.objects.about(handover)
    assert (event.verb, event.details) == ("handover.made", handover.moved)


def test_what_is_over_stays_with_who_did_it(giver, project, hand_over):
    closed = make_case(
        advisor=giver, project=project, closed_on=project.starts_on, outcome="gegründet"
    )
    kept = make_promise(advisor=giver)
    kept.keep(by=giver)
    past = make_appointment(advisor=giver, starts_at=NINE.replace(year=2024), status="no_show")
    cancelled = make_appointment(advisor=giver)
    cancelled.cancel(by=giver)
    ended = make_office_hours(advisor=giver, ends_on=date(2024, 6, 3))

    hand_over()

    assert [advisor_of(row) for row in (closed, kept, past, cancelled, ended)] == [giver] * 5


def test_a_case_in_the_bin_goes_too_without_a_dossier(giver, to, project, hand_over):
    case = make_case(advisor=giver, project=project)
    case.withdraw(by=giver)

    hand_over()

    assert advisor_of(case) == to
    assert not Dossier.objects.exists()
    case.restore(by=to)
    assert SupportCase.objects.running().of_advisor(to).count() == 1


def test_each_case_may_go_to_somebody_else_with_all_that_belongs_to_it(
    giver, to, project, hand_over
):
    third = make_user()
    case = make_case(advisor=giver, project=project)
    other = make_case(advisor=giver, project=project)
    shared = {"advisor": giver, "organisation": case.organisation}
    promises = [make_promise(case=case, **shared), make_promise(**shared)]
    appointment = make_appointment(project=project, **shared)

    hand_over(cases={case.pk: third})

    assert [advisor_of(row) for row in (case, *promises, appointment)] == [third] * 4
    assert advisor_of(other) == to
    assert set(project.team.all()) == {to, third}
    assert [each.to for each in Dossier.objects.order_by("case__pk")] == [third, to]


def test_office_hours_may_go_to_somebody_else(giver, to, project, hand_over):
    third = make_user()
    hours = make_office_hours(advisor=giver, project=project)
    booked = make_appointment(advisor=giver, project=project, office_hours=hours)
    team = make_team_hours(members=[giver, make_user()], project=project)

    hand_over(office_hours={hours.pk: third})

    assert advisor_of(hours) == third
    # Whoever has an appointment without a case is met by the successor.
    assert advisor_of(booked) == to
    assert giver not in team.members.all()
    assert to in team.members.all()
    assert set(project.team.all()) == {to, third}


def test_of_a_project_that_is_over_nobody_joins_the_team_for_nothing(giver, to, hand_over):
    over = make_project(team=[giver])
    with_a_case = make_project(team=[giver])
    make_case(advisor=giver, project=with_a_case)

    handover = hand_over()

    assert list(over.team.all()) == []
    assert list(with_a_case.team.all()) == [to]
    assert set(handover.projects.all()) == {over, with_a_case}


def test_a_case_of_a_project_whose_team_was_left_before_goes_too(giver, to, hand_over):
    case = make_case(advisor=giver, project=make_project())

    hand_over()

    assert advisor_of(case) == to
    assert list(case.project.team.all()) == [to]


# --- appointments ---


@pytest.mark.parametrize("what", ["appointment", "absence", "calendar", "group"])
def test_an_appointment_stays_where_the_successor_has_something_else(
    what, giver, to, project, hand_over
):
    early = make_appointment(advisor=giver, project=project, starts_at=NINE - timedelta(hours=1))
    meanwhile = make_appointment(advisor=giver, project=project)
    match what:
        case "appointment":
            make_appointment(advisor=to, starts_at=NINE + timedelta(minutes=30))
        case "absence":
            make_absence(advisor=to, starts_at=NINE, ends_at=NINE + timedelta(hours=3))
        case "calendar":
            period = make_busy_period()
            period.calendar.advisor = to
            period.calendar.save()
        case "group":
            make_group_session(leaders=[to])

    handover = hand_over()

    assert (advisor_of(early), advisor_of(meanwhile)) == (to, giver)
    assert list(handover.appointments.all()) == [early]
    assert [number for _kind, number in Belongings(giver).counted()] == [1]


def test_the_person_is_told_and_their_calendar_follows(giver, to, project, hand_over):
    person = make_person(name="Rosa Beispiel", email="rosa@beispiel.example")
    appointment = make_appointment(advisor=giver, project=project, person=person)
    waiting = Letter.objects.queue(
        key=f"{appointment.letters_key}:booked:0:person",
        recipient=person.email,
        subject="alt",
        text="bei Geht Muster",
    )

    hand_over()

    waiting.refresh_from_db()
    assert waiting.status == LetterStatus.WITHDRAWN
    letter = Letter.objects.get(recipient=person.email, status=LetterStatus.QUEUED)
    assert "Kommt Muster" in letter.text
    assert "SEQUENCE:1" in letter.calendar
    assert "METHOD:REQUEST" in letter.calendar
    appointment.refresh_from_db()
    assert (appointment.sequence, appointment.starts_at) == (1, NINE)
    assert Event.objects.about(appointment).filter(verb="appointment.passed_on").count() == 1


def test_who_is_told_by_letter_is_listed(giver, project, hand_over):
    by_letter = make_appointment(advisor=giver, project=project, told_by="letter")
    by_mail = make_appointment(
        advisor=giver,
        project=project,
        starts_at=NINE + timedelta(hours=1),
        person=make_person(email="rosa@beispiel.example"),
    )

    handover = hand_over()

    assert handover.told_otherwise == [by_letter]
    assert by_mail in handover.appointments.all()


def test_both_colleagues_get_one_letter_with_every_appointment(giver, to, project, hand_over):
    for number in range(3):
        make_appointment(
            advisor=giver, project=project, starts_at=NINE + timedelta(hours=2 * number)
        )
    make_case(advisor=giver, project=project)

    handover = hand_over()

    [theirs] = Letter.objects.filter(recipient=to.email)
    [former] = Letter.objects.filter(recipient=giver.email)
    assert theirs.calendar.count("METHOD:REQUEST") == 3
    assert former.calendar.count("METHOD:CANCEL") == 3
    for letter in (theirs, former):
        assert handover.get_absolute_url() in letter.text
    assert f"{timezone.localtime(handover.reads_until):%d.%m.%Y}" in former.text


def test_a_time_held_for_the_waiting_list_goes_with_the_office_hours(giver, to, hand_over):
    hours = make_office_hours(advisor=giver)
    offer = make_waiting_offer(office_hours=hours)
    Appointment.objects.update(held_until=timezone.now() + timedelta(hours=1))

    hand_over()

    offer.appointment.refresh_from_db()
    assert offer.appointment.advisor == to


def test_a_held_time_nobody_can_take_over_is_given_back(giver, to, hand_over):
    hours = make_office_hours(advisor=giver)
    offer = make_waiting_offer(office_hours=hours)
    Appointment.objects.update(held_until=timezone.now() + timedelta(hours=1))
    make_appointment(advisor=to)

    hand_over()

    offer.refresh_from_db()
    assert (offer.status, offer.appointment) == ("expired", None)
    assert not Appointment.objects.filter(advisor=giver).exists()


# --- what is decided by hand ---


def test_group_sessions_and_what_was_never_logged_stay_and_are_counted(giver, hand_over):
    make_group_session(leaders=[giver])
    make_appointment(advisor=giver, starts_at=NINE.replace(year=2024))

    hand_over()

    assert [number for _kind, number in Belongings(giver).counted()] == [1, 1]


# --- refusals ---


def test_the_same_form_sent_twice_is_one_handover(giver, project, hand_over):
    make_case(advisor=giver, project=project)
    key = uuid.uuid4()

    assert hand_over(form_key=key) == hand_over(form_key=key)
    assert Handover.objects.count() == 1


@pytest.mark.parametrize("fields", [{"role": Role.FOUNDER}, {"role": Role.MANAGER}, {"gone": True}])
def test_only_an_advisor_who_may_sign_in_takes_over(giver, manager, project, fields):
    to = make_user(fields.get("role", Role.ADVISOR), is_active="gone" not in fields)
    case = make_case(advisor=giver, project=project)

    with pytest.raises(ValidationError, match=r"advisor|Berater"):
        Handover.objects.hand_over(by=manager, giver=giver, to=to)

    assert advisor_of(case) == giver


def test_nobody_hands_over_to_themselves(giver, manager):
    with pytest.raises(ValidationError):
        Handover.objects.hand_over(by=manager, giver=giver, to=giver)
    with pytest.raises(IntegrityError, match="consultations_handover_to_somebody_else"):
        make_handover(giver=giver, to=giver)


# --- next steps ---


def steps_of(user):
    return [due.what for due in due_for(user, timezone.localdate())]


def test_the_next_steps_of_a_case_go_with_it(giver, to, project, hand_over):
    today = timezone.localdate()
    case = make_case(advisor=giver, project=project)
    step = {"project": project, "held_on": today, "next_step_on": today}
    make_consultation(
        [giver], next_step="Anrufen", case=case, organisation=case.organisation, **step
    )
    make_consultation([giver], next_step="Ohne Begleitung", **step)
    assert set(steps_of(giver)) == {"Anrufen", "Ohne Begleitung"}

    hand_over()

    assert steps_of(to) == ["Anrufen"]
    assert steps_of(giver) == []


def test_a_single_case_takes_its_next_step_along_and_leaves_the_others(giver, to, project):
    today = timezone.localdate()
    project.team.add(to)
    case = make_case(advisor=giver, project=project)
    step = {"project": project, "held_on": today, "next_step_on": today}
    make_consultation(
        [giver], next_step="Anrufen", case=case, organisation=case.organisation, **step
    )
    make_consultation([giver], next_step="Ohne Begleitung", **step)

    case.hand_over(to=to, by=giver)

    assert steps_of(to) == ["Anrufen"]
    assert steps_of(giver) == ["Ohne Begleitung"]


# --- 30 days ---


def aged(handover, days):
    Handover.objects.filter(pk=handover.pk).update(handed_at=timezone.now() - timedelta(days=days))


def note_read_by(user, model=Consultation):
    note = "own_note"
    [row] = model.objects.visible_to(user).with_own_note_for(user)
    return getattr(row, note) or ""


def test_the_predecessor_reads_what_they_held_for_30_days_and_changes_nothing(
    giver, to, project, hand_over
):
    consultation = make_consultation([giver], project=project, internal_note="vertraulich")
    Consultation.objects.update(logged_at=timezone.now() - timedelta(days=60))
    assert Consultation.objects.editable_by(giver).exists()

    handover = hand_over()

    assert not Consultation.objects.editable_by(giver).exists()
    assert not consultation.is_own_of(giver)
    for days, note in ((0, "vertraulich"), (29, "vertraulich"), (31, "")):
        aged(handover, days)
        assert note_read_by(giver) == note
        assert consultation.is_readable_by(giver) == bool(note)
    assert note_read_by(to) == "vertraulich"
    assert Consultation.objects.editable_by(to).exists()


def test_a_visit_is_read_as_long(giver, project, hand_over):
    make_visit(advisor=giver, project=project, note="vertraulich")
    Visit.objects.update(logged_at=timezone.now() - timedelta(days=60))

    handover = hand_over()

    assert not Visit.objects.own_of(giver).exists()
    assert note_read_by(giver, Visit) == "vertraulich"
    aged(handover, 31)
    assert note_read_by(giver, Visit) == ""


def test_who_comes_back_into_the_team_has_it_all_again(giver, project, hand_over):
    make_consultation([giver], project=project, internal_note="vertraulich")
    aged(hand_over(), 31)

    project.team.add(giver)

    assert note_read_by(giver) == "vertraulich"
    assert Consultation.objects.editable_by(giver).exists()


def test_what_is_held_after_the_handover_is_ones_own(giver, project, hand_over):
    aged(hand_over(), 31)

    make_consultation([giver], project=project, internal_note="vertraulich")

    assert note_read_by(giver) == "vertraulich"


# --- numbers ---


def test_forty_cases_go_at_once(giver, to, project, hand_over):
    for _number in range(40):
        case = make_case(advisor=giver, project=project)
        make_promise(advisor=giver, organisation=case.organisation, case=case)

    handover = hand_over()

    assert handover.moved == {"cases": 40, "promises": 40, "projects": 1}
    assert handover.dossiers.to_accept_by(to).count() == 40
    assert Promise.objects.of_advisor(to).count() == 40
    assert not OfficeHours.objects.filter(advisor=giver).exists()
