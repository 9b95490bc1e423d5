"""From a frozen document to the sheet that is printed: HTML, drawings, attached files, PDF."""

import csv
import io
from dataclasses import dataclass
from datetime import date

from django.template.loader import render_to_string

from best_portal.export import harmless
from reports import charts, german, pdf
from reports.document import PARTS, plain, printable
from reports.glyphs import legible
from reports.models import VolumeKind
from reports.money_reading import MoneyReading
from reports.money_tables import amounts, vouchers


@dataclass(frozen=True)
class Sheet:
    """Everything the press needs for one document."""

    html: str
    pictures: dict[str, str]
    attachments: tuple[pdf.Attachment, ...]


def typeset(document, volumes=()):
    """Set a document in the form of its funder; needs no database and no clock.

    A list that is bound in volumes is not printed: the report names the volumes instead.
    """
    document = document.as_given()
    drawn = {item.key: charts.draw(item) for item in document.breakdowns}
    context = {
        "document": document,
        "cover": document.cover,
        "charts": [(item, drawn[item.key]) for item in document.breakdowns],
        "annex_volumes": of_kind(volumes, VolumeKind.CONSULTATIONS),
        "appendices": appendices(document),
        "annex_minutes": sum(row.minutes for row in document.annex),
        "has_tasks": any(row.task for row in document.annex),
        "incomes": [line for line in document.finances if line.kind == "income"],
        "expenses": [line for line in document.finances if line.kind == "expense"],
        "voucher_volumes": of_kind(volumes, VolumeKind.VOUCHERS),
    }
    parts = PARTS.get(document.cover.kind)
    name = "part" if parts else document.cover.form
    html = render_to_string(f"reports/pdf/{name}.html", context | {"parts": parts or ()})
    pictures = {chart.file_name: chart.svg for chart in drawn.values() if chart}
    return Sheet(legible(html), pictures, attachments(document))


def appendices(document):
    """What follows the report, in its order; the other lists where there are any."""
    lists = [name for name in ("inventory", "aid", "publicity") if getattr(document, name)]
    return ["annex", *lists, "rules"]


def of_kind(volumes, kind):
    return [each for each in volumes if each.manuscript.kind == kind]


def produce(document, volumes=(), *, limits=None, room=None):
    """Print a document; equal documents give equal bytes. See pdf.render."""
    document = document.as_given()
    sheet = typeset(document, volumes)
    return pdf.render(
        sheet.html,
        title=printable(document.title),
        identifier=document.digest,
        created=document.generated_at,
        attachments=sheet.attachments,
        pictures=sheet.pictures,
        limits=limits,
        room=room,
    )


def attachments(document):
    """Give the figures to machines too: as JSON and as CSV, nothing the paper does not show."""
    document = document.as_given()
    vouchers = pdf.Attachment("belege.csv", vouchers_csv(document), "Belegliste nach Positionen")
    return (
        pdf.Attachment(
            "bericht.json", document.to_json().encode(), "Der ganze Bericht, maschinenlesbar"
        ),
        pdf.Attachment("kennzahlen.csv", figures_csv(document), "Indikatoren und Auswertungen"),
        pdf.Attachment("beratungen.csv", annex_csv(document), "Liste der gezählten Beratungen"),
        # Only where books are kept here.
        *([vouchers] if document.settlement else []),
    )


def figures_csv(document):
    lines = [("Tabelle", "Schlüssel", "Bezeichnung", "Spalte", "Wert")]
    for item in document.indicators:
        for column in ("target", "in_period", "cumulated", "percent"):
            value = getattr(item, column)
            lines.append(("Indikatoren", item.code, item.name, COLUMN_NAMES[column], value))
        for each in item.agreed:
            until = f"Etappenziel bis {german.day(each.due_on)}"
            lines.append(("Indikatoren", item.code, item.name, until, each.value))
        for part in item.parts:
            for column in ("in_period", "cumulated"):
                name = f"{item.name}: {part.label}"
                value = getattr(part, column)
                lines.append(("Indikatoren", item.code, name, COLUMN_NAMES[column], value))
    for table in document.breakdowns:
        for row in table.rows:
            for column, value in zip(table.columns, row.values, strict=True):
                lines.append((table.title, table.key, row.label, column, value))
    return as_csv([*lines, *amounts(money_of(document))])


COLUMN_NAMES = {
    "target": "Soll",
    "in_period": "Ist im Zeitraum",
    "cumulated": "Ist kumuliert",
    "percent": "Prozent",
}


def annex_csv(document):
    head = (
        "Nr.",
        "Datum",
        "Art",
        "Minuten",
        "Gebiet",
        "Fallnummer",
        "Thema",
        "Aufgabe",
        "Ergebnis",
    )
    lines = [head]
    for row in document.annex:
        fields = (row.kind, row.minutes, row.district, row.case_number, row.topic, row.task)
        lines.append((row.number, german.day(row.on), *fields, row.result))
    return as_csv(lines)


def vouchers_csv(document):
    """The Belegliste by position."""
    return table_csv(vouchers(MoneyReading(money_of(document)).lines))


def money_of(document):
    """What of a document its money tables are made of, as it is frozen."""
    return {
        "cover": {"kind": document.cover.kind},
        "finances": plain(document.finances),
        "settlement": plain(document.settlement),
    }


def table_csv(table):
    """One money table, with its headings."""
    return as_csv([table.headings, *table.rows])


def main_csv(document):
    """What a version gives as its CSV: the vouchers of a Belegliste, else the figures."""
    if document.cover.kind == "vouchers":
        return vouchers_csv(document)
    return figures_csv(document)


def as_csv(lines):
    """Write what a German spreadsheet opens with a double click, and nothing it would execute."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, delimiter=";", quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    writer.writerows([_cell(value) for value in line] for line in lines)
    return stream.getvalue().encode("utf-8-sig")


def _cell(value):
    if value is None:
        return ""
    if isinstance(value, date):
        return german.day(value)
    if not isinstance(value, str):
        return f"{value:f}".replace(".", ",") if hasattr(value, "as_tuple") else value
    return harmless(printable(value))
