"""The data check: what blocks a report, what deserves a look, and what its release refuses."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from enterprises.models import Job, JobKind
from reports.data_check import check
from reports.document import plain
from reports.figures import Figure
from reports.findings import counted_for
from reports.freezing import freeze
from reports.freezing import line as line_of
from reports.granted import lacks_statement
from reports.models import AccountingRule, Report, ReportVersion
from reports.reading import Reading
from tests.factories import (
    COMPLETE,
    YEAR,
    make_accounting_rule,
    make_case,
    make_consultation,
    make_district,
    make_draft,
    make_enterprise,
    make_grant,
    make_indicator,
    make_participation,
    make_person,
    make_plan_line,
    make_programme,
    make_project,
    make_report,
    make_size,
    make_target,
    make_user,
    make_version,
    make_voucher,
    write_answers,
)
from tests.reports.checked import blocked, found, open_codes

pytestmark = pytest.mark.django_db

EU = {"kind": "eu", "text": "Europäische Union", "alt": "Emblem"}
BOX = {"kind": "text", "text": "Land Berlin", "alt": "Land Berlin"}


# --- what blocks ---


@pytest.mark.parametrize(
    ("promised", "held", "until", "blocks"),
    [
        (10, 4, date(YEAR, 6, 30), True),
        (10, 5, date(YEAR, 6, 30), False),
        (10, 9, date(YEAR, 12, 31), True),
        (10, 10, date(YEAR, 12, 31), False),
        (None, 0, date(YEAR, 12, 31), False),
    ],
)
def test_a_target_missed_blocks_until_somebody_says_why(promised, held, until, blocks):
    grant = make_grant()
    target = make_target(grant=grant, indicator=make_indicator(), value=promised)
    for _ in range(held):
        make_consultation(project=grant.project, held_on=date(YEAR, 1, 9))
    report = make_report(grant=grant, ends_on=until)
    code = f"target:{target.indicator.code}"

    assert (code in open_codes(report)) == blocks

    report.reasons = {target.indicator.code: "Umzug."}
    assert code not in open_codes(report)


def test_a_list_of_vouchers_asks_for_no_reasons_which_it_would_not_print():
    grant = make_grant()
    make_target(grant=grant, indicator=make_indicator(), value=10)
    codes = {
        kind: {code.partition(":")[0] for code in open_codes(make_report(grant=grant, kind=kind))}
        for kind in ("vouchers", "indicators")
    }

    assert "target" in codes["indicators"]
    assert "target" not in codes["vouchers"]


def test_a_target_missed_by_less_than_its_printed_percent_shows_is_missed():
    target = make_target(grant=make_grant(), indicator=make_indicator(), value=2000)
    report = make_report(grant=target.grant, ends_on=target.grant.ends_on)
    figures = [Figure(Decimal(value), ()) for value in (1999, 2000)]

    pairs = counted_for(report, [(target, figure, figure) for figure in figures])

    assert [each.is_missed for each in pairs] == [True, False]
    [figure] = Reading({"indicators": [plain(line_of(target, *figures[:1] * 2, ""))]}).figures
    assert (figure.percent, figure.is_missed) == (Decimal("100.0"), True)
    assert "1.999 von 2.000" in pairs[0].without_reason


def test_the_time_of_a_target_begins_with_the_early_start():
    grant = make_grant(
        starts_on=date(YEAR, 7, 1), ends_on=date(YEAR, 12, 31), early_start_on=date(YEAR, 1, 1)
    )
    target = make_target(grant=grant, indicator=make_indicator(), value=10)
    report = make_report(grant=grant, starts_on=date(YEAR, 1, 1), ends_on=date(YEAR, 6, 30))

    [each] = counted_for(report, [(target, *[Figure(Decimal(4), ())] * 2)])

    assert (each.elapsed, each.is_missed) == (50, True)


@pytest.mark.parametrize(
    ("held", "until", "blocks"),
    [
        (3, date(YEAR, 3, 31), True),
        (4, date(YEAR, 3, 31), False),
        (3, date(YEAR, 3, 30), False),
    ],
)
def test_a_milestone_missed_blocks_until_somebody_says_why(held, until, blocks):
    grant = make_grant()
    target = make_target(
        grant=grant,
        indicator=make_indicator(),
        value=10,
        milestone=4,
        milestone_on=date(YEAR, 3, 31),
    )
    for _ in range(held):
        make_consultation(project=grant.project, held_on=date(YEAR, 1, 9))
    report = make_report(grant=grant, ends_on=until)
    code = f"target:{target.indicator.code}"

    assert (code in open_codes(report)) == blocks
    frozen = freeze(make_version(report=report), at=timezone.now())
    [figure] = Reading(plain(frozen)).figures
    assert figure.is_missed == blocks
    if blocks:
        [finding] = found(report, code)
        assert "3 statt des Etappenziels von 4 bis 31.03." in finding.text

    report.reasons = {target.indicator.code: "Umzug."}
    assert code not in open_codes(report)


def test_no_participant_at_all_needs_a_sentence_too():
    grant = make_grant()
    indicator = make_indicator(rule="people_eeco01")
    make_target(grant=grant, indicator=indicator)
    report = make_report(grant=grant)

    assert f"target:{indicator.code}" in open_codes(report)


def test_a_result_larger_than_its_group_blocks():
    grant = make_grant()
    for code, rule in (("EECR03", "people_eeco02"), ("EECO01", "people_eeco04")):
        indicator = make_indicator(code=code, version=9, rule=rule, ends_on=date(2000, 12, 31))
        make_target(grant=grant, indicator=indicator)
    participation = make_participation(grant.project)
    write_answers(
        participation, **COMPLETE | {"status": "unemployed", "unemployed_since": "2020-01-01"}
    )

    assert "implausible:EECR03" in open_codes(make_report(grant=grant))


def test_a_plan_whose_sums_disagree_blocks():
    grant = make_grant()
    make_plan_line(grant=grant, planned=Decimal("100.00"))
    make_plan_line(grant=grant, planned=Decimal("90.00"), kind="income", origin="grant")
    report = make_report(grant=grant)

    assert "plan" in open_codes(report)


def test_an_enterprise_without_size_blocks_where_sizes_are_counted_until_it_is_explained():
    grant, body = make_grant(), make_enterprise(name="Musterladen")
    case = make_case(project=grant.project, organisation=body)
    make_consultation(project=grant.project, organisation=body)
    report = make_report(grant=grant)
    assert not found(report, "size")
    make_target(grant=grant, indicator=make_indicator(rule="enterprises_by_size"))

    [finding] = found(report, "size")
    assert "Musterladen" in finding.text
    assert finding.owner == case.advisor.name
    assert finding.href == reverse("enterprises:size_new", args=[body.pk])

    manager = make_user(Role.MANAGER)
    report.explain(finding.code, by=manager, reason="Erklärung folgt.")
    report = Report.objects.get()
    assert not any(each.is_open for each in found(report, "size"))
    # What was explained of one enterprise explains no other.
    other = make_enterprise()
    make_consultation(project=grant.project, organisation=other)
    assert [each.is_open for each in found(report, "size")] == [True, True]
    make_size(other)
    make_size(body)
    assert not found(report, "size")


def test_a_withdrawn_declaration_is_none():
    grant, body = make_grant(), make_enterprise()
    make_target(grant=grant, indicator=make_indicator(rule="enterprises_by_size"))
    make_consultation(project=grant.project, organisation=body)
    make_size(body).withdraw(by=make_user(Role.MANAGER))

    assert found(make_report(grant=grant), "size")


# --- what deserves a look ---


def test_another_report_of_the_same_kind_with_some_of_the_same_days_deserves_a_look():
    grant = make_grant()

    def lasting(first, last, **fields):
        days = {"starts_on": date(YEAR, *first), "ends_on": date(YEAR, *last)}
        return make_report(grant=grant, **days, **fields)

    report = lasting((1, 1), (8, 31))
    other = lasting((6, 1), (12, 31))
    lasting((9, 1), (12, 31))
    lasting((6, 1), (12, 31), kind="indicators")

    [finding] = found(report, "beside")

    assert (finding.href, finding.is_open) == (other.get_absolute_url(), False)
    assert str(other) in finding.text
    assert not found(make_report(), "beside")


def test_what_deserves_a_look_is_named_with_its_owner():
    grant, advisor = make_grant(), make_user(name="Ada Muster")
    body = make_enterprise(name="Musterladen")
    make_consultation(project=grant.project, advisors=[advisor], organisation=body, district=None)
    make_consultation(project=grant.project, advisors=[advisor], district=make_district())
    make_case(project=grant.project, advisor=advisor, organisation=body)
    make_target(grant=grant, indicator=make_indicator(rule="people_eeco02"))
    make_participation(grant.project, person=make_person(name="Erika Beispiel"))
    make_voucher(line=make_plan_line(grant=grant), paid_on=date(YEAR + 1, 1, 1), number="B-9")
    Job.objects.create(
        organisation=body, title="Küche", kind=JobKind.NEW, fte=1, since=date(YEAR, 5, 1)
    )
    report = make_report(grant=grant, narrative={"summary": "Beraten."})

    [area] = found(report, "area")
    assert (area.owner, area.blocks) == ("Ada Muster", False)
    assert f"advisor={advisor.pk}" in area.href
    assert "Erika Beispiel" in found(report, "participant")[0].text
    assert "B-9" in found(report, "voucher")[0].text
    assert "Küche" in found(report, "job")[0].text
    assert found(report, "texts")
    assert not any(each.blocks for each in check(report).to_look_at)


@pytest.mark.parametrize("rows", [1, 12])
def test_checking_costs_the_same_however_much_there_is(rows, django_assert_max_num_queries):
    grant = make_grant()
    make_target(grant=grant, indicator=make_indicator(rule="enterprises_by_size"))
    for _ in range(rows):
        body = make_enterprise()
        make_case(project=grant.project, organisation=body, support_target="")
        make_consultation(project=grant.project, organisation=body)
    report = make_report(grant=grant)

    with django_assert_max_num_queries(43):
        assert len(found(report, "size")) == rows


def test_a_final_report_of_some_of_the_days_deserves_a_look():
    grant = make_grant()
    part = make_report(grant=grant, kind="final", ends_on=date(YEAR, 6, 30))

    assert found(part, "final-in-part")
    assert not found(make_report(grant=grant, kind="final"), "final-in-part")
    assert not found(make_report(grant=grant, ends_on=date(YEAR, 6, 30)), "final-in-part")


CODES = ("logos", "emblem", "statement", "logo-boxes")


@pytest.mark.parametrize(
    ("fund", "logos", "codes"),
    [
        ("LAND", [], {"logos"}),
        ("ESF", [], {"logos"}),
        ("ESF", [EU], {"statement"}),
        ("ESF", [EU | {"text": "Kofinanziert von der\nEuropäischen Union"}], set()),
        ("LAND", [EU], set()),
        ("EFRE", [BOX], {"emblem", "logo-boxes"}),
        ("LAND", [BOX], {"logo-boxes"}),
        ("LAND", [BOX | {"image": "iVBORw0KGgo="}], set()),
    ],
)
def test_a_row_of_logos_with_gaps_deserves_a_look(fund, logos, codes):
    grant = make_grant(programme=make_programme(code=fund), logos=logos)
    report = make_report(grant=grant)

    seen = [each for code in CODES for each in found(report, code)]

    assert {each.code for each in seen} == codes
    assert not any(each.blocks for each in seen)
    pages = ("reports:grant_edit", "reports:grant_logo")
    edit, logo = (reverse(each, args=[grant.ref]) for each in pages)
    assert {each.href for each in seen} <= {f"{edit}#rules", logo}


@pytest.mark.parametrize(
    ("begins", "is_wanted"), [(2020, False), (2021, True), (2029, True), (2031, False)]
)
def test_the_sentence_of_the_union_is_wanted_as_long_as_a_rule_wants_it(begins, is_wanted):
    """The rule the portal brings, until one of another time says otherwise."""
    AccountingRule.objects.filter(key="emblem").update(until=date(2030, 12, 31))
    make_accounting_rule(key="emblem", value=0, since=date(2031, 1, 1), until=None)
    grant = make_grant(
        programme=make_programme(code="ESF"),
        logos=[EU],
        project=make_project(starts_on=date(begins, 1, 1), ends_on=date(begins, 12, 31)),
        starts_on=date(begins, 1, 1),
        ends_on=date(begins, 12, 31),
    )

    assert lacks_statement(grant, grant.logos) is is_wanted


def test_older_periods_had_other_sentences():
    grant = make_grant(
        programme=make_programme(code="ESF"),
        logos=[EU],
        starts_on=date(2002, 12, 1),
        ends_on=date(2003, 11, 30),
    )

    assert not found(make_report(grant=grant), "statement")


def test_only_the_manager_explains():
    with pytest.raises(ValidationError):
        make_report().explain("size", by=make_user(), reason="Darum.")


# --- the pages ---


def test_the_page_shows_what_blocks_and_where_to_settle_it(manager):
    grant, body = make_grant(), make_enterprise()
    make_target(grant=grant, indicator=make_indicator(rule="enterprises_by_size"))
    make_consultation(project=grant.project, organisation=body)
    report = make_report(grant=grant)

    page = manager.get(reverse("reports:data_check", args=[report.pk])).content.decode()
    assert reverse("enterprises:size_new", args=[body.pk]) in page

    [finding] = found(report, "size")
    address = reverse("reports:explain", args=[report.pk, finding.code])
    empty = manager.post(address, {"reason": " "}).content.decode()
    assert "Schreiben Sie, warum der Bericht trotzdem hinausgeht." in empty
    manager.post(address, {"reason": "Erklärung folgt."})
    page = manager.get(reverse("reports:data_check", args=[report.pk])).content.decode()
    assert "Erklärung folgt." in page
    taken_back = manager.post(address, {"reason": ""}, follow=True).content.decode()
    assert "Die Begründung ist zurückgenommen." in taken_back
    assert found(report, "size")[0].is_open


@pytest.mark.parametrize("code", ["texts", "nothing"])
def test_only_what_may_be_explained_has_a_page(manager, code):
    address = reverse("reports:explain", args=[make_report().pk, code])

    assert manager.get(address).status_code == 404


def test_a_refused_release_says_so_on_the_page(manager):
    draft = make_draft(blocked("size"))

    page = manager.post(reverse("reports:release", args=[draft.pk]), follow=True)

    assert ReportVersion.objects.get().status == "ready"
    assert "2 " in str(list(page.context["messages"])[0])
