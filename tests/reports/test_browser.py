"""The pages of reports in Chromium: sound for everybody, and alive while a report is made."""

import pytest
from django.urls import reverse

from best_portal.accounts.models import Role
from reports.models import ReportVersion, Step
from tests.browser import assert_sound, themes, visit, widths
from tests.factories import make_draft, make_released, make_user, make_version, produced

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@themes
@widths
def test_the_managers_pages_are_sound(browser, live_server, sign_in, theme, width):
    draft = make_draft()
    under_way, failed = make_version(), make_version(status="failed", error="No.")
    client = sign_in(make_user(Role.MANAGER))
    addresses = [
        reverse("reports:list"),
        reverse("reports:new"),
        reverse("reports:new_for", args=[draft.report.grant.ref]),
        reverse("reports:texts", args=[draft.report.pk]),
        reverse("reports:version_new", args=[draft.report.pk]),
        reverse("reports:release", args=[draft.pk]),
        reverse("reports:figure", args=[draft.pk, "BEST-BER"]),
        *(version.report.get_absolute_url() for version in (draft, under_way, failed)),
    ]

    with visit(browser, live_server, theme=theme, width=width, client=client) as (page, seen):
        for address in addresses:
            page.goto(f"{live_server.url}{address}")
            assert_sound(page, seen)


@themes
@widths
def test_the_funders_pages_are_sound(browser, live_server, sign_in, theme, width):
    released = make_released()
    funder = make_user(Role.FUNDER)
    released.report.grant.programme.officers.add(funder)
    addresses = [
        reverse("reports:list"),
        released.report.get_absolute_url(),
        reverse("reports:figure", args=[released.pk, "BEST-BER"]),
    ]

    with visit(browser, live_server, theme=theme, width=width, client=sign_in(funder)) as (
        page,
        seen,
    ):
        for address in addresses:
            page.goto(f"{live_server.url}{address}")
            assert_sound(page, seen)


def test_who_waits_sees_each_step_and_then_the_figures(browser, live_server, sign_in):
    version = ReportVersion.objects.claim(make_version().pk)
    client = sign_in(make_user(Role.MANAGER))

    with visit(browser, live_server, client=client) as (page, seen):
        page.goto(f"{live_server.url}{version.report.get_absolute_url()}")
        for step in (Step.COUNTING, Step.PRINTING):
            version.enter(step)
            page.locator(f"progress[value='{step}']").wait_for(timeout=10_000)
        version.finish(produced(), seconds=1)
        page.get_by_text("BEST-BER").first.wait_for(timeout=10_000)

        assert page.locator("[hx-get]").count() == 0
        assert_sound(page, seen)


def test_a_document_is_downloaded_under_its_name(browser, live_server, sign_in):
    released = make_released()
    funder = make_user(Role.FUNDER)
    released.report.grant.programme.officers.add(funder)

    with visit(browser, live_server, client=sign_in(funder)) as (page, _seen):
        page.goto(f"{live_server.url}{reverse('reports:list')}")
        with page.expect_download() as expected:
            page.get_by_role("link", name="PDF").first.click()

    assert expected.value.suggested_filename == released.file_name("pdf")
    assert released.downloads.get().user == funder
