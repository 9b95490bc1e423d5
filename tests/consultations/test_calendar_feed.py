"""The private calendar address: who has it reads the appointments, without names at first."""

import logging
import re
from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext
from icalendar import Calendar

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from consultations.models import Appointment, CalendarFeed
from tests.factories import (
    NINE,
    make_appointment,
    make_calendar_feed,
    make_founder,
    make_person,
    make_user,
)

pytestmark = pytest.mark.django_db

FEED = reverse("consultations:feed")
PAGE = reverse("consultations:calendars")
SOON = timezone.now().replace(microsecond=0) + timedelta(days=7)


def read(client, token="geheim"):
    return client.get(FEED, {"schluessel": token})


def events(response):
    return Calendar.from_ical(response.content).walk("VEVENT")


def make_new_address(client):
    page = client.post(reverse("consultations:feed_renew"))
    return re.search(r"schluessel=([\w-]{43})", page.text)[1]


def test_the_address_shows_when_but_not_with_whom(client):
    feed = make_calendar_feed()
    appointment = make_appointment(
        advisor=feed.advisor,
        starts_at=SOON,
        person=make_person(name="Maria Beispiel"),
        concern="Streit",
        place="Küche bei Beispiel",
    )
    make_appointment(starts_at=SOON)

    response = read(client)

    [event] = events(response)
    assert event["UID"] == str(appointment.uid)
    assert event.decoded("DTSTART") == appointment.starts_at
    with translation.override(feed.advisor.language):
        assert event["SUMMARY"] == gettext("Appointment (busy)")
    for word in ("Beispiel", "Streit", "LOCATION", "URL"):
        assert word not in response.text


def test_names_stand_there_when_the_advisor_wants_them(client, sign_in):
    feed = make_calendar_feed()
    make_appointment(
        advisor=feed.advisor,
        starts_at=SOON,
        person=make_person(name="Maria Beispiel"),
        concern="Streit",
    )

    sign_in(feed.advisor).post(reverse("consultations:feed_names"), {"names": "yes"})

    assert "Maria Beispiel" in read(client).text
    assert "Streit" not in read(client).text
    sign_in(feed.advisor).post(reverse("consultations:feed_names"), {"names": "no"})
    assert "Maria Beispiel" not in read(client).text


def test_a_moved_appointment_keeps_its_identity_and_a_cancelled_one_goes(client):
    feed = make_calendar_feed()
    appointment = make_appointment(advisor=feed.advisor, starts_at=SOON)
    [before] = events(read(client))

    Appointment.objects.filter(pk=appointment.pk).update(
        starts_at=SOON + timedelta(hours=1), ends_at=SOON + timedelta(hours=2), sequence=1
    )
    [after] = events(read(client))
    appointment.refresh_from_db()
    appointment.cancel(by=feed.advisor)

    assert (before["UID"], before["SEQUENCE"]) == (after["UID"], 0)
    assert after["SEQUENCE"] == 1
    assert events(read(client)) == []


def test_the_file_is_kept_by_nobody(client):
    make_calendar_feed()

    response = read(client)

    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in response["Cache-Control"]
    assert "private" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex"


def test_an_unknown_address_is_not_found_and_not_logged(client, caplog):
    make_calendar_feed()

    with caplog.at_level(logging.DEBUG):
        for token in ("", "falsch", "geheim2", "a\x00b", "é" * 5000):
            assert read(client, token).status_code == 404
        assert read(client).status_code == 200

    assert "falsch" not in caplog.text
    assert "geheim" not in caplog.text


@pytest.mark.parametrize("fields", [{"is_active": False}, {"role": Role.MANAGER}])
def test_the_address_of_somebody_who_left_opens_nothing(client, fields):
    advisor = make_user(**{"role": Role.ADVISOR} | fields)
    make_calendar_feed(advisor=advisor)

    assert read(client).status_code == 404


def test_the_address_is_shown_once_and_never_stored(client, sign_in):
    advisor = make_user()
    signed_in = sign_in(advisor)

    token = make_new_address(signed_in)

    assert read(client, token).status_code == 200
    assert token not in signed_in.get(PAGE).text
    feed = CalendarFeed.objects.get()
    assert token not in str(vars(feed))
    event = Event.objects.about(feed).get()
    assert event.verb == "calendar_feed.created"
    assert token not in str(event.details)


def test_a_new_address_closes_the_old_one(client, sign_in):
    signed_in = sign_in(make_user())
    old = make_new_address(signed_in)

    new = make_new_address(signed_in)

    assert read(client, old).status_code == 404
    assert read(client, new).status_code == 200
    assert Event.objects.filter(verb="calendar_feed.renewed").count() == 1


def test_a_revoked_address_is_closed_at_once(client, sign_in):
    feed = make_calendar_feed()

    sign_in(feed.advisor).post(reverse("consultations:feed_revoke"))

    assert read(client).status_code == 404
    assert Event.objects.filter(verb="calendar_feed.revoked").exists()


@pytest.mark.parametrize("name", ["feed_names", "feed_revoke"])
def test_a_colleagues_address_is_out_of_reach(sign_in, name):
    make_calendar_feed()

    assert sign_in(make_user()).post(reverse(f"consultations:{name}")).status_code == 404
    assert sign_in(make_founder()).post(reverse(f"consultations:{name}")).status_code == 403
    assert CalendarFeed.objects.exists()


def test_reading_the_address_changes_nothing(client, django_assert_num_queries):
    feed = make_calendar_feed(has_names=True)
    for days in range(3):
        make_appointment(advisor=feed.advisor, starts_at=SOON + timedelta(days=days))

    with django_assert_num_queries(2):
        assert len(events(read(client))) == 3
    assert client.post(FEED, {"schluessel": "geheim"}).status_code == 405


def test_nine_stays_nine_in_the_feed(client):
    feed = make_calendar_feed()
    make_appointment(advisor=feed.advisor, starts_at=NINE)
    Appointment.objects.update(starts_at=SOON.replace(hour=8), ends_at=SOON.replace(hour=9))

    text = read(client).text

    assert "BEGIN:VTIMEZONE" in text
    assert "DTSTART;TZID=Europe/Berlin:" in text


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("consultations_calendarfeed_one_per_token", {}),
        ("consultations_calendarfeed_token_is_hashed", {"token_digest": "geheim"}),
    ],
)
def test_the_database_refuses_a_token_twice_or_in_clear(constraint, fields):
    make_calendar_feed()

    with pytest.raises(IntegrityError, match=constraint):
        make_calendar_feed(**fields)
