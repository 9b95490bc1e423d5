"""Networks and project groups: members, meetings, how they are doing, and advice for them."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from enterprises.models import Alliance, HealthNote, OrganisationKind
from tests.factories import (
    make_consultation,
    make_forum,
    make_founder,
    make_health_note,
    make_meeting,
    make_network,
    make_organisation,
    make_user,
)

pytestmark = pytest.mark.django_db


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("enterprises_healthnote_health_is_known", {"health": "splendid"}),
        ("enterprises_healthnote_conflicts_are_told", {"health": "conflicts"}),
    ],
)
def test_a_note_is_possible(constraint, fields):
    with pytest.raises(IntegrityError, match=constraint):
        make_health_note(**fields)


def test_only_a_deleted_note_was_deleted_by_somebody():
    note = make_health_note()

    with pytest.raises(IntegrityError, match="enterprises_healthnote_deleted_by_somebody"):
        HealthNote.objects.filter(pk=note.pk).update(withdrawn_by=make_user())


def test_the_list_says_who_is_in_it_when_it_met_and_how_it_is_doing():
    network, advisor = make_network(), make_user()
    make_organisation()
    for until in (None, in_days(3), in_days(-3)):
        network.memberships.create(member=make_organisation(), until=until)
    deleted = network.memberships.create(member=make_organisation())
    deleted.withdraw(by=advisor)
    make_health_note(organisation=network, health="active", noted_on=in_days(-90))
    make_health_note(organisation=network, health="quiet", noted_on=in_days(-9))
    forum = make_forum(kind="round", organisation=network)
    make_meeting(forum=forum, starts_at=timezone.now() - timedelta(days=200))
    last = make_meeting(forum=forum)
    to_come = make_meeting(forum=forum, starts_at=timezone.now() + timedelta(days=9))
    held = make_consultation([advisor], organisation=network)

    [row] = Alliance.objects.for_list(advisor)

    assert row.member_count == 2
    assert (row.health, row.health_on) == ("quiet", in_days(-9))
    assert (row.last_at, row.next_at) == (last.starts_at, to_come.starts_at)
    assert row.advised_on == held.held_on


def test_a_project_group_is_advised_like_any_organisation(sign_in):
    group = make_organisation(kind=OrganisationKind.PROJECT_GROUP, name="Nordertor Muster")
    advisor = make_user()
    held = make_consultation([advisor], organisation=group)
    client = sign_in(advisor)

    page = client.get(group.get_absolute_url())
    found = client.get("/suche/organisationen/", {"q": "Nordertor"})

    assert held.get_absolute_url() in page.text
    assert "Nordertor Muster" in found.text


def test_how_a_network_is_doing_is_kept_by_date_and_author(sign_in):
    network, advisor = make_network(), make_user(name="Ada Muster")
    client, address = sign_in(advisor), f"/betriebe/{network.pk}/zustand/neu/"

    silent = client.post(address, {"health": "conflicts", "noted_on": "2024-05-01"})
    client.post(address, {"health": "active", "noted_on": "2024-03-01"})
    client.post(address, {"health": "conflicts", "noted_on": "2024-05-01", "note": "Streit"})
    page = client.get(network.get_absolute_url()).text

    assert "worum" in silent.text
    notes = HealthNote.objects.newest_first()
    assert [(each.health, each.author) for each in notes] == [
        ("conflicts", advisor),
        ("active", advisor),
    ]
    assert page.index("Streit") < page.index("01.03.2024")
    assert "Ada Muster" in page


def test_members_do_not_read_how_the_staff_sees_their_network(sign_in):
    network = make_network()
    make_health_note(organisation=network, health="conflicts", note="Streit um die Kasse")

    page = sign_in(make_founder(network)).get(network.get_absolute_url())

    assert page.status_code == 200
    assert "Streit um die Kasse" not in page.text


def test_the_page_of_a_network_shows_its_round_and_its_meetings(sign_in):
    network = make_network()
    forum = make_forum(kind="round", organisation=network, name="Händlerrunde Muster")
    make_meeting(forum=forum)

    page = sign_in(make_user()).get(network.get_absolute_url())

    assert page.text.count("Händlerrunde Muster") >= 2
    assert [entry.kind.name for entry in page.context["entries"]] == ["meeting"]


def test_filters_are_in_the_address(sign_in):
    quiet, group = make_network(), make_organisation(kind=OrganisationKind.PROJECT_GROUP)
    make_health_note(organisation=quiet, health="quiet")
    client = sign_in(make_user())

    def shown(query):
        return set(client.get(f"/netzwerke/{query}").context["rows"])

    assert {row.pk for row in shown("")} == {quiet.pk, group.pk}
    assert {row.pk for row in shown("?kind=project_group")} == {group.pk}
    assert {row.pk for row in shown("?health=quiet")} == {quiet.pk}
    assert shown("?kind=association") == set()


def test_the_list_costs_the_same_however_long(sign_in, count_queries):
    client = sign_in(make_user())
    make_health_note()
    few = count_queries(client.get, "/netzwerke/")
    for _each in range(4):
        make_meeting(forum=make_forum(kind="round", organisation=make_health_note().organisation))

    assert count_queries(client.get, "/netzwerke/") == few
