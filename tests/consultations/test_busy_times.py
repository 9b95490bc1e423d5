"""Busy times from an advisor's own calendar: what counts, how often it is read, what may fail."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from consultations.busy_times import MOST_EVENTS, busy_times
from consultations.far_calendar import UnreadableError
from consultations.models import BusyCalendar, BusyPeriod, OfficeHours
from consultations.models.busy import Failure
from consultations.tasks import read_calendar
from tests.factories import (
    BERLIN,
    NINE,
    make_appointment,
    make_busy_calendar,
    make_busy_period,
    make_founder,
    make_office_hours,
    make_user,
)

pytestmark = pytest.mark.django_db

PAGE = reverse("consultations:calendars")
CONNECT = reverse("consultations:busy_connect")
START = datetime(2030, 6, 1, tzinfo=UTC)
END = datetime(2030, 7, 1, tzinfo=UTC)
LONG_BEFORE = datetime(2020, 1, 1, tzinfo=UTC)


def calendar(*events):
    body = "".join(
        f"BEGIN:VEVENT\nUID:u{n}\n{event}\nEND:VEVENT\n" for n, event in enumerate(events)
    )
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Muster//DE\n{body}END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def busy(*events, **given):
    periods = busy_times(calendar(*events), START, END, **given)
    return [
        f"{start.astimezone(BERLIN):%d.%m. %H:%M}–{end.astimezone(BERLIN):%d.%m. %H:%M}"
        for start, end in periods
    ]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("DTSTART:20300603T070000Z\nDTEND:20300603T080000Z", ["03.06. 09:00–03.06. 10:00"]),
        ("DTSTART:20300603T090000\nDURATION:PT90M", ["03.06. 09:00–03.06. 10:30"]),
        (
            "DTSTART;TZID=America/New_York:20300603T030000\n"
            "DTEND;TZID=America/New_York:20300603T040000",
            ["03.06. 09:00–03.06. 10:00"],
        ),
        ("DTSTART;VALUE=DATE:20300603", ["03.06. 00:00–04.06. 00:00"]),
        (
            "DTSTART;VALUE=DATE:20300603\nDTEND;VALUE=DATE:20300605",
            ["03.06. 00:00–05.06. 00:00"],
        ),
        ("DTSTART:20300603T070000Z\nDTEND:20300603T080000Z\nTRANSP:TRANSPARENT", []),
        ("DTSTART:20300603T070000Z\nDTEND:20300603T080000Z\nSTATUS:CANCELLED", []),
        ("DTSTART:20300603T070000Z", []),
        ("DTSTART:20290603T070000Z\nDTEND:20290603T080000Z", []),
        (
            "DTSTART;TZID=Europe/Berlin:20290101T090000\nDURATION:PT1H\n"
            "RRULE:FREQ=WEEKLY;INTERVAL=2\nEXDATE;TZID=Europe/Berlin:20300617T090000",
            ["03.06. 09:00–03.06. 10:00"],
        ),
    ],
)
def test_what_keeps_an_advisor_busy(event, expected):
    assert busy(event) == expected


def test_times_that_touch_are_kept_as_one():
    assert busy(
        "DTSTART:20300603T070000Z\nDURATION:PT1H",
        "DTSTART:20300603T073000Z\nDURATION:PT1H",
        "DTSTART:20300603T083000Z\nDURATION:PT1H",
    ) == ["03.06. 09:00–03.06. 11:30"]


@pytest.mark.parametrize("month", ["0329", "1025"])
def test_nine_stays_nine_when_the_clocks_change(month):
    rule = f"DTSTART;TZID=Europe/Berlin:2026{month}T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=2"
    start = datetime.strptime(f"2026{month}", "%Y%m%d").replace(tzinfo=BERLIN)

    periods = busy_times(calendar(rule), start, start + timedelta(days=3))

    assert [f"{first.astimezone(BERLIN):%H:%M}" for first, _last in periods] == ["09:00", "09:00"]


def test_an_appointment_of_ours_that_comes_back_is_left_out():
    assert busy("DTSTART:20300603T070000Z\nDURATION:PT1H", own={"u0"}) == []


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>",
        b"\x00\xff",
        b"BEGIN:VEVENT\r\nEND:VEVENT\r\n",
        calendar("DTSTART:tomorrow"),
        calendar("DTSTART:20300603T070000Z\nDURATION:PT1S\nRRULE:FREQ=SECONDLY"),
        calendar("DTSTART:20300603T070000Z\nDURATION:PT1S\nRRULE:FREQ=MINUTELY"),
        calendar(
            "DTSTART:20300603T070000Z\nDURATION:PT1S\nRRULE:FREQ=DAILY;BYHOUR="
            + ",".join(map(str, range(24)))
            + ";BYMINUTE="
            + ",".join(map(str, range(60)))
            + ";BYSECOND=0,30"
        ),
    ],
)
def test_what_is_no_calendar_or_a_flood_is_told(settings, content):
    settings.CALENDAR_READER = "tests.consultations.test_busy_times.answer"
    answers["now"] = content
    feed = make_busy_calendar()

    read_calendar(feed.pk)

    feed.refresh_from_db()
    assert feed.failure == Failure.UNREADABLE
    assert feed.failed_at


def test_more_events_than_anybody_has_are_refused():
    with pytest.raises(ValueError, match="too many"):
        busy(*["DTSTART:20300603T070000Z"] * (MOST_EVENTS + 1))


# --- read by the worker ---

answers = {}


def answer(url):
    """What tests name as the reader: gives what they put in `answers`, or refuses as told."""
    answers["asked"] = url
    if isinstance(answers["now"], Exception):
        raise answers["now"]
    return answers["now"]


@pytest.fixture
def reader(settings):
    settings.CALENDAR_READER = "tests.consultations.test_busy_times.answer"
    answers.clear()
    return answers


def tomorrow(hour):
    return (timezone.localtime() + timedelta(days=1)).replace(
        hour=hour, minute=0, second=0, microsecond=0
    )


def lasting_an_hour(at):
    return f"DTSTART:{at.astimezone(UTC):%Y%m%dT%H%M%SZ}\nDURATION:PT1H\nSUMMARY:Zahnarzt"


def again(feed):
    BusyCalendar.objects.update(tried_at=None)
    read_calendar(feed.pk)
    feed.refresh_from_db()


def test_busy_times_are_replaced_as_a_whole(reader):
    feed = make_busy_calendar()
    reader["now"] = calendar(lasting_an_hour(tomorrow(9)), lasting_an_hour(tomorrow(12)))
    again(feed)
    reader["now"] = calendar(lasting_an_hour(tomorrow(15)))
    again(feed)

    [period] = BusyPeriod.objects.all()
    assert (period.starts_at, period.ends_at) == (tomorrow(15), tomorrow(16))
    assert feed.read_at
    assert "Zahnarzt" not in str(vars(period))


def test_what_the_own_calendar_has_is_not_offered(reader):
    at = tomorrow(9)
    hours = make_office_hours(weekday=at.isoweekday(), lead_hours=0)
    feed = make_busy_calendar(advisor=hours.advisor)
    before = OfficeHours.objects.free_times(at.date(), at.date())
    reader["now"] = calendar(lasting_an_hour(at))

    again(feed)

    after = OfficeHours.objects.free_times(at.date(), at.date())
    assert [time.starts_at for time in after] == [
        time.starts_at for time in before if time.starts_at != at
    ]


def test_our_own_appointment_in_that_calendar_blocks_nothing_twice(reader):
    feed = make_busy_calendar()
    appointment = make_appointment(advisor=feed.advisor, starts_at=tomorrow(9))
    reader["now"] = calendar(lasting_an_hour(tomorrow(14))).replace(
        b"UID:u0", f"UID:{appointment.uid}".encode()
    )

    again(feed)

    assert not BusyPeriod.objects.exists()
    assert feed.read_at


@pytest.mark.parametrize("failure", Failure)
def test_after_a_failure_the_earlier_times_stay_and_the_advisor_is_told(reader, sign_in, failure):
    feed = make_busy_calendar()
    reader["now"] = calendar(lasting_an_hour(tomorrow(9)))
    again(feed)
    reader["now"] = UnreadableError(failure.value)
    again(feed)
    since = feed.failed_at
    again(feed)

    assert BusyPeriod.objects.count() == 1
    assert feed.failed_at == since
    page = sign_in(feed.advisor).get(PAGE).text
    assert str(failure.label) in page
    assert f"{timezone.localtime(since):%d.%m.%Y, %H:%M}" in page


def test_what_works_again_is_no_failure_any_more(reader):
    feed = make_busy_calendar(failed_at=timezone.now(), failure=Failure.SILENT)
    reader["now"] = calendar()

    again(feed)

    assert (feed.failed_at, feed.failure) == (None, "")


def test_a_second_delivery_reads_nothing_again(reader):
    feed = make_busy_calendar()
    reader["now"] = calendar()
    read_calendar(feed.pk)
    reader["now"] = AssertionError("asked again")

    read_calendar(feed.pk)
    read_calendar(feed.pk + 1)

    feed.refresh_from_db()
    assert feed.failure == ""


def test_the_calendar_of_somebody_who_left_is_not_read(reader):
    feed = make_busy_calendar(advisor=make_user(is_active=False))

    read_calendar(feed.pk)

    assert "asked" not in reader


def test_what_was_read_at_an_address_that_changed_meanwhile_is_thrown_away(reader):
    feed = make_busy_calendar()
    reader["now"] = calendar(lasting_an_hour(tomorrow(9)))
    BusyCalendar.objects.update(address="https://anders.example/neu.ics")

    feed.read_again()

    assert not BusyPeriod.objects.exists()


# --- the page ---


def test_an_advisor_connects_a_calendar(sign_in):
    advisor = make_user()

    page = sign_in(advisor).post(
        CONNECT, {"address": " webcal://kalender.example/k7q2x.ics "}, follow=True
    )

    feed = BusyCalendar.objects.get()
    assert (feed.advisor, feed.address) == (advisor, "https://kalender.example/k7q2x.ics")
    assert "kalender.example" in page.text
    assert "k7q2x" not in page.text
    assert "k7q2x" not in str(Event.objects.about(feed).get().details)


def test_another_address_replaces_the_first_and_its_times(sign_in):
    period = make_busy_period()

    sign_in(period.calendar.advisor).post(CONNECT, {"address": "https://neu.example/a.ics"})

    assert BusyCalendar.objects.get().host == "neu.example"
    assert not BusyPeriod.objects.exists()


@pytest.mark.parametrize(
    "address",
    [
        "",
        "kalender.example",
        "http://kalender.example/a.ics",
        "file:///etc/passwd",
        "https://",
        "https://name:wort@kalender.example/",
        "https://kalender.example:8443/a.ics",
        "https://kalender.example:99999999/a.ics",
        "https://kalender.example/a b",
        "https://[::1/a",
        "https://münster.example/a.ics",
        "https://kalender.example/" + "a" * 1000,
        "https://kalender.example/a\x00b",
    ],
)
def test_what_is_no_https_address_gets_a_sentence(sign_in, address):
    page = sign_in(make_user()).post(CONNECT, {"address": address})

    assert page.status_code == 200
    assert page.context["form"].errors["address"]
    assert not BusyCalendar.objects.exists()


def test_an_advisor_disconnects_a_calendar(sign_in):
    period = make_busy_period()

    sign_in(period.calendar.advisor).post(reverse("consultations:busy_disconnect"))

    assert not BusyCalendar.objects.exists()
    assert not BusyPeriod.objects.exists()
    assert Event.objects.filter(verb="busy_calendar.disconnected").exists()


def test_a_colleagues_calendar_is_out_of_reach(sign_in):
    make_busy_calendar()
    address = reverse("consultations:busy_disconnect")

    assert "kalender.example" not in sign_in(make_user()).get(PAGE).text
    assert sign_in(make_user()).post(address).status_code == 404
    assert sign_in(make_founder()).post(address).status_code == 403
    assert sign_in(make_user(Role.MANAGER)).get(PAGE).status_code == 403
    assert BusyCalendar.objects.exists()


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("consultations_busycalendar_address_is_https", {"address": "http://kalender.example/"}),
        ("consultations_busycalendar_failed_with_reason", {"failed_at": NINE}),
        ("consultations_busycalendar_failed_with_reason", {"failure": "silent"}),
    ],
)
def test_the_database_refuses_an_impossible_calendar(constraint, fields):
    with pytest.raises(IntegrityError, match=constraint):
        make_busy_calendar(**fields)


def test_the_database_refuses_a_busy_time_that_ends_before_it_starts():
    with pytest.raises(IntegrityError, match="consultations_busyperiod_ends_after_start"):
        make_busy_period(ends_at=NINE)


def test_a_wrong_address_is_refused_by_the_verb_too():
    with pytest.raises(ValidationError):
        BusyCalendar.objects.connect(by=make_user(), address="http://kalender.example/")
