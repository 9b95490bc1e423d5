"""Writing the Sachbericht: who may, what is beside it, and who wrote what last."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from best_portal.accounts.models import Role
from reports.models import Report
from reports.proposals import for_section, last_writers, proposals
from tests.factories import (
    YEAR,
    make_consultation,
    make_grant,
    make_project,
    make_report,
    make_target,
    make_task,
    make_user,
)

pytestmark = pytest.mark.django_db


def write(report, by, **texts):
    seen = Report.objects.get(pk=report.pk).written_at
    report.write(by=by, narrative=texts, reasons={}, seen=seen)


def test_who_changed_a_section_last_is_known_for_each():
    ada, ben = make_user(Role.MANAGER, name="Ada"), make_user(Role.MANAGER, name="Ben")
    report = make_report()
    write(report, ada, summary="Eins", outlook="Zwei")
    write(report, ben, summary="Eins", outlook="Drei")

    writers = last_writers(report)

    assert writers["summary"][0] == "Ada"
    assert writers["outlook"][0] == "Ben"


def test_the_team_writes_and_nobody_else_of_the_staff():
    ada = make_user()
    report = make_report(grant=make_grant(project=make_project(team=[ada])))

    write(report, ada, summary="Vom Team.")
    with pytest.raises(ValidationError):
        write(report, make_user(), summary="Von außen.")

    assert Report.objects.get().narrative == {"summary": "Vom Team."}


def test_an_advisor_of_the_team_writes_on_the_page_and_finds_it_on_the_first_page(sign_in):
    ada = make_user()
    report = make_report(grant=make_grant(project=make_project(team=[ada])))
    client, address = sign_in(ada), reverse("reports:texts", args=[report.pk])

    answer = client.post(address, {"text_summary": "Vom Team."})

    assert answer.url == address
    assert Report.objects.get().narrative["summary"] == "Vom Team."
    assert address in client.get("/").content.decode()


def test_results_of_the_period_are_proposed_and_nothing_internal():
    project = make_project()
    task = make_task(project=project, number=2)
    kept = {"project": project, "held_on": date(YEAR, 3, 1)}
    make_consultation(result="Satzung steht", task=task, internal_note="Vertraulich", **kept)
    make_consultation(result="Räume gefunden", **kept)
    make_consultation(result="", **kept)
    make_consultation(project=project, result="Später", held_on=date(YEAR, 9, 1))
    grant = make_grant(project=project, profile="efre")
    report = make_report(grant=grant, ends_on=date(YEAR, 6, 30))

    found = proposals(report)

    assert {each.text for each in found} == {"Satzung steht", "Räume gefunden"}
    assert [each.text for each in for_section(found, report, 2)] == ["Satzung steht"]
    assert for_section(found, report, 1) == found
    assert "Vertraulich" not in repr(found)


def test_the_figures_stand_beside_the_texts(manager):
    grant = make_grant()
    target = make_target(grant=grant)
    make_consultation(project=grant.project, result="Satzung steht")

    page = manager.get(reverse("reports:texts", args=[make_report(grant=grant).pk]))

    [counted] = page.context["counted"]
    assert counted.in_period.value == 1
    html = page.content.decode()
    assert target.indicator.code in html
    assert 'data-text="Satzung steht"' in html
