"""De minimis aid: what an hour is worth, whom it is granted to, and the ceiling of three years."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from reports.models import Declaration, DeMinimisAward, headroom, working_days_after
from tests.factories import (
    make_aid_grant,
    make_award,
    make_case,
    make_consultation,
    make_declaration,
    make_enterprise,
    make_founder,
    make_grant,
    make_organisation,
    make_rule,
    make_undertaking,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

DAY = date(2026, 6, 15)
EARLIER = DAY - timedelta(days=100)
THREE_YEARS_AGO = date(2023, 6, 15)
CENT = Decimal("0.01")


def enterprise(*aids, **fields):
    """Founded in 2020, with a declaration that names these aids."""
    organisation = make_enterprise(**{"founded_on": date(2020, 1, 1)} | fields)
    make_declaration(*aids, organisation=organisation, signed_on=DAY)
    return organisation


def session(grant, organisation, **fields):
    fields.setdefault("held_on", DAY)
    return make_consultation(project=grant.project, organisation=organisation, **fields)


def award(grant, organisation, *, fee=0, **fields):
    return DeMinimisAward.objects.award(
        session(grant, organisation, **fields), grant=grant, by=make_user(), fee=Decimal(fee)
    )


# --- what an award is ---


def test_an_award_is_hours_times_rate_less_the_fee():
    grant, organisation = make_aid_grant("61.35"), enterprise(address="Musterweg 1")

    granted = award(grant, organisation, minutes=90, fee="10.00")

    granted.refresh_from_db()
    assert granted.amount == Decimal("82.03")  # 92.025 half up, less 10
    assert (granted.minutes, granted.rate, granted.granted_on) == (90, Decimal("61.35"), DAY)
    assert granted.recipient == f"{organisation.name}, Musterweg 1"
    assert granted.retain_until == date(2036, 6, 15)
    assert Event.objects.about(granted).get().verb == "deminimisaward.granted"


@pytest.mark.parametrize(
    ("minutes", "rate", "amount"),
    [(1, "0.30", "0.01"), (1, "0.90", "0.02"), (1, "0.29", None), (45, "33.34", "25.01")],
)
def test_half_a_cent_is_rounded_up(minutes, rate, amount):
    grant, organisation = make_aid_grant(rate), enterprise()

    if amount is None:
        with pytest.raises(ValidationError, match="no aid"):
            award(grant, organisation, minutes=minutes)
    else:
        assert award(grant, organisation, minutes=minutes).amount == Decimal(amount)


def test_the_rate_is_that_of_the_day():
    grant, organisation = make_aid_grant("50.00"), enterprise()
    grant.aid_rates.update(until=DAY - timedelta(days=1))
    grant.aid_rates.create(rate=70, since=DAY, source="Neue Kalkulation")

    assert award(grant, organisation, held_on=DAY - timedelta(days=1)).rate == 50
    assert award(grant, organisation).rate == 70


def test_a_consultation_is_granted_once_however_often_asked():
    grant, organisation = make_aid_grant(), enterprise()
    held = session(grant, organisation)
    by = make_user()

    first = DeMinimisAward.objects.award(held, grant=grant, by=by)

    assert DeMinimisAward.objects.award(held, grant=grant, by=by) == first
    assert DeMinimisAward.objects.count() == 1


def test_what_was_revoked_counts_no_more_and_may_be_granted_anew():
    grant, organisation, by = make_aid_grant(), enterprise(), make_user(Role.MANAGER)
    held = session(grant, organisation)
    granted = DeMinimisAward.objects.award(held, grant=grant, by=by)

    granted.revoke(by=by, because="Falsche Stunde")

    assert headroom(organisation, DAY) == 300_000
    with pytest.raises(ValidationError, match="revoked already"):
        granted.revoke(by=by, because="Noch einmal")
    assert DeMinimisAward.objects.award(held, grant=grant, by=by) != granted


def test_revoking_asks_for_a_reason():
    granted = make_award()

    with pytest.raises(ValidationError, match="why"):
        granted.revoke(by=make_user(), because="  ")


# --- what is no aid ---


def test_advice_before_the_founding_is_no_aid():
    grant = make_aid_grant()
    organisation = enterprise(founded_on=DAY)

    with pytest.raises(ValidationError, match="not founded yet"):
        award(grant, organisation, held_on=DAY - timedelta(days=1))
    assert award(grant, organisation, held_on=DAY).amount == 60


def test_a_founding_initiative_gets_no_aid():
    with pytest.raises(ValidationError, match="not founded yet"):
        award(make_aid_grant(), make_organisation())


def test_a_withdrawn_consultation_is_no_aid():
    grant, organisation = make_aid_grant(), enterprise()
    held = session(grant, organisation)
    held.withdraw(by=make_user())

    with pytest.raises(ValidationError, match="withdrawn"):
        DeMinimisAward.objects.award(held, grant=grant, by=make_user())
    assert DeMinimisAward.objects.waiting(organisation, grant, DAY, DAY) == []


def test_training_is_no_aid_to_one_enterprise():
    with pytest.raises(ValidationError, match="Training"):
        award(make_aid_grant(), enterprise(), kind="training")


@pytest.mark.parametrize(("target", "is_aid"), [("person", False), ("enterprise", True)])
def test_support_of_the_person_is_no_aid_to_an_enterprise(target, is_aid):
    grant, organisation = make_aid_grant(), enterprise()
    case = make_case(project=grant.project, organisation=organisation, support_target=target)

    if is_aid:
        assert award(grant, organisation, case=case).amount == 60
    else:
        with pytest.raises(ValidationError, match="for the person"):
            award(grant, organisation, case=case)
        # A deleted case says nothing any more, here as in the figures.
        case.withdraw(by=make_user())
        assert award(grant, organisation, case=case).amount == 60


@pytest.mark.parametrize("basis", ["none", "agvo"])
def test_only_grants_with_that_basis_give_de_minimis_aid(basis):
    grant = make_aid_grant()
    type(grant).objects.update(aid_basis=basis)
    grant.refresh_from_db()

    with pytest.raises(ValidationError, match="does not give"):
        award(grant, enterprise())


def test_a_grant_gives_aid_for_its_own_project_and_time():
    grant, organisation = make_aid_grant(), enterprise()
    foreign = make_consultation(organisation=organisation)

    with pytest.raises(ValidationError, match="does not pay"):
        DeMinimisAward.objects.award(foreign, grant=grant, by=make_user())
    grant.ends_on = DAY - timedelta(days=1)
    with pytest.raises(ValidationError, match="does not pay"):
        award(grant, organisation)


def test_a_fee_that_covers_the_value_leaves_no_aid():
    with pytest.raises(ValidationError, match="covers"):
        award(make_aid_grant(), enterprise(), fee="60.00")


def test_without_rule_rate_or_declaration_there_is_no_aid():
    grant, organisation = make_aid_grant(), enterprise()

    with pytest.raises(ValidationError, match="No de minimis rule"):
        award(grant, organisation, held_on=date(2023, 12, 31))
    with pytest.raises(ValidationError, match="no de minimis declaration"):
        award(grant, make_enterprise(founded_on=date(2020, 1, 1)))
    grant.aid_rates.all().delete()
    with pytest.raises(ValidationError, match="no value of an hour"):
        award(grant, organisation)


# --- the ceiling ---


@pytest.mark.parametrize(("known", "fits"), [("299940.00", True), ("299940.01", False)])
def test_the_ceiling_may_be_reached_and_not_passed(known, fits):
    grant, organisation = make_aid_grant(), enterprise((EARLIER, known))

    if fits:
        assert award(grant, organisation).amount == 60
        assert headroom(organisation, DAY) == 0
    else:
        with pytest.raises(ValidationError, match="59.99 EUR are left. Nothing of it"):
            award(grant, organisation)
        assert not DeMinimisAward.objects.exists()


@pytest.mark.parametrize(
    ("day", "counts"),
    [(THREE_YEARS_AGO, False), (THREE_YEARS_AGO + timedelta(days=1), True), (DAY, True)],
)
def test_aid_of_exactly_three_years_ago_counts_no_more(day, counts):
    organisation = enterprise((day, "300000.00"))

    assert headroom(organisation, DAY) == (0 if counts else 300_000)


@pytest.mark.parametrize(
    ("day", "on", "counts"),
    [
        (date(2024, 2, 29), date(2027, 2, 28), True),
        (date(2024, 2, 29), date(2027, 3, 1), False),
        (date(2025, 2, 28), date(2028, 2, 28), False),
        (date(2025, 2, 28), date(2028, 2, 29), False),
        (date(2025, 3, 1), date(2028, 2, 29), True),
    ],
)
def test_the_window_on_leap_days(day, on, counts):
    organisation = enterprise((day, "1.00"))

    account = DeMinimisAward.objects.account(organisation, on)

    assert bool(account.counted) == counts
    if counts:
        [(out, amount)] = account.falls_out
        assert (amount, out > on) == (1, True)
        assert not DeMinimisAward.objects.account(organisation, out).counted


def test_sister_firms_are_one_undertaking():
    grant = make_aid_grant()
    first = enterprise((EARLIER, "180000.00"))
    second = enterprise((EARLIER, "119970.00"))
    award(grant, second, minutes=1)
    undertaking = make_undertaking(first, second)

    with pytest.raises(ValidationError, match="ceiling"):
        award(grant, second)

    assert headroom(first, DAY) == headroom(second, DAY) == 29
    undertaking.members.update(until=DAY - timedelta(days=1))
    assert award(grant, second).amount == 60


def test_180_000_and_130_000_of_sister_firms_leave_no_room():
    first, second = enterprise((EARLIER, "180000.00")), enterprise((EARLIER, "130000.00"))
    assert headroom(second, DAY) == 170_000

    make_undertaking(first, second)

    assert headroom(second, DAY) == 0
    with pytest.raises(ValidationError, match="0.00 EUR are left"):
        award(make_aid_grant(), second)


def test_an_award_noted_late_leaves_the_ceiling_of_later_days():
    grant = make_aid_grant()
    organisation = enterprise((DAY, "300000.00"))

    with pytest.raises(ValidationError, match="0.00 EUR are left"):
        award(grant, organisation, held_on=EARLIER)


def test_a_day_without_a_rule_has_no_headroom():
    make_rule()

    assert headroom(make_enterprise(), date(2031, 1, 1)) is None


# --- a period ---


def test_a_period_is_granted_as_a_whole():
    grant, organisation = make_aid_grant(), enterprise()
    for day in (1, 2, 3):
        session(grant, organisation, held_on=DAY + timedelta(days=day))
    session(grant, organisation, kind="training")

    def grant_it():
        return DeMinimisAward.objects.award_period(
            organisation,
            grant=grant,
            first_day=DAY,
            last_day=DAY + timedelta(days=2),
            by=make_user(),
        )

    assert [each.granted_on.day for each in grant_it()] == [16, 17]
    assert grant_it() == []
    assert DeMinimisAward.objects.count() == 2


def test_a_period_without_room_for_all_is_refused_as_a_whole():
    grant, organisation = make_aid_grant(), enterprise((EARLIER, "299880.00"))
    for day in (0, 1, 2):
        session(grant, organisation, held_on=DAY + timedelta(days=day))

    with pytest.raises(ValidationError, match="17"):
        DeMinimisAward.objects.award_period(
            organisation, grant=grant, first_day=DAY, last_day=date(2026, 6, 30), by=make_user()
        )
    assert not DeMinimisAward.objects.exists()


def test_a_fee_belongs_to_one_consultation():
    grant, organisation = make_aid_grant(), enterprise()
    session(grant, organisation)

    def grant_it(fee):
        return DeMinimisAward.objects.award_period(
            organisation, grant=grant, first_day=DAY, last_day=DAY, by=make_user(), fee=fee
        )

    session(grant, organisation)
    with pytest.raises(ValidationError, match="one consultation"):
        grant_it(Decimal(10))
    assert len(grant_it(Decimal(0))) == 2


# --- declarations ---


def declare(organisation, *aids, **fields):
    fields = {"signed_on": DAY, "signed_by": "Maria Muster"} | fields
    rows = [
        {"granted_on": day, "giver": "Amt", "reference": reference, "amount": value, "value": value}
        for day, value, reference in aids
    ]
    return Declaration.objects.record(
        by=make_user(), organisation=organisation, aids=rows, **fields
    )


def test_the_newest_declaration_counts_for_the_time_it_speaks_for():
    make_rule()
    organisation = make_enterprise()
    declare(organisation, (date(2023, 1, 2), 7, ""), (EARLIER, 100, ""), signed_on=EARLIER)

    declare(organisation, (EARLIER, 40, ""))

    assert headroom(organisation, DAY) == 300_000 - 40
    # What is older than the newest speaks for is still known from the one before.
    assert DeMinimisAward.objects.account(organisation, date(2025, 1, 1)).used == 7


def test_equal_lines_of_linked_organisations_count_once():
    make_rule()
    first, second = make_enterprise(), make_enterprise()
    make_undertaking(first, second)
    declare(first, (EARLIER, 100, "Az. 1"), (EARLIER, 5, ""))
    declare(second, (EARLIER, 100, "az. 1"), (EARLIER, 5, ""))

    assert headroom(first, DAY) == 300_000 - 100 - 5 - 5


def test_two_equal_lines_of_one_declaration_are_two_aids():
    make_rule()
    organisation = make_enterprise()

    declare(organisation, (EARLIER, 100, "Az. 1"), (EARLIER, 100, "Az. 1"))

    assert headroom(organisation, DAY) == 300_000 - 200


def test_what_is_only_applied_for_does_not_count():
    make_rule()
    organisation = make_enterprise()

    declare(organisation, (None, 100, ""))

    assert headroom(organisation, DAY) == 300_000


def test_a_declaration_is_of_a_day_that_has_come():
    organisation = make_enterprise()

    with pytest.raises(ValidationError, match="once it is signed"):
        declare(organisation, signed_on=timezone.localdate() + timedelta(days=1))
    with pytest.raises(ValidationError, match="after the signature"):
        declare(organisation, (DAY + timedelta(days=1), 1, ""))
    with pytest.raises(ValidationError, match="who signed"):
        declare(organisation, signed_by="")


# --- the register ---


@pytest.mark.parametrize(
    ("day", "due"),
    [
        # 8 March 2027 is a Monday: a holiday in Berlin, a working day in the register.
        (date(2027, 2, 26), date(2027, 3, 30)),
        (date(2026, 4, 2), date(2026, 5, 5)),
        (date(2026, 12, 24), date(2027, 1, 25)),
    ],
)
def test_the_register_knows_within_twenty_working_days(day, due):
    assert working_days_after(day, 20) == due


def test_aid_of_before_the_register_is_not_entered():
    grant, organisation = make_aid_grant(), enterprise()

    assert award(grant, organisation, held_on=date(2025, 12, 31)).register_due_on is None
    assert award(grant, organisation, held_on=date(2026, 1, 2)).register_due_on == date(2026, 1, 30)


def test_an_award_is_entered_once():
    granted = make_award(granted_on=DAY)

    granted.register(by=make_user())

    assert not DeMinimisAward.objects.to_register().exists()
    assert DeMinimisAward.objects.registered().get().registered_on == timezone.localdate()
    with pytest.raises(ValidationError, match="not waiting"):
        granted.register(by=make_user())


# --- who sees it ---


def test_awards_and_declarations_are_the_staffs_and_the_own_founders():
    granted = make_award()
    make_declaration(organisation=granted.organisation)
    own, foreign = make_founder(granted.organisation), make_founder(make_enterprise())

    for user, sees in [
        (make_user(), True),
        (make_user(Role.MANAGER), True),
        (own, True),
        (foreign, False),
        (make_user(Role.FUNDER), False),
        (make_user(Role.EVALUATOR), False),
    ]:
        assert DeMinimisAward.objects.visible_to(user).exists() == sees, user.role
        assert Declaration.objects.visible_to(user).exists() == sees, user.role


def test_accounts_of_many_cost_no_more_questions(django_assert_num_queries):
    for _each in range(3):
        make_award(grant=make_aid_grant())
    organisations = [each.organisation for each in DeMinimisAward.objects.for_list()]

    with django_assert_num_queries(4):
        assert len(DeMinimisAward.objects.accounts(organisations, DAY)) == 3


def test_a_grant_without_basis_offers_nothing():
    organisation = enterprise()
    grant = make_grant()
    session(grant, organisation, held_on=grant.starts_on)

    assert not type(grant).objects.giving_aid_to(organisation).exists()
