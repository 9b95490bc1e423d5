"""What the database itself refuses of the life of a report, whoever asks."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from best_portal.accounts.models import Role
from reports.models import Acceptance, Programme, Query, Reply, ReportVersion, Review, Submission
from tests.factories import (
    make_draft,
    make_officer,
    make_query,
    make_released,
    make_review,
    make_submitted,
    make_user,
)

pytestmark = pytest.mark.django_db

NEVER = "reports_life_never_changes"


def refuses(name):
    return pytest.raises(IntegrityError, match=name)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("reports_review_verdict_is_known", {"verdict": "perhaps", "decided_at": timezone.now()}),
        ("reports_review_decided_at_a_time", {"verdict": "passed"}),
        (
            "reports_review_objection_says_why",
            {"verdict": "objected", "decided_at": timezone.now()},
        ),
    ],
)
def test_an_impossible_review(constraint, fields):
    make_review()

    with refuses(constraint):
        Review.objects.update(**fields)


def test_a_review_by_whoever_asks():
    manager = make_user(Role.MANAGER)

    with refuses("reports_review_by_a_second_person"):
        Review.objects.create(version=make_draft(), reviewer=manager, asked_by=manager)


def test_two_reviews_at_once():
    review = make_review()

    with refuses("reports_review_one_at_a_time"):
        Review.objects.create(version=review.version, reviewer=make_user(), asked_by=make_user())


def ask(version, **fields):
    fields = {"section": "x", "text": "?", "due_on": timezone.localdate()} | fields
    return Query.objects.create(version=version, asked_by=make_user(Role.FUNDER), **fields)


def test_an_impossible_query():
    version = make_submitted()

    for name, fields in {
        "reports_query_asks_something": {"text": ""},
        "reports_query_leaves_time_for_the_answer": {
            "due_on": timezone.localdate() - timedelta(days=2)
        },
    }.items():
        with refuses(name), transaction.atomic():
            ask(version, **fields)


def test_an_answer_without_words():
    with refuses("reports_reply_says_something"):
        Reply.objects.create(query=make_query(), text="", replied_by=make_user())


def submit(version, **fields):
    fields = {"submitted_on": timezone.localdate(), "way": "post"} | fields
    return Submission.objects.create(version=version, submitted_by=make_user(), **fields)


def test_an_impossible_submission():
    version, tomorrow = make_released(), timezone.localdate() + timedelta(days=1)

    for name, fields in {
        "reports_submission_way_is_known": {"way": "dove"},
        "reports_submission_day_has_come": {"submitted_on": tomorrow},
        "reports_submission_follows_release": {"submitted_on": tomorrow - timedelta(days=2)},
    }.items():
        with refuses(name), transaction.atomic():
            submit(version, **fields)


# --- the order of things ---


def test_a_draft_is_not_submitted():
    with refuses("reports_submission_follows_release"):
        submit(make_draft())


@pytest.mark.parametrize("take", [make_draft, make_released])
def test_what_was_not_submitted_is_neither_asked_about_nor_accepted(take):
    version = take()

    with refuses("reports_query_follows_submission"), transaction.atomic():
        ask(version)
    with refuses("reports_acceptance_follows_answers"):
        Acceptance.objects.create(version=version, accepted_by=make_user(Role.FUNDER))


def test_an_accepted_version_is_not_asked_about():
    version = make_submitted()
    Acceptance.objects.accept(version, by=make_officer(version))

    with refuses("reports_query_follows_submission"):
        ask(version)


def test_a_query_stands_before_the_acceptance_of_a_newer_version():
    query = make_query()
    newer = make_submitted(report=query.version.report, change_note="Neu")

    with refuses("reports_acceptance_follows_answers"):
        Acceptance.objects.create(version=newer, accepted_by=query.asked_by)


def test_four_eyes_are_not_two():
    version, manager = make_draft(), make_user(Role.MANAGER)
    Programme.objects.update(wants_review=True)

    with refuses("reports_release_is_reviewed"):
        ReportVersion.objects.filter(pk=version.pk).update(
            status="released", released_at=timezone.now(), released_by=manager
        )


# --- nothing of it changes ---


def lived():
    """One row of each kind."""
    review = make_review(version=make_draft())
    review.decide(by=review.reviewer, verdict="passed")
    query = make_query()
    query.answer(by=make_user(Role.MANAGER), text="Weil.")
    Acceptance.objects.accept(query.version, by=query.asked_by)


KINDS = {
    Review: {"remark": "anders"},
    Query: {"text": "anders"},
    Reply: {"text": "anders"},
    Submission: {"note": "anders"},
    Acceptance: {"remark": "anders"},
}


@pytest.mark.parametrize("model", KINDS)
def test_nothing_that_passed_is_changed_or_removed(model):
    lived()

    with refuses(NEVER), transaction.atomic():
        model.objects.update(**KINDS[model])
    with refuses(NEVER), transaction.atomic():
        model.objects.all()._raw_delete("default")


@pytest.mark.parametrize("model", KINDS)
def test_none_of_it_is_emptied(model):
    table = model._meta.db_table
    with transaction.atomic(), connection.cursor() as cursor:
        # The tests' database goes without this trigger; here it is back for a moment.
        cursor.execute(
            f"CREATE TRIGGER not_emptied BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION reports_life_refuse_change()"
        )
        with refuses(NEVER), transaction.atomic():
            cursor.execute(f"TRUNCATE {table} CASCADE")
        transaction.set_rollback(True)
