"""Group sessions: planned, announced, changed, called off; everybody on the list told once."""

from datetime import timedelta
from email import message_from_bytes

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.outbox.carriers import mail_of
from best_portal.outbox.models import Letter, LetterStatus
from consultations.models import Appointment, GroupSession, GroupStatus, RegistrationStatus
from tests.factories import (
    NINE,
    make_appointment,
    make_founder,
    make_group_session,
    make_person,
    make_project,
    make_registration,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

HOUR = timedelta(hours=1)
WEEK = timedelta(weeks=1)
EVENINGS = [(NINE, NINE + 2 * HOUR), (NINE + WEEK, NINE + WEEK + 2 * HOUR)]


def plan(**fields):
    advisor = make_user()
    fields.setdefault("project", make_project(team=[advisor]))
    fields.setdefault("title", "Buchhaltung für Anfänger")
    fields.setdefault("times", EVENINGS)
    fields.setdefault("leaders", [advisor])
    return GroupSession.objects.plan(by=advisor, **fields)


def letters(what):
    return Letter.objects.filter(key__contains=f":{what}:")


def files_of(letter):
    """The calendars in the mail as it would be sent, read back: {uid: (method, event)}."""
    message = message_from_bytes(mail_of(letter).message().as_bytes())
    found = {}
    for part in message.walk():
        if part.get_content_type() == "text/calendar":
            calendar = Calendar.from_ical(part.get_payload(decode=True))
            [event] = calendar.walk("VEVENT")
            assert part.get_param("method") == calendar["METHOD"]
            found[str(event["UID"])] = (str(calendar["METHOD"]), event)
    return found


def test_a_plan_is_a_draft_nobody_but_staff_sees():
    session = plan()

    assert session.status == GroupStatus.DRAFT
    assert session.minutes == 240
    for user, sees in (
        (make_user(), True),
        (make_user(Role.MANAGER), True),
        (make_founder(), False),
    ):
        assert GroupSession.objects.visible_to(user).contains(session) is sees
    assert Event.objects.about(session).get().verb == "group_session.planned"


def test_overlapping_dates_are_refused_in_words():
    with pytest.raises(ValidationError, match="overlap"):
        plan(times=[(NINE, NINE + 2 * HOUR), (NINE + HOUR, NINE + 3 * HOUR)])


def test_announced_everybody_sees_it():
    session = plan()

    session.publish(by=session.planned_by)

    assert GroupSession.objects.visible_to(make_founder()).contains(session)
    assert session.is_open


@pytest.mark.parametrize(
    "fields", [{"times": []}, {"leaders": []}, {"times": [(NINE - 10 * 365 * WEEK / 7,) * 2]}]
)
def test_what_has_no_date_to_come_or_no_leader_is_not_announced(fields):
    if fields.get("times"):
        yesterday = timezone.now() - timedelta(days=1)
        fields = {"times": [(yesterday, yesterday + HOUR)]}
    session = plan(**fields)

    with pytest.raises(ValidationError):
        session.publish(by=session.planned_by)


def test_announcing_twice_is_refused():
    session = plan()
    session.publish(by=session.planned_by)

    with pytest.raises(ValidationError, match="in the meantime"):
        session.publish(by=session.planned_by)


def test_who_is_invited_only_is_seen_by_staff_and_by_who_has_a_seat():
    session = make_group_session(open_to="invited")
    founder, other = make_founder(), make_founder()
    make_registration(session=session, person=founder.person)

    assert GroupSession.objects.visible_to(founder).get() == session
    assert not GroupSession.objects.visible_to(other).exists()


def test_leaders_team_and_manager_may_change_it_and_no_other_advisor():
    session = make_group_session()
    colleague, outsider = make_user(), make_user()
    session.project.team.add(colleague)

    may = GroupSession.objects.editable_by
    assert may(session.leaders.get()).get() == session
    assert may(colleague).get() == session
    assert may(make_user(Role.MANAGER)).get() == session
    assert not may(outsider).exists()
    assert not may(make_founder()).exists()


def test_another_place_is_told_once_to_everybody_on_the_list():
    session = make_group_session(place="Raum 1")
    seated, waiting = (
        make_registration(session=session),
        make_registration(session=session, status="waiting"),
    )
    make_registration(session=session, status="cancelled", cancelled_at=timezone.now())

    session.amend(by=session.planned_by, revision=1, place="Raum 2")
    session.amend(by=session.planned_by, revision=2, title="Ein anderer Titel")

    told = letters("changed")
    assert {letter.recipient for letter in told} == {seated.person.email, waiting.person.email}
    assert told.count() == 2
    assert "Raum 2" in told.first().text


def test_who_saves_an_old_version_is_told():
    session = make_group_session()
    session.amend(by=session.planned_by, revision=1, title="Neu")

    with pytest.raises(ValidationError, match="in the meantime"):
        session.amend(by=session.planned_by, revision=1, title="Noch neuer")


def test_more_seats_go_to_those_who_wait_in_their_order():
    session = make_group_session(seats=1)
    make_registration(session=session)
    second, third = (make_registration(session=session, status="waiting") for _ in range(2))

    session.amend(by=session.planned_by, revision=1, seats=2)

    second.refresh_from_db()
    third.refresh_from_db()
    assert (second.status, third.status) == ("registered", "waiting")
    assert letters("moved_up").get().recipient == second.person.email


def test_fewer_seats_than_people_are_refused_and_people_move_together():
    session = make_group_session(seats=5)
    first = make_registration(session=session, seat=2)
    last = make_registration(session=session, seat=5)

    with pytest.raises(ValidationError, match="More people have a seat already"):
        session.amend(by=session.planned_by, revision=1, seats=1)
    session.refresh_from_db()
    session.amend(by=session.planned_by, revision=1, seats=2)

    first.refresh_from_db()
    last.refresh_from_db()
    assert {first.seat, last.seat} == {1, 2}


# --- dates ---


def as_they_are(session):
    return [(date, date.starts_at, date.ends_at) for date in session.dates.held()]


def test_a_date_that_moves_keeps_its_identity_and_is_told_once():
    session = make_group_session(times=EVENINGS)
    registration = make_registration(session=session)
    first, second = session.dates.all()
    later = NINE + timedelta(days=1)

    session.reschedule(
        by=session.planned_by,
        times=[(first, later, later + HOUR), (second, second.starts_at, second.ends_at)],
    )

    letter = letters("changed").get()
    files = files_of(letter)
    assert letter.recipient == registration.person.email
    assert {method for method, _event in files.values()} == {"REQUEST"}
    assert files[str(first.uid)][1]["DTSTART"].dt == later
    assert files[str(first.uid)][1]["SEQUENCE"] > files[str(second.uid)][1]["SEQUENCE"]


def test_two_dates_may_change_places():
    session = make_group_session(times=EVENINGS)
    first, second = session.dates.all()
    spans = [(second.starts_at, second.ends_at), (first.starts_at, first.ends_at)]

    session.reschedule(by=session.planned_by, times=[(first, *spans[0]), (second, *spans[1])])

    first.refresh_from_db()
    assert first.starts_at == spans[0][0]


def test_dates_that_would_overlap_stay_as_they_were():
    session = make_group_session(times=EVENINGS)
    before = list(session.dates.values_list("starts_at", flat=True))
    first, second = session.dates.all()

    with pytest.raises(ValidationError, match="overlap"):
        session.reschedule(
            by=session.planned_by,
            times=[(first, NINE, NINE + HOUR), (second, NINE + HOUR / 2, NINE + 2 * HOUR)],
        )

    assert list(session.dates.values_list("starts_at", flat=True)) == before


def test_a_date_left_out_is_cancelled_in_the_calendars():
    session = make_group_session(times=EVENINGS)
    make_registration(session=session)
    first, second = session.dates.all()

    session.reschedule(by=session.planned_by, times=[(first, first.starts_at, first.ends_at)])

    files = files_of(letters("changed").get())
    assert (files[str(first.uid)][0], files[str(second.uid)][0]) == ("REQUEST", "CANCEL")
    assert session.dates.held().get() == first


def test_the_last_date_is_not_left_out():
    session = make_group_session()

    with pytest.raises(ValidationError, match="one date at least"):
        session.reschedule(by=session.planned_by, times=[])


def test_nothing_changed_is_told_to_nobody():
    session = make_group_session(times=EVENINGS)
    make_registration(session=session)

    session.reschedule(by=session.planned_by, times=as_they_are(session))

    assert not Letter.objects.exists()


def test_in_a_draft_a_date_left_out_is_forgotten():
    session = plan()
    first = session.dates.first()

    session.reschedule(by=session.planned_by, times=[(first, first.starts_at, first.ends_at)])

    assert session.dates.count() == 1


def test_one_date_of_several_is_cancelled_by_itself():
    session = make_group_session(times=EVENINGS)
    make_registration(session=session)
    first, second = session.dates.all()

    first.cancel(by=session.planned_by)
    with pytest.raises(ValidationError, match="only date"):
        second.cancel(by=session.planned_by)

    assert files_of(letters("changed").get())[str(first.uid)][0] == "CANCEL"


# --- called off ---


def test_called_off_everybody_on_the_list_is_told_once_and_calendars_forget_it():
    session = make_group_session(times=EVENINGS)
    seated = make_registration(session=session)
    waiting = make_registration(session=session, status="waiting")

    session.cancel(by=session.planned_by, reason="Die Trainerin ist krank.")
    with pytest.raises(ValidationError, match="in the meantime"):
        session.cancel(by=session.planned_by)

    told = {letter.recipient: letter for letter in letters("called_off")}
    assert set(told) == {seated.person.email, waiting.person.email}
    assert "Die Trainerin ist krank." in told[seated.person.email].text
    files = files_of(told[seated.person.email])
    assert {method for method, _event in files.values()} == {"CANCEL"}
    assert {str(event["UID"]) for _method, event in files.values()} == {
        str(uid) for uid in session.dates.values_list("uid", flat=True)
    }
    assert files_of(told[waiting.person.email]) == {}


def test_what_waited_to_be_sent_is_pulled_back():
    session = make_group_session()
    registration = make_registration(session=session)
    session.amend(by=session.planned_by, revision=1, place="Raum 2")

    session.cancel(by=session.planned_by)
    Letter.objects.deliver_due()

    assert letters("changed").get().status == LetterStatus.WITHDRAWN
    [message] = mail.outbox
    assert message.to == [f"{registration.person.name} <{registration.person.email}>"]


def test_a_session_called_off_takes_nobody_any_more_and_stays_visible():
    session = make_group_session()
    session.cancel(by=session.planned_by)

    assert not session.is_open
    assert GroupSession.objects.visible_to(make_founder()).contains(session)
    assert not GroupSession.objects.upcoming().exists()


def test_leaders_appointments_on_the_dates_are_named():
    session = make_group_session()
    leader = session.leaders.get()
    inside = make_appointment(advisor=leader, starts_at=NINE + HOUR)
    make_appointment(advisor=leader, starts_at=NINE + 3 * HOUR)
    make_appointment(starts_at=NINE)

    assert list(Appointment.objects.in_the_way_of(session)) == [inside]


def test_states_are_told_in_words():
    assert dict(RegistrationStatus.choices).keys() == set(RegistrationStatus.values)
    assert make_person().registrations.count() == 0
    assert reverse("consultations:group_sessions") == "/qualifizierung/"
