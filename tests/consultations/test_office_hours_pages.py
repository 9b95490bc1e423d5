"""Pages of office hours: advisors keep their own, the manager everyone's."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from consultations.models import OfficeHours
from tests.factories import make_founder, make_office_hours, make_project, make_user

pytestmark = pytest.mark.django_db

NEW = reverse("consultations:office_hours_new")


def filled_in(project, **fields):
    return {
        "held_by": "advisor",
        "project": project.pk,
        "channel": "office",
        "place": "Stadtteilbüro",
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


def running_project(*team):
    return make_project(team=team, starts_on=date(2020, 1, 1), ends_on=date(2099, 12, 31))


def test_an_advisor_adds_office_hours(sign_in):
    advisor = make_user()

    sign_in(advisor).post(NEW, filled_in(running_project(advisor)))

    hours = OfficeHours.objects.get()
    assert hours.advisor == advisor
    assert Event.objects.about(hours).get().verb == "officehours.created"


def test_an_advisor_adds_none_for_a_colleague(sign_in):
    advisor, colleague = make_user(), make_user()

    sign_in(advisor).post(NEW, filled_in(running_project(advisor), advisor=colleague.pk))

    assert OfficeHours.objects.get().advisor == advisor


def test_an_advisor_adds_none_for_a_project_of_others(sign_in):
    page = sign_in(make_user()).post(NEW, filled_in(running_project()))

    assert page.context["form"].errors["project"]


def test_the_manager_adds_office_hours_for_an_advisor(sign_in):
    advisor = make_user()

    sign_in(make_user(Role.MANAGER)).post(
        NEW, filled_in(running_project(advisor), advisor=advisor.pk)
    )

    assert OfficeHours.objects.get().advisor == advisor


@pytest.mark.parametrize(
    "fields",
    [
        {"ends_at": "09:00"},
        {"starts_at": "25:00"},
        {"slot_minutes": "5"},
        {"slot_minutes": "99999999999"},
        {"pause_minutes": "241"},
        {"every_weeks": "0"},
        {"every_weeks": "13"},
        {"starts_on": "9999-12-31"},
        {"weekday": "8"},
        {"ends_on": "2029-01-01"},
        {"starts_on": "31.02.2030"},
        {"place": "x" * 151},
        {"channel": "pigeon"},
    ],
)
def test_impossible_office_hours_get_a_sentence(sign_in, fields):
    advisor = make_user()

    page = sign_in(advisor).post(NEW, filled_in(running_project(advisor), **fields))

    assert page.status_code == 200
    assert page.context["form"].errors
    assert not OfficeHours.objects.exists()


def test_an_advisor_changes_their_office_hours(sign_in):
    hours = make_office_hours()
    client = sign_in(hours.advisor)
    address = reverse("consultations:office_hours_edit", args=[hours.pk])

    assert client.get(address).status_code == 200
    client.post(address, filled_in(hours.project, ends_at="12:30"))

    hours.refresh_from_db()
    assert f"{hours.ends_at:%H:%M}" == "12:30"


def test_an_advisor_ends_their_office_hours(sign_in):
    hours = make_office_hours()
    client = sign_in(hours.advisor)
    address = reverse("consultations:office_hours_end", args=[hours.pk])
    today = timezone.localdate()

    refused = client.post(address, {"on": (today - timedelta(days=1)).isoformat()})
    assert refused.context["form"].errors["on"]
    client.post(address, {"on": today.isoformat()})

    hours.refresh_from_db()
    assert hours.ends_on == today


@pytest.mark.parametrize("name", ["office_hours_edit", "office_hours_end", "changed_days"])
def test_a_colleagues_office_hours_are_not_found(sign_in, name):
    address = reverse(f"consultations:{name}", args=[make_office_hours().pk])

    assert sign_in(make_user()).get(address).status_code == 404
    assert sign_in(make_founder()).get(address).status_code == 403
    assert sign_in(make_user(Role.MANAGER)).get(address).status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_however_long(sign_in, django_assert_num_queries, rows):
    for _row in range(rows):
        make_office_hours()
        make_office_hours(ends_on=date(2021, 1, 1))
    client = sign_in(make_user(Role.MANAGER))

    with django_assert_num_queries(10):
        page = client.get(reverse("consultations:office_hours"))

    assert len(page.context["current"]) == rows
