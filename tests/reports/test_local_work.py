"""Forums, networks, agreements and tasks: counted as SQL does, and kept once a period is locked."""

import json
import random
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.db import TRIGGERS, explained
from consultations.models import PeriodLock
from enterprises.models import Forum, ForumKind, Meeting
from reports import figures
from reports.freezing import freeze
from reports.models import Indicator, IndicatorSet, Target
from reports.reading import Reading
from tests.factories import (
    YEAR,
    make_agreement,
    make_consultation,
    make_forum,
    make_forum_member,
    make_grant,
    make_meeting,
    make_network,
    make_person,
    make_report,
    make_task,
    make_user,
    make_version,
)
from tests.reports.acceptance import refused
from tests.reports.test_figures import SQL, ask, make_scope
from tests.routes.forms import forms_of

pytestmark = pytest.mark.django_db

BERLIN = ZoneInfo("Europe/Berlin")
# The database wants a theme of a working group, and somebody whose round it is.
KINDS = (
    lambda: {"kind": ForumKind.FORUM},
    lambda: {"kind": ForumKind.WORKING_GROUP, "theme": "Räume"},
    lambda: {"kind": ForumKind.ROUND, "organisation": make_network()},
)
RULES = ("forum_meetings", "forum_attendances", "network_meetings", "agreements_signed")


def at(month, day=1, hour=18):
    return datetime(YEAR, month, day, hour, tzinfo=BERLIN)


@pytest.fixture
def grant():
    return make_grant()


@pytest.fixture
def forum(grant):
    forum = make_forum()
    grant.project.forums.add(forum)
    return forum


def lock(grant):
    PeriodLock.objects.lock(
        by=make_user(Role.MANAGER),
        project=grant.project,
        starts_on=date(YEAR, 1, 1),
        ends_on=date(YEAR, 6, 30),
        because="Zwischennachweis",
    )


@pytest.mark.parametrize("seed", range(4))
def test_meetings_and_agreements_are_counted_as_plain_sql_counts_them(grant, seed):
    chance = random.Random(seed)
    for _ in range(4):
        forum = make_forum(**chance.choice(KINDS)())
        if chance.random() < 0.7:
            grant.project.forums.add(forum)
        member = make_forum_member(forum=forum)
        for _ in range(4):
            # Around midnight of the day on which the period ends, too.
            meeting = make_meeting(
                forum=forum,
                starts_at=at(6, 30, 22) + timedelta(hours=chance.randint(-4000, 4000)),
                guests=chance.randint(0, 9),
                is_cancelled=chance.random() < 0.2,
                **(
                    {"withdrawn_at": timezone.now(), "withdrawn_by": make_user(Role.ADVISOR)}
                    if chance.random() < 0.2
                    else {}
                ),
            )
            if chance.random() < 0.5:
                meeting.attendances.create(member=member)
        agreement = make_agreement(
            signed_on=chance.choice(
                [None, date(YEAR, 1, 1) + timedelta(days=chance.randint(0, 364))]
            )
        )
        if chance.random() < 0.7:
            grant.project.agreements.add(agreement)
    for days in ({}, {"ends_on": date(YEAR, 6, 30)}, {"starts_on": date(YEAR, 7, 1)}):
        scope = make_scope(grant, **days)
        for one in (scope, scope.cumulated):
            counted = {rule: figures.RULES[rule](one).value for rule in RULES}
            assert counted == {rule: ask(SQL[rule], one) for rule in RULES}


def test_the_evening_before_new_year_belongs_to_the_old_year(grant, forum):
    make_meeting(forum=forum, starts_at=datetime(YEAR, 12, 31, 23, 30, tzinfo=BERLIN))
    make_meeting(forum=forum, starts_at=datetime(YEAR + 1, 1, 1, 0, 30, tzinfo=BERLIN))

    assert figures.RULES["forum_meetings"](make_scope(grant)).value == 1


def test_a_meeting_still_to_come_counts_nowhere():
    this_year = timezone.localdate().year
    grant = make_grant(starts_on=date(this_year - 1, 1, 1), ends_on=date(this_year + 2, 12, 31))
    forum = make_forum()
    grant.project.forums.add(forum)
    make_meeting(forum=forum, starts_at=timezone.now() + timedelta(days=2))

    assert figures.RULES["forum_meetings"](make_scope(grant)).value == 0


def test_an_indicator_of_a_task_counts_what_was_noted_under_it(grant):
    tasks = [make_task(project=grant.project, number=number) for number in (1, 2)]
    for task, minutes in ((tasks[0], 45), (tasks[0], 45), (tasks[1], 60), (None, 60)):
        make_consultation(
            project=grant.project, task=task, minutes=minutes, held_on=date(YEAR, 3, 1)
        )
    chosen = IndicatorSet.objects.get(name="Sechs Aufgaben von BEST Pankow")
    Target.objects.take(chosen, by=make_user(Role.MANAGER), grant=grant)
    document = freeze(make_version(report=make_report(grant=grant)), at=timezone.now())
    reading = Reading(json.loads(document.to_json()))

    said = {each.code: each.in_period for each in reading.figures}
    assert (said["BEST-A1"], said["BEST-A2"], said["BEST-A3"]) == (2, 1, 0)
    assert (said["BEST-A1-STD"], said["BEST-A2-STD"]) == (Decimal("1.50"), Decimal("1.00"))
    evidence = reading.evidence("BEST-A1")
    assert (len(evidence.rows), evidence.total) == (2, 2)
    assert evidence.rule["way"] == (
        "Zählregel consultations, Fassung 1; es zählt jede Beratung einmal; maßgeblich ist: "
        "Tag der Beratung; nur Aufgabe 1."
    )


def test_every_indicator_names_a_rule_that_can_count_it():
    for indicator in Indicator.objects.exclude(task=None):
        assert figures.RULES[indicator.rule].by_task


# --- what a locked period counted stays ---


@pytest.mark.parametrize(
    "change",
    [
        lambda meeting: Meeting.objects.filter(pk=meeting.pk).update(guests=99),
        lambda meeting: Meeting.objects.filter(pk=meeting.pk).update(starts_at=at(9)),
        lambda meeting: Meeting.objects.filter(pk=meeting.pk).update(is_cancelled=True),
        lambda meeting: make_meeting(forum=meeting.forum, starts_at=at(2)),
        lambda meeting: meeting.attendances.create(member=make_forum_member(forum=meeting.forum)),
        lambda meeting: meeting.attendances.all()[0].delete(),
        lambda meeting: meeting.forum.projects.clear(),
        lambda meeting: meeting.withdraw(by=make_user(Role.MANAGER)),
    ],
)
def test_a_meeting_counted_in_a_locked_period_stays(grant, forum, change):
    meeting = make_meeting(forum=forum, starts_at=at(3), guests=4)
    meeting.attendances.create(member=make_forum_member(forum=forum))
    lock(grant)

    with pytest.raises(ValidationError, match="gesperrt"), explained(Meeting):
        change(meeting)
    assert figures.RULES["forum_attendances"](make_scope(grant)).value == 5


def test_two_who_were_at_one_counted_meeting_stay_two_and_the_page_says_why(grant, forum, sign_in):
    meeting = make_meeting(forum=forum, starts_at=at(3))
    one, other = make_person(), make_person()
    for person in (one, other):
        meeting.attendances.create(member=make_forum_member(forum=forum, person=person))
    lock(grant)
    client = sign_in(make_user(Role.MANAGER))
    address = reverse("enterprises:compare", args=["personen", one.pk, other.pk])
    form = next(each for each in forms_of(client.get(address).text) if "keep" in each)

    page = client.post(address, form)

    assert page.status_code == 200
    told = TRIGGERS["consultations_locked_meetings_stay"]
    assert page.context["form"].non_field_errors() == [str(told)]
    assert meeting.attendances.count() == 2


KIND = "consultations_locked_forum_kinds_stay"


def kinds_counted(grant):
    rules = ("forum_meetings", "forum_attendances", "network_meetings")
    return [figures.RULES[rule](make_scope(grant)).value for rule in rules]


def test_the_kind_a_forum_was_counted_by_stays(grant, forum):
    make_meeting(forum=forum, starts_at=at(3), guests=4)
    rounds = make_forum(kind=ForumKind.ROUND, organisation=make_network(), theme="Räume")
    grant.project.forums.add(rounds)
    make_meeting(forum=rounds, starts_at=at(4))
    lock(grant)
    Forum.objects.filter(pk=forum.pk).update(organisation=make_network(), theme="Räume")

    for pk, kind in ((forum.pk, "round"), (rounds.pk, "forum"), (rounds.pk, "working_group")):
        with refused(KIND):
            Forum.objects.filter(pk=pk).update(kind=kind)
    assert kinds_counted(grant) == [1, 4, 1]

    # Forums and working groups are counted together.
    for kind in (ForumKind.WORKING_GROUP, ForumKind.FORUM):
        Forum.objects.filter(pk=forum.pk).update(kind=kind)
    PeriodLock.objects.get().lift(by=make_user(Role.MANAGER), reason="Es war ein Netzwerk")
    Forum.objects.filter(pk=forum.pk).update(kind=ForumKind.ROUND)


def test_a_forum_that_is_counted_in_no_locked_period_may_become_another_kind(grant, forum):
    make_meeting(forum=forum, starts_at=at(3), is_cancelled=True)
    make_meeting(forum=forum, starts_at=at(9))
    make_meeting(forum=forum, starts_at=at(4)).withdraw(by=make_user(Role.MANAGER))
    elsewhere = make_forum()
    make_meeting(forum=elsewhere, starts_at=at(3))
    lock(grant)

    changed = Forum.objects.update(kind=ForumKind.ROUND, organisation=make_network())
    assert changed == 2


def test_the_form_of_a_forum_tells_at_the_kind_why_it_stays(grant, forum, sign_in):
    make_meeting(forum=forum, starts_at=at(3), guests=4)
    lock(grant)
    client = sign_in(make_user(Role.ADVISOR))
    address = reverse("enterprises:forum_edit", args=[forum.pk])
    form = next(each for each in forms_of(client.get(address).text) if "kind" in each)
    typed = {"kind": "round", "organisation": make_network().pk, "purpose": "Neu gefasst"}

    page = client.post(address, form | typed)

    assert page.status_code == 200
    assert page.context["form"].errors == {"kind": [str(TRIGGERS[KIND])]}
    assert "Neu gefasst" in page.text
    forum.refresh_from_db()
    assert (forum.kind, forum.purpose) == (ForumKind.FORUM, "")
    # The rest of the form is free.
    assert client.post(address, form | {"purpose": "Neu gefasst"}).status_code == 302


def test_what_tells_no_number_may_be_written_later(grant, forum):
    meeting = make_meeting(forum=forum, starts_at=at(3))
    lock(grant)

    Meeting.objects.filter(pk=meeting.pk).update(record="Nachgetragen.", place="Saal")
    make_meeting(forum=forum, starts_at=at(8))
    make_meeting(starts_at=at(3))


def test_a_form_tells_why_a_counted_meeting_stays(grant, forum, sign_in):
    meeting = make_meeting(forum=forum, starts_at=at(3), guests=4)
    lock(grant)
    address = reverse("enterprises:meeting_edit", args=[meeting.pk])
    typed = {
        "starts_at_0": f"{YEAR}-03-02",
        "starts_at_1": "18:00",
        "minutes": "90",
        "place": "Saal",
        "agenda": "Neu",
    }

    page = sign_in(make_user(Role.ADVISOR)).post(address, typed)

    assert page.status_code == 200
    assert "gesperrt" in page.content.decode()
    assert "Neu" in page.content.decode()


def test_the_project_form_tells_why_a_counted_forum_stays(grant, forum, sign_in):
    make_meeting(forum=forum, starts_at=at(3))
    lock(grant)
    address = reverse("consultations:project_edit", args=[grant.project.key])
    client = sign_in(make_user(Role.MANAGER))
    typed = {
        "name": grant.project.name,
        "starts_on": f"{grant.project.starts_on}",
        "ends_on": f"{grant.project.ends_on}",
        "tasks-TOTAL_FORMS": "0",
        "tasks-INITIAL_FORMS": "0",
    }

    page = client.post(address, typed)

    assert page.status_code == 200, page.headers
    assert "gesperrt" in page.content.decode()
    assert list(grant.project.forums.all()) == [forum]


def test_a_signature_counted_in_a_locked_period_stays(grant):
    agreement = make_agreement(signed_on=date(YEAR, 3, 1))
    grant.project.agreements.add(agreement)
    later = make_agreement(signed_on=None)
    grant.project.agreements.add(later)
    lock(grant)

    for each, day in ((agreement, None), (agreement, date(YEAR, 9, 1)), (later, date(YEAR, 4, 1))):
        each.signed_on = day
        with pytest.raises(ValidationError, match="gesperrt"), explained(type(each)):
            each.save()
    with pytest.raises(ValidationError, match="gesperrt"), explained(type(agreement)):
        grant.project.agreements.clear()
    later.signed_on = date(YEAR, 8, 1)
    later.save()


def test_the_number_of_a_counted_task_stays(grant):
    task = make_task(project=grant.project, number=1)
    make_consultation(project=grant.project, task=task, held_on=date(YEAR, 3, 1))
    lock(grant)

    task.number = 2
    with pytest.raises(ValidationError, match="gesperrt"), explained(type(task)):
        task.save()
    task.number, task.title = 1, "Andere Worte"
    task.save()
