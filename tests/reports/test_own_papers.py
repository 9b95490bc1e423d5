"""Papers of their own, and acceptances that came as letters."""

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from consultations.models import PeriodLock
from reports import paper
from reports.changes import changes
from reports.models import Acceptance, ReportKind
from tests.factories import (
    make_query,
    make_released,
    make_report,
    make_submitted,
    make_user,
    make_version,
)
from tests.reports.samples import make_cover, make_document
from tests.reports.test_changes import AID, BOOKED, DESK, SETTLED, spent

pytestmark = pytest.mark.django_db

HEADINGS = {
    "narrative": ("Sachbericht", "Zielerreichung"),
    "indicators": ("Zielerreichung", "Zählregeln"),
    "vouchers": ("Belege nach Positionen",),
    "status": ("Zum Stand", "Zielerreichung"),
}


@pytest.mark.parametrize("kind", HEADINGS)
def test_each_paper_has_its_parts_and_none_of_the_others(kind):
    document = make_document("senate", cover=make_cover("senate", kind=kind))

    html = paper.typeset(document).html

    for heading in HEADINGS[kind]:
        assert heading in html
    others = {each for headings in HEADINGS.values() for each in headings} - {*HEADINGS[kind]}
    for heading in others:
        assert f"{heading}</h2>" not in html
    assert html.count("<h1") == 1


@pytest.mark.parametrize("kind", ["narrative", "indicators", "status"])
def test_a_paper_counts_from_the_early_start_and_says_so(kind):
    def html(**cover):
        return paper.typeset(make_document(cover=make_cover(kind=kind, **cover))).html

    assert "zählt ab 01.12.2002" in html()
    assert "Maßnahmebeginn" not in html()
    assert "zählt ab 01.11.2002" in html(early_start="01.11.2002")
    assert "genehmigt ab 01.11.2002" in html(early_start="01.11.2002")
    assert "01.12.2002 – 31.12.2004" in html(early_start="01.11.2002")


def everything_differs(kind):
    """(what differs, by label) of two versions of a paper that differ in everything."""
    before = make_document(cover=make_cover(kind=kind), inventory=(DESK,), aid=(AID,))
    lines = (replace(spent().finances[3], vouchers=(BOOKED,), made_of="Pauschale"),)
    after = replace(
        make_document(rows=7, cover=make_cover(kind=kind, rate=Decimal(50), grantee="Anders")),
        narrative=tuple(replace(each, paragraphs=("Neu.",)) for each in before.narrative),
        indicators=tuple(replace(each, in_period=Decimal(1)) for each in before.indicators),
        rules=tuple(replace(each, version="2") for each in before.rules),
        breakdowns=before.breakdowns[:1],
        finances=lines,
        settlement=SETTLED,
        inventory=(),
        aid=(),
    )
    return {change.label for change in changes(after, json.loads(before.to_json()))}


TOLD = {
    "text": "Text: ",
    "figure": "BEST-BER Beratungen: Ist",
    "rule": "BEST-BER Beratungen: Zählregel",
    "table": "Beratungen nach Gebieten",
    "list": "Beratungen in der Liste",
    "voucher": "Belegliste",
    "made of": "Berechnung",
    "plan": "Finanzierungsplan",
    "settlement": "Ist-Ergebnis",
    "rate": "Fördersatz",
    "things": "Inventarverzeichnis",
    "aid": "De-minimis-Beihilfen",
}


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("interim", {*TOLD}),
        ("narrative", {"text", "figure", "list"}),
        ("indicators", {"figure", "rule", "table", "list"}),
        ("vouchers", {"voucher", "made of"}),
        ("status", {"text", "figure", "table", "list"}),
    ],
)
def test_a_paper_tells_the_changes_of_what_it_prints_and_of_nothing_else(kind, told):
    labels = everything_differs(kind)

    assert {
        name for name, start in TOLD.items() if any(each.startswith(start) for each in labels)
    } == told
    assert "Zuwendungsempfänger" in labels


def test_every_kind_has_a_name_for_its_file():
    names = {
        make_version(report=make_report(kind=kind)).file_name("pdf") for kind in ReportKind.values
    }

    assert len({name.split("_")[1] for name in names}) == len(ReportKind.values)


# --- letters ---


def note(version, **fields):
    fields = {
        "by": make_user(Role.MANAGER),
        "letter_on": timezone.localdate(),
        "letter_reference": "Az. 7",
    } | fields
    return Acceptance.objects.note_letter(version, **fields)


def test_an_acceptance_on_paper_locks_the_period_like_any_other():
    version = make_submitted()

    acceptance = note(version, remark="In Ordnung.")

    assert acceptance.lock == PeriodLock.objects.get()
    assert acceptance.letter_reference == "Az. 7"


@pytest.mark.parametrize(
    "fields",
    [
        {"letter_on": date(2020, 1, 1)},
        {"letter_on": timezone.localdate() + timedelta(days=1)},
        {"letter_reference": " "},
    ],
    ids=["before the submission", "to come", "no reference"],
)
def test_a_letter_that_cannot_be_is_refused(fields):
    with pytest.raises(ValidationError):
        note(make_submitted(), **fields)

    assert not Acceptance.objects.exists()


def test_only_the_manager_enters_letters_and_only_for_what_was_submitted():
    with pytest.raises(ValidationError):
        note(make_submitted(), by=make_user(Role.FUNDER))
    with pytest.raises(ValidationError):
        note(make_released())


def test_an_open_query_stops_a_letter_too():
    query = make_query()

    with pytest.raises(ValidationError):
        note(query.version)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("reports_acceptance_letter_is_whole", {"letter_reference": ""}),
        ("reports_acceptance_letter_has_come", {"letter_on": date(2099, 1, 1)}),
    ],
)
def test_a_letter_is_whole(constraint, fields):
    version = make_submitted()
    values = {"letter_on": timezone.localdate(), "letter_reference": "Az. 7"} | fields

    with pytest.raises(IntegrityError, match=constraint):
        Acceptance.objects.create(version=version, accepted_by=make_user(Role.MANAGER), **values)


def test_the_manager_enters_it_on_the_page(manager):
    version = make_submitted()
    address = reverse("reports:accept_letter", args=[version.pk])

    manager.post(address, {"letter_on": timezone.localdate(), "letter_reference": "Az. 7"})

    assert Acceptance.objects.get().letter_reference == "Az. 7"
    assert "Az. 7" in manager.get(version.report.get_absolute_url()).content.decode()
