"""Charts as SVG drawings, the same for page and paper; each belongs to a table with its numbers.

Series differ by pattern and not by colour alone. Colours keep 3:1 against white and against the
dark page; words take the colour of the text around them.
"""

import math
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from textwrap import wrap

from reports import german
from reports.document import Breakdown
from reports.glyphs import legible

WIDTH = 640
# The page has Fira Sans, the paper one family per alphabet (see paper.css).
ALPHABETS = ("", " Extended", " Vietnamese", " Cyrillic", " Cyrillic Extended", " Greek")
FAMILIES = ", ".join(f"'Fira Paper{alphabet}'" for alphabet in ALPHABETS)
WORDS = f'font-family="{FAMILIES}, \'Fira Sans\', sans-serif" font-size="13" fill="currentColor"'
COLOURS = ("#2f74c0", "#b8590f", "#2c8557", "#8d5bc4", "#9a6a00", "#b0447f")
PATTERNS = (
    "",
    '<path d="M0 8 8 0" stroke="#fff" stroke-width="2.5"/>',
    '<circle cx="4" cy="4" r="2" fill="#fff"/>',
    '<path d="M0 4H8" stroke="#fff" stroke-width="2.5"/>',
    '<path d="M4 0V8" stroke="#fff" stroke-width="2.5"/>',
    '<path d="M0 0 8 8M0 8 8 0" stroke="#fff" stroke-width="1.5"/>',
)
DASHES = ("", "7 4", "2 3", "10 3 2 3", "4 4", "1 4")
LONGEST_LABEL = 40
STEPS = tuple(Decimal(step) for step in ("1", "1.2", "1.5", "2", "2.5", "3", "4", "5", "6", "8"))


@dataclass(frozen=True)
class Chart:
    """A drawing, the words that stand for it, and the table that says the same in numbers."""

    key: str
    svg: str
    title: str
    description: str
    table: Breakdown

    @property
    def file_name(self):
        return f"chart-{self.key}.svg"


def draw(breakdown):
    """Draw a breakdown the way it asks for; None where a table is enough or there is nothing."""
    painters = {"bars": _bars, "columns": _columns, "stacked": _columns, "line": _lines}
    painter = painters.get(breakdown.chart)
    numbers = [value for row in breakdown.rows for value in row.values if value is not None]
    if painter is None or not numbers or max(numbers) <= 0:
        return None
    body, height = painter(breakdown)
    description = _describe(breakdown)
    name = "".join(letter if letter.isalnum() else "-" for letter in breakdown.key)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" '
        f'width="{WIDTH}" height="{height}" role="img" '
        f'aria-labelledby="{name}-title {name}-desc">'
        f'<title id="{name}-title">{_text(breakdown.title)}</title>'
        f'<desc id="{name}-desc">{_text(description)}</desc>'
        f"<defs>{_patterns(name, len(breakdown.columns))}</defs>"
        f"{body.replace('url(#', f'url(#{name}-')}</svg>"
    )
    return Chart(name, svg, breakdown.title, description, breakdown)


def _text(words):
    return escape(legible(str(words)))


def _short(words):
    words = str(words)
    return words if len(words) <= LONGEST_LABEL else words[: LONGEST_LABEL - 1].rstrip() + "…"


def _describe(breakdown):
    """Say the highest value of each series; the table below the chart has the rest."""
    kind = {"bars": "Balken", "columns": "Säulen", "stacked": "Säulen, gestapelt", "line": "Linien"}
    parts = [f"Diagramm ({kind[breakdown.chart]}) mit {len(breakdown.rows)} Werten je Reihe."]
    drawn = breakdown.columns[:1] if breakdown.chart == "bars" else breakdown.columns
    for index, column in enumerate(drawn):
        rows = [row for row in breakdown.rows if row.values[index] is not None]
        if rows:
            top = max(rows, key=lambda row: row.values[index])
            parts.append(
                f"{column}: höchster Wert {german.number(top.values[index])} ({top.label})."
            )
    parts.append("Alle Werte stehen in der folgenden Tabelle.")
    return " ".join(parts)


def _patterns(name, series):
    cells = []
    for index in range(series):
        colour, pattern = COLOURS[index % len(COLOURS)], PATTERNS[index % len(PATTERNS)]
        cells.append(
            f'<pattern id="{name}-p{index}" width="8" height="8" patternUnits="userSpaceOnUse">'
            f'<rect width="8" height="8" fill="{colour}"/>{pattern}</pattern>'
        )
    return "".join(cells)


def _fill(index):
    # A plain colour needs no pattern, and prints sharper without.
    return COLOURS[0] if index == 0 else f"url(#p{index})"


def _label(x, y, words, anchor="start", extra=""):
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" {WORDS} text-anchor="{anchor}"{extra}>{_text(words)}</text>'
    )


def _rect(x, y, width, height, index):
    colour = COLOURS[index % len(COLOURS)]
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{max(width, 0):.1f}" height="{max(height, 0):.1f}" '
        f'fill="{_fill(index)}" stroke="{colour}" stroke-width="1"/>'
    )


def _legend(columns, y, *, lines=False):
    if len(columns) < 2:
        return "", 0
    parts, x, top = [], 0, y
    for index, column in enumerate(columns):
        width = 40 + 7 * len(_short(column))
        if x + width > WIDTH and x:
            x, y = 0, y + 22
        if lines:
            parts.append(_stroke(f"M{x} {y + 7}h24", index))
        else:
            parts.append(_rect(x, y, 24, 14, index))
        parts.append(_label(x + 31, y + 12, _short(column)))
        x += width + 12
    return "".join(parts), y + 30 - top


def _stroke(path, index):
    dash = DASHES[index % len(DASHES)]
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    colour = COLOURS[index % len(COLOURS)]
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2.5"{dashes}/>'


def _ceiling(highest):
    """Return the top of an axis and its step: at most five steps, each a round number."""
    step = Decimal(1)
    while True:
        for factor in STEPS:
            size = step * factor
            if size == int(size) and size * 5 >= highest:
                return size * 5, size
        step *= 10


def _bars(breakdown):
    """Lying bars of the first column: one for each row, the number written at its end."""
    left, right = 270, 60
    highest = max(row.values[0] or 0 for row in breakdown.rows)
    scale = Decimal(WIDTH - left - right) / Decimal(highest or 1)
    parts, y = [_label(left, 14, breakdown.columns[0])], 24
    for row in breakdown.rows:
        length = float(max(row.values[0] or 0, 0) * scale)
        words = wrap(row.label, LONGEST_LABEL, max_lines=2, placeholder="…") or [""]
        # Two lines stand as a pair in the middle of their bar.
        top = y + 15 - 6.5 * (len(words) - 1)
        for place, line in enumerate(words):
            parts.append(_label(left - 10, top + 13 * place, line, "end"))
        parts.append(_rect(left, y + 2, length, 18, 0))
        parts.append(_label(left + length + 6, y + 15, german.number(row.values[0])))
        y += 26
    axis = f'<path d="M{left} 22V{y}" stroke="currentColor" stroke-width="1"/>'
    return "".join([*parts, axis]), y + 4


def _frame(breakdown, highest, lines=False):
    """Draw axes, grid and labels of a standing chart; return them with the mappings they use."""
    left, plot = 52, 200
    legend, top = _legend(breakdown.columns, 0, lines=lines)
    top += 12
    ceiling, step = _ceiling(highest)
    slot = (WIDTH - left) / len(breakdown.rows)
    bottom = top + plot

    def height(value):
        return float(Decimal(value) / ceiling) * plot

    parts = [legend]
    for index in range(6):
        y = bottom - height(step * index)
        parts.append(f'<path d="M{left} {y:.1f}H{WIDTH}" stroke="#8c8c8c" stroke-width="0.5"/>')
        parts.append(_label(left - 8, y + 4.5, german.number(step * index), "end"))
    # Labels of months need about 56 units each; show as many as fit.
    every = math.ceil(56 / slot)
    for index, row in enumerate(breakdown.rows):
        if index % every == 0:
            # The last label stays within the drawing.
            middle = min(left + slot * (index + 0.5), WIDTH - 25)
            parts.append(_label(middle, bottom + 18, row.label, "middle"))
    return parts, left, slot, bottom, height


def _columns(breakdown):
    """Standing columns, side by side or stacked."""
    stacked = breakdown.chart == "stacked"
    known = [[value or Decimal(0) for value in row.values] for row in breakdown.rows]
    highest = max(sum(values) if stacked else max(values) for values in known)
    parts, left, slot, bottom, height = _frame(breakdown, highest)
    series = 1 if stacked else len(breakdown.columns)
    width = min(slot * 0.74, 60 * series) / series
    for position, values in enumerate(known):
        x, y = left + slot * position + (slot - width * series) / 2, bottom
        for index, value in enumerate(values):
            if value > 0:
                top = (y if stacked else bottom) - height(value)
                parts.append(_rect(x, top, width, height(value), index))
                y = top
            x += 0 if stacked else width
    return "".join(parts), bottom + 28


def _lines(breakdown):
    """Lines over time; a value that is not known interrupts its line."""
    highest = max(value for row in breakdown.rows for value in row.values if value is not None)
    parts, left, slot, bottom, height = _frame(breakdown, highest, lines=True)
    for index in range(len(breakdown.columns)):
        path, pen = [], "M"
        for position, row in enumerate(breakdown.rows):
            if (value := row.values[index]) is None:
                pen = "M"
                continue
            x, y = left + slot * (position + 0.5), bottom - height(value)
            path.append(f"{pen}{x:.1f} {y:.1f}")
            parts.append(
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{COLOURS[index % len(COLOURS)]}"/>'
            )
            pen = "L"
        parts.append(_stroke("".join(path), index))
    return "".join(parts), bottom + 28
