"""The team's calendar: every day right, for whoever may see it, filtered by the address alone."""

import io
from datetime import date, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pypdf
import pytest
from django.urls import reverse
from django.utils import translation

from best_portal.accounts.models import Role, User
from consultations.models import Absence
from consultations.team_calendar import TeamCalendar
from tests.browser import assert_sound, themes, visit, widths
from tests.factories import (
    BERLIN,
    NINE,
    make_absence,
    make_appointment,
    make_changed_day,
    make_district,
    make_founder,
    make_group_session,
    make_office_hours,
    make_person,
    make_team_hours,
    make_user,
)

pytestmark = pytest.mark.django_db

PAGE = reverse("consultations:appointments")
MONDAY = NINE.date()
SUNDAY = MONDAY + timedelta(days=6)
WEEK = "woche=2030-W23"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def days(start=MONDAY, end=SUNDAY, user=None, **chosen):
    return TeamCalendar(user or make_user(Role.MANAGER), start, end, **chosen).days()


def shown(day):
    """What stands on a day: (name, kind, from, until) as Berlin's clocks show it."""
    return [
        (
            name,
            entry.kind,
            f"{entry.starts_at.astimezone(BERLIN):%H:%M}",
            f"{entry.ends_at.astimezone(BERLIN):%H:%M}",
        )
        for name, entries in day.groups
        for entry in entries
    ]


# --- what stands there ---


def test_a_day_has_everybodys_hours_appointments_and_absences_by_name_and_time():
    anna, berta = make_user(name="Anna Muster"), make_user(name="Berta Muster")
    make_office_hours(advisor=berta)
    make_office_hours(advisor=anna, ends_at="11:00")
    make_appointment(advisor=anna, starts_at=NINE + HOUR)
    make_absence(advisor=berta, starts_at=NINE + HOUR, ends_at=NINE + 2 * HOUR)
    make_group_session(leaders=[anna], times=[(NINE + 8 * HOUR, NINE + 9.5 * HOUR)])

    assert shown(days()[0]) == [
        ("Anna Muster", "hours", "09:00", "11:00"),
        ("Anna Muster", "appointment", "10:00", "11:00"),
        ("Anna Muster", "group", "17:00", "18:30"),
        ("Berta Muster", "hours", "09:00", "12:00"),
        ("Berta Muster", "absence", "10:00", "11:00"),
    ]


def test_hours_of_a_team_stand_once_under_its_name():
    hours = make_team_hours(3)
    make_appointment(advisor=hours.members.order_by("pk").first(), office_hours=hours)

    [monday, *_rest] = days()

    assert ("Team Musterkiez", "hours", "09:00", "12:00") in shown(monday)
    assert len(monday.groups) == 2


def test_an_absence_of_days_stands_on_each_of_them():
    make_absence(starts_at=NINE - 10 * HOUR, ends_at=datetime(2030, 6, 5, 12, tzinfo=BERLIN))

    entries = [entry for day in days() for _name, rows in day.groups for entry in rows]

    assert [entry.is_whole_day for entry in entries] == [True, True, False]


def test_cancelled_and_held_ones_drafts_and_changed_dates_do_not_stand_there():
    hours = make_office_hours()
    make_changed_day(office_hours=hours, day=MONDAY)
    make_appointment(advisor=hours.advisor).cancel(by=hours.advisor)
    make_appointment(status="held", held_until=NINE, person=None)
    make_group_session(leaders=[hours.advisor], status="draft")

    assert all(not day.entries for day in days())


def test_hours_by_agreement_are_shown_and_those_of_somebody_who_left_are_not():
    make_office_hours(is_by_agreement=True, advisor=make_user(name="Anna Muster"))
    left = make_office_hours().advisor
    User.objects.filter(pk=left.pk).update(is_active=False)

    assert shown(days()[0]) == [("Anna Muster", "hours", "09:00", "12:00")]


@pytest.mark.parametrize(
    ("language", "name"), [("de", "Pfingstmontag"), ("en", "Pentecost Monday")]
)
def test_a_public_holiday_has_its_name_and_no_office_hours(language, name):
    make_office_hours()

    with translation.override(language):
        [monday, *_rest] = days(date(2030, 6, 10), date(2030, 6, 16))

    assert (monday.holiday, monday.entries) == (name, {})


@pytest.mark.parametrize(
    "sunday", [date(2026, 3, 29), date(2026, 10, 25), date(2027, 3, 28), date(2027, 10, 31)]
)
def test_the_days_the_clocks_change_are_days_like_any_other(sunday):
    advisor = make_user(name="Anna Muster")
    make_office_hours(advisor=advisor, weekday=7)
    late = datetime(sunday.year, sunday.month, sunday.day, 23, 30, tzinfo=BERLIN)
    make_appointment(advisor=advisor, starts_at=late, ends_at=late + HOUR / 4)
    midnight = datetime(sunday.year, sunday.month, sunday.day, tzinfo=BERLIN)
    following = sunday + DAY
    make_absence(
        advisor=advisor,
        starts_at=midnight,
        ends_at=datetime(following.year, following.month, following.day, tzinfo=BERLIN),
    )

    before, changed, after = days(sunday - DAY, following)

    assert (before.entries, after.entries) == ({}, {})
    [(_name, [absence, hours, appointment])] = changed.groups
    assert absence.is_whole_day
    assert shown(changed)[1:] == [
        ("Anna Muster", "hours", "09:00", "12:00"),
        ("Anna Muster", "appointment", "23:30", "23:45"),
    ]


# --- of whom, where ---


def test_it_is_filtered_by_advisor_area_and_place():
    here, there = make_district(), make_district()
    anna = make_user(name="Anna Muster")
    mine = make_office_hours(advisor=anna, district=here, place="Stadtteilbüro")
    make_office_hours(advisor=anna, district=there, place="Rathaus", starts_at="10:30")
    make_office_hours(district=there, place="Stadtteilbüro")
    make_appointment(advisor=anna, office_hours=mine, place="Stadtteilbüro")
    make_absence(advisor=anna, starts_at=NINE + 4 * HOUR)
    make_group_session(leaders=[make_user(name="Berta Muster")], district=here, place="Schule")

    def kinds(**chosen):
        return [kind for _name, kind, *_times in shown(days(**chosen)[0])]

    assert len(kinds()) == 6
    assert kinds(advisor=anna) == ["hours", "appointment", "hours", "absence"]
    assert sorted(kinds(district=here)) == ["absence", "appointment", "group", "hours"]
    assert sorted(kinds(place="Stadtteilbüro")) == ["absence", "appointment", "hours", "hours"]
    assert kinds(district=here, place="Schule") == ["group"]
    assert kinds(advisor=anna, district=there) == ["hours", "absence"]


def test_a_member_of_a_team_has_its_hours_in_their_calendar():
    hours = make_team_hours(2)

    assert shown(days(advisor=hours.members.first())[0]) == [
        ("Team Musterkiez", "hours", "09:00", "12:00")
    ]


@pytest.mark.parametrize("number", [1, 4])
def test_it_costs_the_same_however_full(sign_in, django_assert_num_queries, number):
    for _each in range(number):
        hours = make_office_hours(district=make_district())
        team = make_team_hours(3)
        make_appointment(advisor=hours.advisor, office_hours=hours)
        make_absence(advisor=team.members.first())
        make_group_session(leaders=[hours.advisor])
    client = sign_in(make_user(Role.MANAGER))

    with django_assert_num_queries(17):
        assert client.get(f"{PAGE}?{WEEK}").status_code == 200


# --- the page ---


def links(page):
    return page.text.split('class="agenda-nav"')[1].split("</nav>")[0]


@pytest.mark.parametrize("role", [Role.ADVISOR, Role.MANAGER])
def test_staff_read_names_and_everything_leads_to_its_page(sign_in, role):
    appointment = make_appointment(person=make_person(name="Rosa Beispiel"))
    session = make_group_session(leaders=[appointment.advisor])

    page = sign_in(make_user(role)).get(f"{PAGE}?wer=team&{WEEK}")

    assert "Rosa Beispiel" in page.text
    assert f'href="{appointment.get_absolute_url()}"' in page.text
    assert f'href="{session.get_absolute_url()}"' in page.text


@pytest.mark.parametrize(
    ("role", "status"), [(Role.FOUNDER, 200), (Role.FUNDER, 403), (Role.EVALUATOR, 403)]
)
def test_nobody_else_sees_the_team(sign_in, role, status):
    make_appointment(person=make_person(name="Rosa Beispiel"))
    make_absence(advisor=make_user(name="Anna Muster"), reason="Kur")
    user = make_founder() if role == Role.FOUNDER else make_user(role)

    page = sign_in(user).get(f"{PAGE}?wer=team&{WEEK}")

    assert page.status_code == status
    assert not any(word in page.text for word in ("Rosa Beispiel", "Anna Muster", "Kur"))


@pytest.mark.parametrize(
    ("who", "leads_on"), [("advisor", True), ("colleague", False), ("manager", True)]
)
def test_that_somebody_is_away_all_may_know_but_not_why(sign_in, who, leads_on):
    absence = make_absence(advisor=make_user(name="Anna Muster"), reason="Zahnarztbesuch")
    users = {
        "advisor": absence.advisor,
        "colleague": make_user(),
        "manager": make_user(Role.MANAGER),
    }

    page = sign_in(users[who]).get(f"{PAGE}?wer=team&{WEEK}")

    assert "Anna Muster" in page.text
    assert "Zahnarztbesuch" not in page.text
    assert (reverse("consultations:absence", args=[absence.pk]) in page.text) == leads_on
    assert Absence.objects.visible_to(users[who]).exists() == leads_on


def test_the_ways_to_other_days_are_links_that_keep_every_choice(sign_in):
    hours = make_office_hours(district=make_district(), place="Stadtteilbüro & Café")
    client = sign_in(make_user())
    query = {
        "wer": "team",
        "tag": "2030-06-03",
        "advisor": str(hours.advisor.pk),
        "district": str(hours.district.pk),
        "place": hours.place,
    }

    page = client.get(PAGE, query)
    for rel, day in (("prev", "2030-06-02"), ("next", "2030-06-04")):
        href = links(page).split(f'rel="{rel}" href="')[1].split('"')[0].replace("&amp;", "&")
        assert parse_qs(urlsplit(href).query) == {k: [v] for k, v in (query | {"tag": day}).items()}
        assert client.get(PAGE + href).context["form"].chosen == page.context["form"].chosen


@pytest.mark.parametrize(
    ("query", "start", "length"),
    [
        ("woche=2030-W23&to=2030-07-10", date(2030, 7, 8), 7),
        ("tag=2030-06-03&to=10.07.2030", date(2030, 7, 10), 1),
        ("woche=2030-W23&to=31.02.2030", date(2030, 6, 3), 7),
        ("woche=2030-W23&to=9999-12-31", date(2030, 6, 3), 7),
        ("woche=2030-W23&tag=", date(2030, 6, 3), 7),
    ],
)
def test_one_can_go_to_any_day(sign_in, query, start, length):
    span = sign_in(make_user(Role.MANAGER)).get(f"{PAGE}?{query}").context["span"]

    assert (span.start, span.length) == (start, length)


@pytest.mark.parametrize(
    "query", ["advisor=x", "district=99999999999", "place=Nirgends", "woche=x&tag=x", "to=gestern"]
)
def test_nonsense_in_the_address_shows_the_calendar_all_the_same(sign_in, query):
    assert sign_in(make_user()).get(f"{PAGE}?wer=team&{query}").status_code == 200


def test_weekends_stand_there_when_something_is_on_them(sign_in):
    client = sign_in(make_user(Role.MANAGER))

    assert len(client.get(f"{PAGE}?{WEEK}").context["days"]) == 5
    make_appointment(starts_at=NINE + 5 * DAY)
    assert len(client.get(f"{PAGE}?{WEEK}").context["days"]) == 6
    assert client.get(f"{PAGE}?tag=2030-06-09").context["days"]


def test_the_box_of_what_is_to_be_logged_is_on_the_managers_calendar(sign_in):
    past = make_appointment(starts_at=datetime(2024, 6, 3, 9, tzinfo=BERLIN))

    page = sign_in(make_user(Role.MANAGER)).get(PAGE)

    assert f"appointment={past.pk}" in page.text


def fill_a_week(sign_in):
    """Six advisors with long names, each met on five days; returns the manager's client."""
    for number in range(6):
        advisor = make_user(name=f"Beraterin Muster-Beispielhausen {number}")
        for weekday in range(1, 6):
            make_office_hours(advisor=advisor, weekday=weekday, place="Stadtteilbüro")
            make_appointment(advisor=advisor, starts_at=NINE + (weekday - 1) * DAY)
    return sign_in(make_user(Role.MANAGER))


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@themes
@widths
def test_a_full_week_is_sound(browser, live_server, sign_in, theme, width):
    client = fill_a_week(sign_in)

    with visit(browser, live_server, client=client, theme=theme, width=width) as (page, seen):
        page.goto(f"{live_server.url}{PAGE}?{WEEK}")
        assert_sound(page, seen)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_full_week_fits_on_one_sheet_of_paper(browser, live_server, sign_in):
    client = fill_a_week(sign_in)

    with visit(browser, live_server, client=client) as (page, _seen):
        page.goto(f"{live_server.url}{PAGE}?{WEEK}")
        paper = pypdf.PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))

    [sheet] = paper.pages
    assert sheet.mediabox.width > sheet.mediabox.height
    assert sheet.extract_text().count("09:00") == 60


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_next_week_is_reached_by_keyboard_without_javascript(browser, live_server, sign_in):
    client = sign_in(make_user(Role.MANAGER))
    with visit(browser, live_server, client=client, java_script_enabled=False) as (page, _seen):
        page.goto(f"{live_server.url}{PAGE}?{WEEK}")
        page.locator("a[rel=next]").focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**woche=2030-W24**")
        assert page.locator("h2", has_text="24").count() == 1
