"""NEST: partners with offers, what fits to a need, and what each put in per year and area."""

import pytest
from django.utils import timezone

from enterprises.models import Contribution, OrganisationKind, Resource
from tests.factories import (
    make_district,
    make_forum,
    make_organisation,
    make_resource,
    make_user,
)

# Partner, kind, what it offers.
OFFERS = (
    ("Gewerkschaft Muster", "rooms", "Seminarraum am Abend"),
    ("Hochschule Beispiel", "expertise", "Beratung zu Rechtsformen"),
    ("Stiftung Muster", "funds", "Anschub für Gründungen"),
    ("Bildungsträger Beispiel", "training", "Kurs Buchführung"),
)


@pytest.mark.django_db
def test_nest_from_the_offers_of_its_partners_to_what_each_put_in(sign_in):
    area, desk = make_district(name="Musterkiez"), sign_in(make_user())
    network = make_organisation(name="NEST Muster", kind=OrganisationKind.NETWORK)
    partners = {name: make_organisation(name=name) for name, _kind, _title in OFFERS}
    for partner in partners.values():
        desk.post(f"/betriebe/{network.pk}/mitglieder/neu/", {"member": partner.pk})
    for name, kind, title in OFFERS:
        desk.post(
            "/angebote/neu/",
            {
                "side": "offer",
                "organisation": partners[name].pk,
                "kind": kind,
                "title": title,
                "since": "2024-01-01",
            },
        )
    assert Resource.objects.offers().open().count() == 4

    # An initiative needs something; the one offer that fits is found, with the reasons.
    need = make_resource([area], side="need", kind="expertise", title="Welche Rechtsformen passen")
    [match] = desk.get(need.get_absolute_url()).context["matches"]
    assert match.resource.title == "Beratung zu Rechtsformen"
    assert "gleiche Wörter: rechtsformen" in match.reasons

    # It came to something: noted from the offer, added up per year, area and partner.
    offer, year = match.resource, timezone.localdate().year
    for hours in ("2", "1,5"):
        desk.post(
            "/beitraege/neu/",
            {
                "organisation": offer.organisation.pk,
                "kind": "expertise",
                "what": "Beratung vor Ort",
                "given_on": f"{timezone.localdate()}",
                "district": area.pk,
                "hours": hours,
                "offer": offer.pk,
            },
        )
    desk.post(f"/angebote/{need.pk}/erledigt/", {"because": "Hochschule berät seit Mai."})
    assert Contribution.objects.count() == 2
    file = b"".join(desk.get(f"/beitraege/je-jahr-und-gebiet.csv?year={year}"))
    assert f"{year};Musterkiez;Hochschule Beispiel;Fachwissen;2;3,50;" in file.decode("utf-8-sig")
    need.refresh_from_db()
    assert not need.is_open


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_nest_in_the_browser(on_foot):
    advisor, area = make_user(), make_district(name="Musterkiez")
    make_organisation(name="NEST Muster", kind=OrganisationKind.NETWORK)
    make_organisation(name="Hochschule Beispiel")
    make_organisation(name="Wohnungsbau Muster")
    make_forum([area], name="Stadtteilforum Musterkiez", advisor=advisor)

    with on_foot(advisor) as way:
        # Partners offer: expertise and a room.
        for partner, kind, title in (
            ("Hochschule Beispiel", "Fachwissen", "Beratung für Werkstätten"),
            ("Wohnungsbau Muster", "Räume", "Laden im Erdgeschoss"),
        ):
            way.follow("Quartiere", "Angebote und Bedarfe", "Angebot oder Bedarf erfassen")
            way.fill({"Angebot": True, "Partner": partner, "Art": kind, "Was": title})
            way.fill({"Musterkiez": True})
            way.follow("Speichern")
            way.see(title)

        # The forum says what is lacking; somebody has an idea; what partners offer stands beside.
        way.follow("Quartiere", "Foren", "Stadtteilforum Musterkiez", "Bedarf notieren")
        way.fill({"Was fehlt": "Reparieren statt wegwerfen"})
        way.follow("Speichern", "Neue Idee")
        way.fill({"Idee": "Offene Werkstatt"})
        way.follow("Speichern")
        way.see("Angebote von Partnern, die helfen können", "gleiche Wörter: werkstatten")
        way.arrive("nest-idea")

        # One helps; what it put in is added up per year, area and partner.
        way.follow("Beratung für Werkstätten", "Beitrag erfassen")
        way.fill({"Was": "Beratung vor Ort", "Quartier": "Musterkiez", "Stunden": "3,5"})
        way.follow("Speichern", "Quartiere", "Beiträge")
        way.see("Hochschule Beispiel", "3,5")
        way.arrive("nest")
