"""Service building blocks: described once, contributed by partners, built into ideas."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from best_portal.accounts.models import Role
from enterprises.models import Organisation, OrganisationKind, ServiceBlock
from tests.factories import (
    make_block,
    make_idea,
    make_need,
    make_organisation,
    make_resource,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(sign_in):
    return sign_in(make_user(Role.ADVISOR))


def test_a_block_is_described_and_stands_in_the_catalogue_with_its_partners(desk):
    partner = make_resource().organisation
    sent = {
        "name": "Mittagstisch",
        "service": "Dreimal in der Woche wird gekocht.",
        "takes": "Eine Küche.",
        "tried_where": "Musterkiez",
        "providers": [partner.pk],
    }

    answer = desk.post(reverse("enterprises:block_new"), sent, follow=True)

    block = ServiceBlock.objects.get()
    assert [*block.providers.all()] == [partner]
    page = desk.get(block.get_absolute_url()).text
    assert answer.redirect_chain
    for words in (sent["name"], sent["service"], sent["takes"], sent["tried_where"], partner.name):
        assert words in page
    assert partner.name in desk.get(reverse("enterprises:blocks")).text


def test_partners_are_those_who_offer_or_are_a_network():
    offers = make_resource().organisation
    make_resource(side="need")
    network = make_organisation(kind=OrganisationKind.NETWORK)
    make_organisation()

    assert {*Organisation.objects.partners()} == {offers, network}


def test_an_idea_is_built_of_blocks_and_each_shows_the_other(desk):
    need, lunch, office = make_need(), make_block(name="Mittagstisch"), make_block(name="Büro")
    sent = {"title": "Lehrküche", "begun_on": "2024-03-01", "blocks": [lunch.pk]}

    page = desk.post(reverse("consultations:idea_new", args=[need.pk]), sent, follow=True).text

    assert f'href="{lunch.get_absolute_url()}">Mittagstisch</a>' in page
    assert office.get_absolute_url() not in page
    assert "Lehrküche" in desk.get(lunch.get_absolute_url()).text
    assert "Lehrküche" not in desk.get(office.get_absolute_url()).text


def test_one_in_the_bin_stays_with_its_ideas_and_is_offered_to_no_other(desk):
    need, block = make_need(), make_block(name="Mittagstisch")
    idea = make_idea(need=need)
    idea.blocks.add(block)

    block.withdraw(by=make_user(Role.MANAGER))

    assert "Mittagstisch" in desk.get(need.get_absolute_url()).text
    assert block.get_absolute_url() not in desk.get(need.get_absolute_url()).text
    edit, new = (
        desk.get(reverse(f"consultations:idea_{name}", args=[row.pk])).context["form"]
        for name, row in (("edit", idea), ("new", need))
    )
    assert [*edit.fields["blocks"].queryset] == [block]
    assert "blocks" not in new.fields


def test_a_name_is_taken_once_until_its_block_is_deleted(desk):
    make_block(name="Mittagstisch").withdraw(by=make_user(Role.MANAGER))
    make_block(name="Mittagstisch")

    page = desk.post(
        reverse("enterprises:block_new"), {"name": "Mittagstisch", "service": "Noch einmal."}
    )

    assert "Einen Baustein mit diesem Namen gibt es schon." in page.text
    assert "Noch einmal." in page.text


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"name": ""}, "enterprises_serviceblock_says_what"),
        ({"service": ""}, "enterprises_serviceblock_says_what"),
        ({"name": "Mittagstisch"}, "enterprises_serviceblock_one_of_a_name"),
        ({"withdrawn_by": 1}, "enterprises_serviceblock_deleted_by_somebody"),
    ],
)
def test_the_database_refuses(fields, name):
    make_block(name="Mittagstisch")
    if "withdrawn_by" in fields:
        fields = {"withdrawn_by": make_user()}

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        make_block(**fields)
