"""Which signs the fonts of the paper can show, and what stands in for the others."""

import unicodedata
from functools import cache

from reports import pdf
from reports.document import printable

# An archive PDF may not hold an empty box, and our fonts have no sign for "sign missing".
STAND_IN = "[?]"
BLANKS = "\n\r\t "


@cache
def drawn():
    """Every sign our fonts draw."""
    # A part of WeasyPrint: the web process has no use for it.
    from fontTools.ttLib import TTFont

    fonts = [path for name, path in pdf.own_assets().items() if name.endswith("-400-normal.woff")]
    signs = set(BLANKS)
    for path in fonts:
        with TTFont(path, lazy=True) as font:
            signs |= {chr(code) for code in font.getBestCmap()}
    return frozenset(signs)


def legible(text):
    """The text as far as our fonts go: "𝐀" becomes "A", an emoji says that something is missing.

    One sign nobody has a font for must not keep a whole report from being printed. The files
    attached to it keep every text as it was typed.
    """
    text = printable(text)
    lacking = {sign: shown_as(sign) for sign in set(text) - drawn()}
    return text.translate(str.maketrans(lacking)) if lacking else text


def shown_as(sign):
    if sign.isspace():
        return " "
    if unicodedata.category(sign) in ("Cf", "Mn", "Me"):
        return ""
    plain = unicodedata.normalize("NFKC", sign)
    return plain if drawn().issuperset(plain) else STAND_IN
