"""One small form for each kind of fact: added, changed, refused with words."""

import pytest

from best_portal.audit.models import Event
from enterprises.models import (
    Involvement,
    OrganisationKind,
    Person,
)
from tests.factories import (
    make_organisation,
    make_person,
    make_user,
)

pytestmark = pytest.mark.django_db

DAY = "2024-05-02"


@pytest.fixture
def page(sign_in):
    return sign_in(make_user())


@pytest.fixture
def organisation():
    return make_organisation(name="Kiezküche Beispiel")


def address(organisation, step=""):
    return f"/betriebe/{organisation.pk}/{step}"


GOOD = [
    (
        "kriterien",
        "assessments",
        {"criterion": "community", "is_met": "True", "assessed_on": DAY, "evidence": "Satzung"},
    ),
    (
        "einnahmen",
        "income_mixes",
        {
            "year": "2024",
            "public_contracts": "1.234,50",
            "private_sales": "0",
            "unpaid_hours": "7,5",
        },
    ),
    ("arbeitsplaetze", "jobs", {"title": "Leitung", "kind": "new", "fte": "0,5", "since": DAY}),
    ("mitwirkung", "involvements", {"name": "Mira Muster", "role": "founder"}),
]


@pytest.mark.parametrize(("folder", "relation", "values"), GOOD)
def test_a_fact_is_added_noted_and_changed(page, organisation, folder, relation, values):
    page.post(address(organisation, f"{folder}/neu/"), values)
    fact = getattr(organisation, relation).get()
    page.post(address(organisation, f"{folder}/{fact.pk}/"), values)

    assert getattr(organisation, relation).count() == 1
    verbs = [event.verb.partition(".")[2] for event in Event.objects.about(fact).order_by("pk")]
    assert verbs == ["created", "changed"]


@pytest.mark.parametrize(("folder", "relation", "values"), GOOD[:2])
def test_what_the_database_refuses_is_explained(page, organisation, folder, relation, values):
    page.post(address(organisation, f"{folder}/neu/"), values)

    response = page.post(address(organisation, f"{folder}/neu/"), values)

    assert response.context["form"].errors
    assert getattr(organisation, relation).count() == 1


@pytest.mark.parametrize(
    ("folder", "values"),
    [
        ("kriterien", {"criterion": "community", "is_met": "True", "assessed_on": DAY}),
        ("kriterien", {"criterion": "community", "assessed_on": DAY, "evidence": "x"}),
        ("einnahmen", {"year": "24"}),
        ("einnahmen", {"year": "2024", "public_contracts": "-1"}),
        ("einnahmen", {"year": "2024", "public_contracts": "viel"}),
        ("arbeitsplaetze", {"title": "x", "kind": "new", "fte": "2", "since": DAY}),
        ("arbeitsplaetze", {"title": "x", "kind": "new", "fte": "1"}),
        (
            "arbeitsplaetze",
            {"title": "x", "kind": "new", "fte": "1", "since": DAY, "confirmed_on": DAY},
        ),
        ("mitwirkung", {"name": "", "role": "founder"}),
        ("mitwirkung", {"name": "x", "role": "friend"}),
        ("mitwirkung", {"name": "x", "role": "founder", "since": DAY, "until": "2020-01-01"}),
        ("mitglieder", {"member": "999999"}),
        ("mitglieder", {"member_text": "Nirgends"}),
    ],
)
def test_a_fact_that_cannot_be_is_explained(page, organisation, folder, values):
    response = page.post(address(organisation, f"{folder}/neu/"), values)

    assert response.status_code == 200
    assert response.context["form"].errors


def test_a_member_is_added_by_name(page):
    group = make_organisation(kind=OrganisationKind.NETWORK)
    member = make_organisation(name="Nähwerk")

    page.post(address(group, "mitglieder/neu/"), {"member_text": "Naehwerk"})

    assert group.memberships.get().member == member


def test_a_group_is_no_member_of_itself(page):
    group = make_organisation(kind=OrganisationKind.NETWORK)

    response = page.post(address(group, "mitglieder/neu/"), {"member": group.pk})

    assert response.context["form"].errors


def test_somebody_known_by_name_and_address_is_the_same_person(page, organisation):
    known = make_person(name="Mira Muster", email="mira@beispiel.example")

    page.post(
        address(organisation, "mitwirkung/neu/"),
        {"name": "mira muster", "email": "Mira@beispiel.example", "role": "founder"},
    )

    assert organisation.involvements.get().person == known
    assert Person.objects.count() == 1


def test_a_persons_contact_is_changed(page, organisation):
    person = make_person()
    Involvement.objects.create(person=person, organisation=organisation)

    page.post(
        address(organisation, f"personen/{person.pk}/"),
        {"name": "Neuer Name", "phone": "030 1", "language": "de"},
    )

    person.refresh_from_db()
    assert (person.name, person.phone) == ("Neuer Name", "030 1")
