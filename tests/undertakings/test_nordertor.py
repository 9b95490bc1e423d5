"""Nordertor: a project group as client, working groups by theme, offers matched with needs, an
agreement with stages and an end, and the council's status note in two clicks."""

from datetime import timedelta

import pytest
from django.utils import timezone

from enterprises.models import Agreement, Decision, Forum, Organisation, Resource
from tests.factories import (
    make_agreement,
    make_district,
    make_forum,
    make_meeting,
    make_organisation,
    make_project,
    make_resource,
    make_user,
)

PARTNERS = ("Stadtbüro Beispiel", "Wohnungsbau Muster", "Stiftung Beispiel", "Jugendverein Muster")


def in_days(days):
    return f"{timezone.localdate() + timedelta(days=days)}"


@pytest.mark.django_db
def test_nordertor_from_the_project_group_to_the_status_note(sign_in):
    advisor, area = make_user(), make_district(name="Nordertor")
    project = make_project(team=[advisor], districts=[area])
    partners = [make_organisation(name=name) for name in PARTNERS]
    desk = sign_in(advisor)

    # The project group is a client with members, and is advised.
    desk.post(
        "/betriebe/neu/",
        {
            "name": "Projektgruppe Nordertor",
            "kind": "project_group",
            "stage": "concept",
            "since": in_days(0),
            "district": area.pk,
        },
    )
    group = Organisation.objects.get(name="Projektgruppe Nordertor")
    for partner in partners:
        desk.post(f"/betriebe/{group.pk}/mitglieder/neu/", {"member": partner.pk})
    logged = group.consultations.model.objects.log(
        by=advisor,
        project=project,
        kind="advice",
        held_on=project.starts_on,
        minutes=60,
        organisation=group,
        district=area,
        advisors=[advisor],
        result="Vereinbarung besprochen.",
    )
    assert logged.get_absolute_url() in desk.get(group.get_absolute_url()).text
    listed = desk.get("/netzwerke/?kind=project_group").context["rows"]
    assert [(row.pk, row.member_count) for row in listed] == [(group.pk, 4)]

    # A working group by theme meets and decides.
    desk.post(
        "/foren/neu/",
        {
            "name": "Arbeitsgruppe Wohnumfeld",
            "kind": "working_group",
            "theme": "Wohnumfeld",
            "organisation": group.pk,
            "districts": [area.pk],
            "advisor": advisor.pk,
            "since": in_days(-100),
        },
    )
    forum = Forum.objects.get()
    for partner in partners:
        desk.post(
            f"{forum.get_absolute_url()}mitglieder/neu/",
            {"organisation": partner.pk, "role": "member"},
        )
    meeting = make_meeting(forum=forum, starts_at=timezone.now() - timedelta(days=2))
    member = forum.members.get(organisation=partners[0])
    desk.post(
        f"{meeting.get_absolute_url()}protokoll/",
        {"present": [each.pk for each in forum.members.all()], "guests": "2", "record": "Gut."},
    )
    desk.post(
        f"{meeting.get_absolute_url()}beschluesse/neu/",
        {"what": "Platz begrünen", "owner": member.pk, "due_on": in_days(3)},
    )
    assert "Platz begrünen" in desk.get("/").text

    # What one needs another offers, with the reasons.
    for side, partner, title in (
        ("need", partners[3], "Raum für Jugendliche"),
        ("offer", partners[1], "Laden als Raum"),
    ):
        desk.post(
            "/angebote/neu/",
            {
                "side": side,
                "organisation": partner.pk,
                "kind": "rooms",
                "title": title,
                "districts": [area.pk],
                "since": in_days(0),
            },
        )
    need = Resource.objects.needs().get()
    page = desk.get(need.get_absolute_url()).text
    assert "Laden als Raum" in page
    assert "gleiches Gebiet: Nordertor" in page

    # They agree for a time, in stages; the end is called to mind.
    desk.post(
        "/vereinbarungen/neu/",
        {
            "name": "Vereinbarung Nordertor",
            "alliance": group.pk,
            "districts": [area.pk],
            "advisor": advisor.pk,
            "starts_on": in_days(-10),
            "ends_on": in_days(50),
            "review_on": in_days(20),
        },
    )
    agreement = Agreement.objects.get()
    address = agreement.get_absolute_url()
    for partner in partners:
        desk.post(f"{address}parteien/neu/", {"organisation": partner.pk})
    party = agreement.parties.get(organisation=partners[1])
    desk.post(
        f"{address}zusagen/neu/", {"party": party.pk, "kind": "rooms", "what": "Laden, mietfrei"}
    )
    desk.post(
        f"{address}etappen/neu/",
        {"title": "Aufbau", "starts_on": in_days(-10), "ends_on": in_days(20)},
    )
    desk.post(f"{address}meilensteine/neu/", {"title": "Eröffnung", "due_on": in_days(10)})
    desk.post(
        "/beitraege/neu/",
        {
            "organisation": partners[1].pk,
            "kind": "rooms",
            "what": "Laden im Mai",
            "given_on": in_days(0),
            "district": area.pk,
            "value": "600",
            "agreement": agreement.pk,
        },
    )
    assert "Vereinbarung Nordertor" in desk.get("/").text

    # The council's note: from the area to the page, from the page to the PDF.
    first = desk.get(area.get_absolute_url()).text
    assert f"/quartiere/{area.slug}/sachstand/" in first
    second = desk.get(f"/quartiere/{area.slug}/sachstand/").text
    for words in ("Arbeitsgruppe Wohnumfeld", "Vereinbarung Nordertor", "600,00", "Aufbau"):
        assert words in second
    year = timezone.localdate().year
    paper = desk.get(f"/quartiere/{area.slug}/sachstand/{year}.pdf")
    assert paper.content.startswith(b"%PDF")
    assert Decision.objects.open().count() == 1


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_nordertor_in_the_browser(on_foot):
    advisor, area = make_user(), make_district(name="Nordertor")
    forum = make_forum([area], name="Stadtteilforum Nordertor", is_public=True, advisor=advisor)
    make_meeting(forum=forum, agenda="Leerstand")
    make_agreement([area], name="Vereinbarung Nordertor", advisor=advisor)
    make_resource([area], side="need", title="Raum für Jugendliche")
    make_resource([area], title="Laden als Raum")

    with on_foot(advisor) as way:
        way.follow("Quartiere", "Nordertor", "Stadtteilforum Nordertor", "Sitzung ankündigen")
        way.fill({"Datum": "2030-05-06", "Uhrzeit": "18:00", "Ort": "Stadtteilladen"})
        way.follow("Speichern")
        way.see("Sitzung vom 06.05.2030")
        way.arrive("nordertor-meeting")

        way.follow("Quartiere", "Angebote und Bedarfe", "Raum für Jugendliche")
        way.see("gleiches Gebiet: Nordertor")
        way.arrive("nordertor-match")

        # Two clicks from the area to the paper.
        way.follow("Quartiere", "Nordertor", "Sachstandsbericht für ein Gremium")
        with way.page.expect_download() as download:
            way.main.get_by_role("link", name="(PDF)").click()
        assert download.value.suggested_filename.startswith(f"sachstandsbericht-{area.slug}")
        way.arrive("nordertor")
