"""From a past appointment to a saved consultation in Chromium, every key counted."""

from datetime import timedelta

import pytest
from django.utils import timezone

from best_portal.accounts.models import User
from consultations.models import Consultation, TextBlock
from enterprises.models import Involvement
from tests.browser import assert_sound, themes, visit, widths
from tests.factories import (
    make_appointment,
    make_organisation,
    make_person,
    make_project,
    make_user,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

MOST = 12
NOTE = "Liquiditätsplan überarbeitet."
ASKED = "form.log-form :is(input:not([type=hidden]), select, textarea)"


class Keys:
    """Presses keys and counts them; the note itself does not count."""

    def __init__(self, page):
        self.page, self.number = page, 0

    def press(self, *keys):
        for key in keys:
            # Ctrl and Enter are two.
            self.number += len(key.split("+"))
            self.page.keyboard.press(key)

    def tab_to(self, selector):
        for _press in range(MOST):
            if self.page.evaluate("s => document.activeElement.matches(s)", selector):
                return
            self.press("Tab")
        raise AssertionError(f"{selector} is not reached by keyboard")


@pytest.fixture
def advisor():
    return make_user()


@pytest.fixture
def past(advisor):
    today = timezone.localdate()
    return make_appointment(
        advisor=advisor,
        project=make_project(
            team=[advisor],
            starts_on=today - timedelta(days=100),
            ends_on=today + timedelta(days=30),
        ),
        person=make_person(email="muster@beispiel.example"),
        organisation=make_organisation(name="Wäscherei Muster"),
        starts_at=timezone.now() - timedelta(days=1),
    )


def write_and_save(page, keys):
    page.locator("[name=internal_note]:focus").wait_for()
    page.keyboard.type(NOTE)
    with page.expect_navigation():
        keys.press("Control+Enter")
    assert page.locator(".error-summary").all_inner_texts() == []


def assert_saved(past, keys):
    consultation = Consultation.objects.get()
    assert consultation.internal_note == NOTE
    assert (consultation.organisation, consultation.minutes) == (past.organisation, 60)
    past.refresh_from_db()
    assert past.consultation == consultation
    assert keys.number <= MOST
    print(f"keystrokes: {keys.number}")


def test_with_the_shortcut(browser, live_server, sign_in, advisor, past):
    with visit(browser, live_server, client=sign_in(advisor)) as (page, seen):
        page.goto(live_server.url + past.get_absolute_url())
        keys = Keys(page)
        with page.expect_navigation():
            keys.press("b")
        assert page.locator(ASKED).locator("visible=true").count() <= 3
        assert_sound(page, seen)
        write_and_save(page, keys)

    assert_saved(past, keys)


def test_without_it(browser, live_server, sign_in, advisor, past):
    User.objects.update(has_shortcuts=False)

    with visit(browser, live_server, client=sign_in(advisor)) as (page, seen):
        page.goto(live_server.url + past.get_absolute_url())
        page.keyboard.press("b")
        keys = Keys(page)
        keys.press("Tab", "Enter")
        keys.tab_to("main a[href*='/beratungen/neu/']")
        with page.expect_navigation():
            keys.press("Enter")
        write_and_save(page, keys)
        assert seen.errors == []

    assert_saved(past, keys)


def test_without_it_and_without_saving_by_ctrl(browser, live_server, sign_in, advisor, past):
    """Tab and Enter alone: Enter in the next step saves, whatever buttons stand before."""
    with visit(browser, live_server, client=sign_in(advisor)) as (page, _seen):
        page.goto(live_server.url + f"/beratungen/neu/?appointment={past.pk}")
        keys = Keys(page)
        page.keyboard.type(NOTE)
        keys.tab_to("[name=next_step]")
        with page.expect_navigation():
            keys.press("Enter")
        assert page.locator(".error-summary").all_inner_texts() == []

    assert_saved(past, keys)


def test_a_letter_typed_into_a_field_is_a_letter(browser, live_server, sign_in, advisor, past):
    with visit(browser, live_server, client=sign_in(advisor)) as (page, seen):
        page.goto(live_server.url + "/beratungen/neu/")
        page.keyboard.type("bb")
        page.keyboard.press("Alt+b")
        assert page.input_value("[name=organisation_text]").startswith("bb")
        page.goto(live_server.url + "/quartiere/")
        with page.expect_navigation(url="**/beratungen/neu/"):
            page.keyboard.press("b")
        assert seen.errors == []


def test_like_last_time_is_one_press(browser, live_server, sign_in, advisor, past):
    Consultation.objects.log(
        by=advisor,
        project=past.project,
        kind="advice",
        held_on=timezone.localdate() - timedelta(days=9),
        minutes=75,
        organisation=past.organisation,
        place="Musterstr. 1",
        advisors=[advisor],
    )
    with visit(browser, live_server, client=sign_in(advisor)) as (page, seen):
        page.goto(f"{live_server.url}/beratungen/neu/?organisation={past.organisation.pk}")
        page.fill("[name=result]", "Steht schon da.")
        with page.expect_navigation():
            page.locator("button[name=same]").press("Enter")
        assert page.input_value("[name=length]") == "1:15"
        assert page.input_value("[name=place]") == "Musterstr. 1"
        assert page.input_value("[name=result]") == "Steht schon da."
        assert_sound(page, seen)


@widths
@themes
def test_the_log_of_an_appointment_is_sound(
    browser, live_server, sign_in, advisor, past, theme, width
):
    client = sign_in(advisor)
    with visit(browser, live_server, theme=theme, width=width, client=client) as (page, seen):
        page.goto(live_server.url + f"/beratungen/neu/?appointment={past.pk}")
        assert_sound(page, seen)
        page.locator(".log-form__more > summary").click()
        page.fill("[name=start]", "25:00")
        page.click("form.log-form button[type=submit]")
        page.locator(".error-summary").wait_for()
        assert_sound(page, seen)


def test_the_preview_follows_while_somebody_types(browser, live_server, sign_in, advisor, past):
    Involvement.objects.create(person=past.person, organisation=past.organisation)
    name = past.person.name.split()[0]
    with visit(browser, live_server, client=sign_in(advisor)) as (page, seen):
        sent = []
        page.on("request", lambda request: sent.append(request))
        page.goto(live_server.url + f"/beratungen/neu/?appointment={past.pk}")
        page.locator("#funder-view").wait_for(state="attached")
        page.fill("[name=internal_note]", "Kanarienvogel")
        page.locator("[name=result]").press_sequentially(f"{name} hat geplant.")
        page.locator("[data-preview] .kern-alert").wait_for()
        assert f"{name} hat geplant." in page.inner_text("[data-preview]")
        previews = [each for each in sent if each.url.endswith("/vorschau/")]
        assert previews
        assert not any("Kanarienvogel" in (each.post_data or "") for each in previews)
        assert_sound(page, seen)


def test_a_text_block_goes_to_the_cursor(browser, live_server, sign_in, advisor, past):
    TextBlock.objects.create(project=past.project, title="Plan", text="Plan besprochen.")
    with visit(browser, live_server, client=sign_in(advisor)) as (page, seen):
        page.goto(live_server.url + f"/beratungen/neu/?appointment={past.pk}")
        page.fill("[name=result]", "Vorher. Nachher.")
        page.evaluate("document.querySelector('[name=result]').setSelectionRange(8, 8)")
        page.locator(".fieldset--report .log-form__block > summary").click()
        page.locator("[name=block_result]").select_option(index=1)
        assert_sound(page, seen)
        page.locator("button[name=insert][value=result]").press("Enter")

        assert page.input_value("[name=result]") == "Vorher. Plan besprochen.Nachher."
        assert page.evaluate("document.activeElement.name") == "result"
        assert seen.errors == []
