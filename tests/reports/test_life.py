"""The life of a report: reviewed, released, submitted, asked about, answered, accepted."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.outbox.models import Letter
from reports.due import remind
from reports.models import (
    Acceptance,
    Query,
    Report,
    ReportState,
    ReportVersion,
    Review,
    Submission,
    SubmissionWay,
    Verdict,
    VersionStatus,
)
from reports.releasing import release
from tests.factories import (
    make_draft,
    make_officer,
    make_query,
    make_releasable,
    make_released,
    make_review,
    make_submitted,
    make_user,
    make_version,
)

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate


def hand_in(version, **fields):
    fields.setdefault("by", make_user(Role.MANAGER))
    fields.setdefault("submitted_on", TODAY())
    fields.setdefault("way", SubmissionWay.PORTAL)
    return Submission.objects.hand_in(version, **fields)


def state_of(version):
    return Report.objects.with_state().get(pk=version.report_id).state


def letters_to(user):
    return Letter.objects.filter(recipient=user.email).count()


# --- a second person ---


def test_a_draft_in_review_is_not_released():
    review = make_review()

    with pytest.raises(ValidationError, match="wird noch geprüft"):
        release(review.version, by=make_user(Role.MANAGER))


@pytest.mark.parametrize("verdict", [Verdict.PASSED, Verdict.OBJECTED])
def test_who_was_asked_decides_and_it_is_a_draft_again(verdict):
    review = make_review()

    review.decide(by=review.reviewer, verdict=verdict, remark="Zahl 3 fehlt.")

    version = ReportVersion.objects.get(pk=review.version_id)
    assert version.status == VersionStatus.READY
    assert (review.verdict, review.remark) == (verdict, "Zahl 3 fehlt.")
    assert letters_to(review.reviewer) == letters_to(review.asked_by) == 1
    assert Event.objects.about(version).filter(verb="report.reviewed").count() == 1


def test_nobody_else_decides():
    with pytest.raises(ValidationError, match="andere Person"):
        make_review().decide(by=make_user(Role.MANAGER), verdict=Verdict.PASSED)


def test_an_objection_says_why():
    review = make_review()

    with pytest.raises(ValidationError, match="was geändert werden soll"):
        review.decide(by=review.reviewer, verdict=Verdict.OBJECTED)

    assert Review.objects.get().is_open


def test_it_is_decided_once():
    review = make_review()
    review.decide(by=review.reviewer, verdict=Verdict.PASSED)

    with pytest.raises(ValidationError, match="inzwischen entschieden"):
        review.call_back(by=make_user(Role.MANAGER))


def test_a_review_can_be_called_back_and_asked_again():
    review = make_review()

    review.call_back(by=review.asked_by)
    make_review(version=ReportVersion.objects.get(pk=review.version_id))

    assert Review.objects.count() == 2


@pytest.mark.parametrize("role", [Role.FUNDER, Role.FOUNDER, Role.ADVISOR])
def test_only_staff_who_know_the_project_are_asked(role):
    with pytest.raises(ValidationError, match="andere Leitung"):
        make_review(reviewer=make_user(role))


def test_an_advisor_of_the_team_is_asked_and_may_read_it():
    version, advisor = make_draft(), make_user(Role.ADVISOR)
    version.report.grant.project.team.add(advisor)

    make_review(version=version, reviewer=advisor)

    assert list(ReportVersion.objects.visible_to(advisor)) == [version]
    assert list(Report.objects.visible_to(advisor)) == [version.report]
    assert not ReportVersion.objects.visible_to(make_user(Role.ADVISOR)).exists()


def test_where_the_programme_wants_it_nobody_releases_alone():
    version, manager = make_releasable(), make_user(Role.MANAGER)
    type(version.report.grant.programme).objects.update(wants_review=True)
    version = ReportVersion.objects.get(pk=version.pk)

    with pytest.raises(ValidationError, match="vier Augen"):
        release(version, by=manager)

    review = make_review(version=version, by=manager)
    review.decide(by=review.reviewer, verdict=Verdict.PASSED)
    version = ReportVersion.objects.get(pk=version.pk)
    with pytest.raises(ValidationError, match="vier Augen"):
        release(version, by=review.reviewer)
    release(version, by=manager)
    assert version.is_released


# --- released and submitted ---


def test_each_officer_is_told_once_of_a_release():
    version = make_releasable()
    officer, gone = make_officer(version), make_user(Role.FUNDER, is_active=False)
    version.report.grant.programme.officers.add(gone)

    release(version, by=make_user(Role.MANAGER))

    letter = Letter.objects.get()
    assert letter.recipient == officer.email
    assert version.report.get_absolute_url() in letter.text


def test_a_submission_is_kept_with_day_and_way():
    submission = hand_in(make_released(), note="Einschreiben 7")

    assert (submission.submitted_on, submission.note) == (TODAY(), "Einschreiben 7")
    assert state_of(submission.version) == ReportState.SUBMITTED


@pytest.mark.parametrize(
    ("days", "reason"), [(1, "kommt erst noch"), (-1, "erst nach diesem Tag freigegeben")]
)
def test_it_is_submitted_after_the_release_and_not_in_advance(days, reason):
    with pytest.raises(ValidationError, match=reason):
        hand_in(make_released(), submitted_on=TODAY() + timedelta(days=days))


def test_a_draft_cannot_be_submitted():
    with pytest.raises(ValidationError, match="zuerst frei"):
        hand_in(make_draft())


def test_a_replaced_version_cannot_be_submitted():
    old = make_released()
    make_released(report=old.report, change_note="Neu")

    with pytest.raises(ValidationError, match="Version 2"):
        hand_in(old)


def test_nothing_is_submitted_twice():
    with pytest.raises(ValidationError, match="schon eingereicht"):
        hand_in(make_submitted())


@pytest.mark.parametrize("role", [role for role in Role if role != Role.MANAGER])
def test_only_the_manager_submits_and_answers(role):
    with pytest.raises(ValidationError, match="Nur die Leitung"):
        hand_in(make_released(), by=make_user(role))
    with pytest.raises(ValidationError, match="Nur die Leitung"):
        make_query().answer(by=make_user(role), text="Weil.")


# --- query and answer ---


def test_a_query_is_told_and_answered_once():
    manager = make_user(Role.MANAGER)
    query = make_query()

    assert state_of(query.version) == ReportState.QUERIED
    assert letters_to(manager) == 1
    query.answer(by=manager, text="Zwei Beratungen fielen aus.")

    assert state_of(query.version) == ReportState.ANSWERED
    assert letters_to(query.asked_by) == 1
    assert "fielen aus" not in "".join(Letter.objects.values_list("text", flat=True))
    with pytest.raises(ValidationError, match="inzwischen beantwortet"):
        Query.objects.get().answer(by=manager, text="Noch etwas.")


@pytest.mark.parametrize("role", list(Role))
def test_only_officers_of_the_programme_ask_and_accept(role):
    version = make_submitted()

    with pytest.raises(ValidationError, match="Nur die zuständigen"):
        make_query(version=version, by=make_user(role))
    with pytest.raises(ValidationError, match="Nur die zuständigen"):
        Acceptance.objects.accept(version, by=make_user(role))


def test_an_answer_is_not_due_in_the_past():
    with pytest.raises(ValidationError, match="vorbei"):
        make_query(due_on=TODAY() - timedelta(days=1))


def test_an_answer_is_due_within_a_year():
    with pytest.raises(ValidationError, match="Jahreszahl"):
        make_query(due_on=TODAY() + timedelta(days=367))


@pytest.mark.parametrize("take", [make_released, make_draft])
def test_what_was_not_submitted_is_neither_asked_about_nor_accepted(take):
    version = take()

    with pytest.raises(ValidationError):
        make_query(version=version)
    with pytest.raises(ValidationError):
        Acceptance.objects.accept(version, by=make_officer(version))


# --- accepted ---


def test_an_open_query_stands_before_the_acceptance():
    query = make_query()
    officer = query.asked_by

    with pytest.raises(ValidationError, match="noch nicht beantwortet"):
        Acceptance.objects.accept(query.version, by=officer)
    query.answer(by=make_user(Role.MANAGER), text="Weil.")
    Acceptance.objects.accept(query.version, by=officer, remark="Danke.")

    assert state_of(query.version) == ReportState.ACCEPTED
    assert Event.objects.about(query.version).filter(verb="report.accepted").count() == 1


def test_what_was_accepted_is_neither_asked_about_nor_accepted_again():
    version = make_submitted()
    officer = make_officer(version)
    Acceptance.objects.accept(version, by=officer)

    with pytest.raises(ValidationError, match="schon anerkannt"):
        Acceptance.objects.accept(version, by=officer)
    with pytest.raises(ValidationError, match="schon anerkannt"):
        make_query(version=version)


def test_a_new_version_begins_anew_with_the_funder():
    query = make_query()
    query.answer(by=make_user(Role.MANAGER), text="Weil.")
    newer = make_released(report=query.version.report, change_note="Berichtigt")

    assert state_of(newer) == ReportState.RELEASED
    with pytest.raises(ValidationError, match="Version 2"):
        Acceptance.objects.accept(query.version, by=query.asked_by)
    hand_in(newer)
    Acceptance.objects.accept(newer, by=query.asked_by)
    assert state_of(newer) == ReportState.ACCEPTED


def test_a_report_without_a_release_is_being_prepared():
    assert state_of(make_version()) == ReportState.MAKING
    assert state_of(make_review().version) == ReportState.MAKING


# --- due soon ---


def test_managers_are_told_once_what_is_due_soon():
    manager = make_user(Role.MANAGER)
    query = make_query(due_on=TODAY() + timedelta(days=10))
    grant = query.version.report.grant
    grant.deadlines.create(title="Zwischennachweis 2026", due_on=TODAY() + timedelta(days=14))
    grant.deadlines.create(title="Viel später", due_on=TODAY() + timedelta(days=15))
    before = letters_to(manager)

    remind(TODAY())
    assert letters_to(manager) == before + 1
    remind(TODAY() + timedelta(days=7))
    remind(TODAY() + timedelta(days=8))

    assert letters_to(manager) == before + 3
    assert Letter.objects.filter(key__startswith=f"query:{query.pk}:due").count() >= 1


def test_nobody_is_told_of_what_is_answered():
    query = make_query(due_on=TODAY())
    query.answer(by=make_user(Role.MANAGER), text="Weil.")

    remind()

    assert not Letter.objects.filter(key__startswith=f"query:{query.pk}:due").exists()
