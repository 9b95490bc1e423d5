"""The names of files as people gave them, made safe to show, to store and to send back."""

import unicodedata

LONGEST = 150
# What has a meaning in a path or in the commands of some system.
SEPARATORS = str.maketrans({character: "_" for character in '/\\:*?"<>|'})


def safe_name(name):
    """The name without folders, control and direction marks; its ending stays when it is cut."""
    name = name.replace("\\", "/").rpartition("/")[2]
    # Category C: controls, and the marks by which a name reads backwards.
    kept = "".join(letter for letter in name if unicodedata.category(letter)[0] != "C")
    name = " ".join(kept.translate(SEPARATORS).split()).strip(". ")
    stem, dot, ending = name.rpartition(".")
    if dot and len(ending) <= 10:
        return f"{stem[: LONGEST - len(ending) - 1]}.{ending}"
    return name[:LONGEST]


def stem_of(name):
    return name.rpartition(".")[0] or name
