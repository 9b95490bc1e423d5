"""The frozen document: what goes into JSON comes out unchanged."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from reports import german
from reports.document import Change, Document, printable
from tests.reports.samples import make_document


@pytest.mark.parametrize("form", ["senate", "esf", "efre"])
def test_a_document_survives_json_without_loss(form):
    document = make_document(
        form, changes=(Change("Beratungen", "12", "13"),), change_reason="Zwei Fälle nachgetragen"
    )

    again = Document.from_json(document.to_json())

    assert again == document
    assert again.to_json() == document.to_json()


def test_what_was_frozen_with_a_sentence_of_its_own_on_the_cover_reads_on():
    document = make_document()
    frozen = json.loads(document.to_json())
    assert "funding_statement" not in frozen["cover"]
    frozen["cover"]["funding_statement"] = ""

    assert Document.from_json(json.dumps(frozen)) == document


def test_amounts_stay_exact_and_dates_are_iso():
    cover = json.loads(make_document().to_json())["cover"]

    assert cover["granted_total"] == "194900.50"
    assert cover["period_from"] == "2002-12-01"
    assert cover["paid_total"] is None


def test_equal_content_has_an_equal_digest_and_other_content_another():
    document = make_document()

    assert document.digest == make_document().digest
    assert document.digest != replace(document, change_reason="anders").digest


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "–"),
        (0, "0"),
        (Decimal("0.00"), "0"),
        (1234.5, "1.234,5"),
        (Decimal("412.75"), "412,75"),
        (Decimal("1000000"), "1.000.000"),
        (Decimal("-3.5"), "−3,5"),
        (Decimal("1E+3"), "1.000"),
    ],
)
def test_numbers_are_written_the_german_way(value, written):
    assert german.number(value) == written


def test_money_has_two_decimals_and_its_unit_stays_on_the_line():
    assert german.euro(Decimal("1234.5")) == "1.234,50\u00a0EUR"
    assert german.percent(Decimal("42.5")) == "42,5\u00a0%"
    assert german.number(Decimal("0.005"), 2) == "0,01"


def test_a_year_has_four_digits_on_paper():
    assert german.day(date(206, 1, 1)) == "01.01.0206"
    assert german.day(date(2024, 12, 31)) == "31.12.2024"
    assert german.day(None) == "–"


def test_what_cannot_be_printed_is_left_out_and_all_else_stays():
    assert printable("a\x00b\x0bc\u202ed\ud800e\n\tÄß→ğ漢") == "abcde\n\tÄß→ğ漢"
