"""Grants are set up by the manager, read by their funder, and unknown to everyone else."""

from datetime import date

import pytest
from django.urls import reverse

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from reports.models import Fund, Grant, Programme
from tests.factories import (
    make_grant,
    make_indicator,
    make_programme,
    make_project,
    make_target,
    make_user,
)

pytestmark = pytest.mark.django_db

MANAGER_ONLY = [
    ("reports:grants", []),
    ("reports:grant_new", []),
    ("reports:programme_new", []),
    ("reports:fund_new", []),
]


def filled(grant=None, **fields):
    """What the browser sends for a grant with one row in each table."""
    project, programme = make_project(), make_programme()
    indicator = make_indicator()
    data = {
        "project": project.pk,
        "programme": programme.pk,
        "ref": "muster-2024-esf",
        "profile": "esf",
        "authority": "Musterbehörde",
        "reference": "Az. 7",
        "title": "Musterprojekt",
        "purpose": "Beratung",
        "recipient": "Musterverein e. V.",
        "amount": "120.000,50",
        "financing": "share",
        "rate": "37,5",
        "starts_on": "2024-01-01",
        "ends_on": "2024-12-31",
        "logos": "EU: Europäische Union\nLand Berlin",
        "notices-0-issued_on": "2023-11-20",
        "notices-0-reference": "Az. 7",
        "notices-0-amount": "120.000,50",
        "deadlines-0-title": "Zwischennachweis",
        "deadlines-0-due_on": "2025-02-28",
        "plan_lines-0-kind": "income",
        "plan_lines-0-position": "1",
        "plan_lines-0-label": "Zuwendung",
        "plan_lines-0-planned": "120.000,50",
        "targets-0-position": "1",
        "targets-0-indicator": indicator.pk,
        "targets-0-value": "40",
    }
    for prefix in ("notices", "deadlines", "plan_lines", "targets"):
        data |= {f"{prefix}-TOTAL_FORMS": "2", f"{prefix}-INITIAL_FORMS": "0"}
    data["targets-1-position"] = "1"
    return data | fields


@pytest.mark.parametrize(("name", "args"), MANAGER_ONLY)
@pytest.mark.parametrize("role", [Role.ADVISOR, Role.FOUNDER, Role.FUNDER, Role.EVALUATOR])
def test_only_the_manager_sets_up(sign_in, name, args, role):
    assert sign_in(make_user(role)).get(reverse(name, args=args)).status_code == 403


@pytest.mark.parametrize(("name", "args"), MANAGER_ONLY)
def test_the_manager_finds_each_page(sign_in, name, args):
    assert sign_in(make_user(Role.MANAGER)).get(reverse(name, args=args)).status_code == 200


def test_the_first_grant_is_asked_for_where_there_is_none(sign_in):
    page = sign_in(make_user(Role.MANAGER, language="en")).get(reverse("reports:grants"))

    assert "No grants yet" in page.text


def test_a_grant_is_set_up_with_all_its_lists_at_once(sign_in):
    manager = make_user(Role.MANAGER)

    answer = sign_in(manager).post(reverse("reports:grant_new"), filled())

    grant = Grant.objects.get()
    assert answer.url == grant.get_absolute_url()
    assert str(grant.amount) == "120000.50"
    assert str(grant.rate) == "37.50"
    assert [logo["kind"] for logo in grant.logos] == ["eu", "text"]
    assert grant.deadlines.get().due_on == date(2025, 2, 28)
    assert grant.notices.count() == grant.plan_lines.count() == grant.targets.count() == 1
    assert Event.objects.about(grant).get().verb == "grant.created"


def test_every_mistake_is_named_at_once_and_nothing_is_lost(sign_in):
    data = filled(rate="", **{"deadlines-0-due_on": "31.02.2025", "plan_lines-0-planned": "viel"})

    page = sign_in(make_user(Role.MANAGER)).post(reverse("reports:grant_new"), data)

    assert page.status_code == 200
    assert not Grant.objects.exists()
    setup = page.context["setup"]
    assert setup.form.errors
    assert [bool(any(table.errors)) for table in setup.tables] == [False, True, True, False]
    assert "31.02.2025" in page.text
    assert "viel" in page.text


def test_a_period_turned_around_gets_a_sentence(sign_in, english):
    data = filled(starts_on="2024-12-31", ends_on="2024-01-01")

    page = sign_in(make_user(Role.MANAGER, language="en")).post(reverse("reports:grant_new"), data)

    assert page.context["setup"].form.errors["ends_on"] == [
        "A grant's period cannot end before it starts."
    ]


def test_the_key_of_a_grant_is_not_the_name_of_a_page(sign_in):
    page = sign_in(make_user(Role.MANAGER)).post(reverse("reports:grant_new"), filled(ref="neu"))

    assert "ref" in page.context["setup"].form.errors


def test_a_grant_is_changed_and_the_log_says_what(sign_in):
    grant = make_grant(authority="Alte Behörde")
    data = filled(
        project=grant.project_id, programme=grant.programme_id, ref=grant.ref, authority="Neue"
    )

    sign_in(make_user(Role.MANAGER)).post(reverse("reports:grant_edit", args=[grant.ref]), data)

    grant.refresh_from_db()
    assert grant.authority == "Neue"
    assert "authority" in Event.objects.about(grant).get().details["fields"]


def test_a_funder_reads_the_grants_of_own_programmes_only(sign_in):
    officer = make_user(Role.FUNDER)
    own = make_grant(programme=make_programme(officers=[officer]))
    foreign = make_grant()
    page = sign_in(officer)

    assert page.get(own.get_absolute_url()).status_code == 200
    assert page.get(foreign.get_absolute_url()).status_code == 404
    assert page.get(reverse("reports:grant_edit", args=[own.ref])).status_code == 403


@pytest.mark.parametrize("role", [Role.ADVISOR, Role.FOUNDER, Role.EVALUATOR])
def test_nobody_else_opens_a_grant(sign_in, role):
    assert sign_in(make_user(role)).get(make_grant().get_absolute_url()).status_code == 403


def test_a_programme_gets_its_officers(sign_in):
    officer, fund = make_user(Role.FUNDER), make_programme().fund
    data = {"fund": fund.pk, "name": "Neues Programm", "officers": [officer.pk]}

    sign_in(make_user(Role.MANAGER)).post(reverse("reports:programme_new"), data)

    assert list(Programme.objects.get(name="Neues Programm").officers.all()) == [officer]


def test_only_funders_become_officers(sign_in):
    fund = make_programme().fund
    data = {"fund": fund.pk, "name": "Neues Programm", "officers": [make_user(Role.FOUNDER).pk]}

    page = sign_in(make_user(Role.MANAGER)).post(reverse("reports:programme_new"), data)

    assert "officers" in page.context["form"].errors


def test_a_programme_is_changed(sign_in):
    programme = make_programme()
    data = {"fund": programme.fund_id, "name": "Umbenannt", "officers": []}

    sign_in(make_user(Role.MANAGER)).post(
        reverse("reports:programme_edit", args=[programme.pk]), data
    )

    programme.refresh_from_db()
    assert programme.name == "Umbenannt"


def test_a_fund_is_set_up(sign_in):
    data = {"code": "EFRE", "period": "2021-2027", "name": "EFRE"}

    sign_in(make_user(Role.MANAGER)).post(reverse("reports:fund_new"), data)

    assert Fund.objects.get(code="EFRE").period == "2021-2027"


def test_the_rules_of_counting_are_open_to_manager_and_funder(sign_in):
    address = reverse("reports:indicators")

    assert "BEST-BER" in sign_in(make_user(Role.FUNDER)).get(address).text
    assert sign_in(make_user(Role.MANAGER)).get(address).status_code == 200
    assert sign_in(make_user(Role.ADVISOR)).get(address).status_code == 403


def test_the_pages_cost_the_same_however_many_rows(sign_in, count_queries):
    grant = make_target().grant
    addresses = [reverse("reports:grants"), grant.get_absolute_url()]
    page = sign_in(make_user(Role.MANAGER))
    before = [count_queries(page.get, address) for address in addresses]

    for _ in range(3):
        make_grant()
        make_target(grant=grant)
        make_programme(officers=[make_user(Role.FUNDER)])

    assert [count_queries(page.get, address) for address in addresses] == before
