"""Writing the Sachbericht: who may, what is beside it, and who wrote what last."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from best_portal.accounts.models import Role
from reports import german
from reports.models import Report
from reports.models.outline import Part
from reports.proposals import MOST, last_writers, results
from tests.factories import (
    YEAR,
    make_consultation,
    make_grant,
    make_indicator,
    make_project,
    make_report,
    make_target,
    make_task,
    make_user,
)

pytestmark = pytest.mark.django_db


def part(task):
    return Part("key", "Überschrift", task=task)


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

    found = results(report)

    assert {each.text for each in found.newest} == {"Satzung steht", "Räume gefunden"}
    assert [each.text for each in found.for_part(part(2))] == ["Satzung steht"]
    assert found.for_part(part(1)) == found.newest
    assert "Vertraulich" not in repr(found)


def test_much_work_on_one_task_leaves_the_results_of_another_their_place():
    project = make_project()
    report = make_report(grant=make_grant(project=project, profile="efre"))
    busy, quiet = make_task(project=project, number=1), make_task(project=project, number=2)
    make_consultation(project=project, task=quiet, result="Forum", held_on=date(YEAR, 1, 5))
    for number in range(MOST + 5):
        make_consultation(
            project=project, task=busy, result=f"Nummer {number}", held_on=date(YEAR, 5, 1)
        )

    found = results(report)

    assert found.total == MOST + 6
    assert len(found.for_part(part(1))) == MOST
    assert found.for_part(part(1))[0].text == f"Nummer {MOST + 4}"
    assert [each.text for each in found.for_part(part(2))] == ["Forum"]
    assert len(found.for_part(part(None))) == MOST


def test_figures_are_offered_as_german_sentences(manager):
    grant = make_grant()
    indicator = make_indicator(name="Beratungsstunden", unit="Stunden", rule="hours", decimals=2)
    make_target(grant=grant, indicator=indicator, value=Decimal(1200))
    make_consultation(project=grant.project, minutes=90, held_on=date(YEAR, 2, 1))
    report = make_report(grant=grant, starts_on=date(YEAR, 3, 1))

    page = manager.get(reverse("reports:texts", args=[report.pk]))

    sentence = (
        "Beratungsstunden: im Berichtszeitraum 0 Stunden, seit Beginn 1,5 Stunden "
        "(Ziel: 1.200 Stunden)."
    )
    assert page.context["sentences"] == [sentence]
    assert f'data-text="{sentence}"' in page.content.decode()


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (Decimal(1), "Personen", "1 Person"),
        (Decimal("1.0"), "Stunden", "1 Stunde"),
        (Decimal(0), "Personen", "0 Personen"),
        (Decimal("1.5"), "Stunden", "1,5 Stunden"),
        (Decimal(1), "EUR", "1 EUR"),
        (Decimal(107), "Anzahl", "107"),
        (None, "Personen", "k. A."),
    ],
)
def test_a_number_stands_with_its_unit_as_it_is_spoken(value, unit, said):
    assert german.counted(value, unit) == said


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
