"""Hours that would be paid twice: within a grant the database refuses, across two it blocks."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.html import escape

from best_portal.accounts.models import Role
from reports.data_check import check
from reports.models import Report, StaffRate
from tests.factories import (
    YEAR,
    make_closed_sheet,
    make_grant,
    make_hour_line,
    make_plan_line,
    make_report,
    make_staff_rate,
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
