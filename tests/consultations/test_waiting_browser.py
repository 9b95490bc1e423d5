"""The waiting list in Chromium, on a phone: with and without JavaScript, in both languages."""

import re

import pytest
from django.conf import settings

from best_portal.outbox.models import Letter
from consultations.models import Appointment, WaitingEntry, WaitingOffer
from tests.browser import assert_sound, visit
from tests.consultations.guests import ABOUT, ROSA
from tests.factories import (
    make_founder,
    make_office_hours,
    make_person,
    make_user,
    make_waiting_entry,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PHONE = 320
LETTER_LINK = re.compile(r"/warten/[0-9a-f]{64}/(?!austragen)")
JOIN = {"de": "Auf die Warteliste setzen lassen", "en": "Join the waiting list"}
TAKE = {"de": "Diese Zeit nehmen", "en": "Take this time"}
DECLINE = {"de": "Ablehnen und weiter warten", "en": "Decline it and keep waiting"}
LEAVE = {"de": "Von der Warteliste streichen", "en": "Leave the waiting list"}
LEFT = {"de": "Sie stehen nicht mehr auf der Warteliste", "en": "You have left the waiting list"}
BOOKED = {"de": "Sie haben einen Termin", "en": "You have an appointment"}


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without"])
def javascript(request):
    return request.param


def sweep():
    return WaitingOffer.objects.offer_free_times()


def link():
    return LETTER_LINK.search(Letter.objects.latest("pk").text).group()


def press(page, name):
    with page.expect_navigation():
        page.get_by_role("button", name=name, exact=True).click()


@pytest.mark.parametrize("language", ["de", "en"])
def test_a_guest_joins_declines_takes_and_leaves(browser, live_server, clock, language, javascript):
    make_office_hours(place="Stadtteilbüro")
    with visit(browser, live_server, width=PHONE, java_script_enabled=javascript) as (page, seen):
        cookie = {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url}
        page.context.add_cookies([cookie])

        def look():
            assert page.locator("html").get_attribute("lang") == language
            if javascript:
                assert_sound(page, seen)

        page.goto(live_server.url + ABOUT)
        page.select_option("[name=place]", "unknown")
        page.select_option("select[name=language]", language)
        page.click("[name=go_on]")
        page.get_by_role("link", name=JOIN[language]).click()
        look()
        page.check("[name=weekdays][value='1']")
        page.fill("[name=name]", ROSA["name"])
        page.fill("[name=email]", ROSA["email"])
        press(page, JOIN[language])
        look()
        page.goto(live_server.url + link())
        press(page, JOIN[language])
        look()
        assert sweep() == 1
        page.goto(live_server.url + link())
        look()
        press(page, DECLINE[language])
        look()
        clock.forward(days=1)
        assert sweep() == 1
        page.goto(live_server.url + link())
        press(page, TAKE[language])
        look()
        assert BOOKED[language] in page.inner_text("main")
        booked = Appointment.objects.get(status="booked")
        assert booked.person.language == language

        make_waiting_entry(name="Ada", email="ada@muster.example", language=language)
        page.goto(live_server.url + WaitingEntry.objects.waiting().get().link)
        page.get_by_role("link", name=LEAVE[language]).click()
        look()
        press(page, LEAVE[language])
        look()
        assert LEFT[language] in page.inner_text("main")

    assert not WaitingEntry.objects.waiting().exists()


def test_a_founder_joins_from_an_empty_calendar_and_takes_an_offer(
    browser, live_server, sign_in, clock, javascript
):
    hours = make_office_hours(lead_hours=720, ends_on="2030-05-20")
    founder = make_founder()
    with visit(
        browser,
        live_server,
        width=PHONE,
        client=sign_in(founder),
        java_script_enabled=javascript,
    ) as (page, seen):
        page.goto(f"{live_server.url}/termine/buchen/")
        assert "Zurzeit sind alle Zeiten vergeben" in page.inner_text("main")
        page.get_by_role("link", name=JOIN["de"]).click()
        page.fill("[name=concern]", "Ein Café")
        press(page, JOIN["de"])
        assert "Ein Café" in page.inner_text("main")
        hours.lead_hours, hours.ends_on = 24, None
        hours.save()
        assert sweep() == 1
        page.reload()
        if javascript:
            assert_sound(page, seen)
        press(page, TAKE["de"])

    assert Appointment.objects.get(status="booked").person == founder.person


def test_an_advisor_calls_by_keyboard(browser, live_server, sign_in, clock):
    make_office_hours()
    caller = make_person(name="Rosa Beispiel", phone="030 1234567")
    make_waiting_entry(person=caller, reached_by="phone")
    sweep()
    with visit(browser, live_server, width=PHONE, client=sign_in(make_user())) as (page, seen):
        page.goto(live_server.url)
        page.get_by_role("link", name="Rückrufe").focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
        assert "030 1234567" in page.inner_text("main")
        for name in ("Nicht erreicht", "Angenommen"):
            page.get_by_role("button", name=name, exact=True).focus()
            with page.expect_navigation():
                page.keyboard.press("Enter")
            assert_sound(page, seen)

    assert Appointment.objects.get(status="booked").person == caller
    assert WaitingOffer.objects.get().calls == 1
