"""Names of organisations compared: what is the same name, what comes near, which legal form."""

import re
from functools import lru_cache

from best_portal.imports.cells import folded

# How a name may write its legal form, once spelling is folded; the longer ones come first.
FORMS = [
    ("gmbh_kg", r"g?gmbh (und )?co kg(aa)?"),
    ("gmbh", r"gemeinnutzige (gmbh|gesellschaft mbh)|g?gmbh|gesellschaft mit beschrankter haftung"),
    ("gmbh", r"(?<=\w )mbh"),
    ("ug", r"(gemeinnutzige |g)?(ug|unternehmergesellschaft)( haftungsbeschrankt)?"),
    ("ev", r"e v|ev|eingetragener verein"),
    ("eg", r"(?<=\w )(e g|eg)|eingetragene genossenschaft"),
    ("ag", r"(?<=\w )(ag|gag)|aktiengesellschaft"),
    ("gbr", r"gbr|gesellschaft burgerlichen rechts"),
    ("kg", r"(?<=\w )(kg|kgaa)|kommanditgesellschaft"),
    ("ohg", r"ohg"),
    ("ek", r"(?<=\w )(e k|ek|e kfm|e kfr)"),
]
PATTERNS = [(form, re.compile(rf"\b(?:{pattern})\b")) for form, pattern in FORMS]
# What is said of a form and not part of a name.
QUALITIES = re.compile(r"\b(gemeinnutzige?|haftungsbeschrankt)\b")

# What so many names hold that it tells nothing.
FILLERS = frozenset(
    ("berlin", "berliner", "und", "fur", "in", "im", "zu", "der", "die", "das", "des", "von")
)

# From here on two names may mean the same; tried on names as authorities print them.
ALIKE = 0.55
CONTAINED = 0.95
SHORTEST = 6  # trigrams of a name that is found within another


@lru_cache(maxsize=16384)
def _parts(name):
    text, form = folded(name), ""
    for kind, pattern in PATTERNS:
        found = pattern.search(text)
        if found and not form:
            form = kind
        text = pattern.sub(" ", text)
    text = " ".join(QUALITIES.sub(" ", text).split())
    return (text or folded(name)), form


def core_of(name):
    """The name without its legal form, the same for every spelling."""
    return _parts(name)[0]


def key_of(name):
    """What two names have in common that differ in legal form, marks, hyphens and blanks alone."""
    return core_of(name).replace(" ", "")


def form_of(name):
    """The family of the legal form a name gives: "gmbh" for gGmbH, too; "" where it gives none."""
    return _parts(name)[1]


@lru_cache(maxsize=16384)
def trigrams(name):
    """Three letters at a time of the words that tell something, with their beginning and end."""
    words = core_of(name).split()
    telling = [word for word in words if word not in FILLERS] or words
    return frozenset(f"  {word} "[at : at + 3] for word in telling for at in range(len(word) + 1))


def likeness(one, other):
    """From 0 to 1: how much of two sets of trigrams is the same; a name within a name counts 1."""
    common = len(one & other)
    if not common:
        return 0.0
    smaller = min(len(one), len(other))
    if smaller >= SHORTEST and common >= CONTAINED * smaller:
        return 1.0
    return common / len(one | other)
