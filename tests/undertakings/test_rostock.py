"""Rostock: from the visit at the door to four networks whose health is watched."""

from datetime import timedelta

import pytest
from django.utils import timezone

from best_portal.accounts.models import Role
from consultations.models import Visit
from enterprises.models import Alliance, OrganisationKind
from tests.factories import (
    make_context_note,
    make_district,
    make_meeting,
    make_organisation,
    make_project,
    make_user,
    make_visit,
)

NETWORKS = ("Händlernetz", "Handwerksnetz", "Gastronetz", "Kreativnetz")


@pytest.mark.django_db
def test_rostock_from_the_first_contact_to_networks_with_their_health(sign_in):
    advisor, area = make_user(), make_district(name="Musterstadt Mitte")
    make_context_note(district=area, text="Seit 1991 Leerstand am Markt.")
    networks = [
        make_organisation(name=f"{name} Muster", kind=OrganisationKind.NETWORK, district=area)
        for name in NETWORKS
    ]
    desk = sign_in(advisor)
    assert "Seit 1991 Leerstand" in desk.get(area.get_absolute_url()).text

    # A trader says yes under a condition; another wants no more calls.
    yes = make_visit(
        name="Bäckerei Beispiel",
        advisor=advisor,
        district=area,
        wants_to_join="yes",
        condition="Nur abends",
    )
    make_visit(
        name="Kiosk Muster",
        advisor=advisor,
        district=area,
        wants_to_join="yes",
        do_not_contact=True,
    )
    page = desk.get(networks[0].get_absolute_url()).text
    assert "Bäckerei Beispiel" in page
    assert "Nur abends" in page
    assert "Kiosk Muster" not in page

    # The visit becomes a file, the file a member, and the visit says so.
    desk.post(f"/besuche/{yes.pk}/akte/", {"kind": "local_business"})
    desk.post(
        f"/besuche/{yes.pk}/beitritt/",
        {"network": networks[0].pk, "since": f"{timezone.localdate()}"},
    )
    member = networks[0].memberships.get().member
    assert member.name == "Bäckerei Beispiel"
    assert Visit.objects.get(pk=yes.pk).membership.group == networks[0]

    # The network meets; how each is doing is noted by date and author.
    desk.post(
        "/foren/neu/",
        {
            "name": "Händlerrunde",
            "kind": "round",
            "organisation": networks[0].pk,
            "districts": [area.pk],
            "advisor": advisor.pk,
            "since": "2024-01-01",
        },
    )
    held = make_meeting(
        forum=networks[0].forums.get(), starts_at=timezone.now() - timedelta(days=5)
    )
    told = (
        ("active", ""),
        ("active", ""),
        ("quiet", ""),
        ("conflicts", "Streit um den Werkstattladen"),
    )
    for network, (health, note) in zip(networks, told, strict=True):
        desk.post(
            f"/betriebe/{network.pk}/zustand/neu/",
            {"health": health, "noted_on": f"{timezone.localdate()}", "note": note},
        )
    rows = {row.name: row for row in desk.get("/netzwerke/").context["rows"]}
    first = rows["Händlernetz Muster"]
    assert (first.member_count, first.last_at, first.health) == (1, held.starts_at, "active")
    assert [rows[f"{name} Muster"].health for name in NETWORKS] == [each for each, _ in told]
    assert [row.name for row in desk.get("/netzwerke/?health=conflicts").context["rows"]] == [
        "Kreativnetz Muster"
    ]
    assert Alliance.objects.count() == 4
    file = b"".join(desk.get("/netzwerke/liste.csv")).decode("utf-8-sig")
    assert "Konflikte" in file


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_rostock_in_the_browser(on_foot):
    advisor, manager, area = make_user(), make_user(Role.MANAGER), make_district(name="Mitte")
    today = timezone.localdate()
    project = make_project(
        [advisor],
        [area],
        name="Rostock Muster",
        starts_on=today,
        ends_on=today + timedelta(days=99),
    )
    for name in NETWORKS:
        make_organisation(name=f"{name} Muster", kind=OrganisationKind.NETWORK, district=area)

    with on_foot(advisor) as way:
        # What is known of the area.
        way.follow("Quartiere", "Mitte", "Notiz schreiben")
        way.fill({"Worüber": "Geschichte", "Text": "Seit 1991 Leerstand am Markt."})
        way.fill({"Quelle": "Chronik"})
        way.follow("Speichern")
        way.see("Seit 1991 Leerstand am Markt.")

        # At the door of a trader; the visit becomes a file, and the file a member.
        way.follow("Beratungen", "Besuche", "Besuch festhalten")
        way.field("Wen haben Sie besucht?").fill("Bäckerei Beispiel")
        way.fill(
            {
                "Quartier": "Mitte",
                "Wie läuft es?": "Seit der Baustelle kommt kaum jemand.",
                "Was wird gebraucht?": "Schilder an der Umleitung",
                "offen": True,
                "ja": True,
                "Unter welcher Bedingung?": "Nur abends",
            }
        )
        way.follow("Speichern")
        way.pick("Bäckerei Beispiel")
        way.follow("In eine Akte nehmen")
        way.fill({"Oder eine neue Akte": "Gewerbebetrieb"})
        way.follow("In eine Akte nehmen")
        way.follow("Quartiere", "Netzwerke und Projektgruppen", "Händlernetz Muster")
        way.see("Nur abends")
        way.follow("Als Mitglied aufnehmen : Bäckerei Beispiel")
        way.follow("Als Mitglied aufnehmen")

        # How the four networks are doing.
        for name, health in zip(NETWORKS, ("aktiv", "aktiv", "ruhig", "Konflikte"), strict=True):
            way.follow("Quartiere", "Netzwerke und Projektgruppen", f"{name} Muster")
            way.follow("Festhalten, wie es steht")
            way.fill({health: True, "Worum es geht": "Streit um den Laden"})
            way.follow("Speichern")
        way.follow("Quartiere", "Netzwerke und Projektgruppen")
        way.see("Konflikte", "ruhig")
        way.arrive("rostock-networks")

    # Who carries the work on after the funding.
    with on_foot(manager) as way:
        way.follow("Projekte", project.name, "Nach der Förderung", "Neue Aufgabe")
        way.fill(
            {
                "Aufgabe": "Händlerrunde einladen",
                "Wer sie jetzt hat": advisor.name,
                "Oder wer sie weiterführt": "Gewerbeverein Muster",
                "Zugesagt am": f"{timezone.localdate()}",
            }
        )
        way.follow("Speichern")
        way.see("Händlerrunde einladen", "Gewerbeverein Muster")
        way.arrive("rostock")
