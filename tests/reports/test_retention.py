"""How long the papers of a grant are kept: by its notice, by the EU's rule, by the aid under it."""

from datetime import date

import pytest
from django.utils import timezone

from best_portal.accounts.models import Role
from reports import retention
from reports.models import AccountingRule, PaymentRequest, Submission, SubmissionWay
from tests.factories import let_out, make_draft, make_grant, make_report, make_user

pytestmark = pytest.mark.django_db


def hand_in_final(grant):
    """Today, as nothing can be handed in on another day here."""
    version = let_out(make_draft(report=make_report(grant=grant, kind="final")))
    Submission.objects.hand_in(
        version,
        by=make_user(Role.MANAGER),
        submitted_on=timezone.localdate(),
        way=SubmissionWay.PORTAL,
    )


def years_from_now(years):
    """The same day so many years later; 28 February where there is no 29th."""
    today = timezone.localdate()
    day = 28 if (today.month, today.day) == (2, 29) else today.day
    return date(today.year + years, today.month, day)


def pay(grant, on):
    manager = make_user(Role.MANAGER)
    asked = PaymentRequest.objects.request(
        by=manager,
        grant=grant,
        starts_on=grant.starts_on,
        ends_on=grant.starts_on,
        amount=100,
        requested_on=grant.starts_on,
    )
    asked.note_paid(by=manager, paid_on=on, paid_amount=100)


def days(grant):
    return [rule.until for rule in retention.rules_of(grant)]


def kept_until(grant):
    return retention.last_day(retention.rules_of(grant))


def test_the_notice_counts_from_the_day_the_final_report_is_handed_in():
    grant = make_grant(keep_years=5, keep_note="Bescheid Nr. 7")
    grant.programme.fund.code = "LAND"
    grant.programme.fund.save()
    assert (days(grant), kept_until(grant)) == ([None], None)

    hand_in_final(grant)

    assert kept_until(grant) == years_from_now(5)


def test_the_rule_of_the_union_counts_from_the_end_of_the_year_of_the_last_payment():
    grant = make_grant(starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31))
    assert days(grant) == [None]
    pay(grant, date(2026, 3, 12))
    assert days(grant) == [None], "another payment may still come"

    hand_in_final(grant)

    # The example of the rule: paid on 12.03.2026, kept until 31.12.2031.
    assert days(grant) == [date(2031, 12, 31)]


def test_the_last_of_all_rules_counts():
    grant = make_grant(
        starts_on=date(2025, 1, 1),
        ends_on=date(2025, 12, 31),
        keep_years=10,
        keep_note="Bescheid Nr. 7",
    )
    pay(grant, date(2026, 3, 12))
    hand_in_final(grant)

    assert sorted(days(grant)) == [date(2031, 12, 31), years_from_now(10)]
    assert kept_until(grant) == years_from_now(10)


def test_a_rule_holds_for_the_grants_of_its_time():
    grant = make_grant(starts_on=date(2005, 1, 1), ends_on=date(2006, 12, 31))

    assert retention.rules_of(grant) == []
    assert AccountingRule.objects.get(key="keeping").value == 5


def test_the_manager_reads_it_on_the_page_of_the_grant_and_the_funder_does_not(sign_in):
    grant = make_grant(keep_years=5, keep_note="Bescheid Nr. 7")
    funder = make_user(Role.FUNDER)
    grant.programme.officers.add(funder)

    shown = sign_in(make_user(Role.MANAGER)).get(grant.get_absolute_url()).text

    assert "Bescheid Nr. 7" in shown
    assert "sobald der Verwendungsnachweis eingereicht ist" in shown
    assert "Bescheid Nr. 7" not in sign_in(funder).get(grant.get_absolute_url()).text
