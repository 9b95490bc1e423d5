"""Calendar files, read back by another reader than the library that wrote them."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from dateutil.tz import tzical
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

from best_portal.accounts.models import Role
from consultations.calendar import calendar_file
from tests.factories import BERLIN, NINE, make_appointment, make_founder, make_user

pytestmark = pytest.mark.django_db


def read(text):
    """Read a calendar file line by line, as RFC 5545 describes it: {name: (parameters, value)}."""
    lines = text.replace("\r\n ", "").split("\r\n")
    assert lines[-1] == ""
    start, end = lines.index("BEGIN:VEVENT"), lines.index("END:VEVENT")
    found = {}
    for line in lines[:1] + lines[start + 1 : end] + [x for x in lines if x[:7] == "METHOD:"]:
        head, _colon, value = line.partition(":")
        name, *parameters = head.split(";")
        found[name] = (dict(p.split("=", 1) for p in parameters), value)
    return found


def zone_of(text):
    """Build the time zone from the file's own VTIMEZONE, with dateutil."""
    return tzical(StringIO(text.replace("\r\n", "\n"))).get("Europe/Berlin")


def moment(text, name):
    """The moment a line names, reckoned with the file's own time zone only."""
    parameters, value = read(text)[name]
    assert parameters["TZID"] == "Europe/Berlin"
    wall = datetime.strptime(value, "%Y%m%dT%H%M%S")  # noqa: DTZ007 - the zone comes from the file
    return wall.replace(tzinfo=zone_of(text)).astimezone(UTC)


def written(appointment, language="de"):
    return calendar_file(appointment, attendee="a@beispiel.example", language=language)


@pytest.mark.parametrize(
    "day",
    [
        datetime(year, month, number, 9, tzinfo=BERLIN) + offset * timedelta(days=1)
        for year, month, number in ((2026, 3, 29), (2026, 10, 25), (2027, 3, 28), (2027, 10, 31))
        for offset in (-1, 0, 1)
    ],
    ids=lambda day: f"{day:%Y-%m-%d}",
)
def test_nine_stays_nine_around_the_days_the_clocks_change(day):
    appointment = make_appointment(starts_at=day)
    appointment.refresh_from_db()

    text = written(appointment)

    assert read(text)["DTSTART"][1] == f"{day:%Y%m%d}T090000"
    assert moment(text, "DTSTART") == appointment.starts_at
    assert moment(text, "DTEND") == appointment.ends_at


@pytest.mark.parametrize("hours", range(0, 7))
@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25", "2027-03-28", "2027-10-31"])
def test_the_time_zone_in_the_file_knows_when_the_clocks_change(day, hours):
    at = datetime.fromisoformat(f"{day}T00:00+00:00") + timedelta(hours=hours)

    zone = zone_of(written(make_appointment()))

    assert at.astimezone(zone).utcoffset() == at.astimezone(BERLIN).utcoffset()


def test_the_identity_stays_and_the_number_rises():
    appointment = make_appointment()
    before = read(written(appointment))

    appointment.cancel(by=appointment.advisor)
    after = read(written(appointment))

    assert before["UID"] == after["UID"] == ({}, str(appointment.uid))
    assert int(after["SEQUENCE"][1]) > int(before["SEQUENCE"][1])
    assert (before["METHOD"][1], after["METHOD"][1]) == ("REQUEST", "CANCEL")
    assert (before["STATUS"][1], after["STATUS"][1]) == ("CONFIRMED", "CANCELLED")


def test_it_says_when_and_where_but_not_with_whom_or_what_about():
    appointment = make_appointment(concern="Streit, Geld; und mehr", place="Büro, 2. OG; hinten")

    found = read(written(appointment))

    assert "Büro\\, 2. OG\\; hinten" in found["LOCATION"][1]
    text = written(appointment)
    assert "Streit" not in text
    assert appointment.person.name not in text


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_summary_names_the_agency_only_in_the_readers_language(language):
    found = read(written(make_appointment(), language))

    with translation.override(language):
        assert found["SUMMARY"][1] == gettext("Appointment at BEST")


def test_a_place_cannot_smuggle_in_lines():
    appointment = make_appointment(place="Büro\r\nATTACH:file:///etc/passwd")

    assert "\nATTACH" not in written(appointment)


def test_without_an_address_it_is_only_published():
    text = calendar_file(make_appointment(), attendee="", language="de")

    assert read(text)["METHOD"][1] == "PUBLISH"
    assert "ATTENDEE" not in read(text)


@pytest.mark.parametrize("role", [Role.FOUNDER, Role.ADVISOR])
def test_the_download_is_the_file_itself(sign_in, role):
    founder = make_founder()
    appointment = make_appointment(person=founder.person, starts_at=NINE)
    user = founder if role == Role.FOUNDER else make_user(role)

    response = sign_in(user).get(reverse("consultations:appointment_ics", args=[appointment.pk]))

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert read(response.text)["UID"][1] == str(appointment.uid)
    assert read(response.text)["ATTENDEE"][1] == f"mailto:{user.email}"
