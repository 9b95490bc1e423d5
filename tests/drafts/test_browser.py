"""Typing in Chromium: killed at any moment, signed out, without JavaScript, nothing is lost."""

import os
import random
import shutil
import signal
import subprocess
from contextlib import contextmanager
from time import monotonic, sleep
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client

from best_portal.drafts.models import Draft
from consultations.models import Consultation
from tests.browser import ARGUMENTS, assert_sound, themes, visit, widths
from tests.factories import make_organisation, make_project, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LOG = "/beratungen/neu/"
LINE = "Die Liquidität reicht bis Mai; der Antrag bei der Bank ist gestellt. "
NOTE = "textarea[name=internal_note]"
STATUS = "[data-draft]"
# What may be lost when the browser dies: the promise of the portal.
LOST_AT_MOST = 2.0
# `KILLS=20 pytest tests/drafts/test_browser.py` kills more often.
KILLS = int(os.environ.get("KILLS", "3"))
SEED = int(os.environ.get("SEED", "20301103"))


@pytest.fixture
def advisor():
    cache.clear()
    advisor = make_user()
    make_project(team=[advisor])
    return advisor


@contextmanager
def mortal_chromium(engine, folder):
    """A browser of its own, with the process that can be killed as a crash would."""
    process = subprocess.Popen(
        [
            os.environ["CHROMIUM"],
            *ARGUMENTS,
            "--headless=new",
            "--remote-debugging-port=0",
            f"--user-data-dir={folder}",
            "about:blank",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        chromium = engine.connect_over_cdp(f"http://127.0.0.1:{port_of(folder)}")
        yield chromium, lambda: os.killpg(process.pid, signal.SIGKILL)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def port_of(folder):
    """The port on which the browser is spoken to, as soon as it has written it down."""
    file, deadline = folder / "DevToolsActivePort", monotonic() + 30
    while monotonic() < deadline:
        if file.exists() and (lines := file.read_text(encoding="ascii").split()):
            return int(lines[0])
        sleep(0.05)
    raise AssertionError("Chromium did not start")


def type_until_killed(chromium, kill, live_server, client, seconds):
    """Type until the browser dies; return [(when, text typed by then)], the last one the death."""
    context = chromium.new_context(locale="de-DE")
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page = context.new_page()
    page.goto(live_server.url + LOG)
    page.focus(NOTE)
    typed, text, start = [], "", monotonic()
    while monotonic() - start < seconds:
        letter = LINE[len(text) % len(LINE)]
        page.keyboard.type(letter)
        text += letter
        typed.append((monotonic(), text))
        # Now and then somebody stops to think.
        page.wait_for_timeout(1300 if len(text) % 60 == 59 else 40)
    kill()
    typed.append((monotonic(), text))
    return typed


def text_in_form(browser, live_server, client):
    with visit(browser, live_server, client=client) as (page, _seen):
        page.goto(live_server.url + LOG)
        return page.input_value(NOTE)


@pytest.mark.slow
@pytest.mark.faults
def test_a_killed_browser_loses_two_seconds_at_most(
    browser, live_server, sign_in, advisor, tmp_path
):
    chance, worst = random.Random(SEED), 0.0
    for n in range(KILLS):
        Draft.objects.all().delete()
        with mortal_chromium(browser.browser_type, tmp_path / f"chromium-{n}") as (chromium, kill):
            client, seconds = sign_in(advisor, Client()), chance.uniform(1.5, 9)
            typed = type_until_killed(chromium, kill, live_server, client, seconds)
        died, whole = typed[-1]
        kept = text_in_form(browser, live_server, sign_in(advisor, Client()))
        assert whole.startswith(kept)
        lost_since = next((at for at, text in typed if len(text) > len(kept)), died)
        worst = max(worst, died - lost_since)

    assert worst <= LOST_AT_MOST


@themes
@widths
def test_the_page_says_that_it_saved_and_a_new_one_holds_the_text(
    browser, live_server, sign_in, advisor, theme, width
):
    client = sign_in(advisor)
    with visit(browser, live_server, client=client, theme=theme, width=width) as (page, seen):
        page.goto(live_server.url + LOG)
        with page.expect_response("**/entwuerfe/sichern/"):
            page.fill(NOTE, LINE)
        page.locator(STATUS, has_text="Entwurf gespeichert").wait_for()
        assert_sound(page, seen)
        page.goto(live_server.url + LOG)
        assert page.input_value(NOTE) == LINE
        assert_sound(page, seen)
        page.goto(live_server.url + "/entwuerfe/")
        assert_sound(page, seen)
        page.goto(live_server.url + "/")
        assert_sound(page, seen)


def test_a_page_left_before_the_pause_keeps_the_last_letter(browser, live_server, sign_in, advisor):
    with visit(browser, live_server, client=sign_in(advisor)) as (page, _seen):
        page.goto(live_server.url + LOG)
        page.fill(NOTE, LINE)
        page.goto(live_server.url + "/")
        page.wait_for_timeout(500)
        page.goto(live_server.url + LOG)

        assert page.input_value(NOTE) == LINE


def test_somebody_signed_out_meanwhile_is_told_and_goes_on_after_signing_in(
    browser, live_server, sign_in, advisor
):
    with visit(browser, live_server, client=sign_in(advisor)) as (page, _seen):
        page.goto(live_server.url + LOG)
        page.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
        with page.expect_response("**/entwuerfe/sichern/"):
            page.fill(NOTE, LINE)
        link = page.locator(f"{STATUS} a")
        link.wait_for()
        address = link.get_attribute("href")

    assert urlsplit(address).path == "/anmelden/"
    assert text_in_form(browser, live_server, sign_in(advisor, Client())) == LINE


def test_whoever_signed_in_again_in_another_window_still_saves_the_form(
    browser, live_server, sign_in, advisor
):
    organisation = make_organisation(name="Wäscherei Muster")
    with visit(browser, live_server, client=sign_in(advisor)) as (page, _seen):
        page.goto(live_server.url + LOG)
        other = page.context.new_page()
        other.goto(live_server.url + LOG)
        # Signing in renews the token against forged forms; so does this.
        page.context.clear_cookies(name=settings.CSRF_COOKIE_NAME)
        other.goto(live_server.url + "/konto/")
        page.fill("[name=organisation_text]", organisation.name)
        page.fill("[name=length]", "1")
        page.fill("[name=held_on]", "2024-05-06")
        page.fill(NOTE, LINE)
        page.locator("form.log-form button[type=submit]").first.click()
        page.wait_for_url("**/beratungen/")

    assert Consultation.objects.get().internal_note == LINE.strip()
    assert not Draft.objects.open().exists()


def test_without_a_connection_the_page_says_so_and_tries_again(
    browser, live_server, sign_in, advisor
):
    with visit(browser, live_server, client=sign_in(advisor)) as (page, _seen):
        page.clock.install()
        page.goto(live_server.url + LOG)
        page.context.set_offline(True)
        page.fill(NOTE, LINE)
        page.clock.run_for(1100)
        page.locator(STATUS, has_text="Verbindung").wait_for()
        page.context.set_offline(False)
        with page.expect_response("**/entwuerfe/sichern/"):
            page.clock.run_for(5100)
        page.locator(STATUS, has_text="gespeichert").wait_for()

    assert Draft.objects.get().fields["internal_note"] == [LINE]


def test_saving_and_the_last_save_on_the_way_leave_no_draft(browser, live_server, sign_in, advisor):
    organisation = make_organisation(name="Wäscherei Muster")
    with visit(browser, live_server, client=sign_in(advisor)) as (page, _seen):
        page.goto(live_server.url + LOG)
        page.fill("[name=organisation_text]", organisation.name)
        page.fill("[name=held_on]", "2024-05-06")
        page.fill("[name=length]", "1")
        # Sent before the pause is over: the page also sends its last words.
        page.locator("form.log-form button[type=submit]").first.click()
        page.wait_for_url("**/beratungen/")
        page.wait_for_timeout(1500)
        page.goto(live_server.url + LOG)
        assert page.input_value("[name=organisation_text]") != organisation.name

    assert Consultation.objects.count() == 1
    assert not Draft.objects.open().exists()


def test_without_javascript_a_form_that_was_refused_is_kept(browser, live_server, sign_in, advisor):
    options = {"client": sign_in(advisor), "java_script_enabled": False}
    with visit(browser, live_server, **options) as (page, _seen):
        page.goto(live_server.url + LOG)
        page.fill(NOTE, LINE)
        page.locator("form.log-form button[type=submit]").first.click()
        page.goto(live_server.url + LOG)
        assert page.input_value(NOTE) == LINE
        page.locator("button[name=here]").click()

        assert page.input_value(NOTE) == ""
        page.locator("button[form=act]").click()
        assert page.input_value(NOTE) == LINE
