"""The data check: what blocks a report, what deserves a look, and what its release refuses."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
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
    make_released,
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
