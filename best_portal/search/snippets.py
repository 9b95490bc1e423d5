"""The piece of a text in which the words stand, and where in it they stand."""

import re
from difflib import SequenceMatcher

from best_portal.db import fold

AROUND = 70
LONGEST = 240
SHORTEST_STEM = 4
# From here on a word is the one asked for with a typo.
ALIKE = 0.75
WORD = re.compile(r"\w+(?:[-@.]\w+)*")


def marked(text, words):
    """The text in pieces of (text, whether it was asked for)."""
    pieces, end = [], 0
    for start, stop in hits(text, words):
        if start > end:
            pieces.append((text[end:start], False))
        pieces.append((text[start:stop], True))
        end = stop
    if end < len(text):
        pieces.append((text[end:], False))
    return pieces


def snippet(texts, words, *, or_beginning=True):
    """Some words around what was asked for, from the text that answers most; else the beginning."""
    texts = [" ".join(text.split()) for text in texts if text]
    if not texts:
        return []
    found = {text: hits(text, words) for text in texts}
    best = max(texts, key=lambda text: len(found[text]))
    if not found[best]:
        return [(shortened(best, 0), False)] if or_beginning else []
    return marked(shortened(best, max(0, found[best][0][0] - AROUND)), words)


def shortened(text, start):
    """The text from about there on, cut between words."""
    if start:
        start = text.find(" ", start) + 1
    end = len(text)
    if end > start + LONGEST:
        end = text.rfind(" ", start, start + LONGEST)
        end = start + LONGEST if end <= start else end
    return f"{'… ' if start else ''}{text[start:end]}{' …' if end < len(text) else ''}"


def hits(text, words):
    """Where words of the text stand that were asked for: (start, end), one after the other."""
    asked = [way for word in words for way in word.spellings]
    return [
        (found.start(), found.end())
        for found in WORD.finditer(text)
        if any(is_meant(fold(found.group()), way) for way in asked)
    ]


def is_meant(word, asked):
    """Whether a word holds what was asked for, is another form of it, or it with a typo."""
    if len(asked) >= SHORTEST_STEM - 1 and asked in word:
        return True
    if word == asked:
        return True
    if min(len(word), len(asked)) < SHORTEST_STEM:
        return False
    short, long = sorted((word, asked), key=len)
    if long.startswith(short) and len(long) - len(short) <= 3:
        return True
    if word[:3] != asked[:3] and abs(len(word) - len(asked)) > 2:
        return False
    return SequenceMatcher(None, word, asked).ratio() >= ALIKE
