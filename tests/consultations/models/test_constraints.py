"""What must never be true of projects, consultations and cases, broken by name."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError

from consultations.models import Attendance, ConsultationKind
from tests.factories import (
    make_case,
    make_consultation,
    make_organisation,
    make_person,
    make_project,
    make_task,
)

pytestmark = pytest.mark.django_db

NINE = datetime(2024, 1, 1, 8, 0, tzinfo=UTC)
TEN = datetime(2024, 1, 1, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("consultations_consultation_kind_is_known", {"kind": "talk"}),
        ("consultations_consultation_kind_is_known", {"kind": ""}),
        ("consultations_consultation_channel_is_known", {"channel": "dove"}),
        ("consultations_consultation_channel_is_known", {"channel": ""}),
        ("consultations_consultation_minutes_are_plausible", {"minutes": 0}),
        ("consultations_consultation_minutes_are_plausible", {"minutes": 1441}),
        (
            "consultations_consultation_preparation_is_plausible",
            {"preparation_minutes": 1441},
        ),
        ("consultations_consultation_travel_is_plausible", {"travel_minutes": 1441}),
        ("consultations_consultation_someone_came", {"headcount": 0}),
        ("consultations_consultation_end_needs_start", {"ends_at": TEN}),
        ("consultations_consultation_ends_after_start", {"starts_at": TEN, "ends_at": NINE}),
        ("consultations_consultation_ends_after_start", {"starts_at": TEN, "ends_at": TEN}),
        (
            "consultations_consultation_minutes_agree",
            {"starts_at": NINE, "ends_at": TEN, "minutes": 59},
        ),
        (
            "consultations_consultation_starts_on_its_day",
            {"starts_at": NINE, "held_on": date(2024, 1, 2)},
        ),
        # 23:30 UTC is the next day in Berlin.
        (
            "consultations_consultation_starts_on_its_day",
            {"starts_at": datetime(2024, 1, 1, 23, 30, tzinfo=UTC)},
        ),
        ("consultations_consultation_names_who_was_advised", {"organisation": None}),
        (
            "consultations_consultation_names_who_was_advised",
            {"organisation": None, "kind": ConsultationKind.ACCOMPANIMENT},
        ),
        ("consultations_consultation_deadline_needs_step", {"next_step_on": date(2024, 2, 1)}),
    ],
)
def test_a_consultation_is_refused(constraint, fields):
    with pytest.raises(IntegrityError, match=constraint):
        make_consultation(**fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"starts_at": NINE},
        {"starts_at": NINE, "ends_at": TEN, "minutes": 60},
        {"organisation": None, "kind": ConsultationKind.TRAINING},
        {"next_step": "Satzung"},
        {"next_step": "Satzung", "next_step_on": date(2024, 2, 1)},
        {"minutes": 1},
        {"minutes": 1440},
    ],
)
def test_a_consultation_is_accepted(fields):
    assert make_consultation(**fields).pk


def test_a_person_is_on_the_list_once():
    consultation, person = make_consultation(), make_person()
    Attendance.objects.create(consultation=consultation, person=person)

    with pytest.raises(IntegrityError, match="consultations_attendance_once"):
        Attendance.objects.create(consultation=consultation, person=person)


def test_a_project_does_not_end_before_it_starts():
    with pytest.raises(IntegrityError, match="consultations_project_ends_after_start"):
        make_project(starts_on=date(2024, 1, 2), ends_on=date(2024, 1, 1))


def test_a_project_of_one_day_is_possible():
    assert make_project(starts_on=date(2024, 1, 1), ends_on=date(2024, 1, 1)).pk


def test_a_task_number_is_given_once_in_a_project():
    task = make_task()

    with pytest.raises(IntegrityError, match="consultations_projecttask_one_per_number"):
        make_task(project=task.project, number=task.number)


def test_two_projects_may_number_alike():
    assert make_task(number=1).number == make_task(number=1).number


def test_an_organisation_has_one_running_case_in_a_project():
    case = make_case()

    with pytest.raises(IntegrityError, match="consultations_supportcase_one_running"):
        make_case(project=case.project, organisation=case.organisation)


def test_a_closed_case_makes_room_for_another():
    case = make_case(closed_on=date(2024, 6, 1), outcome="gegründet")

    assert make_case(project=case.project, organisation=case.organisation).pk


def test_a_case_does_not_close_before_it_was_opened():
    with pytest.raises(IntegrityError, match="consultations_supportcase_closes_after_opening"):
        make_case(opened_on=date(2024, 6, 2), closed_on=date(2024, 6, 1), outcome="gegründet")


def test_a_case_is_closed_with_an_outcome():
    with pytest.raises(IntegrityError, match="consultations_supportcase_closed_with_outcome"):
        make_case(closed_on=date(2024, 6, 1), organisation=make_organisation())
