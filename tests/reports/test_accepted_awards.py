"""Awards and things of an accepted report stay as it counted them until its period is opened."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils.html import escape

from best_portal.accounts.models import Role
from best_portal.db import TRIGGERS
from enterprises.models import Merge
from reports.models import EnterpriseAward, InventoryItem
from tests.factories import (
    YEAR,
    make_enterprise,
    make_enterprise_award,
    make_grant,
    make_thing,
    make_user,
)
from tests.reports.acceptance import DAY, FIRST, LAST, MID, accept_first_half, refused, told

pytestmark = pytest.mark.django_db

D = Decimal
AWARDS = "reports_accepted_awards_stay"
THINGS = "reports_accepted_inventory_stays"


@pytest.fixture
def manager():
    return make_user(Role.MANAGER)


@pytest.fixture
def grant():
    return make_grant(starts_on=FIRST, ends_on=LAST)


def new_enterprise():
    return make_enterprise(founded_on=date(YEAR - 2, 1, 1))


# --- awards ---


def test_no_award_comes_into_an_accepted_period(grant, manager):
    lock = accept_first_half(grant).lock

    for days in (
        {"granted_on": MID},
        {"granted_on": FIRST - DAY, "completed_on": FIRST},
        {"granted_on": MID + DAY, "private_amount": D(5), "confirmed_on": MID},
    ):
        with refused(AWARDS):
            make_enterprise_award(grant=grant, **days)
    # After it, and of another grant of the same project, all is as ever.
    make_enterprise_award(grant=grant, granted_on=MID + DAY)
    make_enterprise_award(grant=make_grant(project=grant.project), granted_on=MID)

    lock.lift(by=manager, reason="Förderung vergessen")
    make_enterprise_award(grant=grant, granted_on=MID)


def test_an_award_that_was_counted_stays(grant, manager):
    counted = make_enterprise_award(
        grant=grant, organisation=new_enterprise(), completed_on=MID, private_amount=D(500)
    )
    later = make_enterprise_award(grant=grant, granted_on=MID + DAY)
    binned = make_enterprise_award(grant=grant)
    binned.withdraw(by=manager)
    lock = accept_first_half(grant).lock
    rows = EnterpriseAward.objects

    for pk, change in [
        (counted.pk, {"amount": D(1)}),
        (counted.pk, {"private_amount": D(501)}),
        (counted.pk, {"private_amount": None}),
        (counted.pk, {"kind": "instrument"}),
        (counted.pk, {"organisation": new_enterprise()}),
        (counted.pk, {"grant": make_grant()}),
        (counted.pk, {"granted_on": FIRST + DAY}),
        (counted.pk, {"completed_on": MID + DAY}),
        (counted.pk, {"completed_on": None}),
        (counted.pk, {"confirmed_on": MID + DAY}),
        (later.pk, {"granted_on": MID}),
    ]:
        with refused(AWARDS):
            rows.filter(pk=pk).update(**change)
    with refused(AWARDS):
        counted.delete()
    with told(AWARDS):
        counted.withdraw(by=manager)
    with told(AWARDS):
        binned.restore(by=manager)
    # What no figure counts, and what comes after the period.
    rows.filter(pk=counted.pk).update(proof="Bescheid, Blatt 2", confirmed_by="Max Muster")
    rows.filter(pk=later.pk).update(amount=D(1))
    binned.purge()

    lock.lift(by=manager, reason="Betrag falsch")
    rows.filter(pk=counted.pk).update(private_amount=D(501))
    counted.withdraw(by=manager)


def test_an_award_may_be_completed_after_the_period_it_was_granted_in(grant):
    award = make_enterprise_award(grant=grant)
    accept_first_half(grant)
    mine = EnterpriseAward.objects.filter(pk=award.pk)

    with refused(AWARDS):
        mine.update(completed_on=MID)
    after = MID + DAY
    mine.update(completed_on=after, private_amount=D(5), confirmed_on=after, confirmed_by="Muster")


def test_two_enterprises_with_awards_may_still_be_merged(grant, manager):
    one, other = new_enterprise(), new_enterprise()
    award = make_enterprise_award(grant=grant, organisation=one, completed_on=MID)
    accept_first_half(grant)

    merge = Merge.objects.merge(one, other, by=manager)
    award.refresh_from_db()
    assert award.organisation_id == other.pk
    merge.undo(by=manager)
    award.refresh_from_db()
    assert award.organisation_id == one.pk


# --- the inventory ---


def test_a_thing_of_an_accepted_period_stays(grant, manager):
    thing, later = make_thing(grant=grant, bought_on=MID), make_thing(grant=grant, bought_on=LAST)
    gone = make_thing(grant=grant, gone_on=MID, gone_because="gestohlen")
    lock = accept_first_half(grant).lock
    rows = InventoryItem.objects

    for pk, change in [
        (thing.pk, {"name": "Muster-Drucker"}),
        (thing.pk, {"price": D(1)}),
        (thing.pk, {"bought_on": MID + DAY}),
        (thing.pk, {"gone_on": MID, "gone_because": "gestohlen"}),
        (gone.pk, {"gone_on": None, "gone_because": ""}),
        (gone.pk, {"gone_because": "verschenkt"}),
        (later.pk, {"bought_on": MID}),
    ]:
        with refused(THINGS):
            rows.filter(pk=pk).update(**change)
    for day in (FIRST - DAY, FIRST, MID):
        with refused(THINGS):
            make_thing(grant=grant, bought_on=day)
    with refused(THINGS):
        thing.delete()
    with told(THINGS):
        thing.withdraw(by=manager)
    # Where it is, what became of it later, and what was bought later.
    rows.filter(pk=thing.pk).update(
        place="Büro 2", mark="7", gone_on=MID + DAY, gone_because="defekt"
    )
    rows.filter(pk=later.pk).update(price=D(1))
    later.withdraw(by=manager)
    make_thing(grant=make_grant(project=grant.project), bought_on=MID)

    lock.lift(by=manager, reason="Preis falsch")
    rows.filter(pk=thing.pk).update(price=D(1))
    make_thing(grant=grant, bought_on=FIRST)


# --- pages ---


def test_the_forms_say_why_they_are_refused(sign_in, grant, manager):
    award = make_enterprise_award(grant=grant, completed_on=MID)
    thing = make_thing(grant=grant)
    accept_first_half(grant)
    client = sign_in(manager)

    for name, address, answers in [
        (
            AWARDS,
            reverse("reports:enterprise_award", args=[grant.ref, award.pk]),
            {
                "organisation": award.organisation_id,
                "kind": award.kind,
                "granted_on": award.granted_on.isoformat(),
                "amount": "1,00",
                "completed_on": MID.isoformat(),
                "proof": award.proof,
            },
        ),
        (AWARDS, reverse("bin:put", args=[award.bin_name, award.pk]), {}),
        (
            THINGS,
            reverse("reports:thing", args=[grant.ref, thing.pk]),
            {"name": thing.name, "bought_on": thing.bought_on.isoformat(), "price": "1,00"},
        ),
    ]:
        answer = client.post(address, answers, follow=True)
        assert escape(str(TRIGGERS[name])) in answer.content.decode(), address
