"""The pages of appointments: by role, own and foreign."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from consultations.models import Appointment, AppointmentStatus, OfficeHours
from tests.factories import (
    make_appointment,
    make_founder,
    make_office_hours,
    make_user,
)

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def free():
    """A time that is free in the next weeks."""
    make_office_hours(place="Stadtteilbüro")
    return next_free_time()


def next_free_time():
    return OfficeHours.objects.next_free_times(1)[0]


def address_of(time):
    return reverse("consultations:book_time", args=[time.office_hours.pk, time.starts_at])


def answers(**fields):
    return {"form_key": uuid.uuid4(), "concern": "Wir gründen ein Muster-Café."} | fields


def own_appointment(founder, **fields):
    return make_appointment(person=founder.person, **fields)


# --- own and foreign ---

ONE = ["appointment", "appointment_ics", "cancel"]
AFTER = ["took_place", "missed"]


@pytest.mark.parametrize("name", [*ONE, "booked"])
def test_a_founder_opens_only_their_own(sign_in, name):
    founder = make_founder()
    own, foreign = own_appointment(founder), make_appointment()
    client = sign_in(founder)

    assert client.get(reverse(f"consultations:{name}", args=[own.pk])).status_code == 200
    assert client.get(reverse(f"consultations:{name}", args=[foreign.pk])).status_code == 404


@pytest.mark.parametrize("name", AFTER)
def test_a_founder_does_not_note_what_happened(sign_in, name):
    founder = make_founder()
    own = own_appointment(founder)

    response = sign_in(founder).post(reverse(f"consultations:{name}", args=[own.pk]))

    assert response.status_code == 403


@pytest.mark.parametrize("name", ["cancel", *AFTER])
def test_an_advisor_changes_only_their_own(sign_in, name):
    advisor = make_user()
    own = make_appointment(advisor=advisor, starts_at=timezone.now() - DAY)
    foreign = make_appointment(starts_at=timezone.now() - DAY)
    client = sign_in(advisor)

    assert client.post(reverse(f"consultations:{name}", args=[own.pk])).status_code == 302
    assert client.post(reverse(f"consultations:{name}", args=[foreign.pk])).status_code == 404
    foreign.refresh_from_db()
    assert foreign.status == AppointmentStatus.BOOKED


@pytest.mark.parametrize("role", [Role.FUNDER, Role.EVALUATOR])
@pytest.mark.parametrize("name", ["appointments", "book", "office_hours", "office_hours_new"])
def test_other_roles_find_the_doors_closed(sign_in, role, name):
    assert sign_in(make_user(role)).get(reverse(f"consultations:{name}")).status_code == 403


@pytest.mark.parametrize("role", [Role.FUNDER, Role.EVALUATOR])
@pytest.mark.parametrize("name", ONE)
def test_other_roles_open_no_appointment(sign_in, role, name):
    pk = make_appointment().pk

    assert (
        sign_in(make_user(role)).get(reverse(f"consultations:{name}", args=[pk])).status_code == 403
    )


@pytest.mark.parametrize("role", [Role.ADVISOR, Role.MANAGER])
def test_staff_do_not_book_as_founders(sign_in, free, role):
    client = sign_in(make_user(role))

    assert client.get(reverse("consultations:book")).status_code == 403
    assert client.post(address_of(free), answers(book="1")).status_code == 403


# --- what one sees and does ---


def test_a_founder_cancels_only_by_pressing_the_button(sign_in):
    founder = make_founder()
    appointment = own_appointment(founder)
    client = sign_in(founder)
    address = reverse("consultations:cancel", args=[appointment.pk])

    client.get(address)
    client.head(address)
    appointment.refresh_from_db()
    assert appointment.status == AppointmentStatus.BOOKED

    client.post(address)
    appointment.refresh_from_db()
    assert appointment.status == AppointmentStatus.CANCELLED


def test_who_is_too_late_to_cancel_is_told_to_call(sign_in):
    founder = make_founder()
    hours = make_office_hours(cancel_hours=5)
    soon = timezone.now() + timedelta(hours=1)
    appointment = own_appointment(founder, office_hours=hours, starts_at=soon)
    client = sign_in(founder)
    address = reverse("consultations:cancel", args=[appointment.pk])

    page = client.get(address)
    assert not page.context["may_cancel"]
    client.post(address)

    appointment.refresh_from_db()
    assert appointment.status == AppointmentStatus.BOOKED


def test_founders_see_no_letters_and_no_other_people(sign_in):
    founder = make_founder()
    appointment = own_appointment(founder)
    foreign = make_appointment()

    page = sign_in(founder).get(reverse("consultations:appointments"))

    assert appointment.reference in page.text
    assert foreign.reference not in page.text


def test_the_agenda_shows_the_week_it_is_asked_for(sign_in):
    advisor = make_user()
    appointment = make_appointment(advisor=advisor)
    colleague = make_appointment()
    client = sign_in(advisor)

    for query in ("woche=2030-W23", "tag=2030-06-03"):
        page = client.get(f"{reverse('consultations:appointments')}?{query}")
        assert appointment.person.name in page.text
        assert colleague.person.name not in page.text
    team = client.get(f"{reverse('consultations:appointments')}?woche=2030-W23&wer=team")
    assert colleague.person.name in team.text
    later = client.get(f"{reverse('consultations:appointments')}?woche=2030-W24")
    assert appointment.person.name not in later.text


def test_the_manager_sees_the_team_first(sign_in):
    appointment = make_appointment()

    page = sign_in(make_user(Role.MANAGER)).get(
        f"{reverse('consultations:appointments')}?woche=2030-W23"
    )

    assert appointment.person.name in page.text


@pytest.mark.parametrize(
    "query", ["woche=2030-W99", "woche=x", "tag=9999-12-31", "tag=0001-01-01", "woche=1-W1"]
)
def test_a_week_that_does_not_exist_is_this_week(sign_in, query):
    page = sign_in(make_user()).get(f"{reverse('consultations:appointments')}?{query}")

    ahead = timezone.localdate() + timedelta(days=2)  # at the weekend, the week to come
    assert page.context["span"].start == ahead - timedelta(days=ahead.weekday())


def test_what_took_place_leads_on_to_its_log(sign_in):
    advisor = make_user()
    appointment = make_appointment(advisor=advisor, starts_at=timezone.now() - DAY)
    client = sign_in(advisor)
    address = reverse("consultations:took_place", args=[appointment.pk])

    page = client.post(address, follow=True)
    assert page.redirect_chain[0][0] == f"/beratungen/neu/?appointment={appointment.pk}"
    assert page.status_code == 200

    again = client.post(address, follow=True)
    assert again.redirect_chain[0][0] == appointment.get_absolute_url()


def test_past_appointments_without_a_log_are_counted(sign_in):
    advisor = make_user()
    make_appointment(advisor=advisor, starts_at=timezone.now() - DAY)
    make_appointment(starts_at=timezone.now() - DAY)

    page = sign_in(advisor).get(reverse("consultations:appointments"))

    assert page.context["unlogged_count"] == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_the_agenda_costs_the_same_however_full(sign_in, django_assert_num_queries, rows):
    advisor = make_user()
    for day in range(rows):
        make_appointment(advisor=advisor, starts_at=timezone.now() - (day + 2) * DAY)
        make_appointment(advisor=advisor, starts_at=timezone.now() + (day + 1) * DAY)
    client = sign_in(advisor)

    with django_assert_num_queries(10):
        client.get(reverse("consultations:appointments"))


@pytest.mark.parametrize("rows", [1, 3])
def test_a_founders_list_costs_the_same_however_long(sign_in, django_assert_num_queries, rows):
    founder = make_founder()
    for day in range(rows):
        own_appointment(founder, starts_at=timezone.now() - (day + 2) * DAY)
        own_appointment(founder, starts_at=timezone.now() + (day + 1) * DAY)
    client = sign_in(founder)

    with django_assert_num_queries(7):
        client.get(reverse("consultations:appointments"))


def test_hostile_text_is_shown_as_typed(sign_in, free):
    client = sign_in(make_founder())
    client.post(address_of(free), answers(book="1", concern="<img src=x onerror=alert(1)>"))
    appointment = Appointment.objects.get()

    page = sign_in(appointment.advisor).get(appointment.get_absolute_url())

    assert "&lt;img src=x" in page.text
    assert "<img src=x" not in page.text
