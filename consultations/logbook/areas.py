"""The area a cell names, however it is spelled: one match or a refusal with the nearest names."""

import re
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from consultations.logbook.values import Refused, folded, is_empty, line_of

NOISE = {"qm", "gebiet", "quartier", "quartiersmanagement", "kiez", "quartiersmanagementgebiet"}


@dataclass(frozen=True)
class Area:
    """An area as the log may name it; `aliases` are further names it is known by."""

    name: str
    key: object = None
    aliases: tuple[str, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None


def spelling(text):
    """The same for every spelling of a name: case, blanks, "QM", "Pl.", "Str.", umlauts."""
    words = []
    for word in folded(text).split():
        if word in NOISE:
            continue
        word = re.sub(r"pl$", "platz", word)
        word = re.sub(r"str$", "strasse", word)
        words.append(word)
    return "".join(words)


class Areas:
    """The known areas, looked up by any spelling that fits exactly one of them."""

    def __init__(self, areas):
        self._by_spelling = {}
        self._by_part = {}
        self._seen = {}
        for area in areas:
            for name in (area.name, *area.aliases):
                self._by_spelling.setdefault(spelling(name), set()).add(area)
                for part in re.split(r"[()/]", name):
                    self._by_part.setdefault(spelling(part), set()).add(area)
        self._by_part.pop("", None)

    def find(self, cell):
        """The one area meant; raises Refused with up to three names that come near."""
        if is_empty(cell):
            raise Refused("no_area")
        text = line_of(cell)
        if text not in self._seen:
            self._seen[text] = self._find(text)
        found = self._seen[text]
        if isinstance(found, Refused):
            raise Refused(found.code, **found.params)
        return found

    def _find(self, text):
        wanted = spelling(text)
        for names in (self._by_spelling, self._by_part):
            if len(names.get(wanted, ())) == 1:
                return next(iter(names[wanted]))
        if len(several := self._by_part.get(wanted, ())) > 1:
            return _unknown(text, sorted(area.name for area in several))
        near = get_close_matches(wanted, [*self._by_spelling, *self._by_part], n=6, cutoff=0.6)
        names = [self._by_spelling.get(match) or self._by_part[match] for match in near]
        return _unknown(text, list(dict.fromkeys(area.name for areas in names for area in areas)))


def _unknown(text, near):
    return Refused("unknown_area", value=text[:60], near=near[:3])
