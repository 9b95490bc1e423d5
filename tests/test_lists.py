"""Lists as files: where a value comes from, who may take them, what the log keeps of it."""

import csv
import io
from types import SimpleNamespace

import pytest
from django.urls import reverse

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.lists import value_of
from tests.factories import (
    make_appointment,
    make_case,
    make_consultation,
    make_organisation,
    make_released,
    make_user,
)


def taken(client, name, *args, **question):
    response = client.get(reverse(name, args=[*args, "csv"]), question)
    text = b"".join(response).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def test_a_value_is_found_on_its_way_or_made_of_the_row():
    row = SimpleNamespace(name=lambda: "Kiezküche", of=SimpleNamespace(number=3), nobody=None)

    assert value_of(row, "name") == "Kiezküche"
    assert value_of(row, "of.number") == 3
    assert value_of(row, "nobody.name") is None
    assert value_of(row, lambda row: row.of.number + 1) == 4


@pytest.mark.django_db
def test_a_file_holds_what_the_filters_of_its_page_leave(sign_in):
    make_organisation(name="Kiezküche", phone="+49 30 1")
    make_organisation(name="Nähwerkstatt")

    [headings, line] = taken(sign_in(make_user(language="de")), "enterprises:export", q="kiezk")

    assert headings[:2] == ["Aktennummer", "Name"]
    assert line[1] == "Kiezküche"
    # A spreadsheet would take it for a sum.
    assert line[headings.index("Telefon")] == "'+49 30 1"


@pytest.mark.django_db
def test_the_headings_are_in_the_readers_language(sign_in):
    [headings] = taken(sign_in(make_user(language="en")), "enterprises:export")

    assert headings[:2] == ["File number", "Name"]


@pytest.mark.django_db
def test_the_log_keeps_which_filters_were_set_and_not_what_was_looked_for(sign_in):
    advisor = make_user()

    taken(sign_in(advisor), "enterprises:export", q="Maria", kind="", page="3")

    [event] = Event.objects.about(advisor).filter(verb="list.exported")
    assert event.actor == advisor
    assert event.details == {"list": "enterprises:list", "ending": "csv", "filters": ["q"]}


@pytest.mark.django_db
def test_a_look_at_the_headers_takes_no_list(sign_in):
    address = reverse("enterprises:export", args=["csv"])

    assert sign_in(make_user()).head(address).status_code == 405
    assert not Event.objects.filter(verb="list.exported").exists()


@pytest.mark.django_db
def test_everybody_may_take_the_neighbourhoods_and_nobody_is_noted(client, sign_in):
    assert len(taken(client, "districts:export")) > 1
    assert not Event.objects.filter(verb="list.exported").exists()


@pytest.mark.django_db
def test_a_funder_takes_the_own_reports_and_no_list_with_people(sign_in):
    version, other = make_released(), make_released()
    officer = make_user(Role.FUNDER)
    version.report.grant.programme.officers.add(officer)
    client = sign_in(officer)

    lines = taken(client, "reports:list_export")

    assert [line[6] for line in lines[1:]] == [version.report.grant.reference]
    assert other.report.grant.reference not in str(lines)
    for name in ("consultations:export", "enterprises:export", "consultations:appointments_export"):
        assert client.get(reverse(name, args=["csv"])).status_code == 403


@pytest.mark.django_db
def test_appointments_are_those_of_the_days_on_the_page_in_berlin_time(sign_in):
    advisor = make_user(language="de")
    appointment = make_appointment(advisor=advisor)
    make_appointment()
    day = appointment.starts_at.astimezone().date()

    lines = taken(sign_in(advisor), "consultations:appointments_export", tag=day.isoformat())

    assert len(lines) == 2


@pytest.mark.django_db
def test_a_file_costs_as_many_queries_however_long_it_is(sign_in, django_assert_max_num_queries):
    manager = make_user(Role.MANAGER)
    client, names = sign_in(manager), ["consultations:export", "consultations:quiet_cases_export"]
    for _number in range(4):
        make_case(advisor=make_consultation().advisors.first() or make_user())

    for name in names:
        with django_assert_max_num_queries(14):
            taken(client, name)
