"""Logging a consultation in Chromium: by keyboard, in seconds, on a phone, without JavaScript."""

from datetime import date, timedelta
from time import monotonic

import pytest
from django.utils import timezone

from best_portal.accounts.models import Role
from consultations.models import Consultation, ConsultationKind, TextBlock, Timer
from tests.browser import assert_sound, themes, visit, widths
from tests.factories import (
    make_consultation,
    make_district,
    make_founder,
    make_organisation,
    make_project,
    make_topic,
    make_user,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LOG = "/beratungen/neu/"


@pytest.fixture
def advisor():
    return make_user()


@pytest.fixture
def project(advisor):
    return make_project(
        team=[advisor],
        starts_on=date(2020, 1, 1),
        ends_on=timezone.localdate() + timedelta(days=30),
    )


def tab_to(page, name):
    """Press the tabulator until the field of this name has the focus; return how often."""
    for presses in range(1, 20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == name:
            return presses
    raise AssertionError(f"{name} is not reached by keyboard")


def test_a_consultation_is_logged_by_keyboard_within_half_a_minute(
    browser, live_server, sign_in, advisor, project
):
    organisation = make_organisation(name="Wäscherei Muster", district=make_district())
    founder = make_founder(organisation)

    with visit(browser, live_server, client=sign_in(advisor)) as (page, seen):
        page.goto(live_server.url + LOG)
        start = monotonic()
        page.keyboard.type("waescherei", delay=60)
        page.get_by_role("option").first.wait_for()
        with page.expect_response("**/bekannt/**"):
            page.keyboard.press("ArrowDown")
            page.keyboard.press("Enter")
        tab_to(page, "length")
        page.keyboard.type("1,5", delay=60)
        tab_to(page, "internal_note")
        page.keyboard.type("Steuerbescheid liegt noch nicht vor.", delay=30)
        tab_to(page, "result")
        page.keyboard.type("Liquiditätsplan überarbeitet, Termin mit der Bank.", delay=30)
        assert page.locator("#known").get_by_text(founder.name).count() == 1
        page.keyboard.press("Shift+Tab")
        page.locator("form.log-form button[type=submit]").first.focus()
        with page.expect_navigation():
            page.keyboard.press("Enter")
        took = monotonic() - start
        assert_sound(page, seen)

    consultation = Consultation.objects.get()
    assert (consultation.organisation, consultation.minutes) == (organisation, 90)
    assert consultation.district == organisation.district
    assert took < 30


def test_the_note_never_stands_in_an_address(browser, live_server, sign_in, advisor, project):
    make_organisation(name="Wäscherei Muster")

    with visit(browser, live_server, client=sign_in(advisor)) as (page, seen):
        addresses = []
        page.on("request", lambda request: addresses.append(request.url))
        page.goto(live_server.url + LOG)
        page.fill("[name=internal_note]", "Kanarienvogel")
        page.focus("[name=organisation_text]")
        page.keyboard.type("muster")
        page.get_by_role("option").first.wait_for()
        with page.expect_response("**/bekannt/**"):
            page.keyboard.press("ArrowDown")
            page.keyboard.press("Enter")

        # Kept by then, so that nothing is sent as the page closes.
        page.locator("[data-draft]:not(:empty)").wait_for(state="attached")
        assert seen.errors == []
        assert page.input_value("[name=internal_note]") == "Kanarienvogel"
        assert not [address for address in addresses if "Kanarienvogel" in address]


def test_a_consultation_is_logged_without_javascript(
    browser, live_server, sign_in, advisor, project
):
    make_organisation(name="Wäscherei Muster")
    make_organisation(name="Wäscherei Beispiel")

    with visit(browser, live_server, client=sign_in(advisor), java_script_enabled=False) as (
        page,
        seen,
    ):
        page.goto(live_server.url + LOG)
        page.fill("[name=organisation_text]", "Wäscherei")
        page.fill("[name=length]", "45")
        page.fill("[name=internal_note]", "Bleibt stehen.")
        page.click("form.log-form button[type=submit]")
        assert page.input_value("[name=internal_note]") == "Bleibt stehen."
        page.get_by_label("Wäscherei Beispiel").check()
        page.click("form.log-form button[type=submit]")

    assert Consultation.objects.get().organisation.name == "Wäscherei Beispiel"


@widths
@themes
def test_the_pages_of_the_work_are_sound(browser, live_server, sign_in, project, theme, width):
    square = [[13.4, 52.5], [13.41, 52.5], [13.41, 52.51], [13.4, 52.5]]
    area = make_district(outline={"type": "Polygon", "coordinates": [square]})
    organisation = make_organisation(district=area)
    consultation = make_consultation(
        project=project,
        organisation=organisation,
        district=area,
        advisors=[make_user()],
        topics=[make_topic()],
        kind=ConsultationKind.ACCOMPANIMENT,
        internal_note="Notiz",
        result="Ergebnis",
    )
    block = TextBlock.objects.create(project=project, title="Plan", text="Plan besprochen.")
    pages = [
        LOG,
        "/beratungen/",
        "/beratungen/?q=nirgends",
        "/beratungen/?since=gestern",
        f"/beratungen/{consultation.pk}/",
        f"/beratungen/{consultation.pk}/bearbeiten/",
        "/betriebe/",
        "/betriebe/neu/",
        f"/betriebe/{organisation.pk}/",
        f"/betriebe/{organisation.pk}/gruendung/",
        f"/betriebe/{organisation.pk}/kriterien/neu/",
        f"/betriebe/{organisation.pk}/mitglieder/neu/",
        "/quartiere/",
        f"/quartiere/{area.slug}/",
        "/projekte/",
        f"/projekte/{project.key}/",
        f"/projekte/{project.key}/bearbeiten/",
        f"/projekte/{project.key}/textbausteine/",
        f"/projekte/{project.key}/textbausteine/neu/",
        f"/textbausteine/{block.pk}/",
    ]

    manager = make_user(Role.MANAGER)
    Timer.objects.start(by=manager)
    client = sign_in(manager)
    with visit(browser, live_server, theme=theme, width=width, client=client) as (page, seen):
        for address in pages:
            page.goto(live_server.url + address)
            assert_sound(page, seen)
        page.goto(live_server.url + LOG)
        page.click("form.log-form button[type=submit]")
        page.locator(".error-summary").wait_for()
        page.locator(".log-form__more > summary").click()
        assert_sound(page, seen)
