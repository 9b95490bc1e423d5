"""Refusals at their field: which field of a form a constraint is told at, and how it is read."""

import re

import pytest
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.db import TRIGGERS, explained
from best_portal.refusals import PLACES, place_of, tell
from consultations.models import TimeKind
from reports.models import FinancingPlanLine, Voucher
from tests.factories import make_grant, make_plan_line, make_user, make_voucher
from tests.reports.test_grant_pages import filled as filled_grant
from tests.reports.test_voucher_pages import filled as filled_voucher
from tests.test_conventions import our_constraints

WORDS = "Das geht nicht."


def check(condition):
    return CheckConstraint(name="rule", condition=condition, violation_error_message=WORDS)


def unique(*fields, **more):
    return UniqueConstraint(*more.pop("by", ()), name="rule", fields=fields, **more)


MEASURED = check(Q(end__gte=F("start")) | Q(end=None))
REASONED = check(Q(part=F("whole")) | ~Q(because=""))
TOGETHER = check(Q(day=None, where="") | Q(day__isnull=False) & ~Q(where=""))


@pytest.mark.parametrize(
    ("constraint", "shown", "empty", "place"),
    [
        (unique("grant", "number"), {"number", "payee"}, (), "number"),
        (unique("line", "number"), {"line", "number"}, (), None),
        (unique(by=[Lower("name")]), {"name"}, (), "name"),
        (unique("number", condition=Q(gone_at=None)), {"payee"}, (), None),
        (check(Q(amount__gt=0)), {"amount", "payee"}, (), "amount"),
        (MEASURED, {"start", "end"}, (), "end"),
        (MEASURED, {"start"}, (), "start"),
        (REASONED, {"part", "whole", "because"}, {"because"}, "because"),
        (REASONED, {"part", "whole", "because"}, (), "part"),
        (TOGETHER, {"day", "where"}, {"where"}, "where"),
        (TOGETHER, {"day", "where"}, {"day"}, "day"),
        # Nothing is asked for that may be left out, nor which of two is too small.
        (
            check(
                Q(a=None) | Q(a__gte=1),
            ),
            {"a", "b"},
            {"a"},
            "a",
        ),
        (check((Q(a=None) | Q(a__gte=1)) & (Q(b=None) | Q(b__gte=1))), {"a", "b"}, {"b"}, None),
        (check(Q(a__gte=0, b__gte=0)), {"a", "b"}, (), None),
    ],
)
def test_a_constraint_is_told_at_the_one_field_it_is_about(constraint, shown, empty, place):
    assert place_of(constraint, shown, set(empty)) == place


def test_every_place_that_is_named_belongs_to_a_constraint_or_a_trigger():
    constraints = {constraint.name for _model, constraint in our_constraints()}
    assert set(PLACES) <= constraints | set(TRIGGERS)


class NumberForm(forms.Form):
    number, amount = forms.CharField(), forms.CharField(required=False)
    line = forms.CharField(widget=forms.HiddenInput, required=False)


def test_what_comes_from_elsewhere_stays_above_the_form_and_what_names_its_field_there():
    form = NumberForm({"number": "1"})
    assert form.is_valid()

    tell(form, ValidationError("Erst am Montag."))
    tell(form, ValidationError({"amount": "Zu viel.", NON_FIELD_ERRORS: ["Zu spät."]}))

    assert form.errors == {
        NON_FIELD_ERRORS: ["Erst am Montag.", "Zu spät."],
        "amount": ["Zu viel."],
    }


@pytest.mark.django_db
def test_what_the_database_refuses_is_told_at_the_field_of_any_form():
    voucher, form = make_voucher(number="R-1"), NumberForm({"number": "R-1"})
    assert form.is_valid()

    with pytest.raises(ValidationError) as refusal, explained(Voucher):
        make_voucher(line=voucher.line, number="R-1")
    tell(form, refusal.value)

    assert list(form.errors) == ["number"]


# --- on the pages ---


@pytest.fixture
def manager(sign_in):
    return sign_in(make_user(Role.MANAGER))


def told_at(page, name):
    """What is said at a field, which leads there and is led to from above the form."""
    html = page.content.decode()
    widget = re.search(rf'<(?:input|select|textarea)[^>]* name="{name}"[^>]*>', html)[0]
    key = re.search(r' id="([^"]+)"', widget)[1]
    assert 'aria-invalid="true"' in widget
    assert f"{key}_error" in re.search(r'aria-describedby="([^"]+)"', widget)[1].split()
    assert f'href="#{key}"' in html
    return re.search(rf'<div id="{key}_error".*?</div>', html, re.DOTALL)[0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "name", "words"),
    [
        ({"number": "R-1"}, "number", "schon einen Beleg mit dieser Nummer"),
        ({"eligible": "2.000,00", "cut_because": "x"}, "eligible", "zwischen 0 und dem Betrag"),
        ({"eligible": "1.000,00"}, "cut_because", "nicht alles förderfähig"),
        ({"amount": "0"}, "amount", "0 EUR"),
    ],
)
def test_a_refused_voucher_says_so_at_its_field(manager, fields, name, words):
    line = make_plan_line()
    make_voucher(line=line, number="R-1")

    page = manager.post(
        reverse("reports:voucher_new", args=[line.grant.ref]), filled_voucher(line, **fields)
    )

    assert words in told_at(page, name)
    assert page.context["form"].non_field_errors() == []


@pytest.mark.django_db
def test_a_payment_of_a_period_that_ends_before_it_begins_says_so_at_its_end(manager):
    grant = make_grant()
    asked = {
        "starts_on": grant.ends_on,
        "ends_on": grant.starts_on,
        "amount": "100,00",
        "requested_on": grant.starts_on,
        "cautions_confirmed": "on",
    }

    page = manager.post(reverse("reports:payment_new", args=[grant.ref]), asked)

    assert told_at(page, "ends_on")


@pytest.mark.django_db
def test_a_line_of_the_plan_says_at_its_field_what_is_wrong(manager):
    grant = make_grant()
    row = {"plan_lines-0-eligible": "130.000,00", "plan_lines-0-planned": "120.000,00"}

    page = manager.post(reverse("reports:grant_edit", args=[grant.ref]), filled_grant(grant, **row))

    assert told_at(page, "plan_lines-0-eligible")
    assert not FinancingPlanLine.objects.exists()


@pytest.mark.django_db
def test_time_that_is_entered_twice_says_so_at_its_start(sign_in):
    user, today = make_user(), timezone.localdate()
    client, month = sign_in(user), today.replace(day=1)
    entered = {
        "form_key": "7d3b9c1e-52c8-4f0c-9f0e-6f2f4c3b8a10",
        "day": today,
        "what_for": TimeKind.OTHER,
        "starts": "09:00",
        "ends": "10:00",
        "activity": "Ablage",
    }
    address = reverse("consultations:month", args=[user.pk, month])
    client.post(address, entered)

    again = client.post(address, entered | {"form_key": "7d3b9c1e-52c8-4f0c-9f0e-6f2f4c3b8a11"})
    half = client.post(address, entered | {"ends": ""})

    assert told_at(again, "starts")
    assert told_at(half, "ends")
