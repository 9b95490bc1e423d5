"""The Teilnehmerliste: entry, exit and hours of a period, numbers for a funder, names to sign."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from consultations.models import Attendance
from reports.participant_papers import ParticipantList, paper
from tests.factories import (
    COMPLETE,
    make_consultation,
    make_grant,
    make_participation,
    make_person,
    make_project,
    make_user,
    write_answers,
)
from tests.reports.test_group_papers import EU, assert_sound, text_of

pytestmark = pytest.mark.django_db

YEAR = 2024
JUNE = date(YEAR, 6, 30)


@pytest.fixture
def advisor():
    return make_user(name="Lea Beispiel")


@pytest.fixture
def project(advisor):
    project = make_project(
        name="Muster-Projekt",
        team=[advisor],
        asks_participants=True,
        starts_on=date(YEAR, 1, 1),
        ends_on=date(YEAR, 12, 31),
    )
    make_grant(project=project, logos=[EU], reference="Muster 7/24")
    return project


def take_part(project, name, on, **answers):
    participation = make_participation(
        project, person=make_person(name=name, birth_on=date(1990, 5, 17)), entered_on=on
    )
    write_answers(participation, **answers)
    return participation


def attend(participation, on, minutes, own=None, **fields):
    consultation = make_consultation(
        project=participation.project, held_on=on, minutes=minutes, **fields
    )
    Attendance.objects.create(consultation=consultation, person=participation.person, minutes=own)
    return consultation


def three_people(project):
    """One who stays, one who left in May, one whose questionnaire is missing and who came late."""
    stays = take_part(project, "Zoë Geheim", date(YEAR, 2, 1), **COMPLETE)
    attend(stays, date(YEAR, 2, 1), 90)
    attend(stays, date(YEAR, 3, 1), 120, own=60)
    attend(stays, date(YEAR, 8, 1), 600)
    left = take_part(project, "Änne Geheim", date(YEAR, 3, 1), **COMPLETE)
    attend(left, date(YEAR, 3, 1), 45)
    attend(left, date(YEAR, 4, 1), 300).withdraw(by=make_user(Role.MANAGER))
    left.leave(date(YEAR, 5, 31), by=None)
    late = take_part(project, "Mia Geheim", date(YEAR, 8, 1))
    return stays, left, late


def lines(found):
    return [(each.number, each.entered_on, each.left_on, each.hours) for each in found.participants]


def test_the_list_of_a_period_holds_whoever_took_part_then_with_their_hours(project, advisor):
    stays, left, late = three_people(project)

    first = ParticipantList.of(project, date(YEAR, 1, 1), JUNE, by=advisor)
    second = ParticipantList.of(project, date(YEAR, 7, 1), date(YEAR, 12, 31), by=advisor)

    assert lines(first) == [
        (f"T-{stays.pk:05d}", date(YEAR, 2, 1), None, Decimal("2.5")),
        (f"T-{left.pk:05d}", date(YEAR, 3, 1), date(YEAR, 5, 31), Decimal("0.75")),
    ]
    assert first.total_hours == Decimal("3.25")
    assert lines(second) == [
        (f"T-{stays.pk:05d}", date(YEAR, 2, 1), None, Decimal(10)),
        (f"T-{late.pk:05d}", date(YEAR, 8, 1), None, Decimal(0)),
    ]
    assert second.reported == 1


def test_an_exit_after_the_last_day_is_not_told(project, advisor):
    _stays, left, _late = three_people(project)

    found = ParticipantList.of(project, date(YEAR, 1, 1), date(YEAR, 5, 30), by=advisor)

    assert found.participants[1].number == f"T-{left.pk:05d}"
    assert found.participants[1].left_on is None


def test_the_list_says_how_far_the_questionnaires_are_and_nothing_of_them(project, advisor):
    three_people(project)

    everybody = ParticipantList.of(project, date(YEAR, 1, 1), date(YEAR, 12, 31), by=advisor)

    words = [each.questionnaire for each in everybody.participants]
    assert words[1].startswith("Austritt offen")
    assert words[2].startswith("Eintritt fehlt")


def test_another_teams_participants_are_on_nobodys_list(project):
    three_people(project)

    found = ParticipantList.of(project, date(YEAR, 1, 1), JUNE, by=make_user(name="Fremd"))

    assert found.participants == ()


def test_the_paper_for_a_funder_holds_numbers_and_the_signed_one_names(project, advisor, tmp_path):
    stays, _left, _late = three_people(project)
    found = ParticipantList.of(project, date(YEAR, 1, 1), JUNE, by=advisor)

    plain, named = paper(found, with_names=False), paper(found, with_names=True)

    for content in (plain, named):
        assert_sound(content, "Teilnehmerliste: Muster-Projekt", tmp_path)
        assert f"T-{stays.pk:05d}" in text_of(content)
        assert "Az. Muster 7/24" in text_of(content)
        assert "3,25" in text_of(content)
    assert "Geheim" not in text_of(plain)
    signed = text_of(named)
    assert signed.index("Änne Geheim") < signed.index("Zoë Geheim")
    assert "Unterschrift" in signed
    assert "inactive" not in signed


def test_a_list_without_anybody_can_be_printed(project, advisor, tmp_path):
    found = ParticipantList.of(project, date(YEAR, 1, 1), JUNE, by=advisor)

    assert_sound(paper(found, with_names=True), "Teilnehmerliste: Muster-Projekt", tmp_path)


# --- the page and its files ---


def address(name, project, *more, **asked):
    query = "&".join(f"{key}={value}" for key, value in asked.items())
    return f"{reverse(f'reports:{name}', args=[project.key, *more])}?{query}"


PERIOD = {"since": "2024-01-01", "until": "2024-06-30"}


def test_the_page_and_the_file_name_nobody(project, advisor, sign_in):
    stays, _left, _late = three_people(project)
    client = sign_in(advisor)

    page = client.get(address("participant_list", project, **PERIOD))
    file = client.get(address("participant_list_export", project, "csv", **PERIOD))

    text = b"".join(file.streaming_content).decode("utf-8-sig")
    for told in (page.text, text):
        assert f"T-{stays.pk:05d}" in told
        assert "2,5" in told
        assert "Geheim" not in told


def test_a_period_that_ends_before_it_begins_is_refused_everywhere(project, advisor, sign_in):
    client = sign_in(advisor)
    turned = {"since": "2024-06-30", "until": "2024-01-01"}

    page = client.get(address("participant_list", project, **turned))
    assert "nicht vor dem ersten" in page.text
    for name in ("participant_list_paper", "participant_list_names"):
        assert client.get(address(name, project, **turned)).status_code == 302
    file = client.get(address("participant_list_export", project, "csv", **turned))
    assert file.status_code == 302
    assert not Event.objects.about(project).filter(verb__startswith="participants.").exists()


def test_who_prints_names_stands_in_the_log(project, advisor, sign_in):
    three_people(project)
    client = sign_in(advisor)

    answer = client.get(address("participant_list_names", project, **PERIOD))

    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].endswith('-2024-01-01-2024-06-30-namen.pdf"')
    [event] = Event.objects.about(project).filter(verb="participants.printed")
    assert (event.actor, event.details["until"]) == (advisor, "2024-06-30")
    client.get(address("participant_list_paper", project, **PERIOD))
    assert Event.objects.about(project).filter(verb="participants.printed").count() == 1


@pytest.mark.parametrize("role", [Role.FUNDER, Role.EVALUATOR, Role.FOUNDER, Role.ADVISOR])
def test_nobody_but_the_team_and_the_management_opens_it(project, sign_in, role):
    client = sign_in(make_user(role))

    for name in ("participant_list", "participant_list_paper", "participant_list_names"):
        assert client.get(address(name, project)).status_code in (403, 404)
    assert (
        sign_in(make_user(Role.MANAGER)).get(address("participant_list", project)).status_code
        == 200
    )
