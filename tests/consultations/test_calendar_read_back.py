"""Calendar files as another library reads them (ical), and as a calendar program acts on them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.urls import reverse
from ical.calendar_stream import CalendarStream, IcsCalendarStream
from ical.event import EventStatus

from best_portal.outbox.models import Letter
from consultations.calendar import calendar_file, feed_file
from consultations.group_calendar import published_file
from consultations.models import Appointment
from tests.factories import (
    BERLIN,
    NINE,
    make_appointment,
    make_founder,
    make_group_session,
    make_office_hours,
    make_registration,
)

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
SUNDAYS = ((2026, 3, 29), (2026, 10, 25), (2027, 3, 28), (2027, 10, 31))
DAYS = [
    datetime(*sunday, 9, tzinfo=BERLIN) + offset * timedelta(days=1)
    for sunday in SUNDAYS
    for offset in (-1, 0, 1)
]


class CalendarProgram:
    """What somebody's calendar holds after the invitations they received (RFC 5546)."""

    def __init__(self, address):
        self.address = address
        self.events = {}
        self.numbers = {}

    def receive(self, text, method):
        calendar = IcsCalendarStream.calendar_from_ics(text)
        assert calendar.method == method, "the mail and the file say the same"
        [event] = calendar.events
        if event.sequence < self.numbers.get(event.uid, 0):
            return
        self.numbers[event.uid] = event.sequence
        if method == "CANCEL":
            assert event.status == EventStatus.CANCELLED
            self.events.pop(event.uid, None)
        else:
            self.events[event.uid] = event

    @property
    def times(self):
        return [event.dtstart for event in self.events.values()]


def one_event(text):
    [event] = IcsCalendarStream.calendar_from_ics(text).events
    return event


@pytest.mark.parametrize("day", DAYS, ids=lambda day: f"{day:%Y-%m-%d}")
def test_another_library_reads_the_same_moment_around_the_clock_changes(day):
    appointment = make_appointment(starts_at=day)

    event = one_event(calendar_file(appointment, attendee="a@beispiel.example", language="de"))

    assert event.dtstart.astimezone(UTC) == appointment.starts_at.astimezone(UTC)
    assert event.dtend.astimezone(UTC) == appointment.ends_at.astimezone(UTC)
    assert event.dtstart.astimezone(BERLIN).hour == 9
    assert event.dtstart.utcoffset() == day.utcoffset()


def test_another_library_reads_everything_the_file_says(settings):
    settings.DEFAULT_FROM_EMAIL = '"BEST, Berlin" <portal@beispiel.example>'
    appointment = make_appointment(place="Büro, 2. OG; hinten \\ links", channel="office")

    event = one_event(calendar_file(appointment, attendee="a@beispiel.example", language="de"))

    assert event.uid == str(appointment.uid)
    assert event.sequence == appointment.sequence
    assert event.status == EventStatus.CONFIRMED
    assert "Büro, 2. OG; hinten \\ links" in event.location
    assert event.url == settings.PUBLIC_URL + appointment.get_absolute_url()
    assert event.organizer.uri == "mailto:portal@beispiel.example"
    assert event.organizer.common_name == "BEST, Berlin"
    assert [person.uri for person in event.attendees] == ["mailto:a@beispiel.example"]


def test_what_another_library_writes_of_it_says_the_same_again():
    text = calendar_file(make_appointment(), attendee="a@beispiel.example", language="de")

    once = IcsCalendarStream.calendar_from_ics(text)
    again = IcsCalendarStream.calendar_from_ics(IcsCalendarStream(calendars=[once]).ics())

    assert (once.method, once.events) == (again.method, again.events)


@pytest.fixture
def both():
    """A founder and an advisor with the calendar program of each."""
    hours, founder = make_office_hours(), make_founder()
    programs = [CalendarProgram(person.email) for person in (founder, hours.advisor)]
    return hours, founder, programs


def delivered():
    """Deliver what waits; return (addressee, method, calendar file) of each mail, oldest first."""
    Letter.objects.deliver_due()
    files = [
        (message.to[0], part.get_param("method"), part.get_payload(decode=True).decode())
        for message in mail.outbox
        for part in message.message().walk()
        if part.get_content_type() == "text/calendar"
    ]
    mail.outbox.clear()
    return files


def read_mail(programs):
    files = delivered()
    for program in programs:
        for addressee, method, text in files:
            if program.address in addressee:
                program.receive(text, method)


def test_booked_moved_and_cancelled_each_calendar_holds_it_once_and_then_not_at_all(both):
    hours, founder, programs = both

    appointment = Appointment.objects.book_free_time(
        by=founder, office_hours=hours, starts_at=NINE, person=founder.person
    )
    read_mail(programs)
    assert [program.times for program in programs] == [[NINE], [NINE]]
    appointment.move(by=hours.advisor, office_hours=hours, starts_at=NINE + HOUR)
    read_mail(programs)
    assert [program.times for program in programs] == [[NINE + HOUR], [NINE + HOUR]]
    appointment.cancel(by=founder)
    read_mail(programs)

    assert [program.times for program in programs] == [[], []]


def test_a_mail_that_comes_late_does_not_bring_back_what_was_cancelled(both):
    hours, founder, [theirs, _advisors] = both
    appointment = Appointment.objects.book_free_time(
        by=founder, office_hours=hours, starts_at=NINE, person=founder.person
    )
    late = [file for file in delivered() if founder.email in file[0]]

    appointment.cancel(by=founder)
    read_mail([theirs])
    for _addressee, method, text in late:
        theirs.receive(text, method)

    assert theirs.times == []


def test_the_feed_of_an_advisor_is_read_and_forgets_what_was_cancelled():
    hours = make_office_hours()
    kept, cancelled = (
        make_appointment(advisor=hours.advisor, starts_at=NINE + number * HOUR) for number in (0, 1)
    )

    def feed():
        appointments = Appointment.objects.of_advisor(hours.advisor).upcoming()
        text = feed_file(appointments, has_names=False, language="de")
        return {event.uid: event for event in IcsCalendarStream.calendar_from_ics(text).events}

    assert set(feed()) == {str(kept.uid), str(cancelled.uid)}
    cancelled.cancel(by=hours.advisor)

    assert feed()[str(kept.uid)].dtstart == NINE
    assert set(feed()) == {str(kept.uid)}


def test_the_dates_of_a_training_are_read_and_taken_out_again():
    times = [(NINE + number * 24 * HOUR, NINE + (number * 24 + 2) * HOUR) for number in (0, 1)]
    session = make_group_session(times=times)
    registration = make_registration(session=session)
    theirs = CalendarProgram(registration.person.email)

    session.reschedule(
        by=session.planned_by,
        times=[(date, date.starts_at + HOUR, date.ends_at + HOUR) for date in session.dates.all()],
    )
    read_mail([theirs])
    assert sorted(theirs.times) == [start + HOUR for start, _end in times]
    registration.cancel(by=None)
    read_mail([theirs])

    assert theirs.times == []
    public = CalendarStream.from_ics(published_file(session, language="de"))
    assert [len(calendar.events) for calendar in public.calendars] == [2]


@pytest.mark.parametrize("name", ["founder", "advisor"])
def test_the_file_to_download_is_read(sign_in, both, name):
    hours, founder, _programs = both
    appointment = make_appointment(person=founder.person, advisor=hours.advisor)
    user = {"founder": founder, "advisor": hours.advisor}[name]

    response = sign_in(user).get(reverse("consultations:appointment_ics", args=[appointment.pk]))

    assert one_event(response.text).uid == str(appointment.uid)
