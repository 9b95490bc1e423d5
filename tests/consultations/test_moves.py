"""Moving an appointment over the pages: by role, over changes of the clock, with its history."""

from datetime import date, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.outbox.models import Letter
from consultations.models import OfficeHours
from tests.browser import assert_sound, themes, visit, widths
from tests.factories import (
    BERLIN,
    make_appointment,
    make_founder,
    make_office_hours,
    make_person,
    make_user,
)

pytestmark = pytest.mark.django_db

WEEK = timedelta(weeks=1)


@pytest.fixture
def booked():
    """An appointment of a founder in the next but one free time."""
    hours = make_office_hours(place="Stadtteilbüro")
    time = OfficeHours.objects.next_free_times(2)[1]
    return make_appointment(
        advisor=hours.advisor,
        project=hours.project,
        office_hours=hours,
        person=make_founder().person,
        starts_at=time.starts_at,
    )


def next_time():
    return OfficeHours.objects.next_free_times(1)[0]


def move_to(appointment, time):
    return reverse(
        "consultations:move_to", args=[appointment.pk, time.office_hours.pk, time.starts_at]
    )


@pytest.mark.parametrize("who", ["founder", "advisor"])
def test_both_sides_move_an_appointment_in_two_pages(sign_in, booked, who):
    user = booked.person.user if who == "founder" else booked.advisor
    client, time = sign_in(user), next_time()

    choice = client.get(reverse("consultations:move", args=[booked.pk]))
    assert move_to(booked, time) in choice.text
    assert 'name="csrfmiddlewaretoken"' in client.get(move_to(booked, time)).text
    page = client.post(move_to(booked, time), follow=True)

    was = booked.starts_at
    booked.refresh_from_db()
    assert (booked.starts_at, booked.sequence) == (time.starts_at, 1)
    steps = page.context["history"]
    assert [(step.who, step.was) for step in steps] == [(user.name, was)]
    keys = Letter.objects.about(booked.letters_key).values_list("key", flat=True)
    assert [key.rpartition(":")[2] for key in keys] == ["person", "advisor"]


def test_looking_at_the_pages_moves_nothing(sign_in, booked):
    client, time = sign_in(booked.person.user), next_time()

    for _number in range(3):
        client.head(move_to(booked, time))
        client.get(move_to(booked, time))

    booked.refresh_from_db()
    assert booked.sequence == 0


def test_the_same_button_pressed_twice_moves_once(sign_in, booked):
    client, time = sign_in(booked.person.user), next_time()

    answers = [client.post(move_to(booked, time)) for _number in range(2)]

    booked.refresh_from_db()
    assert {answer.url for answer in answers} == {booked.get_absolute_url()}
    assert booked.sequence == 1


def test_a_time_taken_in_the_meantime_offers_others_to_move_to(sign_in, booked):
    time = next_time()
    make_appointment(advisor=booked.advisor, starts_at=time.starts_at)

    page = sign_in(booked.person.user).post(move_to(booked, time))

    assert page.status_code == 409
    assert len(page.context["times"]) == 3
    assert f"/termine/{booked.pk}/verschieben/" in page.text
    booked.refresh_from_db()
    assert booked.sequence == 0


def test_a_founder_too_late_is_told_to_call(sign_in, booked):
    OfficeHours.objects.update(cancel_hours=720)
    client, time = sign_in(booked.person.user), next_time()

    page = client.get(reverse("consultations:move", args=[booked.pk]))
    client.post(move_to(booked, time))

    assert not page.context["may_move"]
    assert move_to(booked, time) not in page.text
    booked.refresh_from_db()
    assert booked.sequence == 0


def test_what_is_over_is_not_moved(sign_in, booked):
    type(booked).objects.update(
        starts_at=timezone.now() - WEEK, ends_at=timezone.now() - WEEK + timedelta(hours=1)
    )

    page = sign_in(booked.advisor).get(reverse("consultations:move", args=[booked.pk]))

    assert not page.context["may_move"]


@pytest.mark.parametrize("name", ["move", "move_to"])
def test_moving_is_for_those_the_appointment_is_of(sign_in, booked, name):
    time = next_time()
    address = (
        move_to(booked, time)
        if name == "move_to"
        else reverse("consultations:move", args=[booked.pk])
    )

    assert sign_in(make_user(Role.FUNDER)).get(address).status_code == 403
    for stranger in (make_founder(), make_user(Role.ADVISOR)):
        assert sign_in(stranger).get(address).status_code == 404
    assert sign_in(make_user(Role.MANAGER)).get(address).status_code == 200


def test_times_of_another_advisor_are_not_there(sign_in, booked):
    other = make_office_hours()
    time = next(
        time for time in OfficeHours.objects.next_free_times(99) if time.office_hours == other
    )

    assert sign_in(booked.advisor).post(move_to(booked, time)).status_code == 404


@pytest.mark.parametrize(
    "day",
    [date(2027, 3, 27), date(2027, 3, 28), date(2027, 3, 30)]
    + [date(2027, 10, 30), date(2027, 10, 31), date(2027, 11, 1)],
)
@pytest.mark.parametrize("who", ["founder", "advisor"])
def test_nine_stays_nine_over_a_change_of_the_clock(sign_in, day, who):
    hours = make_office_hours(weekday=day.isoweekday())
    before = datetime(2027, 1, 11, 9, tzinfo=BERLIN)
    booked = make_appointment(
        advisor=hours.advisor,
        project=hours.project,
        office_hours=hours,
        person=make_founder().person,
        starts_at=before,
    )
    nine = datetime.combine(day, hours.starts_at, BERLIN)
    address = reverse("consultations:move_to", args=[booked.pk, hours.pk, nine])

    page = sign_in(booked.person.user if who == "founder" else hours.advisor).post(
        address, follow=True
    )

    booked.refresh_from_db()
    assert timezone.localtime(booked.starts_at).replace(tzinfo=None) == nine.replace(tzinfo=None)
    assert "11.01.2027, 09:00" in page.text
    letter = Letter.objects.get(recipient=booked.person.email)
    assert "09:00–10:00" in letter.text
    assert f"DTSTART;TZID=Europe/Berlin:{day:%Y%m%d}T090000" in letter.calendar


def test_the_history_is_read_in_order_and_in_words(sign_in, english):
    hours = make_office_hours()
    times = OfficeHours.objects.next_free_times(2)
    booked = type(make_appointment()).objects.book_free_time(
        by=hours.advisor,
        office_hours=hours,
        starts_at=times[0].starts_at,
        person=make_person(email="anruf@beispiel.example"),
    )
    booked.move(by=hours.advisor, office_hours=hours, starts_at=times[1].starts_at)
    booked.cancel(by=hours.advisor)

    page = sign_in(hours.advisor).get(booked.get_absolute_url())

    assert [str(step.what) for step in page.context["history"]] == [
        "booked",
        "moved",
        "cancelled",
    ]


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@widths
@themes
def test_moving_by_keyboard_is_sound(browser, live_server, sign_in, booked, theme, width):
    client = sign_in(booked.person.user)
    with visit(browser, live_server, theme=theme, width=width, client=client) as (page, seen):
        page.goto(live_server.url + reverse("consultations:move", args=[booked.pk]))
        assert_sound(page, seen)
        page.locator("main a[href$='Z/']").first.focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert_sound(page, seen)
        page.locator("main button[type=submit]").focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert_sound(page, seen)

    booked.refresh_from_db()
    assert booked.sequence == 1
