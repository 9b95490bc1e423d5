"""What stands around a published list: the day it was made, the programming period it is for."""

import re

from best_portal.imports.cells import Refused, is_empty, read_date

# The programming periods of the EU's structural funds, by their first year.
PERIODS = {2000: "2000–2006", 2007: "2007–2013", 2014: "2014–2020", 2021: "2021–2027"}


def day_of(table):
    """The day in the lines above the headings ("Stand: 30.03.2016"), or None."""
    for record in table.titles:
        for cell in record.cells:
            if is_empty(cell):
                continue
            told = re.search(r"\d{1,2}\.\d{1,2}\.\d{4}", cell) if isinstance(cell, str) else None
            try:
                return read_date(told[0] if told else cell)
            except Refused:
                continue
    return None


def period_of(name, entries):
    """The period the file's name gives, else the one the first operation began in; or ""."""
    for first, last in re.findall(r"(20\d\d)\D{1,3}(20\d\d)", name):
        if PERIODS.get(int(first), "").endswith(last):
            return PERIODS[int(first)]
    begun = min((entry.start.year for entry in entries), default=0)
    first = max((year for year in PERIODS if year <= begun), default=None)
    return PERIODS.get(first, "")
