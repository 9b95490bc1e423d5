"""The six questions of a booking without an account: where they lead, and what a slip gets."""

from datetime import date

import pytest
from django.utils import timezone

from consultations.models import DeclinedRequest
from tests.consultations.guests import ABOUT, TIMES, ask, first_time, hold, questions, value_of
from tests.factories import (
    make_district,
    make_office_hours,
    make_topic,
)

pytestmark = pytest.mark.django_db


def test_from_outside_the_areas_the_request_is_noted_and_another_place_named(client, hours):
    topic = make_topic()

    page = client.post(
        ABOUT, questions(place="elsewhere", place_text="Potsdam  West", topic=topic.pk)
    )

    request = DeclinedRequest.objects.get()
    assert (request.place, request.topic, request.channel) == ("Potsdam West", topic, "web")
    assert request.on == timezone.localdate()
    assert "115" in page.text


def test_the_answers_lead_to_the_advisors_of_the_area(client, hours):
    other = make_office_hours()
    other.project.districts.add(make_district(name="Beispielkiez"))
    hold(client, place=other.project.districts.get().pk)

    page = client.get(TIMES)

    offers = [hours for _day, offers in page.context["page"].object_list for hours, _ in offers]
    assert set(offers) == {other}


def test_a_way_to_meet_nobody_offers_shows_every_way(client, hours):
    hold(client, channel="video")

    assert client.get(TIMES).context["page"].object_list


def test_the_calendar_is_never_empty(client, hours):
    far = make_office_hours(starts_on=date(2090, 1, 1))
    far.project.districts.add(make_district(name="Beispielkiez"))
    client.post(ABOUT, questions(place=far.project.districts.get().pk))

    page = client.get(TIMES)

    assert not page.context["page"].object_list
    assert value_of(first_time()) in page.text


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"place": "elsewhere"}, "place_text"),
        ({"place": ""}, "place"),
        ({"place": "99999"}, "place"),
        ({"stage": "given_up"}, "stage"),
        ({"topic": "99999"}, "topic"),
        ({"needs": ["pony"]}, "needs"),
        ({"language": "tlh"}, "language"),
    ],
)
def test_a_slip_in_the_answers_is_explained(client, hours, fields, wrong):
    page = client.post(ABOUT, questions(**fields))

    assert page.status_code == 200
    assert wrong in page.context["form"].errors


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"name": ""}, "name"),
        ({"email": ""}, "email"),
        ({"email": "rosa@"}, "email"),
        ({"phone": "anrufen!"}, "phone"),
    ],
)
def test_a_slip_in_the_contact_is_explained(client, hours, fields, wrong):
    page = ask(client, **fields)

    assert page.status_code == 200
    assert wrong in page.context["form"].errors


@pytest.mark.parametrize("value", ["", "x/y", "1/20300603T0701Z", "9" * 30 + "/20300603T0700Z"])
def test_no_time_of_ours_is_refused_with_others_offered(client, hours, value):
    client.post(ABOUT, questions())

    page = client.post(TIMES, {"time": value})

    assert page.status_code == 409
    assert value_of(first_time()) in page.text
