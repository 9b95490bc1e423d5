"""Grants are set up by the manager, read by their funder, and unknown to everyone else."""

from datetime import date

import pytest
from django.db import IntegrityError
from django.urls import reverse

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from reports.forms.grant_tables import GRANT_TABLES
from reports.models import CostMethod, Fund, Grant, Indicator, Programme
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
NO_RULES = {"rules-TOTAL_FORMS": "0", "rules-INITIAL_FORMS": "0"}


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
        "aid_basis": "none",
        "logos": "EU: Europäische Union\nLand Berlin",
        "notices-0-issued_on": "2023-11-20",
        "notices-0-reference": "Az. 7",
        "notices-0-amount": "120.000,50",
        "duties-0-kind": "interim",
        "duties-0-rhythm": "years",
        "duties-0-months": "4",
        "deadlines-0-title": "Letzter Mittelabruf",
        "deadlines-0-due_on": "2025-02-28",
        "plan_lines-0-kind": "income",
        "plan_lines-0-position": "1",
        "plan_lines-0-label": "Zuwendung",
        "plan_lines-0-planned": "120.000,50",
        "plan_lines-0-origin": "grant",
        "targets-0-position": "1",
        "targets-0-indicator": indicator.pk,
        "targets-0-value": "40",
    }
    for prefix in GRANT_TABLES:
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
    assert answer.url == reverse("reports:set_up", args=[grant.ref])
    assert str(grant.amount) == "120000.50"
    assert str(grant.rate) == "37.50"
    assert [logo["kind"] for logo in grant.logos] == ["eu", "text"]
    assert grant.deadlines.get().due_on == date(2025, 2, 28)
    assert grant.duties.get().months == 4
    assert grant.notices.count() == grant.plan_lines.count() == grant.targets.count() == 1
    assert Event.objects.about(grant).get().verb == "grant.created"


def test_every_mistake_is_named_at_once_and_nothing_is_lost(sign_in):
    data = filled(rate="", **{"deadlines-0-due_on": "31.02.2025", "plan_lines-0-planned": "viel"})

    page = sign_in(make_user(Role.MANAGER)).post(reverse("reports:grant_new"), data)

    assert page.status_code == 200
    assert not Grant.objects.exists()
    setup = page.context["setup"]
    assert setup.form.errors
    wrong = {table.prefix for table in setup.tables if any(table.errors)}
    assert wrong == {"deadlines", "plan_lines"}
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


def test_a_grant_in_the_same_time_is_refused_and_the_other_one_named(sign_in, english):
    other = make_grant(starts_on=date(2024, 6, 1), ends_on=date(2024, 12, 31))
    data = filled(project=other.project_id, programme=other.programme_id, amount="1", rate="40")

    page = sign_in(make_user(Role.MANAGER, language="en")).post(reverse("reports:grant_new"), data)

    assert page.context["setup"].form.errors.keys() == {"starts_on"}
    [error] = page.context["setup"].form.errors["starts_on"]
    assert other.ref in error
    assert "Jun" in error or "06" in error
    assert Grant.objects.get() == other


@pytest.mark.parametrize(("starts_on", "ends_on"), [("2023-01-01", "2024-05-31")])
def test_a_grant_up_to_the_day_before_another_is_no_overlap(sign_in, starts_on, ends_on):
    other = make_grant(starts_on=date(2024, 6, 1), ends_on=date(2024, 12, 31))
    data = filled(
        project=other.project_id,
        programme=other.programme_id,
        starts_on=starts_on,
        ends_on=ends_on,
    )

    sign_in(make_user(Role.MANAGER)).post(reverse("reports:grant_new"), data)

    assert Grant.objects.count() == 2


def test_a_grant_does_not_stand_in_its_own_way(sign_in):
    grant = make_grant()
    data = filled(project=grant.project_id, programme=grant.programme_id, ref=grant.ref)

    answer = sign_in(make_user(Role.MANAGER)).post(
        reverse("reports:grant_edit", args=[grant.ref]), data
    )

    assert answer.status_code == 302


def test_without_a_key_the_grant_gets_one_of_project_and_fund(sign_in):
    project, programme = make_project(key="best-muster"), make_programme(code="EFRE")
    manager = sign_in(make_user(Role.MANAGER))
    for year in ("2023", "2024", "2025"):
        data = filled(
            project=project.pk,
            programme=programme.pk,
            ref="",
            starts_on=f"{year}-01-01",
            ends_on=f"{year}-12-31",
        )
        manager.post(reverse("reports:grant_new"), data)

    refs = list(Grant.objects.order_by("starts_on").values_list("ref", flat=True))
    assert refs == ["best-muster-efre", "best-muster-efre-2", "best-muster-efre-3"]


def test_a_long_key_of_a_project_leaves_room_for_a_number(sign_in):
    project = make_project(key="muster-" * 8 + "4711")
    make_grant(ref=Grant.objects.free_ref(project, make_programme()))

    ref = Grant.objects.free_ref(project, make_programme())

    assert len(ref) <= Grant._meta.get_field("ref").max_length
    assert not Grant.objects.filter(ref=ref).exists()


def test_one_summary_names_the_mistakes_of_the_tables_too(sign_in):
    data = filled(rate="", **{"deadlines-0-due_on": "31.02.2025", "plan_lines-1-planned": "viel"})
    data |= {"notices-1-issued_on": "2023-11-20", "notices-1-reference": "Az. 7"}
    data["notices-1-amount"] = "1"

    page = sign_in(make_user(Role.MANAGER)).post(reverse("reports:grant_new"), data)

    assert page.text.count("data-take-focus") == 1
    summary = page.text[page.text.index("error-summary") :].partition("<fieldset")[0]
    for anchor in ("id_deadlines-0-due_on", "id_plan_lines-1-planned", "notices"):
        assert f'href="#{anchor}"' in summary
        assert f'id="{anchor}"' in page.text
    assert "Weitere Fristen, Zeile 1" in summary
    assert "Finanzierungsplan, Zeile 2" in summary


def test_the_page_leads_to_each_of_its_parts(sign_in):
    page = sign_in(make_user(Role.MANAGER)).get(reverse("reports:grant_new"))

    contents = page.context["setup"].contents
    assert len(contents) == 6 + len(GRANT_TABLES)
    for part, _heading in contents:
        assert f'href="#{part}"' in page.text
        assert page.text.count(f'id="{part}"') == 1


def test_further_rows_of_indicators_propose_the_next_positions(sign_in):
    grant = make_target(position=3).grant
    make_target(grant=grant, position=5)

    page = sign_in(make_user(Role.MANAGER)).get(reverse("reports:grant_edit", args=[grant.ref]))

    targets = page.context["setup"].tables[4]
    assert [form["position"].value() for form in targets] == [3, 5, 6, 7]


def test_a_row_of_which_only_the_position_came_back_is_empty(sign_in):
    data = filled(**{"targets-1-position": "9"})

    sign_in(make_user(Role.MANAGER)).post(reverse("reports:grant_new"), data)

    assert Grant.objects.get().targets.count() == 1


def test_the_position_of_an_indicator_can_be_changed(sign_in):
    target = make_target(position=1)
    grant = target.grant
    data = filled(project=grant.project_id, programme=grant.programme_id, ref=grant.ref)
    data |= {"targets-INITIAL_FORMS": "1", "targets-0-id": target.pk, "targets-0-position": "4"}
    data |= {"targets-0-indicator": target.indicator_id, "targets-0-value": ""}

    sign_in(make_user(Role.MANAGER)).post(reverse("reports:grant_edit", args=[grant.ref]), data)

    target.refresh_from_db()
    assert target.position == 4


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
    data = {"fund": fund.pk, "name": "Neues Programm", "officers": [officer.pk]} | NO_RULES

    sign_in(make_user(Role.MANAGER)).post(reverse("reports:programme_new"), data)

    assert list(Programme.objects.get(name="Neues Programm").officers.all()) == [officer]


def test_only_funders_become_officers(sign_in):
    fund = make_programme().fund
    data = {"fund": fund.pk, "name": "Neues Programm", "officers": [make_user(Role.FOUNDER).pk]}
    data |= NO_RULES

    page = sign_in(make_user(Role.MANAGER)).post(reverse("reports:programme_new"), data)

    assert "officers" in page.context["setup"].form.errors


def test_a_programme_is_changed(sign_in):
    programme = make_programme()
    data = {"fund": programme.fund_id, "name": "Umbenannt", "officers": []} | NO_RULES

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


def flat_line(number, position, method):
    name = f"plan_lines-{number}"
    return {
        f"{name}-kind": "expense",
        f"{name}-position": position,
        f"{name}-label": "Pauschale",
        f"{name}-planned": "100",
        f"{name}-costing": "flat",
        f"{name}-method": method.pk,
    }


def test_two_flat_rates_in_new_rows_are_refused_with_what_was_typed(sign_in, english):
    methods = CostMethod.objects.filter(base__in=["staff", "direct"])[:2]
    rows = flat_line(0, "1", methods[0]) | flat_line(1, "2", methods[1])

    page = sign_in(make_user(Role.MANAGER, language="en")).post(
        reverse("reports:grant_new"), filled(**rows, **{"plan_lines-0-origin": ""})
    )

    assert page.status_code == 200
    assert "A plan has one flat rate at most." in page.text
    assert page.text.count('value="Pauschale"') == 2


def test_two_rows_of_one_position_say_so_in_words(sign_in, english):
    row = {
        "plan_lines-1-kind": "income",
        "plan_lines-1-position": "1",
        "plan_lines-1-label": "Noch einmal",
        "plan_lines-1-planned": "5",
        "plan_lines-1-origin": "own",
        "plan_lines-0-planned": "120000.50",
    }

    page = sign_in(make_user(Role.MANAGER, language="en")).post(
        reverse("reports:grant_new"), filled(**row)
    )

    assert "There is a line at this position already." in page.text
    assert "kind and position" not in page.text


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("amount", "-5"),
        ("rate", "140"),
        ("early_start_on", "2024-02-01"),
        ("pay_until", "2024-06-30"),
    ],
)
def test_a_mistake_stands_at_its_field(sign_in, field, value):
    page = sign_in(make_user(Role.MANAGER)).post(
        reverse("reports:grant_new"), filled(**{field: value})
    )

    assert list(page.context["setup"].form.errors) == [field]


def test_the_account_of_a_grant_is_checked_and_shown(sign_in):
    client, new = sign_in(make_user(Role.MANAGER)), reverse("reports:grant_new")
    account = {"iban": "de89 3704 0044 0532 0130 00", "bank": "Musterbank"}

    page = client.post(new, filled(**account))
    assert list(page.context["setup"].form.errors) == ["account_holder"]
    account["account_holder"] = "Musterverein e. V."
    page = client.post(new, filled(**account | {"iban": "DE89370400440532013001"}))
    assert "Prüfziffern" in str(page.context["setup"].form.errors["iban"])
    shown = client.post(new, filled(**account), follow=True)

    grant = Grant.objects.get()
    assert grant.iban == "DE89370400440532013000"
    assert shown.status_code == 200
    detail = client.get(grant.get_absolute_url()).text
    assert "Musterverein e. V., IBAN DE89 3704 0044 0532 0130 00, Musterbank" in detail


@pytest.mark.parametrize(
    ("rhythm", "every", "field"), [("months", "", "every"), ("years", "6", "every")]
)
def test_only_a_rhythm_of_months_has_a_number_of_them(sign_in, rhythm, every, field):
    data = filled(**{"duties-0-rhythm": rhythm, "duties-0-every": every})

    page = sign_in(make_user(Role.MANAGER)).post(reverse("reports:grant_new"), data)

    [duties] = [each for each in page.context["setup"].tables if each.prefix == "duties"]
    assert list(duties.errors[0]) == [field]


def test_a_whole_set_of_indicators_is_taken_over_behind_those_that_are_there(sign_in):
    kept = Indicator.objects.get(code="RCO04")
    grant = make_grant(starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31))
    make_target(grant=grant, indicator=kept, value=7, position=3)
    page = sign_in(make_user(Role.MANAGER))
    efre = kept.set

    answer = page.post(reverse("reports:indicators_take", args=[grant.ref]), {"chosen": efre.pk})

    assert answer.url.endswith("#targets")
    targets = list(grant.targets.select_related("indicator"))
    codes = [target.indicator.code for target in targets]
    assert codes[0] == "RCO04"
    assert targets[0].value == 7
    assert len(codes) == len(set(codes)) > 5
    assert all(code.startswith(("RCO", "RCR")) for code in codes)
    # Of a code with two versions the one that counts when the grant begins.
    assert {(each.indicator.code, each.indicator.version) for each in targets} >= {("RCO01", 2)}
    page.post(reverse("reports:indicators_take", args=[grant.ref]), {"chosen": efre.pk})
    assert grant.targets.count() == len(codes)


@pytest.mark.parametrize("chosen", ["esf", "nonsense", ""])
def test_a_set_that_did_not_count_then_is_refused(sign_in, chosen):
    grant = make_grant(starts_on=date(2003, 1, 1), ends_on=date(2003, 12, 31))
    if chosen == "esf":
        chosen = Indicator.objects.filter(code="EECO01").get().set_id

    page = sign_in(make_user(Role.MANAGER)).post(
        reverse("reports:indicators_take", args=[grant.ref]), {"chosen": chosen}, follow=True
    )

    assert not grant.targets.exists()
    assert page.status_code == 200
    assert [message.level_tag for message in page.context["messages"]] == ["error"]


def test_a_fund_is_found_and_corrected(sign_in):
    fund = make_programme().fund
    page = sign_in(make_user(Role.MANAGER))
    address = reverse("reports:fund_edit", args=[fund.pk])
    assert address in page.get(reverse("reports:grants")).text

    page.post(address, {"code": fund.code, "period": fund.period, "name": "Richtig geschrieben"})

    fund.refresh_from_db()
    assert fund.name == "Richtig geschrieben"


def test_the_page_of_a_grant_shows_what_was_set(sign_in):
    grant = make_grant(
        early_start_on=date(2022, 12, 1),
        pay_until=date(2030, 1, 31),
        inventory_from=800,
        keep_years=10,
        keep_note="Bescheid Nr. 7",
        logos=[{"kind": "text", "text": "Land Berlin", "alt": "Land Berlin"}],
    )
    make_target(grant=grant, value=40, milestone=15, milestone_on=date(2023, 6, 30))

    text = sign_in(make_user(Role.MANAGER)).get(grant.get_absolute_url()).text

    for words in ("01.12.2022", "31.01.2030", "800,00", "Bescheid Nr. 7", "Land Berlin"):
        assert words in text
    assert "15, 30.06.2023" in text


def test_a_milestone_is_no_higher_than_its_target(sign_in):
    data = filled(**{"targets-0-value": "100"})
    data |= {
        "milestones-TOTAL_FORMS": "2",
        "milestones-0-indicator": data["targets-0-indicator"],
        "milestones-0-value": "100,5",
        "milestones-0-due_on": "2024-06-30",
        "milestones-1-indicator": make_indicator().pk,
        "milestones-1-value": "1",
        "milestones-1-due_on": "2024-06-30",
    }

    page = sign_in(make_user(Role.MANAGER)).post(reverse("reports:grant_new"), data)

    table = page.context["setup"].table("milestones")
    assert [list(errors) for errors in table.errors] == [["value"], ["indicator"]]
    assert not Grant.objects.exists()
    assert "höher als der Zielwert" in page.text


def test_an_indicator_that_did_not_count_when_the_grant_began_is_refused(sign_in):
    later = Indicator.objects.get(code="EECO01")
    data = filled(**{"targets-0-indicator": later.pk})
    data |= {"starts_on": "2005-01-01", "ends_on": "2006-12-31"}

    page = sign_in(make_user(Role.MANAGER)).post(reverse("reports:grant_new"), data)

    [targets] = [each for each in page.context["setup"].tables if each.prefix == "targets"]
    assert list(targets.errors[0]) == ["indicator"]
    assert "EECO01" in targets.errors[0]["indicator"][0]


@pytest.mark.parametrize("code", ["A/B", "-A", "A B", "Ä", "../x"])
def test_a_code_that_no_address_can_hold_is_refused_by_form_and_database(sign_in, code):
    data = {
        "code": code,
        "name": "Muster",
        "unit": "Anzahl",
        "decimals": "0",
        "rule": "consultations",
        "rule_text": "Jede zählt einmal.",
        "starts_on": "2026-01-01",
    }

    page = sign_in(make_user(Role.MANAGER)).post(reverse("reports:indicator_new"), data)

    assert "code" in page.context["form"].errors
    with pytest.raises(IntegrityError, match="reports_indicator_code_is_plain"):
        make_indicator(code=code)


def test_an_indicator_no_grant_has_is_removed_and_the_former_version_counts_on(sign_in):
    manager = make_user(Role.MANAGER)
    former = make_indicator(code="BEST-X", starts_on=date(2020, 1, 1))
    fields = {"name": "X", "unit": "Anzahl", "rule": "hours", "rule_text": "Stunden."}
    fields["set"] = former.set
    newer = Indicator.objects.introduce(
        by=manager, code="BEST-X", starts_on=date(2026, 1, 1), **fields
    )
    page = sign_in(manager)

    page.post(reverse("reports:indicator_remove", args=[former.pk]))
    assert Indicator.objects.filter(code="BEST-X").count() == 2, "the newer one follows it"
    page.post(reverse("reports:indicator_remove", args=[newer.pk]))

    former.refresh_from_db()
    assert former.ends_on is None
    make_target(indicator=former)
    page.post(reverse("reports:indicator_remove", args=[former.pk]))
    assert Indicator.objects.filter(pk=former.pk).exists(), "a grant has it"
