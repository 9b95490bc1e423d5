"""Forms with a table that grows, in Chromium: sound, and a row added there is saved."""

import pytest
from django.urls import reverse

from best_portal.accounts.models import Role
from tests.browser import assert_sound, themes, visit, widths
from tests.factories import make_grant, make_outline, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

# Its words in one line, or in two where the page is narrow.
TALLEST = 100


@themes
@widths
def test_forms_with_tables_are_sound(browser, live_server, sign_in, theme, width):
    outline, grant = make_outline(), make_grant()
    client = sign_in(make_user(Role.MANAGER))
    addresses = [
        reverse("reports:outlines"),
        reverse("reports:outline", args=[outline.pk]),
        reverse("reports:grant_edit", args=[grant.ref]),
        reverse("reports:set_up", args=[grant.ref]),
    ]

    with visit(browser, live_server, theme=theme, width=width, client=client) as (page, seen):
        for address in addresses:
            page.goto(live_server.url + address)
            assert_sound(page, seen)
            for button in page.locator("[data-add-row]").all():
                assert button.bounding_box()["height"] < TALLEST


def test_a_section_is_added_in_the_page(browser, live_server, sign_in):
    outline = make_outline(
        sections=[{"key": "what", "heading": "Was war"}, {"key": "next", "heading": "Wie weiter"}]
    )
    client = sign_in(make_user(Role.MANAGER))

    with visit(browser, live_server, client=client) as (page, seen):
        page.goto(live_server.url + reverse("reports:outline", args=[outline.pk]))
        page.locator("[data-add-row]").click()
        row = page.locator("table tbody tr").last
        row.locator("[name$=-position]").fill("3")
        row.locator("[name$=-heading]").fill("Ausblick")
        page.click("main button[type=submit]:has-text('speichern')")
        page.wait_for_url("**/gliederungen/")
        assert_sound(page, seen)

    headings = outline.sections.values_list("heading", flat=True)
    assert list(headings) == ["Was war", "Wie weiter", "Ausblick"]
