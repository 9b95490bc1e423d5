"""Visits in a Chromium the size of a phone, whose network and whose owner change."""

import os
import re
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from best_portal.accounts.models import Role
from consultations.models import Visit
from tests.browser import ARGUMENTS, assert_sound, watch
from tests.factories import make_project, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NEW, KEPT = "/besuche/neu/", "/besuche/ohne-netz/"
PANEL = "#visits-waiting"
NO_NETWORK = re.compile("ERR_INTERNET_DISCONNECTED|ERR_FAILED")


@pytest.fixture
def advisor():
    return make_user(name="Jonas Muster")


@pytest.fixture
def project(advisor):
    today = timezone.localdate()
    return make_project(
        team=[advisor], starts_on=today - timedelta(days=9), ends_on=today + timedelta(days=9)
    )


class Phone:
    """A browser with a folder of its own, so that it can be closed and opened again."""

    def __init__(self, chromium, folder, live_server):
        self.chromium, self.folder, self.base = chromium, folder, live_server.url

    @contextmanager
    def switched_on(self, client=None, *, offline=False):
        context = self.chromium.launch_persistent_context(
            str(self.folder),
            executable_path=os.environ["CHROMIUM"],
            args=ARGUMENTS,
            viewport={"width": 320, "height": 640},
            locale="de-DE",
            has_touch=True,
        )
        context.set_offline(offline)
        if client:
            self.sign_in(context, client)
        page = context.pages[0]
        page.seen = watch(page, urlsplit(self.base).netloc)
        try:
            yield page
        finally:
            context.close()

    def sign_in(self, context, client):
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.base}])

    def keep_form(self, page):
        """Open the form once with a network; from then on it needs none."""
        page.goto(self.base + NEW)
        page.locator("[data-visits-kept]:not([hidden])").wait_for()


@pytest.fixture
def phone(browser, tmp_path, live_server):
    # Only one Playwright runs in a process, and the shared browser brought it.
    return Phone(browser.browser_type, tmp_path / "phone", live_server)


def note(page, name, **fields):
    page.fill("[name=organisation_text]", name)
    for field, words in fields.items():
        page.fill(f"[name={field}]", words)
    page.get_by_label("abwartend").check()
    page.get_by_role("button", name="Speichern", exact=True).click()


def waiting(page, words):
    page.locator(f"{PANEL} h2", has_text=re.compile(f"^{words}")).wait_for()


def test_three_visits_without_a_network_arrive_once_each_after_the_browser_was_closed(
    phone, sign_in, advisor, project
):
    client = sign_in(advisor)
    with phone.switched_on(client) as page:
        phone.keep_form(page)
        page.context.set_offline(True)
        page.goto(phone.base + NEW)
        note(page, "Bäckerei Beispiel", situation="Weniger Laufkundschaft.")
        waiting(page, "Ein Besuch wartet auf Übertragung")
        note(page, "Spätkauf Muster", need="Ein Schild")
        note(page, "Café Muster")
        waiting(page, "3 Besuche warten auf Übertragung")
        page.locator("[data-state]", has_text="Kein Netz").wait_for()
        assert_sound(page, without_network(page.seen))

    with phone.switched_on(offline=True) as page:
        page.goto(phone.base + NEW)
        waiting(page, "3 Besuche warten auf Übertragung")
        assert not Visit.objects.exists()
        phone.sign_in(page.context, client)
        page.context.set_offline(False)
        waiting(page, "Alles ist gesendet")

    stored = Visit.objects.order_by("pk").values_list("name", "situation", "need", "mood")
    assert list(stored) == [
        ("Bäckerei Beispiel", "Weniger Laufkundschaft.", "", 3),
        ("Spätkauf Muster", "", "Ein Schild", 3),
        ("Café Muster", "", "", 3),
    ]


def without_network(seen):
    """What a browser itself says of a network that is not there is no fault of the page."""
    # A copy: the browser goes on complaining while the page is looked at.
    return replace(seen, errors=[each for each in seen.errors if not NO_NETWORK.search(each)])


def test_what_arrived_without_an_answer_is_stored_once(phone, sign_in, advisor, project):
    with phone.switched_on(sign_in(advisor)) as page:
        phone.keep_form(page)
        page.goto(phone.base + KEPT)
        page.context.route("**/uebertragen/", lose_answer)
        note(page, "Bäckerei Beispiel")
        waiting(page, "Ein Besuch wartet")
        page.locator("[data-state]", has_text="Kein Netz").wait_for()
        assert Visit.objects.count() == 1
        page.context.unroute("**/uebertragen/")
        page.get_by_role("button", name="Jetzt senden").click()
        waiting(page, "Alles ist gesendet")

    assert Visit.objects.count() == 1


def lose_answer(route):
    route.fetch()
    route.abort()


def test_the_ordinary_form_is_kept_where_the_network_fails(phone, sign_in, advisor, project):
    with phone.switched_on(sign_in(advisor)) as page:
        phone.keep_form(page)
        page.goto(phone.base + NEW)
        page.context.set_offline(True)
        note(page, "Bäckerei Beispiel")
        waiting(page, "Ein Besuch wartet auf Übertragung")
        page.context.set_offline(False)
        waiting(page, "Alles ist gesendet")

    assert Visit.objects.get().name == "Bäckerei Beispiel"


def test_a_refused_entry_is_changed_and_sent_again(phone, sign_in, advisor, project):
    with phone.switched_on(sign_in(advisor)) as page:
        phone.keep_form(page)
        page.goto(phone.base + KEPT)
        page.locator(".log-form__more summary").click()
        note(page, "Bäckerei Beispiel", trader_phone="030 5550 1")
        page.get_by_text("nur fest, wenn die Person einverstanden ist").wait_for()
        assert_sound(page, page.seen)
        page.get_by_role("button", name="Ändern").click()
        assert page.input_value("[name=trader_phone]") == "030 5550 1"
        page.get_by_label("ist einverstanden").check()
        page.get_by_role("button", name="Speichern", exact=True).click()
        waiting(page, "Alles ist gesendet")

    assert Visit.objects.get().trader_phone == "030 5550 1"


def test_a_conflict_shows_both_versions_and_the_person_chooses(phone, sign_in, advisor, project):
    with phone.switched_on(sign_in(advisor)) as page:
        phone.keep_form(page)
        page.goto(phone.base + KEPT)
        page.context.route("**/uebertragen/", lose_answer)
        note(page, "Bäckerei Beispiel", need="Ein Schild")
        page.locator("[data-state]", has_text="Kein Netz").wait_for()
        visit = Visit.objects.get()
        visit.amend(by=make_user(Role.MANAGER, name="Maria Muster"), revision=1, need="Ein Kredit")
        page.get_by_role("button", name="Ändern").click()
        page.fill("[name=need]", "Zwei Schilder")
        page.context.unroute("**/uebertragen/")
        page.get_by_role("button", name="Speichern", exact=True).click()
        page.get_by_text("Maria Muster").wait_for()
        cells = page.locator(f"{PANEL} tbody tr").all_inner_texts()
        assert cells == ["Was wird gebraucht?\tEin Kredit\tZwei Schilder"]
        assert_sound(page, without_network(page.seen))
        page.get_by_role("button", name="Meine Fassung speichern").click()
        waiting(page, "Alles ist gesendet")

    visit.refresh_from_db()
    assert visit.need == "Zwei Schilder"


def test_signing_out_wipes_the_form_but_keeps_the_queue_for_its_owner(
    phone, sign_in, advisor, project
):
    colleague = make_user(name="Aylin Beispiel")
    project.team.add(colleague)
    with phone.switched_on(sign_in(advisor)) as page:
        phone.keep_form(page)
        page.context.set_offline(True)
        page.goto(phone.base + NEW)
        note(page, "Bäckerei Beispiel")
        waiting(page, "Ein Besuch wartet")
        page.context.route("**/uebertragen/", lambda route: route.abort())
        page.context.set_offline(False)
        page.goto(phone.base + "/hilfe/")
        page.locator("details.site-header__menu > summary").click()
        page.get_by_role("button", name="Abmelden").locator("visible=true").click()
        page.get_by_text("Bitte melden Sie sich an").wait_for()
        assert "Bäckerei" not in page.content()
        assert not page.evaluate("caches.has('visits')")
        page.context.unroute("**/uebertragen/")

        phone.sign_in(page.context, sign_in(colleague, Client()))
        phone.keep_form(page)
        page.goto(phone.base + KEPT)
        page.wait_for_load_state("networkidle")
        assert page.locator(PANEL).is_hidden()
        assert "Bäckerei" not in page.content()
        assert not Visit.objects.exists()

        phone.sign_in(page.context, sign_in(advisor, Client()))
        page.goto(phone.base + KEPT)
        waiting(page, "Alles ist gesendet")

    assert Visit.objects.get().advisor == advisor


def test_the_form_works_without_javascript(browser, live_server, sign_in, advisor, project):
    client = sign_in(advisor)
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page = context.new_page()

    page.goto(live_server.url + NEW)
    note(page, "Bäckerei Beispiel")
    page.get_by_text("Gespeichert:").wait_for()
    context.close()

    assert Visit.objects.get().name == "Bäckerei Beispiel"
