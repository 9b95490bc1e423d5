"""Finding: what every kind of thing answers to one question, as far as the reader may see it."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.db import transaction

from best_portal.asked import Asked, forgive_typos
from best_portal.search.kinds import KINDS, Hit, Kind
from best_portal.widgets import SUGGESTIONS

# On the page of all kinds, and on a page of one.
FEW, PAGE = 5, 20
# Whoever finds more asks again with another word.
MOST = 200


@dataclass(frozen=True)
class Group:
    """What one kind answers: the hits of a page, and how many there are up to MOST."""

    kind: Kind
    hits: list[Hit]
    page: Page
    has_more: bool
    is_alike: bool

    @property
    def number(self):
        return self.page.paginator.count


def keys_of(kind, user, asked):
    """The keys that answer, best first, and whether only something alike was found."""
    for alike in (False, True):
        rows = kind.found(user, asked, alike=alike)
        if keys := list(rows.values_list("pk", flat=True)[: MOST + 1]):
            return keys, alike
    return [], False


@transaction.atomic
def find(user, typed, *, of="", number=1):
    """The kinds that answer, a few hits of each; of one kind a page of it. Nothing for no word."""
    asked = Asked(typed)
    forgive_typos()
    groups = []
    for kind in [kind for kind in KINDS if of in ("", kind.key)] if asked else ():
        keys, is_alike = keys_of(kind, user, asked)
        page = Paginator(keys[:MOST], PAGE if of else FEW).get_page(number if of else 1)
        if page.object_list:
            rows = kind.rows(user, page.object_list, asked.words)
            hits = [kind.hit(rows[key], asked.words) for key in page if key in rows]
            groups.append(Group(kind, hits, page, len(keys) > MOST, is_alike))
    return groups


@transaction.atomic
def suggest(user, typed):
    """Things of such a name, as options of a combobox: address, name, hint."""
    asked = Asked(typed)
    forgive_typos()
    options = []
    for kind in KINDS if asked else ():
        if not kind.is_suggested:
            continue
        keys, _alike = keys_of(kind, user, asked)
        rows = kind.rows(user, keys[:SUGGESTIONS])
        found = [rows[key] for key in keys[:SUGGESTIONS] if key in rows]
        options += [(row.get_absolute_url(), str(row), row.hint) for row in found]
    return options
