"""The manager's desk, the task list of a grant, own indicators: against figures counted by hand."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from reports.models import Acceptance, AidBasis, Grant, Indicator, IndicatorSet
from reports.setting_up import tasks
from reports.steering import desk_of, forecast, hours_by_project, part_over, percent_of
from tests.factories import (
    YEAR,
    make_consultation,
    make_grant,
    make_indicator,
    make_officer,
    make_plan_line,
    make_project,
    make_report,
    make_submitted,
    make_target,
    make_user,
    make_voucher,
)

pytestmark = pytest.mark.django_db


# --- forecasts ---


def test_what_is_not_measured_has_no_forecast_and_is_neither_behind_nor_missed():
    grant = make_grant()
    make_target(
        grant=grant,
        indicator=make_indicator(rule="not_measured"),
        value=Decimal(5),
        milestone=Decimal(1),
        milestone_on=grant.starts_on,
    )

    [course] = desk_of(grant, grant.ends_on).courses

    assert (course.value, course.forecast, course.percent) == (None, None, None)
    assert (course.is_behind, course.milestone_is_missed) == (None, False)


def test_a_target_of_which_nothing_is_measured_is_no_missing_target(manager):
    today = timezone.localdate()
    grant = make_grant(starts_on=date(today.year, 1, 1), ends_on=date(today.year, 12, 31))
    make_target(grant=grant, indicator=make_indicator(rule="not_measured"), value=Decimal(5))

    page = manager.get(reverse("reports:steering"))

    assert "noch nichts erhoben" in page.text
    assert "kein Zielwert" not in page.text


@pytest.mark.parametrize(
    ("today", "part"),
    [
        (date(2024, 12, 31), 0),
        (date(2025, 1, 1), Decimal(1) / 365),
        (date(2025, 12, 31), 1),
        (date(2026, 5, 1), 1),
    ],
)
def test_how_much_of_the_time_is_over(today, part):
    assert part_over(date(2025, 1, 1), date(2025, 12, 31), today) == part


def test_a_forecast_goes_on_at_the_present_pace():
    assert forecast(Decimal(6), Decimal("0.25")) == 24
    assert forecast(Decimal(6), Decimal(0)) is None
    assert percent_of(Decimal(1), Decimal(3)) == Decimal("33.3")
    assert percent_of(Decimal(1), None) is None


def test_targets_and_money_of_a_grant_after_a_quarter_of_its_time():
    project = make_project(starts_on=date(2025, 1, 1), ends_on=date(2028, 12, 31))
    grant = make_grant(project=project)
    make_target(
        grant=grant,
        indicator=make_indicator(),
        value=10,
        milestone=3,
        milestone_on=date(2025, 12, 1),
    )
    line = make_plan_line(grant=grant, planned=Decimal("1000.00"))
    make_voucher(line=line, paid_on=date(2025, 6, 1), amount=300, eligible=300)
    for month in (2, 3):
        make_consultation(project=project, held_on=date(2025, month, 1))

    desk = desk_of(grant, date(2025, 12, 31))

    [course], [spending] = desk.courses, desk.spendings
    # 365 of 1,461 days: 2 become 8.005…, 300 become 1,200.82.
    assert (course.value, course.forecast, course.percent) == (2, 8, Decimal("20.0"))
    assert course.is_behind
    assert course.milestone_is_missed
    assert desk.behind == [course]
    assert (spending.percent, spending.forecast) == (Decimal("30.0"), Decimal("1200.82"))


def test_hours_are_those_of_this_year():
    manager, today = make_user(Role.MANAGER), timezone.localdate()
    project = make_project(starts_on=today - timedelta(days=800), ends_on=today)
    make_consultation(project=project, held_on=today, minutes=90)
    make_consultation(project=project, held_on=today.replace(month=1, day=1), minutes=30)
    make_consultation(project=project, held_on=today - timedelta(days=400), minutes=45)

    assert (project, 120, 0) in hours_by_project(manager, today)


def test_the_desk_shows_what_runs(manager):
    today = timezone.localdate()
    project = make_project(starts_on=today - timedelta(days=9), ends_on=today + timedelta(days=9))
    grant = make_grant(project=project)
    make_target(grant=grant, value=5)
    over = make_grant(project=make_project(starts_on=date(YEAR, 1, 1), ends_on=date(YEAR, 12, 31)))
    make_report(grant=grant)

    page = manager.get(reverse("reports:steering"))

    assert [desk.grant for desk in page.context["steering"].desks] == [grant]
    assert [row[0].grant for row in page.context["quality"]] == [grant]
    assert over.reference not in page.content.decode()
    assert reverse("reports:steering") in manager.get("/").content.decode()


def test_a_grant_is_steered_until_it_is_accounted_for():
    """From an early start on, while bills may be paid, and until its final report is accepted."""
    today, day = date(2026, 6, 1), timedelta(days=1)
    over = {"starts_on": today - 900 * day, "ends_on": today - 500 * day}
    ahead = {"starts_on": today + 9 * day, "ends_on": today + 90 * day}
    dates = {
        "ahead": ahead,
        "early": ahead | {"early_start_on": today},
        "runs": {"starts_on": today, "ends_on": today},
        "over": {"starts_on": today - 90 * day, "ends_on": today - day},
        "long over": over,
        "paying": over | {"pay_until": today},
    }
    grants = {name: make_grant(title=name, **days) for name, days in dates.items()}

    def steered():
        return set(Grant.objects.being_accounted_on(today).values_list("title", flat=True))

    assert steered() == {"early", "runs", "over", "paying"}
    version = make_submitted(report=make_report(grant=grants["over"], kind="final"))
    Acceptance.objects.accept(version, by=make_officer(version))
    assert steered() == {"early", "runs", "paying"}


# --- setting up ---


def missing(grant):
    return {each.title for each in tasks(grant) if not each.is_done and not each.is_optional}


def test_an_empty_grant_misses_almost_everything_and_a_whole_one_nothing():
    grant = make_grant()
    assert len(missing(grant)) == 7

    grant.programme.officers.add(make_user(Role.FUNDER))
    grant.notices.create(issued_on=date(YEAR, 1, 1), reference="-", amount=grant.amount)
    grant.deadlines.create(title="Nachweis", due_on=date(YEAR + 1, 2, 1))
    make_target(grant=grant)
    make_plan_line(grant=grant, kind="income", origin="grant", planned=grant.amount)
    make_plan_line(grant=grant, planned=Decimal(90))
    grant.logos = [{"kind": "text"}]
    grant.thresholds.create(key="keeping", value=5, source="Bescheid")
    assert len(missing(grant)) == 1

    grant.plan_lines.filter(kind="expense").update(planned=grant.amount)
    assert missing(grant) == set()

    grant.aid_basis = AidBasis.DE_MINIMIS
    assert len(missing(grant)) == 1


def test_every_task_leads_to_a_part_of_a_form(manager):
    grant = make_grant(aid_basis=AidBasis.DE_MINIMIS)

    page = manager.get(reverse("reports:set_up", args=[grant.ref]))

    for task in page.context["tasks"]:
        address, _hash, part = task.href.partition("#")
        form = manager.get(address).content.decode()
        assert not part or f'id="{part}"' in form


def test_a_logo_keeps_the_text_that_is_read_aloud(manager):
    from reports.forms.grants import LogosField

    field = LogosField()
    typed = "EU: Kofinanziert | Das Emblem\nLand Berlin\nBezirk | Wappen des Bezirks"

    logos = field.clean(typed)

    assert [logo["alt"] for logo in logos] == [
        "Das Emblem",
        "Platzhalter für das Logo: Land Berlin",
        "Wappen des Bezirks",
    ]
    assert field.prepare_value(logos) == typed


# --- own indicators ---


def introduce(**fields):
    values = {
        "code": "BEST-NEU",
        "name": "Neues",
        "unit": "Anzahl",
        "rule": "consultations",
        "rule_text": "Jede Beratung zählt.",
        "starts_on": date(2026, 1, 1),
        "set": IndicatorSet.objects.first(),
    }
    return Indicator.objects.introduce(by=make_user(Role.MANAGER), **values | fields)


def test_a_second_version_ends_the_first_the_day_before():
    first = introduce()
    second = introduce(starts_on=date(2027, 1, 1), rule="hours")

    first.refresh_from_db()
    assert (first.version, first.ends_on) == (1, date(2026, 12, 31))
    assert (second.version, second.ends_on) == (2, None)


def test_a_version_cannot_begin_before_the_former_one():
    introduce()

    with pytest.raises(ValidationError):
        introduce(starts_on=date(2026, 1, 1))


def test_the_manager_adds_an_indicator_on_the_page(manager):
    fields = {
        "code": "BEST-X",
        "set": IndicatorSet.objects.first().pk,
        "name": "Neues",
        "unit": "Anzahl",
        "decimals": 0,
        "level": "output",
        "task": "2",
        "rule": "hours",
        "rule_text": "Stunden.",
        "source": "",
        "starts_on": "2026-01-01",
    }

    refused = manager.post(reverse("reports:indicator_new"), fields | {"rule": "unknown"})
    apart = manager.post(reverse("reports:indicator_new"), fields | {"rule": "people_eeco01"})
    manager.post(reverse("reports:indicator_new"), fields)

    assert refused.status_code == 200
    assert list(apart.context["form"].errors) == ["task"]
    added = Indicator.objects.get(code="BEST-X")
    assert (added.rule, added.task, added.level) == ("hours", 2, "output")


def test_a_set_of_a_new_period_is_added_and_taken_over_by_a_grant(manager):
    fields = {"name": "ESF 2028–2034", "starts_on": "2028-01-01", "ends_on": "2027-01-01"}

    refused = manager.post(reverse("reports:indicator_set_new"), fields)
    manager.post(reverse("reports:indicator_set_new"), fields | {"ends_on": "2034-12-31"})

    assert list(refused.context["form"].errors) == ["ends_on"]
    added = IndicatorSet.objects.get(name="ESF 2028–2034")
    introduce(set=added, starts_on=date(2028, 1, 1))
    grant = make_grant(starts_on=date(2029, 1, 1), ends_on=date(2029, 12, 31))
    manager.post(reverse("reports:indicators_take", args=[grant.ref]), {"chosen": added.pk})
    assert [each.indicator.code for each in grant.targets.all()] == ["BEST-NEU"]
    page = manager.get(reverse("reports:indicators")).content.decode()
    assert "ESF 2028–2034" in page
    assert "Regel consultations, Fassung 1; zählt einmal: jede Beratung" in page
