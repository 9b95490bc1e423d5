"""What a text message costs: the alphabet of GSM 03.38, and how many parts a text takes."""

import unicodedata
from math import ceil

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Each of these takes two places.
EXTENDED = frozenset("^{}\\[~]|€\f")
# Signs that are no letter with an accent, and what stands for them.
INSTEAD = str.maketrans("–—·„“”’łŁđĐı", '---"""\'lLdDi') | {ord("…"): "..."}
# Places in a text alone, and in each part of a longer one.
ALONE, IN_PARTS = 160, 153
UNICODE_ALONE, UNICODE_IN_PARTS = 70, 67


def places(text):
    """How many places a text takes, or None where the alphabet lacks a sign of it."""
    if not set(text) <= BASIC | EXTENDED:
        return None
    return len(text) + sum(sign in EXTENDED for sign in text)


def parts(text):
    """How many text messages a gateway makes of a text, and charges for."""
    taken, alone, in_parts = places(text), ALONE, IN_PARTS
    if taken is None:
        taken = len(text.encode("utf-16-be")) // 2
        alone, in_parts = UNICODE_ALONE, UNICODE_IN_PARTS
    return 1 if taken <= alone else ceil(taken / in_parts)


def plain(text):
    """Return the text in the alphabet: accents it lacks are dropped, other signs become "?"."""
    return "".join(
        sign if sign in BASIC | EXTENDED else bare(sign) for sign in text.translate(INSTEAD)
    )


def bare(sign):
    kept = [part for part in unicodedata.normalize("NFKD", sign) if part in BASIC]
    return "".join(kept) or "?"


def cut(text, room):
    """Return as much of a text as fits into so many places, with dots where it was cut."""
    if places(text) <= room:
        return text
    while text and places(text) > room - 3:
        text = text[:-1]
    return f"{text.rstrip(' ,;-')}..." if text else ""
