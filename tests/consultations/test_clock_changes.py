"""The days on which the clocks change: nine stays nine, whoever booked and wherever it stands."""

import io
import re
import uuid
from datetime import UTC, date, datetime, timedelta

import pypdf
import pytest
from django.test import Client
from django.urls import reverse
from ical.calendar_stream import IcsCalendarStream

from best_portal.outbox.models import Letter
from consultations.models import Appointment, OfficeHours
from reports.appointment_letter import letter as paper
from tests.consultations.guests import ABOUT, ROSA, TIMES, WHO, link, questions
from tests.factories import BERLIN, make_founder, make_office_hours, make_person

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)
SPRING, AUTUMN = (date(2026, 3, 29), date(2027, 3, 28)), (date(2026, 10, 25), date(2027, 10, 31))
EASTER_MONDAY = date(2027, 3, 29)
# The day before, the day itself and the day after, or the next one on which somebody is met.
DAYS = [
    sunday + timedelta(days=number + (sunday + timedelta(days=number) == EASTER_MONDAY))
    for sunday in SPRING + AUTUMN
    for number in (-1, 0, 1)
]


class Made:
    """The ways to an appointment: each reads its page of free times, and books by its forms."""

    def __init__(self, hours, sign_in):
        self.hours, self.sign_in = hours, sign_in
        self.client = Client()

    def by_founder(self, nine):
        founder = make_founder()
        self.client = self.sign_in(founder, Client())
        address = self.link_on(self.client.get(reverse("consultations:book")), nine)
        form = {"form_key": uuid.uuid4(), "concern": "Satzung", "mobile": "0170 1234567"}
        assert "09:00" in self.client.post(address, form | {"check": "1"}).text
        return self.client.post(address, form | {"book": "1"}, follow=True)

    def by_advisor(self, nine):
        self.client = self.sign_in(self.hours.advisor, Client())
        address = self.link_on(self.client.get(reverse("consultations:book_for")), nine)
        form = ROSA | {"form_key": uuid.uuid4(), "told_by": "mail", "mobile": "0170 1234567"}
        return self.client.post(address, form, follow=True)

    def by_guest(self, nine):
        self.client.post(ABOUT, questions())
        value = f"{self.hours.pk}/{nine.astimezone(UTC):%Y%m%dT%H%MZ}"
        page = self.client.get(TIMES).text
        assert "09:00" in re.search(rf'value="{value}">(.*?)</button>', page, re.DOTALL).group(1)
        self.client.post(TIMES, {"time": value})
        self.client.post(WHO, ROSA | {"phone": "0170 1234567", "sms": "on"})
        assert "09:00–10:00" in Letter.objects.get().text
        return self.client.post(f"{link()}bestaetigen/", follow=True)

    def link_on(self, page, nine):
        """The address behind nine o'clock of that day, with nine o'clock written on it."""
        address = re.search(
            rf'href="([^"]+/{nine.astimezone(UTC):%Y%m%dT%H%MZ}/)">(.*?)</a>', page.text, re.DOTALL
        )
        assert "09:00" in address.group(2)
        return address.group(1)


def text_of(content):
    sheets = pypdf.PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(sheet.extract_text() for sheet in sheets).split())


@pytest.mark.parametrize("who", ["founder", "guest", "advisor"])
@pytest.mark.parametrize("day", DAYS, ids=str)
def test_nine_stays_nine_on_page_in_mail_message_calendar_and_letter(sign_in, clock, day, who):
    nine = datetime(day.year, day.month, day.day, 9, tzinfo=BERLIN)
    before = day - timedelta(days=10)
    clock.set(before.year, before.month, before.day, 10)
    hours = make_office_hours(weekday=day.isoweekday(), starts_at="07:00", ends_at="11:00")
    made = Made(hours, sign_in)

    page = getattr(made, f"by_{who}")(nine)

    appointment = Appointment.objects.get()
    assert (appointment.status, appointment.starts_at) == ("booked", nine)
    assert appointment.ends_at - appointment.starts_at == HOUR
    assert "09:00 bis 10:00" in page.text
    staff = sign_in(hours.advisor, Client())
    agenda = staff.get(f"{reverse('consultations:appointments')}?tag={day.isoformat()}").text
    assert "09:00" in agenda
    booked = Letter.objects.filter(key__contains=":booked:")
    assert booked.count() == 2
    for letter in booked:
        assert "09:00–10:00" in letter.text
        assert_nine(letter.calendar, nine)
    assert "09:00 bis 10:00" in text_of(paper(appointment))

    # What fields are filled with by default, the test's clock cannot change.
    Appointment.objects.update(agreed_at=clock.at)
    clock.at = nine.astimezone(UTC) - 24 * HOUR
    Appointment.objects.remind()
    reminder = Letter.objects.get(key=appointment.reminder_key("reminder_24h"))
    assert f"{day:%d.%m.%Y}, 09:00" in reminder.text


def assert_nine(text, nine):
    [event] = IcsCalendarStream.calendar_from_ics(text).events
    assert (event.dtstart.hour, event.dtstart.utcoffset()) == (9, nine.utcoffset())
    assert event.dtend.astimezone(UTC) == nine.astimezone(UTC) + HOUR


# --- the hour that is missing, and the one that comes twice ---


@pytest.fixture
def at_night(clock):
    """Office hours from one to five on a Sunday, with the clock ten days before it."""

    def open_at_night(sunday):
        before = sunday - timedelta(days=10)
        clock.set(before.year, before.month, before.day, 10)
        return make_office_hours(weekday=7, starts_at="01:00", ends_at="05:00")

    return open_at_night


def shown_on(sunday):
    times = OfficeHours.objects.free_times(sunday, sunday)
    return [f"{time.starts_at.astimezone(BERLIN):%H:%M}" for time in times]


@pytest.mark.parametrize("sunday", SPRING, ids=str)
def test_the_missing_hour_is_not_offered_and_cannot_be_booked(sign_in, at_night, sunday):
    hours = at_night(sunday)
    client = sign_in(make_founder())

    assert shown_on(sunday) == ["01:00", "03:00", "04:00"]
    # Half past one in UTC is half past three; there is no moment at which clocks show two.
    for moment in (f"{sunday:%Y%m%d}T0030Z", f"{sunday:%Y%m%d}T0130Z"):
        address = f"/termine/buchen/{hours.pk}/{moment}/"
        form = {"form_key": uuid.uuid4(), "concern": "Satzung", "book": "1"}
        assert client.post(address, form).status_code == 409

    assert not Appointment.objects.exists()


@pytest.mark.parametrize("sunday", AUTUMN, ids=str)
def test_the_doubled_hour_is_offered_and_booked_once(sign_in, at_night, sunday):
    hours = at_night(sunday)
    client = sign_in(make_founder())
    assert shown_on(sunday) == ["01:00", "02:00", "03:00", "04:00"]
    first, second = (
        f"/termine/buchen/{hours.pk}/{sunday:%Y%m%d}T{at}Z/" for at in ("0000", "0100")
    )

    answers = [
        client.post(address, {"form_key": uuid.uuid4(), "concern": "Satzung", "book": "1"})
        for address in (first, first, second)
    ]

    assert [answer.status_code for answer in answers] == [302, 409, 409]
    assert shown_on(sunday) == ["01:00", "03:00", "04:00"]
    appointment = Appointment.objects.get()
    assert appointment.ends_at - appointment.starts_at == HOUR
    for letter in Letter.objects.all():
        [event] = IcsCalendarStream.calendar_from_ics(letter.calendar).events
        assert event.dtstart.astimezone(UTC) == appointment.starts_at
        assert event.dtend.astimezone(UTC) == appointment.ends_at


@pytest.mark.parametrize("sunday", AUTUMN, ids=str)
def test_what_an_advisor_agrees_on_in_the_doubled_hour_is_booked_once(at_night, sunday):
    hours = at_night(sunday)
    OfficeHours.objects.update(is_by_agreement=True)
    hours.refresh_from_db()
    two = datetime(sunday.year, sunday.month, sunday.day, 2, tzinfo=BERLIN)
    first_two = two.astimezone(UTC)

    appointment = Appointment.objects.book_free_time(
        by=hours.advisor, office_hours=hours, starts_at=two, person=make_person(), is_agreed=True
    )

    assert (appointment.starts_at, appointment.ends_at) == (first_two, first_two + HOUR)


def test_on_easter_monday_nobody_is_met(clock):
    clock.set(2027, 3, 19, 10)
    make_office_hours(weekday=1)

    assert shown_on(EASTER_MONDAY) == []
