"""What each column of a consultation log probably holds."""

import re

from django.utils.translation import gettext_lazy as _

from best_portal.imports.cells import folded, line_of, read_date
from best_portal.imports.columns import SAMPLE, Meanings, reads
from consultations.logbook.values import bare_number, kind_of, read_span

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


class LogColumns(Meanings):
    """The columns of a log; with the known areas, a column of their names is found, too."""

    fields = FIELDS
    required = REQUIRED
    telling = ("date", "kind")
    main = "date"
    no_table = _(
        "No table was found. The log needs a row of headings such as Datum, Dauer, Art, "
        "Initiative and Gebiet, with the entries below it."
    )

    def __init__(self, areas=None):
        self.areas = areas

    def fields_of(self, heading):
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

    def looks(self):
        looks = {
            "date": lambda cell: not isinstance(cell, (int, float)) and reads(read_date, cell),
            "start": _is_clock,
            "end": _is_clock,
            "kind": lambda cell: len(line_of(cell)) < 40 and kind_of(line_of(cell)) is not None,
        }
        if self.areas is not None:
            looks["area"] = lambda cell: reads(self.areas.find, cell)
        return looks

    def missing(self, mapping):
        """The fields lacking; either times or a duration will do."""
        lacking = super().missing(mapping)
        if "duration" not in mapping and "start" not in mapping:
            lacking.append("duration")
        return lacking


def _is_clock(cell):
    return isinstance(cell, str) and ":" in cell and reads(read_span, cell)


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
