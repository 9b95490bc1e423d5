"""The words in a file, to be searched: of plain text, office files and PDFs, as far as they reach.

A scan has none; its title and its name are searched all the same.
"""

import re
import zipfile
from fnmatch import fnmatchcase
from itertools import islice

from defusedxml.ElementTree import iterparse

from best_portal.files.kinds import BY_MEDIA_TYPE
from best_portal.files.pdf_words import words_of_pdf

MOST = 200_000
# A part may hold millions of empty elements, and each takes memory.
MOST_ELEMENTS = 500_000
# part of an archive → the elements whose text is text
PARTS = {
    "word/document.xml": ("t",),
    "xl/sharedStrings.xml": ("t",),
    "xl/worksheets/*.xml": ("t",),
    "content.xml": ("p", "h"),
}
BREAKS = ("p", "h", "si", "is", "tab", "br")
PDF = "application/pdf"
# A word that was parted at the end of a line; "Kosten-" before a capital letter is none.
PARTED = re.compile(r"(?<=\w)[-\xad]\n(?=[a-zäöüß])")


def words_of(file, media_type):
    """The text of a checked file, 200,000 characters at most; nothing where none can be read."""
    kind = BY_MEDIA_TYPE.get(media_type)
    if kind is None:
        return ""
    if kind.is_text:
        return tidy(decoded(file.read(4 * MOST)))
    if media_type == PDF:
        return PARTED.sub("", tidy(words_of_pdf(file, MOST)))
    return tidy(of_archive(file)) if kind.is_archive else ""


def decoded(content):
    """Text in the code it was written in; what was cut in the middle of a letter is left out."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="ignore")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.start >= len(content) - 4:
            return content[: error.start].decode("utf-8-sig")
        return content.decode("cp1252", errors="replace")


def of_archive(file):
    found, length = [], 0
    with zipfile.ZipFile(file) as archive:
        for name in archive.namelist():
            tags = next((tags for part, tags in PARTS.items() if fnmatchcase(name, part)), None)
            if tags is None:
                continue
            with archive.open(name) as part:
                for piece in pieces(part, tags):
                    found.append(piece)
                    length += len(piece)
                    if length > MOST:
                        return "".join(found)
    return "".join(found)


def pieces(part, tags):
    """The text of these elements one by one; what has been read is let go."""
    elements = iterparse(part, forbid_dtd=True)
    for _event, element in islice(elements, MOST_ELEMENTS):
        tag = element.tag.rpartition("}")[2]
        if tag in tags:
            yield "".join(element.itertext())
            element.clear()
        if tag in BREAKS:
            yield "\n"


def tidy(text):
    """As PostgreSQL takes it, without runs of blanks."""
    lines = (" ".join(line.split()) for line in text.replace("\0", "").splitlines())
    return "\n".join(line for line in lines if line)[:MOST]
