"""Reading what was frozen: the page shows what the paper says, of this layout and of older ones."""

from decimal import Decimal

import pytest

from reports.reading import Reading
from tests.factories import frozen


def with_percent(percent, **cover):
    document = frozen(cover=cover)
    reached = percent and str(Decimal(percent) * 20)
    document["indicators"][0] |= {"target": "2000", "cumulated": reached, "percent": percent}
    return Reading(document)


@pytest.mark.parametrize(
    ("percent", "missed"), [("99.9", True), ("99.95", True), ("100", False), (None, False)]
)
def test_at_the_end_of_the_grant_the_whole_target_counts(percent, missed):
    reading = with_percent(
        percent, granted_from="2023-01-01", granted_to="2024-12-31", period_to="2024-12-31"
    )

    assert bool(reading.missed) == missed


@pytest.mark.parametrize(("percent", "missed"), [("49", True), ("50", False)])
def test_halfway_half_of_the_target_is_enough(percent, missed):
    reading = with_percent(
        percent, granted_from="2023-01-01", granted_to="2024-12-31", period_to="2023-12-31"
    )

    assert reading.elapsed_percent == 50
    assert bool(reading.missed) == missed


@pytest.mark.parametrize(
    ("cover", "percent"),
    [
        # 73 and 365 days of 730, 73 and 365 more of them with the early start 365 days before.
        ({"period_to": "2025-03-14"}, 10),
        ({"period_to": "2025-12-31"}, 50),
        ({"period_to": "2025-03-14", "early_start": "02.01.2024"}, 40),
        # 1 of 8 days are 12.5 percent.
        ({"granted_to": "2025-01-08", "period_to": "2025-01-01"}, 13),
    ],
)
def test_the_time_of_a_grant_begins_with_its_early_start(cover, percent):
    dates = {"granted_from": "2025-01-01", "granted_to": "2026-12-31"} | cover

    assert Reading(frozen(cover=dates)).elapsed_percent == percent


def test_the_rows_of_a_figure_add_up_to_it():
    reading = Reading(frozen())

    assert len(reading.rows_of("BEST-BER")) == reading.figure("BEST-BER").in_period


@pytest.mark.parametrize("nothing", [None, {}])
def test_a_document_of_which_nothing_is_known_shows_nothing(nothing):
    reading = Reading(nothing)

    assert (reading.figures, reading.missed) == ([], [])
    assert reading.rows_of("BEST-BER") == []


def test_figures_stay_exact():
    document = frozen()
    document["indicators"][0]["in_period"] = "1234.50"

    assert Reading(document).figure("BEST-BER").in_period == Decimal("1234.50")
