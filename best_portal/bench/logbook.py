"""A hand-kept log of ten thousand rows, against Python's own reader of the same file."""

import csv
import io
from datetime import date, timedelta

from best_portal.bench.measure import compare
from best_portal.imports.columns import find_table, propose
from best_portal.imports.sheet import read_sheets
from consultations.logbook.areas import Area, Areas
from consultations.logbook.columns import LogColumns
from consultations.logbook.rows import read_log

ROWS, RUNS = 10_000, 3
FIRST_DAY = date(2003, 2, 3)
HEADINGS = "Lfd. Nr.;Datum;Beginn;Ende;Dauer;Art;Initiative;QM-Gebiet;Berater/in;Personen;Notiz"
ROW = "{n};{day:%d.%m.%Y};09:00;10:30;1,5;Beratung;Kiezküche {n};Musterplatz;Muster;3;Notiz {n}"
AREAS = Areas([Area("Musterplatz")])


def file_of(rows):
    """The bytes of a log with so many different rows, all of them in order."""
    days = (FIRST_DAY + timedelta(days=n % 365) for n in range(rows))
    lines = [HEADINGS, *(ROW.format(n=n, day=day) for n, day in enumerate(days, start=1))]
    return "\n".join(lines).encode()


def read(content):
    """As the portal reads it: the table found, its columns understood, each row an entry."""
    meanings = LogColumns(AREAS)
    table = find_table(read_sheets(io.BytesIO(content), "log.csv"), meanings)
    return read_log(table, propose(table, meanings), AREAS)


def benchmarks():
    """Yield one Result."""
    content = file_of(ROWS)

    def portal():
        log = read(content)
        if len(log.entries) != ROWS or log.problems:
            raise RuntimeError("The log was not read whole.")

    def bare():
        list(csv.reader(io.StringIO(content.decode()), delimiter=";"))

    yield compare(f"reading a log of {ROWS:,} rows", portal, bare, runs=RUNS)
