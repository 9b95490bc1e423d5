"""What goes out with a paper: its files tell no money, things or aid that it does not show."""

import pytest
from django.utils import timezone

from reports import paper
from reports.freezing import freeze
from reports.models import ReportKind
from reports.money_tables import money_tables
from tests.factories import make_grant, make_plan_line, make_report, make_version, make_voucher

pytestmark = pytest.mark.django_db
PAYEE = "Erika Mustermann (Kinderbetreuung)"


@pytest.mark.parametrize("kind", ReportKind.values)
def test_payees_stand_only_in_the_files_of_papers_that_list_vouchers(kind):
    grant = make_grant()
    line = make_plan_line(grant=grant)
    report = make_report(grant=grant, kind=kind)
    make_voucher(line=line, paid_on=report.starts_on, payee=PAYEE)
    document = freeze(make_version(report=report), at=timezone.now())
    shows = kind in ("interim", "final", "vouchers")

    files = {each.name: each.content for each in paper.attachments(document)}

    assert ("belege.csv" in files) == shows
    assert any(PAYEE.encode() in content for content in files.values()) == shows
    assert PAYEE in document.to_json()
    assert bool(money_tables(frozen_of(document))) == shows


def frozen_of(document):
    return {"cover": {"kind": document.cover.kind}, **paper.money_of(document)}
