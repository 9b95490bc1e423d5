"""Single undertakings: who counts as one with whom on which day, and nobody in two at a time."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from enterprises.models import Undertaking, UndertakingMember
from tests.factories import make_enterprise, make_founder, make_undertaking, make_user

pytestmark = pytest.mark.django_db

DAY = date(2024, 3, 1)
NEXT = DAY + timedelta(days=1)


def join(organisation, other, **fields):
    fields = {"by": make_user(), "link": "majority", "since": DAY} | fields
    return Undertaking.objects.join(organisation, other, **fields)


def together(organisation, day=DAY):
    return set(Undertaking.objects.members_of(organisation, day))


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"link": "love"}, "enterprises_undertakingmember_link_is_known"),
        (
            {"until": DAY - timedelta(days=1)},
            "enterprises_undertakingmember_ends_after_start",
        ),
    ],
)
def test_a_link_is_possible(fields, constraint):
    fields = {"link": "board", "since": DAY} | fields

    with pytest.raises(IntegrityError, match=constraint):
        Undertaking.objects.create().members.create(organisation=make_enterprise(), **fields)


def test_nobody_is_in_two_at_a_time():
    one = make_enterprise()
    make_undertaking(one, make_enterprise())

    with pytest.raises(IntegrityError, match="enterprises_undertakingmember_in_one_at_a_time"):
        make_undertaking(one)


def test_an_organisation_alone_is_an_undertaking_of_its_own():
    one = make_enterprise()

    assert Undertaking.objects.members_of(one, DAY) == (one,)


def test_a_chain_is_one_undertaking_from_its_days_on():
    first, second, third = (make_enterprise() for _each in range(3))

    join(first, second)
    join(second, third, since=NEXT, link="contract")

    assert together(third, DAY) == {third}
    assert together(first, DAY) == {first, second}
    assert together(third, NEXT) == together(first, NEXT) == {first, second, third}
    assert Undertaking.objects.groups([first], NEXT)[first.pk] == (first, second, third)
    assert Event.objects.about(first).get().verb == "undertaking.joined"


def test_a_link_that_has_ended_counts_until_its_last_day():
    first, second = make_enterprise(), make_enterprise()
    join(first, second).delete()
    join(first, second, until=NEXT)

    assert together(first, NEXT) == {first, second}
    assert together(first, NEXT + timedelta(days=1)) == {first}


def test_an_earlier_link_is_noted_later():
    first, second, third = (make_enterprise() for _each in range(3))
    join(first, second, since=NEXT)

    join(first, third, since=DAY)

    assert together(first, DAY) == {first, third}
    assert together(third, NEXT) == {first, second, third}


@pytest.mark.usefixtures("english")
def test_what_cannot_be_linked_is_refused_in_words():
    first, second = make_enterprise(), make_enterprise()
    make_undertaking(second, make_enterprise())

    with pytest.raises(ValidationError, match="belongs to a single undertaking"):
        join(first, second)
    with pytest.raises(ValidationError, match="linked with itself"):
        join(first, first)
    assert together(first) == {first}


def test_founders_know_their_own_links_only():
    first, second = make_enterprise(), make_enterprise()
    make_undertaking(first, second)
    founder = make_founder(first)

    rows = UndertakingMember.objects.visible_to(founder)

    assert [row.organisation for row in rows] == [first]
    assert UndertakingMember.objects.visible_to(make_user()).count() == 2
    assert not UndertakingMember.objects.visible_to(make_user(Role.FUNDER)).exists()


def test_staff_link_and_end_a_link_on_the_page(sign_in):
    first, second = make_enterprise(), make_enterprise()
    client = sign_in(make_user())

    answer = client.post(
        reverse("enterprises:linked_new", args=[first.pk]),
        {"other": second.pk, "other_text": second.name, "link": "board", "since": "2024-03-01"},
    )

    assert answer.status_code == 302
    assert together(first) == {first, second}
    member = second.undertakings.get()
    address = reverse("enterprises:linked_edit", args=[first.pk, member.pk])
    assert client.get(address).status_code == 200
    client.post(address, {"link": "board", "since": "2024-03-01", "until": "2024-03-01"})
    assert together(first, NEXT) == {first}


def test_a_stranger_to_the_undertaking_is_not_found_there(sign_in):
    first, other = make_enterprise(), make_enterprise()
    make_undertaking(first)
    make_undertaking(other)
    address = reverse("enterprises:linked_edit", args=[first.pk, other.undertakings.get().pk])

    assert sign_in(make_user()).get(address).status_code == 404
