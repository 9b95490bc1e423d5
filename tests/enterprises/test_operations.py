"""Operations and beneficiaries: who sees them, what counts, and what a person decides."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from enterprises.models import Basis, Beneficiary, Operation
from enterprises.models.directory import guessed
from tests.factories import (
    make_beneficiary,
    make_founder,
    make_operation,
    make_organisation,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_english():
    with translation.override("en"):
        yield


def linked(organisation, **fields):
    beneficiary = make_beneficiary(organisation=organisation, basis=Basis.SAME_NAME)
    return make_operation(beneficiary=beneficiary, **fields)


def test_staff_see_every_operation_and_founders_those_of_their_own():
    own = make_organisation()
    mine, other = linked(own), make_operation()
    founder = make_founder(own)

    for role in (Role.ADVISOR, Role.MANAGER):
        assert set(Operation.objects.visible_to(make_user(role))) == {mine, other}
        assert Beneficiary.objects.visible_to(make_user(role)).count() == 2
    assert list(Operation.objects.visible_to(founder)) == [mine]
    assert list(Beneficiary.objects.visible_to(founder)) == [mine.beneficiary]
    for role in (Role.FUNDER, Role.EVALUATOR):
        assert not Operation.objects.visible_to(make_user(role)).exists()
        assert not Beneficiary.objects.visible_to(make_user(role)).exists()


def test_what_a_later_list_replaced_counts_no_more():
    later = make_operation(amount=Decimal(7))
    make_operation(replaced_by=later, beneficiary=later.beneficiary, amount=Decimal(5))

    totals = Operation.objects.current().totals()

    assert (totals["count"], totals["beneficiaries"], totals["total"]) == (1, 1, 7)
    with_sums = Beneficiary.objects.with_sums().get()
    assert (with_sums.operation_count, with_sums.total) == (1, 7)


def test_the_eu_share_is_counted_where_the_list_prints_a_rate():
    known = make_operation(amount=Decimal("100.05"), share=Decimal("49.92"))
    unknown = make_operation(amount=Decimal("50.00"))

    assert (known.eu_amount, unknown.eu_amount) == (Decimal("49.94"), None)
    assert Operation.objects.totals()["eu_total"] == Decimal("49.94")
    assert Operation.objects.none().totals()["total"] == 0


def test_half_a_cent_of_the_eu_share_goes_up_as_in_the_sum():
    operation = make_operation(amount=Decimal("0.10"), share=Decimal("5.00"))

    assert operation.eu_amount == Operation.objects.totals()["eu_total"] == Decimal("0.01")


@pytest.mark.parametrize(
    ("starts_on", "counts"),
    [
        (date(2021, 6, 15), False),
        (date(2021, 6, 16), True),
        (date(2024, 6, 15), True),
        (date(2024, 6, 16), False),
    ],
)
def test_three_years_end_on_the_day_and_begin_the_day_after_the_same_day(starts_on, counts):
    make_operation(starts_on=starts_on)

    assert Operation.objects.begun_in_three_years_before(date(2024, 6, 15)).exists() == counts


@pytest.mark.parametrize(
    ("starts_on", "counts"), [(date(2021, 2, 28), False), (date(2021, 3, 1), True)]
)
def test_three_years_before_a_leap_day(starts_on, counts):
    make_operation(starts_on=starts_on)

    assert Operation.objects.begun_in_three_years_before(date(2024, 2, 29)).exists() == counts


def test_an_undertaking_is_asked_about_with_all_its_organisations():
    mother, daughter, other = (make_organisation() for _each in range(3))
    rows = [linked(mother), linked(daughter)]
    linked(other)

    assert set(Operation.objects.received_by([mother, daughter])) == set(rows)


# --- what a person decides about a name ---


def test_a_name_is_linked_and_everything_under_it_stands_in_the_file():
    operation, organisation, advisor = make_operation(), make_organisation(), make_user()

    operation.beneficiary.link(organisation, by=advisor)

    beneficiary = Beneficiary.objects.get()
    assert (beneficiary.organisation, beneficiary.basis) == (organisation, Basis.DECIDED)
    assert beneficiary.settled_by == advisor
    assert list(Operation.objects.received_by([organisation])) == [operation]
    event = Event.objects.about(beneficiary).get()
    assert (event.verb, event.actor) == ("beneficiary.linked", advisor)
    assert event.details == {"organisation": organisation.pk}


def test_a_link_can_be_corrected_and_taken_away():
    beneficiary, advisor = make_beneficiary(), make_user()
    beneficiary.link(make_organisation(), by=advisor)

    beneficiary.link(other := make_organisation(), by=advisor)
    assert Beneficiary.objects.get().organisation == other
    beneficiary.leave(by=advisor)

    kept = Beneficiary.objects.get()
    assert (kept.organisation, kept.basis) == (None, Basis.DECIDED)
    verbs = Event.objects.about(beneficiary).values_list("verb", flat=True)
    assert sorted(verbs) == ["beneficiary.left", *["beneficiary.linked"] * 2]


def test_nothing_is_said_twice():
    beneficiary, organisation, advisor = make_beneficiary(), make_organisation(), make_user()
    beneficiary.link(organisation, by=advisor)

    with pytest.raises(ValidationError, match="already"):
        beneficiary.link(organisation, by=advisor)
    beneficiary.leave(by=advisor)
    with pytest.raises(ValidationError, match="already"):
        beneficiary.leave(by=advisor)


def test_a_link_by_name_can_be_confirmed_by_a_person():
    organisation = make_organisation()
    beneficiary = make_beneficiary(organisation=organisation, basis=Basis.SAME_NAME)

    beneficiary.link(organisation, by=make_user())

    assert Beneficiary.objects.get().basis == Basis.DECIDED


def test_an_organisations_name_finds_the_printed_ones_nobody_has_looked_at():
    organisation = make_organisation(name="Muster Träger")
    printed = make_beneficiary(name="MUSTER-TRÄGER gGmbH")
    make_beneficiary(name="Anderer Träger")
    make_beneficiary(name="Muster Träger e.V.").leave(by=make_user())

    assert list(Beneficiary.objects.unsettled().called_like(organisation)) == [printed]


@pytest.mark.parametrize(
    ("name", "kind", "legal_form"),
    [
        ("Muster e. V.", "association", "ev"),
        ("Muster gGmbH", "local_business", "ggmbh"),
        ("Muster gemeinnützige GmbH", "local_business", "ggmbh"),
        ("Muster GmbH", "local_business", "gmbh"),
        ("Muster gUG (haftungsbeschränkt)", "local_business", "gug"),
        ("Muster UG", "local_business", "ug"),
        ("Muster eG", "local_business", "eg"),
        ("Muster AG", "local_business", "other"),
        ("Stiftung Muster", "foundation", "foundation"),
        ("Muster", "local_business", ""),
    ],
)
def test_a_new_file_begins_with_what_the_name_tells(name, kind, legal_form):
    assert guessed(name) == (kind, legal_form)
