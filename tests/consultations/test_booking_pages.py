"""Booking and the pages of appointments: by role, own and foreign, nothing typed is lost."""

import uuid
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.outbox.models import Letter
from consultations.models import Appointment, AppointmentStatus, OfficeHours
from tests.factories import (
    make_appointment,
    make_founder,
    make_office_hours,
    make_organisation,
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


# --- choosing a time ---


def test_strangers_are_led_to_the_sign_in(client):
    response = client.get(reverse("consultations:book"))

    assert response.status_code == 302
    assert response.url.endswith("?next=/termine/buchen/")


def test_free_times_are_links_by_day(sign_in, free):
    page = sign_in(make_founder()).get(reverse("consultations:book"))

    assert address_of(free) in page.text
    assert "Stadtteilbüro" in page.text


def test_the_list_can_be_narrowed(sign_in, free):
    other = make_office_hours()

    page = sign_in(make_founder()).get(
        reverse("consultations:book"), {"advisor": other.advisor.pk, "channel": "office"}
    )

    offers = [hours for _day, offers in page.context["page"].object_list for hours, _ in offers]
    assert set(offers) == {other}


def test_a_choice_without_free_times_offers_those_of_others(sign_in, free):
    full = make_office_hours(lead_hours=720, ends_at="09:30", slot_minutes=60)

    page = sign_in(make_founder()).get(reverse("consultations:book"), {"advisor": full.advisor.pk})

    assert [time.office_hours for time in page.context["others"]] == [free.office_hours] * 3
    assert address_of(free) in page.text


def test_even_without_any_free_time_the_page_says_what_to_do(sign_in):
    page = sign_in(make_founder()).get(reverse("consultations:book"))

    assert page.status_code == 200
    assert page.context["others"] == []


@pytest.mark.parametrize("query", ["advisor=x&district=99&channel=pigeon&page=0", "page=%00"])
def test_nonsense_in_the_address_shows_the_free_times(sign_in, free, query):
    page = sign_in(make_founder()).get(f"{reverse('consultations:book')}?{query}")

    assert page.status_code == 200


@pytest.mark.parametrize("rows", [1, 3])
def test_the_free_times_cost_the_same_however_many(sign_in, django_assert_num_queries, rows):
    for _row in range(rows):
        make_appointment(advisor=make_office_hours().advisor)
    client = sign_in(make_founder())

    with django_assert_num_queries(13):
        client.get(reverse("consultations:book"))


# --- saying what it is about, checking, booking ---


def test_a_founder_books_in_three_steps(sign_in, free):
    founder = make_founder(make_organisation(name="Muster-Café"))
    client = sign_in(founder)
    form = client.get(address_of(free)).context["form"]
    sent = answers(form_key=form["form_key"].value(), organisation=form["organisation"].value())

    check = client.post(address_of(free), sent | {"check": "1"})
    assert "Wir gründen ein Muster-Café." in check.text
    assert not Appointment.objects.exists()
    booked = client.post(address_of(free), sent | {"book": "1"}, follow=True)

    appointment = Appointment.objects.get()
    assert (appointment.starts_at, appointment.person.user) == (free.starts_at, founder)
    assert str(appointment.organisation) == "Muster-Café"
    assert appointment.reference in booked.text


def test_a_founder_without_a_file_gets_one_from_the_account(sign_in, free):
    founder = make_user(Role.FOUNDER, name="Muster Neu")

    sign_in(founder).post(address_of(free), answers(book="1"))

    person = Appointment.objects.get().person
    assert (person.name, person.email, person.user) == ("Muster Neu", founder.email, founder)


def test_what_is_missing_is_asked_for_and_nothing_typed_is_lost(sign_in, free):
    founder = make_founder(make_organisation(name="Muster-Café"))

    page = sign_in(founder).post(address_of(free), answers(concern="", organisation="", check="1"))

    assert page.status_code == 200
    assert page.context["form"].errors["concern"]
    assert not Appointment.objects.exists()


def test_changing_something_keeps_what_was_typed(sign_in, free):
    page = sign_in(make_founder()).post(address_of(free), answers(change="1"))

    assert "Wir gründen ein Muster-Café." in page.text


def test_nobody_books_for_a_foreign_organisation(sign_in, free):
    founder = make_founder(make_organisation())
    foreign = make_organisation()

    page = sign_in(founder).post(address_of(free), answers(organisation=foreign.pk, book="1"))

    assert page.context["form"].errors["organisation"]
    assert not Appointment.objects.exists()


def test_extra_fields_change_nothing(sign_in, free):
    other = make_user()

    sign_in(make_founder()).post(
        address_of(free), answers(book="1", advisor=other.pk, status="took_place", project="1")
    )

    appointment = Appointment.objects.get()
    assert appointment.advisor == free.advisor
    assert appointment.status == AppointmentStatus.BOOKED


def test_a_time_just_taken_is_answered_with_others(sign_in, free):
    make_appointment(advisor=free.advisor, starts_at=free.starts_at, ends_at=free.ends_at)
    client = sign_in(make_founder())

    for page in (
        client.get(address_of(free)),
        client.post(address_of(free), answers(check="1")),
        client.post(address_of(free), answers(book="1")),
    ):
        assert page.status_code == 409
        assert len(page.context["times"]) == 3
        assert address_of(next_free_time()) in page.text


def test_the_same_form_sent_twice_leads_to_the_same_page(sign_in, free):
    client, sent = sign_in(make_founder()), answers(book="1")

    first = client.post(address_of(free), sent)
    second = client.post(address_of(free), sent)

    assert (first.status_code, first.url) == (second.status_code, second.url)
    assert Appointment.objects.count() == 1
    assert Letter.objects.count() == 2


def test_a_free_time_that_is_refused_says_why_and_keeps_what_was_typed(sign_in, free):
    founder = make_founder()
    for days in (1, 2, 3):
        own_appointment(founder, starts_at=timezone.now() + days * DAY)

    page = sign_in(founder).post(address_of(free), answers(book="1"))

    assert page.status_code == 409
    assert page.context["form"].non_field_errors()
    assert "Wir gründen ein Muster-Café." in page.text
    assert Appointment.objects.count() == 3


@pytest.mark.parametrize(
    "moment", ["20300231T0700Z", "20309999T9999Z", "00010101T0000Z", "99991231T2359Z"]
)
def test_a_moment_that_does_not_exist_is_no_page(sign_in, free, moment):
    response = sign_in(make_founder()).get(f"/termine/buchen/{free.office_hours.pk}/{moment}/")

    assert response.status_code == 404


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

    with django_assert_num_queries(9):
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
