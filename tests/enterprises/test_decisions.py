"""Decisions of forums: who does them by when, what became of them, who is reminded."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from best_portal.accounts.models import Role
from enterprises.models import Decision
from tests.factories import (
    make_decision,
    make_forum,
    make_forum_member,
    make_founder,
    make_meeting,
    make_user,
)

pytestmark = pytest.mark.django_db


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("enterprises_decision_says_what", {"what": ""}),
        ("enterprises_decision_has_one_owner", {"advisor": None}),
        ("enterprises_decision_done_by_somebody", {"done_at": timezone.now()}),
        ("enterprises_decision_dropped_with_reason", {"dropped_at": timezone.now()}),
        ("enterprises_decision_dropped_with_reason", {"dropped_because": "zu teuer"}),
    ],
)
def test_a_decision_is_whole(constraint, fields):
    with pytest.raises(IntegrityError, match=constraint):
        make_decision(**fields)


def test_a_decision_has_no_two_owners():
    member = make_forum_member()

    with pytest.raises(IntegrityError, match="enterprises_decision_has_one_owner"):
        make_decision(owner=member, advisor=make_user())


def test_a_decision_is_done_or_dropped():
    now = timezone.now()

    with pytest.raises(IntegrityError, match="enterprises_decision_done_or_dropped"):
        make_decision(done_at=now, done_by=make_user(), dropped_at=now, dropped_because="nein")


def test_only_a_deleted_decision_was_deleted_by_somebody():
    row = make_decision()

    with pytest.raises(IntegrityError, match="enterprises_decision_deleted_by_somebody"):
        Decision.objects.filter(pk=row.pk).update(withdrawn_by=make_user())


def test_an_open_decision_is_done_once_and_opened_again():
    row, user = make_decision(due_on=in_days(-1)), make_user()
    assert row.is_overdue

    row.settle(by=user)

    assert (row.done_by, row.is_open, row.is_overdue) == (user, False, False)
    with pytest.raises(ValidationError, match="inzwischen"):
        row.settle(by=user)
    with pytest.raises(ValidationError, match="inzwischen"):
        row.drop(by=user, reason="doch nicht")
    row.reopen(by=user)
    assert row.is_open
    with pytest.raises(ValidationError, match="offen"):
        row.reopen(by=user)


def test_dropping_needs_a_reason():
    row = make_decision()

    with pytest.raises(ValidationError, match="verworfen"):
        row.drop(by=make_user(), reason=" ")
    row.drop(by=make_user(), reason="  kein  Geld ")

    assert row.dropped_because == "kein Geld"


def test_what_goes_with_its_meeting_counts_nowhere():
    row = make_decision(due_on=in_days(-1))

    row.meeting.withdraw(by=make_user())

    assert not Decision.objects.overdue().exists()
    row.meeting.restore(by=make_user())
    assert list(Decision.objects.overdue()) == [row]


def test_it_is_passed_on_while_it_is_open():
    row, to = make_decision(), make_user()

    row.pass_on(to=to, by=make_user(Role.MANAGER))

    assert row.advisor == to
    member = make_forum_member()
    with pytest.raises(ValidationError, match="Mitglied"):
        make_decision(meeting=make_meeting(forum=member.forum), owner=member).pass_on(to=to, by=to)


def test_an_advisor_writes_down_a_decision(sign_in):
    member = make_forum_member()
    meeting = make_meeting(forum=member.forum)
    client, address = sign_in(make_user()), f"{meeting.get_absolute_url()}beschluesse/neu/"
    form = {"what": "Schild aufhängen", "due_on": f"{in_days(10)}"}

    nobody = client.post(address, form)
    early = client.post(address, form | {"owner": member.pk, "due_on": "2001-01-01"})
    stranger = client.post(address, form | {"owner": make_forum_member().pk})
    made = client.post(address, form | {"owner": member.pk})

    assert "Schild aufhängen" in nobody.text
    assert "due_on" in early.context["form"].errors
    assert "owner" in stranger.context["form"].errors
    assert made.status_code == 302
    assert (Decision.objects.get().owner, Decision.objects.get().due_on) == (member, in_days(10))


def test_the_own_day_shows_what_is_due_of_the_own_forums(sign_in):
    me, colleague = make_user(), make_user()
    mine, theirs = make_forum(advisor=me), make_forum(advisor=colleague)
    member = make_forum_member(forum=mine)
    at_mine, at_theirs = make_meeting(forum=mine), make_meeting(forum=theirs)
    shown = [
        make_decision(meeting=at_mine, owner=member, due_on=in_days(-3)),
        make_decision(meeting=at_theirs, advisor=me, due_on=in_days(2)),
    ]
    make_decision(meeting=at_theirs, advisor=colleague, due_on=in_days(1))
    make_decision(meeting=at_mine, advisor=me, due_on=in_days(60))
    make_decision(meeting=at_mine, advisor=me, due_on=in_days(0)).settle(by=me)

    assert list(sign_in(me).get("/").context["decisions"]) == shown


def test_buttons_say_what_they_did(sign_in):
    row, client = make_decision(what="Platz fegen"), sign_in(make_user())

    done = client.post(f"/beschluesse/{row.pk}/erledigt/", follow=True).text
    twice = client.post(f"/beschluesse/{row.pk}/erledigt/", follow=True).text
    client.post(f"/beschluesse/{row.pk}/wieder/")
    client.post(f"/beschluesse/{row.pk}/verwerfen/", {"reason": "Regen"})

    assert "Erledigt: Platz fegen" in done
    assert "inzwischen" in twice
    row.refresh_from_db()
    assert row.dropped_because == "Regen"


def test_the_list_shows_open_ones_first_due(sign_in):
    late, later = make_decision(due_on=in_days(-2)), make_decision(due_on=in_days(9))
    done = make_decision()
    done.settle(by=make_user())
    client = sign_in(make_user())

    def shown(query=""):
        return list(client.get(f"/beschluesse/{query}").context["page"].object_list)

    assert shown() == [late, later]
    assert shown("?state=overdue") == [late]
    assert shown("?state=settled") == [done]
    assert len(shown("?state=all")) == 3
    assert shown(f"?forum={later.meeting.forum_id}") == [later]
    assert shown("?state=nonsense") == []


def test_the_list_costs_the_same_however_long(sign_in, count_queries):
    client, member = sign_in(make_user()), make_forum_member()
    make_decision(meeting=make_meeting(forum=member.forum), owner=member)
    few = count_queries(client.get, "/beschluesse/")
    for _each in range(4):
        other = make_forum_member()
        make_decision(meeting=make_meeting(forum=other.forum), owner=other)
        make_decision()

    assert count_queries(client.get, "/beschluesse/") == few


def test_a_founder_reads_decisions_of_the_own_forum_only(sign_in):
    founder, forum = make_founder(), make_forum(is_public=True)
    make_forum_member(forum=forum, person=founder.person)
    row = make_decision(meeting=make_meeting(forum=forum), what="Fest planen")
    client = sign_in(founder)

    assert "Fest planen" in client.get(row.meeting.get_absolute_url()).text
    assert list(Decision.objects.visible_to(founder)) == [row]
    assert client.post(f"/beschluesse/{row.pk}/erledigt/").status_code == 403
    stranger = sign_in(make_founder())
    assert "Fest planen" not in stranger.get(row.meeting.get_absolute_url()).text
