"""The area a cell names, however it is spelled: one match or a refusal with the nearest names."""

import re
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from best_portal.imports.cells import Refused, folded, is_empty, line_of

NOISE = {"qm", "gebiet", "quartier", "quartiersmanagement", "kiez", "quartiersmanagementgebiet"}


@dataclass(frozen=True)
class Area:
    """An area as the log may name it; `aliases` are further names it is known by."""

    name: str
    key: object = None
    aliases: tuple[str, ...] = ()
    starts_on: date | None = None
    ends_on: date | None = None

    def was_valid_on(self, day):
        return not (self.starts_on and day < self.starts_on) and not (
            self.ends_on and day > self.ends_on
        )


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
                self._by_spelling.setdefault(spelling(name), []).append(area)
                for part in re.split(r"[()/]", name):
                    self._by_part.setdefault(spelling(part), []).append(area)
        self._by_part.pop("", None)

    def find(self, cell, day=None):
        """The one area meant, as it was on that day; raises Refused with names that come near."""
        if is_empty(cell):
            raise Refused("no_area")
        text = line_of(cell)
        if text not in self._seen:
            self._seen[text] = self._find(text)
        found, near = self._seen[text]
        if not found:
            raise Refused("unknown_area", value=text[:60], near=near)
        valid = [area for area in found if day is None or area.was_valid_on(day)]
        if not valid:
            raise Refused("area_not_valid", value=found[0].name, date=f"{day:%d.%m.%Y}")
        return valid[0]

    def _find(self, text):
        """The areas of the one name meant (redrawn ones share it), else the names near it."""
        wanted = spelling(text)
        for areas in (self._by_spelling, self._by_part):
            if len({area.name for area in areas.get(wanted, ())}) == 1:
                return list(areas[wanted]), []
        if several := self._by_part.get(wanted):
            return [], sorted({area.name for area in several})[:3]
        near = get_close_matches(wanted, [*self._by_spelling, *self._by_part], n=6, cutoff=0.6)
        areas = [self._by_spelling.get(match) or self._by_part[match] for match in near]
        return [], list(dict.fromkeys(area.name for same in areas for area in same))[:3]
