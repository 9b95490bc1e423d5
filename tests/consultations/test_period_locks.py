"""A locked period: what, when and whose stay as they were counted; files may still be merged."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from consultations.models import Attendance, Consultation, ConsultationKind, PeriodLock
from enterprises.models import Merge
from tests.factories import (
    YEAR,
    make_consultation,
    make_district,
    make_organisation,
    make_person,
    make_project,
    make_topic,
    make_user,
)

pytestmark = pytest.mark.django_db

STAY = "consultations_locked_periods_stay"
FIRST, LAST = date(YEAR, 3, 1), date(YEAR, 3, 31)
INSIDE, BEFORE, AFTER = date(YEAR, 3, 10), date(YEAR, 2, 28), date(YEAR, 4, 1)


def refuses(name=STAY):
    return pytest.raises(IntegrityError, match=name)


def lock(project, **fields):
    fields.setdefault("by", make_user(Role.FUNDER))
    fields.setdefault("starts_on", FIRST)
    fields.setdefault("ends_on", LAST)
    fields.setdefault("because", "Zwischennachweis 1 ist anerkannt")
    return PeriodLock.objects.lock(project=project, **fields)


@pytest.fixture
def held():
    """A consultation inside the locked period."""
    held = make_consultation(held_on=INSIDE)
    lock(held.project)
    return held


# --- the database, whoever asks ---


@pytest.mark.parametrize("day", [FIRST, INSIDE, LAST])
def test_nothing_is_added_to_a_locked_period(day):
    project = make_project()
    lock(project)

    with refuses():
        make_consultation(project=project, held_on=day)


@pytest.mark.parametrize("day", [BEFORE, AFTER])
def test_the_days_around_it_are_free(day):
    project = make_project()
    lock(project)

    assert make_consultation(project=project, held_on=day).pk
    assert make_consultation(held_on=INSIDE).pk, "another project"


@pytest.mark.parametrize("day", [BEFORE, AFTER])
def test_nothing_is_moved_out_of_it_nor_into_it(held, day):
    other = make_consultation(project=held.project, held_on=day)

    with refuses(), transaction.atomic():
        Consultation.objects.filter(pk=held.pk).update(held_on=day)
    with refuses(), transaction.atomic():
        Consultation.objects.filter(pk=other.pk).update(held_on=INSIDE)


@pytest.mark.parametrize(
    "change",
    [
        {"minutes": 61},
        {"kind": ConsultationKind.TRAINING},
        {"channel": "phone"},
        {"headcount": 9},
        {"withdrawn_at": "2026-01-01T00:00Z"},
    ],
    ids=str,
)
def test_what_and_when_stay(held, change):
    with refuses():
        Consultation.objects.update(**change)


def test_project_area_and_whose_it_is_stay(held):
    for change in (
        {"project": make_project()},
        {"district": make_district()},
        {"organisation": make_organisation()},
    ):
        with refuses(), transaction.atomic():
            Consultation.objects.update(**change)


def test_nothing_is_removed(held):
    with refuses():
        Consultation.objects.filter(pk=held.pk).delete()


def test_what_was_withdrawn_before_may_go_and_not_come_back():
    gone = make_consultation(held_on=INSIDE)
    gone.withdraw(by=make_user(Role.MANAGER))
    lock(gone.project)

    with refuses(), transaction.atomic():
        Consultation.objects.update(withdrawn_at=None, withdrawn_by=None)
    Consultation.objects.update(internal_note="", result="")
    Consultation.objects.filter(pk=gone.pk).delete()


def test_who_attended_and_the_topics_stay(held):
    person = make_person()
    PeriodLock.objects.get().lift(by=make_user(Role.MANAGER), reason="Nachtrag")
    held.people.add(person)
    topic = make_topic()
    held.topics.add(topic)
    lock(held.project)

    for change in (
        lambda: held.people.add(make_person()),
        lambda: held.people.clear(),
        lambda: Attendance.objects.update(minutes=5),
        lambda: Attendance.objects.update(organisation=make_organisation()),
        lambda: Attendance.objects.update(person=make_person()),
        lambda: held.topics.add(make_topic()),
        lambda: held.topics.clear(),
    ):
        with refuses(), transaction.atomic():
            change()


def test_texts_may_change(held):
    Consultation.objects.update(internal_note="Neu", result="Neu", next_step="Neu")


def test_whose_it_is_may_change_on_other_days_and_after_the_bin(held):
    open_one = make_consultation(project=held.project, held_on=AFTER)
    open_one.people.add(make_person())
    gone = make_consultation(held_on=INSIDE)
    gone.withdraw(by=make_user(Role.MANAGER))
    lock(gone.project)

    rows = Consultation.objects.filter(pk__in=[open_one.pk, gone.pk])
    assert rows.update(organisation=make_organisation()) == 2
    Attendance.objects.update(person=make_person(), organisation=make_organisation())


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("consultations_periodlock_ends_after_start", {"ends_on": FIRST - timedelta(days=1)}),
        (
            "consultations_periodlock_counts_from_before",
            {"counts_from": FIRST + timedelta(days=1)},
        ),
        ("consultations_periodlock_says_because", {"because": ""}),
        ("consultations_periodlock_lifted_for_a_reason", {"lift_reason": "einfach so"}),
    ],
)
def test_an_impossible_lock(constraint, fields):
    fields = {"starts_on": FIRST, "ends_on": LAST, "because": "Bericht"} | fields

    with refuses(constraint):
        PeriodLock.objects.create(project=make_project(), locked_by=make_user(), **fields)


def test_a_lock_is_only_lifted(held):
    for change in ({"ends_on": FIRST}, {"because": "anders"}, {"counts_from": FIRST}):
        with refuses("consultations_locks_are_only_lifted"), transaction.atomic():
            PeriodLock.objects.update(**change)
    with refuses("consultations_locks_are_only_lifted"):
        PeriodLock.objects.all()._raw_delete("default")


# --- in words ---


def test_the_refusal_names_the_lock_and_whom_to_ask(held):
    make_user(Role.MANAGER, name="Maria Muster")

    with pytest.raises(ValidationError) as refusal:
        make_log(held.project)

    told = refusal.value.messages[0]
    assert "01.03." in told
    assert "Zwischennachweis 1 ist anerkannt" in told
    assert "Maria Muster" in told
    assert str(held.project) in told


def make_log(project):
    return Consultation.objects.log(
        by=make_user(Role.ADVISOR),
        project=project,
        kind=ConsultationKind.TRAINING,
        held_on=INSIDE,
        minutes=30,
    )


def test_an_edit_is_refused_in_words_and_a_text_is_not(held):
    manager = make_user(Role.MANAGER)
    held.amend(by=manager, revision=1, internal_note="Neu", people=[], topics=[])

    for change in ({"minutes": 61}, {"held_on": AFTER}, {"organisation": make_organisation()}):
        with pytest.raises(ValidationError, match="gesperrt"), transaction.atomic():
            Consultation.objects.get(pk=held.pk).amend(by=manager, revision=2, **change)
    with pytest.raises(ValidationError, match="gesperrt"):
        Consultation.objects.get(pk=held.pk).amend(by=manager, revision=2, people=[make_person()])


def test_nothing_is_withdrawn_or_restored(held):
    manager = make_user(Role.MANAGER)
    with pytest.raises(ValidationError, match="gesperrt"):
        held.withdraw(by=manager)

    other = make_consultation(held_on=INSIDE)
    other.withdraw(by=manager)
    lock(other.project)
    with pytest.raises(ValidationError, match="gesperrt"):
        other.restore(by=manager)


def test_the_form_keeps_what_was_typed(client, sign_in, held):
    manager = sign_in(make_user(Role.MANAGER))
    at = reverse("consultations:edit", args=[held.pk])
    page = manager.get(at)
    sent = {
        name: "" if value is None else value
        for name, value in page.context["form"].initial.items()
        if not isinstance(value, list | dict)
    }
    sent |= {"held_on": AFTER.isoformat(), "internal_note": "Lange getippt"}

    answer = manager.post(at, sent)

    assert answer.status_code == 200
    assert "Lange getippt" in answer.content.decode()


# --- opened and locked again ---


def test_the_manager_opens_it_with_a_reason(held):
    locked, manager = PeriodLock.objects.get(), make_user(Role.MANAGER)

    with pytest.raises(ValidationError, match="Grund|warum"):
        locked.lift(by=manager, reason=" ")
    locked.lift(by=manager, reason="Eine Beratung fehlt.")
    make_log(held.project)

    assert Event.objects.about(locked).filter(verb="period.opened").count() == 1
    again = locked.lock_again(by=manager)
    assert again.pk != locked.pk
    assert PeriodLock.objects.in_force().get() == again
    with pytest.raises(ValidationError, match="inzwischen geöffnet"):
        locked.lift(by=manager, reason="Noch einmal.")


def test_the_page_of_a_lock_leads_to_the_one_that_holds_now(held, sign_in):
    locked, manager = PeriodLock.objects.get(), make_user(Role.MANAGER)
    client = sign_in(manager)
    page, step = reverse("reports:lock", args=[locked.pk]), "reports:lock_again"
    locked.lift(by=manager, reason="Eine Beratung fehlt.")
    assert reverse(step, args=[locked.pk]) in client.get(page).text

    client.post(reverse(step, args=[locked.pk]))

    told = client.get(page).text
    assert reverse(step, args=[locked.pk]) not in told
    assert reverse("reports:lock", args=[PeriodLock.objects.in_force().get().pk]) in told


@pytest.mark.parametrize("role", [role for role in Role if role != Role.MANAGER])
def test_nobody_else_opens_it(held, role):
    with pytest.raises(ValidationError, match="Nur die Leitung"):
        PeriodLock.objects.get().lift(by=make_user(role), reason="Bitte")


def test_the_same_is_locked_once(held):
    lock(held.project)

    assert PeriodLock.objects.count() == 1


# --- merging ---


def test_files_are_merged_and_separated_all_the_same():
    one, other = make_organisation(), make_organisation()
    gone, kept = make_person(), make_person()
    both = make_consultation(organisation=one, held_on=INSIDE)
    both.people.add(gone, kept)
    make_consultation(organisation=other, project=both.project, held_on=INSIDE)
    lock(both.project)
    manager = make_user(Role.MANAGER)

    merges = [
        Merge.objects.merge(one, other, by=manager),
        Merge.objects.merge(gone, kept, by=manager),
    ]
    assert Attendance.objects.get().person_id == kept.pk
    assert set(Consultation.objects.values_list("organisation", flat=True)) == {other.pk}
    for merge in merges:
        merge.undo(by=manager)

    assert set(both.people.all()) == {gone, kept}
    assert Consultation.objects.filter(organisation=one).count() == 1
    with refuses(), transaction.atomic():
        both.people.clear()
