"""Declined requests: recorded in seconds, read by staff, counted; and nobody's name in them."""

import csv
import io
import uuid
from datetime import date, timedelta

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from consultations.models import DeclinedRequest
from tests.factories import make_district, make_founder, make_topic, make_user
from tests.routes.forms import forms_of

pytestmark = pytest.mark.django_db

LIST = reverse("consultations:declined")
NEW = reverse("consultations:declined_new")


def note(**fields):
    fields.setdefault("place", "Potsdam")
    fields.setdefault("by", None)
    fields.setdefault("channel", "phone" if fields["by"] else "web")
    return DeclinedRequest.objects.note(**fields)


def answers(**fields):
    return {
        "form_key": str(uuid.uuid4()),
        "place": "Potsdam",
        "reason": "outside",
        "channel": "phone",
    } | fields


def places(page):
    return [row.place for row in page.context["page"]]


# --- the noun and its verb ---


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"place": ""}, "consultations_declinedrequest_has_a_place"),
        ({"channel": "owl"}, "consultations_declinedrequest_channel_is_known"),
        ({"reason": "mood"}, "consultations_declinedrequest_reason_is_known"),
        ({"channel": "phone"}, "consultations_declinedrequest_recorded_by_whoever_was_asked"),
    ],
)
def test_a_declined_request_says_where_how_and_why_not(fields, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        DeclinedRequest.objects.create(**{"place": "Potsdam"} | fields)


def test_one_form_is_one_request():
    key = uuid.uuid4()
    DeclinedRequest.objects.create(place="Potsdam", form_key=key)

    with pytest.raises(IntegrityError, match="consultations_declinedrequest_one_per_form"):
        DeclinedRequest.objects.create(place="Teltow", form_key=key)


def test_what_comes_on_the_web_is_nobodys_record():
    with pytest.raises(
        IntegrityError,
        match="consultations_declinedrequest_recorded_by_whoever_was_asked",
    ):
        DeclinedRequest.objects.create(place="Potsdam", recorded_by=make_user())


def test_the_verb_refuses_in_words():
    with pytest.raises(ValidationError, match=r"."):
        note(place="   ")


def test_a_request_is_recorded_with_who_did_it():
    advisor, topic = make_user(), make_topic()

    declined = note(
        by=advisor, place=" Bad  Muster ", topic=topic, reason="subject", referred_to="IHK"
    )

    declined.refresh_from_db()
    assert (declined.place, declined.district) == ("Bad Muster", None)
    assert (declined.reason, declined.referred_to) == ("subject", "IHK")
    assert (declined.recorded_by, declined.on) == (advisor, timezone.localdate())
    [event] = Event.objects.about(declined)
    assert (event.verb, event.actor) == ("request.declined", advisor)


def test_a_place_called_like_an_area_of_that_day_counts_for_it():
    area = make_district(name="Große Musterallee", starts_on=date(2020, 1, 1))

    assert note(place="große  musterallee").district == area
    assert note(place="Große Musterallee", on=date(2019, 12, 31)).district is None


def test_the_same_form_sent_twice_is_recorded_once():
    advisor, key = make_user(), uuid.uuid4()

    first = note(by=advisor, form_key=key)

    assert note(by=advisor, form_key=key) == first
    assert DeclinedRequest.objects.count() == 1
    assert Event.objects.about(first).count() == 1


def test_what_was_declined_is_counted_by_area_and_week():
    area, monday = make_district(name="Musterkiez"), date(2026, 10, 19)
    for days, place in [(0, "Musterkiez"), (6, "Musterkiez"), (7, "Musterkiez"), (7, "Potsdam")]:
        note(place=place, on=monday + timedelta(days=days))

    counted = DeclinedRequest.objects.by_area_and_week()

    assert sorted(counted.values_list("district", "week", "number"), key=str) == sorted(
        [
            (area.pk, monday, 2),
            (area.pk, monday + timedelta(days=7), 1),
            (None, monday + timedelta(days=7), 1),
        ],
        key=str,
    )


# --- the form ---


def test_an_advisor_needs_one_word_and_enter(sign_in):
    """The page as it comes, with nothing but the place written into it."""
    advisor = make_user()
    note(by=advisor, reason="no_time", referred_to="Lotsendienst", channel="visit")
    client = sign_in(advisor)
    [form] = forms_of(client.get(NEW).text)

    answer = client.post(NEW, form | {"place": "Teltow"})

    assert answer.status_code == 302
    declined = DeclinedRequest.objects.get(place="Teltow")
    assert (declined.reason, declined.referred_to) == ("no_time", "Lotsendienst")
    assert (declined.channel, declined.recorded_by) == ("visit", advisor)


def test_the_last_answers_are_ones_own(sign_in):
    note(by=make_user(), reason="other", referred_to="IHK")

    form = sign_in(make_user()).get(NEW).context["form"]

    assert form["reason"].value() == "outside"
    assert not form["referred_to"].value()


def test_the_place_is_suggested_and_stays_free(sign_in):
    make_district(name="Musterkiez")

    page = sign_in(make_user()).get(NEW)

    assert '<option value="Musterkiez">' in page.text
    assert 'list="id_place_list"' in page.text


@pytest.mark.parametrize(
    "wrong", [{"place": " "}, {"reason": "mood"}, {"channel": "web"}, {"place": "x" * 121}]
)
def test_a_slip_is_said_and_nothing_typed_is_lost(sign_in, wrong):
    page = sign_in(make_user()).post(NEW, answers(referred_to="IHK Potsdam") | wrong)

    assert page.status_code == 200
    assert page.context["form"].errors
    assert "IHK Potsdam" in page.text
    assert not DeclinedRequest.objects.exists()


def test_anothers_form_is_not_given_away(sign_in):
    key = uuid.uuid4()
    note(by=make_user(), form_key=key)

    page = sign_in(make_user()).post(NEW, answers(form_key=str(key)))

    assert page.status_code == 200
    assert page.context["form"].errors
    assert DeclinedRequest.objects.count() == 1


# --- the list ---


def test_the_list_is_filtered_in_the_address(sign_in):
    area, topic = make_district(name="Musterkiez"), make_topic()
    advisor = make_user()
    note(place="Musterkiez", by=advisor, reason="no_time", on=date(2026, 3, 2))
    note(place="Potsdam", topic=topic, on=date(2026, 3, 9))
    client = sign_in(advisor)

    assert places(client.get(LIST)) == ["Potsdam", "Musterkiez"]
    for question, expected in [
        ({"place": "pots"}, ["Potsdam"]),
        ({"district": area.pk}, ["Musterkiez"]),
        ({"district": "null"}, ["Potsdam"]),
        ({"reason": "no_time"}, ["Musterkiez"]),
        ({"topic": topic.pk}, ["Potsdam"]),
        ({"since": "2026-03-03"}, ["Potsdam"]),
        ({"since": "2026-03-02", "until": "2026-03-08"}, ["Musterkiez"]),
        ({"since": "gestern"}, []),
    ]:
        assert places(client.get(LIST, question)) == expected, question


def test_the_files_hold_what_the_page_shows(sign_in):
    advisor = make_user(name="Maria Muster", language="de")
    note(by=advisor, place="=1+1", referred_to="IHK", on=date(2026, 3, 2))
    note(place="Potsdam", on=date(2026, 3, 9))
    client = sign_in(advisor)
    address = {kind: reverse("consultations:declined_export", args=[kind]) for kind in FILES}

    written = b"".join(client.get(address["csv"], {"until": "2026-03-08"}).streaming_content)
    [headings, line] = csv.reader(io.StringIO(written.decode("utf-8-sig")), delimiter=";")
    assert line[:2] == ["02.03.2026", "'=1+1"]
    assert line[5] == "IHK"
    assert line[7] == "Maria Muster"
    assert len(headings) == len(line)

    sheet = openpyxl.load_workbook(io.BytesIO(client.get(address["xlsx"]).getvalue())).active
    assert [row[1].value for row in sheet.iter_rows(min_row=2)] == ["Potsdam", "=1+1"]


FILES = ("csv", "xlsx")


def test_a_faulty_question_makes_no_file(sign_in):
    address = reverse("consultations:declined_export", args=["csv"])

    assert sign_in(make_user()).get(address, {"since": "gestern"}).status_code == 302


@pytest.mark.parametrize("page", [LIST, NEW])
def test_the_pages_are_the_staffs(sign_in, client, page):
    assert sign_in(make_user(Role.MANAGER)).get(page).status_code == 200
    assert sign_in(make_user()).get(page).status_code == 200
    for stranger in (make_founder(), make_user(Role.FUNDER), make_user(Role.EVALUATOR)):
        assert sign_in(stranger).get(page).status_code == 403
        assert not DeclinedRequest.objects.visible_to(stranger).exists()


def queries_of(client):
    with connection.execute_wrapper(counting := Counting()):
        client.get(LIST)
    return counting.number


class Counting:
    number = 0

    def __call__(self, execute, *args):
        self.number += 1
        return execute(*args)


def test_a_longer_list_costs_no_more_queries(sign_in):
    advisor = make_user()
    client = sign_in(advisor)
    for number in range(2):
        note(by=advisor, place=make_district().name, topic=make_topic(), referred_to=str(number))
    client.get(LIST)  # what the first page of a session costs is not the list's
    few = queries_of(client)
    for number in range(40):
        note(by=advisor, place=make_district().name, topic=make_topic(), referred_to=str(number))

    assert queries_of(client) == few
