"""Two files of one person become one: first entry, last exit, and two again as they were."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from best_portal.accounts.models import Role
from consultations.models import Answer, Participation
from enterprises.models import Merge
from tests.factories import (
    COMPLETE,
    make_participation,
    make_project,
    make_user,
    write_answers,
)

pytestmark = pytest.mark.django_db

BEGUN, LEFT = date(2025, 2, 1), date(2025, 5, 1)
AGAIN, LEFT_AGAIN = date(2025, 8, 1), date(2025, 10, 1)


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
    row = make_participation(project, entered_on=AGAIN)
    write_answers(row, **COMPLETE)
    return row


def told():
    """The one participation that is left: its days, and the answers in it."""
    row = Participation.objects.get()
    answers = {each.question.code: each.value for each in row.answers.select_related("question")}
    return (row.entered_on, row.returned_on, row.left_on), answers


def rows():
    return [list(model.objects.order_by("pk").values()) for model in (Participation, Answer)]


@pytest.mark.parametrize("is_earlier_kept", [True, False])
def test_the_entry_is_the_first_and_the_later_one_a_return(first, second, manager, is_earlier_kept):
    gone, into = (second, first) if is_earlier_kept else (first, second)
    before = rows()

    done = Merge.objects.merge(gone.person, into.person, by=manager)

    days, answers = told()
    assert days == (BEGUN, AGAIN, None)
    assert answers == COMPLETE | {
        "status": "unemployed",
        "unemployed_since": "2024-11-01",
        "disability": "yes",
    }
    done.undo(by=manager)
    assert rows() == before


@pytest.mark.parametrize("is_earlier_kept", [True, False])
def test_results_are_those_of_the_last_exit(first, second, manager, is_earlier_kept):
    Participation.objects.filter(pk=second.pk).update(left_on=LEFT_AGAIN)
    second.refresh_from_db()
    write_answers(second, exit_working="2025-10-02")
    gone, into = (second, first) if is_earlier_kept else (first, second)

    Merge.objects.merge(gone.person, into.person, by=manager)

    days, answers = told()
    assert days == (BEGUN, AGAIN, LEFT_AGAIN)
    assert (answers["status"], answers["exit_working"]) == ("unemployed", "2025-10-02")


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
    Participation.objects.get().leave(LEFT_AGAIN, by=manager)

    with pytest.raises(ValidationError, match="was changed since"):
        done.undo(by=manager)
