"""The pages of group sessions: for everybody, for founders, for the team; by role."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from consultations.models import (
    Attendance,
    CheckIn,
    Consultation,
    GroupSession,
    OfficeHours,
    Registration,
)
from tests.consultations.test_groups import letters
from tests.factories import (
    BERLIN,
    make_founder,
    make_group_session,
    make_office_hours,
    make_organisation,
    make_person,
    make_project,
    make_registration,
    make_topic,
    make_user,
)

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LIST = "/qualifizierung/"
ROSA = {"name": "Rosa Beispiel", "email": "rosa@muster.example", "language": "de"}


@pytest.fixture(autouse=True)
def _nobody_asked_before():
    cache.clear()


def address(name, subject):
    return reverse(f"consultations:{name}", args=[getattr(subject, "pk", subject)])


def running(**fields):
    """A session of two hours that began an hour ago."""
    now = timezone.now()
    return make_group_session(times=[(now - HOUR, now + HOUR)], **fields)


# --- everybody ---


def test_everybody_sees_what_is_announced_with_free_seats_and_nobody_s_name(client):
    session = make_group_session(seats=3, title="Buchhaltung von Anfang an", place="Raum 7")
    registration = make_registration(session=session, person=make_person(name="Kim Geheim"))
    make_group_session(status="draft", title="Noch nicht fertig")
    make_group_session(open_to="invited", title="Nur auf Einladung")

    listed, page = client.get(LIST), client.get(session.get_absolute_url())

    assert session.title in listed.text
    assert "Noch nicht fertig" not in listed.text
    assert "Nur auf Einladung" not in listed.text
    assert "2 von 3 Plätzen sind frei" in page.text
    assert "Raum 7" in page.text
    for text in (listed.text, page.text):
        assert registration.person.name not in text


def test_the_calendar_file_is_for_everybody_and_keeps_the_online_room_to_itself(client):
    session = make_group_session(link="https://raum.muster.example/geheim")

    response = client.get(address("group_session_ics", session))

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert str(session.dates.get().uid) in response.text
    assert "geheim" not in response.text
    assert "geheim" not in client.get(session.get_absolute_url()).text


def test_without_an_account_one_gets_a_seat_by_a_link(client):
    session = make_group_session()
    form = address("register_guest", session)

    assert client.get(form).status_code == 200
    sent = client.post(form, ROSA | {"needs": ["step_free"]})
    assert sent.headers["Location"] == reverse("consultations:registration_sent")
    registration = Registration.objects.get()
    link = registration.get_absolute_url()
    assert client.get(link).status_code == 200
    assert Registration.objects.get().status == "asked"
    client.post(f"{link}bestaetigen/")
    assert Registration.objects.get().seat == 1

    client.post(f"{link}absagen/")

    assert Registration.objects.get().status == "cancelled"
    assert letters("cancelled").get().recipient == ROSA["email"]


def test_a_robot_and_a_known_address_get_the_same_answer(client):
    session = make_group_session()
    make_registration(session=session, person=make_person(name="Rosa", email=ROSA["email"]))
    form = address("register_guest", session)

    robot = client.post(form, ROSA | {"website": "https://spam.example"})
    known = client.post(form, ROSA)

    assert robot.headers["Location"] == known.headers["Location"]
    assert Registration.objects.filter(name=ROSA["name"]).count() == 1


def test_what_was_typed_wrong_comes_back_as_typed(client):
    session = make_group_session()

    page = client.post(address("register_guest", session), ROSA | {"email": "rosa@"})

    assert page.status_code == 200
    assert 'value="rosa@"' in page.text
    assert ROSA["name"] in page.text
    assert not Registration.objects.exists()


def test_a_link_that_opens_nothing_says_what_to_do(client):
    page = client.get(reverse("consultations:registration", args=["0" * 64]))

    assert page.status_code == 404
    assert f'href="{LIST}"' in page.text


def test_who_asks_too_often_is_told(client, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"guest_contact": "1/h/ip"}
    form = address("register_guest", make_group_session())

    answers = [client.post(form, ROSA | {"email": f"r{n}@muster.example"}) for n in range(2)]

    assert [answer.status_code for answer in answers] == [302, 429]


# --- founders ---


def test_a_founder_has_a_seat_with_one_press(sign_in):
    founder = make_founder(make_organisation(name="Muster-Café"))
    session = make_group_session(link="https://raum.muster.example/geheim")
    client = sign_in(founder)
    page = client.get(session.get_absolute_url())
    assert "geheim" not in page.text
    key = re.search(r'name="form_key" value="([^"]+)"', page.text)[1]
    own = founder.person.organisations.get()

    answer = client.post(
        address("register", session), {"form_key": key, "organisation": own.pk}, follow=True
    )

    registration = Registration.objects.get()
    assert (registration.person, registration.organisation) == (founder.person, own)
    assert registration.seat == 1
    assert "geheim" in answer.text


def test_a_founder_registers_for_no_organisation_but_their_own(sign_in):
    session, foreign = make_group_session(), make_organisation()
    client = sign_in(make_founder())
    page = client.get(session.get_absolute_url())
    key = re.search(r'name="form_key" value="([^"]+)"', page.text)[1]

    client.post(address("register", session), {"form_key": key, "organisation": foreign.pk})

    assert not Registration.objects.exists()


def test_a_founder_cancels_their_own_and_nobody_else_s(sign_in):
    founder = make_founder()
    own, other = make_registration(person=founder.person), make_registration()
    client = sign_in(founder)

    client.post(address("registration_cancel_own", own))
    refused = client.post(address("registration_cancel_own", other))

    own.refresh_from_db()
    other.refresh_from_db()
    assert (own.status, other.status, refused.status_code) == ("cancelled", "registered", 404)


def test_a_founder_sees_the_hours_of_advice_and_training_together(sign_in):
    founder = make_founder()
    yesterday = timezone.now() - DAY
    session = make_group_session(times=[(yesterday, yesterday + 2 * HOUR)])
    registration = make_registration(session=session, person=founder.person)
    CheckIn.objects.note(
        by=session.planned_by,
        date=session.dates.get(),
        registration=registration,
        is_present=True,
        late=30,
    )
    session.dates.get().log(by=session.planned_by, result="")
    Attendance.objects.create(
        consultation=Consultation.objects.log(
            by=session.planned_by,
            project=session.project,
            organisation=make_organisation(),
            kind="advice",
            held_on=timezone.localdate(yesterday),
            minutes=60,
        ),
        person=founder.person,
    )

    page = sign_in(founder).get(LIST)

    assert (page.context["minutes"], page.context["minutes_in_groups"]) == (150, 90)
    assert "1:30" in page.text


def test_the_case_file_shows_whose_people_came_and_staff_how_long(sign_in):
    organisation = make_organisation()
    founder = make_founder(organisation)
    yesterday = timezone.now() - DAY
    session = make_group_session(times=[(yesterday, yesterday + 2 * HOUR)])
    registration = make_registration(
        session=session, person=founder.person, organisation=organisation
    )
    date = session.dates.get()
    CheckIn.objects.note(
        by=session.planned_by, date=date, registration=registration, is_present=True
    )
    date.log(by=session.planned_by, result="")

    page = sign_in(session.planned_by).get(organisation.get_absolute_url())
    own = sign_in(founder).get(organisation.get_absolute_url())

    assert page.context["minutes_in_groups"] == own.context["minutes_in_groups"] == 120
    assert "2 Stunden teilgenommen" in page.text
    assert "Stunden teilgenommen" not in own.text


# --- the team ---


def planned(project, **fields):
    """What a browser would send from the form of a new session."""
    day = timezone.localdate() + 9 * DAY
    return {
        "title": "Preise kalkulieren",
        "project": project.pk,
        "leaders": [project.team.first().pk],
        "channel": "office",
        "language": "de",
        "seats": "8",
        "waiting_seats": "4",
        "open_to": "everyone",
        "dates-TOTAL_FORMS": "2",
        "dates-INITIAL_FORMS": "0",
        "dates-0-day": day.isoformat(),
        "dates-0-start": "18",
        "dates-0-end": "20:30",
    } | fields


@pytest.fixture
def team():
    advisor = make_user()
    today = timezone.localdate()
    project = make_project(team=[advisor], starts_on=today - 99 * DAY, ends_on=today + 400 * DAY)
    return project, advisor


def test_an_advisor_plans_and_announces_a_session(sign_in, team):
    project, advisor = team
    topic = make_topic()
    client = sign_in(advisor)

    client.post(reverse("consultations:group_new"), planned(project, topics=[topic.pk]))
    session = GroupSession.objects.get()
    assert (session.status, session.seats, session.minutes) == ("draft", 8, 150)
    assert timezone.localtime(session.starts_at, BERLIN).hour == 18
    assert list(session.topics.all()) == [topic]
    client.post(address("group_publish", session))

    session.refresh_from_db()
    assert session.is_open


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"title": ""}, "title"),
        ({"dates-0-end": ""}, "dates"),
        ({"dates-0-day": "", "dates-0-start": "", "dates-0-end": ""}, "dates"),
        ({"dates-0-end": "17"}, "dates"),
        ({"dates-0-start": "25:61"}, "dates"),
        ({"dates-0-day": "2999-01-01"}, "dates"),
        ({"seats": "0"}, "seats"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"register_until_0": "0001-01-01", "register_until_1": "09:00"}, "register_until"),
        ({"project": "999999"}, "project"),
        ({"leaders": []}, "leaders"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(sign_in, team, fields, wrong):
    project, advisor = team

    page = sign_in(advisor).post(
        reverse("consultations:group_new"), planned(project, contents="Eine Zeile") | fields
    )

    form, dates = page.context["form"], page.context["dates"]
    errors = {*form.errors, *(["dates"] if not dates.is_valid() else [])}
    assert errors == {wrong}
    assert "kern-error" in page.text
    assert "Eine Zeile" in page.text
    assert not GroupSession.objects.exists()


def test_overlapping_dates_are_refused_on_the_page(sign_in, team):
    project, advisor = team
    day = (timezone.localdate() + 9 * DAY).isoformat()
    second = {"dates-1-day": day, "dates-1-start": "19", "dates-1-end": "21"}

    page = sign_in(advisor).post(reverse("consultations:group_new"), planned(project, **second))

    assert "überschneiden sich" in page.text
    assert not GroupSession.objects.exists()


def test_a_session_is_changed_and_an_old_version_is_refused(sign_in, team):
    project, advisor = team
    session = make_group_session(project=project, leaders=[advisor])
    client = sign_in(advisor)
    changed = planned(project, title="Ein neuer Titel", revision=session.revision)

    client.post(address("group_edit", session), changed)
    page = client.post(address("group_edit", session), changed | {"title": "Zu spät"})

    session.refresh_from_db()
    assert session.title == "Ein neuer Titel"
    assert "Inzwischen hat jemand" in page.text
    assert "Zu spät" in page.text


def test_dates_are_moved_added_and_cancelled_in_one_go(sign_in, team):
    project, advisor = team
    start = timezone.now().replace(second=0, microsecond=0) + 9 * DAY
    session = make_group_session(
        project=project,
        leaders=[advisor],
        times=[(start, start + HOUR), (start + 7 * DAY, start + 7 * DAY + HOUR)],
    )
    make_registration(session=session)
    first, second = session.dates.all()
    new_day = timezone.localdate(start) + 3 * DAY

    sign_in(advisor).post(
        address("group_dates", session),
        {
            "dates-TOTAL_FORMS": "4",
            "dates-INITIAL_FORMS": "2",
            "dates-0-pk": first.pk,
            "dates-0-day": new_day.isoformat(),
            "dates-0-start": "10",
            "dates-0-end": "11",
            "dates-1-pk": second.pk,
            "dates-1-day": timezone.localdate(second.starts_at).isoformat(),
            "dates-1-start": "9",
            "dates-1-end": "10",
            "dates-1-is_off": "on",
            "dates-2-day": (new_day + DAY).isoformat(),
            "dates-2-start": "10",
            "dates-2-end": "11",
        },
    )

    held = list(session.dates.held())
    assert [timezone.localtime(date.starts_at).date() for date in held] == [new_day, new_day + DAY]
    assert held[0] == first
    assert letters("changed").count() == 1


def test_a_session_is_called_off_only_by_the_button(sign_in, team):
    project, advisor = team
    session = make_group_session(project=project, leaders=[advisor])
    make_registration(session=session)
    client = sign_in(advisor)

    client.get(address("group_call_off", session))
    session.refresh_from_db()
    assert session.status == "published"
    client.post(address("group_call_off", session), {"reason": "Krankheit"})

    session.refresh_from_db()
    assert (session.status, session.cancel_reason) == ("cancelled", "Krankheit")
    assert letters("called_off").count() == 1


def test_an_advisor_registers_who_calls_and_sees_what_was_sent(sign_in):
    session = make_group_session()
    advisor = session.leaders.get()
    client = sign_in(advisor)
    form = address("register_for", session)
    page = client.get(form)
    key = re.search(r'name="form_key" value="([^"]+)"', page.text)[1]

    client.post(
        form,
        {"form_key": key, "name": "Kim Muster", "phone": "030 123456", "told_by": "nobody"},
    )
    client.post(form, {"form_key": key, "name": "Kim Muster", "told_by": "nobody"})

    registration = Registration.objects.get()
    assert registration.person.phone == "030 123456"
    manage = client.get(address("group_manage", session))
    assert "Kim Muster" in manage.text
    detail = client.get(address("registered", registration))
    assert "030 123456" in detail.text
    assert [step.who for step in detail.context["history"]] == [advisor.name]


def test_staff_cancel_a_registration_and_the_next_moves_up(sign_in):
    session = make_group_session(seats=1)
    seated = make_registration(session=session)
    waiting = make_registration(session=session, status="waiting")

    sign_in(session.leaders.get()).post(address("registration_withdraw", seated))

    waiting.refresh_from_db()
    assert waiting.seat == 1


# --- the door ---


def test_at_the_door_a_press_is_saved_at_once(sign_in):
    session = running()
    registration = make_registration(session=session)
    date = session.dates.get()
    client = sign_in(session.leaders.get())
    door = address("group_checkin", date)

    answer = client.post(
        door, {"registration": registration.pk, "is_present": "1", "late": "20", "early": ""}
    )

    assert answer.headers["Location"] == f"{door}#p{registration.pk}"
    mark = CheckIn.objects.get()
    assert (mark.is_present, mark.late_minutes) == (True, 20)
    assert "20 Min. später" in client.get(door).text


@pytest.mark.parametrize("late", ["-1", "1000", "viel", "1e3"])
def test_nonsense_minutes_are_said(sign_in, late):
    session = running()
    registration = make_registration(session=session)

    page = sign_in(session.leaders.get()).post(
        address("group_checkin", session.dates.get()),
        {"registration": registration.pk, "is_present": "1", "late": late},
    )

    assert "0 bis 720" in page.text
    assert not CheckIn.objects.exists()


def test_somebody_who_just_came_is_found_by_name_or_new(sign_in):
    session = running()
    known = make_person(name="Änne Beispiel")
    client = sign_in(session.leaders.get())
    address_of = address("group_walk_in", session.dates.get())

    client.post(address_of, {"person_text": "Änne Beispiel"})
    client.post(address_of, {"name": "Ganz Neu"})
    refused = client.post(address_of, {})

    names = {mark.registration.person.name for mark in CheckIn.objects.present()}
    assert names == {known.name, "Ganz Neu"}
    assert refused.status_code == 200
    assert "Wählen Sie eine bekannte Person" in refused.text or refused.context["form"].errors


def test_logging_leads_to_the_consultation_and_happens_once(sign_in):
    session = running(contents="Belege ordnen")
    registration = make_registration(session=session)
    date = session.dates.get()
    client = sign_in(session.leaders.get())
    client.post(
        address("group_checkin", date), {"registration": registration.pk, "is_present": "1"}
    )
    page = client.get(address("group_log", date))
    assert "Belege ordnen" in page.text

    first = client.post(address("group_log", date), {"result": "Belege geordnet."})
    second = client.post(address("group_log", date), {"result": "Noch einmal."})

    consultation = Consultation.objects.get()
    assert first.headers["Location"] == consultation.get_absolute_url()
    assert second.status_code == 200
    assert session.title in client.get(consultation.get_absolute_url()).text


def test_before_its_day_there_is_nothing_to_note(sign_in):
    session = make_group_session()
    make_registration(session=session)

    page = sign_in(session.leaders.get()).get(address("group_checkin", session.dates.get()))

    assert "is_present" not in page.text


def test_a_date_nobody_came_to_is_cancelled_from_the_door(sign_in):
    session = running()
    make_registration(session=session)
    date = session.dates.get()
    client = sign_in(session.leaders.get())
    assert address("group_cancel_date", date) in client.get(address("group_checkin", date)).text

    client.post(address("group_cancel_date", date))

    date.refresh_from_db()
    assert date.cancelled_at


# --- what it keeps busy, what it costs ---


def test_who_teaches_is_not_offered_for_appointments_meanwhile():
    hours = make_office_hours()
    [time] = OfficeHours.objects.next_free_times(1)
    session = make_group_session(
        leaders=[hours.advisor],
        project=hours.project,
        times=[(time.starts_at + HOUR / 2, time.starts_at + 2 * HOUR)],
    )

    blocked = {free.starts_at for free in OfficeHours.objects.next_free_times(9)}
    assert time.starts_at not in blocked
    assert time.starts_at + HOUR not in blocked
    session.cancel(by=hours.advisor)

    assert OfficeHours.objects.next_free_times(1)[0].starts_at == time.starts_at


@pytest.mark.parametrize("rows", [2, 12])
def test_lists_cost_the_same_however_long(sign_in, count_queries, rows):
    leader = make_user()
    session = make_group_session(leaders=[leader], seats=20)
    for _number in range(rows):
        make_registration(session=session, organisation=make_organisation())
        make_registration(session=session, status="waiting")
        make_group_session(leaders=[leader], project=session.project)
    client = sign_in(leader)

    assert count_queries(client.get, LIST) <= 12
    assert count_queries(client.get, address("group_manage", session)) <= 17


@pytest.mark.parametrize("role", [Role.FUNDER, Role.EVALUATOR])
def test_funders_and_evaluators_see_what_everybody_sees(sign_in, role):
    registration = make_registration(person=make_person(name="Kim Geheim"))
    client = sign_in(make_user(role))

    assert "Kim Geheim" not in client.get(registration.session.get_absolute_url()).text
    for name in ("group_manage", "group_edit", "group_dates"):
        assert client.get(address(name, registration.session)).status_code == 403
