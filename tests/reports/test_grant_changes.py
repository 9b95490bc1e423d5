"""What a notice says stays once a report told of it, unless another notice says so."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.forms import model_to_dict
from django.urls import reverse

from best_portal.accounts.models import Role
from best_portal.db import explained
from reports.models import Grant
from tests.factories import make_draft, make_grant, make_released, make_report, make_user

pytestmark = pytest.mark.django_db

TABLES = ("notices", "duties", "deadlines", "plan_lines", "targets", "aid_rates")


def make_reported(first=date(2024, 1, 1), last=date(2024, 10, 31), **fields):
    """A grant for 2024, and a report of it that its funder has got."""
    days = {"starts_on": date(2024, 1, 1), "ends_on": date(2024, 12, 31)}
    grant = make_grant(**days | fields)
    make_released(report=make_report(grant=grant, starts_on=first, ends_on=last))
    return grant


def sent(grant, **fields):
    """What the browser sends of a grant's form where nothing but `fields` was typed."""
    data = {name: value for name, value in model_to_dict(grant).items() if value is not None}
    data["logos"] = ""
    for name in TABLES:
        data |= {f"{name}-TOTAL_FORMS": "0", f"{name}-INITIAL_FORMS": "0"}
    return data | fields


def post(sign_in, grant, **fields):
    page = sign_in(make_user(Role.MANAGER))
    return page.post(reverse("reports:grant_edit", args=[grant.ref]), sent(grant, **fields))


# --- the period ---


@pytest.mark.parametrize(
    ("days", "field"),
    [
        ({"ends_on": "2024-06-30"}, "ends_on"),
        ({"starts_on": "2024-02-01"}, "starts_on"),
        ({"starts_on": "2024-02-01", "early_start_on": "2024-01-02"}, "early_start_on"),
    ],
)
def test_a_period_that_leaves_a_released_report_outside_is_refused_by_its_name(
    sign_in, days, field
):
    grant = make_reported()

    page = post(sign_in, grant, **days)

    [refusal] = page.context["setup"].form.errors[field]
    assert refusal.startswith("Zwischennachweis 01.01.2024–31.10.2024")
    assert Grant.objects.get().ends_on == date(2024, 12, 31)


def test_a_report_nobody_has_got_does_not_hold_the_period(sign_in):
    grant = make_grant(starts_on=date(2024, 1, 1), ends_on=date(2024, 12, 31))
    make_draft(report=make_report(grant=grant))

    post(sign_in, grant, ends_on="2024-06-30")

    assert Grant.objects.get().ends_on == date(2024, 6, 30)


@pytest.mark.parametrize(
    "days",
    [
        {"ends_on": date(2024, 10, 30)},
        {"starts_on": date(2024, 1, 2)},
        {"starts_on": date(2024, 2, 1), "early_start_on": date(2024, 1, 2)},
    ],
)
def test_the_database_itself_holds_every_released_report_within_its_grant(days):
    grant = make_reported()
    changed = Grant.objects.filter(pk=grant.pk)

    with pytest.raises(ValidationError, match="Bericht"), explained(Grant):
        changed.update(**days)

    changed.update(starts_on=date(2024, 2, 1), early_start_on=date(2024, 1, 1))
    changed.update(ends_on=date(2024, 10, 31))


def test_the_refusal_of_the_database_has_its_name():
    grant = make_reported()

    with pytest.raises(IntegrityError, match="reports_grant_holds_its_reports"):
        Grant.objects.filter(pk=grant.pk).update(ends_on=date(2024, 1, 31))
