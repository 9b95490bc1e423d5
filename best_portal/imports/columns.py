"""Which sheet and row the table begins in, and what each of its columns probably holds."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from best_portal.imports.cells import Refused, is_empty, line_of
from best_portal.imports.guard import UnreadableFile
from best_portal.imports.sheet import Record

LOOKED_AT = 60  # records searched for the headings
SAMPLE = 200  # records looked at to tell what a column holds


@dataclass(frozen=True)
class Table:
    """Zero-based columns under headings; `records` are those below the heading rows."""

    sheet: str
    headings: tuple[str, ...]
    records: tuple[Record, ...]
    other_sheets: tuple[str, ...] = ()
    titles: tuple[Record, ...] = ()

    def heading(self, column):
        """The heading of a column as the file writes it, else its letter."""
        name = self.headings[column] if column < len(self.headings) else ""
        return name or column_letter(column)

    @property
    def width(self):
        return max([len(self.headings), *(len(record.cells) for record in self.records)])


def column_letter(column):
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


class Meanings:
    """What the columns of one kind of list may mean; each kind of list says so in a subclass."""

    fields = {}  # field → how people call it
    required = ()
    # A table without headings is known by columns that read as these.
    telling = ()
    # Two sheets with this column are two lists.
    main = ""
    no_table = _("No table was found. The list needs a row of headings with the entries below it.")

    def fields_of(self, heading):
        """The fields a heading may mean, the likeliest first."""
        raise NotImplementedError

    def looks(self):
        """Field → whether a cell looks like one of it, for columns whose heading says nothing."""
        return {}

    def missing(self, mapping):
        """The fields without which no entry can be made."""
        return [field for field in self.required if field not in mapping]


def find_table(sheets, meanings):
    """The table of the sheet that looks most like such a list.

    Raises UnreadableFile where no sheet has a row of headings or columns that tell it.
    """
    tables = [table for sheet in sheets if (table := _table_of(sheet, meanings))]
    if not tables:
        raise UnreadableFile(meanings.no_table, "no_table")
    best = max(tables, key=lambda table: (len(propose(table, meanings)), len(table.records)))
    others = tuple(
        table.sheet
        for table in tables
        if table is not best and meanings.main in propose(table, meanings)
    )
    return Table(best.sheet, best.headings, best.records, others, best.titles)


def _table_of(sheet, meanings):
    best, begins, height, headings = 0, 0, 0, ()
    looked_at = range(len(sheet.records[:LOOKED_AT]))
    for rows in (1, 2):
        for index in looked_at:
            found = _headings_in(sheet.records[index : index + rows], rows)
            fields = len(_by_heading(found, meanings))
            if fields > best:
                best, begins, height, headings = fields, index, rows, found
    if best >= 2:
        return _below(sheet, begins, height, headings, meanings)
    table = Table(sheet.name, (), sheet.records)  # without headings the contents have to do
    if meanings.telling and set(meanings.telling) <= propose(table, meanings).keys():
        return table
    for index, record in enumerate(sheet.records[:LOOKED_AT]):  # headings in words of their own
        headings = _headings_in([record], 1)
        if sum(map(bool, headings)) >= 3 and sheet.records[index + 1 :]:
            return _below(sheet, index, 1, headings, meanings)
    return None


def _below(sheet, begins, height, headings, meanings):
    """The table under its headings, and under those that say the same in another language."""
    first = begins + height
    mapping = _by_heading(headings, meanings)
    while first < len(sheet.records) and _says_again(sheet.records[first], mapping, meanings):
        first += 1
    titles = sheet.records[:begins]
    return Table(sheet.name, headings, sheet.records[first:], titles=titles)


def _says_again(record, mapping, meanings):
    filled = [cell for cell in record.cells if not is_empty(cell)]
    if not all(isinstance(cell, str) for cell in filled):
        return False
    same = sum(
        field in meanings.fields_of(line_of(record.cells[column]))
        for field, column in mapping.items()
        if column < len(record.cells)
    )
    return same >= 3 and same * 2 > len(mapping)


def _headings_in(records, height):
    """One row of headings, or two that stand above each other ("Zeit" over "von" and "bis")."""
    if len(records) < height or any(
        not (is_empty(cell) or isinstance(cell, str)) for record in records for cell in record.cells
    ):
        return ()
    rows = [[line_of(cell) for cell in record.cells] for record in records]
    if any(re.match(r"\d", text) or len(text) > 60 for row in rows for text in row):
        return ()
    if height > 1 and any(sum(map(bool, row)) < 2 for row in rows):
        return ()  # a title above the headings
    width = max(len(row) for row in rows)
    padded = [row + [""] * (width - len(row)) for row in rows]
    return tuple(" ".join(filter(None, cells)) for cells in zip(*padded, strict=True))


def _by_heading(headings, meanings):
    mapping = {}
    for column, heading in enumerate(headings):
        for field in meanings.fields_of(heading)[:2]:
            if field not in mapping:
                mapping[field] = column
                break
    return mapping


def propose(table, meanings):
    """A mapping field → column from the headings and, where they say nothing, from the contents."""
    mapping = _by_heading(table.headings, meanings)
    taken = set(mapping.values())
    for column in range(table.width):
        if column in taken:
            continue
        cells = [r.cells[column] for r in table.records[:SAMPLE] if len(r.cells) > column]
        field = _field_by_content([cell for cell in cells if not is_empty(cell)], mapping, meanings)
        if field:
            mapping[field] = column
    return mapping


def _field_by_content(cells, mapping, meanings):
    if len(cells) < 2:
        return None
    for field, fits in meanings.looks().items():
        if field not in mapping and sum(map(fits, cells)) >= 0.6 * len(cells):
            return field
    return None


def reads(read, cell):
    """Whether a cell can be read so."""
    try:
        read(cell)
    except Refused:
        return False
    return True
