"""Duplicates in Chromium: hinted at while somebody types, compared, merged and undone by clicks."""

import pytest
from django.urls import reverse

from enterprises.models import Organisation
from tests.browser import assert_sound, themes, visit, widths
from tests.factories import make_consultation, make_organisation, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def pair():
    one = make_organisation(name="Wäscherei am Platz", phone="030 1111111")
    other = make_organisation(name="Waescherei am Platz", email="w@muster.example")
    make_consultation(organisation=one)
    return one, other


@themes
@widths
def test_a_pair_is_merged_and_taken_apart_again(browser, live_server, sign_in, pair, theme, width):
    client = sign_in(make_user())
    with visit(browser, live_server, theme=theme, width=width, client=client) as (page, seen):
        page.goto(live_server.url + reverse("enterprises:duplicates", args=["betriebe"]))
        assert_sound(page, seen)
        page.get_by_role("link", name="Vergleichen").click()
        assert_sound(page, seen)
        page.get_by_role("button", name="Zusammenführen").click()
        page.wait_for_url("**/zusammengefuehrt/**")
        assert_sound(page, seen)
        assert Organisation.objects.count() == 1
        page.locator("summary", has_text="rückgängig").click()
        page.locator("form.confirm__question button").click()
        page.get_by_text("Das sind wieder zwei").wait_for()
        assert Organisation.objects.count() == 2
        page.goto(live_server.url + reverse("enterprises:duplicates", args=["personen"]))
        assert_sound(page, seen)


def test_what_is_on_file_is_hinted_at_while_its_name_is_typed(browser, live_server, sign_in, pair):
    with visit(browser, live_server, client=sign_in(make_user())) as (page, seen):
        page.goto(live_server.url + reverse("enterprises:new"))
        page.get_by_label("Name").first.type("Wascherei am Platz")
        page.get_by_role("link", name="Wäscherei am Platz").wait_for()
        assert_sound(page, seen)
