"""The pages of projects, and the pseudonymous data of an evaluator."""

from datetime import date

import pytest

from best_portal.accounts.models import Role
from consultations.models import Project
from consultations.pseudonyms import pseudonym
from tests.factories import (
    make_consultation,
    make_district,
    make_organisation,
    make_person,
    make_project,
    make_task,
    make_topic,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(sign_in):
    return sign_in(make_user(Role.MANAGER))


def sent(**fields):
    """What the form of a project sends."""
    return {
        "name": "Musterprojekt",
        "key": "muster-neu",
        "starts_on": "2024-01-01",
        "ends_on": "2024-12-31",
        "tasks-TOTAL_FORMS": "2",
        "tasks-INITIAL_FORMS": "0",
        "tasks-MIN_NUM_FORMS": "0",
        "tasks-MAX_NUM_FORMS": "1000",
    } | fields


@pytest.mark.parametrize("role", [Role.ADVISOR, Role.MANAGER])
def test_staff_see_every_project(sign_in, role):
    project = make_project(team=[make_user()], districts=[make_district()])
    client = sign_in(make_user(role))

    assert project.name in client.get("/projekte/").content.decode()
    assert client.get(project.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("role", [Role.FOUNDER, Role.FUNDER])
def test_other_roles_come_through_no_door(sign_in, role):
    client = sign_in(make_user(role))

    for step in ("", "neu/", "muster/", "muster/bearbeiten/", "muster/pseudonym.csv"):
        assert client.get(f"/projekte/{step}").status_code == 403


def test_an_evaluator_sees_the_own_projects_only(sign_in):
    evaluator = make_user(Role.EVALUATOR)
    own, other = make_project(evaluators=[evaluator]), make_project()
    client = sign_in(evaluator)

    assert list(client.get("/projekte/").context["projects"]) == [own]
    assert client.get(own.get_absolute_url()).status_code == 200
    assert client.get(other.get_absolute_url()).status_code == 404
    assert client.get(f"{other.get_absolute_url()}pseudonym.csv").status_code == 404


def test_an_evaluator_reads_no_names(sign_in):
    evaluator, advisor = make_user(Role.EVALUATOR), make_user(name="Ada Beraterin")
    project = make_project(team=[advisor], evaluators=[evaluator])
    make_consultation(project=project, organisation=make_organisation(name="Nähwerk"))

    text = sign_in(evaluator).get(project.get_absolute_url()).content.decode()

    assert "Ada Beraterin" not in text
    assert "Nähwerk" not in text


def test_the_page_counts_what_is_valid(manager):
    project = make_project()
    task = make_task(project=project)
    make_consultation(project=project, task=task, minutes=90)
    make_consultation(project=project).withdraw(by=make_user(Role.MANAGER))

    context = manager.get(project.get_absolute_url()).context

    assert (context["project"].consultation_count, context["project"].minutes_total) == (1, 90)
    assert [task.minutes_total for task in context["tasks"]] == [90]


def test_tasks_stand_in_the_order_of_their_numbers(manager):
    project = make_project()
    for number in (3, 1, 2):
        make_consultation(project=project, task=make_task(project=project, number=number))

    tasks = manager.get(project.get_absolute_url()).context["tasks"]

    assert [task.number for task in tasks] == [1, 2, 3]


def test_areas_and_team_do_not_multiply_the_counts(manager):
    project = make_project(
        team=[make_user(), make_user()], districts=[make_district(), make_district()]
    )
    make_consultation(project=project, topics=[make_topic(), make_topic()])

    assert manager.get("/projekte/").context["projects"][0].consultation_count == 1


@pytest.mark.parametrize("rows", [1, 10])
def test_the_list_costs_the_same_however_full(manager, rows, django_assert_max_num_queries):
    for _ in range(rows):
        make_project(team=[make_user()], districts=[make_district()])

    with django_assert_max_num_queries(9):
        assert len(manager.get("/projekte/").context["projects"]) == rows


# --- setting up ---


def test_a_manager_sets_up_a_project_without_a_developer(manager):
    advisor, area = make_user(), make_district()

    manager.post(
        "/projekte/neu/",
        sent(
            team=[advisor.pk],
            districts=[area.pk],
            **{"tasks-0-number": "1", "tasks-0-title": "Arbeitsplätze schaffen"},
        ),
    )

    project = Project.objects.get()
    assert list(project.team.all()) == [advisor]
    assert list(project.districts.all()) == [area]
    assert [str(task) for task in project.tasks.all()] == ["1. Arbeitsplätze schaffen"]


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"key": "mit leerzeichen"},
        {"ends_on": "2023-12-31"},
        {"starts_on": "bald"},
        {"team": ["999999"]},
        {"tasks-0-number": "x", "tasks-0-title": "Titel"},
        {"tasks-0-number": "1"},
        {"tasks-TOTAL_FORMS": "x"},
    ],
)
def test_a_project_that_cannot_be_is_explained(manager, fields):
    response = manager.post("/projekte/neu/", sent(**fields))

    assert response.status_code == 200
    assert not Project.objects.exists()


def test_a_key_is_given_once_and_then_stays(manager):
    project = make_project(key="muster-neu")

    assert manager.post("/projekte/neu/", sent()).status_code == 200
    manager.post(f"{project.get_absolute_url()}bearbeiten/", sent(key="anders", name="Anders"))

    project.refresh_from_db()
    assert (project.key, project.name) == ("muster-neu", "Anders")


def test_a_task_with_consultations_is_not_deleted(manager):
    task = make_task()
    make_consultation(project=task.project, task=task)
    values = {
        "tasks-TOTAL_FORMS": "1",
        "tasks-INITIAL_FORMS": "1",
        "tasks-0-id": task.pk,
        "tasks-0-number": task.number,
        "tasks-0-title": task.title,
        "tasks-0-DELETE": "on",
    }

    response = manager.post(f"{task.project.get_absolute_url()}bearbeiten/", sent(**values))

    assert response.status_code == 200
    assert task.project.tasks.get() == task


def test_advisors_set_up_no_projects(sign_in):
    client = sign_in(make_user())

    assert client.get("/projekte/neu/").status_code == 403
    assert client.get(f"{make_project().get_absolute_url()}bearbeiten/").status_code == 403
    assert client.get(f"{make_project().get_absolute_url()}pseudonym.csv").status_code == 403


# --- for evaluators ---


def test_pseudonymous_data_name_nobody(sign_in):
    evaluator = make_user(Role.EVALUATOR)
    advisor = make_user(name="Ada Beraterin")
    project = make_project(evaluators=[evaluator])
    organisation = make_organisation(name="Nähwerk")
    for day in (date(2024, 1, 2), date(2024, 1, 3)):
        consultation = make_consultation(
            project=project,
            organisation=organisation,
            advisors=[advisor],
            held_on=day,
            internal_note="Kanarienvogel",
            result="Ergebnisvogel",
            place="Ortsvogel",
            district=make_district(name=f"Platz {day:%d}"),
        )
        consultation.people.add(make_person(name="Mira Gründerin"))
    make_consultation(project=make_project())

    response = sign_in(evaluator).get(f"{project.get_absolute_url()}pseudonym.csv")

    text = b"".join(response.streaming_content).decode("utf-8-sig")
    _head, first, second = text.splitlines()
    assert first.split(";")[0] == second.split(";")[0] == pseudonym(project, organisation.pk)
    assert "02.01.2024" in first
    for secret in ("Nähwerk", "Ada", "Mira", "vogel", organisation.number):
        assert secret not in text


def test_a_case_number_is_another_one_in_another_project():
    organisation = make_organisation()

    numbers = {pseudonym(make_project(), organisation.pk) for _ in range(3)}

    assert len(numbers) == 3


def test_a_case_number_depends_on_the_secret(settings):
    project = make_project()
    before = pseudonym(project, 1)

    settings.PSEUDONYM_KEY = "another-secret-0123456789-abcdefghijklmnopqrstuvwxyz-ABC"

    assert pseudonym(project, 1) != before
