"""What a new version says differently from the one released before it."""

from collections import Counter
from dataclasses import replace
from datetime import datetime
from os.path import commonprefix

from reports import german
from reports.carried import carried
from reports.document import Change, plain
from reports.models import VersionStatus
from reports.said import day, euro, line_name, line_part, rule_in_words, statements

PARTS = (
    "cover",
    "indicators",
    "rules",
    "breakdowns",
    "finances",
    "settlement",
    "annex",
    "inventory",
    "aid",
    "publicity",
    "programme_rules",
    "narrative",
)
# Longer texts are shown in part where a version says what changed.
SHORT = 160
# So many vouchers of one line of the plan are named; of more, only their number is said.
NAMED_VOUCHERS = 15


def released_before(version):
    """The versions released before it, the one the funder has read last first."""
    released = version.report.versions.filter(
        status=VersionStatus.RELEASED, number__lt=version.number
    )
    return released.order_by("-number")


def predecessor(version):
    """The frozen document of the version the funder has read last, or None."""
    return released_before(version).values_list("frozen", flat=True).first()


def reasons(version):
    """Part of the report -> what was answered to queries about it since the version read last.

    An answer is the reason of what the first version released after it says differently; a later
    one no longer gives it. Several answers about one part stand side by side, the oldest first.
    """
    answered = version.report.queries.filter(
        reply__isnull=False, version__number__lt=version.number
    )
    if read := released_before(version).values_list("frozen__generated_at", flat=True).first():
        answered = answered.filter(reply__replied_at__gt=datetime.fromisoformat(read))
    found = {}
    for query in answered.select_related("reply").order_by("reply__replied_at"):
        found.setdefault(query.section, []).append(shortened(query.reply.text))
    return {part: " / ".join(texts) for part, texts in found.items()}


def changes(document, earlier, answers=None):
    """Say what the funder finds different from the version released before, each with its reason.

    Only of what this paper prints: a Sachbericht says nothing of vouchers.
    That is what was answered to a query about just this part (`answers`, by part of the report),
    or else the reason of the whole version.
    """
    if earlier is None:
        return ()
    answers = answers or {}
    return tuple(
        replace(change, reason=reason_of(change, answers) or document.change_reason)
        for change in differences(document, earlier)
    )


def reason_of(change, answers):
    return next((answers[part] for part in change.parts if part in answers), "")


def differences(document, earlier):
    kind = document.cover.kind
    frozen = carried({name: plain(getattr(document, name)) for name in PARTS}, kind)
    earlier = carried(earlier, kind)
    yield from differing_statements(frozen, earlier)
    yield from differing_vouchers(frozen.get("finances", []), earlier.get("finances", []))
    yield from listed("Einträge der Liste", "annex", frozen, {"annex": [], **earlier}, by="id")
    yield from listed("De-minimis-Beihilfen", "aid", frozen, earlier, by="certificate")
    yield from inventoried(frozen, earlier)
    yield from published(frozen, earlier)
    yield from ruled(frozen, earlier)


def differing_statements(frozen, earlier):
    now, before = ({said.label: said for said in statements(each)} for each in (frozen, earlier))
    for label in {**now, **before}:
        parts = (now.get(label) or before[label]).parts
        then, since = (
            each[label].words if label in each else german.NOT_ASKED for each in (before, now)
        )
        if then != since:
            yield Change(label, *from_difference(then, since), parts=parts)


# --- the Belegliste ---


def differing_vouchers(now, before):
    """Name each voucher that is new, other or gone, with its line of the plan."""
    now, before = ({line_part(line): line for line in lines} for lines in (now, before))
    for part, line in {**now, **before}.items():
        parts, label = (part, "vouchers"), f"Belegliste, {line_name(line)}"
        found = list(differing_rows(now.get(part), before.get(part)))
        for number, then, since in found[:NAMED_VOUCHERS]:
            yield Change(f"{label}: {number}", *from_difference(then, since), parts=parts)
        if rest := found[NAMED_VOUCHERS:]:
            new = sum(then == german.NOT_ASKED for _, then, _ in rest)
            gone = sum(since == german.NOT_ASKED for _, _, since in rest)
            words = counts(new, len(rest) - new - gone, gone)
            yield Change(f"{label}: weitere Belege", german.NOT_ASKED, words, parts=parts)


def differing_rows(line, former):
    """(number of the voucher, what it said, what it says) of those that differ."""
    # What an older layout did not freeze is no difference.
    known = [
        name
        for name in ("vouchers", "earlier")
        if all(name in each for each in (line, former) if each)
    ]
    now, before = (
        by_number([row for name in known for row in each[name]] if each else [])
        for each in (line, former)
    )
    for key in {**now, **before}:
        then, since = (said_of_voucher(rows.get(key)) for rows in (before, now))
        if then != since:
            yield key[0], *told(then, since)


def by_number(rows):
    """The rows by what stands on the voucher; the second of the same number is another one."""
    seen = Counter()
    found = {}
    for row in rows:
        number = row["voucher"]
        seen[number] += 1
        found[number, seen[number]] = row
    return found


def told(then, since):
    """Amounts, day and payee are always said; what else there is, only where it differs."""
    if not (then and since):
        return tuple(said[0] if said else german.NOT_ASKED for said in (then, since))
    others = [pair for pair in zip(then[1:], since[1:], strict=True) if pair[0] != pair[1]]
    return tuple("; ".join(words) for words in zip((then[0], since[0]), *others, strict=True))


def said_of_voucher(row):
    if row is None:
        return ()
    amounts = f"{euro(row['amount'])}, davon förderfähig {euro(row['eligible'])}"
    return (
        f"{amounts}, {day(row['paid_on'])}, {row['payee']}",
        f"Rechnung vom {day(row.get('invoiced_on'))}",
        f"Grund: {row.get('reason') or german.NOT_ASKED}",
        f"Hinweis: {row.get('note') or german.NOT_ASKED}",
    )


# --- lists whose rows are only counted ---


def listed(label, name, frozen, earlier, *, by):
    """Say how many rows of a list are new, others, or gone; their number alone may be equal."""
    if name not in earlier:
        return
    now, before = ({row[by]: row for row in each[name]} for each in (frozen, earlier))
    new, gone = now.keys() - before.keys(), before.keys() - now.keys()
    others = [key for key in now.keys() & before.keys() if differs(now[key], before[key])]
    if new or gone or others:
        words = counts(len(new), len(others), len(gone))
        yield Change(label, german.NOT_ASKED, words, parts=(name,))


def differs(row, former):
    # What an older layout did not freeze is no difference, nor is a number that moved up.
    known = (row.keys() & former.keys()) - {"number"}
    return any(row[name] != former[name] for name in known)


def published(frozen, earlier):
    """The same for what was published, which nobody corrects often: that it differs is enough."""
    if "publicity" not in earlier:
        return
    titles = [
        "; ".join(row["title"] for row in rows) or german.NOT_ASKED
        for rows in (earlier["publicity"], frozen["publicity"])
    ]
    if earlier["publicity"] != frozen["publicity"]:
        before, now = (shortened(each) for each in titles)
        if before == now:
            before = german.NOT_ASKED
        yield Change("Presse und Öffentlichkeitsarbeit", before, now, parts=("publicity",))


def ruled(frozen, earlier):
    """Name each Regelwerk that is new, other or gone; a document without the list tells nothing."""
    if "programme_rules" not in earlier or "programme_rules" not in frozen:
        return
    before, now = (
        {row["name"]: rule_in_words(row) for row in each["programme_rules"]}
        for each in (earlier, frozen)
    )
    for name in {**now, **before}:
        then, since = (each.get(name, german.NOT_ASKED) for each in (before, now))
        if then != since:
            words = from_difference(then, since)
            yield Change(f"Maßgebliches Regelwerk: {name}", *words, parts=("programme_rules",))


def inventoried(frozen, earlier):
    """The same for things, which have no number of their own: what changed is gone and new."""
    if "inventory" not in earlier:
        return
    now, before = (
        Counter(
            tuple((name, row[name]) for name in sorted(row.keys() - {"number"})) for row in rows
        )
        for rows in (frozen["inventory"], earlier["inventory"])
    )
    if now != before:
        words = f"{(now - before).total()} neu, {(before - now).total()} entfallen"
        yield Change("Inventarverzeichnis", german.NOT_ASKED, words, parts=("inventory",))


def counts(new, other, gone):
    return f"{new} neu, {other} geändert, {gone} entfallen"


# --- how it is written ---


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
