"""How participants count: the rules of ESF Plus at their edges, without a database."""

from datetime import date, timedelta

import pytest

from consultations.participation_rules import (
    Asking,
    Operation,
    Participant,
    Rules,
    Stay,
    Variable,
    age_on,
    asking,
    count,
    duplicate_key,
    exit_window,
    implausible,
    joined,
    later_on,
    missing,
    months_after,
    outputs,
    place_of,
    results,
)

RULES = Rules()
ENTERED = date(2026, 3, 2)
LEFT = date(2026, 6, 30)
VARIABLES = [
    Variable("gender", "entry", "1.1"),
    Variable(
        "status",
        "entry",
        "1.1",
        feeds={"unemployed": "EECO02", "inactive": "EECO04", "employed": "EECO05"},
    ),
    Variable("unemployed_since", "entry", "1.1", "status", "unemployed"),
    Variable("isced", "entry", "1.1", feeds={"0-2": "EECO09", "3-4": "EECO10", "5-8": "EECO11"}),
    Variable("disability", "entry", "1.2", feeds={"yes": "EECO12"}),
]


def participant(key=1, entered_on=ENTERED, birth_on=date(1980, 1, 1), withheld=(), **given):
    left_on = given.pop("left_on", None)
    answers = {"gender": "woman", "status": "inactive", "isced": "3-4"} | given
    answers = {code: value for code, value in answers.items() if value is not None}
    return Participant(key, entered_on, left_on, birth_on, answers, frozenset(withheld))


def reported(*people):
    return {code: each.value for code, each in count(people, VARIABLES, RULES).items()}


def results_of(status="inactive", **given):
    since = {"unemployed_since": "2026-01-05"} if status == "unemployed" else {}
    given = {code: str(value) for code, value in given.items()}
    someone = participant(status=status, left_on=LEFT, **since, **given)
    return results(someone, VARIABLES, RULES)


def days_after(days):
    return LEFT + timedelta(days=days)


# --- ages ---


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2008, 3, 2), date(2026, 3, 1), 17),
        (date(2008, 3, 2), date(2026, 3, 2), 18),
        (date(1996, 2, 29), date(2026, 2, 28), 29),
        (date(1996, 2, 29), date(2026, 3, 1), 30),
        (date(2004, 2, 29), date(2024, 2, 28), 19),
        (date(2004, 2, 29), date(2024, 2, 29), 20),
        (date(1971, 12, 31), date(2026, 12, 30), 54),
        (date(1971, 12, 31), date(2026, 12, 31), 55),
    ],
)
def test_a_year_is_full_on_the_birthday_and_on_1_march_for_who_has_none(born, day, age):
    assert age_on(born, day) == age


@pytest.mark.parametrize(
    ("born", "group"),
    [
        (date(2008, 3, 3), {"EECO06"}),
        (date(2008, 3, 2), {"EECO07"}),
        (date(1996, 3, 3), {"EECO07"}),
        (date(1996, 3, 2), set()),
        (date(1971, 3, 3), set()),
        (date(1971, 3, 2), {"EECO08"}),
    ],
)
def test_ages_are_those_of_the_day_of_entry(born, group):
    found = outputs(participant(birth_on=born), VARIABLES, RULES)

    assert found & {"EECO06", "EECO07", "EECO08"} == group


# --- status ---


@pytest.mark.parametrize(
    ("status", "code"),
    [("unemployed", "EECO02"), ("inactive", "EECO04"), ("employed", "EECO05")],
)
def test_everybody_has_exactly_one_status_and_the_total_is_their_sum(status, code):
    someone = participant(status=status, unemployed_since="2026-01-05")

    found = outputs(someone, VARIABLES, RULES)

    assert found & {"EECO02", "EECO04", "EECO05"} == {code}
    assert "EECO01" in found


@pytest.mark.parametrize(
    ("since", "is_long"),
    [("2025-03-01", True), ("2025-03-02", False), ("2026-03-02", False)],
)
def test_long_term_is_more_than_twelve_months_on_the_day_of_entry(since, is_long):
    found = outputs(participant(status="unemployed", unemployed_since=since), VARIABLES, RULES)

    assert ("EECO03" in found) == is_long
    assert "EECO02" in found


def test_nobody_is_long_term_unemployed_without_being_unemployed():
    someone = participant(status="employed", unemployed_since="2020-01-01")

    assert "EECO03" not in outputs(someone, VARIABLES, RULES)


def test_a_funder_may_ask_for_fewer_months_of_the_young():
    young = participant(
        birth_on=date(2003, 1, 1), status="unemployed", unemployed_since="2025-06-01"
    )
    other = Rules(long_term_months_under_25=6)

    assert "EECO03" not in outputs(young, VARIABLES, RULES)
    assert "EECO03" in outputs(young, VARIABLES, other)


# --- complete or not reported ---


@pytest.mark.parametrize("code", ["isced", "gender", "status"])
def test_whoever_lacks_an_answer_of_the_first_part_is_reported_nowhere(code):
    someone = participant(left_on=LEFT, exit_working=str(LEFT), **{code: None})

    assert missing(someone, VARIABLES) == [code]
    assert outputs(someone, VARIABLES, RULES) == frozenset()
    assert results(someone, VARIABLES, RULES) == frozenset()
    assert not any(reported(someone).values())


def test_the_date_of_birth_is_part_of_the_first_part():
    assert missing(participant(birth_on=None), VARIABLES) == ["birth_on"]


def test_since_when_is_asked_of_the_unemployed_only():
    assert missing(participant(status="unemployed"), VARIABLES) == ["unemployed_since"]
    assert missing(participant(status="employed"), VARIABLES) == []


def test_no_statement_is_neither_a_no_nor_a_question_not_asked():
    yes = participant(1, disability="yes")
    no = participant(2, disability="no")
    silent = participant(3, withheld=["disability"])
    not_asked = participant(4)

    counted = count([yes, no, silent, not_asked], VARIABLES, RULES)

    assert counted["EECO12"].keys == (1,)
    assert counted["EECO12"].withheld == 1
    assert counted["EECO01"].value == 4


# --- results: day 28 and day 29 ---


@pytest.mark.parametrize(("days", "counts"), [(0, True), (28, True), (29, False), (-1, False)])
def test_a_job_counts_until_day_28(days, counts):
    assert ("EECR04" in results_of(exit_working=days_after(days))) == counts


@pytest.mark.parametrize(("days", "counts"), [(0, True), (28, True), (29, False)])
@pytest.mark.parametrize(
    ("code", "indicator"), [("exit_training", "EECR02"), ("exit_qualified", "EECR03")]
)
def test_training_and_qualification_count_until_day_28(code, indicator, days, counts):
    assert (indicator in results_of(**{code: days_after(days)})) == counts


def test_searching_first_and_a_job_on_day_20_is_a_job():
    found = results_of(exit_searching=days_after(0), exit_working=days_after(20))

    assert found == {"EECR04"}


def test_a_job_at_once_and_unemployed_by_day_28_is_searching():
    found = results_of(exit_working=days_after(0), exit_searching=days_after(28))

    assert found == {"EECR01"}


def test_what_happens_on_day_29_changes_nothing():
    found = results_of(exit_working=days_after(0), exit_searching=days_after(29))

    assert found == {"EECR04"}


@pytest.mark.parametrize("status", ["unemployed", "inactive", "employed"])
@pytest.mark.parametrize("working", [0, 5, 28, 29])
@pytest.mark.parametrize("searching", [0, 5, 28, 29])
def test_searching_and_working_are_never_both(status, working, searching):
    found = results_of(
        status, exit_working=days_after(working), exit_searching=days_after(searching)
    )

    assert not {"EECR01", "EECR04"} <= found


def test_only_the_inactive_begin_to_search_and_only_who_had_no_job_find_one():
    assert results_of("unemployed", exit_searching=LEFT) == frozenset()
    assert results_of("employed", exit_searching=LEFT) == frozenset()
    assert results_of("employed", exit_working=LEFT) == frozenset()


def test_a_founder_from_unemployment_enters_as_02_and_leaves_as_04():
    founder = participant(
        status="unemployed",
        unemployed_since="2026-01-05",
        left_on=LEFT,
        exit_working=str(days_after(3)),
    )

    found = outputs(founder, VARIABLES, RULES) | results(founder, VARIABLES, RULES)

    assert {"EECO02", "EECR04"} <= found
    assert not {"EECO05", "EECR01"} & found


def test_a_founder_before_the_start_is_a_person_without_work_and_no_result_yet():
    founder = participant(status="unemployed", unemployed_since="2026-01-05")

    assert "EECO02" in outputs(founder, VARIABLES, RULES)
    assert results(founder, VARIABLES, RULES) == frozenset()


def test_who_has_not_left_has_no_result():
    someone = participant(exit_working=str(LEFT), later_working="yes")

    assert results(someone, VARIABLES, RULES) == frozenset()


# --- six months ---


@pytest.mark.parametrize(
    ("left", "day"),
    [
        (date(2026, 6, 30), date(2026, 12, 30)),
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2027, 8, 31), date(2028, 2, 29)),
        (date(2026, 12, 15), date(2027, 6, 15)),
    ],
)
def test_six_months_after_is_the_same_day_of_the_month_or_its_last(left, day):
    assert later_on(left, RULES) == day


def test_the_window_ends_on_day_28():
    assert exit_window(LEFT, RULES) == (LEFT, date(2026, 7, 28))


def test_months_are_counted_over_the_turn_of_the_year():
    assert months_after(date(2026, 1, 31), 13) == date(2027, 2, 28)


def test_a_job_after_six_months_counts_for_who_had_none_a_better_one_for_who_had_one():
    assert results_of(later_working="yes", later_improved="yes") == {"EECR05"}
    assert results_of("employed", later_working="yes", later_improved="yes") == {"EECR06"}
    assert results_of(later_working="no") == frozenset()


# --- counting ---


def test_counts_are_broken_down_by_gender_and_name_whom_they_count():
    people = [participant(1), participant(2, gender="man"), participant(3, gender="non_binary")]

    total = count(people, VARIABLES, RULES)["EECO01"]

    assert total.keys == (1, 2, 3)
    assert total.by_gender == {"woman": 1, "man": 1, "non_binary": 1}


def test_a_result_larger_than_its_group_is_named():
    rules_apart = count([participant(left_on=LEFT, exit_working=str(LEFT))], VARIABLES, RULES)
    assert implausible(rules_apart) == []

    without_group = {code: each for code, each in rules_apart.items() if code != "EECO04"}

    assert implausible(without_group) == [("EECR04", "woman")]


# --- asking, and the same person twice ---


@pytest.mark.parametrize(
    ("minutes", "expected"),
    [(359, Asking.NOT_YET), (360, Asking.SOON), (479, Asking.SOON), (480, Asking.NOW)],
)
def test_the_questionnaire_is_announced_near_the_threshold(minutes, expected):
    assert asking(minutes, 8, 2) == expected


def test_without_a_threshold_everybody_is_asked():
    assert asking(1, None, 2) == Asking.NOW


def test_the_same_first_and_last_name_at_one_postcode_may_be_the_same_person():
    key = duplicate_key("Jörg Muster", "13357")

    assert duplicate_key("jorg  Karl MUSTER", "13357") == key
    assert duplicate_key("Jörg Muster", "13359") != key
    assert duplicate_key("Jana Muster", "13357") != key
    assert duplicate_key("Jörg Muster", "") is None


# --- several stays of one person ---

SPRING = Operation(date(2026, 1, 1), date(2026, 6, 30))
AUTUMN = Operation(date(2026, 7, 1), date(2026, 12, 31))
YEAR = Operation(date(2026, 1, 1), date(2026, 12, 31))
FEB, MAY, AUG, OCT = (date(2026, month, 1) for month in (2, 5, 8, 10))


@pytest.mark.parametrize(
    ("entries", "operations", "firsts", "lasts"),
    [
        # Once here, whoever pays.
        ([FEB], [], {FEB}, {FEB}),
        ([FEB], [SPRING, YEAR], {FEB}, {FEB}),
        # Without a grant the project is one.
        ([FEB, AUG], [], {FEB}, {AUG}),
        # Back under the same grant, and under another one.
        ([FEB, MAY], [SPRING, AUTUMN], {FEB}, {MAY}),
        ([FEB, AUG], [SPRING, AUTUMN], {FEB, AUG}, {FEB, AUG}),
        ([FEB, MAY, AUG, OCT], [SPRING, AUTUMN], {FEB, AUG}, {MAY, OCT}),
        # Two that pay at once: what one of them needs is asked.
        ([FEB, AUG], [YEAR, AUTUMN], {FEB, AUG}, {AUG}),
        ([FEB, AUG], [YEAR, SPRING], {FEB}, {FEB, AUG}),
        # A day on which nobody pays.
        ([FEB, AUG], [SPRING], {FEB, AUG}, {FEB, AUG}),
    ],
)
def test_first_entry_and_last_exit_count_in_each_operation(entries, operations, firsts, lasts):
    places = {day: place_of(day, entries, operations) for day in entries}

    assert {day for day, place in places.items() if place.is_first} == firsts
    assert {day for day, place in places.items() if place.is_last} == lasts


@pytest.mark.parametrize(
    ("one", "other", "together"),
    [
        ((FEB, MAY), (FEB, AUG), (FEB, AUG)),
        ((FEB, AUG), (MAY, OCT), (FEB, OCT)),
        ((FEB, OCT), (MAY, AUG), (FEB, OCT)),
        # An exit known in one file only is the last exit, unless somebody came on its day.
        ((FEB,), (AUG, OCT), (FEB, OCT)),
        ((FEB, AUG), (MAY,), (FEB, AUG)),
        ((FEB, MAY), (MAY,), (FEB,)),
        ((FEB,), (AUG,), (FEB,)),
    ],
)
def test_two_overlapping_stays_are_one(one, other, together):
    assert joined(Stay(*one), Stay(*other)) == Stay(*together)
    assert joined(Stay(*other), Stay(*one)) == Stay(*together)
