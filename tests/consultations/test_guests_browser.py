"""Booking without an account in Chromium: by keyboard, on a phone, without JavaScript."""

import pytest

from consultations.models import Appointment
from tests.browser import assert_sound, themes, visit, widths
from tests.consultations.guests import ABOUT, ROSA, link

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@widths
@themes
def test_the_way_is_sound_by_keyboard(browser, live_server, hours, theme, width):
    def press(page, selector):
        page.locator(selector).first.focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")

    with visit(browser, live_server, theme=theme, width=width) as (page, seen):
        page.goto(live_server.url + ABOUT)
        assert_sound(page, seen)
        page.select_option("[name=place]", "unknown")
        press(page, "[name=go_on]")
        assert_sound(page, seen)
        press(page, "[name=time]")
        assert_sound(page, seen)
        page.locator("[name=name]").focus()
        page.keyboard.type(ROSA["name"])
        page.locator("[name=email]").focus()
        page.keyboard.type(ROSA["email"])
        press(page, "[name=book]")
        assert_sound(page, seen)
        page.goto(live_server.url + link())
        assert_sound(page, seen)
        press(page, "main form button[type=submit]")
        assert_sound(page, seen)
        for path in ("verschieben/", "absagen/"):
            page.goto(live_server.url + link() + path)
            assert_sound(page, seen)

    assert Appointment.objects.get().status == "booked"


def test_the_way_needs_no_javascript(browser, live_server, hours):
    with visit(browser, live_server, width=320, java_script_enabled=False) as (page, _seen):
        page.goto(live_server.url + ABOUT)
        page.select_option("[name=place]", "unknown")
        page.click("[name=go_on]")
        page.locator("[name=time]").first.click()
        page.fill("[name=name]", ROSA["name"])
        page.fill("[name=email]", ROSA["email"])
        page.click("[name=book]")
        page.goto(live_server.url + link())
        page.click("main form button[type=submit]")

        assert Appointment.objects.get().reference in page.inner_text("main")
