"""Documents for the paper tests: one per funder, with invented people and figures."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django.conf import settings

from reports.annex_rows import AnnexRow, ProgrammeRuleRow
from reports.cover import Cover, Logo, Notice
from reports.document import (
    Breakdown,
    Document,
    FinancingLine,
    Ids,
    Indicator,
    Row,
    Rule,
    Section,
)

GENERATED = datetime(2003, 8, 1, 9, 30, tzinfo=UTC)
DISTRICTS = ("Boxhagener Platz", "Helmholtzplatz", "Falkplatz")
KINDS = ("Beratung", "Begleitung", "Qualifizierung")
TOPICS = ("Rechtsform", "Finanzierung", "Gründungskonzept", "Räume", "Buchführung")
OUTLINES_FILE = settings.BASE_DIR / "reports" / "fixtures" / "outlines.json"
OUTLINES = {
    row["profile"]: [(each["key"], each["heading"]) for each in row["sections"]]
    for row in json.loads(OUTLINES_FILE.read_text(encoding="utf-8"))
    if row["since"] == "2000-01-01"
}
TASKS = tuple(heading for key, heading in OUTLINES["efre"][:6])
MONTHS = ("Dez 02", "Jan 03", "Feb 03", "Mär 03", "Apr 03", "Mai 03", "Jun 03", "Jul 03")

PROGRAMMES = {
    "senate": "Soziale Stadt, Kofinanzierung des Modellprojekts",
    "esf": "Europäischer Sozialfonds, innovative Maßnahmen nach Artikel 6",
    "efre": "Wirtschaftsdienliche Maßnahmen (EFRE)",
}
AUTHORITIES = {
    "senate": (
        "Senatsverwaltung für Stadtentwicklung",
        "Referat Soziale Stadt\nMusterstraße 1\n10000 Berlin",
    ),
    "esf": ("Europäische Kommission", "Generaldirektion Beschäftigung und Soziales\n1049 Brüssel"),
    "efre": ("Bezirksamt Pankow von Berlin", "Wirtschaftsförderung\nBeispielallee 2\n13000 Berlin"),
}
LOGOS = {
    "senate": (Logo("text", "Senatsverwaltung", "Senatsverwaltung"),),
    "esf": (
        Logo("eu", "Europäische Union\nEuropäischer Sozialfonds", "Emblem der Europäischen Union"),
    ),
    "efre": (
        Logo("eu", "Europäische Union, EFRE", "Emblem der Europäischen Union"),
        Logo("text", "Bezirksamt Pankow", "Bezirksamt Pankow"),
    ),
}
WORDS = (
    "Im Berichtszeitraum haben zwei Teams Menschen beraten, die in ihrem Quartier gemeinsam "
    "wirtschaften wollen. Die Sprechstunden fanden wöchentlich statt, danach nur noch nach "
    "telefonischer Absprache.",
    "Mit den Vorhaben „Nachbarschaftsküche“ und „Werkstatt am Platz“ wurden Konzept, Rechtsform "
    "und Finanzierung erarbeitet. Beide Initiativen haben Räume gefunden.",
)


def make_cover(form="senate", **values):
    name, address = AUTHORITIES[form]
    return Cover(
        **{
            "form": form,
            "kind": "interim",
            "version": 1,
            "authority": name,
            "authority_address": address,
            "grantee": "Muster-Netzwerk Berlin e.\u00a0V.",
            "grantee_address": "Musterweg 3\n10000 Berlin",
            "grantee_contact": "Erika Muster, Telefon 030 0000-11, muster@example.org",
            "reference": "IV B 2 - 6912/02",
            "programme": PROGRAMMES[form],
            "project": "Modellprojekt Soziale Unternehmen im Quartier",
            "purpose": "Beratung und Begleitung sozialer Unternehmen und Gründungsinitiativen",
            "notices": (
                Notice(date(2002, 11, 18), "IV B 2 - 6912/02", Decimal("182500.00")),
                Notice(
                    date(2003, 5, 2), "IV B 2 - 6912/02-1", Decimal("12400.50"), "Änderungsbescheid"
                ),
            ),
            "granted_total": Decimal("194900.50"),
            "paid_total": None,
            "financing_kind": "Anteilfinanzierung",
            "rate": Decimal("42.5"),
            "granted_from": date(2002, 12, 1),
            "granted_to": date(2004, 12, 31),
            "started_on": date(2002, 12, 1),
            "period_from": date(2002, 12, 1),
            "period_to": date(2003, 7, 31),
            "areas": DISTRICTS,
            "logos": LOGOS[form],
        }
        | values
    )


def make_annex(rows):
    return tuple(
        AnnexRow(
            id=index + 1,
            number=index + 1,
            on=date(2002, 12, 1) + timedelta(days=index * 240 // max(rows, 1)),
            kind=KINDS[index % 3],
            minutes=30 + 15 * (index % 5),
            district=DISTRICTS[index % 3],
            case_number=f"F-{100 + index % 37}",
            topic=TOPICS[index % 5],
            result="Gründungskonzept besprochen, nächster Schritt: Satzung." if index % 2 else "",
            task=TASKS[index % 6],
        )
        for index in range(rows)
    )


def make_breakdowns(chart="stacked"):
    months = tuple(
        Row(name, (Decimal(18 + 7 * i % 23), Decimal(9 + 5 * i % 11), Decimal(i % 4)))
        for i, name in enumerate(MONTHS)
    )
    return (
        Breakdown(
            "months",
            "Leistungen nach Monaten",
            "Monat",
            KINDS,
            months,
            tuple(sum(row.values[i] for row in months) for i in range(3)),
            chart,
        ),
        Breakdown(
            "districts",
            "Beratungen nach Gebieten",
            "Gebiet",
            ("Beratungen",),
            tuple(
                Row(name, (Decimal(value),))
                for name, value in zip(DISTRICTS, (142, 97, 55), strict=True)
            ),
            (Decimal(294),),
            "bars",
        ),
        Breakdown(
            "topics",
            "Stunden nach Themen",
            "Thema",
            ("Stunden",),
            tuple(Row(name, (Decimal(f"{40 - 6 * i}.5"),)) for i, name in enumerate(TOPICS)),
            None,
            "bars",
            "Eine Beratung kann mehrere Themen haben; die Summe kann deshalb größer sein.",
        ),
    )


INDICATORS = (
    Indicator(
        "BEST-BER",
        "Beratungen",
        "Anzahl",
        Decimal(600),
        Decimal(294),
        Decimal(294),
        Decimal(49),
        milestone=Decimal(280),
        milestone_on=date(2003, 11, 30),
    ),
    Indicator(
        "BEST-STD",
        "Beratungsstunden",
        "Stunden",
        Decimal(900),
        Decimal("412.75"),
        Decimal("412.75"),
        Decimal("45.86"),
    ),
    Indicator(
        "BEST-ORG",
        "Beratene Initiativen und Betriebe",
        "Anzahl",
        Decimal(40),
        Decimal(37),
        Decimal(37),
        Decimal("92.5"),
    ),
    Indicator(
        "BEST-GRU",
        "Gründungen",
        "Anzahl",
        Decimal(8),
        Decimal(2),
        Decimal(2),
        Decimal(25),
        "Zwei Gründungen verschieben sich, weil die Gewerberäume erst im Herbst frei werden.",
    ),
    Indicator(
        "BEST-ARB",
        "Zusätzliche Arbeitsplätze",
        "VZÄ",
        Decimal(12),
        Decimal("3.5"),
        Decimal("3.5"),
        Decimal("29.17"),
    ),
    Indicator(
        "BEST-TN", "Teilnahmen an Qualifizierungen", "Teilnahmen", None, Decimal(0), Decimal(0)
    ),
)

FINANCES = (
    FinancingLine("income", "1.1", "Eigenanteil", Decimal("24000.00")),
    FinancingLine("income", "1.2", "Europäischer Sozialfonds", Decimal("240000.00")),
    FinancingLine("income", "1.3", "Senatsverwaltung für Stadtentwicklung", Decimal("194900.50")),
    FinancingLine("expense", "2.1", "Personalausgaben", Decimal("371000.00"), Decimal("371000.00")),
    FinancingLine("expense", "2.2", "Honorare", Decimal("38400.50"), Decimal("38400.50")),
    FinancingLine("expense", "2.3", "Sachausgaben", Decimal("49500.00"), Decimal("45000.00")),
)

RULES = (
    Rule(
        "BEST-BER",
        "1",
        "Jede Beratung, Begleitung und Qualifizierung zählt am Tag, an dem sie stattfand.",
    ),
    Rule(
        "BEST-ORG",
        "1",
        "Jede Initiative und jeder Betrieb zählt je Zuwendung einmal, am Tag der ersten Beratung.",
    ),
)
PROGRAMME_RULES = (
    ProgrammeRuleRow("Muster-Nebenbestimmungen"),
    ProgrammeRuleRow(
        "Muster-Richtlinie über die Förderung der Stadtteilökonomie",
        "2. Fassung vom 1. Dezember 2002",
        since=date(2003, 1, 1),
        until=date(2004, 12, 31),
        source="Muster-Amtsblatt 2002, S. 12; https://muster.example/richtlinie",
        is_confirmed=True,
    ),
)


def make_document(form="senate", rows=40, **values):
    """Return a full report of one funder's form; `values` replace whole parts of it."""
    return Document(
        **{
            "cover": make_cover(form),
            "generated_at": GENERATED,
            "narrative": tuple(
                Section(key, heading, WORDS if index % 3 != 2 else WORDS[:1])
                for index, (key, heading) in enumerate(OUTLINES[form])
            ),
            "indicators": INDICATORS,
            "breakdowns": make_breakdowns(),
            "finances": FINANCES,
            "annex": make_annex(rows),
            "programme_rules": PROGRAMME_RULES,
            "rules": RULES,
            "counted": {"BEST-BER": Ids(range(1, rows + 1))},
        }
        | values
    )
