"""Two files of one person become one: stays that overlap are one, and two again by undoing."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.privacy.erasing import erase
from consultations.models import Answer, Participation
from enterprises.models import Merge, Person
from tests.factories import (
    COMPLETE,
    make_participation,
    make_project,
    make_user,
    write_answers,
)

pytestmark = pytest.mark.django_db

BEGUN, LEFT = date(2025, 2, 1), date(2025, 5, 1)
OTHER, OTHER_LEFT = date(2025, 4, 1), date(2025, 10, 1)


@pytest.fixture
def manager():
    return make_user(Role.MANAGER)


@pytest.fixture
def project():
    return make_project(
        starts_on=date(2025, 1, 1), ends_on=date(2026, 10, 31), asks_participants=True
    )


@pytest.fixture
def first(project):
    row = make_participation(project, entered_on=BEGUN, left_on=LEFT)
    given = COMPLETE | {"status": "unemployed", "unemployed_since": "2024-11-01"}
    write_answers(row, **given, consents=["disability"], disability="yes", exit_working="no")
    return row


@pytest.fixture
def second(project):
    row = make_participation(project, entered_on=OTHER)
    write_answers(row, **COMPLETE)
    return row


def told():
    """The one participation that is left: its days, and the answers in it."""
    row = Participation.objects.get()
    answers = {each.question.code: each.value for each in row.answers.select_related("question")}
    return (row.entered_on, row.left_on), answers


def rows():
    return [list(model.objects.order_by("pk").values()) for model in (Participation, Answer)]


@pytest.mark.parametrize("is_earlier_kept", [True, False])
def test_stays_one_after_the_other_stay_two(first, second, manager, is_earlier_kept):
    first.leave(date(2025, 3, 1), by=manager)
    gone, into = (second, first) if is_earlier_kept else (first, second)
    before = rows()

    done = Merge.objects.merge(gone.person, into.person, by=manager)

    assert [row.person_id for row in Participation.objects.all()] == [into.person_id] * 2
    assert Answer.objects.count() == len(before[1])
    done.undo(by=manager)
    assert rows() == before


@pytest.mark.parametrize("is_earlier_kept", [True, False])
def test_of_stays_that_overlap_the_entry_is_the_first(first, second, manager, is_earlier_kept):
    Participation.objects.filter(pk=second.pk).update(left_on=OTHER_LEFT)
    second.refresh_from_db()
    gone, into = (second, first) if is_earlier_kept else (first, second)
    before = rows()

    done = Merge.objects.merge(gone.person, into.person, by=manager)

    days, answers = told()
    assert days == (BEGUN, OTHER_LEFT)
    assert answers == COMPLETE | {
        "status": "unemployed",
        "unemployed_since": "2024-11-01",
        "disability": "yes",
    }
    done.undo(by=manager)
    assert rows() == before


@pytest.mark.parametrize("is_earlier_kept", [True, False])
def test_results_are_those_of_the_last_exit(first, second, manager, is_earlier_kept):
    Participation.objects.filter(pk=second.pk).update(left_on=OTHER_LEFT)
    second.refresh_from_db()
    write_answers(second, exit_working="2025-10-02")
    gone, into = (second, first) if is_earlier_kept else (first, second)

    Merge.objects.merge(gone.person, into.person, by=manager)

    days, answers = told()
    assert days == (BEGUN, OTHER_LEFT)
    assert (answers["status"], answers["exit_working"]) == ("unemployed", "2025-10-02")


@pytest.mark.parametrize("is_longest_kept", [True, False])
def test_a_stay_that_overlaps_with_several_is_one_with_them(
    project, first, second, manager, is_longest_kept
):
    Participation.objects.filter(pk=second.pk).update(left_on=OTHER_LEFT)
    third = make_participation(
        project, person=first.person, entered_on=date(2025, 9, 1), left_on=date(2025, 12, 1)
    )
    write_answers(third, **COMPLETE, exit_working="2025-12-02")
    gone, into = (first, second) if is_longest_kept else (second, first)
    before = rows()

    done = Merge.objects.merge(gone.person, into.person, by=manager)

    days, answers = told()
    assert days == (BEGUN, date(2025, 12, 1))
    assert (answers["status"], answers["exit_working"]) == ("unemployed", "2025-12-02")
    done.undo(by=manager)
    assert rows() == before


def test_what_was_kept_of_a_column_that_is_gone_stops_no_page(first, second, manager, english):
    before = rows()
    done = Merge.objects.merge(second.person, first.person, by=manager)

    def keep(value):
        for step in done.steps:
            for name in ("row", "before", "after"):
                if step["model"] == "consultations.participation" and name in step:
                    step[name]["returned_on"] = value
        done.save()

    keep("2025-08-01")
    with pytest.raises(ValidationError, match="cannot be undone"):
        done.undo(by=manager)
    keep(None)
    done.undo(by=manager)
    assert rows() == before


def test_somebody_erased_but_counted_is_not_merged_away(first, second, manager, english):
    erase(second.person, by=manager)

    assert Participation.objects.get(pk=second.pk).is_erased_but_counted
    with pytest.raises(ValidationError, match="still counted"):
        Merge.objects.merge(Person.every.get(pk=second.person_id), first.person, by=manager)


def test_what_the_first_entry_was_not_asked_is_missing(first, second, manager):
    first.answers.filter(question__code="isced").delete()

    Merge.objects.merge(first.person, second.person, by=manager)

    assert "isced" not in told()[1]


@pytest.mark.parametrize("is_earlier_kept", [True, False])
def test_a_consent_withdrawn_in_one_file_is_withdrawn(first, second, manager, is_earlier_kept):
    write_answers(second, consents=["disability"], disability="yes")
    second.answers.get(question__code="disability").withdraw_consent(by=manager)
    gone, into = (second, first) if is_earlier_kept else (first, second)

    Merge.objects.merge(gone.person, into.person, by=manager)

    answer = Answer.objects.get(question__code="disability")
    assert (answer.state, answer.value) == ("withdrawn", "")
    assert answer.withdrawn_on == timezone.localdate()


def test_days_recorded_since_are_not_lost_by_undoing(first, second, manager, english):
    done = Merge.objects.merge(first.person, second.person, by=manager)
    Participation.objects.get().leave(OTHER_LEFT, by=manager)

    with pytest.raises(ValidationError, match="was changed since"):
        done.undo(by=manager)
