"""What a counting rule says of itself, in words: what it counts once, by which day, and how."""

from django.utils.translation import gettext as _

from reports import german
from reports.days import DAYS
from reports.figures import RULES

# On paper.
ONCE = {
    "session": "jede Beratung einmal",
    "organisation": "jede Organisation einmal je Zuwendung",
    "person": "jede Person einmal je Projekt",
    "job": "jede Stelle einmal",
    "attendance": "jede Teilnahme einmal",
    "award": "jede Förderung einmal",
    "meeting": "jede Sitzung einmal",
    "agreement": "jede Vereinbarung einmal",
    "nothing": "nichts",
}
DATED = {
    "held": "Tag der Beratung",
    "first": "Tag der ersten Beratung",
    "founded": "Tag der Gründung",
    "begun": "erster Tag der Stelle",
    "reached": "Tag, an dem die Stunden die Schwelle erreichen, ohne Schwelle der erste",
    "entered": "Tag des ersten Eintritts",
    "left": "Tag des letzten Austritts",
    "later": "sechs Monate nach dem Austritt",
    "year_after": "ein Jahr nach der Unterstützung",
    "declared": "Tag der Erklärung",
    "completed": "Tag, an dem die Förderung abgeschlossen war",
    "introduced": "Tag, an dem die Neuerung eingeführt war",
    "met": "Tag der Sitzung",
    "signed": "Tag der Unterschrift",
    "hidden": "",
}
SPLIT = {
    "": "",
    "gender": "Frauen, Männer, nicht-binär",
    "answers": "Frauen, Männer, nicht-binär; keine Angabe und nicht erhoben daneben",
    "sizes": "Größe des Unternehmens",
    "left_out": "große Unternehmen und solche ohne Größe daneben",
    "running": "noch nicht Abgeschlossenes daneben",
    "unstated": "keine Angabe daneben",
}


def told(indicators):
    """The indicators, each with `way`: what its rule says of itself, in the reader's language."""
    indicators = list(indicators)
    for each in indicators:
        each.way = way_of(each)
    return indicators


def way_of(indicator):
    rule = RULES.get(indicator.rule)
    if rule is None:
        return _("This portal does not have the rule %(rule)s.") % {"rule": indicator.rule}
    parts = [
        _("Rule %(rule)s, version %(version)s") % {"rule": rule.name, "version": rule.version},
        _("counts once: %(what)s") % {"what": rule.once.label},
    ]
    if rule.dated in DAYS and rule.dated != "hidden":
        parts.append(_("by: %(day)s") % {"day": DAYS[rule.dated]})
    if rule.breakdown:
        parts.append(_("split by: %(what)s") % {"what": rule.breakdown.label})
    if indicator.task is not None:
        parts.append(_("only task %(number)s") % {"number": indicator.task})
    return "; ".join(parts)


def on_paper(indicator):
    """The same in German, as a report prints it."""
    rule = RULES[indicator.rule]
    parts = [f"Zählregel {rule.name}, Fassung {rule.version}", f"es zählt {ONCE[rule.once]}"]
    if DATED[rule.dated]:
        parts.append(f"maßgeblich ist: {DATED[rule.dated]}")
    if SPLIT[rule.breakdown]:
        parts.append(f"aufgeteilt nach: {SPLIT[rule.breakdown]}")
    if indicator.task is not None:
        parts.append(f"nur Aufgabe {german.number(indicator.task)}")
    return "; ".join(parts) + "."
