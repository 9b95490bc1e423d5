"""Indicators of ESF Plus and EFRE: equal to plain SQL, each once, "k. A." apart from nought."""

import json
import random
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from best_portal.accounts.models import Role
from consultations.models import Answer
from enterprises.models import Job, JobKind, Merge, OrganisationKind, Stage
from reports import figures
from reports.freezing import freeze
from reports.models import Indicator
from reports.reading import Reading
from reports.scope import Scope
from tests.factories import (
    COMPLETE,
    YEAR,
    make_case,
    make_consultation,
    make_enterprise,
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
from tests.reports.eu_sql import ENTERPRISES, PEOPLE
from tests.reports.test_figures import ask

pytestmark = pytest.mark.django_db

HALF = date(YEAR, 6, 30)


def make_scope(grant, starts_on=None, ends_on=None):
    return Scope.of(grant, starts_on or grant.starts_on, ends_on or grant.ends_on)


def count(rule, scope):
    return figures.RULES[rule](scope)


def take_part(project, on, **given):
    person = make_person(birth_on=given.pop("birth_on", date(1990, 5, 17)))
    participation = make_participation(project, person=person, entered_on=on)
    write_answers(participation, consents=("disability", "minority"), **COMPLETE | given)
    return participation


def parts(figure):
    return {part.label: int(part.value) for part in figure.parts}


# --- against plain SQL ---


def make_random_people(project, chance):
    for _ in range(25):
        on = date(YEAR, 1, 1) + timedelta(days=chance.randrange(200))
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
        born = date(chance.randint(1950, YEAR - 15), chance.randint(1, 12), chance.randint(1, 28))
        person = make_person(birth_on=None if chance.random() < 0.1 else born)
        participation = make_participation(project, person=person, entered_on=on)
        write_answers(participation, consents=("disability", "minority"), **given)
        if chance.random() < 0.6:
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


@pytest.mark.parametrize("seed", [1, 2])
def test_every_indicator_of_people_equals_plain_sql(seed):
    project = make_project()
    make_random_people(project, random.Random(seed))
    make_random_people(make_project(), random.Random(seed + 100))
    grant = make_grant(project=project)

    for scope in (make_scope(grant), make_scope(grant, date(YEAR, 3, 1), HALF)):
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


def make_confirmed_job(body, **fields):
    return Job.objects.create(
        organisation=body,
        title="Küche",
        confirmed_on=HALF,
        confirmed_by="Erika Muster",
        **{"kind": JobKind.NEW, "fte": Decimal("0.5")} | fields,
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
    somebody.come_back(date(YEAR, 5, 1), by=None)
    somebody.leave(date(YEAR, 9, 1), by=None)
    write_answers(somebody, exit_working=date(YEAR, 9, 20).isoformat())
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


# --- enterprises, counted by hand ---


def test_sizes_and_those_without_one_add_up_to_the_enterprises():
    grant = make_grant()
    for size in ({"employees": 3}, {"employees": 30}, {"is_publicly_owned": True}, None):
        body = make_enterprise()
        make_consultation(project=grant.project, organisation=body)
        if size is not None:
            make_size(body, **size)

    all_of_them = count("enterprises_by_size", make_scope(grant))
    small = count("small_enterprises", make_scope(grant))

    assert all_of_them.value == sum(part.value for part in all_of_them.parts) == 4
    assert parts(all_of_them) == {
        "Kleinstunternehmen": 1,
        "kleine Unternehmen": 1,
        "mittlere Unternehmen": 0,
        "große Unternehmen": 1,
        "Größe nicht erklärt": 1,
    }
    assert small.value == 2
    assert parts(small)["nicht gezählt: Größe nicht erklärt"] == 1
    assert parts(small)["nicht gezählt: großes Unternehmen"] == 1


def test_a_person_or_the_enterprise_never_both():
    grant, body = make_grant(), make_enterprise()
    make_size(body)
    case = make_case(project=grant.project, organisation=body, support_target="person")
    make_consultation(project=grant.project, organisation=body, case=case)

    assert count("small_enterprises", make_scope(grant)).value == 0
    case.aim_at("enterprise", by=None)
    assert count("small_enterprises", make_scope(grant)).value == 1


def test_a_case_of_a_person_that_was_opened_by_mistake_keeps_no_hours_from_the_enterprise():
    grant, body = make_grant(), make_enterprise()
    make_size(body)
    case = make_case(project=grant.project, organisation=body, support_target="person")
    make_consultation(project=grant.project, organisation=body, case=case)
    case.withdraw(by=make_user(Role.MANAGER))

    assert count("small_enterprises", make_scope(grant)).value == 1


def test_half_a_job_that_became_a_whole_one_is_half_a_job_more():
    project = make_project(starts_on=date(YEAR, 1, 1), ends_on=date(YEAR + 2, 12, 31))
    grant, body = make_grant(project=project), make_enterprise()
    make_consultation(project=project, organisation=body, held_on=date(YEAR, 2, 1))
    case = make_case(project=project, organisation=body, opened_on=date(YEAR, 2, 1))
    case.close(on=date(YEAR, 6, 1), outcome="fertig", by=None)
    make_confirmed_job(body, since=date(YEAR - 1, 1, 1), until=date(YEAR, 4, 30))
    make_confirmed_job(body, since=date(YEAR, 5, 1), fte=Decimal(1))

    figure = count("jobs_created", make_scope(grant))

    assert figure.value == Decimal("0.5")
    assert [row.fte for row in figure.rows] == [Decimal("0.5")]
    assert count("jobs_created", make_scope(grant, ends_on=date(YEAR + 1, 5, 31))).value == 0


@pytest.mark.parametrize(
    ("jobs", "created"),
    [
        ([("kept", 2, None)], 0),
        ([("kept", 2, None), ("new", 5, None)], Decimal("0.5")),
        # One kept job after the other is none lost.
        ([("kept", -6, 3), ("kept", 4, None)], 0),
        ([("kept", -6, 3)], Decimal("-0.5")),
    ],
)
def test_a_kept_job_is_none_created_and_one_that_was_lost_is_taken_off(jobs, created):
    project = make_project(starts_on=date(YEAR, 1, 1), ends_on=date(YEAR + 2, 12, 31))
    grant, body = make_grant(project=project), make_enterprise()
    make_consultation(project=project, organisation=body, held_on=date(YEAR, 1, 2))
    case = make_case(project=project, organisation=body, opened_on=date(YEAR, 1, 2))
    case.close(on=date(YEAR, 6, 1), outcome="fertig", by=None)
    for kind, begun, ended in jobs:
        since = date(YEAR, begun, 1) if begun > 0 else date(YEAR - 1, -begun, 1)
        make_confirmed_job(body, kind=kind, since=since, until=ended and date(YEAR, ended, 28))

    assert count("jobs_created", make_scope(grant)).value == created


@pytest.mark.parametrize(
    ("again_on", "target", "created"),
    [
        # Counted on 1 June of the next year, and what begins from then on changes nothing.
        (date(YEAR + 1, 6, 1), "enterprise", Decimal("0.5")),
        (date(YEAR + 2, 3, 1), "enterprise", Decimal("0.5")),
        # Within the year the support goes on.
        (date(YEAR + 1, 5, 31), "enterprise", 0),
        (date(YEAR, 9, 1), "person", Decimal("0.5")),
    ],
)
def test_what_was_counted_a_year_after_the_support_stays_counted(again_on, target, created):
    project = make_project(starts_on=date(YEAR, 1, 1), ends_on=date(YEAR + 2, 12, 31))
    grant, body = make_grant(project=project), make_enterprise()
    make_consultation(project=project, organisation=body, held_on=date(YEAR, 2, 1))
    make_size(body, as_of=date(YEAR - 1, 12, 31), turnover=100_000)
    make_size(body, as_of=date(YEAR + 1, 12, 31), turnover=200_000)
    case = make_case(
        project=project,
        organisation=body,
        opened_on=date(YEAR, 2, 1),
        support_target="enterprise",
    )
    case.close(on=date(YEAR, 6, 1), outcome="fertig", by=None)
    make_confirmed_job(body, since=date(YEAR, 5, 1))
    make_case(project=project, organisation=body, opened_on=again_on, support_target=target)
    last = make_scope(grant, date(YEAR + 2, 7, 1))

    assert count("jobs_created", last.cumulated).value == created
    assert count("jobs_created", make_scope(grant, ends_on=date(YEAR + 1, 6, 1))).value == created
    assert count("new_enterprises_surviving", last.cumulated).value == bool(created)
    assert count("higher_turnover", last.cumulated).value == bool(created)
    assert count("jobs_created", last).value == 0


def test_jobs_of_which_nobody_confirmed_any_are_not_nought():
    project = make_project(starts_on=date(YEAR, 1, 1), ends_on=date(YEAR + 2, 12, 31))
    grant, bodies = make_grant(project=project), [make_enterprise(), make_enterprise()]
    assert count("jobs_created", make_scope(grant)).value == 0
    for body in bodies:
        make_consultation(project=project, organisation=body, held_on=date(YEAR, 2, 1))
        case = make_case(project=project, organisation=body, opened_on=date(YEAR, 2, 1))
        case.close(on=date(YEAR, 6, 1), outcome="fertig", by=None)

    figure = count("jobs_created", make_scope(grant))
    assert (figure.value, figure.rows) == (None, ())
    assert parts(figure) == {"k. A. (Unternehmen)": 2}

    make_confirmed_job(bodies[0], since=date(YEAR, 5, 1))
    figure = count("jobs_created", make_scope(grant))
    assert (figure.value, figure.ids) == (Decimal("0.5"), (bodies[0].pk,))
    assert parts(figure) == {"k. A. (Unternehmen)": 1}


def test_jobs_of_a_founding_are_new_where_the_advice_came_before_it():
    project = make_project(starts_on=date(YEAR, 1, 1), ends_on=date(YEAR + 2, 12, 31))
    grant, body = make_grant(project=project), make_enterprise(founded_on=date(YEAR, 3, 1))
    for month in (2, 4):
        make_consultation(project=project, organisation=body, held_on=date(YEAR, month, 1))
    case = make_case(project=project, organisation=body, opened_on=date(YEAR, 2, 1))
    case.close(on=date(YEAR, 6, 1), outcome="fertig", by=None)
    make_confirmed_job(body, since=date(YEAR, 3, 1))

    assert count("jobs_created", make_scope(grant)).value == Decimal("0.5")
    assert count("new_enterprises", make_scope(grant)).value == 1
    assert count("enterprises_by_size", make_scope(grant, ends_on=date(YEAR, 3, 31))).value == 0


@pytest.mark.parametrize(
    ("founded_on", "new"), [(date(YEAR - 3, 3, 1), 1), (date(YEAR - 3, 1, 31), 0)]
)
def test_how_old_a_new_enterprise_is_its_first_award_tells_as_its_first_advice(founded_on, new):
    """35 months old, or 36 and a day, when the award was granted; the advice came later."""
    grant, body = make_grant(), make_enterprise(founded_on=founded_on)
    make_enterprise_award(grant=grant, organisation=body, granted_on=date(YEAR, 2, 1))
    make_consultation(project=grant.project, organisation=body, held_on=date(YEAR, 4, 1))

    assert count("new_enterprises", make_scope(grant)).value == new


def test_an_enterprise_that_only_got_an_award_is_new_creates_jobs_and_survives():
    project = make_project(starts_on=date(YEAR, 1, 1), ends_on=date(YEAR + 2, 12, 31))
    grant, body = make_grant(project=project), make_enterprise(founded_on=date(YEAR - 1, 6, 1))
    make_enterprise_award(
        grant=grant,
        organisation=body,
        granted_on=date(YEAR, 2, 1),
        completed_on=date(YEAR, 4, 1),
    )
    make_confirmed_job(body, since=date(YEAR, 1, 31))
    make_confirmed_job(body, since=date(YEAR, 2, 1), fte=Decimal(1))
    make_size(body, as_of=date(YEAR - 1, 12, 31), turnover=100_000)
    make_size(body, as_of=date(YEAR + 1, 12, 31), turnover=200_000)
    scope = make_scope(grant)

    for rule in ("enterprises_in_any_way", "new_enterprises", "new_enterprises_surviving"):
        assert count(rule, scope).ids == (body.pk,)
    assert count("higher_turnover", scope).value == 1
    (row,) = count("jobs_created", scope).rows
    assert (row.on, row.fte) == (date(YEAR + 1, 4, 1), 1)


def test_support_is_not_completed_while_an_award_runs():
    project = make_project(starts_on=date(YEAR, 1, 1), ends_on=date(YEAR + 2, 12, 31))
    grant, body = make_grant(project=project), make_enterprise(founded_on=date(YEAR - 1, 1, 1))
    make_consultation(project=project, organisation=body, held_on=date(YEAR, 1, 2))
    case = make_case(project=project, organisation=body, opened_on=date(YEAR, 1, 2))
    case.close(on=date(YEAR, 3, 1), outcome="fertig", by=None)
    award = make_enterprise_award(grant=grant, organisation=body, granted_on=date(YEAR, 2, 1))
    make_confirmed_job(body, since=date(YEAR, 2, 1))

    for rule in ("jobs_created", "new_enterprises_surviving"):
        assert count(rule, make_scope(grant)).value == 0
    award.completed_on = date(YEAR, 5, 1)
    award.save()
    (row,) = count("jobs_created", make_scope(grant)).rows
    assert (row.on, row.fte) == (date(YEAR + 1, 5, 1), Decimal("0.5"))


@pytest.mark.parametrize(("months", "new"), [(36, 1), (11, 0)])
def test_how_old_a_new_enterprise_may_be_the_grant_says(months, new):
    grant = make_grant(new_enterprise_months=months)
    body = make_enterprise(founded_on=date(YEAR - 1, 1, 1))
    make_consultation(project=grant.project, organisation=body, held_on=date(YEAR, 1, 1))

    assert count("new_enterprises", make_scope(grant)).value == new


# --- awards and innovation, counted by hand ---


def test_a_grant_and_advice_are_one_enterprise_that_both_ways_of_support_count():
    grant, body = make_grant(minimum_hours=Decimal(2)), make_enterprise()
    make_consultation(
        project=grant.project, organisation=body, held_on=date(YEAR, 3, 1), minutes=120
    )
    make_enterprise_award(grant=grant, organisation=body, completed_on=date(YEAR, 5, 1))
    scope = make_scope(grant)

    assert count("enterprises_in_any_way", scope).value == 1
    assert count("enterprises_with_grants", scope).value == 1
    assert count("enterprises_advised", scope).value == 1
    assert count("enterprises_with_instruments", scope).value == 0
    assert [row.on for row in count("enterprises_in_any_way", scope).rows] == [date(YEAR, 3, 1)]
    assert [row.on for row in count("enterprises_with_grants", scope).rows] == [date(YEAR, 5, 1)]


def test_a_grant_counts_when_it_is_completed_and_only_under_its_own_notice():
    grant = make_grant()
    other = make_grant(project=grant.project)
    make_enterprise_award(grant=grant)
    done = make_enterprise_award(grant=grant, completed_on=date(YEAR, 8, 1))

    figure = count("enterprises_with_grants", make_scope(grant))

    assert figure.ids == (done.organisation_id,)
    assert parts(figure) == {"nicht gezählt: noch nicht abgeschlossen": 1}
    # What is completed after the last day is still running in a report until then.
    half = count("enterprises_with_grants", make_scope(grant, ends_on=HALF))
    assert (half.value, parts(half)) == (0, {"nicht gezählt: noch nicht abgeschlossen": 2})
    assert count("enterprises_with_grants", make_scope(other)).value == 0


def test_somebody_who_has_founded_nothing_yet_is_no_enterprise_with_a_grant():
    grant = make_grant()
    make_enterprise_award(
        grant=grant, organisation=make_organisation(), completed_on=date(YEAR, 2, 1)
    )

    assert count("enterprises_with_grants", make_scope(grant)).value == 0
    assert count("enterprises_in_any_way", make_scope(grant)).value == 0


def test_a_legal_form_that_changes_makes_no_second_and_no_new_enterprise():
    """GbR becomes GmbH: founded too long ago to be new, and one undertaking throughout."""
    grant = make_grant(new_enterprise_months=12)
    body = make_enterprise(legal_form="gbr", founded_on=date(YEAR - 4, 1, 1))
    make_consultation(project=grant.project, organisation=body, held_on=date(YEAR, 2, 1))
    body.legal_form = "gmbh"
    body.save()
    make_consultation(project=grant.project, organisation=body, held_on=date(YEAR, 9, 1))
    scope = make_scope(grant)

    assert count("enterprises_in_any_way", scope).value == 1
    assert count("enterprises_advised", scope).value == 1
    assert count("new_enterprises", scope).value == 0


def test_two_files_of_a_gbr_and_the_gmbh_it_became_count_once_when_they_are_one():
    grant, manager = make_grant(new_enterprise_months=12), make_user(Role.MANAGER)
    gbr = make_enterprise(legal_form="gbr", founded_on=date(YEAR - 4, 1, 1))
    gmbh = make_enterprise(legal_form="gmbh", founded_on=date(YEAR, 5, 1))
    for body, on in ((gbr, date(YEAR, 2, 1)), (gmbh, date(YEAR, 9, 1))):
        make_consultation(project=grant.project, organisation=body, held_on=on)
        make_enterprise_award(grant=grant, organisation=body, granted_on=on, completed_on=on)
    apart = make_scope(grant)
    assert count("enterprises_in_any_way", apart).value == 2
    assert count("new_enterprises", apart).value == 1

    Merge.objects.merge(gmbh, gbr, by=manager)

    for rule in ("enterprises_in_any_way", "enterprises_with_grants", "enterprises_advised"):
        assert count(rule, make_scope(grant)).ids == (gbr.pk,)
    assert count("new_enterprises", make_scope(grant)).value == 0


def test_private_money_is_added_up_and_what_was_not_stated_stands_beside_it():
    grant = make_grant()
    for private in (Decimal("1000.50"), Decimal("0.00"), None):
        make_enterprise_award(grant=grant, private_amount=private, completed_on=date(YEAR, 4, 1))
    make_enterprise_award(grant=grant, private_amount=Decimal(77))

    figure = count("private_investments", make_scope(grant))

    assert figure.value == Decimal("1000.50")
    assert [row.amount for row in figure.rows] == [Decimal("1000.50"), 0]
    assert parts(figure) == {"k. A. (Förderungen)": 1}


def test_private_money_nobody_has_stated_is_not_nought():
    grant = make_grant()
    assert count("private_investments", make_scope(grant)).value == 0
    make_enterprise_award(grant=grant, private_amount=None, completed_on=date(YEAR, 4, 1))

    figure = count("private_investments", make_scope(grant))

    assert (figure.value, figure.rows) == (None, ())
    assert parts(figure) == {"k. A. (Förderungen)": 1}


@pytest.mark.parametrize(
    ("introduced_on", "number"),
    [
        (date(YEAR, 1, 31), 0),
        (date(YEAR, 2, 1), 1),
        (date(YEAR + 1, 6, 1), 1),
        (date(YEAR + 1, 6, 2), 0),
    ],
)
def test_an_innovation_counts_from_the_first_support_to_a_year_after_its_end(introduced_on, number):
    project = make_project(starts_on=date(YEAR, 1, 1), ends_on=date(YEAR + 2, 12, 31))
    grant, body = make_grant(project=project), make_enterprise()
    make_size(body)
    make_consultation(project=project, organisation=body, held_on=date(YEAR, 2, 1))
    case = make_case(project=project, organisation=body, opened_on=date(YEAR, 2, 1))
    case.close(on=date(YEAR, 6, 1), outcome="fertig", by=None)
    make_innovation(body, introduced_on=introduced_on)

    assert count("new_products_or_processes", make_scope(grant)).value == number
    assert count("new_marketing_or_organisation", make_scope(grant)).value == 0


def test_each_sort_of_innovation_counts_an_enterprise_once_and_only_confirmed_small_ones():
    grant = make_grant()
    bodies = [make_enterprise() for _ in range(4)]
    for body in bodies:
        make_consultation(project=grant.project, organisation=body, held_on=date(YEAR, 2, 1))
    several, unsaid, large, unconfirmed = bodies
    make_size(several)
    make_size(large, employees=300)
    make_size(unconfirmed)
    for kind in ("product", "process", "marketing"):
        make_innovation(several, kind=kind, is_in_house=kind == "process")
    make_innovation(unsaid)
    make_innovation(large)
    make_innovation(unconfirmed, confirmed_on=None)
    scope = make_scope(grant)

    first = count("new_products_or_processes", scope)
    assert first.ids == (several.pk,)
    assert parts(first) == {
        "nicht gezählt: großes Unternehmen": 1,
        "nicht gezählt: Größe nicht erklärt": 1,
    }
    assert count("new_marketing_or_organisation", scope).ids == (several.pk,)
    assert count("innovations_in_house", scope).ids == (several.pk,)


def test_more_value_for_each_employee_counts_and_more_value_alone_does_not():
    project = make_project(starts_on=date(YEAR, 1, 1), ends_on=date(YEAR + 3, 12, 31))
    grant = make_grant(project=project)
    for employees in (3, 6):
        body = make_enterprise()
        make_consultation(project=project, organisation=body, held_on=date(YEAR, 2, 1))
        case = make_case(project=project, organisation=body, opened_on=date(YEAR, 2, 1))
        case.close(on=date(YEAR, 6, 1), outcome="fertig", by=None)
        make_size(body, as_of=date(YEAR - 1, 12, 31), employees=3, value_added=90_000)
        make_size(body, as_of=date(YEAR + 1, 12, 31), employees=employees, value_added=150_000)

    figure = count("higher_value_added", make_scope(grant))

    assert figure.value == 1
    assert [row.on for row in figure.rows] == [date(YEAR + 1, 12, 31)]


def test_what_is_not_measured_is_no_answer_with_its_reason_and_never_nought():
    grant = make_grant()
    make_target(grant=grant, indicator=Indicator.objects.get(code="RCR18"), value=Decimal(3))
    report = make_report(grant=grant)

    document = freeze(make_version(report=report), at=timezone.now())

    (line,) = document.indicators
    assert (line.in_period, line.cumulated, line.percent) == (None, None, None)
    assert line.reason.startswith("k. A.: Wer die Dienste eines Gründerzentrums nutzt")
    (figure,) = Reading(json.loads(document.to_json())).figures
    assert (figure.in_period, figure.is_missed) == (None, False)


def test_the_second_version_of_the_first_indicator_counts_awards_and_follows_the_first():
    first, second = Indicator.objects.filter(code="RCO01").order_by("version")
    assert (first.rule, second.rule) == ("enterprises_by_size", "enterprises_in_any_way")
    assert first.ends_on + timedelta(days=1) == second.starts_on


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
