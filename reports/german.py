"""German on paper: figures and official words, whatever the reader's interface language."""

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

NBSP = "\u00a0"
NOT_ASKED = "–"
ALL_THE_TIME = "durchgehend"
NOT_CONFIRMED = "nicht bestätigt"
SMALL = {2: "zwei", 3: "drei", 4: "vier", 5: "fünf", 6: "sechs"}
KINDS = {
    "advice": "Beratung",
    "accompaniment": "Begleitung",
    "training": "Qualifizierung",
}
ORGANISATIONS = {
    "founding_initiative": "Gründungsinitiativen",
    "social_enterprise": "Sozialunternehmen",
    "local_business": "Lokale Betriebe",
    "association": "Vereine",
    "foundation": "Stiftungen",
    "public_body": "Öffentliche Stellen",
    "network": "Netzwerke",
    "project_group": "Projektgruppen",
}
ORGANISATION = {
    "founding_initiative": "Gründungsinitiative",
    "social_enterprise": "Sozialunternehmen",
    "local_business": "Lokaler Betrieb",
    "association": "Verein",
    "foundation": "Stiftung",
    "public_body": "Öffentliche Stelle",
    "network": "Netzwerk",
    "project_group": "Projektgruppe",
}
FINANCING = {
    "share": "Anteilfinanzierung",
    "gap": "Fehlbedarfsfinanzierung",
    "fixed": "Festbetragsfinanzierung",
    "full": "Vollfinanzierung",
}
PUBLICITY = {
    "press": "Presse",
    "broadcast": "Radio und Fernsehen",
    "online": "Internet",
    "printed": "Faltblatt oder Plakat",
    "event": "Veranstaltung",
}
INPUT_TAX = {"": "", "deducts": "berechtigt", "none": "nicht berechtigt"}
PLAN_KINDS = {"income": "Einnahme", "expense": "Ausgabe"}
COSTINGS = {
    "real": "Belege",
    "staff": "Belege über direkte Personalkosten",
    "hours": "direkte Personalkosten nach Stunden",
    "flat": "Pauschale",
    "lump": "Pauschalbeträge für Ergebnisse",
}
ORIGINS = {
    "grant": "diese Zuwendung",
    "other_grant": "andere Zuwendung",
    "third": "Dritte",
    "own": "Eigenmittel",
}


# Units of which one is called otherwise; "Anzahl" is none that a sentence names.
ONE_OF = {
    "Personen": "Person",
    "Stunden": "Stunde",
    "Einrichtungen": "Einrichtung",
    "Sitzungen": "Sitzung",
    "Teilnahmen": "Teilnahme",
    "Veranstaltungen": "Veranstaltung",
    "Vereinbarungen": "Vereinbarung",
    "Vollzeitstellen": "Vollzeitstelle",
}
MERE_NUMBER = "Anzahl"


def counted(value, unit):
    """A number with its unit, as it may stand in a sentence; None is "k. A."."""
    if value is None:
        return "k. A."
    if unit == MERE_NUMBER:
        return number(value)
    return f"{number(value)} {ONE_OF.get(unit, unit) if value == 1 else unit}"


def number(value, places=None):
    """Write 1234.5 as 1.234,5; None, which was not asked, as a dash; a counted zero as 0."""
    if value is None or value == "":
        return NOT_ASKED
    value = Decimal(str(value))
    if places is not None:
        value = value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    elif value == value.to_integral_value():
        value = value.quantize(Decimal(1))
    else:
        value = value.quantize(Decimal("0.01"), ROUND_HALF_UP).normalize()
    text = f"{value:,f}".translate(str.maketrans(",.", ".,"))
    return text.replace("-", "−")


def count_word(value):
    """Small numbers as words: zwei Monate; larger ones in figures."""
    return SMALL.get(int(value), number(value))


def hours(minutes, places=None):
    """Write 90 minutes as 1,5."""
    return number(Decimal(minutes) / 60, places)


def euro(value):
    return NOT_ASKED if value is None else f"{number(value, 2)}{NBSP}EUR"


def percent(value):
    return NOT_ASKED if value is None else f"{number(Decimal(str(value)), None)}{NBSP}%"


def day(value):
    """Write a day with all four digits of its year, which strftime leaves out before 1000."""
    return NOT_ASKED if value is None else f"{value:%d.%m.}{value.year:04}"


def days(since, until):
    """Write from when until when something holds, ab 01.01.2026 bis 31.12.2026; what is open to a
    side says nothing of it."""
    said = (("ab", since), ("bis", until))
    return " ".join(f"{word} {day(value)}" for word, value in said if value)


def threshold(step, unit=""):
    """Write a number with the days it holds: 8 Stunden bis 31.12.2025."""
    return " ".join(filter(None, (f"{number(step.value)}{unit}", days(step.since, step.until))))


def day_of(written):
    """The day that `day` wrote so."""
    number, month, year = written.split(".")
    return date(int(year), int(month), int(number))
