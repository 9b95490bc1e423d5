"""Hours that would be paid twice: within a grant the database refuses, across two it blocks."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.html import escape

from best_portal.accounts.models import Role
from reports.data_check import check
from reports.models import Acceptance, Report, StaffRate
from tests.factories import (
    YEAR,
    make_closed_sheet,
    make_grant,
    make_hour_line,
    make_officer,
    make_plan_line,
    make_report,
    make_staff_rate,
    make_submitted,
    make_user,
)

pytestmark = pytest.mark.django_db

DAY = date(YEAR, 2, 6)


def refuses(name):
    return pytest.raises(IntegrityError, match=name)


def pays(grant, person):
    return make_staff_rate(line=make_hour_line(grant=grant), person=person)


def doubles(report, other):
    """What the check says of hours another grant pays for, too."""
    code = f"double-hours-{other.ref}-"
    return [each for each in check(report).found if each.code.startswith(code)]


def test_a_person_has_one_rate_at_a_time_in_a_grant():
    rate = make_staff_rate(until=DAY)
    elsewhere = make_hour_line(grant=rate.grant)

    with refuses("reports_staffrate_one_at_a_time"), transaction.atomic():
        make_staff_rate(line=elsewhere, person=rate.person, since=DAY)
    make_staff_rate(line=elsewhere, person=rate.person, since=DAY + timedelta(days=1))
    make_staff_rate(line=elsewhere)


def test_a_rate_belongs_to_the_grant_of_its_line():
    rate, other = make_staff_rate(), make_hour_line()
    rows = StaffRate.objects.filter(pk=rate.pk)

    for change in ({"grant": other.grant}, {"line": other}):
        with refuses("reports_staffrate_line_is_of_the_grant"), transaction.atomic():
            rows.update(**change)
    rate.line = other
    rate.save()
    assert rows.get().grant == other.grant


def test_the_form_names_the_line_that_has_the_rate(sign_in):
    there = make_staff_rate(line=make_hour_line(position="2.1", label="Beratung"))
    here, person = make_hour_line(grant=there.grant), there.person
    client = sign_in(make_user(Role.MANAGER))
    typed = {
        "line": here.pk,
        "person": person.pk,
        "gross_year": "34400",
        "contract_percent": "50",
        "since": there.since.isoformat(),
        "source": "Lohnkonto",
    }

    page = client.post(reverse("reports:staff_rate_new", args=[there.grant.ref]), typed)

    told = page.content.decode()
    assert escape(f"{person.name} hat in „2.1 Beratung“ schon einen Satz") in told
    assert "Lohnkonto" in told
    assert StaffRate.objects.get() == there
    # The one that is there may be changed as ever.
    address = reverse("reports:staff_rate", args=[there.grant.ref, there.pk])
    answer = client.post(address, typed | {"line": there.line_id})
    assert answer.status_code == 302
    assert StaffRate.objects.get().contract_percent == 50


def test_hours_that_two_grants_of_a_project_pay_for_block():
    grant, anna = make_grant(), make_user(name="Anna Muster")
    other = make_grant(project=grant.project, reference="Az. Zwei")
    alone = make_user(name="Berta Beispiel")
    for each, person in [(grant, anna), (other, anna), (grant, alone)]:
        pays(each, person)
    report = make_report(grant=grant, ends_on=date(YEAR, 6, 30))
    make_closed_sheet(alone, grant.project, 60, day=DAY)
    make_closed_sheet(anna, grant.project, 60, day=date(YEAR, 7, 1))
    assert not doubles(report, other)

    make_closed_sheet(anna, grant.project, 60, 30, day=DAY)

    [finding] = doubles(report, other)
    assert finding.is_open
    assert finding.text == "Az. Zwei bezahlt dieselben 1,5 Stunden: Anna Muster."

    report.explain(finding.code, by=make_user(Role.MANAGER), reason="Zwei halbe Stellen.")
    report = Report.objects.get()
    assert not doubles(report, other)[0].is_open
    # What was explained of these hours explains no others.
    make_closed_sheet(anna, grant.project, 60, day=date(YEAR, 3, 6))
    assert doubles(report, other)[0].is_open


def test_a_year_has_no_more_hours_than_a_rate_is_made_of_whoever_pays():
    grant, other = make_grant(reference="Az. Eins"), make_grant(reference="Az. Zwei")
    person = make_user(name="Anna Muster")
    for each in (grant, other):
        pays(each, person)
    report = make_report(grant=grant, ends_on=date(YEAR, 6, 30))

    def beyond():
        code = f"year-hours-{person.pk}-{YEAR}-"
        return [each for each in check(report).found if each.code.startswith(code)]

    make_closed_sheet(person, grant.project, 860 * 60, day=DAY)
    assert not beyond()
    make_closed_sheet(person, other.project, 860 * 60, day=date(YEAR, 9, 1))
    assert not beyond()
    make_closed_sheet(person, other.project, 30, day=date(YEAR, 10, 1))

    [finding] = beyond()
    assert finding.is_open
    assert finding.text == (
        "Anna Muster: Az. Eins, Az. Zwei bezahlen zusammen 1.720,5 Stunden aus "
        f"{YEAR}; höchstens 1.720 dürfen angesetzt werden."
    )
    # What one grant alone pays for ends at the limit by itself.
    make_closed_sheet(person, grant.project, 900 * 60, day=date(YEAR, 3, 1))
    other.staff_rates.all().delete()
    assert not beyond()


def test_half_a_contract_for_half_a_year_has_its_share_of_the_hours():
    first = make_staff_rate(until=date(YEAR, 6, 30))  # 20 EUR an hour
    grant, person = first.grant, first.person
    make_staff_rate(
        line=first.line,
        person=person,
        since=date(YEAR, 7, 1),
        gross_year=first.gross_year / 2,
        contract_percent=50,
    )
    make_closed_sheet(person, grant.project, 860 * 60, day=date(YEAR, 6, 1))
    make_closed_sheet(person, grant.project, 430 * 60, day=date(YEAR, 7, 1))

    # A leap year: 182 days whole and 184 days half are 1,287.65 hours.
    assert grant.year_minutes(person, YEAR) == 77_259
    assert grant.accounts().spent == Decimal("25753.00")
    second = grant.accounts(date(YEAR, 7, 1), date(YEAR, 12, 31))
    assert second.lines[0].in_period == Decimal("25753.00") - 860 * 20


def test_hours_an_accepted_report_counted_stay_whatever_is_closed_later():
    rate = make_staff_rate()
    grant = rate.grant
    make_closed_sheet(rate.person, grant.project, 1500 * 60, day=date(YEAR, 8, 1))
    second_half = {"starts_on": date(YEAR, 7, 1), "ends_on": date(YEAR, 12, 31)}
    version = make_submitted(report=make_report(grant=grant, **second_half))
    Acceptance.objects.accept(version, by=make_officer(version))

    make_closed_sheet(rate.person, grant.project, 1000 * 60, day=date(YEAR, 2, 1))

    counted = [
        grant.accounts(*days).lines[0].in_period
        for days in [(date(YEAR, 1, 1), date(YEAR, 6, 30)), second_half.values()]
    ]
    # 1,720 hours, of which 1,500 are settled.
    assert counted == [Decimal("4400.00"), Decimal("30000.00")]


def test_grants_that_name_each_others_money_may_both_list_the_hours():
    grant, person = make_grant(), make_user()
    other = make_grant(project=grant.project)
    for each in (grant, other):
        pays(each, person)
    make_closed_sheet(person, grant.project, 60, day=DAY)
    report = make_report(grant=grant)
    assert doubles(report, other)

    for each in (grant, other):
        make_plan_line(grant=each, kind="income", origin="other_grant")
    assert not doubles(report, other)
