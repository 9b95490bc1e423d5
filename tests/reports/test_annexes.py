"""The lists beside the figures: things bought with the money, and de minimis aids of the period."""

from datetime import timedelta
from decimal import Decimal

import page
import pytest
from django.db import connection

from reports import paper
from reports.annexes import aid, inventory
from reports.document import Document
from reports.freezing import freeze
from tests.factories import (
    make_aid_grant,
    make_award,
    make_consultation,
    make_enterprise,
    make_grant,
    make_plan_line,
    make_report,
    make_thing,
    make_version,
    make_voucher,
)
from tests.reports.samples import GENERATED, make_document
from tests.reports.test_paper import PROFILES, text_of

pytestmark = pytest.mark.django_db
SUM = """
SELECT count(*), sum(amount) FROM reports_deminimisaward
WHERE grant_id = %s AND revoked_at IS NULL AND granted_on BETWEEN %s AND %s
"""


def test_things_stand_as_they_were_on_the_last_day():
    grant = make_grant()
    day = grant.starts_on + timedelta(days=30)
    voucher = make_voucher(line=make_plan_line(grant=grant), number="B-7")
    make_thing(grant=grant, name="Laptop", bought_on=day, place="Büro", voucher=voucher)
    make_thing(
        grant=grant, name="Beamer", bought_on=day, gone_on=day, gone_because="gestohlen gemeldet"
    )
    make_thing(
        grant=grant,
        name="Drucker",
        bought_on=day,
        gone_on=day + timedelta(days=1),
        gone_because="verkauft",
    )
    make_thing(grant=grant, name="Später", bought_on=day + timedelta(days=1))
    make_thing(name="Fremd", bought_on=day)

    rows = {row.name: row for row in inventory(grant, day)}

    assert list(rows) == ["Laptop", "Beamer", "Drucker"]
    assert (rows["Laptop"].voucher, rows["Laptop"].place) == ("B-7", "Büro")
    assert (rows["Beamer"].gone_on, rows["Beamer"].gone_because) == (day, "gestohlen gemeldet")
    assert (rows["Drucker"].gone_on, rows["Drucker"].gone_because) == (None, "")


def awarded(grant, day, **fields):
    enterprise = make_enterprise(name="Geheimname")
    held = make_consultation(project=grant.project, organisation=enterprise, held_on=day)
    return make_award(grant=grant, organisation=enterprise, consultation=held, **fields)


def test_aid_is_that_of_the_period_in_force_and_adds_up_like_plain_sql():
    grant = make_aid_grant()
    first, last = grant.starts_on, grant.starts_on + timedelta(days=90)
    made = [awarded(grant, day) for day in (first, last, last + timedelta(days=1))]
    revoked = awarded(grant, first)
    revoked.revoke(by=revoked.awarded_by, because="Irrtum")
    make_award()

    rows = aid(grant, first, last)

    assert [row.certificate for row in rows] == [award.number for award in made[:2]]
    with connection.cursor() as cursor:
        cursor.execute(SUM, [grant.pk, first, last])
        assert cursor.fetchone() == (len(rows), sum(row.amount for row in rows))


def test_the_paper_has_them_behind_the_consultations_and_names_nobody(tmp_path):
    grant = make_aid_grant()
    awarded(grant, grant.starts_on)
    make_thing(grant=grant, name="Laptop", mark="BEST-0007", price=Decimal("1234.50"))
    version = make_version(report=make_report(grant=grant, ends_on=grant.ends_on))

    document = freeze(version, at=GENERATED)
    printed = paper.produce(document)

    text = " ".join(text_of(printed).split())
    headings = ("Liste der Beratungen", "Inventarverzeichnis", "De-minimis-Beihilfen", "Zählregeln")
    assert [f"Anlage {n}: {name}" in text for n, name in enumerate(headings, 1)] == [True] * 4
    assert "BEST-0007" in text
    assert "1.234,50" in text
    assert "DM-" in text
    assert "Geheimname" not in text
    file = tmp_path / "x.pdf"
    file.write_bytes(printed.content)
    for profile in PROFILES:
        assert [f.message for f in page.validate_pdf(str(file), profile=profile).failures] == []
    assert Document.from_json(document.to_json()) == document


def test_without_any_the_counting_rules_follow_the_consultations():
    html = paper.typeset(make_document()).html

    assert "Anlage 2: Zählregeln" in html
    assert "Inventarverzeichnis" not in html
