"""Which sheet and row the table begins in, and what each of its columns probably holds."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from consultations.logbook.guard import UnreadableFile
from consultations.logbook.sheet import Record
from consultations.logbook.values import (
    Refused,
    bare_number,
    folded,
    is_empty,
    kind_of,
    line_of,
    read_date,
    read_span,
)

FIELDS = {
    "date": _("Date"),
    "start": _("Start"),
    "end": _("End"),
    "duration": _("Duration"),
    "kind": _("Kind"),
    "organisation": _("Organisation"),
    "area": _("Area"),
    "advisor": _("Advised by"),
    "people": _("People attending"),
    "place": _("Place"),
    "topic": _("Topic"),
    "note": _("Internal note"),
    "result": _("Result"),
    "next_step": _("Next step"),
    "number": _("Running number"),
}
# A heading belongs to the field whose word it is or holds.
HEADINGS = {
    "date": "datum tag date am beratungsdatum beratungstag termin",
    "start": "beginn von start anfang ab uhrzeit zeit startzeit anfangszeit begin",
    "end": "ende bis end schluss endzeit",
    "duration": (
        "dauer std stunden stunde std. minuten min zeitaufwand aufwand umfang stundenzahl "
        "duration hours minutes zeitumfang"
    ),
    "kind": (
        "art leistung leistungsart beratungsart angebot kind massnahme typ kategorie form "
        "beratungsform"
    ),
    "organisation": (
        "initiative unternehmen kunde kundin kunden klient klientin organisation trager "
        "betrieb projekt grundung grundungsinitiative mandant ratsuchende ratsuchender "
        "firma verein name client einrichtung sozialunternehmen"
    ),
    "area": "gebiet quartier stadtteil kiez area quartiersgebiet bezirk district qm",
    "advisor": (
        "berater beraterin bearbeiter bearbeiterin beratende team mitarbeiter mitarbeiterin "
        "durch advisor kurzel zustandig wer berat"
    ),
    "people": (
        "personen tn teilnehmer teilnehmende teilnehmerzahl anzahl anz personenzahl pers "
        "people teilnehmerinnen kopfe"
    ),
    "place": "ort treffpunkt beratungsort raum place",
    "topic": "thema themen betreff gegenstand anlass topic stichwort",
    "note": (
        "inhalt notiz notizen bemerkung bemerkungen protokoll beschreibung anmerkung "
        "anmerkungen kommentar note notes inhalte gesprachsnotiz vermerk sonstiges"
    ),
    "result": "ergebnis ergebnisse resultat result",
    "next_step": (
        "vereinbarung vereinbarungen wiedervorlage verabredung todo nachster nachste weiteres"
    ),
    "number": "nr lfd nummer no pos id",
}
WORDS = {folded(word): field for field, words in HEADINGS.items() for word in words.split()}
REQUIRED = ("date", "kind", "organisation", "area")
LOOKED_AT = 60  # records searched for the headings
SAMPLE = 200  # records looked at to tell what a column holds


@dataclass(frozen=True)
class Table:
    """Zero-based columns under headings; `records` are those below the heading row."""

    sheet: str
    headings: tuple[str, ...]
    records: tuple[Record, ...]
    other_sheets: tuple[str, ...] = ()

    def heading(self, column):
        """The heading of a column as the file writes it, else its letter."""
        name = self.headings[column] if column < len(self.headings) else ""
        return name or column_letter(column)

    @property
    def width(self):
        return max([len(self.headings), *(len(record.cells) for record in self.records)])


def column_letter(column):
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def find_table(sheets, areas=None):
    """The table of the sheet that looks most like a log.

    Raises UnreadableFile where no sheet has a row of headings or a column of days.
    """
    tables = [table for sheet in sheets if (table := _table_of(sheet, areas))]
    if not tables:
        raise UnreadableFile(
            _(
                "No table was found. The log needs a row of headings such as Datum, Dauer, Art, "
                "Initiative and Gebiet, with the entries below it."
            ),
            "no_table",
        )
    best = max(tables, key=lambda table: (len(propose(table, areas)), len(table.records)))
    others = tuple(
        table.sheet for table in tables if table is not best and "date" in propose(table, areas)
    )
    return Table(best.sheet, best.headings, best.records, others)


def _table_of(sheet, areas):
    best, below, headings = 0, 0, ()
    looked_at = range(len(sheet.records[:LOOKED_AT]))
    for height in (1, 2):
        for index in looked_at:
            found = _headings_in(sheet.records[index : index + height], height)
            fields = len(_by_heading(found))
            if fields > best:
                best, below, headings = fields, index + height, found
    if best >= 2:
        return Table(sheet.name, headings, sheet.records[below:])
    table = Table(sheet.name, (), sheet.records)  # without headings the contents have to do
    if {"date", "kind"} <= propose(table, areas).keys():
        return table
    for index, record in enumerate(sheet.records[:LOOKED_AT]):  # headings in words of their own
        headings = _headings_in([record], 1)
        if sum(map(bool, headings)) >= 3 and sheet.records[index + 1 :]:
            return Table(sheet.name, headings, sheet.records[index + 1 :])
    return None


def _headings_in(records, height):
    """One row of headings, or two that stand above each other ("Zeit" over "von" and "bis")."""
    if len(records) < height or any(
        not (is_empty(cell) or isinstance(cell, str)) for record in records for cell in record.cells
    ):
        return ()
    rows = [[line_of(cell) for cell in record.cells] for record in records]
    if any(re.match(r"\d", text) or len(text) > 60 for row in rows for text in row):
        return ()
    if height > 1 and any(sum(map(bool, row)) < 2 for row in rows):
        return ()  # a title above the headings
    width = max(len(row) for row in rows)
    padded = [row + [""] * (width - len(row)) for row in rows]
    return tuple(" ".join(filter(None, cells)) for cells in zip(*padded, strict=True))


def _fields_of(heading):
    """The fields a heading may mean, the likeliest first."""
    text = folded(re.sub(r"(?<=\w)/-?(in|innen)\b", "", heading.lower()))
    words = text.split()
    if not words or len(words) > 6:
        return []
    fields = [WORDS[word] for word in reversed(words) if word in WORDS]
    if "lfd" in words or "nr" in words:
        fields.insert(0, "number")
    if {folded("Dauer"), "aufwand"} & set(words):
        fields.insert(0, "duration")
    if "gebiet" in words or "quartier" in words:
        fields.insert(0, "area")
    if {"anz", "anzahl"} & set(words):
        fields.insert(0, "people")
    if "note" in fields:  # "Inhalt / Ergebnis" was not written for others to read
        fields.insert(0, "note")
    if words[0] in ("nachster", "nachste", "nachstes"):
        fields.insert(0, "next_step")
    return list(dict.fromkeys(fields))


def _by_heading(headings):
    mapping = {}
    for column, heading in enumerate(headings):
        for field in _fields_of(heading)[:2]:
            if field not in mapping:
                mapping[field] = column
                break
    return mapping


def propose(table, areas=None):
    """A mapping field → column from the headings and, where they say nothing, from the contents."""
    mapping = _by_heading(table.headings)
    taken = set(mapping.values())
    for column in range(table.width):
        if column in taken:
            continue
        cells = [r.cells[column] for r in table.records[:SAMPLE] if len(r.cells) > column]
        field = _field_by_content([cell for cell in cells if not is_empty(cell)], mapping, areas)
        if field:
            mapping[field] = column
    return mapping


def _field_by_content(cells, mapping, areas):
    if len(cells) < 2:
        return None
    looks = {
        "date": lambda cell: not isinstance(cell, (int, float)) and _reads(read_date, cell),
        "start": lambda cell: isinstance(cell, str) and ":" in cell and _reads(read_span, cell),
        "end": lambda cell: isinstance(cell, str) and ":" in cell and _reads(read_span, cell),
        "kind": lambda cell: len(line_of(cell)) < 40 and kind_of(line_of(cell)) is not None,
    }
    if areas is not None:
        looks["area"] = lambda cell: _reads(areas.find, cell)
    for field, fits in looks.items():
        if field not in mapping and sum(map(fits, cells)) >= 0.6 * len(cells):
            return field
    return None


def _reads(read, cell):
    try:
        read(cell)
    except Refused:
        return False
    return True


def missing(mapping: Mapping[str, int]):
    """The fields without which no entry can be made; either times or a duration will do."""
    lacking = [field for field in REQUIRED if field not in mapping]
    if "duration" not in mapping and "start" not in mapping:
        lacking.append("duration")
    return lacking


def unit_of(table, mapping):
    """Whether a bare number in the duration column counts hours or minutes.

    The heading decides; where it is silent, numbers that would make more than a day are minutes.
    """
    if "duration" not in mapping:
        return "hours"
    column = mapping["duration"]
    words = folded(table.heading(column)).split()
    if any(word.startswith(("std", "stunde", "hour")) or word == "h" for word in words):
        return "hours"
    if any(word.startswith("min") for word in words):
        return "minutes"
    cells = [record.cells[column] for record in table.records if len(record.cells) > column]
    numbers = sorted(n for cell in cells[:SAMPLE] if (n := bare_number(cell)) is not None)
    return "minutes" if numbers and numbers[len(numbers) // 2] >= 10 else "hours"
