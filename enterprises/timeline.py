"""The timeline of a case file: what happened, newest first, from every app, as one list.

How an app adds to the case file. Write a module with `KINDS` (entries of the timeline) and, where
the noun has a place of its own on the page, `PANELS`; name the module in `settings.CASEFILE`. So
this app need not know those above it:

    KINDS = [
        Kind(
            name="promise",                     # in the address; [a-z_]; once in the portal
            label=_("Promises"),                # in the filter, as a plural
            rows=lambda organisation, user: organisation.promises.visible_to(user),
            moment=BerlinMidnight("due_on"),    # a moment; rows without one are left out
            for_page=lambda rows, user: rows.select_related("made_by"),
            entry=promise_entry,                # (row, user) → Entry
            advisors="made_by",                 # the path to the accounts that had to do with it
            people="person",                    # the path to the people that had to do with it
        )
    ]
    PANELS = [
        Panel("documents", _("Documents"), "enterprises/_documents.html", documents_of)
    ]

`rows` promises that the reader may know of each row, and leaves out what lies in the bin;
`entry` shows of a row only what the reader may see, and asks no further query: what it needs comes
with `for_page`. `documents_of(organisation, user)` returns the context of the panel's template,
or None where this reader gets none.
"""

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db.models import Q, Value
from django.utils import timezone

PAGE = 20
CHUNK = 500
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
DAY = timedelta(days=1)
# Beyond these, a moment in Berlin cannot be written in UTC.
FIRST_DAY, LAST_DAY = date(2, 1, 1), date(9998, 12, 31)
PLACE = re.compile(r"(-?[0-9]{1,17})\.([a-z_]{1,30})\.([0-9]{1,18})")


@dataclass(frozen=True)
class Entry:
    """What stands in one line of the timeline; `at` and `kind` are put in by the timeline."""

    title: str
    href: str = ""
    # Who had to do with it, as one text.
    who: str = ""
    text: str = ""
    # For the team that wrote it only; never in a file.
    note: str = ""
    status: str = ""
    tone: str = "neutral"
    at: datetime | None = None
    kind: "Kind | None" = None

    @property
    def has_clock(self):
        """Whether more than the day is known."""
        return timezone.localtime(self.at).time() != time(0)


@dataclass(frozen=True)
class Kind:
    """One kind of entries: which rows, when they happened, and what is shown of them."""

    name: str
    label: str
    rows: Callable
    moment: Any
    entry: Callable
    for_page: Callable = lambda rows, user: rows
    advisors: str = ""
    people: str = ""
    # The kind whose choice in the filter stands for this one, too: leaving for joining.
    family: str = ""

    @property
    def choice(self):
        return self.family or self.name


@dataclass(frozen=True)
class Panel:
    """A part of the case file that another app fills."""

    name: str
    title: str
    template: str
    context: Callable
    # Below the timeline instead of beside it.
    is_wide: bool = False
    # Above everything, without a frame of its own.
    is_notice: bool = False


@cache
def registered(what):
    """All KINDS or PANELS of the modules that settings name, in their order."""
    modules = [import_module(path) for path in settings.CASEFILE]
    return [each for module in modules for each in getattr(module, what, ())]


def kinds():
    return registered("KINDS")


@cache
def ranks():
    """Of entries of one moment, those of the kind named first stand first."""
    return {kind.name: rank for rank, kind in enumerate(kinds())}


def panels(organisation, user):
    """(panel, context of its template) for each panel this reader gets."""
    found = [(panel, panel.context(organisation, user)) for panel in registered("PANELS")]
    return [(panel, context) for panel, context in found if context is not None]


@dataclass(frozen=True)
class Place:
    """Where an entry stands in the order of all; in an address, what comes before it is older."""

    at: datetime
    kind: str
    pk: int

    def __str__(self):
        return f"{(self.at - EPOCH) // MICROSECOND}.{self.kind}.{self.pk}"

    @classmethod
    def read(cls, text):
        """The place an address names; None for anything else."""
        match = PLACE.fullmatch(text)
        if not match or match[2] not in ranks():
            return None
        try:
            return cls(EPOCH + int(match[1]) * MICROSECOND, match[2], int(match[3]))
        except OverflowError:
            return None

    def older(self, kind):
        """Which rows of a kind come after this place in the list, the newest being the first."""
        if kind.name == self.kind:
            return Q(entry_at__lt=self.at) | Q(entry_at=self.at, pk__lt=self.pk)
        if ranks()[kind.name] > ranks()[self.kind]:
            return Q(entry_at__lte=self.at)
        return Q(entry_at__lt=self.at)


class Timeline:
    """What happened with one organisation, as far as the reader may know and asked for it.

    One statement puts the moments of all kinds in order; then each kind on the page is fetched
    once, however many entries there are.
    """

    def __init__(self, organisation, user, *, kind="", advisor=None, person=None, **days):
        self.organisation, self.user = organisation, user
        asked = [each for each in kinds() if not kind or each.choice == kind]
        if advisor:
            asked = [each for each in asked if each.advisors]
        if person:
            asked = [each for each in asked if each.people]
        self.kinds = {each.name: each for each in asked}
        self.advisor, self.person = advisor, person
        self.since, self.until = days.get("since"), days.get("until")

    def count(self):
        places = self._places()
        return 0 if places is None else places.count()

    def page(self, before=None, size=PAGE):
        """The entries that follow a place, and the place from which the next ones follow."""
        found = self._places(before)
        names = list(ranks())
        places = [
            Place(at, names[rank], pk)
            for at, rank, pk in ([] if found is None else found[: size + 1])
        ]
        return self._entries(places[:size]), places[size - 1] if len(places) > size else None

    def all(self):
        """Every entry, some hundred at a time."""
        before = None
        while True:
            entries, before = self.page(before, CHUNK)
            yield from entries
            if before is None:
                return

    def _places(self, before=None):
        rows = [self._rows_of(kind, before) for kind in self.kinds.values()]
        if not rows:
            return None
        return rows[0].union(*rows[1:], all=True).order_by("-entry_at", "entry_rank", "-pk")

    def _rows_of(self, kind, before):
        rows = kind.rows(self.organisation, self.user).order_by()
        if self.advisor:
            rows = rows.filter(**{kind.advisors: self.advisor})
        if self.person:
            rows = rows.filter(**{kind.people: self.person})
        rows = rows.annotate(entry_at=kind.moment, entry_rank=Value(ranks()[kind.name]))
        rows = rows.filter(entry_at__isnull=False)
        if before:
            rows = rows.filter(before.older(kind))
        if self.since:
            rows = rows.filter(entry_at__gte=midnight(self.since))
        if self.until:
            rows = rows.filter(entry_at__lt=midnight(self.until) + DAY)
        return rows.values_list("entry_at", "entry_rank", "pk")

    def _entries(self, places):
        keys = defaultdict(list)
        for place in places:
            keys[place.kind].append(place.pk)
        rows = {
            (name, row.pk): row
            for name, pks in keys.items()
            for row in self._shown(self.kinds[name], pks)
        }
        return [
            replace(
                self.kinds[place.kind].entry(rows[place.kind, place.pk], self.user),
                at=place.at,
                kind=self.kinds[place.kind],
            )
            for place in places
            if (place.kind, place.pk) in rows
        ]

    def _shown(self, kind, pks):
        rows = kind.rows(self.organisation, self.user).filter(pk__in=pks)
        return kind.for_page(rows, self.user)


def midnight(day):
    day = min(max(day, FIRST_DAY), LAST_DAY)
    return timezone.make_aware(datetime.combine(day, time()))
