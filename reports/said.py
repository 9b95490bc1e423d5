"""What a frozen document says, one statement after the other, in the spelling of the paper.

Each statement knows the parts of the report it stands in, so that nobody has to guess them from
its label.
"""

from dataclasses import dataclass
from datetime import date

from reports import german, milestones

COVER = {
    "authority": "Bewilligungsbehörde",
    "authority_address": "Anschrift der Bewilligungsbehörde",
    "intermediate_body": "Zwischengeschaltete Stelle",
    "reference": "Geschäftszeichen",
    "programme": "Förderprogramm",
    "project": "Vorhaben",
    "purpose": "Zuwendungszweck",
    "grantee": "Zuwendungsempfänger",
    "grantee_address": "Anschrift des Zuwendungsempfängers",
    "grantee_contact": "Ansprechpartner:in",
    "financing_kind": "Finanzierungsart",
    "early_start": "Genehmigter vorzeitiger Maßnahmebeginn",
    "early_start_reference": "Geschäftszeichen des vorzeitigen Maßnahmebeginns",
    "input_tax": "Vorsteuerabzug",
}
COVER_DAYS = {
    "granted_from": "Bewilligungszeitraum von",
    "granted_to": "Bewilligungszeitraum bis",
    "started_on": "Beginn des Vorhabens",
}
COVER_NUMBERS = {
    "granted_total": "Bewilligt insgesamt",
    "paid_total": "Ausgezahlt insgesamt",
    "rate": "Fördersatz in Prozent",
}
SETTLEMENT = {
    "spent": "Ausgaben",
    "eligible": "davon zuwendungsfähig",
    "own": "Eigenmittel",
    "third": "Leistungen Dritter",
    "other_grants": "Andere Zuwendungen",
    "received": "erhaltene Zuwendung",
    "due": "Zuwendung nach Abrechnung",
    "further": "noch abzurufen",
    "repayment": "Rückzahlung",
    "own_share": "vom Zuwendungsempfänger zu tragen",
    "balance": "Einnahmen abzüglich Ausgaben",
}


@dataclass(frozen=True)
class Said:
    """One statement; `parts` as queries name them, the narrowest first."""

    label: str
    words: str
    parts: tuple[str, ...]


def line_name(line):
    """How the paper calls a line of the plan: Ausgabe 2.1."""
    return f"{german.PLAN_KINDS.get(line['kind'], line['kind'])} {line['position']}"


def line_part(line):
    """How a query names a line of the plan."""
    return f"finances/{line['kind']}/{line['position']}"


def day(value):
    return german.day(date.fromisoformat(value)) if value else german.NOT_ASKED


def euro(value):
    return f"{german.number(value, 2)} EUR"


def rule_in_words(row):
    """A Regelwerk that held for the programme, as the annex tells it."""
    since, until = (
        date.fromisoformat(row[name]) if row[name] else None for name in ("since", "until")
    )
    return "; ".join(
        (
            f"Fassung {row['version'] or german.NOT_ASKED}",
            f"gilt {german.days(since, until) or german.ALL_THE_TIME}",
            f"Quelle: {row['source'] or german.NOT_ASKED}",
            *([] if row["is_confirmed"] else [german.NOT_CONFIRMED]),
        )
    )


def statements(frozen):
    """Everything but the rows of lists."""
    yield from said_by_cover(frozen.get("cover", {}))
    yield from said_by_indicators(frozen)
    yield from said_by_breakdowns(frozen)
    yield from said_by_plan(frozen)
    yield from said_by_list(frozen)
    for section in frozen.get("narrative", []):
        text = " ".join(section.get("paragraphs", ()))
        yield Said(f"Text: {section['heading']}", text, (section["key"],))


def said_by_cover(cover):
    said = {
        label: cover.get(name) or german.NOT_ASKED for name, label in COVER.items() if name in cover
    }
    for name, label in COVER_DAYS.items():
        said[label] = day(cover.get(name))
    for name, label in COVER_NUMBERS.items():
        said[label] = german.number(cover.get(name), 2)
    said["Gebiete"] = ", ".join(cover.get("areas", ())) or german.NOT_ASKED
    said["Logoleiste"] = ", ".join(logo["text"] for logo in cover.get("logos", ()))
    said["Bescheide"] = "; ".join(
        f"{notice['kind']} {notice['number']} vom {day(notice['issued_on'])} über "
        f"{euro(notice.get('amount'))}{changed(notice)}"
        for notice in cover.get("notices", ())
    )
    for label, words in said.items():
        yield Said(label, words or german.NOT_ASKED, ("cover",))


def changed(notice):
    return "".join(f", {sentence}" for sentence in notice.get("changes", ()))


def said_by_indicators(frozen):
    rules = {rule["key"]: rule for rule in frozen.get("rules", [])}
    for item in frozen.get("indicators", []):
        label, parts = f"{item['code']} {item['name']}", (item["code"],)
        yield Said(f"{label}: Soll", german.number(item.get("target")), parts)
        if agreed := milestones.of_line(item):
            words = "; ".join(
                f"{german.number(each.value)} bis {german.day(each.due_on)}" for each in agreed
            )
            yield Said(f"{label}: Etappenziel", words, parts)
        yield Said(f"{label}: Ist im Zeitraum", german.number(item.get("in_period")), parts)
        yield Said(f"{label}: Ist kumuliert", german.number(item.get("cumulated")), parts)
        yield Said(f"{label}: Begründung", item.get("reason") or german.NOT_ASKED, parts)
        for part in item.get("parts", ()):
            numbers = (german.number(part[name]) for name in ("in_period", "cumulated"))
            words = "im Zeitraum {}, kumuliert {}".format(*numbers)
            yield Said(f"{label}: {part['label']}", words, parts)
        if rule := rules.get(item["code"]):
            words = f"Fassung {rule['version']}: {rule['text']} {rule.get('way', '')}".strip()
            yield Said(f"{label}: Zählregel", words, parts)


def said_by_breakdowns(frozen):
    """A line each, with all its numbers: a single consultation changes several of them."""
    for table in frozen.get("breakdowns", []):
        lines = [(row["label"], row["values"]) for row in table["rows"]]
        if table.get("total") is not None:
            lines.append(("Summe", table["total"]))
        for name, values in lines:
            words = ", ".join(
                f"{column} {german.number(value)}"
                for column, value in zip(table["columns"], values, strict=True)
            )
            yield Said(f"{table['title']}: {name}", words, (table["key"],))


def said_by_plan(frozen):
    for line in frozen.get("finances", []):
        name, parts = line_name(line), (line_part(line), "finances")
        if "planned" in line:
            planned = f"geplant {euro(line['planned'])}, förderfähig {euro(line.get('eligible'))}"
            yield Said(f"Finanzierungsplan, {name}", f"{line['label']}: {planned}", parts)
        if line.get("since_start") is not None:
            yield Said(f"Abrechnung, {name}", booked(line), parts)
        if made_of := line.get("made_of"):
            yield Said(f"Berechnung, {name}", made_of, parts)
    if (settlement := frozen.get("settlement")) is not None:
        for name, label in SETTLEMENT.items():
            yield Said(f"Ist-Ergebnis: {label}", euro(settlement.get(name)), ("finances",))


def booked(line):
    """What was booked at a line of the plan; only expenses are eligible or not."""
    words = []
    for name, when in (("actual", "im Zeitraum"), ("since_start", "seit Beginn")):
        eligible = f", davon förderfähig {euro(line.get(f'{name}_eligible'))}"
        words.append(f"{when} {euro(line[name])}{eligible if line['kind'] == 'expense' else ''}")
    if line.get("is_exceeded"):
        words.append("weiter überschritten, als ausgeglichen werden darf")
    return "; ".join(words)


def said_by_list(frozen):
    annex = frozen.get("annex", [])
    minutes = sum(row["minutes"] or 0 for row in annex)
    yield Said("Beratungen in der Liste", german.number(len(annex)), ("annex",))
    yield Said("Minuten in der Liste", german.number(minutes), ("annex",))
