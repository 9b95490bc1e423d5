"""A published list is read in both shapes, and what is wrong in it is told row by row."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from best_portal.imports.columns import find_table, propose
from best_portal.imports.guard import UnreadableFile
from best_portal.imports.preview import lines_of
from best_portal.imports.sheet import read_sheets
from enterprises.operations import preview
from enterprises.operations.columns import OperationColumns
from enterprises.operations.rows import OperationReader
from enterprises.operations.sentences import SENTENCES
from enterprises.operations.titles import day_of, period_of
from tests.enterprises.published import ESF_HEADINGS, ROW, efre_file, esf_file, row

MEANINGS = OperationColumns()


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def table_of(file, name):
    return find_table(read_sheets(file, name), MEANINGS)


def list_of(file, name="liste.csv", **options):
    table = table_of(file, name)
    return OperationReader(table, propose(table, MEANINGS), "esf").read_all(**options)


def codes_of(found):
    return [(problem.row, problem.column, problem.code) for problem in found.problems]


def test_a_row_of_text_becomes_an_operation():
    (entry,) = list_of(esf_file()).entries

    assert (entry.beneficiary, entry.name) == ("Muster Träger gGmbH", "Lernküche")
    assert entry.summary == "Kochen „und“\n\n lernen"
    assert (entry.start, entry.end) == (date(2022, 4, 4), date(2023, 9, 30))
    assert (entry.amount, entry.share) == (Decimal("91100.16"), Decimal("49.92"))
    assert (entry.postcode, entry.country) == ("10997", "DE300")
    assert entry.category == "117 - Lernen, lebenslang"


def test_a_row_of_a_workbook_below_two_rows_of_headings_becomes_an_operation():
    found = list_of(efre_file(), "efre.xlsx")

    assert (found.problems, found.ignored) == ((), ())
    (entry,) = found.entries
    assert (entry.row, entry.beneficiary) == (5, "Muster Technik GmbH")
    assert (entry.amount, entry.share) == (Decimal("142500.00"), Decimal("50.00"))
    assert (entry.start, entry.end) == (date(2022, 1, 1), date(2023, 12, 31))
    assert (entry.postcode, entry.country, entry.category) == ("10825", "Deutschland", "56")
    assert entry.summary == "Ein Text\nin Zeilen"


def test_the_headings_may_be_english_alone():
    english = (
        "beneficiary name,operation name,operation summary,operation start date,"
        "operation end date,total eligible expenditure,co-financing rate,operation postcode,"
        "country,category of intervention"
    )

    (entry,) = list_of(esf_file(headings=english)).entries

    assert entry.amount == Decimal("91100.16")


def test_the_day_of_the_list_stands_above_it_and_the_period_in_its_name():
    table = table_of(efre_file(), "efre.xlsx")
    entries = OperationReader(table, propose(table, MEANINGS), "efre").read_all().entries

    assert day_of(table) == date(2023, 3, 30)
    assert day_of(table_of(esf_file(), "esf.csv")) is None
    assert period_of("efre_berlin_2014_2020.xlsx", entries) == "2014–2020"
    assert period_of("Liste 2021-2027.xlsx", entries) == "2021–2027"
    assert period_of("Liste vom 20220401.xlsx", entries) == "2021–2027"
    assert period_of("liste.csv", ()) == ""


def test_a_row_tells_all_its_problems_at_once():
    found = list_of(esf_file(row("", "", start="31.02.2022", amount="viel", share="200%")))

    assert [code for _row, _column, code in codes_of(found)] == [
        "no_beneficiary",
        "no_name",
        "impossible_date",
        "unreadable_amount",
        "unreadable_share",
    ]
    assert all(problem.sentence.endswith((".", "%.")) for problem in found.problems)


def test_an_operation_does_not_end_before_it_begins():
    found = list_of(esf_file(row(end="03.04.2022")))

    assert codes_of(found) == [(2, "Datum des Endes", "end_before_start")]


def test_every_problem_has_a_sentence_that_ends():
    assert all(str(sentence).endswith(".") for sentence in SENTENCES.values())


def test_sums_and_repeated_headings_are_left_out():
    found = list_of(esf_file(row(), 'Summe,,,,,"91.100,16 €",,,,', ESF_HEADINGS, ",,,,,12,,,,"))

    assert len(found.entries) == 1
    assert [ignored.reason for ignored in found.ignored] == ["subtotal", "heading", "subtotal"]


def test_a_copy_is_a_duplicate_and_what_is_there_already_too():
    again = ROW.replace("Muster Träger", "MUSTER  Traeger").replace("lernen", "anders erzählt")
    (entry,) = list_of(esf_file()).entries

    assert [copy.of for copy in list_of(esf_file(ROW, again)).duplicates] == [2]
    assert [copy.of for copy in list_of(esf_file(), known=[entry.fingerprint]).duplicates] == [None]


@pytest.mark.parametrize(
    "change",
    [{"end": "31.12.2023"}, {"amount": "1,00 €"}, {"share": "40%"}],
)
def test_a_correction_keeps_the_identity_and_changes_the_fingerprint(change):
    first, second = list_of(esf_file(row(), row(**change))).entries

    assert first.identity == second.identity
    assert first.fingerprint != second.fingerprint


@pytest.mark.parametrize(
    "other", [row("Andere gGmbH"), row(name="Andere Küche"), row(start="05.04.2022")]
)
def test_another_operation_has_another_identity(other):
    first, second = list_of(esf_file(row(), other)).entries

    assert first.identity != second.identity


def test_the_figures_count_names_as_printed():
    names = ["Muster GmbH - Nord -", "Muster GmbH -Nord-", "Muster GmbH - Nord -"]
    rows = [row(name, f"Vorhaben {number}") for number, name in enumerate(names)]

    figures = list_of(esf_file(*rows)).figures()

    assert (figures["operations"], figures["beneficiaries"]) == (3, 2)
    assert figures["total"] == 273_300.48


def test_a_file_without_operations_is_refused_with_what_it_needs():
    with pytest.raises(UnreadableFile, match="Begünstigten"):
        list_of(esf_file("1;2", headings="a;b"))


def test_the_preview_shows_what_was_understood_and_what_was_written():
    table = table_of(esf_file(row(), row(amount="viel")), "esf.csv")
    columns = propose(table, MEANINGS)
    found = OperationReader(table, columns, "esf").read_all()

    good, bad = lines_of(
        table, found, preview.understood, lambda record: preview.written(record, columns)
    )

    assert [str(value) for value in good.values][4] == "91,100.16\xa0€"
    assert bad.values[4] == "viel"


cells = st.one_of(
    st.text(max_size=12), st.sampled_from(["31.02.2022", "1,5,5", "Summe", "\x00", "1e9", "½"])
)


@given(st.lists(st.lists(cells, max_size=10), max_size=6))
@settings(deadline=None)
def test_any_cells_may_stand_below_the_headings(rows):
    lines = [",".join(f'"{cell.replace(chr(34), "")}"' for cell in cells) for cells in rows]
    file = esf_file(*lines)
    content = file.getvalue().decode().encode("utf-8", "surrogatepass")

    try:
        table = table_of(type(file)(content), "esf.csv")
    except UnreadableFile:
        return
    columns = propose(table, MEANINGS)
    found = OperationReader(table, columns, "esf").read_all()

    lines = lines_of(
        table, found, preview.understood, lambda record: preview.written(record, columns)
    )
    assert len(list(lines)) == len(table.records)
    assert all(problem.sentence for problem in found.problems)
