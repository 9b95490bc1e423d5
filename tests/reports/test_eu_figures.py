"""Indicators of ESF Plus and EFRE: equal to plain SQL, each once, "k. A." apart from nought."""

import json
import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from best_portal.accounts.models import Role
from consultations.models import Answer
from enterprises.models import Merge, OrganisationKind, Stage
from reports import figures
from reports.freezing import freeze
from reports.models import Indicator
from reports.reading import Reading
from tests.factories import (
    YEAR,
    make_case,
    make_consultation,
    make_enterprise_award,
    make_grant,
    make_innovation,
    make_organisation,
    make_participation,
    make_person,
    make_project,
    make_report,
    make_size,
    make_target,
    make_user,
    make_version,
    write_answers,
)
from tests.reports.eu import HALF, count, make_confirmed_job, make_scope, parts, take_part
from tests.reports.eu_sql import ENTERPRISES, PEOPLE
from tests.reports.test_figures import ask

pytestmark = pytest.mark.django_db


# --- against plain SQL ---


def make_random_people(project, chance):
    for _ in range(25):
        on = date(YEAR, 1, 1) + timedelta(days=chance.randrange(200))
        born = date(chance.randint(1950, YEAR - 15), chance.randint(1, 12), chance.randint(1, 28))
        person = make_person(birth_on=None if chance.random() < 0.1 else born)
        # Some come back, once or more often, and not all of them are asked again.
        while left := make_random_stay(project, person, on, chance):
            if chance.random() < 0.5:
                break
            on = left + timedelta(days=chance.randint(1, 60))


def make_random_stay(project, person, on, chance):
    """Let somebody enter, and perhaps leave; returns the day of the exit."""
    participation = make_participation(project, person=person, entered_on=on)
    if chance.random() < 0.8:
        given = random_answers(on, chance)
        write_answers(participation, consents=("disability", "minority"), **given)
    if chance.random() < 0.4:
        return None
    left = on + timedelta(days=chance.randrange(60))
    participation.leave(left, by=None)
    days = {
        code: (left + timedelta(days=chance.choice([0, 20, 28, 29]))).isoformat()
        for code in ("exit_searching", "exit_working", "exit_training", "exit_qualified")
    }
    write_answers(
        participation,
        **{code: chance.choice([day, "no"]) for code, day in days.items()},
        later_working=chance.choice(["yes", "no"]),
        later_improved=chance.choice(["yes", "no"]),
    )
    return left


def random_answers(on, chance):
    """What somebody says on entering; now and then a question of the first part stays open."""
    status = chance.choice(["unemployed", "inactive", "employed"])
    given = {
        "gender": chance.choice(["woman", "man", "non_binary"]),
        "status": status,
        "isced": chance.choice(["0-2", "3-4", "5-8"]),
    }
    for code in ("disability", "third_country", "foreign_background", "minority", "housing"):
        given[code] = chance.choice(["yes", "no", None])
    given["rural"] = chance.choice(["yes", "no"])
    if status == "unemployed":
        since = on - timedelta(days=chance.choice([30, 365, 366, 367, 700]))
        given["unemployed_since"] = since.isoformat()
    if chance.random() < 0.2:
        del given[chance.choice(["gender", "status", "isced"])]
    return given


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_indicator_of_people_equals_plain_sql(seed):
    project = make_project()
    make_random_people(project, random.Random(seed))
    make_random_people(make_project(), random.Random(seed + 100))
    whole = make_grant(project=project)
    spring = make_grant(project=project, ends_on=date(YEAR, 4, 30))
    summer = make_grant(project=project, starts_on=date(YEAR, 5, 1))

    for scope in (
        make_scope(whole),
        make_scope(whole, date(YEAR, 3, 1), HALF),
        make_scope(spring),
        make_scope(summer),
    ):
        for rule, sql in PEOPLE.items():
            figure = count(rule, scope)
            assert figure.value == ask(sql, scope), rule
            assert len(figure.rows) == figure.value
            assert sum(part.value for part in figure.parts if part.is_within) == figure.value


def make_random_enterprises(grant, chance):
    for _ in range(14):
        kind = chance.choice(
            [
                OrganisationKind.SOCIAL_ENTERPRISE,
                OrganisationKind.LOCAL_BUSINESS,
                OrganisationKind.PUBLIC_BODY,
                OrganisationKind.ASSOCIATION,
            ]
        )
        start = grant.starts_on + timedelta(days=chance.randrange(150))
        founded = date(YEAR - chance.choice([1, 2, 3, 4]), chance.randint(1, 12), 15)
        # Some were advised before they were founded.
        founded = chance.choice([founded, start + timedelta(days=chance.randrange(120))])
        body = make_organisation(kind=kind, founded_on=founded)
        target = "person" if chance.random() < 0.3 else "enterprise"
        case = make_case(
            project=grant.project,
            organisation=body,
            opened_on=start,
            support_target=target,
        )
        for _ in range(chance.randrange(6)):
            make_consultation(
                project=grant.project,
                organisation=body,
                case=chance.choice([case, None]),
                held_on=start + timedelta(days=chance.randrange(150)),
                minutes=chance.choice([30, 60, 120]),
                channel=chance.choice(["office", "phone", "email"]),
            )
        if chance.random() < 0.7:
            case.close(on=start + timedelta(days=160), outcome="fertig", by=None)
            if target == "person" and chance.random() < 0.2:
                case.withdraw(by=make_user(Role.MANAGER))
            if chance.random() < 0.4:
                make_case(
                    project=grant.project,
                    organisation=body,
                    opened_on=case.closed_on + timedelta(days=chance.choice([1, 30, 365, 366])),
                    support_target=chance.choice(["person", "enterprise"]),
                )
        for year in (YEAR - 1, YEAR, YEAR + 1, YEAR + 2):
            if chance.random() < 0.6:
                make_size(
                    body,
                    as_of=date(year, 12, 31),
                    employees=chance.choice([Decimal("9.99"), 10, 49, 249, 250]),
                    turnover=chance.choice([1_000_000, 2_000_000, 2_000_001, 50_000_001]),
                    value_added=chance.choice([None, 100_000, 300_000, 900_000]),
                )
        for since in (start - timedelta(days=50), start + timedelta(days=100)):
            if chance.random() < 0.7:
                make_confirmed_job(
                    body,
                    kind=chance.choice(["new", "new", "kept"]),
                    since=since,
                    until=chance.choice([None, since + timedelta(days=300)]),
                )
        for _ in range(chance.randrange(3)):
            make_random_award(grant, body, start, chance)
        for _ in range(chance.randrange(4)):
            make_random_innovation(body, start, chance)
        if chance.random() < 0.3:
            body.stages.create(stage=Stage.GIVEN_UP, since=HALF, reason="kein Raum")


def make_random_award(grant, body, start, chance):
    granted_on = start + timedelta(days=chance.randrange(-20, 60))
    ended_on = granted_on + timedelta(days=chance.randrange(200))
    award = make_enterprise_award(
        grant=chance.choice([grant, grant, make_grant(project=grant.project)]),
        organisation=body,
        kind=chance.choice(["grant", "instrument"]),
        granted_on=max(granted_on, grant.starts_on),
        completed_on=chance.choice([None, max(ended_on, grant.starts_on)]),
        private_amount=chance.choice([None, 0, Decimal("1234.56")]),
    )
    if chance.random() < 0.1:
        award.withdraw(by=make_user(Role.MANAGER))


def make_random_innovation(body, start, chance):
    make_innovation(
        body,
        kind=chance.choice(["product", "process", "marketing", "organisation"]),
        introduced_on=start + timedelta(days=chance.choice([-1, 0, 30, 200, 500, 600])),
        is_in_house=chance.random() < 0.5,
        **({} if chance.random() < 0.8 else {"confirmed_on": None}),
    )


@pytest.mark.parametrize("seed", [3, 4, 5, 6, 7, 8])
def test_every_indicator_of_enterprises_equals_plain_sql(seed):
    project = make_project(starts_on=date(YEAR, 1, 1), ends_on=date(YEAR + 2, 12, 31))
    grant = make_grant(project=project, minimum_hours=Decimal("1.00"))
    make_random_enterprises(grant, random.Random(seed))

    for scope in (make_scope(grant), make_scope(grant, date(YEAR, 3, 1), date(YEAR + 1, 8, 31))):
        for rule, sql in ENTERPRISES.items():
            if sql is not None:
                assert count(rule, scope).value == ask(sql, scope), rule


def test_every_eu_indicator_has_a_rule_and_the_second_version_follows_the_first():
    assert set(Indicator.objects.values_list("rule", flat=True)) <= set(figures.RULES)
    first, second = Indicator.objects.filter(code="EECO19").order_by("version")
    assert first.ends_on + timedelta(days=1) == second.starts_on
    assert first.rule != second.rule


# --- people, counted by hand ---


def test_somebody_who_comes_back_counts_once_with_the_last_exit():
    project = make_project()
    somebody = take_part(
        project, date(YEAR, 2, 1), status="unemployed", unemployed_since="2020-01-01"
    )
    somebody.leave(date(YEAR, 3, 1), by=None)
    again = somebody.come_back(date(YEAR, 5, 1), by=None)
    again.leave(date(YEAR, 9, 1), by=None)
    write_answers(again, exit_working=date(YEAR, 9, 20).isoformat())
    grant = make_grant(project=project)

    assert count("people_eeco01", make_scope(grant)).value == 1
    assert count("people_eecr04", make_scope(grant, ends_on=HALF)).value == 0
    assert count("people_eecr04", make_scope(grant)).value == 1


def test_whoever_entered_before_the_grant_is_no_result_of_it():
    project = make_project()
    somebody = take_part(
        project, date(YEAR - 1, 10, 1), status="unemployed", unemployed_since="2020-01-01"
    )
    somebody.leave(date(YEAR, 3, 1), by=None)
    write_answers(somebody, exit_working=date(YEAR, 3, 10).isoformat())
    former = make_grant(project=project, starts_on=date(YEAR - 1, 1, 1))
    later = make_grant(project=project, starts_on=date(YEAR, 1, 1))

    for grant, result in ((former, 1), (later, 0)):
        scope = make_scope(grant, date(YEAR, 1, 1))
        assert count("people_eecr04", scope).value == result
        assert ask(PEOPLE["people_eecr04"], scope) == result


def test_whoever_left_out_a_question_of_the_first_part_counts_nowhere():
    project = make_project()
    participation = take_part(project, date(YEAR, 2, 1), disability="yes")
    Answer.objects.filter(participation=participation, question__code="isced").delete()
    scope = make_scope(make_grant(project=project))

    assert count("people_eeco01", scope).value == 0
    assert count("people_eeco12", scope).value == 0


def test_who_did_not_say_and_who_was_not_asked_stand_beside_the_nought():
    project = make_project()
    take_part(project, date(YEAR, 2, 1), disability="no")
    take_part(project, date(YEAR, 2, 1), disability=None)
    take_part(project, date(YEAR, 2, 1))

    figure = count("people_eeco12", make_scope(make_grant(project=project)))

    assert figure.value == 0
    assert parts(figure) == {
        "Frauen": 0,
        "Männer": 0,
        "nicht-binär": 0,
        "k. A. (wollten nichts angeben)": 1,
        "nicht erhoben": 1,
    }


def test_protected_answers_show_neither_day_nor_number():
    project = make_project()
    first = take_part(project, date(YEAR, 2, 1), disability="yes")
    take_part(project, date(YEAR, 3, 1), gender="man", disability="yes")

    figure = count("people_eeco12", make_scope(make_grant(project=project)))

    assert figure.ids == (1, 2)
    assert {(row.on, row.case_number) for row in figure.rows} == {(None, "")}
    assert (
        count("people_eeco01", make_scope(make_grant(project=project))).rows[0].case_number
        == f"T-{first.pk:05d}"
    )


# --- on paper and on the page ---


def test_a_frozen_report_keeps_what_a_figure_is_made_of():
    grant = make_grant()
    make_target(grant=grant, indicator=Indicator.objects.get(code="EECO01"))
    take_part(grant.project, date(YEAR, 2, 1))
    take_part(grant.project, date(YEAR, 8, 1), gender="man")
    report = make_report(grant=grant, starts_on=date(YEAR, 7, 1))

    document = freeze(make_version(report=report), at=timezone.now())

    reading = Reading(json.loads(document.to_json()))
    (figure,) = reading.figures
    assert [(part.label, part.in_period, part.cumulated) for part in figure.parts] == [
        ("Frauen", 0, 1),
        ("Männer", 1, 1),
        ("nicht-binär", 0, 0),
    ]
    assert reading.evidence("EECO01").total == 1
    assert reading.evidence("EECO01", cumulated=True).total == 2


@pytest.mark.parametrize("is_earlier_kept", [True, False])
def test_two_files_of_one_person_count_once_as_at_the_first_entry(is_earlier_kept):
    project = make_project(asks_participants=True)
    grant = make_grant(project=project)
    since = date(YEAR, 1, 1).isoformat()
    first = take_part(project, date(YEAR, 2, 1), status="unemployed", unemployed_since=since)
    second = take_part(project, date(YEAR, 8, 1), status="inactive")
    gone, into = (second, first) if is_earlier_kept else (first, second)

    Merge.objects.merge(gone.person, into.person, by=make_user(Role.MANAGER))

    early, late = make_scope(grant, ends_on=HALF), make_scope(grant, HALF + timedelta(days=1))
    assert [count(f"people_eeco{code}", early).value for code in ("01", "02", "04")] == [1, 1, 0]
    assert count("people_eeco01", late).value == 0
