"""What a notice names holds from a day to a day: reports of the time before stay as they were."""

import random
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from consultations.models import SupportTarget
from reports import figures
from reports.data_check import check
from reports.forms.logos import LogosField
from reports.freezing import freeze
from reports.group_papers import Funding
from reports.models import GrantChange, Indicator, Target
from reports.scope import Scope
from reports.thresholds import Step, reached, spans, value_on
from tests.factories import (
    YEAR,
    make_case,
    make_consultation,
    make_duty,
    make_enterprise,
    make_grant,
    make_indicator,
    make_milestone,
    make_project,
    make_report,
    make_target,
    make_threshold,
    make_user,
    make_version,
)
from tests.reports.eu import take_part
from tests.reports.test_grant_changes import errors_of, kept, make_notice, make_reported, post
from tests.reports.test_grant_pages import filled

NEW_YEAR = date(YEAR + 1, 1, 1)
OLD = {"until": date(YEAR, 12, 31)}
NEW = {"since": NEW_YEAR}


@pytest.fixture
def grant(db):
    project = make_project(starts_on=date(YEAR, 1, 1), ends_on=date(YEAR + 1, 12, 31))
    return make_grant(project=project)


def of_year(grant, year=YEAR):
    return Scope.of(grant, date(year, 1, 1), date(year, 12, 31))


def count(rule, scope):
    return figures.RULES[rule](scope)


def advise(grant, organisation, day, hours=1):
    return make_consultation(
        project=grant.project, organisation=organisation, held_on=day, minutes=60 * hours
    )


# --- the days themselves ---


def test_a_number_holds_on_its_days_and_a_gap_has_none():
    steps = (Step(8, None, date(2024, 3, 31)), Step(16, date(2024, 5, 1), None))

    cut = list(spans(steps, date(2024, 1, 1), date(2024, 12, 31)))

    assert cut == [
        (8, date(2024, 1, 1), date(2024, 3, 31)),
        (None, date(2024, 4, 1), date(2024, 4, 30)),
        (16, date(2024, 5, 1), date(2024, 12, 31)),
    ]
    assert [value_on(steps, date(2024, month, 30)) for month in (3, 4, 5)] == [8, None, 16]


@pytest.mark.parametrize("seed", range(30))
def test_the_day_reached_is_that_of_a_plain_walk_over_the_days(seed):
    chance, first = random.Random(seed), date(2024, 1, 1)
    days = [first + timedelta(days=n) for n in range(60)]
    cuts = sorted(chance.sample(days, 2))
    steps = (
        Step(chance.randint(1, 6), None, cuts[0] - timedelta(days=1)),
        Step(chance.randint(1, 6), cuts[0], cuts[1]),
    )
    parts = sorted((chance.choice(days), chance.choice([30, 60, 90])) for _ in range(5))

    def needed(day):
        return next((60 * step.value for step in steps if step.holds_on(day)), 1)

    expected = next(
        (day for day in days if sum(m for on, m in parts if on <= day) >= needed(day)), None
    )
    assert reached(parts, steps, days[0], days[-1]) == expected


# --- thresholds ---


def test_a_threshold_raised_by_a_notice_leaves_what_was_reached_before(grant):
    old, late = make_enterprise(), make_enterprise()
    for month in (2, 3):
        advise(grant, old, date(YEAR, month, 1))
    advise(grant, late, date(YEAR + 1, 2, 1), hours=3)
    make_threshold(grant=grant, value=2)
    before = count("enterprises_supported", of_year(grant)).value

    grant.thresholds.update(**OLD)
    make_threshold(grant=grant, value=4, **NEW)
    grant = type(grant).objects.get()

    assert before == count("enterprises_supported", of_year(grant)).value == 1
    second = of_year(grant, YEAR + 1)
    assert count("enterprises_supported", second).value == 0
    assert count("enterprises_supported", second.cumulated).ids == (old.pk,)


def test_a_threshold_lowered_lets_those_count_from_that_day_who_have_the_hours(grant):
    body = make_enterprise()
    advise(grant, body, date(YEAR, 2, 1), hours=3)
    make_threshold(grant=grant, value=4, **OLD)
    make_threshold(grant=grant, value=2, **NEW)

    assert count("enterprises_supported", of_year(grant)).value == 0
    [row] = count("enterprises_supported", of_year(grant, YEAR + 1)).rows
    assert row.on == NEW_YEAR


def test_the_paper_says_which_threshold_holds_when(grant):
    make_target(grant=grant, indicator=Indicator.objects.get(code="RCO04"))
    make_threshold(grant=grant, value=4, **OLD)
    make_threshold(grant=grant, value="2.5", **NEW)

    document = freeze(make_version(report=make_report(grant=grant)), at=timezone.now())

    assert document.rules[0].text.endswith(
        f"Schwelle: 4 Stunden bis 31.12.{YEAR}; 2,5 Stunden ab 01.01.{YEAR + 1}."
    )


def test_how_old_a_new_enterprise_may_be_is_the_number_of_its_first_support(grant):
    for year in (YEAR, YEAR + 1):
        body = make_enterprise(founded_on=date(year - 2, 1, 1))
        advise(grant, body, date(year, 6, 1))
    make_threshold(grant=grant, key="new_age", value=36, **OLD)
    make_threshold(grant=grant, key="new_age", value=12, **NEW)

    assert count("new_enterprises", of_year(grant)).value == 1
    assert count("new_enterprises", of_year(grant, YEAR + 1)).value == 0


def test_where_a_notice_names_no_age_the_rule_of_the_time_does(grant):
    advise(grant, make_enterprise(founded_on=date(YEAR - 3, 6, 1)), date(YEAR, 6, 1))
    advise(grant, make_enterprise(founded_on=date(YEAR - 3, 5, 31)), date(YEAR, 6, 1))

    assert count("new_enterprises", of_year(grant)).value == 1


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("reports_threshold_key_is_known", {"key": "age"}),
        ("reports_threshold_is_not_negative", {"value": -1}),
        ("reports_threshold_ends_after_start", {"since": NEW_YEAR, **OLD}),
        ("reports_threshold_keeping_says_where", {"key": "keeping"}),
    ],
)
def test_the_database_refuses_an_impossible_threshold(db, constraint, fields):
    with pytest.raises(IntegrityError, match=constraint):
        make_threshold(**fields)


def test_one_number_holds_at_a_time(grant):
    make_threshold(grant=grant, **OLD)
    make_threshold(grant=grant, **NEW)
    with pytest.raises(IntegrityError, match="reports_threshold_one_at_a_time"):
        make_threshold(grant=grant)


# --- participants ---


def attend(grant, person, day, hours, target=None):
    case = target and make_case(project=grant.project, support_target=target)
    held = make_consultation(
        project=grant.project,
        held_on=day,
        minutes=60 * hours,
        **({"case": case, "organisation": case.organisation} if case else {"kind": "training"}),
    )
    held.attendances.create(person=person)


def test_whoever_has_not_the_hours_of_a_participant_counts_nowhere(grant):
    make_threshold(grant=grant, key="participant", value=8)
    enough, late, few, for_the_firm = (
        take_part(grant.project, date(YEAR, 2, 1)).person for _ in range(4)
    )
    attend(grant, enough, date(YEAR, 2, 1), 8)
    attend(grant, late, date(YEAR, 3, 1), 5)
    attend(grant, late, date(YEAR + 1, 3, 1), 5)
    attend(grant, few, date(YEAR, 3, 1), 7)
    attend(grant, for_the_firm, date(YEAR, 3, 1), 9, target=SupportTarget.ENTERPRISE)

    first, second = of_year(grant), of_year(grant, YEAR + 1)
    assert count("people_eeco01", first).value == 1
    assert count("people_eeco01", second).value == 1
    assert count("people_eeco01", second.cumulated).value == 2
    [row] = count("people_eeco01", second).rows
    # Who came to have the hours later counts from then on, in no period before.
    assert (row.on, count("people_eeco01", second).dated) == (date(YEAR + 1, 3, 1), "reached")


def test_the_check_tells_how_many_have_not_the_hours(grant):
    make_threshold(grant=grant, key="participant", value=8)
    make_target(grant=grant, indicator=Indicator.objects.get(code="EECO01"))
    enough, _few = (take_part(grant.project, date(YEAR, 2, 1)).person for _ in range(2))
    attend(grant, enough, date(YEAR, 2, 1), 8)

    found = [
        each for each in check(make_report(grant=grant)).to_look_at if each.code == "few-hours"
    ]

    assert [each.text.split()[0] for each in found] == ["1"]


def test_without_such_a_number_everybody_who_entered_counts(grant):
    take_part(grant.project, date(YEAR, 2, 1))

    figure = count("people_eeco01", of_year(grant))

    assert (figure.value, figure.dated) == (1, "entered")


# --- targets, milestones, duties ---


def test_a_report_tells_what_was_promised_on_its_last_day(grant):
    indicator = make_indicator()
    make_target(grant=grant, indicator=indicator, value=10, **OLD)
    make_target(grant=grant, indicator=indicator, value=25, **NEW)
    make_target(grant=grant, indicator=make_indicator(code="BEST-LATER"), **NEW)
    for value, day in ((3, date(YEAR, 6, 30)), (7, date(YEAR, 12, 31))):
        make_milestone(grant=grant, indicator=indicator, value=value, due_on=day)

    def told(year):
        report = make_report(
            grant=grant, starts_on=date(year, 1, 1), ends_on=date(year, 12, 31), kind="interim"
        )
        return freeze(make_version(report=report), at=timezone.now()).indicators

    [first] = told(YEAR)
    assert first.target == 10
    assert [(each.value, each.due_on.month) for each in first.milestones] == [(3, 6), (7, 12)]
    assert [line.target for line in told(YEAR + 1)] == [25, None]


def test_the_last_of_several_milestones_that_is_missed_is_named(grant):
    indicator = make_indicator()
    # A third of it, before a third of the time is over.
    make_target(grant=grant, indicator=indicator, value=3)
    for value, day in ((1, date(YEAR, 3, 31)), (2, date(YEAR, 6, 30)), (3, date(YEAR, 12, 31))):
        make_milestone(grant=grant, indicator=indicator, value=value, due_on=day)
    advise(grant, make_enterprise(), date(YEAR, 2, 1))
    report = make_report(grant=grant, starts_on=date(YEAR, 1, 1), ends_on=date(YEAR, 7, 31))

    told = [each.text for each in check(report).open if each.code.startswith("target:")]

    assert len(told) == 1
    assert f"30.06.{str(YEAR)[2:]}" in told[0] or f"30.06.{YEAR}" in told[0]


@pytest.mark.parametrize(
    ("make", "constraint"),
    [
        (make_target, "reports_target_ends_after_start"),
        (make_milestone, "reports_milestone_ends_after_start"),
        (make_duty, "reports_reportduty_ends_after_start"),
    ],
)
def test_nothing_ends_before_it_starts(db, make, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        make(since=NEW_YEAR, **OLD)


def test_the_same_is_promised_and_asked_for_once_at_a_time(grant):
    indicator = make_indicator()
    same = {"grant": grant, "indicator": indicator}
    for make, fields, constraint in (
        (make_target, same, "reports_target_one_per_indicator"),
        (make_milestone, same, "reports_milestone_one_for_a_day"),
        (make_duty, {"grant": grant}, "reports_reportduty_once"),
    ):
        make(**fields, **OLD)
        make(**fields, **NEW)
        with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
            make(**fields)
    with pytest.raises(IntegrityError, match="reports_milestone_is_not_negative"):
        make_milestone(grant=grant, value=-1)


def test_a_report_is_asked_for_as_often_as_the_notice_of_that_time_says(grant):
    yearly = make_duty(grant=grant, rhythm="years", kind="indicators", **OLD)
    often = make_duty(grant=grant, rhythm="months", every=6, kind="indicators", **NEW)

    assert [last for _first, last, _due in yearly.periods()] == [date(YEAR, 12, 31)]
    assert [last for _first, last, _due in often.periods()] == [
        date(YEAR + 1, 6, 30),
        date(YEAR + 1, 12, 31),
    ]


# --- the row of logos ---

LAND = {"kind": "text", "text": "Land Berlin", "alt": "Land"}


def test_a_report_bears_the_logos_of_its_own_time(grant):
    old, new = {"until": f"{YEAR}-12-31"}, {"since": f"{YEAR + 1}-01-01"}
    grant.logos = [LAND | old, {**LAND, "text": "Senat"} | new, {**LAND, "text": "Bezirk"}]
    grant.save()

    def printed(year):
        report = make_report(
            grant=grant, starts_on=date(year, 1, 1), ends_on=date(year, 12, 31), kind="interim"
        )
        document = freeze(make_version(report=report), at=timezone.now())
        return [logo.text for logo in document.cover.logos]

    assert printed(YEAR) == ["Land Berlin", "Bezirk"]
    assert printed(YEAR + 1) == ["Senat", "Bezirk"]
    day = date(YEAR + 1, 3, 1)
    assert [logo.text for logo in Funding.of(grant.project, day, day).logos] == ["Senat", "Bezirk"]


@pytest.mark.parametrize(
    ("line", "logo"),
    [
        ("Land | Wappen | ab 01.02.2026 bis 31.12.2026", ("Wappen", "2026-02-01", "2026-12-31")),
        ("Land || bis 31.12.2026", ("Platzhalter für das Logo: Land", None, "2026-12-31")),
        ("Land | Wappen | ab 01.02.2026", ("Wappen", "2026-02-01", None)),
        ("Land | Wappen", ("Wappen", None, None)),
    ],
)
def test_the_days_of_a_logo_are_typed_behind_a_second_bar_and_come_back(line, logo):
    field = LogosField()

    [cleaned] = field.clean(line)

    assert (cleaned["alt"], cleaned.get("since"), cleaned.get("until")) == logo
    assert field.clean(field.prepare_value([cleaned])) == [cleaned]


@pytest.mark.parametrize(
    "days", ["2026", "ab 31.02.2026", "ab 02.01.2026 bis 01.01.2026", "ab", "bis bald"]
)
def test_days_that_are_none_are_refused_by_their_line(days):
    with pytest.raises(ValidationError, match="Land"):
        LogosField().clean(f"Land | Wappen | {days}")


def test_a_picture_goes_to_the_logo_of_each_time_and_the_days_stay(grant):
    old, new = {"until": f"{YEAR}-12-31"}, {"since": f"{YEAR + 1}-01-01"}
    grant.logos = [LAND | old, LAND | new]
    grant.save()

    grant.bring_logo(by=make_user(Role.MANAGER), text="Land Berlin", alt="Wappen", image="AAAA")

    same = {"kind": "text", "text": "Land Berlin", "alt": "Wappen", "image": "AAAA"}
    assert type(grant).objects.get().logos == [same | old, same | new]


# --- by the notice that says so ---


def typed(rows):
    data = {"thresholds-TOTAL_FORMS": str(len(rows))}
    for number, row in enumerate(rows):
        data |= {f"thresholds-{number}-{name}": value for name, value in row.items()}
    return data


@pytest.mark.django_db
def test_a_threshold_a_report_was_counted_by_changes_with_a_notice_only(sign_in):
    grant = make_reported()
    notice = make_notice(grant)
    rows = [
        {"key": "hours", "value": "8", "until": "2024-12-31"},
        {"key": "hours", "value": "16", "since": "2025-01-01"},
        {"key": "inventory", "value": "800"},
    ]

    page = post(sign_in, grant, **typed(rows), **kept(notice))
    assert set(errors_of(page)) == {"said_by", "change_note"}
    post(sign_in, grant, **typed(rows[2:]), **kept(notice))
    assert not GrantChange.objects.exists(), "the price of the inventory counts in no figure"
    grant.thresholds.all().delete()
    said = {"said_by": notice.pk, "change_note": "Ab 2025 mehr"}
    post(sign_in, grant, **typed(rows), **kept(notice), **said)

    change = GrantChange.objects.get()
    assert change.on_paper == (
        "Schwelle in Stunden bisher –, jetzt 8 bis 31.12.2024; 16 ab 01.01.2025"
    )
    assert grant.thresholds.count() == 3


@pytest.mark.django_db
def test_rows_that_share_a_day_are_refused_at_their_field(sign_in):
    rows = [{"key": "hours", "value": "8"}, {"key": "hours", "value": "9", "since": "2024-06-01"}]
    rows += [{"key": "keeping", "value": "5"}, {"key": "new_age", "value": "-1"}]

    page = sign_in(make_user(Role.MANAGER)).post(
        reverse("reports:grant_new"), filled() | typed(rows)
    )

    errors = page.context["setup"].table("thresholds").errors
    assert [list(each) for each in errors] == [[], ["since"], ["source"], ["value"]]
    assert not Target.objects.exists()
