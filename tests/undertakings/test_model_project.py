"""BEST model project: two funders, one piece of work, what could not be served, an evaluator."""

from datetime import timedelta

import pytest
from django.utils import timezone

from best_portal.accounts.models import Role
from consultations.models import Consultation, DeclinedRequest, OfficeHours
from tests.factories import (
    make_district,
    make_grant,
    make_indicator,
    make_organisation,
    make_plan_line,
    make_programme,
    make_project,
    make_target,
    make_user,
    make_voucher,
)


def make_funded_project(team, evaluator, area):
    """The project of today, paid for by two funders, with a target each and one bill."""
    today, work = timezone.localdate(), make_indicator(code="BEST-BER", name="Beratungen")
    project = make_project(
        team,
        [area],
        [evaluator],
        name="BEST Modellprojekt",
        starts_on=today - timedelta(days=10),
        ends_on=today + timedelta(days=90),
    )
    for name in ("ESF Artikel 6", "Soziale Stadt"):
        grant = make_grant(project=project, programme=make_programme(name=name), title=name)
        make_target(grant=grant, indicator=work, value=4)
    make_voucher(line=make_plan_line(grant=grant), paid_on=today)
    return project


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_model_project_in_the_browser(on_foot):
    advisor, manager = make_user(), make_user(Role.MANAGER)
    evaluator, area = make_user(Role.EVALUATOR), make_district(name="Musterplatz Ost")
    project = make_funded_project([advisor], evaluator, area)
    make_organisation(name="Wäscherei Muster", district=area)

    with on_foot(advisor) as way:
        # A session, logged on the doorstep.
        way.follow("Beratung erfassen")
        way.fill({"Wer wurde beraten?": "Wäscherei Muster", "Wie lange": "1,5"})
        way.fill({"Geht in Berichte": "Liquiditätsplan"})
        way.follow("Speichern")
        way.see("Wäscherei Muster")

        # Office hours by phone agreement only.
        way.follow("Termine", "Sprechstunden", "Sprechstunde anlegen")
        way.fill(
            {
                "Projekt": project.name,
                "Quartier": area.name,
                "Wie": "am Telefon",
                "Wochentag": "Dienstag",
                "Von": "10:00",
                "Bis": "12:00",
                "Nur nach Vereinbarung": True,
            }
        )
        way.follow("Speichern")

        # A request from elsewhere cannot be served; it is kept as an argument.
        way.follow("Termine", "Abgelehnte Anfragen", "Anfrage festhalten")
        way.fill({"Von wo?": "Köpenick"})
        way.follow("Festhalten")
        way.see("Köpenick")

    assert OfficeHours.objects.get().is_by_agreement
    assert DeclinedRequest.objects.get().place == "Köpenick"

    # The evaluator takes what happened, without names.
    with on_foot(evaluator) as way:
        way.follow("Projekte", project.name)
        with way.page.expect_download() as download:
            way.follow("Pseudonyme Daten (CSV)")
        taken = download.value.path().read_text(encoding="utf-8-sig")
        assert len(taken.splitlines()) == 2
        assert "Wäscherei" not in taken

    # One session counts for both funders; the bill is one funder's.
    assert Consultation.objects.count() == 1
    with on_foot(manager) as way:
        way.follow("Steuerung: Ziele, Geld, Daten")
        for name in ("ESF Artikel 6", "Soziale Stadt"):
            row = way.main.locator(".panel", has_text=name).get_by_role(
                "row", name="BEST-BER Beratungen"
            )
            assert row.get_by_role("cell").all_inner_texts()[:3] == ["4", "1", "25"]
        way.arrive("model-project")
