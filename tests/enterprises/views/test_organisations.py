"""The pages of organisations: the list, the case file, founding, moving on, facts."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from enterprises.models import (
    Criterion,
    Involvement,
    JobKind,
    LegalForm,
    Organisation,
    OrganisationKind,
    Stage,
    UnpaidWorkRate,
)
from tests.factories import (
    make_appointment,
    make_case,
    make_consultation,
    make_district,
    make_enterprise,
    make_founder,
    make_innovation,
    make_organisation,
    make_person,
    make_user,
)

pytestmark = pytest.mark.django_db

DAY = "2024-05-02"
PAGES = (
    "bearbeiten/",
    "gruendung/",
    "phase/",
    "kriterien/neu/",
    "einnahmen/neu/",
    "arbeitsplaetze/neu/",
    "mitwirkung/neu/",
    "mitglieder/neu/",
)


@pytest.fixture
def page(sign_in):
    return sign_in(make_user())


@pytest.fixture
def organisation():
    return make_organisation(name="Kiezküche Beispiel")


def address(organisation, step=""):
    return f"/betriebe/{organisation.pk}/{step}"


# --- doors ---


@pytest.mark.parametrize("role", [Role.FUNDER, Role.EVALUATOR])
def test_other_roles_come_through_no_door(sign_in, organisation, role):
    client = sign_in(make_user(role))

    for step in ("", *PAGES):
        assert client.get(address(organisation, step)).status_code == 403
    assert client.get("/betriebe/").status_code == 403
    assert client.get("/betriebe/neu/").status_code == 403


def test_a_founder_sees_the_own_organisation_and_changes_nothing(sign_in, organisation):
    client = sign_in(make_founder(organisation))

    assert client.get(address(organisation)).status_code == 200
    for step in PAGES:
        assert client.get(address(organisation, step)).status_code == 403
    assert client.get("/betriebe/").status_code == 403


def test_a_founder_does_not_find_another_organisation(sign_in, organisation):
    client = sign_in(make_founder(make_organisation()))

    assert client.get(address(organisation)).status_code == 404


def test_a_founder_whose_part_has_ended_finds_nothing(sign_in, organisation):
    user = make_founder(organisation)
    Involvement.objects.update(since=date(2020, 1, 1), until=timezone.localdate() - timedelta(1))

    assert sign_in(user).get(address(organisation)).status_code == 404


def test_a_founder_reads_no_note_and_no_case(sign_in, organisation):
    make_consultation(organisation=organisation, internal_note="Kanarienvogel")
    make_case(organisation=organisation, goal="Geheimes Ziel")

    text = sign_in(make_founder(organisation)).get(address(organisation)).content.decode()

    assert "Kanarienvogel" not in text
    assert "Geheimes Ziel" not in text


@pytest.mark.parametrize("step", ["", *PAGES, "kriterien/1/", "personen/1/"])
def test_what_is_not_there_is_not_found(page, step):
    assert page.get(f"/betriebe/999999/{step}").status_code == 404


def test_a_fact_of_another_organisation_is_not_found(page, organisation):
    job = make_enterprise().jobs.create(
        title="Leitung", kind=JobKind.NEW, fte=1, since=date(2024, 1, 1)
    )

    assert page.get(address(organisation, f"arbeitsplaetze/{job.pk}/")).status_code == 404
    assert page.get(address(organisation, f"personen/{make_person().pk}/")).status_code == 404


# --- the list ---


def test_the_list_is_in_german_order(page):
    for name in ("Zweirad", "Ölmühle", "Obstladen"):
        make_organisation(name=name)

    assert [row.name for row in page.get("/betriebe/").context["page"]] == [
        "Obstladen",
        "Ölmühle",
        "Zweirad",
    ]


def test_every_filter_narrows_the_list(page):
    wanted = make_enterprise(name="Nähwerk", stage=Stage.BUILD_UP, district=make_district())
    make_organisation(name="Andere")

    for name, value in {
        "q": "Naehwerk",
        "kind": "social_enterprise",
        "stage": "build_up",
        "district": wanted.district_id,
    }.items():
        assert list(page.get("/betriebe/", {name: value}).context["page"]) == [wanted], name


@pytest.mark.parametrize(
    "asked", [{"kind": "x"}, {"district": "x"}, {"q": "\0"}, {"page": "x"}, {"page": "9" * 30}]
)
def test_a_faulty_question_gets_a_page(page, asked):
    make_organisation()

    assert page.get("/betriebe/", asked).status_code == 200


@pytest.mark.parametrize("rows", [1, 10])
def test_the_list_costs_the_same_however_full(page, rows, django_assert_max_num_queries):
    for _ in range(rows):
        make_organisation(district=make_district())

    with django_assert_max_num_queries(9):
        assert len(page.get("/betriebe/").context["page"]) == rows


# --- the case file ---


def fill(organisation, rows):
    for number in range(rows):
        consultation = make_consultation(organisation=organisation, advisors=[make_user()])
        make_case(organisation=organisation, project=consultation.project)
        make_appointment(organisation=organisation)
        organisation.income_mixes.create(year=2000 + number)
        Involvement.objects.create(person=make_person(), organisation=organisation)
        organisation.memberships.create(member=make_organisation())
        organisation.assessments.create(
            criterion=Criterion.COMMUNITY,
            is_met=True,
            assessed_on=date(2000 + number, 1, 1),
            evidence="Satzung",
        )


@pytest.mark.parametrize("rows", [1, 5])
def test_the_case_file_costs_the_same_however_full(
    page, rows, organisation, django_assert_max_num_queries
):
    fill(organisation, rows)
    for _ in range(rows):
        make_innovation(organisation)

    with django_assert_max_num_queries(53):
        assert page.get(address(organisation)).status_code == 200


def test_unpaid_hours_have_the_value_of_their_year(page, organisation):
    UnpaidWorkRate.objects.create(
        starts_on=date(2024, 1, 1), euros_per_hour=Decimal("12.50"), source="Muster"
    )
    organisation.income_mixes.create(year=2024, unpaid_hours=100)

    assert "1.250,00" in page.get(address(organisation)).content.decode()


def test_the_criterion_of_today_counts_not_a_later_one(page, organisation):
    tomorrow = timezone.localdate() + timedelta(1)
    for day, is_met in ((date(2020, 1, 1), True), (tomorrow, False)):
        organisation.assessments.create(
            criterion=Criterion.COMMUNITY, is_met=is_met, assessed_on=day, evidence="Satzung"
        )

    criteria = page.get(address(organisation)).context["criteria"]

    assert [c["current"].is_met for c in criteria if c["current"]] == [True]


# --- verbs ---


def test_a_file_is_opened_with_its_first_stage(page):
    page.post(
        "/betriebe/neu/",
        {
            "name": " Kiezküche   Beispiel ",
            "kind": OrganisationKind.FOUNDING_INITIATIVE,
            "stage": Stage.CONCEPT,
            "since": DAY,
            "website": "kiezkueche.example",
        },
    )

    organisation = Organisation.objects.get()
    assert organisation.name == "Kiezküche Beispiel"
    assert organisation.website == "https://kiezkueche.example"
    assert organisation.stage_on(date(2024, 5, 2)) == Stage.CONCEPT


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"name": ""}, "name"),
        ({"name": "kiezkuche beispiel"}, "name"),
        ({"name": "a\0b"}, "name"),
        ({"kind": "club"}, "kind"),
        ({"kind": OrganisationKind.SOCIAL_ENTERPRISE}, "founded_on"),
        ({"founded_on": DAY}, "__all__"),
        ({"stage": Stage.GIVEN_UP}, "stage"),
        ({"email": "x"}, "email"),
        ({"website": "http://"}, "website"),
    ],
)
def test_a_file_that_cannot_be_is_explained(page, organisation, fields, name):
    values = {"name": "Neu", "kind": "founding_initiative", "stage": "idea", "since": DAY}

    response = page.post("/betriebe/neu/", values | fields)

    assert name in response.context["form"].errors
    assert Organisation.objects.count() == 1


def test_a_changed_file_is_noted_in_the_log(page, organisation):
    page.post(
        address(organisation, "bearbeiten/"),
        {"name": "Kiezküche Neu", "kind": organisation.kind, "phone": "030 1"},
    )

    organisation.refresh_from_db()
    assert organisation.name == "Kiezküche Neu"
    event = Event.objects.about(organisation).get()
    assert (event.verb, set(event.details["fields"])) == (
        "organisation.changed",
        {"name", "phone"},
    )


def test_founding_keeps_the_file_and_its_history(page, organisation):
    consultation = make_consultation(organisation=organisation)

    page.post(address(organisation, "gruendung/"), {"on": DAY, "legal_form": LegalForm.EG})

    organisation.refresh_from_db()
    assert organisation.kind == OrganisationKind.SOCIAL_ENTERPRISE
    assert organisation.founded_on == date(2024, 5, 2)
    assert list(organisation.consultations.all()) == [consultation]


@pytest.mark.parametrize(
    "fields", [{"on": "2999-01-01"}, {"on": ""}, {"legal_form": ""}, {"legal_form": "AG"}]
)
def test_a_founding_that_cannot_be_is_explained(page, organisation, fields):
    values = {"on": DAY, "legal_form": LegalForm.EG} | fields

    response = page.post(address(organisation, "gruendung/"), values)

    assert response.context["form"].errors
    organisation.refresh_from_db()
    assert organisation.kind == OrganisationKind.FOUNDING_INITIATIVE


def test_an_enterprise_is_not_founded_again(page):
    response = page.post(
        address(make_enterprise(), "gruendung/"), {"on": DAY, "legal_form": LegalForm.EG}
    )

    assert response.context["form"].non_field_errors()


def test_a_new_stage_is_noted_with_its_day(page, organisation):
    page.post(address(organisation, "phase/"), {"stage": Stage.CONCEPT, "on": DAY})

    organisation.refresh_from_db()
    assert organisation.stage == Stage.CONCEPT
    assert organisation.stages.get().since == date(2024, 5, 2)


def test_giving_up_needs_its_reason(page, organisation):
    response = page.post(address(organisation, "phase/"), {"stage": Stage.GIVEN_UP, "on": DAY})

    assert list(response.context["form"].errors) == ["reason"]
