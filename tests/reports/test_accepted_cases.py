"""Whom a case supports stays as an accepted report counted it, until its period is opened."""

from datetime import date

import pytest

from best_portal.accounts.models import Role
from consultations.models import Consultation, SupportCase
from tests.factories import (
    YEAR,
    make_case,
    make_consultation,
    make_enterprise,
    make_user,
)
from tests.reports.acceptance import (
    DAY,
    FIRST,
    MID,
    accept_first_half,
    asking_grant,
    refused,
    told,
    told_of,
)

pytestmark = pytest.mark.django_db

AIMS = "consultations_locked_aims_stay"
PARTICIPANTS = "consultations_locked_participants_stay"


@pytest.fixture
def manager():
    return make_user(Role.MANAGER)


@pytest.fixture
def grant():
    return asking_grant()


def test_whom_a_case_supports_stays_as_its_consultations_were_counted(grant, manager):
    counted, later, open_one = (
        make_case(
            project=grant.project,
            organisation=make_enterprise(founded_on=date(YEAR - 2, 1, 1)),
            opened_on=FIRST,
            support_target=target,
        )
        for target in ("enterprise", "enterprise", "")
    )
    for case, day in ((counted, MID), (later, MID + DAY), (open_one, MID)):
        make_consultation(
            project=grant.project, organisation=case.organisation, case=case, held_on=day
        )
    lock = accept_first_half(grant).lock

    with told_of(lock):
        counted.aim_at("person", by=manager)
    with told_of(lock):
        open_one.aim_at("person", by=manager)
    with refused(AIMS):
        SupportCase.objects.filter(pk=counted.pk).update(support_target="person")
    # The enterprise was counted while it was open, too.
    open_one.aim_at("enterprise", by=manager)
    later.aim_at("person", by=manager)

    lock.lift(by=manager, reason="Es war die Person")
    counted.aim_at("person", by=manager)


def test_a_consultation_that_was_counted_goes_to_no_case_of_somebody_else(grant, manager):
    organisation = make_enterprise(founded_on=date(YEAR - 2, 1, 1))
    of_person, of_enterprise = (
        make_case(
            project=grant.project,
            organisation=organisation,
            opened_on=opened,
            support_target=target,
            **closed,
        )
        for target, opened, closed in (
            ("person", FIRST - 9 * DAY, {"closed_on": FIRST, "outcome": "gegründet"}),
            ("enterprise", FIRST + DAY, {}),
        )
    )
    counted, free, later = (
        make_consultation(project=grant.project, organisation=organisation, case=case, held_on=day)
        for case, day in ((of_enterprise, MID), (None, MID), (of_enterprise, MID + DAY))
    )
    mine = make_consultation(
        project=grant.project, organisation=organisation, case=of_person, held_on=MID
    )
    lock = accept_first_half(grant).lock

    for consultation, case in ((counted, of_person), (free, of_person), (mine, None)):
        with refused(AIMS):
            Consultation.objects.filter(pk=consultation.pk).update(case=case)
        fresh = Consultation.objects.get(pk=consultation.pk)
        with told_of(lock):
            fresh.amend(by=manager, revision=fresh.revision, case=case)
    with told(AIMS):
        of_person.withdraw(by=manager)
    # For the enterprise it was counted without a case, too; and the day after is open.
    free.amend(by=manager, revision=free.revision, case=of_enterprise)
    later.amend(by=manager, revision=later.revision, case=of_person)
    of_enterprise.withdraw(by=manager)

    lock.lift(by=manager, reason="Es war die Person")
    counted.amend(by=manager, revision=counted.revision, case=of_person)
    of_person.withdraw(by=manager)
