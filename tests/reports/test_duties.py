"""What a notice asks for: when each report is due, and what is still to be handed in."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.outbox.models import Letter
from reports import checks, duties
from reports.due import remind
from reports.models import Deadline, ReportDuty, Submission, SubmissionWay
from tests.factories import (
    let_out,
    make_draft,
    make_duty,
    make_grant,
    make_report,
    make_user,
)

pytestmark = pytest.mark.django_db


def refuses(name):
    return pytest.raises(IntegrityError, match=name)


def spans(duty):
    return list(duty.periods())


def test_years_are_those_of_the_calendar_and_the_last_one_belongs_to_the_final_report():
    grant = make_grant(
        starts_on=date(2024, 1, 1), early_start_on=date(2023, 12, 1), ends_on=date(2026, 6, 30)
    )

    assert spans(make_duty(grant=grant, rhythm="years", months=4)) == [
        (date(2023, 12, 1), date(2024, 12, 31), date(2025, 4, 30)),
        (date(2025, 1, 1), date(2025, 12, 31), date(2026, 4, 30)),
    ]
    assert spans(make_duty(grant=grant, kind="final", rhythm="end", months=6)) == [
        (date(2023, 12, 1), date(2026, 6, 30), date(2026, 12, 30))
    ]


def test_an_early_start_belongs_to_the_first_period_and_moves_none():
    grant = make_grant(
        starts_on=date(2024, 1, 1), early_start_on=date(2023, 12, 1), ends_on=date(2024, 12, 31)
    )

    found = spans(make_duty(grant=grant, kind="indicators", rhythm="months", every=6, months=1))

    assert found == [
        (date(2023, 12, 1), date(2024, 6, 30), date(2024, 7, 30)),
        (date(2024, 7, 1), date(2024, 12, 31), date(2025, 1, 31)),
    ]


def test_months_are_counted_from_the_first_day_so_that_none_drifts():
    grant = make_grant(starts_on=date(2024, 1, 31), ends_on=date(2024, 7, 15))

    found = spans(make_duty(grant=grant, kind="vouchers", rhythm="months", every=1, months=1))

    assert [starts_on for starts_on, _, _ in found] == [
        date(2024, 1, 31),
        date(2024, 2, 29),
        date(2024, 3, 31),
        date(2024, 4, 30),
        date(2024, 5, 31),
        date(2024, 6, 30),
    ]
    assert found[0][1:] == (date(2024, 2, 28), date(2024, 3, 28))
    assert found[-1][1] == date(2024, 7, 15)


@pytest.mark.parametrize("every", [1, 5, 7, 24])
def test_periods_cover_the_grant_without_gap_or_overlap(every):
    grant = make_grant(starts_on=date(2023, 8, 31), ends_on=date(2026, 3, 14))
    duty = make_duty(grant=grant, kind="status", rhythm="months", every=every)

    days = [
        starts_on + timedelta(days=number)
        for starts_on, ends_on, _ in duty.periods()
        for number in range((ends_on - starts_on).days + 1)
    ]

    whole = (grant.ends_on - grant.starts_on).days + 1
    assert days == [grant.starts_on + timedelta(days=number) for number in range(whole)]


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("reports_reportduty_kind_is_known", {"kind": "other"}),
        ("reports_reportduty_rhythm_has_its_months", {"rhythm": "months"}),
        ("reports_reportduty_rhythm_has_its_months", {"rhythm": "months", "every": 61}),
        ("reports_reportduty_rhythm_has_its_months", {"rhythm": "years", "every": 6}),
        ("reports_reportduty_rhythm_has_its_months", {"rhythm": "weekly"}),
        ("reports_reportduty_is_due_within_years", {"months": 61}),
    ],
)
def test_what_no_notice_says_the_database_refuses(name, fields):
    with refuses(name):
        make_duty(**fields)


def test_a_duty_is_recorded_once():
    duty = make_duty()
    with refuses("reports_reportduty_once"):
        make_duty(grant=duty.grant)


def grant_of_today():
    today = timezone.localdate()
    return make_grant(starts_on=date(today.year - 2, 1, 1), ends_on=date(today.year + 1, 12, 31))


def test_what_is_handed_in_is_done_and_a_release_is_not_enough(sign_in):
    today = timezone.localdate()
    grant = grant_of_today()
    make_duty(grant=grant, rhythm="years", months=0)
    first, second = duties.of_grants([grant], today)[:2]
    assert (first.is_done, first.is_overdue) == (False, True)

    manager = make_user(Role.MANAGER)
    for due in (first, second):
        report = make_report(grant=grant, starts_on=due.starts_on, ends_on=due.ends_on)
        version = let_out(make_draft(report=report))
        if due is first:
            Submission.objects.hand_in(
                version, by=manager, submitted_on=today, way=SubmissionWay.PORTAL
            )

    first, second = duties.of_grants([grant], today)[:2]
    assert (first.is_done, first.is_overdue) == (True, False)
    assert (second.is_done, second.is_overdue) == (False, True)
    assert [due.ends_on for due in duties.ahead(manager, today)][0] == second.ends_on
    # A correction that is released afterwards makes it no open duty again.
    let_out(make_draft(report=first.report))
    again = duties.of_grants([grant], today)[0]
    assert again.is_done
    # What it is in now stands beside it.
    page = sign_in(manager).get(grant.get_absolute_url()).content.decode()
    items = [each for each in page.split("agenda__item")[1:] if again.href in each]
    assert str(again.report.state_label) in items[0].split("</li>")[0]


def test_a_report_of_a_part_of_the_time_does_not_do():
    grant = grant_of_today()
    make_duty(grant=grant, rhythm="years")
    year = grant.starts_on.year
    make_report(grant=grant, starts_on=date(year, 7, 1), ends_on=date(year, 12, 31))

    assert duties.of_grants([grant], timezone.localdate())[0].report is None


def test_the_page_of_a_new_report_offers_what_is_asked_for_first(sign_in):
    grant = grant_of_today()
    make_duty(grant=grant, kind="vouchers", rhythm="years", months=2)
    preset = checks.presets(grant, timezone.localdate())[0]
    page = sign_in(make_user(Role.MANAGER))

    form = page.get(reverse("reports:new_for", args=[grant.ref]), {"zeitraum": preset.key}).context[
        "form"
    ]

    year = grant.starts_on.year
    assert (form["kind"].initial, form["starts_on"].initial, form["ends_on"].initial) == (
        "vouchers",
        date(year, 1, 1),
        date(year, 12, 31),
    )
    assert f'zeitraum={preset.key}"' in page.get(grant.get_absolute_url()).text


def test_an_overdue_report_stands_on_the_desks_of_manager_and_funder(sign_in):
    grant = grant_of_today()
    make_duty(grant=grant, rhythm="years", months=1)
    due = duties.of_grants([grant], timezone.localdate())[0]
    officer = make_user(Role.FUNDER)
    grant.programme.officers.add(officer)

    for user, name in ((make_user(Role.MANAGER), "home"), (officer, "reports:list")):
        text = sign_in(user).get(reverse(name)).text
        assert f"{due.due_on:%d.%m.%Y}" in text
        assert "überfällig" in text


def test_each_manager_is_told_once_before_and_once_after_the_day():
    manager, grant = make_user(Role.MANAGER), grant_of_today()
    make_duty(grant=grant, rhythm="years", months=3)
    due = duties.of_grants([grant], timezone.localdate())[0]

    for days in (-15, -14, -3, 0, 1, 2, 31, 32):
        remind(due.due_on + timedelta(days=days))

    letters = Letter.objects.filter(recipient=manager.email).order_by("pk")
    assert [letter.key for letter in letters] == [
        f"{due.key}:{due.due_on}:{manager.pk}",
        f"{due.key}:{due.due_on}:overdue:{manager.pk}",
    ]
    assert all(due.title in letter.text for letter in letters)


def test_other_dates_are_no_report_and_are_never_overdue():
    grant = grant_of_today()
    today = timezone.localdate()
    Deadline.objects.create(grant=grant, title="Mittelabruf", due_on=today - timedelta(days=1))

    [due] = duties.of_grants([grant], today)

    assert (due.title, due.is_report, due.is_overdue) == ("Mittelabruf", False, False)
    assert duties.ahead(make_user(Role.MANAGER), today) == []


def test_many_duties_cost_no_more_queries(django_assert_num_queries):
    grants = [grant_of_today() for _ in range(3)]
    for grant in grants:
        make_duty(grant=grant, rhythm="years")
        make_duty(grant=grant, kind="final", rhythm="end")

    with django_assert_num_queries(4):
        found = duties.of_grants(grants, timezone.localdate())
        assert [due.is_done for due in found]

    assert ReportDuty.objects.count() == 6
