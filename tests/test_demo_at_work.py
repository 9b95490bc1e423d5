"""The demo with all its work, built once for all who look at it."""

import itertools
import json
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from best_portal import demo
from best_portal.accounts.models import Role
from consultations.models import Appointment, Consultation, Dossier, Project, WaitingEntry
from consultations.participation_rules import months_after
from enterprises.models import Document as Paper
from enterprises.models import Organisation
from reports import figures, money_findings, splits
from reports.data_check import check
from reports.document import Document
from reports.models import Grant, Report, ReportKind, ReportVersion
from reports.reading import Reading
from reports.scope import Scope
from tests.factories import make_user
from tests.reports.eu_sql import ENTERPRISES, PEOPLE
from tests.reports.pages import address
from tests.reports.test_cells import assert_cells_add_up
from tests.reports.test_figures import SQL as AGENCY
from tests.reports.test_figures import WORK, ask, make_scope

# One worker builds it (tests/scheduling.py), and takes it back after the last of these tests.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.usefixtures("the_demo"),
    pytest.mark.django_db,
]
SQL = ENTERPRISES | PEOPLE | AGENCY
# Every how many-th cell is opened in the browser, too.
EVERY = 9


@pytest.fixture(scope="module")
def the_demo(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        demo.build(today=timezone.localdate(), with_work=True, say=lambda sentence: None)
        yield
        transaction.set_rollback(True)


def test_the_demo_is_full_and_possible():
    today = timezone.localdate()

    by_project = dict(Project.objects.annotate(n=Count("consultations")).values_list("key", "n"))
    assert all(count > 250 for count in by_project.values())
    newest = Consultation.objects.latest("held_on").held_on
    assert today - timedelta(days=7) < newest < today
    assert Consultation.objects.filter(held_on__lt=today - timedelta(days=700)).exists()
    assert Appointment.objects.upcoming().count() >= 3
    waiting = WaitingEntry.objects.waiting()
    assert {entry.reached_by for entry in waiting} == {"mail", "phone"}
    assert waiting.filter(person__user__role=Role.FOUNDER).exists()
    assert waiting.filter(person=None).exists()
    assert Dossier.objects.unaccepted().exists()
    assert Dossier.objects.filter(accepted_at__isnull=False).exists()
    assert Paper.objects.expired().exists()
    assert Paper.objects.expiring().exists()
    assert Paper.objects.filter(uploaded_by__role=Role.FOUNDER).exists()
    for organisation in Organisation.objects.all():
        organisation.full_clean()
    for consultation in Consultation.objects.order_by("?")[:50]:
        consultation.full_clean()


def test_every_figure_of_the_demo_equals_plain_sql():
    compared = 0
    for grant in Grant.objects.all():
        days = (grant.starts_on, date(grant.starts_on.year + 1, 6, 30), grant.ends_on)
        for start, end in ((days[0], days[2]), (days[0], days[1]), (days[1], days[2])):
            scope = make_scope(grant, starts_on=start, ends_on=end)
            for rule, sql in SQL.items():
                for one in (scope, scope.cumulated):
                    figure = figures.RULES[rule](one)
                    assert_as_declared(figures.RULES[rule], figure)
                    assert figure.rounded(2).value == ask(sql, one), (grant.ref, rule, start, end)
                    compared += 1
            assert_splits_add_up(scope)

    # What is never measured has nothing to compare.
    assert compared == 6 * 3 * len(set(figures.RULES) - {"not_measured"}) * 2


def assert_as_declared(rule, figure):
    """A rule says of itself by which day it counts, and what it splits its number by."""
    days = {rule.dated, "first"} if rule.dated == "reached" else {rule.dated}
    assert figure.dated in ({"hidden"} if rule.breakdown == "answers" else days), rule
    assert bool(figure.parts) == bool(rule.breakdown), rule


def of_task(number):
    """What narrows SQL about consultations to one task of the project."""
    if number is None:
        return ""
    tasks = f"SELECT id FROM consultations_projecttask WHERE number = {number}"
    return f" AND c.task_id IN ({tasks})"


def test_the_six_tasks_of_pankow_have_their_figures():
    grant = Grant.objects.get(ref="best-pankow-efre")
    scope = make_scope(grant)
    for number in range(1, 7):
        work = WORK + of_task(number)
        for rule, what in (
            ("consultations", "count(*)"),
            ("hours", "round(sum(c.minutes) / 60.0, 2)"),
        ):
            value = figures.RULES[rule](scope.of_task(number)).rounded(2).value
            assert value == ask(f"SELECT {what} {work}", scope) > 0

    codes = {target.indicator.code: target for target in grant.targets.select_related("indicator")}
    counted = {code: figures.count(target, scope)[0].value for code, target in codes.items()}
    assert (counted["BEST-FOR"], counted["BEST-NET"], counted["BEST-KOO"]) == (20, 8, 1)
    assert sum(counted[f"BEST-A{number}"] for number in range(1, 7)) == counted["BEST-BER"]


def assert_splits_add_up(scope):
    number = ask(SQL["consultations"], scope)
    hours = ask(SQL["hours"], scope)
    tables = {item.key: item for item in splits.breakdowns(scope)}
    for key in tables.keys() & {"areas", "groups", "tasks"}:
        assert tables[key].total == (number, hours)
        assert sum(row.values[0] for row in tables[key].rows) == number
    assert sum(tables["months"].total) == number
    rows = splits.annex(scope)
    assert len(rows) == number
    assert Decimal(sum(row.minutes for row in rows)) / 60 == pytest.approx(
        hours, abs=Decimal("0.005")
    )


def test_the_demo_has_every_paper_for_each_project_and_all_their_books_add_up():
    papers, sums = set(), 0
    for version in ReportVersion.objects.readable().select_related("report__grant"):
        papers.add((version.report.grant.project_id, version.report.kind))
        document = Document.from_json(json.dumps(version.frozen))
        sums += assert_books_add_up(document)
        if document.settlement:
            assert_balanced(document)

    assert {kind for _project, kind in papers} == set(ReportKind.values)
    for project in Project.objects.all():
        assert {kind for key, kind in papers if key == project.pk} & {"interim", "final"}
    assert sums > 20


def assert_books_add_up(document):
    """funding.md §1.6: the vouchers of a position are its line, none counts outside the grant."""
    compared = 0
    cover = document.cover
    for line in document.finances:
        if line.vouchers:
            assert sum(row.amount for row in line.vouchers) == line.actual
            assert sum(row.eligible for row in line.vouchers) == line.actual_eligible
            compared += 1
        for row in line.vouchers:
            if line.kind == "expense" and not cover.granted_from <= row.paid_on <= cover.granted_to:
                assert row.note or row.eligible == 0
    return compared


def assert_balanced(document):
    def since_start(kind):
        return sum(line.since_start for line in document.finances if line.kind == kind)

    assert since_start("income") - since_start("expense") == document.settlement.balance


def test_the_demo_asks_for_money_as_each_funder_pays_it():
    for grant in Grant.objects.all():
        for asked in grant.payment_requests.all():
            if grant.asks_in_advance:
                assert asked.ends_on < months_after(asked.starts_on, 2)
            else:
                assert asked.requested_on > asked.ends_on
    for report in Report.objects.all():
        bills = money_findings.alike(report)
        assert not list(money_findings.of_payments(report))
        assert not list(money_findings.of_doubles(report, bills))
        assert not list(money_findings.of_double_funding(report, bills))


def test_no_report_of_the_demo_counts_a_person_and_their_enterprise():
    found = [
        (report.grant.ref, each.text)
        for report in Report.objects.all()
        for each in check(report).open
        if each.code.startswith("person-and-firm")
    ]
    assert found == []


def test_every_number_of_the_demos_reports_opens_rows_that_add_up_to_it(sign_in):
    released = ReportVersion.objects.released()
    browser = sign_in(make_user(Role.MANAGER))

    cells = figures = 0
    turns = itertools.count()
    for version in released:
        reading = Reading(version.frozen)

        def open_cell(*place, version=version, reading=reading):
            evidence = reading.evidence_of_cell(*place)
            if next(turns) % EVERY == 0:
                page = browser.get(address("cell", version.pk, *place))
                assert page.context["evidence"].rows == evidence.rows
            return evidence

        cells += assert_cells_add_up(version, open_cell)
        figures += assert_figures_add_up(version, browser)

    funds = {version.report.grant.profile for version in released}
    assert funds == {"senate", "esf", "efre"}
    assert cells > 50 * released.count()
    assert figures > 5 * 2 * released.count()


def assert_figures_add_up(version, browser):
    report = version.report
    scope = Scope.of(report.grant, report.starts_on, report.ends_on)
    targets = report.grant.targets.select_related("indicator")
    for target in targets:
        code, rule = target.indicator.code, target.indicator.rule
        for name, period in (("figure", scope), ("figure_cumulated", scope.cumulated)):
            page = browser.get(address(name, version.pk, code))
            evidence = page.context["evidence"]
            counted = ask(SQL[rule] + of_task(target.indicator.task), period)
            assert evidence.total == evidence.value == counted, (report, code, name)
    return 2 * len(targets)
