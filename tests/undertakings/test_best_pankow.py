"""BEST Pankow: a project set up without a developer, a case carried on, figures for each task."""

from datetime import timedelta

import pytest
from django.utils import timezone

from best_portal.accounts.models import Role
from consultations.models import Project, SupportCase
from reports.models import Grant
from tests.factories import (
    make_case,
    make_district,
    make_organisation,
    make_programme,
    make_project,
    make_user,
)

TASKS = ("Lokale Ökonomien fördern", "Zusätzliche Arbeitsplätze schaffen")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_best_pankow_in_the_browser(on_foot):
    advisor, manager = make_user(), make_user(Role.MANAGER)
    area, today = make_district(name="Musterplatz Pankow"), timezone.localdate()
    organisation = make_organisation(name="Nähwerk Muster", district=area)
    before = make_project([advisor], name="BEST Modellprojekt")
    make_case(
        organisation=organisation,
        project=before,
        advisor=advisor,
        opened_on=before.starts_on,
        closed_on=before.ends_on,
        outcome="Weiter im nächsten Projekt",
    )
    make_programme(name="Wirtschaftsdienliche Maßnahmen")

    # The management sets up the project with its tasks, and the money for it.
    with on_foot(manager) as way:
        way.follow("Projekte", "Projekt anlegen")
        way.fill(
            {
                "Name": "BEST Pankow",
                "Kürzel": "best-pankow",
                "Von": f"{today}",
                "Bis": f"{today + timedelta(days=700)}",
                advisor.name: True,
                area.name: True,
            }
        )
        for number, title in enumerate(TASKS):
            way.main.locator(f"[name=tasks-{number}-number]").fill(f"{number + 1}")
            way.main.locator(f"[name=tasks-{number}-title]").fill(title)
        way.follow("Speichern")
        way.see(*TASKS)
        way.follow("Zuwendungen", "Zuwendung anlegen")
        way.fill(
            {
                "Projekt": "BEST Pankow",
                "Förderprogramm": "Wirtschaftsdienliche Maßnahmen",
                "Formular der Berichte": "EFRE",
                "Bewilligungsbehörde": "Musteramt Pankow",
                "Geschäftszeichen": "WdM 1",
                "Titel des Projekts": "BEST Pankow",
                "Zuwendungszweck": "Lokale Ökonomie in Pankow.",
                "Bewilligungszeitraum von": f"{today}",
                "Bewilligungszeitraum bis": f"{today + timedelta(days=700)}",
                "Bewilligter Betrag": "120.000",
                "Finanzierungsart": "Fehlbedarfsfinanzierung",
                "Empfänger": "Musterverein e. V.",
            }
        )
        way.follow("Zuwendung speichern")
        way.arrive("best-pankow-grant")
    assert Grant.objects.get().project == Project.objects.get(key="best-pankow")

    # A case of the project before is carried on, its origin kept; sessions count for their tasks.
    with on_foot(advisor) as way:
        way.follow("Betriebe", "Nähwerk Muster", "Begleitung beginnen")
        way.fill({"Projekt": "BEST Pankow", "die Person": True})
        [earlier] = SupportCase.objects.all()
        way.field("Führt eine frühere Begleitung fort").select_option(value=f"{earlier.pk}")
        way.follow("Begleitung beginnen")
        way.see("führt fort: BEST Modellprojekt")
        way.follow("Beratung erfassen")
        way.fill({"Wie lange": "2", "Geht in Berichte": "Kalkulation"})
        way.main.locator("summary", has_text="Mehr, so viel Sie möchten").click()
        way.fill({"Aufgabe": f"1. {TASKS[0]}"})
        way.follow("Speichern")
        way.follow("Projekte", "BEST Pankow")
        row = way.main.get_by_role("row", name=TASKS[0])
        assert row.get_by_role("cell").all_inner_texts() == ["1", "2"]
        way.arrive("best-pankow")
    assert SupportCase.objects.running().get().carried_on_from == earlier
