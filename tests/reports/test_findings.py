"""The data check: what blocks a report, what deserves a look, and what its release refuses."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from consultations.models import Attendance
from enterprises.models import Job, JobKind
from reports.checks import missed
from reports.data_check import check
from reports.document import plain
from reports.figures import Figure
from reports.findings import counted_for
from reports.freezing import freeze
from reports.freezing import line as line_of
from reports.models import Report, ReportVersion, Submission, SubmissionWay
from reports.reading import Reading
from tests.factories import (
    COMPLETE,
    YEAR,
    checked_file,
    frozen,
    make_case,
    make_consultation,
    make_cost_method,
    make_district,
    make_draft,
    make_enterprise,
    make_grant,
    make_indicator,
    make_participation,
    make_payment,
    make_person,
    make_plan_line,
    make_released,
    make_report,
    make_size,
    make_target,
    make_user,
    make_version,
    make_voucher,
    produced,
    write_answers,
)

pytestmark = pytest.mark.django_db


def found(report, code):
    """The findings of a code, or of one that goes on with just the rows it is about."""
    return [
        each
        for each in check(report).found
        if each.code == code or re.fullmatch(rf"{code}-[0-9a-f]{{8}}", each.code)
    ]


def open_codes(report):
    return {each.code for each in check(report).open}


def blocked(*codes):
    return produced(frozen=frozen(blocked_by=list(codes)))


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


def test_a_target_missed_by_less_than_its_printed_percent_shows_is_missed():
    target = make_target(grant=make_grant(), indicator=make_indicator(), value=2000)
    report = make_report(grant=target.grant, ends_on=target.grant.ends_on)
    figures = [Figure(Decimal(value), ()) for value in (1999, 2000)]

    pairs = counted_for(report, [(target, figure, figure) for figure in figures])

    assert [each.is_missed for each in pairs] == [True, False]
    [figure] = Reading({"indicators": [plain(line_of(target, *figures[:1] * 2, ""))]}).figures
    assert (figure.percent, figure.is_missed) == (Decimal("100.0"), True)
    assert "1.999 von 2.000" in missed(figure, elapsed=100)


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
        assert "3 statt des Etappenziels von 4 bis 31.03." in missed(figure, elapsed=25)

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


def make_both(role="founder", support_target="enterprise", **involvement):
    """A participant and an enterprise of a grant that counts both, with the part one has in it."""
    grant, body = make_grant(), make_enterprise(name="Musterladen")
    make_size(body)
    for rule in ("people_eeco05", "small_enterprises"):
        make_target(grant=grant, indicator=make_indicator(rule=rule))
    case = make_case(project=grant.project, organisation=body, support_target=support_target)
    talk = make_consultation(project=grant.project, organisation=body, case=case)
    person = make_person(name="Erika Beispiel", birth_on=date(1990, 5, 17))
    participation = make_participation(grant.project, person=person)
    write_answers(participation, **COMPLETE)
    if role:
        body.involvements.create(person=person, role=role, **involvement)
    return make_report(grant=grant), participation, talk


def test_a_person_and_their_enterprise_that_both_count_block_until_it_is_explained():
    report, participation, _talk = make_both()
    report.grant.project.team.add(make_user(name="Ada Muster"))

    [finding] = found(report, "person-and-firm")
    assert "Erika Beispiel" in finding.text
    assert "Musterladen" in finding.text
    assert "Ada Muster" in finding.owner
    assert finding.href == participation.get_absolute_url()
    assert finding.code in open_codes(report)

    report.explain(finding.code, by=make_user(Role.MANAGER), reason="Erst Person, dann Betrieb.")
    assert finding.code not in open_codes(Report.objects.get())


@pytest.mark.parametrize(
    "both",
    [
        {"role": "employee"},
        {"role": None},
        {"support_target": "person"},
        {"until": date(YEAR - 1, 12, 31)},
    ],
)
def test_only_who_leads_an_enterprise_that_counts_itself_is_counted_twice(both):
    report, _participation, _talk = make_both(**both)

    assert not found(report, "person-and-firm")


def test_whoever_came_to_the_talks_of_an_enterprise_that_counts_is_counted_twice():
    report, participation, talk = make_both(role=None)
    body = talk.organisation
    Attendance.objects.create(consultation=talk, person=participation.person, organisation=body)

    assert found(report, "person-and-firm")


def test_a_grant_that_counts_no_people_counts_nobody_twice():
    report, _participation, _talk = make_both()
    report.grant.targets.filter(indicator__rule="people_eeco05").delete()

    assert not found(report, "person-and-firm")


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

    with django_assert_max_num_queries(42):
        assert len(found(report, "size")) == rows


# --- money ---


def test_notices_and_a_rate_that_do_not_give_the_amount_deserve_a_look():
    grant = make_grant(financing="share", rate=Decimal("40.50"), amount=Decimal("50000.00"))
    make_plan_line(grant=grant, planned=Decimal("80000.00"))
    grant.notices.create(issued_on=date(YEAR, 1, 1), reference="1", amount=Decimal("40000.00"))
    grant.notices.create(issued_on=date(YEAR, 2, 1), reference="2", amount=Decimal("12000.00"))
    report = make_report(grant=grant)

    assert found(report, "notices")[0].href.endswith("#notices")
    assert "32.400,00 EUR" in found(report, "rate")[0].text

    grant.notices.create(issued_on=date(YEAR, 3, 1), reference="3", amount=Decimal("32400.00"))
    grant.amount = Decimal("32400.00")
    grant.save()
    report = Report.objects.get()
    assert not found(report, "notices")
    assert not found(report, "rate")


def test_vouchers_of_the_period_without_a_file_are_counted():
    line = make_plan_line()
    make_voucher(line=line, paid_on=date(YEAR, 6, 30))
    make_voucher(line=line, paid_on=date(YEAR, 6, 30), file=checked_file())
    make_voucher(line=line, paid_on=date(YEAR, 7, 1))
    report = make_report(grant=line.grant, ends_on=date(YEAR, 6, 30))

    [finding] = found(report, "bare")

    assert finding.text.startswith("1 Beleg ")
    assert finding.href.endswith(f"?state=bare&since=1990-01-01&until={YEAR}-06-30")


def test_one_bill_in_two_grants_blocks_until_it_is_explained_and_a_likely_one_does_not():
    grant = make_grant()
    other = make_grant(project=grant.project, reference="Az. Zwei")
    mine, theirs = make_plan_line(grant=grant), make_plan_line(grant=other)
    make_voucher(line=mine, number="R-1", payee="Muster GmbH")
    make_voucher(line=theirs, number="r-1", payee="MUSTER GmbH")
    make_voucher(line=mine, number="R-2", payee="Muster GmbH")
    make_voucher(line=mine, number="R-3", payee="Muster GmbH", amount=Decimal("100.01"))
    make_voucher(number="R-1", payee="Muster GmbH")
    report = make_report(grant=grant)
    code = f"double-funding-{other.ref}"

    [finding] = found(report, code)
    assert finding.is_open
    assert "R-1" in finding.text
    assert "Az. Zwei" in finding.text
    doubles = found(report, "double")
    assert [("R-2" in each.text, each.blocks) for each in doubles] == [(True, False)] * 2

    manager = make_user(Role.MANAGER)
    report.explain(finding.code, by=manager, reason="Jeder Plan nennt das andere Geld.")
    report = Report.objects.get()
    assert not found(report, code)[0].is_open
    # What was explained of one bill explains no other.
    for line in (mine, theirs):
        make_voucher(line=line, number="R-9", payee="Beispiel GmbH")
    assert found(report, code)[0].is_open
    assert not found(make_report(grant=grant, starts_on=date(YEAR, 2, 1)), "double")


def test_one_expense_in_two_grants_whose_plans_name_each_other_is_no_double_funding():
    grant = make_grant()
    other = make_grant(project=grant.project)
    income = {"kind": "income", "origin": "other_grant"}
    make_plan_line(grant=grant, **income)
    for each in (grant, other):
        make_voucher(line=make_plan_line(grant=each), number="P-1")
    report = make_report(grant=grant)
    code = f"double-funding-{other.ref}"
    assert found(report, code)[0].is_open

    make_plan_line(grant=other, **income)

    assert not found(report, code)
    assert not found(report, "double")
    assert not grant.vouchers.get().oddities


def test_the_same_income_in_two_grants_is_no_double_funding():
    grant = make_grant()
    other = make_grant(project=grant.project)
    for each in (grant, other):
        line = make_plan_line(grant=each, kind="income")
        make_voucher(line=line, number="E-1", payee="Muster-Stiftung")

    report = make_report(grant=grant)

    assert not any(code.startswith("double-funding") for code in open_codes(report))
    assert found(report, "double")
    for each in (grant, other):
        make_plan_line(grant=each, kind="income", origin="other_grant")
    assert not found(report, "double")


def test_nothing_else_is_eligible_beside_a_rate_that_covers_the_rest():
    grant = make_grant()
    rest = make_cost_method(rate=Decimal("40.00"), covers_rest=True)
    make_voucher(line=make_plan_line(grant=grant, costing="staff"))
    make_plan_line(grant=grant, costing="flat", method=rest)
    goods = make_plan_line(grant=grant, label="Büromiete")
    report = make_report(grant=grant)
    assert not found(report, "rest")

    make_voucher(line=goods)

    [finding] = found(report, "rest")
    assert finding.is_open
    assert "Büromiete" in finding.text
    report.explain(finding.code, by=make_user(Role.MANAGER), reason="Einkommen der Teilnehmenden.")
    assert not found(Report.objects.get(), "rest")[0].is_open


def test_money_that_has_come_needs_its_line_in_the_plan():
    grant, manager = make_grant(), make_user(Role.MANAGER)
    make_plan_line(grant=grant)
    asked, report = make_payment(grant=grant), make_report(grant=grant)
    assert not found(report, "own-line")
    asked.note_paid(by=manager, paid_on=grant.ends_on, paid_amount=Decimal("400.00"))

    assert found(report, "own-line")[0].is_open
    make_plan_line(grant=grant, kind="income", origin="grant")
    assert not found(report, "own-line")


def test_money_called_for_is_spent_within_two_months():
    grant, manager = make_grant(profile="senate"), make_user(Role.MANAGER)
    line = make_plan_line(grant=grant, planned=Decimal("5000.00"))
    for month, amount in ((1, "1000.00"), (3, "500.00")):
        day = date(YEAR, month, 15)
        asked = make_payment(
            grant=grant, amount=Decimal(amount), requested_on=day, ends_on=date(YEAR, 12, 31)
        )
        asked.note_paid(by=manager, paid_on=day, paid_amount=asked.amount)
    make_voucher(line=line, paid_on=date(YEAR, 3, 15), amount=Decimal("700.00"))
    make_voucher(line=line, paid_on=date(YEAR, 5, 15), amount=Decimal("800.00"))
    report = make_report(grant=grant)

    [finding] = found(report, "unspent")

    assert "300,00 EUR" in finding.text
    assert f"15.03.{YEAR}" in finding.text
    assert finding.href == reverse(
        "reports:payment", args=[grant.ref, grant.payment_requests.get(number=1).pk]
    )


# --- release and submission ---


def test_what_blocks_is_frozen_with_the_version():
    grant = make_grant()
    target = make_target(grant=grant, value=100)

    document = freeze(make_version(report=make_report(grant=grant)), at=timezone.now())

    assert document.blocked_by == (f"target:{target.indicator.code}", "no-text")


def test_a_version_whose_data_block_is_not_released_until_it_is_explained():
    manager = make_user(Role.MANAGER)
    draft = make_draft(blocked("size"))
    with pytest.raises(ValidationError):
        draft.release(by=manager)

    draft.report.explain("size", by=manager, reason="Erklärung folgt.")
    draft.release(by=manager)

    assert ReportVersion.objects.get().is_released
    assert (
        Event.objects.filter(verb="report.explained").get().details["reason"] == "Erklärung folgt."
    )


def test_a_reason_that_is_taken_back_stops_the_submission():
    manager = make_user(Role.MANAGER)
    draft = make_draft(blocked("size"))
    draft.report.explain("size", by=manager, reason="Erklärung folgt.")
    draft.release(by=manager)
    draft.report.explain("size", by=manager, reason=" ")

    with pytest.raises(ValidationError):
        Submission.objects.hand_in(
            draft, by=manager, submitted_on=timezone.localdate(), way=SubmissionWay.POST
        )


def test_a_version_from_before_the_check_is_not_stopped_by_it():
    assert make_released().is_released


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
    draft = make_draft(blocked("size", "plan"))

    page = manager.post(reverse("reports:release", args=[draft.pk]), follow=True)

    assert ReportVersion.objects.get().status == "ready"
    assert "2 " in str(list(page.context["messages"])[0])
