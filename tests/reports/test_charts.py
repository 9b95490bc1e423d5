"""Charts: drawings that carry their words and their table with them."""

from dataclasses import replace
from decimal import Decimal
from xml.etree.ElementTree import fromstring

import pytest

from reports import charts
from reports.document import Breakdown, Row
from tests.reports.samples import make_breakdowns

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = "\"><script>alert(1)</script><image href='file:///etc/passwd'/>&amp;\x00"


def make_breakdown(chart, labels=("a", "b"), columns=("x", "y"), value=3):
    rows = tuple(Row(label, (Decimal(value),) * len(columns)) for label in labels)
    return Breakdown("key", "Titel", "Zeile", columns, rows, chart=chart)


@pytest.mark.parametrize("kind", ["bars", "columns", "stacked", "line"])
def test_a_chart_has_title_description_and_its_table(kind):
    breakdown = make_breakdowns(kind)[0]

    chart = charts.draw(breakdown)

    drawing = fromstring(chart.svg)
    assert drawing.get("role") == "img"
    assert drawing.find(f"{SVG}title").text == "Leistungen nach Monaten"
    assert "höchster Wert" in drawing.find(f"{SVG}desc").text
    assert chart.table is breakdown


@pytest.mark.parametrize("kind", ["bars", "columns", "stacked", "line"])
def test_hostile_labels_become_words(kind):
    chart = charts.draw(make_breakdown(kind, labels=(HOSTILE, "b"), columns=(HOSTILE, "y")))

    drawing = fromstring(chart.svg)
    assert "\x00" not in chart.svg
    assert "script" not in {element.tag.removeprefix(SVG) for element in drawing.iter()}


def test_series_differ_by_pattern_and_not_by_colour_alone():
    drawing = fromstring(charts.draw(make_breakdown("stacked", columns=("x", "y", "z"))).svg)

    patterns = list(drawing.iter(f"{SVG}pattern"))
    shapes = {
        tuple(child.tag for child in pattern)[1:] + tuple(child.get("d") for child in pattern)
        for pattern in patterns
    }
    assert len(shapes) == 3


@pytest.mark.parametrize("kind", ["bars", "columns", "stacked", "line"])
def test_a_chart_needs_no_inline_style_and_nothing_from_outside(kind):
    svg = charts.draw(make_breakdown(kind)).svg

    assert "style=" not in svg
    assert "<style" not in svg
    assert "href" not in svg
    assert svg.count("http") == 1  # the name of the SVG language itself


@pytest.mark.parametrize("value", [0, None])
def test_nothing_to_show_gives_no_drawing(value):
    rows = (Row("a", (None if value is None else Decimal(value),)),)

    assert charts.draw(Breakdown("k", "t", "l", ("c",), rows, chart="columns")) is None


def test_a_table_is_enough_where_no_chart_is_asked_for():
    assert charts.draw(make_breakdown("")) is None


def test_many_months_keep_their_labels_apart():
    labels = tuple(f"Monat {number}" for number in range(25))

    drawing = fromstring(charts.draw(make_breakdown("columns", labels=labels)).svg)

    shown = [text for text in drawing.iter(f"{SVG}text") if (text.text or "").startswith("Monat")]
    positions = [float(text.get("x")) for text in shown]
    assert 8 <= len(shown) <= 13
    assert min(b - a for a, b in zip(positions, positions[1:], strict=False)) >= 55


def test_numbers_on_bars_are_written_the_german_way():
    breakdown = make_breakdown("bars", columns=("x",), value="1234.5")

    assert ">1.234,5<" in charts.draw(breakdown).svg


def test_a_missing_value_interrupts_a_line():
    breakdown = make_breakdown("line", labels=("a", "b", "c"), columns=("x",))
    rows = (breakdown.rows[0], Row("b", (None,)), breakdown.rows[2])

    svg = charts.draw(replace(breakdown, rows=rows)).svg

    line = next(p for p in fromstring(svg).iter(f"{SVG}path") if p.get("stroke-width") == "2.5")
    assert line.get("d").count("M") == 2
