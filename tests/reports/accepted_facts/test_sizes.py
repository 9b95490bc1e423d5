"""Sizes, innovations and stages: forms ask before they change what was accepted."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from best_portal.audit.models import Event
from enterprises.models import Innovation, SizeDeclaration, Stage
from tests.factories import make_innovation, make_size, make_user
from tests.reports.acceptance import DAY, MID
from tests.reports.accepted_facts.asking import AGREED, is_asked, to

pytestmark = pytest.mark.django_db

LONG_AGO = MID - 900 * DAY


def declared(**fields):
    """A declaration as its form sends it."""
    sent = {"as_of": MID, "employees": 3, "turnover": 100_000, "source": "Muster"} | fields
    return {name: str(value) for name, value in sent.items()}


def introduced(**fields):
    sent = {"kind": "product", "what": "Neuheit", "introduced_on": MID, "evidence": "Preisliste"}
    return {name: str(value) for name, value in (sent | fields).items()}


# --- sizes ---


@pytest.mark.parametrize(
    ("earlier", "as_of", "is_one"),
    [
        (LONG_AGO, MID, True),
        (LONG_AGO, MID + DAY, False),
        # The first one tells of all days before it.
        (None, MID + DAY, True),
        (MID + 2 * DAY, MID + DAY, True),
    ],
)
def test_which_declarations_are_asked_about(page, organisation, lock, earlier, as_of, is_one):
    if earlier:
        make_size(organisation, as_of=earlier)
    address, sent = to("size_new", organisation), declared(as_of=as_of)

    answer = page.post(address, sent)

    assert is_asked(answer) == is_one
    if is_one:
        assert page.post(address, sent | AGREED).status_code == 302
        event = Event.objects.get(verb="sizedeclaration.changed_once_accepted")
        assert event.details["reason"] == AGREED["because"]
    assert SizeDeclaration.objects.filter(as_of=as_of).count() == 1


@pytest.mark.parametrize(
    ("change", "is_one"),
    [
        ({"source": "Jahresabschluss"}, False),
        ({"employees": "3,00"}, False),
        ({"employees": 30}, True),
        ({"turnover": 90_000}, True),
        ({"as_of": MID + DAY}, True),
        ({"is_publicly_owned": "on"}, True),
    ],
)
def test_what_of_a_declaration_is_asked_about(page, organisation, lock, change, is_one):
    make_size(organisation, as_of=LONG_AGO)
    size = make_size(organisation, as_of=MID)

    answer = page.post(to("size_edit", organisation, size), declared(**change))

    assert is_asked(answer) == is_one
    assert answer.status_code == (200 if is_one else 302)


def test_a_declaration_that_may_have_counted_goes_only_with_a_reason(page, organisation, lock):
    size = make_size(organisation, as_of=MID)
    address = to("size_drop", organisation, size)

    page.post(reverse("bin:put", args=["sizedeclaration", size.pk]))
    assert address in page.get(to("size_edit", organisation, size)).text
    assert is_asked(page.post(address, {"because": "Doppelt"}))
    assert SizeDeclaration.objects.valid().exists()
    assert page.post(address, AGREED).status_code == 302

    assert not SizeDeclaration.objects.valid().exists()
    size.refresh_from_db()
    with pytest.raises(ValidationError, match="ohne diese Angabe"):
        size.restore(by=make_user())


# --- innovations ---


@pytest.mark.parametrize(("day", "is_one"), [(MID, True), (MID + DAY, False)])
def test_an_innovation_comes_into_an_accepted_period_only_with_a_reason(
    page, organisation, lock, day, is_one
):
    address, sent = to("innovation_new", organisation), introduced(introduced_on=day)

    assert is_asked(page.post(address, sent)) == is_one
    if is_one:
        assert page.post(address, sent | AGREED).status_code == 302
    assert Innovation.objects.get().introduced_on == day


@pytest.mark.parametrize(
    ("change", "is_one"),
    [
        ({"what": "Anderes"}, False),
        ({"confirmed_on": MID + DAY, "confirmed_by": "Mira Muster"}, False),
        ({"kind": "process"}, True),
        ({"introduced_on": MID - DAY}, True),
        ({"is_in_house": "on"}, True),
        ({"confirmed_on": "", "confirmed_by": ""}, True),
    ],
)
def test_what_of_an_innovation_is_asked_about(page, organisation, lock, change, is_one):
    row = make_innovation(organisation, introduced_on=MID)
    confirmed = {"confirmed_on": MID, "confirmed_by": "Erika Muster"}

    answer = page.post(to("innovation_edit", organisation, row), introduced(**(confirmed | change)))

    assert is_asked(answer) == is_one
    assert answer.status_code == (200 if is_one else 302)


def test_an_innovation_nobody_confirmed_is_deleted_as_ever(page, organisation, lock):
    row = make_innovation(organisation, introduced_on=MID, confirmed_on=None)

    page.post(reverse("bin:put", args=["innovation", row.pk]))

    assert not Innovation.objects.valid().exists()


# --- stages ---


@pytest.mark.parametrize(
    ("was", "stage", "day", "is_one"),
    [
        (None, Stage.GIVEN_UP, MID, True),
        (None, Stage.GIVEN_UP, MID + DAY, False),
        (None, Stage.CONSOLIDATION, MID, False),
        (Stage.GIVEN_UP, Stage.BUILD_UP, MID, True),
        (Stage.GIVEN_UP, Stage.GIVEN_UP, MID, False),
    ],
)
def test_giving_up_is_dated_back_only_with_a_reason(
    page, organisation, lock, was, stage, day, is_one
):
    if was:
        organisation.move_to(was, on=LONG_AGO, by=make_user(), reason="Muster")
    address = to("stage", organisation)
    sent = {"stage": stage, "on": day.isoformat(), "reason": "Kein Bedarf"}

    answer = page.post(address, sent)

    assert is_asked(answer) == is_one
    if is_one:
        assert page.post(address, sent | AGREED).status_code == 302
        event = Event.objects.about(organisation).get(verb="organisation.changed_once_accepted")
        assert event.details["reason"] == AGREED["because"]
    organisation.refresh_from_db()
    assert organisation.stage == stage
