"""Text files as spreadsheet programs write them: any German encoding, any separator."""

import codecs
import csv
import io
from collections import Counter

from django.utils.translation import gettext_lazy as _

from best_portal.imports.guard import MAX_COLUMNS, NOT_TEXT, TOO_MANY, UnreadableFile

SEPARATORS = ";,\t|"
MAX_CELL = 32_767  # what Excel puts into one cell
PROBED = 300
MAX_SEPARATORS = 16_384  # Excel has no more columns
MAX_LINES = 200_000  # blank ones too


def read_delimited(content):
    """Yield the records of a .csv file as tuples of text, blank lines as empty tuples."""
    csv.field_size_limit(MAX_CELL)
    text = decoded(content)
    separator = separator_of(text)
    lines = io.StringIO(text, newline="")
    if any(line.count(separator) > MAX_SEPARATORS for line in lines):
        raise UnreadableFile(NOT_TEXT, "not_text")
    lines.seek(0)
    reader = csv.reader(lines, delimiter=separator)
    number = last_begins = 0
    while True:
        begins = lines.tell()
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            raise _unclosed(number + 1) from error
        number, last_begins = number + 1, begins
        if number > MAX_LINES:
            raise UnreadableFile(TOO_MANY, "too_many_records")
        yield tuple(cells[:MAX_COLUMNS])
    lines.seek(last_begins)
    try:
        list(csv.reader(lines, delimiter=separator, strict=True))
    except csv.Error as error:
        if "unexpected end" in str(error):  # a forgotten mark has swallowed the rest of the file
            raise _unclosed(number) from error


def decoded(content):
    """Text from bytes: UTF-8, UTF-16 by its mark or its zeros, and else Windows-1252."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        guesses = ["utf-16"]
    elif content[1:200:2].count(0) > len(content[1:200:2]) // 2:
        guesses = ["utf-16-le"]
    elif content[0:200:2].count(0) > len(content[0:200:2]) // 2:
        guesses = ["utf-16-be"]
    else:
        guesses = ["utf-8-sig", "cp1252", "latin-1"]
    for encoding in guesses:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise UnreadableFile(
        _(
            "The text in this file cannot be read. Save the list as .xlsx or as “CSV UTF-8” and "
            "upload that file."
        ),
        "unknown_encoding",
    )


def separator_of(text):
    """The separator that cuts most records into the same number of cells, the more the better."""
    probe = text[:200_000]

    def evenness(separator):
        widths = Counter()
        try:
            for number, cells in enumerate(
                csv.reader(io.StringIO(probe, newline=""), delimiter=separator)
            ):
                widths[len(cells)] += 1
                if number == PROBED:
                    break
        except csv.Error:
            pass
        return max(((width - 1) * count for width, count in widths.items()), default=0)

    return max(SEPARATORS, key=evenness)


def _unclosed(number):
    return UnreadableFile(
        _(
            "In record %(number)s a quotation mark opens and never closes. Close or remove it "
            "there and upload the file again."
        ),
        "unclosed_quotation",
        {"number": number},
    )
