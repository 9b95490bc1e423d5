"""What a new version says differently from the one released before it."""

from dataclasses import replace
from datetime import date
from os.path import commonprefix

from reports import german
from reports.document import Change, plain
from reports.models import VersionStatus

PARTS = (
    "cover",
    "indicators",
    "rules",
    "breakdowns",
    "finances",
    "settlement",
    "annex",
    "narrative",
)
COVER = {
    "authority": "Bewilligungsbehörde",
    "authority_address": "Anschrift der Bewilligungsbehörde",
    "reference": "Geschäftszeichen",
    "programme": "Förderprogramm",
    "project": "Vorhaben",
    "purpose": "Zuwendungszweck",
    "grantee": "Zuwendungsempfänger",
    "grantee_address": "Anschrift des Zuwendungsempfängers",
    "grantee_contact": "Ansprechpartner:in",
    "financing_kind": "Finanzierungsart",
    "early_start": "Genehmigter vorzeitiger Maßnahmebeginn",
    "funding_statement": "Förderhinweis",
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
PLAN_KINDS = {"income": "Einnahme", "expense": "Ausgabe"}
SETTLEMENT = {
    "spent": "Ausgaben",
    "eligible": "davon zuwendungsfähig",
    "received": "erhaltene Zuwendung",
    "due": "Zuwendung nach Abrechnung",
    "repayment": "Rückzahlung",
}
# Longer texts are shown in part where a version says what changed.
SHORT = 160


def predecessor(version):
    """The version the funder has read last; its frozen document, or None."""
    released = version.report.versions.filter(
        status=VersionStatus.RELEASED, number__lt=version.number
    )
    return released.order_by("-number").values_list("frozen", flat=True).first()


def reasons(version):
    """Part of the report -> what was answered to the queries about it, the latest first."""
    answered = version.report.queries.filter(
        reply__isnull=False, version__number__lt=version.number
    )
    found = {}
    for query in answered.select_related("reply").order_by("-reply__replied_at"):
        found.setdefault(query.section, shortened(query.reply.text))
    return found


def changes(document, earlier, answers=None):
    """Say what the funder finds different from the version released before, each with its reason.

    That is what was answered to a query about it (`answers`, by part of the report), or else the
    reason of the whole version.
    """
    if earlier is None:
        return ()
    answers = answers or {}
    parts = parts_of(document)
    return tuple(
        replace(change, reason=answers.get(part_of(change.label, parts), document.change_reason))
        for change in differences(document, earlier)
    )


def parts_of(document):
    """How the labels of a part begin -> the part, as queries name it."""
    return {
        **{f"{item.code} ": item.code for item in document.indicators},
        **{f"Text: {section.heading}": section.key for section in document.narrative},
        **{f"{item.title}: ": item.key for item in document.breakdowns},
        "Finanzierungsplan": "finances",
        "Beratungen in der Liste": "annex",
        "Minuten in der Liste": "annex",
        "Einträge der Liste": "annex",
    }


def part_of(label, parts):
    return next((part for start, part in parts.items() if label.startswith(start)), "cover")


def differences(document, earlier):
    frozen = {name: plain(getattr(document, name)) for name in PARTS}
    now, before = summary_of(frozen), summary_of(earlier)
    return tuple(
        Change(
            label,
            *from_difference(before.get(label, german.NOT_ASKED), now.get(label, german.NOT_ASKED)),
        )
        for label in {**now, **before}
        if now.get(label, german.NOT_ASKED) != before.get(label, german.NOT_ASKED)
    ) + listed(frozen.get("annex", []), earlier.get("annex", []))


def summary_of(frozen):
    """Label -> what a frozen document says there, in the spelling of the paper."""
    return {
        **said_by_cover(frozen.get("cover", {})),
        **said_by_indicators(frozen),
        **said_by_breakdowns(frozen),
        **said_by_plan(frozen),
        **said_by_list(frozen),
        **{
            f"Text: {section['heading']}": " ".join(section.get("paragraphs", ()))
            for section in frozen.get("narrative", [])
        },
    }


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
        f"{german.number(notice.get('amount'), 2)} EUR"
        for notice in cover.get("notices", ())
    )
    return {label: words or german.NOT_ASKED for label, words in said.items()}


def said_by_indicators(frozen):
    said = {}
    rules = {rule["key"]: rule for rule in frozen.get("rules", [])}
    for item in frozen.get("indicators", []):
        label = f"{item['code']} {item['name']}"
        said[f"{label}: Soll"] = german.number(item.get("target"))
        said[f"{label}: Ist im Zeitraum"] = german.number(item.get("in_period"))
        said[f"{label}: Ist kumuliert"] = german.number(item.get("cumulated"))
        said[f"{label}: Begründung"] = item.get("reason") or german.NOT_ASKED
        for part in item.get("parts", ()):
            numbers = (german.number(part[name]) for name in ("in_period", "cumulated"))
            said[f"{label}: {part['label']}"] = "im Zeitraum {}, kumuliert {}".format(*numbers)
        if rule := rules.get(item["code"]):
            said[f"{label}: Zählregel"] = f"Fassung {rule['version']}: {rule['text']}"
    return said


def said_by_breakdowns(frozen):
    """A line each, with all its numbers: a single consultation changes several of them."""
    said = {}
    for table in frozen.get("breakdowns", []):
        lines = [(row["label"], row["values"]) for row in table["rows"]]
        if table.get("total") is not None:
            lines.append(("Summe", table["total"]))
        for name, values in lines:
            said[f"{table['title']}: {name}"] = ", ".join(
                f"{column} {german.number(value)}"
                for column, value in zip(table["columns"], values, strict=True)
            )
    return said


def said_by_plan(frozen):
    said = {}
    for line in frozen.get("finances", []):
        kind = PLAN_KINDS.get(line["kind"], line["kind"])
        said[f"Finanzierungsplan, {kind} {line['position']}"] = (
            f"{line['label']}: geplant {german.number(line['planned'], 2)} EUR, "
            f"förderfähig {german.number(line.get('eligible'), 2)} EUR"
        )
        if line.get("since_start") is not None:
            said[f"Abrechnung, {kind} {line['position']}"] = (
                f"im Zeitraum {german.number(line['actual'], 2)} EUR, seit Beginn "
                f"{german.number(line['since_start'], 2)} EUR, "
                f"Belege im Zeitraum: {len(line.get('vouchers', ()))}"
            )
    if (settlement := frozen.get("settlement")) is not None:
        for name, label in SETTLEMENT.items():
            said[f"Ist-Ergebnis: {label}"] = f"{german.number(settlement[name], 2)} EUR"
    return said


def said_by_list(frozen):
    annex = frozen.get("annex", [])
    return {
        "Beratungen in der Liste": german.number(len(annex)),
        "Minuten in der Liste": german.number(sum(row["minutes"] or 0 for row in annex)),
    }


def listed(now, before):
    """Say how many rows of the list are new, others, or gone; their numbers alone may be equal."""
    now, before = ({row["id"]: row for row in rows} for rows in (now, before))
    new, gone = now.keys() - before.keys(), before.keys() - now.keys()
    others = [key for key in now.keys() & before.keys() if differs(now[key], before[key])]
    if not (new or gone or others):
        return ()
    found = f"{len(new)} neu, {len(others)} geändert, {len(gone)} entfallen"
    return (Change("Einträge der Liste", german.NOT_ASKED, found),)


def differs(row, former):
    # What an older layout did not freeze is no difference, nor is a number that moved up.
    known = (row.keys() & former.keys()) - {"number"}
    return any(row[name] != former[name] for name in known)


def day(value):
    return german.day(date.fromisoformat(value)) if value else german.NOT_ASKED


def from_difference(before, now, lead=60):
    """Both texts shortened so that the place where they begin to differ is to be seen."""
    same = len(commonprefix([before, now]))
    start = same - lead if max(len(before), len(now)) > SHORT and same > lead else 0
    return shortened(before, start), shortened(now, start)


def shortened(text, start=0):
    if len(text) <= SHORT:
        return text
    end = "" if len(text) <= start + SHORT else " …"
    part = text[start : start + SHORT].strip()
    return f"{'… ' if start else ''}{part}{end} ({len(text)} Zeichen)"
