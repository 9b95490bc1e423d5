"""Entries of the directory: what the database refuses, and consent, given and taken back."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from best_portal.audit.models import Event
from enterprises.models import Entry, EntryConsent, EntryPart, IncomeMix
from enterprises.public import Mix, shown
from tests.factories import make_enterprise, make_entry, make_organisation, make_user

pytestmark = pytest.mark.django_db

DAY = date(2024, 5, 1)


@pytest.fixture
def advisor():
    return make_user()


def seen(entry):
    [one] = shown(Entry.objects.public().filter(pk=entry.pk).for_list())
    return one


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("enterprises_entry_kind_is_known", {"kind": "kiosk"}),
        ("enterprises_entry_status_is_known", {"status": "lost"}),
        ("enterprises_entry_has_name_and_text", {"name": ""}),
        ("enterprises_entry_has_name_and_text", {"text": ""}),
        ("enterprises_entry_published_with_time", {"published_at": None}),
        ("enterprises_entry_archived_with_time", {"archived_at": "2024-05-01T10:00Z"}),
        ("enterprises_entry_archived_with_time", {"status": "archived"}),
        ("enterprises_entry_point_is_whole", {"latitude": "52.5"}),
        ("enterprises_entry_point_is_whole", {"longitude": "13.4"}),
        ("enterprises_entry_point_is_in_berlin", {"latitude": "48.1", "longitude": "11.5"}),
    ],
)
def test_an_entry_is_refused(constraint, fields):
    with pytest.raises(IntegrityError, match=constraint):
        Entry.objects.filter(pk=make_entry().pk).update(**fields)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("enterprises_entryconsent_part_is_known", {"part": "all"}),
        ("enterprises_entryconsent_way_is_known", {"way": "hint"}),
        ("enterprises_entryconsent_given_by_somebody", {"given_by": ""}),
    ],
)
def test_a_consent_is_refused(constraint, fields):
    entry = make_entry()

    with pytest.raises(IntegrityError, match=constraint):
        EntryConsent.objects.filter(entry=entry).update(**fields)


def test_a_consent_holds_once_at_a_time():
    entry = make_entry(parts=["entry", "contact"])

    with pytest.raises(IntegrityError, match="enterprises_entryconsent_once_at_a_time"):
        entry.consents.create(part="contact", given_by="Muster", way="paper")


def test_what_was_taken_back_may_be_given_again(advisor, english):
    entry = make_entry(parts=["entry", "contact"])
    again = {"by": advisor, "given_by": "Muster", "given_on": DAY, "way": "paper"}

    with pytest.raises(ValidationError, match="agreed to this already"):
        entry.agree(["contact"], **again)
    entry.take_back("contact", by=advisor)
    entry.agree(["contact"], **again)

    kept = entry.consents.filter(part="contact").order_by("pk")
    assert [consent.revoked_at is None for consent in kept] == [False, True]
    with pytest.raises(ValidationError, match="a day that has been"):
        entry.agree(["address"], **again | {"given_on": timezone.localdate() + timedelta(days=1)})


def test_nothing_is_published_without_consent_to_the_entry(advisor, english):
    organisation = make_organisation()

    with pytest.raises(ValidationError, match="nothing is published"):
        Entry.objects.record(
            by=advisor,
            organisation=organisation,
            parts=["contact"],
            given_by="Muster",
            given_on=DAY,
            way="paper",
            name="Muster",
            kind="local_business",
            text="Text",
        )

    assert not Entry.objects.exists()


def test_each_part_is_shown_with_its_own_consent_only(advisor):
    organisation = make_enterprise()
    organisation.assessments.create(
        criterion="community", is_met=True, assessed_on=DAY, evidence="Satzung"
    )
    organisation.assessments.create(
        criterion="reinvestment", is_met=False, assessed_on=DAY, evidence="-"
    )
    organisation.income_mixes.create(year=2023, public_contracts=300, private_sales=100)
    entry = make_entry(
        organisation=organisation,
        address="Musterweg 1",
        phone="030 5550",
        latitude="52.5",
        longitude="13.4",
    )
    parts = {
        EntryPart.ADDRESS: lambda one: (one.address, one.point) == ("Musterweg 1", (13.4, 52.5)),
        EntryPart.CONTACT: lambda one: one.phone == "030 5550",
        EntryPart.CRITERIA: lambda one: one.criteria is not None and len(one.criteria) == 1,
        EntryPart.INCOME_MIX: lambda one: one.mix == Mix(2023, 75, 25, 0),
    }
    for part in parts:
        one = seen(entry)
        assert not any(told(one) for told in parts.values())
        assert (one.address, one.point, one.phone, one.criteria, one.mix) == (
            "",
            None,
            "",
            None,
            None,
        )
        entry.agree([part], by=advisor, given_by="Muster", given_on=DAY, way="paper")
        one = seen(entry)
        assert [other for other, told in parts.items() if told(one)] == [part]
        entry.take_back(part, by=advisor)


def test_the_last_assessment_counts_and_what_is_deleted_does_not(advisor):
    organisation = make_enterprise()
    for day, is_met in [(DAY, True), (date(2024, 6, 1), False)]:
        last = organisation.assessments.create(
            criterion="community", is_met=is_met, assessed_on=day, evidence="-"
        )
    entry = make_entry(organisation=organisation, parts=["entry", "criteria"])

    assert seen(entry).criteria == ()
    last.withdraw(by=advisor)
    assert len(seen(entry).criteria) == 1


def test_shares_of_an_income_are_whole_percents():
    assert Mix.of(IncomeMix(year=2023, public_contracts=1, private_sales=2)) == Mix(2023, 33, 67, 0)
    assert Mix.of(IncomeMix(year=2023)) == Mix(2023, 0, 0, 0)


def test_an_entry_is_archived_and_put_back(advisor, english):
    entry = make_entry()

    entry.archive(by=advisor)
    assert not entry.is_public
    with pytest.raises(ValidationError, match="in the meantime"):
        entry.archive(by=advisor)
    entry.restore(by=advisor)

    assert entry.is_public
    verbs = [event.verb for event in Event.objects.about(entry).order_by("pk")]
    assert verbs == ["entry.archived", "entry.restored"]


def test_addresses_of_two_of_a_name_differ():
    one, other = make_entry(name="Muster"), make_entry(name="Muster")

    assert one.slug != other.slug
    assert one.slug.startswith("muster-")
