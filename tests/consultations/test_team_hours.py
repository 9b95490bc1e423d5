"""Office hours of a team: offered once, given out fairly, as many at a time as are on duty."""

import threading
import uuid
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.outbox.models import Letter
from consultations.capacity import WEEKS_BACK, capacity
from consultations.models import Absence, Appointment, GuestBooking, OfficeHours
from consultations.models.booking import TAKEN
from tests.consultations.guests import ROSA, TIMES, WHO, link, questions
from tests.factories import (
    BERLIN,
    NINE,
    make_absence,
    make_appointment,
    make_busy_calendar,
    make_busy_period,
    make_district,
    make_founder,
    make_office_hours,
    make_person,
    make_project,
    make_team_hours,
    make_user,
)

pytestmark = pytest.mark.django_db

MONDAY = NINE.date()
LONG_BEFORE = datetime(2020, 1, 1, tzinfo=UTC)
HOUR, WEEK = timedelta(hours=1), timedelta(weeks=1)


def at(starts_at, **options):
    [time] = [
        time
        for time in OfficeHours.objects.free_times(MONDAY, MONDAY, now=LONG_BEFORE)
        if time.starts_at == starts_at
    ]
    return time


def book(hours, starts_at=NINE, **fields):
    fields.setdefault("by", make_user())
    fields.setdefault("person", make_person())
    return Appointment.objects.book_free_time(office_hours=hours, starts_at=starts_at, **fields)


# --- what is offered ---


def test_a_time_of_a_team_is_offered_once_however_many_are_on_duty():
    hours = make_team_hours(3)

    times = OfficeHours.objects.free_times(MONDAY, MONDAY, now=LONG_BEFORE)

    assert [time.starts_at for time in times] == [NINE, NINE + HOUR, NINE + 2 * HOUR]
    assert times[0].advisor is None
    assert set(times[0].advisors) == set(hours.members.all())


def test_it_is_offered_until_everybody_on_duty_has_somebody():
    hours = make_team_hours(2)

    assert hours.free_time_at(NINE, now=LONG_BEFORE)
    book(hours)
    assert hours.free_time_at(NINE, now=LONG_BEFORE)
    book(hours)
    assert hours.free_time_at(NINE, now=LONG_BEFORE) is None
    assert hours.free_time_at(NINE + HOUR, now=LONG_BEFORE)


def test_who_is_away_or_busy_elsewhere_only_makes_the_team_smaller():
    hours = make_team_hours(3)
    away, busy, there = hours.members.order_by("pk")
    make_absence(advisor=away)
    make_busy_period(calendar=make_busy_calendar(advisor=busy))

    assert at(NINE).advisors == (there,)
    assert set(at(NINE + HOUR).advisors) == {busy, there}


def test_an_appointment_in_own_office_hours_keeps_an_advisor_from_the_team():
    hours = make_team_hours(2)
    taken, free = hours.members.order_by("pk")
    make_appointment(advisor=taken)

    assert at(NINE).advisors == (free,)


def test_who_left_is_not_on_duty_and_a_team_of_nobody_offers_nothing():
    hours = make_team_hours(2)
    gone, changed = hours.members.order_by("pk")
    gone.is_active = False
    gone.save()

    assert at(NINE).advisors == (changed,)
    changed.role = Role.MANAGER
    changed.save()
    assert OfficeHours.objects.free_times(MONDAY, MONDAY, now=LONG_BEFORE) == []
    assert not OfficeHours.objects.of_active_advisors().exists()


@pytest.mark.parametrize("teams", [1, 4])
def test_free_times_cost_five_queries_however_many_teams(teams, django_assert_num_queries):
    for _team in range(teams):
        make_team_hours(3)

    with django_assert_num_queries(5):
        times = OfficeHours.objects.free_times(MONDAY, MONDAY + WEEK, now=LONG_BEFORE)
        assert {time.office_hours.who for time in times} == {"Team Musterkiez"}


# --- who gets the appointment ---


def test_the_advisor_with_the_fewest_appointments_that_week_gets_the_next_one():
    hours = make_team_hours(3)
    one, two, three = hours.members.order_by("pk")
    make_appointment(advisor=one, starts_at=NINE + 4 * 24 * HOUR)
    make_appointment(advisor=three, starts_at=NINE + 6 * 24 * HOUR + 14 * HOUR)
    # Not in this week, and not held: neither counts.
    make_appointment(advisor=two, starts_at=NINE + WEEK)
    make_appointment(advisor=two, starts_at=NINE + 24 * HOUR).cancel(by=two)

    assert book(hours).advisor == two


def test_of_equals_the_first_by_name_gets_it():
    berta, anna = make_user(name="Berta Muster"), make_user(name="Anna Muster")
    hours = make_team_hours(members=[berta, anna])

    assert [book(hours).advisor, book(hours).advisor] == [anna, berta]


def test_over_a_day_the_work_is_shared_evenly():
    hours = make_team_hours(3)

    for starts_at in [NINE, NINE, NINE + HOUR, NINE + HOUR, NINE + 2 * HOUR, NINE + 2 * HOUR]:
        book(hours, starts_at)

    assert set(Counter(Appointment.objects.values_list("advisor", flat=True)).values()) == {2}


def test_when_nobody_is_free_the_refusal_says_so(english):
    hours = make_team_hours(1)
    book(hours)

    with pytest.raises(ValidationError) as refusal:
        book(hours)

    assert refusal.value.code == "not_free"


def test_the_same_form_sent_twice_books_one_advisor():
    hours, person, key, by = make_team_hours(3), make_person(), uuid.uuid4(), make_user()

    first = book(hours, by=by, person=person, form_key=key)

    assert book(hours, by=by, person=person, form_key=key) == first
    assert Appointment.objects.count() == 1


# --- holding, moving ---


def test_a_held_time_takes_one_of_the_team():
    hours = make_team_hours(2)

    held = Appointment.objects.hold(office_hours=hours, starts_at=NINE, form_key=uuid.uuid4())

    assert at(NINE).advisors == tuple(hours.members.exclude(pk=held.advisor_id))
    Appointment.objects.update(held_until=timezone.now())
    assert len(at(NINE).advisors) == 2
    again = Appointment.objects.hold(office_hours=hours, starts_at=NINE, form_key=uuid.uuid4())
    assert Appointment.objects.get() == again


def test_moved_within_the_team_it_stays_with_the_same_advisor_while_they_are_free():
    hours = make_team_hours(3)
    appointment = book(hours)
    advisor = appointment.advisor
    # They have the most to do, and keep it all the same.
    make_appointment(advisor=advisor, starts_at=NINE + 24 * HOUR)

    appointment.move(by=advisor, office_hours=hours, starts_at=NINE + HOUR)

    assert (appointment.advisor, appointment.starts_at) == (advisor, NINE + HOUR)
    assert not Letter.objects.filter(key__contains=":taken_over:").exists()


def test_where_they_are_not_free_a_colleague_takes_over_and_both_calendars_know():
    hours = make_team_hours(2)
    appointment = book(hours)
    former = appointment.advisor
    make_absence(advisor=former, starts_at=NINE + HOUR, ends_at=NINE + 2 * HOUR)

    appointment.move(by=former, office_hours=hours, starts_at=NINE + HOUR)

    [colleague] = hours.members.exclude(pk=former.pk)
    assert appointment.advisor == colleague
    waiting = {letter.recipient: letter for letter in Letter.objects.due()}
    assert set(waiting) == {former.email, colleague.email}
    gone, come = waiting[former.email], waiting[colleague.email]
    assert "METHOD:CANCEL" in gone.calendar
    assert "METHOD:REQUEST" in come.calendar
    assert colleague.name in gone.text
    for letter in (gone, come):
        assert f"UID:{appointment.uid}" in letter.calendar
        assert "SEQUENCE:1" in letter.calendar


def test_an_appointment_of_own_office_hours_moves_into_the_teams_and_back():
    advisor, colleague = make_user(), make_user()
    team = make_team_hours(members=[advisor, colleague])
    own = make_office_hours(advisor=advisor, project=team.project, weekday=2)
    appointment = book(own, NINE + 24 * HOUR)

    appointment.move(by=advisor, office_hours=team, starts_at=NINE)
    assert (appointment.advisor, appointment.office_hours) == (advisor, team)
    appointment.move(by=advisor, office_hours=own, starts_at=NINE + 25 * HOUR)
    assert (appointment.advisor, appointment.office_hours) == (advisor, own)


def test_into_the_hours_of_a_team_without_their_advisor_nothing_moves(english):
    own, team = make_office_hours(weekday=2), make_team_hours(2)
    appointment = book(own, NINE + 24 * HOUR)

    with pytest.raises(ValidationError, match="same advisor"):
        appointment.move(by=own.advisor, office_hours=team, starts_at=NINE)


def test_nobody_moves_to_where_they_are(english):
    hours = make_team_hours(2)
    appointment = book(hours)

    with pytest.raises(ValidationError, match="at this time already"):
        appointment.move(by=appointment.advisor, office_hours=hours, starts_at=NINE)

    assert NINE not in [each.starts_at for each in appointment.times_instead(MONDAY, MONDAY)]


def test_a_date_of_a_team_is_cancelled_for_all_of_them():
    hours = make_team_hours(2)

    hours.cancel_day(by=hours.members.first(), day=MONDAY)

    assert hours.free_time_at(NINE, now=LONG_BEFORE) is None


def test_nine_stays_nine_for_a_team_when_the_clocks_change():
    sunday = date(2030, 3, 31)
    hours = make_team_hours(2, weekday=7, starts_at="01:00", ends_at="05:00")

    times = OfficeHours.objects.free_times(sunday, sunday, now=LONG_BEFORE)

    assert [f"{time.starts_at.astimezone(BERLIN):%H}" for time in times] == ["01", "03", "04"]
    booked = [book(hours, times[1].starts_at) for _each in range(2)]
    assert len({each.advisor_id for each in booked}) == 2


# --- capacity, neighbourhoods ---


def test_capacity_counts_everybody_on_duty():
    hours = make_team_hours(3, district=make_district())
    make_absence(advisor=hours.members.first())
    book(hours)

    [area] = capacity(now=datetime(2030, 6, 1, 12, tzinfo=BERLIN))

    week = area.weeks[WEEKS_BACK + 1]
    assert (week.bookable, week.booked, week.free) == (360, 60, 300)


def test_the_page_of_the_neighbourhood_names_the_team(client):
    hours = make_team_hours(2, district=make_district())

    assert "Team Musterkiez" in client.get(hours.district.get_absolute_url()).text


# --- the pages ---


def next_time():
    return OfficeHours.objects.next_free_times(1)[0]


def test_a_founder_books_with_the_team_and_reads_with_whom(sign_in):
    hours, founder = make_team_hours(2), make_founder()
    client, time = sign_in(founder), next_time()
    address = reverse("consultations:book_time", args=[hours.pk, time.starts_at])

    assert "Team Musterkiez" in client.get(reverse("consultations:book")).text
    form = client.get(address)
    assert all(advisor.name in form.text for advisor in hours.members.all())
    key = str(form.context["form"]["form_key"].value())
    answers = {"form_key": key, "concern": "Muster-Café", "book": "1"}
    page = client.post(address, answers, follow=True)

    appointment = Appointment.objects.get()
    assert appointment.advisor in hours.members.all()
    assert appointment.advisor.name in page.text
    assert Letter.objects.filter(recipient=appointment.advisor.email).count() == 1


def test_a_caller_is_booked_with_the_team(sign_in):
    hours, time = make_team_hours(2), next_time()
    advisor = hours.members.first()
    address = reverse("consultations:book_for_time", args=[hours.pk, time.starts_at])
    client = sign_in(advisor)

    form = client.get(address).context["form"]
    client.post(
        address,
        {
            "form_key": str(form["form_key"].value()),
            "name": "Rosa Beispiel",
            "phone": "030 1234567",
            "told_by": "nobody",
        },
    )

    assert Appointment.objects.get().office_hours == hours


def test_a_guest_books_with_the_team(client):
    hours = make_team_hours(2)
    client.post(reverse("consultations:guest_about"), questions())
    time = next_time()

    assert "Team Musterkiez" in client.get(TIMES).text
    client.post(TIMES, {"time": f"{hours.pk}/{time.starts_at:%Y%m%dT%H%MZ}"})
    held = Appointment.objects.get()
    assert held.advisor.name in client.get(WHO).text
    client.post(WHO, ROSA)
    client.post(link() + "bestaetigen/")

    assert Appointment.objects.get().status == "booked"
    assert GuestBooking.objects.get().appointment.advisor == held.advisor


def test_the_page_that_asks_before_moving_says_who_it_will_be_with(sign_in):
    hours = make_team_hours(2)
    first, second = OfficeHours.objects.next_free_times(2)
    appointment = book(hours, first.starts_at)
    client = sign_in(appointment.advisor)
    address = reverse("consultations:move_to", args=[appointment.pk, hours.pk, second.starts_at])

    assert f"{appointment.advisor.name} (Team Musterkiez)" in client.get(address).text
    make_absence(advisor=appointment.advisor, starts_at=second.starts_at, ends_at=second.ends_at)
    [colleague] = hours.members.exclude(pk=appointment.advisor_id)
    page = client.get(address)
    assert colleague.name in page.text
    assert f"{appointment.advisor.name} (Team" not in page.text
    client.post(address)
    appointment.refresh_from_db()
    assert appointment.advisor == colleague


# --- keeping them ---


NEW = reverse("consultations:office_hours_new")


def filled_in(project, **fields):
    return {
        "held_by": "team",
        "team": "Team Musterkiez",
        "project": project.pk,
        "channel": "office",
        "weekday": 2,
        "starts_at": "10:00",
        "ends_at": "13:00",
        "slot_minutes": 60,
        "pause_minutes": 0,
        "every_weeks": 1,
        "lead_hours": 24,
        "cancel_hours": 2,
        "starts_on": "2030-01-01",
    } | fields


@pytest.fixture
def team():
    return [make_user(), make_user()]


@pytest.fixture
def project(team):
    return make_project(team=team, starts_on=date(2020, 1, 1), ends_on=date(2099, 12, 31))


@pytest.mark.parametrize("role", [Role.ADVISOR, Role.MANAGER])
def test_a_member_of_the_team_and_the_manager_add_office_hours_of_a_team(
    sign_in, role, team, project
):
    user = team[0] if role == Role.ADVISOR else make_user(role)
    members = [each.pk for each in team]

    page = sign_in(user).post(NEW, filled_in(project, members=members))

    assert page.status_code == 302
    hours = OfficeHours.objects.get()
    assert (hours.advisor, hours.team) == (None, "Team Musterkiez")
    assert set(hours.on_duty) == set(team)


@pytest.mark.parametrize("missing", ["team", "members"])
def test_a_team_needs_a_name_and_people(sign_in, team, project, missing):
    fields = {"members": [team[0].pk]} | ({missing: ""} if missing == "team" else {missing: []})

    page = sign_in(team[0]).post(NEW, filled_in(project, **fields))

    assert missing in page.context["form"].errors
    assert not OfficeHours.objects.exists()


def test_on_duty_are_only_those_in_the_projects_team(sign_in, team, project):
    stranger = make_user()
    make_project(team=[stranger])
    members = [team[0].pk, stranger.pk]

    page = sign_in(make_user(Role.MANAGER)).post(NEW, filled_in(project, members=members))

    assert stranger.name in str(page.context["form"].errors["members"])


def test_an_advisor_keeps_the_hours_of_their_own_teams_only(sign_in, team, project):
    mine = make_team_hours(members=team, project=project)
    other = make_team_hours(2)
    client = sign_in(team[1])

    def status(hours):
        return client.get(reverse("consultations:office_hours_edit", args=[hours.pk])).status_code

    assert (status(mine), status(other)) == (200, 404)
    page = client.get(reverse("consultations:office_hours"))
    assert page.text.count("Team Musterkiez") == 1


def test_office_hours_of_a_team_become_an_advisors_and_back(sign_in, team, project):
    hours = make_team_hours(members=team, project=project)
    client = sign_in(team[0])
    address = reverse("consultations:office_hours_edit", args=[hours.pk])

    assert client.get(address).context["form"]["held_by"].value() == "team"
    client.post(address, filled_in(project, held_by="advisor"))
    hours.refresh_from_db()
    assert (hours.advisor, hours.team, list(hours.members.all())) == (team[0], "", [])
    client.post(address, filled_in(project, members=[team[1].pk]))
    hours.refresh_from_db()
    assert (hours.advisor, hours.on_duty) == (None, [team[1]])


@pytest.mark.parametrize("fields", [{"advisor": None}, {"team": "Team"}])
def test_office_hours_are_an_advisors_or_a_teams(fields):
    hours = make_office_hours()

    with (
        pytest.raises(IntegrityError, match="consultations_officehours_of_an_advisor_or_a_team"),
        transaction.atomic(),
    ):
        OfficeHours.objects.filter(pk=hours.pk).update(**fields)


# --- races ---


def at_once(number, call):
    """Run a call in so many threads that start together; return what each gave or was refused."""
    gate = threading.Barrier(number)

    def run(_number):
        try:
            gate.wait()
            return call()
        except ValidationError as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))


def booked_by(answers):
    return [answer for answer in answers if isinstance(answer, Appointment)]


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("verb", ["book", "hold"])
def test_of_ten_at_once_with_a_team_of_three_exactly_three_get_the_time(verb):
    hours, by, person = make_team_hours(3), make_user(), make_person()
    calls = {
        "book": lambda: book(hours, by=by, person=person),
        "hold": lambda: Appointment.objects.hold(
            office_hours=hours, starts_at=NINE, form_key=uuid.uuid4()
        ),
    }

    answers = at_once(10, calls[verb])

    got = booked_by(answers)
    assert len(got) == 3
    assert {each.advisor_id for each in got} == set(hours.members.values_list("pk", flat=True))
    assert all(isinstance(each, ValidationError) for each in answers if each not in got)


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_overlapping_teams_and_own_hours_at_once_never_book_anybody_twice():
    """Teams that share people, in opposite orders: nobody waits for ever or is booked twice."""
    one, two, three = (make_user() for _each in range(3))
    project = make_project(
        team=[one, two, three], starts_on=date(2020, 1, 1), ends_on=date(2099, 12, 31)
    )
    offers = [
        make_team_hours(members=[one, two], project=project),
        make_team_hours(members=[three, two, one], project=project),
        make_office_hours(advisor=two, project=project),
    ]
    by, person, turns = make_user(), make_person(), iter(range(12))

    answers = at_once(12, lambda: book(offers[next(turns) % 3], by=by, person=person))

    taken = Appointment.objects.filter(status__in=TAKEN)
    assert len(booked_by(answers)) == taken.count() <= 3
    assert len({each.advisor_id for each in taken}) == taken.count()


@pytest.mark.faults
@pytest.mark.django_db(transaction=True)
def test_an_absence_noted_while_the_team_is_booked_either_lists_or_prevents():
    hours = make_team_hours(2)
    away, by, person = hours.members.first(), make_user(), make_person()
    turns = iter(range(6))

    def step():
        if next(turns) == 3:
            return Absence.objects.note(
                by=away, advisor=away, starts_at=NINE, ends_at=NINE + 3 * HOUR
            )
        return book(hours, by=by, person=person)

    answers = at_once(6, step)

    [absence] = [answer for answer in answers if isinstance(answer, Absence)]
    theirs = [each for each in booked_by(answers) if each.advisor == away]
    assert list(absence.appointments()) == theirs
    assert len(booked_by(answers)) == 1 + len(theirs)
