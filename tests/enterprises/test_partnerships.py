"""Offers and needs that fit with reasons, agreements with their parts, contributions per year."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from best_portal.accounts.models import Role
from enterprises.models import Agreement, Contribution, Resource
from tests.factories import (
    YEAR,
    make_agreement,
    make_contribution,
    make_district,
    make_organisation,
    make_resource,
    make_user,
)

pytestmark = pytest.mark.django_db


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


# --- what the database refuses ---


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("enterprises_resource_side_is_known", {"side": "gift"}),
        ("enterprises_resource_kind_is_known", {"kind": "luck"}),
        ("enterprises_resource_says_what", {"title": ""}),
        ("enterprises_resource_amount_has_a_unit", {"amount": 5}),
        ("enterprises_resource_amount_has_a_unit", {"unit": "m²"}),
        ("enterprises_resource_amount_has_a_unit", {"amount": 0, "unit": "m²"}),
        ("enterprises_resource_ends_after_start", {"until": date(YEAR - 1, 1, 1)}),
        ("enterprises_resource_settled_with_words", {"settled_on": date(YEAR, 1, 1)}),
        ("enterprises_resource_settled_with_words", {"settled_because": "vergeben"}),
    ],
)
def test_an_offer_is_possible(constraint, fields):
    with pytest.raises(IntegrityError, match=constraint):
        make_resource(**fields)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("enterprises_agreement_has_a_name", {"name": ""}),
        ("enterprises_agreement_ends_after_start", {"ends_on": date(YEAR - 1, 1, 1)}),
        ("enterprises_agreement_reviewed_while_in_force", {"review_on": date(YEAR - 1, 1, 1)}),
        ("enterprises_agreement_ended_with_reason", {"ended_on": date(YEAR, 5, 1)}),
        ("enterprises_agreement_ended_with_reason", {"ended_because": "Umzug"}),
    ],
)
def test_an_agreement_is_possible(constraint, fields):
    with pytest.raises(IntegrityError, match=constraint):
        make_agreement(**fields)


DAY = date(YEAR, 1, 1)


@pytest.mark.parametrize(
    ("constraint", "relation", "fields"),
    [
        (
            "enterprises_agreementstage_says_what",
            "stages",
            {"title": "", "starts_on": DAY, "ends_on": DAY},
        ),
        (
            "enterprises_agreementstage_ends_after_start",
            "stages",
            {"title": "Aufbau", "starts_on": DAY, "ends_on": DAY - timedelta(days=1)},
        ),
        ("enterprises_milestone_says_what", "milestones", {"title": "", "due_on": DAY}),
        ("enterprises_agreementreview_has_a_result", "reviews", {"result": "", "held_on": DAY}),
    ],
)
def test_the_parts_of_an_agreement_are_possible(constraint, relation, fields):
    with pytest.raises(IntegrityError, match=constraint):
        getattr(make_agreement(), relation).create(**fields)


def a_party(agreement=None):
    agreement = agreement or make_agreement()
    return agreement.parties.create(organisation=make_organisation())


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("enterprises_pledge_kind_is_known", {"kind": "luck"}),
        ("enterprises_pledge_says_what", {"what": ""}),
        ("enterprises_pledge_is_not_negative", {"value": -1}),
    ],
)
def test_a_pledge_is_possible(constraint, fields):
    party = a_party()
    with pytest.raises(IntegrityError, match=constraint):
        party.agreement.pledges.create(**{"party": party, "kind": "rooms", "what": "Saal"} | fields)


def test_a_partner_is_a_party_once():
    party = a_party()
    with pytest.raises(IntegrityError, match="enterprises_agreementparty_once"):
        party.agreement.parties.create(organisation=party.organisation)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("enterprises_contribution_kind_is_known", {"kind": "luck"}),
        ("enterprises_contribution_says_what", {"what": ""}),
        ("enterprises_contribution_is_not_negative", {"value": -1}),
        ("enterprises_contribution_is_not_negative", {"hours": -1}),
    ],
)
def test_a_contribution_is_possible(constraint, fields):
    with pytest.raises(IntegrityError, match=constraint):
        make_contribution(**fields)


def rows_of_each_kind():
    party = a_party()
    agreement = party.agreement
    return [
        (make_resource(), "enterprises_resource_deleted_by_somebody"),
        (party, "enterprises_agreementparty_deleted_by_somebody"),
        (
            agreement.pledges.create(party=party, kind="rooms", what="Saal"),
            "enterprises_pledge_deleted_by_somebody",
        ),
        (
            agreement.stages.create(title="Aufbau", starts_on=DAY, ends_on=DAY),
            "enterprises_agreementstage_deleted_by_somebody",
        ),
        (
            agreement.milestones.create(title="Eröffnung", due_on=DAY),
            "enterprises_milestone_deleted_by_somebody",
        ),
        (make_contribution(), "enterprises_contribution_deleted_by_somebody"),
    ]


@pytest.mark.parametrize("number", range(6))
def test_only_what_is_deleted_was_deleted_by_somebody(number):
    row, constraint = rows_of_each_kind()[number]
    with pytest.raises(IntegrityError, match=constraint):
        type(row).objects.filter(pk=row.pk).update(withdrawn_by=make_user())


# --- what fits, and why ---


def test_a_need_finds_the_offers_that_fit_best_first_with_reasons():
    area, other = make_district(name="Musterkiez"), make_district()
    need = make_resource([area], side="need", title="Werkstatt für Fahrräder", amount=40, unit="m²")
    small = make_resource([area], title="Laden", amount=25, unit="m²")
    best = make_resource([area], title="Große Werkstatt", amount=60, unit="m²", until=in_days(300))
    everywhere = make_resource(title="Lager")
    make_resource([other], title="Werkstatt anderswo")
    make_resource([area], kind="funds", title="Werkstattfonds")
    make_resource([area], side="need", title="Werkstatt gesucht")
    make_resource([area], title="Werkstatt von uns", organisation=need.organisation)
    make_resource([area], title="Alte Werkstatt", until=in_days(-1))
    make_resource([area], title="Spätere Werkstatt").settle(by=make_user(), because="vergeben")

    found = need.matches()

    assert [match.resource for match in found] == [best, small, everywhere]
    assert found[0].reasons == (
        "gleiche Art: Räume",
        "gleiches Gebiet: Musterkiez",
        f"beide vom 01.01.{YEAR} bis zum {in_days(300):%d.%m.%Y}",
        "genug: 60 m² für 40 m²",
        "gleiche Wörter: werkstatt",
    )
    assert "ein Teil: 25 m² von 40 m²" in found[1].reasons
    assert found[2].reasons[1] == "eines von beiden gilt überall"


def test_an_offer_finds_the_needs_as_well():
    offer = make_resource()
    need = make_resource(side="need")

    assert [match.resource for match in offer.matches()] == [need]


def test_amounts_in_other_units_are_not_compared():
    need = make_resource(side="need", amount=3, unit="Stunden")
    make_resource(amount=30, unit="m²")

    [match] = need.matches()

    assert not any("30" in reason for reason in match.reasons)


def test_an_offer_is_settled_once_with_what_became_of_it():
    row, user = make_resource(), make_user()

    row.settle(by=user, because="  Verein nutzt   den Raum ")

    assert (row.settled_because, row.is_open) == ("Verein nutzt den Raum", False)
    with pytest.raises(ValidationError, match="schon"):
        row.settle(by=user, because="nochmal")
    row.reopen(by=user)
    assert row.is_open
    with pytest.raises(ValidationError, match="nicht erledigt"):
        row.reopen(by=user)
    with pytest.raises(ValidationError, match="geworden"):
        row.settle(by=user, because=" ")


def test_the_page_shows_what_fits_and_the_list_is_filtered(sign_in):
    area = make_district()
    need = make_resource([area], side="need", title="Küche gesucht")
    offer = make_resource([area], title="Küche am Platz")
    client = sign_in(make_user())

    page = client.get(need.get_absolute_url()).text
    shown = client.get(f"/angebote/?side=offer&area={area.pk}").context["page"].object_list

    assert "Küche am Platz" in page
    assert "gleiche Art: Räume" in page
    assert list(shown) == [offer]


def test_an_offer_is_written_down_and_nothing_typed_is_lost(sign_in):
    partner, client = make_organisation(), sign_in(make_user())
    form = {
        "side": "offer",
        "organisation": partner.pk,
        "kind": "rooms",
        "title": "Saal mit Bühne",
        "amount": "120,5",
        "since": "2024-01-01",
    }

    refused = client.post("/angebote/neu/", form)
    made = client.post("/angebote/neu/", form | {"unit": "m²"})

    assert "Saal mit Bühne" in refused.text
    assert "zusammen" in refused.text
    assert made.status_code == 302
    assert Resource.objects.get().how_much == "120,50 m²"


@pytest.mark.parametrize("address", ["/angebote/", "/vereinbarungen/", "/beitraege/"])
def test_the_lists_cost_the_same_however_long(sign_in, count_queries, address):
    def one():
        area = make_district()
        make_resource([area])
        a_party(make_agreement([area]))
        make_contribution(district=area, agreement=make_agreement())

    client = sign_in(make_user())
    one()
    few = count_queries(client.get, address)
    for _each in range(3):
        one()

    assert count_queries(client.get, address) == few


@pytest.mark.parametrize("address", ["/angebote/", "/vereinbarungen/", "/beitraege/"])
@pytest.mark.parametrize("role", [Role.FOUNDER, Role.FUNDER, Role.EVALUATOR])
def test_partnerships_are_the_staffs(sign_in, role, address):
    assert sign_in(make_user(role)).get(address).status_code == 403


# --- agreements ---


def test_a_review_is_kept_and_moves_the_next_one():
    row, user = make_agreement(review_on=in_days(-3)), make_user()
    assert row.is_review_overdue

    row.review(by=user, held_on=in_days(0), result="Läuft.", next_on=in_days(200))

    assert (row.review_on, row.reviews.get().result) == (in_days(200), "Läuft.")
    with pytest.raises(ValidationError, match="kommt erst"):
        row.review(by=user, held_on=in_days(1), result="Morgen.")
    with pytest.raises(ValidationError, match="solange sie gilt"):
        row.review(by=user, held_on=in_days(0), result="Nie.", next_on=date(2100, 12, 31))


def test_an_agreement_ends_early_once_with_the_reason():
    row, user = make_agreement(), make_user()

    with pytest.raises(ValidationError, match="Laufzeit"):
        row.end(by=user, on=date(YEAR - 1, 1, 1), because="Umzug")
    row.end(by=user, on=in_days(-1), because=" Umzug  des Vereins ")

    assert (row.ended_because, row.is_current) == ("Umzug des Vereins", False)
    assert list(Agreement.objects.over()) == [row]
    with pytest.raises(ValidationError, match="vorbei"):
        row.end(by=user, on=in_days(-1), because="nochmal")
    with pytest.raises(ValidationError, match="vorbei"):
        row.review(by=user, held_on=in_days(0), result="Zu spät.")


def test_reviews_and_ends_are_called_to_mind(sign_in):
    me, manager = make_user(), make_user(Role.MANAGER)
    ending = make_agreement(advisor=me, ends_on=in_days(20))
    overdue = make_agreement(advisor=me, review_on=in_days(-5))
    theirs = make_agreement(review_on=in_days(50))
    make_agreement(advisor=me, review_on=in_days(100))
    make_agreement(advisor=me, starts_on=date(YEAR, 1, 1), ends_on=date(YEAR, 2, 1))
    over = make_agreement(advisor=me, review_on=in_days(1))
    over.end(by=me, on=in_days(-1), because="vorbei")

    mine = sign_in(me).get("/")
    all_of_them = sign_in(manager).get("/")

    assert list(mine.context["agreements"]) == [overdue, ending]
    assert list(all_of_them.context["agreements"]) == [overdue, ending, theirs]
    assert overdue.name in mine.text


def test_an_agreement_is_built_up_from_its_parts(sign_in):
    row, partner, client = make_agreement(), make_organisation(name="Stiftung Muster"), None
    client, address = sign_in(make_user()), row.get_absolute_url()

    client.post(f"{address}parteien/neu/", {"organisation": partner.pk})
    party = row.parties.get()
    client.post(
        f"{address}zusagen/neu/",
        {"party": party.pk, "kind": "rooms", "what": "Büro", "value": "1.200,50"},
    )
    client.post(
        f"{address}etappen/neu/",
        {"title": "Aufbau", "starts_on": f"{in_days(-9)}", "ends_on": f"{in_days(9)}"},
    )
    client.post(f"{address}meilensteine/neu/", {"title": "Eröffnung", "due_on": f"{in_days(-1)}"})
    page = client.get(address).text

    assert row.pledges.get().value == Decimal("1200.50")
    assert str(row.stage_on(in_days(0))) == "Aufbau"
    for words in ("Stiftung Muster", "Büro", "Aufbau", "Eröffnung", "zu spät"):
        assert words in page
    stranger = a_party()
    refused = client.post(
        f"{address}zusagen/neu/", {"party": stranger.pk, "kind": "rooms", "what": "Saal"}
    )
    assert "party" in refused.context["form"].errors


def test_what_a_deleted_party_pledged_is_gone_with_it():
    party = a_party()
    party.agreement.pledges.create(party=party, kind="rooms", what="Saal")

    party.withdraw(by=make_user())

    assert not party.agreement.pledges.valid().exists()


# --- contributions ---


def test_each_partner_is_added_up_per_year_area_and_kind(sign_in):
    area = make_district(name="Musterkiez")
    partner = make_organisation(name="Verein Muster")
    shared = {"organisation": partner, "district": area, "given_on": date(YEAR, 3, 1)}
    make_contribution(value=Decimal("100.50"), hours=2, **shared)
    make_contribution(value=Decimal("50"), **shared)
    make_contribution(kind="expertise", hours=3, **shared)
    make_contribution(**shared | {"given_on": date(YEAR - 1, 12, 31)})
    make_contribution(value=9, **shared).withdraw(by=make_user())

    [row] = sign_in(make_user()).get(f"/beitraege/?year={YEAR}&kind=rooms").context["sums"]

    assert (row["year"], row["area"], row["partner"]) == (YEAR, "Musterkiez", "Verein Muster")
    assert (row["number"], row["total_hours"], row["total_value"]) == (
        2,
        Decimal("2.00"),
        Decimal("150.50"),
    )
    assert Contribution.objects.visible_to(make_user()).by_partner().count() == 3


def test_the_sums_are_a_file(sign_in):
    make_contribution(
        organisation=make_organisation(name="Verein Muster"), value=Decimal("10"), hours=4
    )

    file = sign_in(make_user()).get("/beitraege/je-jahr-und-gebiet.csv")

    text = b"".join(file).decode("utf-8-sig")
    assert "Verein Muster;Räume;1;4,00;10,00" in text


def test_a_contribution_comes_from_an_offer(sign_in):
    offer, client = make_resource(), sign_in(make_user())
    address = f"/beitraege/neu/?offer={offer.pk}&organisation={offer.organisation.pk}&kind=rooms"

    opened = client.get(address)
    client.post(
        address,
        {
            "organisation": offer.organisation.pk,
            "kind": "rooms",
            "what": "Saal an zwei Abenden",
            "given_on": f"{in_days(0)}",
            "offer": offer.pk,
        },
    )

    assert offer.organisation.name in opened.text
    assert "Saal an zwei Abenden" in client.get(offer.get_absolute_url()).text


def test_the_area_shows_its_partnerships_to_the_staff_only(client, sign_in):
    area = make_district()
    make_agreement([area], name="Vereinbarung Muster")
    make_resource([area], side="need")

    staff = sign_in(make_user()).get(area.get_absolute_url())

    assert "Vereinbarung Muster" in staff.text
    assert f"/angebote/?area={area.pk}&amp;side=need" in staff.text
    client.logout()
    assert "Vereinbarung Muster" not in client.get(area.get_absolute_url()).text
