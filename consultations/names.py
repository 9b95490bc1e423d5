"""Names in a text that leaves the house: whom of the people on file it seems to name."""

import re

from best_portal.db import fold

SHORTEST = 3
WORD = re.compile(r"\w+")


def parts_of(name):
    """The words of a name to look for, folded; "von" and "de" name nobody."""
    words = (word for word in WORD.findall(name) if len(word) >= SHORTEST)
    return {fold(word) for word in words if not word.islower()}


def names_in(text, people):
    """The names of those people whose first or family name is a word of the text, also as Musters.

    A hint, not a proof: some names are words of the language, too.
    """
    words = {fold(word) for word in WORD.findall(text or "")}
    words |= {word.removesuffix("s") for word in words}
    return [person.name for person in people if words & parts_of(person.name)]
