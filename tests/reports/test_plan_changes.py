"""What is planned stays once a report told of them, unless a notice says otherwise."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from best_portal.accounts.models import Role
from reports import german
from reports.freezing import freeze
from reports.models import FinancingPlanLine, GrantChange
from reports.models.grant_change import plan_of, stipulations
from tests.factories import (
    make_cost_method,
    make_grant,
    make_plan_line,
    make_report,
    make_user,
    make_version,
)
from tests.reports.test_grant_changes import errors_of, kept, make_notice, make_reported, post

pytestmark = pytest.mark.django_db


def plan_rows(*lines, new=0, **fields):
    """The rows of the table of the plan; `fields` are typed into the first one."""
    data = {
        "plan_lines-TOTAL_FORMS": str(len(lines) + new),
        "plan_lines-INITIAL_FORMS": str(len(lines)),
    }
    names = ["id", "kind", "position", "label", "planned", "eligible", "costing", "origin"]
    for number, line in enumerate(lines):
        row = {name: getattr(line, name) for name in names} | (fields if not number else {})
        data |= {
            f"plan_lines-{number}-{name}": value for name, value in row.items() if value is not None
        }
    return data


def make_plan(grant):
    fees = make_plan_line(grant=grant, position="1.2", label="Honorare", planned=4000)
    room = make_plan_line(
        grant=grant, position="1.3", label="Miete", planned=Decimal(900), eligible=Decimal(600)
    )
    return FinancingPlanLine.objects.get(pk=fees.pk), FinancingPlanLine.objects.get(pk=room.pk)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"planned": "5000"}, [("planned", "1.2 Honorare", "4000.00", "5000.00")]),
        ({"eligible": "3000"}, [("eligible", "1.2 Honorare", "4000.00", "3000.00")]),
        (
            {"DELETE": "on"},
            [("planned", "1.2 Honorare", "4000.00", "")],
        ),
        ({"costing": "staff"}, [("costing", "1.2 Honorare", "real", "staff")]),
        (
            {"kind": "income", "origin": "own"},
            [
                ("kind", "1.2 Honorare", "expense", "income"),
                ("origin", "1.2 Honorare", "", "own"),
            ],
        ),
    ],
)
def test_a_line_changes_only_with_the_notice_that_says_so(sign_in, typed, told):
    grant = make_reported()
    notice, plan = make_notice(grant), make_plan(grant)

    page = post(sign_in, grant, **kept(notice), **plan_rows(*plan, **typed))
    assert set(errors_of(page)) == {"said_by", "change_note"}
    assert FinancingPlanLine.objects.get(pk=plan[0].pk) == plan[0]

    said = {"said_by": notice.pk, "change_note": "Umgeschichtet"}
    post(sign_in, grant, **kept(notice), **plan_rows(*plan, **typed), **said)

    changes = GrantChange.objects.filter(notice=notice, note="Umgeschichtet")
    assert list(changes.values_list("field", "line", "before", "after")) == told


def test_a_further_line_of_the_plan_needs_a_notice_too(sign_in):
    grant = make_reported()
    notice, plan = make_notice(grant), make_plan(grant)
    rows = plan_rows(*plan, new=1)
    row = {"kind": "expense", "position": "1.4", "label": "Druck", "planned": "300"}
    row |= {"eligible": "200", "costing": "real"}
    rows |= {f"plan_lines-2-{name}": value for name, value in row.items()}

    page = post(sign_in, grant, **kept(notice), **rows)
    assert set(errors_of(page)) == {"said_by", "change_note"}
    said = {"said_by": notice.pk, "change_note": "Auf Antrag"}
    post(sign_in, grant, **kept(notice), **rows, **said)

    assert [str(each) for each in GrantChange.objects.all()] == [
        "1.4 Druck, geplanter Betrag: – → 300,00\u00a0EUR",
        "1.4 Druck, geplanter Betrag, davon zuwendungsfähig: – → 200,00\u00a0EUR",
    ]


@pytest.mark.parametrize(
    "typed", [{"label": "Honorare und Reisen"}, {"position": "1.9"}, {"eligible": "4000"}]
)
def test_other_words_for_the_same_line_need_no_notice(sign_in, typed):
    grant = make_reported()
    notice, plan = make_notice(grant), make_plan(grant)

    post(sign_in, grant, **kept(notice), **plan_rows(*plan, **typed))

    [(name, value)] = typed.items()
    assert str(getattr(FinancingPlanLine.objects.get(pk=plan[0].pk), name)).startswith(value)
    assert not GrantChange.objects.exists()


def test_later_reports_say_what_a_notice_changed_of_the_plan(sign_in):
    grant = make_reported()
    notice, plan = make_notice(grant), make_plan(grant)
    report = make_report(grant=grant, starts_on=date(2024, 11, 1), ends_on=date(2024, 12, 31))
    said = {"said_by": notice.pk, "change_note": "Umgeschichtet"}
    post(sign_in, grant, **kept(notice), **plan_rows(*plan, planned="5000"), **said)

    [cover] = freeze(make_version(report=report), at=timezone.now()).cover.notices

    assert cover.changes == (
        "Finanzierungsplan, 1.2 Honorare bisher 4.000,00\u00a0EUR, jetzt 5.000,00\u00a0EUR "
        "(Umgeschichtet)",
    )
    page = sign_in(make_user(Role.MANAGER)).get(grant.get_absolute_url()).text
    assert "1.2 Honorare, geplanter Betrag: 5.000,00\u00a0EUR, vorher 4.000,00\u00a0EUR" in page


def test_a_line_that_is_new_or_gone_is_said_so_on_paper():
    grant = make_grant()
    notice = make_notice(grant)
    plan, line = plan_of(grant), make_plan_line(grant=grant, position="1.2", label="Honorare")
    line.refresh_from_db()
    common = {"by": make_user(Role.MANAGER), "before": stipulations(grant), "notice": notice}

    [added] = GrantChange.objects.keep(grant, plan=plan, note="Neu", **common)
    plan = plan_of(grant)
    line.delete()
    [gone] = GrantChange.objects.keep(grant, plan=plan, note="Weg", **common)

    amount = german.euro(line.planned)
    assert added.on_paper == (
        f"Finanzierungsplan, 1.2 Honorare bisher nicht vorgesehen, jetzt {amount}"
    )
    assert gone.on_paper == f"Finanzierungsplan, 1.2 Honorare bisher {amount}, jetzt gestrichen"


def test_what_a_line_is_made_of_is_said_on_paper_with_the_day_of_its_method():
    grant = make_grant()
    notice = make_notice(grant)
    make_plan_line(grant=grant, position="2", label="Restkosten", planned=Decimal(900))
    name = "Restkosten"
    old = make_cost_method(name=name, since=date(2014, 1, 1), until=date(2020, 12, 31))
    new = make_cost_method(name=name, since=date(2021, 1, 1), rate=40)
    common = {"by": make_user(Role.MANAGER), "before": stipulations(grant), "notice": notice}

    def told(note, **fields):
        plan = plan_of(grant)
        grant.plan_lines.update(**fields)
        changes = GrantChange.objects.keep(grant, plan=plan, note=note, **common)
        return [each.on_paper.removeprefix("Finanzierungsplan, 2 Restkosten, ") for each in changes]

    assert told("Pauschale", costing="flat", method=old) == [
        "ermittelt durch bisher Belege, jetzt Pauschale",
        "Kostenmethode bisher –, jetzt Restkosten, gültig ab 01.01.2014",
    ]
    assert told("Höher", method=new) == [
        "Kostenmethode bisher Restkosten, gültig ab 01.01.2014, "
        "jetzt Restkosten, gültig ab 01.01.2021",
    ]
