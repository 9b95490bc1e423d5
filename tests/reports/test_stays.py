"""Who comes back: counted once in each grant, asked again where another grant has begun."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.db import TRIGGERS
from best_portal.privacy.erasing import erase
from best_portal.privacy.keeping import keepable_of
from consultations.models import Attendance, Participation
from consultations.participants import State, lines_of
from enterprises.models import Person
from reports.data_check import check
from reports.models import Indicator
from reports.participant_papers import ParticipantList
from tests.factories import (
    COMPLETE,
    YEAR,
    make_consultation,
    make_grant,
    make_participation,
    make_person,
    make_project,
    make_report,
    make_target,
    make_user,
    write_answers,
)
from tests.reports.acceptance import DAY, FIRST, MID, accept_first_half, refused
from tests.reports.eu import count, make_scope, parts
from tests.reports.eu_sql import PEOPLE
from tests.reports.test_figures import ask

pytestmark = pytest.mark.django_db

SECOND = MID + DAY
FEB, MAY, AUG, NOV = (date(YEAR, month, 1) for month in (2, 5, 8, 11))
LAST = date(YEAR, 12, 31)


@pytest.fixture
def manager():
    return make_user(Role.MANAGER)


@pytest.fixture
def project():
    return make_project(starts_on=date(YEAR - 1, 1, 1), ends_on=LAST, asks_participants=True)


def counting(project, starts_on=FIRST, ends_on=LAST):
    """A grant that counts who takes part."""
    grant = make_grant(project=project, starts_on=starts_on, ends_on=ends_on)
    make_target(grant=grant, indicator=Indicator.objects.get(code="EECO01"))
    return grant


@pytest.fixture
def grants(project):
    """One for each half of the year."""
    return [counting(project, FIRST, MID), counting(project, SECOND)]


@pytest.fixture
def stays(project):
    """Unemployed at first and then at work; back with work, and without it in the end."""
    person = make_person(birth_on=date(1990, 5, 17))
    first = make_participation(project, person=person, entered_on=FEB, left_on=MAY)
    unemployed = {"status": "unemployed", "unemployed_since": f"{YEAR}-01-01"}
    write_answers(first, **COMPLETE | unemployed, exit_working=MAY.isoformat())
    return first, make_participation(project, person=person, entered_on=AUG, left_on=NOV)


def figures(grant, *rules):
    scope = make_scope(grant)
    found = {rule: int(count(f"people_{rule}", scope).value) for rule in rules}
    assert found == {rule: ask(PEOPLE[f"people_{rule}"], scope) for rule in rules}
    return found


# --- counting ---


def test_whoever_comes_back_under_another_grant_counts_in_it_again(grants, stays):
    _first, again = stays
    write_answers(again, **COMPLETE | {"status": "employed"}, exit_training=NOV.isoformat())
    rules = ("eeco01", "eeco02", "eeco05", "eecr02", "eecr04")

    assert [figures(grant, *rules) for grant in grants] == [
        {"eeco01": 1, "eeco02": 1, "eeco05": 0, "eecr02": 0, "eecr04": 1},
        {"eeco01": 1, "eeco02": 0, "eeco05": 1, "eecr02": 1, "eecr04": 0},
    ]


def test_the_number_of_a_person_is_the_same_in_every_grant(grants, stays):
    first, again = stays
    write_answers(again, **COMPLETE)

    rows = [count("people_eeco01", make_scope(grant)).rows[0] for grant in grants]

    assert [row.case_number for row in rows] == [f"T-{first.pk:05d}"] * 2


def test_without_new_answers_another_grant_does_not_count_who_comes_back(grants, stays):
    assert [figures(grant, "eeco01")["eeco01"] for grant in grants] == [1, 0]


def test_in_one_grant_the_first_entry_and_the_last_exit_count(project, stays):
    _first, again = stays
    # What is answered at the return changes nothing.
    write_answers(again, **COMPLETE | {"status": "employed", "gender": "man"})
    write_answers(again, exit_training=NOV.isoformat())
    grant = make_grant(project=project, starts_on=FIRST, ends_on=LAST)

    rules = ("eeco01", "eeco02", "eeco05", "eecr02", "eecr04")
    told = {"eeco01": 1, "eeco02": 1, "eeco05": 0, "eecr02": 1, "eecr04": 0}
    assert figures(grant, *rules) == told
    assert parts(count("people_eeco01", make_scope(grant)))["Frauen"] == 1


def test_a_report_knows_nothing_of_a_return_after_its_last_day(project, stays):
    grant = make_grant(project=project, starts_on=FIRST, ends_on=LAST)

    half, whole = make_scope(grant, FIRST, MID), make_scope(grant)
    for scope, value in ((half, 1), (whole, 0)):
        assert count("people_eecr04", scope).value == value
        assert ask(PEOPLE["people_eecr04"], scope) == value


def test_whoever_is_erased_stays_counted_in_each_grant(grants, stays, manager):
    first, again = stays
    write_answers(again, **COMPLETE | {"status": "employed"}, exit_training=NOV.isoformat())
    rules = ("eeco01", "eeco02", "eeco05", "eecr02", "eecr04")
    scopes = [make_scope(grant) for grant in grants]

    def told():
        return [{rule: count(f"people_{rule}", each).value for rule in rules} for each in scopes]

    before = told()
    erase(first.person, by=manager)
    scopes = [make_scope(grant) for grant in grants]

    assert told() == before
    assert Person.every.get(pk=first.person_id).birth_on is None


def test_results_of_somebody_erased_stay_where_the_entry_was_another_stay(project, stays, manager):
    first, again = stays
    write_answers(again, exit_working=NOV.isoformat())
    grant = make_grant(project=project, starts_on=FIRST, ends_on=LAST)

    erase(first.person, by=manager)

    assert count("people_eecr04", make_scope(grant)).value == 1
    assert count("people_eeco02", make_scope(grant)).value == 1


# --- what is asked ---


def states(project):
    return [set(line.states) for line in lines_of(Participation.objects.of(project), LAST)]


def test_entry_questions_are_asked_again_where_another_grant_has_begun(project, stays):
    counting(project)
    assert states(project) == [set(), {State.EXIT_DUE}]

    # A grant that counts nobody asks nobody.
    make_grant(project=project, starts_on=SECOND, ends_on=LAST)
    assert states(project) == [set(), {State.EXIT_DUE}]
    counting(project, SECOND)
    assert states(project)[1] == {State.ENTRY_MISSING, State.EXIT_DUE}


def test_whoever_comes_back_while_nobody_pays_is_asked_for_who_will(project, stays):
    counting(project, FIRST, MID)

    assert states(project)[1] == {State.ENTRY_MISSING, State.EXIT_DUE}


def test_the_check_of_a_report_asks_for_its_own_grant_alone(project, stays):
    whole, second = counting(project), counting(project, SECOND)

    def lacking(grant):
        report = make_report(grant=grant, starts_on=grant.starts_on, ends_on=LAST)
        return [each for each in check(report).found if each.code == "participant"]

    assert lacking(whole) == []
    assert len(lacking(second)) == 1


def test_nobody_is_asked_what_became_of_somebody_erased(project, stays, manager):
    counting(project)
    erase(stays[0].person, by=manager)

    assert states(project) == [set(), set()]


def test_whoever_left_is_to_be_admitted_again_when_they_come_under_another_grant(
    project, stays, manager
):
    first, again = stays
    again.delete()
    consultation = make_consultation(project=project, minutes=60, held_on=NOV)
    Attendance.objects.create(consultation=consultation, person=first.person)

    def to_ask():
        return [(row["person"], row["since"]) for row in Attendance.objects.to_be_asked(manager)]

    # The exit may lie in the time of the other grant: the entry does not.
    Participation.objects.filter(pk=first.pk).update(left_on=SECOND + DAY)
    counting(project)
    assert to_ask() == []
    counting(project, SECOND)
    assert to_ask() == [(first.person_id, NOV)]
    came = Attendance.objects.in_project(project)
    assert came.first_day_of(first.person) == NOV

    Participation.objects.admit(first.person, by=manager, project=project, on=NOV)
    assert to_ask() == []


def test_the_list_of_participants_shows_each_person_once(project, grants, stays, manager):
    first, again = stays
    for since, until, days in (
        (FIRST, MID, (FEB, MAY)),
        (SECOND, LAST, (AUG, NOV)),
        (FIRST, LAST, (FEB, NOV)),
    ):
        [line] = ParticipantList.of(project, since, until, by=manager).participants
        assert (line.entered_on, line.left_on) == days
        assert line.number == f"T-{first.pk:05d}"
    # The entry under the second grant was not told.
    assert not line.is_reported
    write_answers(again, **COMPLETE)
    [line] = ParticipantList.of(project, FIRST, LAST, by=manager).participants
    assert line.is_reported


def test_a_return_under_the_same_grant_is_listed_with_its_first_entry(project, stays, manager):
    first, _again = stays
    counting(project)
    first.answers.filter(question__code="isced").delete()

    [line] = ParticipantList.of(project, SECOND, LAST, by=manager).participants

    assert (line.entered_on, line.left_on, line.is_reported) == (FEB, NOV, False)


def test_a_stay_that_was_forgotten_is_recorded_with_its_exit(sign_in, project, stays, manager):
    _first, again = stays
    address = reverse("consultations:participation_new", args=[project.key])
    sent = {"person": again.person_id, "entered_on": (MAY + DAY).isoformat()}
    client = sign_in(manager)

    page = client.post(address, sent).content.decode()
    assert "nimmt zu dieser Zeit schon am Projekt teil" in page
    client.post(address, sent | {"left_on": (AUG - DAY).isoformat()})

    days = Participation.objects.order_by("entered_on").values_list("entered_on", "left_on")
    assert list(days) == [(FEB, MAY), (MAY + DAY, AUG - DAY), (AUG, NOV)]


def test_an_exit_is_not_entered_into_an_accepted_period(project, manager):
    lock = accept_first_half(counting(project)).lock

    with pytest.raises(ValidationError) as caught:
        Participation.objects.admit(
            make_person(), by=manager, project=project, on=FIRST - DAY, left_on=MID
        )
    assert caught.value.messages == [lock.refusal]


# --- accepted periods ---


def test_an_accepted_report_keeps_answers_its_results_are_made_of(project, manager):
    grant = make_grant(project=project, starts_on=project.starts_on, ends_on=LAST)
    person = make_person(birth_on=date(1990, 5, 17))
    first = make_participation(
        project, person=person, entered_on=FIRST - 9 * DAY, left_on=FIRST - 2 * DAY
    )
    write_answers(first, **COMPLETE)
    again = make_participation(project, person=person, entered_on=FIRST - DAY, left_on=MID)
    write_answers(again, exit_working=MID.isoformat())
    lock = accept_first_half(grant).lock

    with pytest.raises(Exception, match=str(TRIGGERS["consultations_locked_participants_stay"])):
        write_answers(first, status="employed")
    with pytest.raises(Exception, match=str(TRIGGERS["consultations_locked_participants_stay"])):
        write_answers(again, exit_working="no")
    with refused("consultations_locked_participants_stay"):
        Participation.objects.filter(pk=again.pk).update(left_on=MID - DAY)
    # A return on an open day takes nothing from it.
    again.come_back(SECOND, by=manager)

    lock.lift(by=manager, reason="Falsch angekreuzt")
    write_answers(first, status="employed")


# --- pages ---


def page_of(sign_in, manager, participation):
    return sign_in(manager).get(participation.get_absolute_url()).content.decode()


def test_the_page_of_a_stay_leads_to_the_others_and_says_what_counts(
    sign_in, project, stays, manager
):
    first, again = stays
    counting(project)
    back = reverse("consultations:participation_return", args=[again.pk])

    page = page_of(sign_in, manager, again)
    assert "Wieder da unter derselben Bewilligung" in page
    assert first.get_absolute_url() in page
    assert back in page
    page = page_of(sign_in, manager, first)
    assert "Kam später unter derselben Bewilligung wieder" in page
    assert reverse("consultations:participation_return", args=[first.pk]) not in page

    counting(project, SECOND)
    page = page_of(sign_in, manager, again)
    assert "Wieder da unter derselben Bewilligung" not in page
    assert "Zählt noch in keinem Bericht" in page


def test_a_return_is_recorded_on_its_page_and_leads_to_the_new_stay(sign_in, project, manager):
    left = timezone.localdate().replace(day=1)
    project.ends_on = left.replace(year=left.year + 1)
    project.save()
    first = make_participation(project, entered_on=FEB, left_on=left - DAY)
    client = sign_in(manager)
    address = reverse("consultations:participation_return", args=[first.pk])

    page = client.post(address, {"returned_on": (left - DAY).isoformat()}).content.decode()
    assert "Eine Rückkehr liegt nach dem Austritt." in page
    answer = client.post(address, {"returned_on": left.isoformat()})

    again = Participation.objects.get(entered_on=left)
    assert answer.url == again.get_absolute_url()
    assert again.person == first.person


def test_what_is_kept_after_an_erasure_names_a_project_once(stays, project):
    [kept] = keepable_of(stays[0].person)

    assert kept.reason.endswith(f": {project}")
