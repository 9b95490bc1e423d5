"""The import in Chromium: by keyboard, without a fault axe, the CSP or the console would see."""

import pytest
from django.urls import reverse

from consultations.models import Consultation
from tests.browser import assert_sound, themes, visit, widths
from tests.consultations.test_imports import ROW, log_file, make_batch
from tests.factories import make_district, make_organisation, make_project, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WRONG = ROW.replace("05.02.", "31.02.").replace("Beratung", "Kaffee")


def test_a_log_is_brought_by_keyboard_alone(browser, live_server, sign_in, tmp_path):
    make_district(name="Musterplatz")
    advisor = make_user()
    make_project(team=[advisor], name="Musterprojekt")
    path = tmp_path / "log.csv"
    path.write_bytes(log_file(ROW, WRONG).getvalue())

    with visit(browser, live_server, client=sign_in(advisor)) as (page, seen):
        page.goto(live_server.url + reverse("consultations:import"))
        page.locator("[name=project]").select_option("Musterprojekt")
        page.locator("[name=file]").set_input_files(path)
        page.locator("[name=upload]").press("Enter")
        page.locator("[name=preview]").press("Enter")
        assert "31.02." in page.locator("main").inner_text()
        page.locator("form[action$=uebernehmen\\/] button").press("Enter")
        page.wait_for_load_state()
        assert_sound(page, seen)

    assert Consultation.objects.get().held_on.isoformat() == "2024-02-05"


@themes
@widths
def test_the_pages_are_sound(browser, live_server, sign_in, theme, width):
    make_organisation(name="Kiezküche Grün")
    near = ROW.replace("Kiezküche", "Kiezküche Grun eG")
    batch = make_batch(ROW, ROW, WRONG, near, "Summe;;;;2")
    lacking = make_batch("1.2.2024;2", headings="Datum;Dauer")
    client = sign_in(batch.uploaded_by)

    with visit(browser, live_server, client=client, theme=theme, width=width) as (page, seen):
        for name, args in [
            ("import", []),
            ("import_columns", [batch.pk]),
            ("import_columns", [lacking.pk]),
            ("import_preview", [batch.pk]),
        ]:
            page.goto(live_server.url + reverse(f"consultations:{name}", args=args))
            assert_sound(page, seen)
        batch.commit(by=batch.uploaded_by)
        page.reload()
        assert_sound(page, seen)
