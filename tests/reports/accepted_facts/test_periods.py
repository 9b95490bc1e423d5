"""Which accepted periods are asked about."""

from collections import defaultdict
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from best_portal.accounts.models import Role
from enterprises.accounted import accounted
from reports.accounted import HIDDEN
from reports.counting import READS, RULES
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
    make_user,
    write_answers,
)
from tests.reports.acceptance import DAY, FIRST, MID, accept_first_half, asking_grant
from tests.reports.eu import make_scope

pytestmark = pytest.mark.django_db


def test_only_what_was_accounted_for_with_the_organisation_is_asked_about(
    grant, organisation, lock
):
    [told] = accounted(organisation, MID)
    for words in (lock.period, str(grant.project), lock.because):
        assert words in told
    assert accounted(organisation, FIRST - 900 * DAY) == [told]
    assert not accounted(organisation, MID + DAY)
    assert not accounted(make_organisation(), FIRST)

    lock.lift(by=make_user(Role.MANAGER), reason="Stelle vergessen")
    assert not accounted(organisation, MID)


def test_support_in_groups_and_by_awards_counts_and_later_support_does_not(grant):
    trained, paid, later, deleted = (make_enterprise() for _each in range(4))
    training = make_consultation(
        project=grant.project, kind="training", organisation=None, held_on=MID
    )
    training.attendances.create(person=make_person(), organisation=trained)
    make_enterprise_award(grant=grant, organisation=paid, granted_on=MID)
    make_consultation(project=grant.project, organisation=later, held_on=MID + DAY)
    gone = make_consultation(project=grant.project, organisation=deleted, held_on=MID)
    gone.withdraw(by=make_user(Role.MANAGER))
    accept_first_half(grant)

    asked = [bool(accounted(each, MID)) for each in (trained, paid, later, deleted)]
    assert asked == [True, True, False, False]


def test_facts_no_figure_of_the_grants_reads_are_not_asked_about(grant, organisation, lock):
    other = make_grant(starts_on=FIRST, ends_on=grant.ends_on)
    elsewhere = make_organisation()
    make_consultation(project=other.project, organisation=elsewhere, held_on=FIRST)
    accept_first_half(other)

    for fact in READS:
        assert accounted(organisation, MID, fact)
        assert not accounted(elsewhere, MID, fact)
    assert accounted(elsewhere, MID)


def test_who_merges_two_that_were_counted_apart_is_told(page, grant, organisation):
    other, uncounted = make_organisation(), make_organisation()
    make_consultation(project=grant.project, organisation=other, held_on=FIRST)
    lock = accept_first_half(grant).lock

    def shown(second):
        pair = [organisation.pk, second.pk]
        return page.get(reverse("enterprises:compare", args=["betriebe", *pair])).text

    assert escape(lock.because) in shown(other)
    assert escape(lock.because) not in shown(uncounted)


@pytest.fixture
def took_part():
    """Let somebody take part in the project of a grant; returns the person."""

    def admit(grant, on=MID, person=None, left_on=None):
        stay = make_participation(
            project=grant.project, person=person or make_person(), entered_on=on, left_on=left_on
        )
        write_answers(stay, **COMPLETE)
        return stay.person

    return admit


def compared(client, one, other):
    return client.get(reverse("enterprises:compare", args=["personen", one.pk, other.pk])).text


def test_who_merges_two_participants_that_were_counted_apart_is_told(sign_in, took_part):
    grant = asking_grant()
    one, other, later = took_part(grant), took_part(grant), took_part(grant, MID + DAY)
    before = took_part(grant, FIRST - DAY, left_on=FIRST - DAY)
    elsewhere = took_part(asking_grant())
    lock = accept_first_half(grant).lock
    manager = make_user(Role.MANAGER)
    client = sign_in(manager)

    assert escape(lock.because) in compared(client, one, other)
    # Reports count since the start, too.
    assert escape(lock.because) in compared(client, before, other)
    for uncounted in (later, elsewhere, make_person()):
        assert escape(lock.because) not in compared(client, one, uncounted)

    lock.lift(by=manager, reason="Zwei Akten")
    assert escape(lock.because) not in compared(client, one, other)


def test_who_took_part_before_the_grant_was_not_counted_by_it(sign_in, took_part):
    grant = asking_grant()
    one, other = took_part(grant, FIRST - DAY, left_on=FIRST - DAY), took_part(grant)
    new = make_grant(project=grant.project, starts_on=FIRST, ends_on=grant.ends_on)
    lock = accept_first_half(new).lock

    assert escape(lock.because) not in compared(sign_in(make_user(Role.MANAGER)), one, other)


def test_whoever_does_not_see_participants_is_told_of_a_project_without_its_name(page, took_part):
    grant = asking_grant()
    one, other = took_part(grant), took_part(grant)
    lock = accept_first_half(grant).lock

    text = compared(page, one, other)

    assert escape(str(HIDDEN)) in text
    assert escape(lock.because) not in text
    assert escape(grant.project.name) not in text


# What a question for each kind of fact has in it.
ASKED = {
    "job": ['"enterprises_job"'],
    "size": ['"enterprises_sizedeclaration"'],
    "innovation": ['"enterprises_innovation"'],
    "case": ['"consultations_supportcase"."closed_on"'],
    "stage": ['"enterprises_stagechange"'],
    "area": ['FROM "enterprises_organisation"', '"districts_district"."name"'],
}


def test_rules_say_which_facts_they_read():
    """Asked of the database, where there is something of each kind to read."""
    long_one = make_project(starts_on=FIRST, ends_on=date(YEAR + 2, 12, 31))
    grant, body = make_grant(project=long_one, ends_on=long_one.ends_on), make_enterprise()
    case = make_case(
        project=long_one, organisation=body, opened_on=FIRST, support_target="enterprise"
    )
    make_consultation(project=long_one, organisation=body, case=case, held_on=FIRST, minutes=600)
    case.close(on=MID, outcome="fertig", by=None)
    make_enterprise_award(
        grant=grant, organisation=body, granted_on=FIRST, completed_on=MID, private_amount=100
    )
    for kind in ("product", "marketing"):
        make_innovation(body, kind=kind, introduced_on=MID, is_in_house=True)

    read = defaultdict(set)
    for name, rule in RULES.items():
        with CaptureQueriesContext(connection) as asked:
            rule(make_scope(grant))
        for fact, words in ASKED.items():
            if any(all(word in query["sql"] for word in words) for query in asked):
                read[fact].add(name)

    assert read == READS
