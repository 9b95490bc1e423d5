"""The map of the directory in Chromium: by keyboard, with nobody else asked, and without it."""

import os

import pytest

from tests.browser import assert_sound, visit
from tests.factories import make_district, make_entry

SQUARE = [[13.40, 52.50], [13.42, 52.50], [13.42, 52.51], [13.40, 52.51], [13.40, 52.50]]
PICTURES = os.environ.get("PICTURES")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("width", [1280, 320])
def test_the_map_shows_the_list_and_is_walked_by_keyboard(browser, live_server, width):
    area = make_district(name="Musterkiez", outline={"type": "Polygon", "coordinates": [SQUARE]})
    place = {"latitude": "52.505", "longitude": "13.405", "parts": ["entry", "address"]}
    shown = make_entry(name="Radladen Muster", district=area, address="Musterweg 1", **place)
    make_entry(name="Nähwerk Muster", district=area)

    with visit(browser, live_server, width=width, reduced_motion="reduce") as (page, seen):
        page.goto(f"{live_server.url}/verzeichnis/?area={area.pk}")
        assert "2 Betriebe" in page.locator(".filter-bar__result").inner_text()
        page.locator("#map").scroll_into_view_if_needed()
        marker = page.locator(".directory-map__place")
        marker.wait_for()
        assert page.locator(".directory-map__area").inner_text() == "1"
        assert page.locator("path.directory-map__outline").count() == 1
        if PICTURES:
            page.screenshot(path=f"{PICTURES}/directory-{width}.png", full_page=True)
        assert_sound(page, seen)
        marker.focus()
        page.keyboard.press("Enter")
        link = page.locator(".leaflet-popup a.kern-link")
        link.wait_for()
        link.focus()
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{shown.get_absolute_url()}")
        if PICTURES:
            page.screenshot(path=f"{PICTURES}/entry-{width}.png", full_page=True)
        assert_sound(page, seen)
