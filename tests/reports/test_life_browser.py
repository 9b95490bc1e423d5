"""The whole life of a report with one query round, in Chromium, as manager and as funder."""

import pytest
from django.urls import reverse

from best_portal.accounts.models import Role
from reports.models import Acceptance, Report, ReportState, ReportVersion
from reports.work import work_on
from tests.browser import assert_sound, visit
from tests.factories import make_consultation, make_report, make_user
from tests.reports.test_production import make_accounted_grant, produced_version

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SUBMIT = "main form.stack button.kern-btn--primary"


def test_from_the_draft_to_the_acceptance_of_the_second_version(browser, live_server, sign_in):
    grant = make_accounted_grant()
    codes = grant.targets.values_list("indicator__code", flat=True)
    report = make_report(
        grant=grant,
        narrative={"summary": "Drei Beratungen."},
        reasons=dict.fromkeys(codes, "Im ersten Jahr waren es weniger."),
    )
    first = produced_version(report)
    manager, funder = make_user(Role.MANAGER), make_user(Role.FUNDER)
    report.grant.programme.officers.add(funder)
    home = live_server.url + report.get_absolute_url()

    def as_(user):
        return visit(browser, live_server, client=sign_in(user))

    def follow(page, name):
        page.get_by_role("link", name=name).first.click()

    def release_and_submit(page):
        page.goto(home)
        follow(page, "Diese Version freigeben")
        page.get_by_role("button", name="Endgültig freigeben").click()
        follow(page, "Bericht einreichen")
        page.get_by_label("unterschrieben auf Papier").check()
        page.locator(SUBMIT).click()

    with as_(manager) as (page, seen):
        release_and_submit(page)
        assert_sound(page, seen)

    with as_(funder) as (page, seen):
        page.goto(live_server.url + reverse("reports:list"))
        assert_sound(page, seen)
        page.goto(home)
        follow(page, "Zum Bericht nachfragen")
        assert_sound(page, seen)
        page.get_by_label("Um welchen Teil geht es?").select_option(index=2)
        page.get_by_label("Ihre Frage").fill("Fehlt hier eine Beratung?")
        page.locator(SUBMIT).click()
        assert "Fehlt hier eine Beratung?" in page.inner_text("main")
        assert page.get_by_role("link", name="Bericht anerkennen").count() == 0

    make_consultation(project=report.grant.project, held_on=report.starts_on, minutes=60)
    with as_(manager) as (page, seen):
        page.goto(home)
        follow(page, "Rückfrage beantworten")
        page.get_by_label("Antwort", exact=True).fill("Ja, sie ist nachgetragen.")
        page.locator(SUBMIT).click()
        follow(page, "Neue Version erstellen")
        page.get_by_label("Was hat sich geändert?").fill("Eine Beratung nachgetragen")
        page.locator(SUBMIT).click()
        work_on(ReportVersion.objects.claim(report.versions.latest("number").pk))
        release_and_submit(page)
        assert_sound(page, seen)

    with as_(funder) as (page, seen):
        page.goto(home)
        changes = page.get_by_role("table").filter(has_text="Bisher").inner_text()
        assert "Beratungen in der Liste" in changes
        assert "Eine Beratung nachgetragen" in changes
        assert_sound(page, seen)
        follow(page, "Bericht anerkennen")
        page.locator(SUBMIT).click()
        assert "anerkannt" in page.inner_text("main")
        follow(page, "Mit Ziel und Vorperiode vergleichen")
        assert_sound(page, seen)

    accepted = Acceptance.objects.get()
    assert (accepted.version.number, accepted.accepted_by) == (2, funder)
    assert Report.objects.with_state().get(pk=report.pk).state == ReportState.ACCEPTED
    assert bytes(first.document.pdf) == bytes(ReportVersion.objects.get(pk=first.pk).document.pdf)
