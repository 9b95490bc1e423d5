"""Each report tells the rules of the programme as they were on the last day of its period."""

import json
from dataclasses import replace
from datetime import date

import pytest
from django.utils import timezone

from best_portal.accounts.models import Role
from reports import paper
from reports.changes import changes
from reports.document import Document
from reports.freezing import freeze
from reports.models import ProgrammeRule, ReportVersion
from reports.production import produce
from reports.reading import Reading
from tests.factories import (
    YEAR,
    frozen,
    let_out,
    make_grant,
    make_officer,
    make_programme_rule,
    make_report,
    make_submitted,
    make_user,
    make_version,
    produced,
)
from tests.reports.pages import address
from tests.reports.samples import PROGRAMME_RULES, make_cover, make_document
from tests.reports.test_programme_rules import LAST, NEXT, OPEN

pytestmark = pytest.mark.django_db


def of_year(grant, year=YEAR):
    days = {"starts_on": date(year, 1, 1), "ends_on": date(year, 12, 31)}
    return make_report(grant=grant, kind="interim", **days)


def test_a_report_tells_the_rules_of_its_last_day_and_no_note():
    grant = make_grant(starts_on=date(YEAR, 1, 1), ends_on=date(YEAR + 1, 12, 31))
    make_programme_rule(programme=grant.programme, version="1. Fassung", until=LAST)
    make_programme_rule(programme=grant.programme, version="2. Fassung", since=NEXT)
    make_programme_rule(programme=grant.programme, name="ANBest-P", source="Bescheid", **OPEN)
    make_programme_rule(name="Eines anderen Programms")

    document = freeze(make_version(report=of_year(grant)), at=timezone.now())
    html = paper.typeset(document).html

    told = [(row.name, row.version, row.is_confirmed) for row in document.programme_rules]
    assert told == [("ANBest-P", "", False), ("Muster-Richtlinie", "1. Fassung", True)]
    assert "Maßgebliche Regelwerke" in html
    assert f"bis 31.12.{YEAR}" in html
    assert html.count("nicht bestätigt") == 1
    assert "2. Fassung" not in html
    assert OPEN["note"] not in document.to_json()
    assert Document.from_json(document.to_json()) == document


def test_a_released_version_stays_as_it_was_and_the_next_one_tells_what_changed():
    grant = make_grant()
    rule = make_programme_rule(programme=grant.programme, version="1. Fassung")
    report = of_year(grant)
    version = ReportVersion.objects.claim(make_version(report=report).pk)
    version.finish(produce(version, lambda step: None), seconds=1)
    let_out(version, by=make_user(Role.MANAGER))

    ProgrammeRule.objects.filter(pk=rule.pk).update(version="2. Fassung")
    make_programme_rule(programme=grant.programme, name="ANBest-P", **OPEN)
    again = freeze(make_version(report=report, number=2, change_note="Neu"), at=timezone.now())

    frozen = ReportVersion.objects.get(pk=version.pk).frozen
    assert [row["version"] for row in frozen["programme_rules"]] == ["1. Fassung"]
    assert {each.label: (each.before, each.after) for each in again.changes} == {
        "Maßgebliches Regelwerk: ANBest-P": (
            "–",
            "Fassung –; gilt durchgehend; Quelle: –; nicht bestätigt",
        ),
        "Maßgebliches Regelwerk: Muster-Richtlinie": (
            "Fassung 1. Fassung; gilt durchgehend; Quelle: –",
            "Fassung 2. Fassung; gilt durchgehend; Quelle: –",
        ),
    }


def test_a_document_of_the_time_before_is_read_and_told_as_it_was():
    document = make_document()
    before = json.loads(document.to_json())
    del before["programme_rules"]

    read = Document.from_json(json.dumps(before))

    assert "Regelwerke" not in paper.typeset(read).html
    assert Reading(before).programme_rules == []
    assert "programme_rules" not in Reading(before).parts
    assert changes(document, before) == ()


@pytest.mark.parametrize("kind", ["narrative", "indicators", "vouchers", "status"])
def test_only_papers_with_counting_rules_tell_and_hand_out_the_programmes(kind):
    document = make_document(cover=make_cover(kind=kind))

    sheet = paper.typeset(document)

    handed_out = json.loads(sheet.attachments[0].content)["programme_rules"]
    is_told = kind == "indicators"
    assert ("Maßgebliche Regelwerke" in sheet.html) == bool(handed_out) == is_told
    other = replace(document, programme_rules=PROGRAMME_RULES[:1])
    assert bool(changes(other, json.loads(document.to_json()))) == is_told


def test_the_page_tells_them_and_the_funder_can_ask(sign_in):
    rows = json.loads(make_document().to_json())["programme_rules"]
    version = make_submitted(produced(frozen=frozen(programme_rules=rows)))
    older = make_submitted()
    client = sign_in(make_officer(version))
    make_officer(older)

    page = client.get(address("detail", version.report_id)).text
    asked = f"{address('query_new', version.pk)}?teil=programme_rules"

    assert "Muster-Amtsblatt" in page
    assert asked in page
    assert client.get(asked).status_code == 200
    told = sign_in(make_user(Role.MANAGER)).get(address("detail", older.report_id)).text
    assert "Muster-Amtsblatt" not in told
