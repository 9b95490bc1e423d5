"""Booking in Chromium: by keyboard, on a phone, without JavaScript; nothing axe would mind."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.outbox.models import LetterStatus
from consultations.models import Appointment
from tests.browser import assert_sound, themes, visit, widths
from tests.factories import (
    make_appointment,
    make_founder,
    make_letter,
    make_office_hours,
    make_organisation,
    make_user,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CONCERN = "Wir gründen ein Muster-Café."
FIRST_TIME = "main a[href*='/termine/buchen/'][href$='Z/']"


def press(page, selector, key="Enter"):
    page.locator(selector).first.focus()
    with page.expect_navigation():
        page.keyboard.press(key)


@widths
@themes
def test_a_founder_books_and_cancels_by_keyboard(browser, live_server, sign_in, theme, width):
    make_office_hours(place="Stadtteilbüro")
    founder = make_founder(make_organisation(name="Muster-Café"))

    with visit(browser, live_server, theme=theme, width=width, client=sign_in(founder)) as (
        page,
        seen,
    ):
        page.goto(live_server.url + reverse("consultations:book"))
        assert_sound(page, seen)
        press(page, FIRST_TIME)
        assert_sound(page, seen)
        press(page, "[name=check]")
        assert page.locator("[role=alert]").is_visible()
        assert_sound(page, seen)
        page.locator("[name=concern]").focus()
        page.keyboard.type(CONCERN)
        press(page, "[name=check]")
        assert_sound(page, seen)
        press(page, "[name=book]")
        assert_sound(page, seen)
        appointment = Appointment.objects.get()
        assert appointment.reference in page.inner_text("main")
        page.goto(live_server.url + reverse("consultations:appointments"))
        assert_sound(page, seen)
        press(page, "main a[href$='/absagen/']")
        assert_sound(page, seen)
        press(page, "main button[type=submit]")
        assert_sound(page, seen)

    appointment.refresh_from_db()
    assert (appointment.status, appointment.concern) == ("cancelled", CONCERN)


def test_booking_needs_no_javascript(browser, live_server, sign_in):
    make_office_hours()

    with visit(
        browser, live_server, width=320, client=sign_in(make_founder()), java_script_enabled=False
    ) as (page, _seen):
        page.goto(live_server.url + reverse("consultations:book"))
        page.click(FIRST_TIME)
        page.fill("[name=concern]", CONCERN)
        page.click("[name=check]")
        page.click("[name=book]")

        assert Appointment.objects.get().reference in page.inner_text("main")


@widths
@themes
def test_a_taken_time_and_an_empty_choice_are_no_dead_ends(
    browser, live_server, sign_in, theme, width
):
    hours = make_office_hours()
    full = make_office_hours(lead_hours=720, slot_minutes=180)
    taken = reverse("consultations:book_time", args=[hours.pk, hours.advisor.created_at])

    with visit(browser, live_server, theme=theme, width=width, client=sign_in(make_founder())) as (
        page,
        seen,
    ):
        assert page.goto(live_server.url + taken).status == 409
        # Chromium notes every answer from 400 on its console.
        seen.errors.clear()
        assert_sound(page, seen)
        page.goto(f"{live_server.url}{reverse('consultations:book')}?advisor={full.advisor.pk}")
        assert_sound(page, seen)


@widths
@themes
def test_the_pages_of_the_team_are_sound(browser, live_server, sign_in, theme, width):
    hours = make_office_hours()
    for days in (-7, 1):
        make_appointment(
            advisor=hours.advisor,
            office_hours=hours,
            starts_at=timezone.now() + timedelta(days=days),
            concern=CONCERN,
        )
    make_letter(status=LetterStatus.STUCK, error="The sender stopped in the middle.")
    addresses = [
        reverse("consultations:appointments"),
        reverse("consultations:appointments") + "?wer=team&tag=2030-06-03",
        reverse("consultations:appointment", args=[Appointment.objects.first().pk]),
        reverse("consultations:office_hours"),
        reverse("consultations:office_hours_new"),
        reverse("consultations:office_hours_end", args=[hours.pk]),
        reverse("letters"),
    ]

    with visit(
        browser, live_server, theme=theme, width=width, client=sign_in(make_user(Role.MANAGER))
    ) as (page, seen):
        for address in addresses:
            page.goto(live_server.url + address)
            assert_sound(page, seen)
