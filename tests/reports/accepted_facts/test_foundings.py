"""Foundings and areas lie in no project: forms ask before they change what was accepted."""

import pytest

from best_portal.audit.models import Event
from tests.factories import (
    make_consultation,
    make_district,
    make_enterprise,
    make_grant,
    make_indicator,
    make_target,
)
from tests.reports.acceptance import DAY, FIRST, MID, accept_first_half
from tests.reports.accepted_facts.asking import AGREED, is_asked, to

pytestmark = pytest.mark.django_db


def test_a_founding_is_dated_back_only_with_a_reason(page, organisation, lock):
    address = to("found", organisation)
    sent = {"on": MID.isoformat(), "legal_form": "ug"}

    assert is_asked(page.post(address, sent))
    organisation.refresh_from_db()
    assert organisation.founded_on is None

    assert page.post(address, sent | AGREED).status_code == 302
    organisation.refresh_from_db()
    assert organisation.founded_on == MID
    event = Event.objects.about(organisation).get(verb="organisation.changed_once_accepted")
    assert event.details["reason"] == AGREED["because"]


def test_a_founding_of_these_days_is_not_asked_about(page, organisation, lock):
    sent = {"on": (MID + DAY).isoformat(), "legal_form": "ug"}

    assert page.post(to("found", organisation), sent).status_code == 302


@pytest.mark.parametrize(
    ("kind", "was", "change", "is_one"),
    [
        ("social_enterprise", MID, {"founded_on": MID + DAY}, True),
        ("social_enterprise", MID + 2 * DAY, {"founded_on": MID}, True),
        ("social_enterprise", MID + 2 * DAY, {"founded_on": MID + DAY}, False),
        # Without a day it was there ever since.
        ("local_business", None, {"founded_on": MID + DAY}, True),
        ("local_business", MID + DAY, {"founded_on": ""}, True),
        ("local_business", None, {"kind": "association"}, True),
        ("social_enterprise", MID + DAY, {"kind": "founding_initiative", "founded_on": ""}, False),
        ("social_enterprise", MID, {"kind": "founding_initiative", "founded_on": ""}, True),
        ("founding_initiative", None, {"kind": "social_enterprise", "founded_on": MID}, True),
        ("local_business", None, {"name": "Neuer Name"}, False),
    ],
)
def test_which_changes_of_a_file_are_asked_about(
    page, organisation, lock, kind, was, change, is_one
):
    organisation.kind, organisation.founded_on = kind, was
    organisation.save()
    sent = {"name": organisation.name, "kind": kind, "founded_on": was or ""} | change

    answer = page.post(to("edit", organisation), sent)

    assert is_asked(answer) == is_one
    if is_one:
        assert page.post(to("edit", organisation), sent | AGREED).status_code == 302
        organisation.refresh_from_db()
        assert organisation.kind == sent["kind"]
        assert Event.objects.about(organisation).filter(details__reason=AGREED["because"]).exists()
    else:
        assert answer.status_code == 302


@pytest.mark.parametrize(
    ("rule", "is_one"), [("organisations", True), ("jobs_created", True), ("hours", False)]
)
def test_an_area_is_asked_about_where_a_figure_lists_the_organisation(page, rule, is_one):
    grant, organisation = make_grant(), make_enterprise(district=make_district())
    make_target(grant=grant, indicator=make_indicator(rule=rule))
    make_consultation(project=grant.project, organisation=organisation, held_on=FIRST)
    accept_first_half(grant)
    kept = {"name": organisation.name, "kind": organisation.kind, "founded_on": FIRST - DAY}
    organisation.founded_on = FIRST - DAY
    organisation.save()
    other = make_district()

    assert (
        page.post(
            to("edit", organisation), kept | {"district": organisation.district_id}
        ).status_code
        == 302
    )
    for area in (other.pk, ""):
        answer = page.post(to("edit", organisation), kept | {"district": area})
        assert is_asked(answer) == is_one
    answer = page.post(to("edit", organisation), kept | {"district": other.pk} | AGREED)

    assert answer.status_code == 302
    organisation.refresh_from_db()
    assert organisation.district == other
    noted = Event.objects.about(organisation).filter(verb="organisation.changed_once_accepted")
    assert noted.exists() == is_one
