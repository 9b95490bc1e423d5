"""Accounts, letters and areas, and what all factories share."""

from datetime import date
from itertools import count
from zoneinfo import ZoneInfo

from best_portal.accounts.models import Role, User
from best_portal.outbox.models import Letter
from districts.models import Borough, ContextNote, District

BERLIN = ZoneInfo("Europe/Berlin")
# The year in which the tests' projects run: past, so that consultations may be logged in it.
YEAR = 2024

number = count(1)


# --- accounts ---


def make_user(role=Role.ADVISOR, **fields):
    n = next(number)
    fields.setdefault("email", f"{role}-{n}@beispiel.example")
    fields.setdefault("name", f"Muster {n}")
    return User.objects.create_user(role=role, **fields)


# --- outbox ---


def make_letter(**fields):
    n = next(number)
    fields.setdefault("key", f"muster:{n}:hallo")
    fields.setdefault("recipient", f"empfang-{n}@beispiel.example")
    fields.setdefault("subject", "Musterbrief")
    fields.setdefault("text", "Guten Tag\n")
    return Letter.objects.create(**fields)


# --- districts ---


def make_borough(key="03", name="Pankow"):
    return Borough.objects.get_or_create(key=key, defaults={"name": name})[0]


def make_district(**fields):
    n = next(number)
    fields.setdefault("name", f"Musterplatz {n}")
    fields.setdefault("slug", f"musterplatz-{n}")
    fields.setdefault("borough", make_borough())
    fields.setdefault("starts_on", date(1999, 1, 1))
    return District.objects.create(**fields)


def make_context_note(**fields):
    fields.setdefault("kind", "history")
    fields.setdefault("text", "Mustertext")
    fields.setdefault("source", "Musterquelle")
    fields.setdefault("dated", date(YEAR, 5, 1))
    if "district" not in fields:
        fields["district"] = make_district()
    if "author" not in fields:
        fields["author"] = make_user()
    return ContextNote.objects.create(**fields)
