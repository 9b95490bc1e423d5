"""Lists of operations in the two shapes authorities publish them in, everything invented."""

import io
from datetime import datetime

import openpyxl

ESF_HEADINGS = (
    "Name des Begünstigten,Bezeichnung des Vorhabens,Zusammenfassung des Vorhabens,"
    'Datum des Beginns,Datum des Endes,"Gesamtbetrag förderfähiger \nAusgaben",'
    '"Kofinanzierungssatz","PLZ \nBegünstigter",Land,Themenfeld'
)
ROW = (
    'Muster Träger gGmbH,Lernküche,"Kochen &bdquo;und&ldquo;\n\n lernen",04.04.2022,30.09.2023,'
    '"91.100,16 €","49,92%",10997,DE300,"117 - Lernen, lebenslang"'
)


def esf_file(*rows, headings=ESF_HEADINGS):
    """A CSV with line breaks in its headings and its cells, commas and German amounts."""
    return io.BytesIO("\n".join([headings, *(rows or [ROW])]).encode())


def row(beneficiary="Muster Träger gGmbH", name="Lernküche", **fields):
    told = {"start": "04.04.2022", "end": "30.09.2023", "amount": "91.100,16 €"} | fields
    return (
        f'{beneficiary},{name},,{told["start"]},{told["end"]},"{told["amount"]}",'
        f'"{told.get("share", "50%")}",10997,DE300,117'
    )


EFRE_GERMAN = (
    "Name des Begünstigten",
    "Bezeichnung des Vorhabens",
    "Zusammenfassung des Vorhabens",
    "Datum des Beginns des Vorhabens",
    "Datum des Endes des Vorhabens",
    "Gesamtbetrag der förderfähigen Ausgaben des Vorhabens",
    "Unions-Kofinanzierungs-satz pro Prioritätsachse",
    "Postleitzahl",
    "Land",
    "Interventions-kategorie",
)
EFRE_ENGLISH = (
    "beneficiary name (only of legal entities; no natural persons shall be named)",
    "operation name",
    "operation summary;",
    "operation start date",
    "operation end date (expected date for physical completion of the operation)",
    "total eligible expenditure allocated to the operation",
    "Union co-financing rate, as per priority axis",
    "operation postcode; or other appropriate location indicator",
    "country",
    "name of category of intervention for the operation",
)


def efre_file(*rows):
    """A workbook with a line above two rows of headings, real days and numbers, blank rows."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(
        ("Datum der letzten Aktualisierung der Liste der Vorhaben", "date of update", "30.03.2023")
    )
    sheet.append(())
    sheet.append(EFRE_GERMAN)
    sheet.append(EFRE_ENGLISH)
    for beneficiary, name, amount, postcode in rows or [EFRE_ROW]:
        start, end = datetime(2022, 1, 1), datetime(2023, 12, 31)  # noqa: DTZ001 - as Excel has it
        line = (beneficiary, name, "Ein Text_x000D_in Zeilen", start, end, amount, 0.5, postcode)
        sheet.append((*line, "Deutschland", 56))
    sheet.cell(row=sheet.max_row + 15, column=11, value=" ")
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file


EFRE_ROW = ("Muster Technik GmbH", "Prüfstand", 142499.99999999997, 10825)
