"""Public figures of people: no hidden one follows from the told ones through their sums."""

from itertools import product

import pytest

from best_portal.pages.small_cells import told_of_sums
from reports.impact import SUMS, figures_of

FEWEST = 4
STATUS, EDUCATION = SUMS[0][1], SUMS[1][1]


def told(**numbers):
    lines = [{"code": code, "cumulated": str(number)} for code, number in numbers.items()]
    return {figure.code: figure.value for figure in figures_of(lines, None, 5)}


@pytest.mark.parametrize("small", ["EECO06", "EECO08"])
def test_the_second_hidden_figure_is_one_of_the_same_sum(small):
    numbers = {"EECO01": 30, "EECO02": 1, "EECO04": 12, "EECO05": 17, "EECO07": 10, small: 2}

    assert told(**numbers) == numbers | {"EECO02": None, "EECO04": None, small: None}


def test_where_two_of_a_sum_are_hidden_no_more_is_but_of_two_that_count_one_each():
    assert told(EECO01=30, EECO02=1, EECO04=2, EECO05=27)["EECO05"] == 27
    assert told(EECO01=30, EECO02=1, EECO04=1, EECO05=28)["EECO05"] is None


def test_a_part_of_a_hidden_figure_hides_nothing_else():
    assert told(EECO01=30, EECO02=10, EECO03=2, EECO04=12, EECO05=8) == {
        "EECO01": 30,
        "EECO02": 10,
        "EECO03": None,
        "EECO04": 12,
        "EECO05": 8,
    }


def parts_of(total):
    return [each for each in product(range(total + 1), repeat=3) if sum(each) == total]


WORLDS = [
    dict(zip(("EECO01", *STATUS, *EDUCATION), (total, *ours, *theirs), strict=True))
    for total in range(8)
    for ours in parts_of(total)
    for theirs in parts_of(total)
]


@pytest.mark.parametrize("known", [(), ("EECO01",)])
def test_what_is_hidden_could_always_be_another_number(known):
    """Whoever knows that all adds up and that nought is told finds two numbers for each hidden."""
    seen = {}
    for world in WORLDS:
        if known and 0 < world["EECO01"] < FEWEST:
            continue  # nobody told so small a total
        given = {code: number for code, number in world.items() if code not in known}
        shown = told_of_sums(given, FEWEST, SUMS)
        key = (*shown.items(), *(world[code] for code in known))
        seen.setdefault(key, {code for code, number in shown.items() if number is None})
    for key, hidden in seen.items():
        shown, total = dict(key[:-1] if known else key), key[-1] if known else None
        for code in hidden:
            assert len(possible(shown, total, code)) > 1, (shown, code)


def possible(shown, total, code):
    """The numbers a hidden figure may have, of all that add up to what is told."""
    if total is None:
        total = shown["EECO01"]
    found = set()
    for most in range(1, 9) if total is None else [total]:
        ways = [of_sum(shown, parts, most) for parts in (STATUS, EDUCATION)]
        if all(ways):
            found |= {
                way.get(code, most) for each in ways for way in each if code in (*way, "EECO01")
            }
    return found


def of_sum(shown, parts, total):
    free = [code for code in parts if shown[code] is None]
    rest = total - sum(shown[code] or 0 for code in parts)
    ways = product(range(1, rest + 1), repeat=len(free))
    return (
        [dict(zip(free, way, strict=True)) for way in ways if sum(way) == rest]
        if free
        else ([{}] if rest == 0 else [])
    )
