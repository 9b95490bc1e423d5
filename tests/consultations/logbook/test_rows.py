"""From a hand-kept table to entries, copies, problems and rows left out."""

import io
from datetime import date, time

import pytest
from django.utils import translation

from best_portal.imports.columns import find_table, propose
from best_portal.imports.guard import UnreadableFile
from best_portal.imports.sheet import read_sheets
from consultations.logbook.areas import Area, Areas
from consultations.logbook.columns import LogColumns, unit_of
from consultations.logbook.rows import read_log
from consultations.logbook.sentences import SENTENCES


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


AREAS = Areas([Area("Helmholtzplatz"), Area("Falkplatz", ends_on=date(2003, 12, 31))])
MEANINGS = LogColumns(AREAS)
HEADINGS = "Lfd. Nr.;Datum;Beginn;Ende;Dauer;Art;Initiative;QM-Gebiet;Berater/in;Personen;Notiz"
ROW = "1;03.02.2003;09:00;10:30;1,5;Beratung;Kiezküche;Helmholtzpl.;Muster;3;gut"


def table_of(*lines):
    return find_table(read_sheets(io.BytesIO("\n".join(lines).encode()), "log.csv"), MEANINGS)


def log_of(*lines, headings=HEADINGS, **options):
    table = table_of(headings, *lines)
    return read_log(table, propose(table, MEANINGS), AREAS, **options)


def codes_of(log):
    return [(problem.row, problem.column, problem.code) for problem in log.problems]


def test_a_row_becomes_an_entry():
    (entry,) = log_of(ROW).entries

    assert (entry.row, entry.date, entry.start, entry.end) == (
        2,
        date(2003, 2, 3),
        time(9),
        time(10, 30),
    )
    assert (entry.minutes, entry.kind, entry.organisation) == (90, "advice", "Kiezküche")
    assert (entry.area.name, entry.advisor, entry.people) == ("Helmholtzplatz", "Muster", 3)
    assert entry.note == "gut"


def test_a_row_tells_all_its_problems_at_once():
    log = log_of("1;31.02.2003;10:00;09:00;;Kaffee;;Lummerland;;viele;")

    assert codes_of(log) == [
        (2, "Datum", "impossible_date"),
        (2, "Ende", "end_before_start"),
        (2, "Art", "unknown_kind"),
        (2, "QM-Gebiet", "unknown_area"),
        (2, "Personen", "impossible_count"),
        (2, "Initiative", "no_organisation"),
    ]
    assert all(problem.sentence for problem in log.problems)
    assert log.figures()["rejected"] == 1


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (";;09:00;10:30;;Beratung;Kiezküche;Falkplatz;;;", "no_date"),
        (";1.2.03;09:00;;;Beratung;Kiezküche;Falkplatz;;;", "no_duration"),
        (";1.2.03;09:00;11:00;1,5;Beratung;Kiezküche;Falkplatz;;;", "durations_disagree"),
        (";1.2.03;;;25 Std.;Beratung;Kiezküche;Falkplatz;;;", "impossible_duration"),
        (";1.2.03;;;lang;Beratung;Kiezküche;Falkplatz;;;", "unreadable_duration"),
        (";1.2.03;9:75;;1;Beratung;Kiezküche;Falkplatz;;;", "impossible_time"),
        (";1.2.03;;;1;;Kiezküche;Falkplatz;;;", "no_kind"),
        (";1.2.03;;;1;Beratung;Kiezküche;;;;", "no_area"),
        (";1.2.04;;;1;Beratung;Kiezküche;Falkplatz;;;", "area_not_valid"),
        (";1.2.02;;;1;Beratung;Kiezküche;Falkplatz;;;", "outside_period"),
        (";1.7.03;;;1;Beratung;Kiezküche;Falkplatz;;;", "in_the_future"),
        (";heute;;;1;Beratung;Kiezküche;Falkplatz;;;", "unreadable_date"),
        (f";1.2.03;;;1;Beratung;{'K' * 201};Falkplatz;;;", "too_long"),
    ],
)
def test_what_cannot_be_is_a_problem_with_a_sentence(row, code):
    log = (
        log_of(
            row, starts_on=date(2002, 12, 1), ends_on=date(2004, 12, 31), today=date(2003, 6, 30)
        )
        if code != "area_not_valid"
        else log_of(row)
    )

    assert [problem.code for problem in log.problems] == [code]
    assert "%(" not in log.problems[0].sentence


def test_every_problem_has_a_sentence_that_ends():
    assert all(str(sentence).endswith((".", "?")) for sentence in SENTENCES.values())


def test_a_bare_number_of_minutes_is_believed_when_the_times_agree():
    (entry,) = log_of(
        "1;03.02.2003;09:00;10:30;90;Beratung;Kiezküche;Falkplatz;;;", unit="hours"
    ).entries

    assert entry.minutes == 90


def test_a_training_needs_no_organisation():
    (entry,) = log_of(";1.2.03;;;2;Workshop;;Falkplatz;;12;").entries

    assert (entry.kind, entry.organisation, entry.people) == ("training", "", 12)


def test_sums_titles_and_repeated_headings_are_left_out_and_told():
    log = log_of(
        "Januar 2003",
        ROW,
        "Summe 01;;;;1,5",
        ";;;;12,5",
        HEADINGS,
        "2",
        ";Gesamt;;;14,0;;;;;15;",
        "Gesamtschule;04.02.2003;;;1;Beratung;Gesamtschule am Park;Falkplatz;;;",
    )

    assert [(row.row, row.reason) for row in log.ignored] == [
        (2, "title"),
        (4, "subtotal"),
        (5, "subtotal"),
        (6, "heading"),
        (7, "number_only"),
        (8, "subtotal"),
    ]
    assert [entry.row for entry in log.entries] == [3, 9]


def test_a_later_copy_is_a_duplicate_whatever_its_number_and_spelling():
    copy = (
        "2;3. Februar 2003;9.00 Uhr;10:30;90 min;Berat.;KIEZKÜCHE ;QM Helmholtzplatz;muster;3;Gut"
    )

    log = log_of(ROW, copy, ROW.replace("gut", "anders"))

    assert [(copy.entry.row, copy.of) for copy in log.duplicates] == [(3, 2)]
    assert [entry.row for entry in log.entries] == [2, 4]


def test_what_the_project_holds_already_is_a_duplicate():
    known = {log_of(ROW).entries[0].fingerprint}

    log = log_of(ROW, known=known)

    assert (log.entries, [copy.of for copy in log.duplicates]) == ((), [None])


def test_columns_are_known_by_many_headings():
    table = table_of(
        "Nr;Tag;von;bis;Min.;Leistung;Unternehmen / Kunde;Quartier;Bearbeiter;Anz. TN;Ort;"
        "Thema;Ergebnis;Nächster Schritt;Bemerkung"
    )

    assert " ".join(propose(table, MEANINGS)) == (
        "number date start end duration kind organisation area advisor people place topic result "
        "next_step note"
    )
    assert unit_of(table, propose(table, MEANINGS)) == "minutes"
    assert MEANINGS.missing(propose(table, MEANINGS)) == []


def test_headings_may_stand_in_two_rows():
    table = table_of(
        "BEST;;;",
        "Datum;Zeit;;Art;Initiative;Gebiet",
        ";von;bis;;;",
        "3.2.03;9:00;10:00;Beratung;Kiezküche;Falkplatz",
    )

    assert propose(table, MEANINGS) == {
        "date": 0,
        "start": 1,
        "end": 2,
        "kind": 3,
        "organisation": 4,
        "area": 5,
    }
    assert table.headings[1] == "Zeit von"


def test_columns_without_headings_are_known_by_their_contents():
    table = table_of(
        *[
            "3.2.03;9:00;10:00;Beratung;Kiezküche;Falkpl.",
            "4.2.03;9:00;10:00;Begl.;Kiezküche;Falkplatz",
        ]
    )

    assert propose(table, MEANINGS) == {"date": 0, "start": 1, "end": 2, "kind": 3, "area": 5}
    assert MEANINGS.missing(propose(table, MEANINGS)) == ["organisation"]
    assert table.heading(4) == "E"


def test_bare_numbers_above_ten_under_a_silent_heading_are_minutes():
    headings = "Datum;Dauer;Art;Initiative;Gebiet"
    many = table_of(
        headings, *(f"{n}.2.03;{n * 15};Beratung;Kiezküche;Falkplatz" for n in (1, 2, 3))
    )
    few = table_of(headings, *(f"{n}.2.03;{n};Beratung;Kiezküche;Falkplatz" for n in (1, 2, 3)))

    assert (unit_of(many, propose(many, MEANINGS)), unit_of(few, propose(few, MEANINGS))) == (
        "minutes",
        "hours",
    )


def test_a_file_without_a_table_is_refused():
    with pytest.raises(UnreadableFile, match="No table"):
        table_of("Liebe Kolleginnen,", "anbei nichts.")
