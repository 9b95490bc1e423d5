"""Forums: who knows of them, who is a member, who was at a meeting, what calendars are told."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from enterprises.models import Forum, ForumMember, Meeting, OrganisationKind, Person
from tests.factories import (
    YEAR,
    make_decision,
    make_district,
    make_forum,
    make_forum_member,
    make_founder,
    make_meeting,
    make_organisation,
    make_person,
    make_user,
)

pytestmark = pytest.mark.django_db

BERLIN = ZoneInfo("Europe/Berlin")


def ahead(days=10):
    return timezone.now() + timedelta(days=days)


def network(**fields):
    return make_organisation(kind=OrganisationKind.NETWORK, **fields)


def test_a_meeting_is_not_moved_behind_what_it_decided(sign_in):
    meeting, page = make_meeting(starts_at=ahead(-3)), sign_in(make_user())
    decision = make_decision(meeting=meeting, what="Platz fegen", due_on=ahead(5).date())
    address, typed = f"{meeting.get_absolute_url()}bearbeiten/", {"minutes": 90, "place": "Laden"}
    late = typed | {"starts_at_0": f"{ahead(6).date()}", "starts_at_1": "18:00"}

    refused = page.post(address, late)
    assert "Platz fegen" in refused.context["form"].errors["starts_at"][0]
    assert refused.context["form"].errors.keys() == {"starts_at"}
    meeting.refresh_from_db()
    assert meeting.day_held < decision.due_on

    decision.settle(by=make_user())
    assert page.post(address, late).status_code == 302


# --- what the database refuses ---


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("enterprises_forum_kind_is_known", {"kind": "party"}),
        ("enterprises_forum_has_a_name", {"name": ""}),
        ("enterprises_forum_working_group_has_a_theme", {"kind": "working_group"}),
        ("enterprises_forum_round_is_of_somebody", {"kind": "round"}),
        ("enterprises_forum_ends_after_start", {"until": datetime(YEAR - 1, 1, 1).date()}),  # noqa: DTZ001
    ],
)
def test_a_forum_is_possible(constraint, fields):
    with pytest.raises(IntegrityError, match=constraint):
        make_forum(**fields)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("enterprises_forummember_is_somebody", {"organisation": None}),
        ("enterprises_forummember_role_is_known", {"role": "boss"}),
        (
            "enterprises_forummember_ends_after_start",
            {"since": ahead(2).date(), "until": ahead(1).date()},
        ),
    ],
)
def test_a_member_is_possible(constraint, fields):
    with pytest.raises(IntegrityError, match=constraint):
        make_forum_member(**fields)


def test_nobody_is_a_member_twice_but_may_come_back():
    forum, organisation = make_forum(), make_organisation()
    first = make_forum_member(forum=forum, organisation=organisation, until=ahead(-5).date())
    make_forum_member(forum=forum, organisation=organisation)

    with pytest.raises(IntegrityError, match="enterprises_forummember_once"):
        ForumMember.objects.filter(pk=first.pk).update(until=None)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("enterprises_meeting_lasts_a_while", {"minutes": 5}),
        ("enterprises_meeting_lasts_a_while", {"minutes": 2000}),
        ("enterprises_meeting_is_somewhere", {"place": ""}),
    ],
)
def test_a_meeting_is_possible(constraint, fields):
    with pytest.raises(IntegrityError, match=constraint):
        make_meeting(**fields)


def test_a_forum_meets_once_at_a_time():
    first = make_meeting(starts_at=ahead())
    first.cancel(by=make_user())
    make_meeting(forum=first.forum, starts_at=first.starts_at)

    with pytest.raises(IntegrityError, match="enterprises_meeting_one_at_a_time"):
        make_meeting(forum=first.forum, starts_at=first.starts_at)


@pytest.mark.parametrize(
    ("make", "constraint"),
    [
        (make_forum_member, "enterprises_forummember_deleted_by_somebody"),
        (make_meeting, "enterprises_meeting_deleted_by_somebody"),
    ],
)
def test_only_what_is_deleted_was_deleted_by_somebody(make, constraint):
    row = make()

    with pytest.raises(IntegrityError, match=constraint):
        type(row).objects.filter(pk=row.pk).update(withdrawn_by=make_user())


def test_nobody_is_present_twice():
    member = make_forum_member()
    meeting = make_meeting(forum=member.forum)
    meeting.attendances.create(member=member)

    with pytest.raises(IntegrityError, match="enterprises_meetingattendance_once"):
        meeting.attendances.create(member=member)


# --- who knows of it ---


def test_founders_know_the_forums_they_are_members_of_today():
    organisation = make_organisation()
    founder = make_founder(organisation)
    by_person, by_organisation, former, strange = (make_forum() for _each in range(4))
    make_forum_member(forum=by_person, person=founder.person)
    make_forum_member(forum=by_organisation, organisation=organisation)
    make_forum_member(forum=former, person=founder.person, until=ahead(-1).date())
    public = make_forum(is_public=True)

    assert set(Forum.objects.inside_for(founder)) == {by_person, by_organisation}
    assert set(Forum.objects.visible_to(founder)) == {by_person, by_organisation, public}
    assert set(Forum.objects.visible_to(make_user(Role.FUNDER))) == {public}
    assert strange in Forum.objects.inside_for(make_user())


def test_the_public_reads_when_and_what_about_but_not_who(client, sign_in):
    forum = make_forum(is_public=True, purpose="Nachbarschaft stärken")
    member = make_forum_member(forum=forum, person=make_person(name="Petra Beispiel"))
    meeting = make_meeting(forum=forum, agenda="Leerstand", record="Frau Beispiel sagt zu.")
    meeting.note_attendance([member], guests=4, by=make_user())

    public = client.get(forum.get_absolute_url()).text + client.get(meeting.get_absolute_url()).text
    staff = sign_in(make_user()).get(meeting.get_absolute_url()).text

    assert "Nachbarschaft stärken" in public
    assert "Leerstand" in public
    assert "Beispiel" not in public
    assert "Frau Beispiel sagt zu." in staff
    assert "5 Personen" in staff


def test_minutes_are_public_only_where_forum_and_minutes_are(client):
    meeting = make_meeting(record="Beraten wurde der Platz.", is_record_public=True)
    address = meeting.get_absolute_url()

    assert client.get(address).status_code == 404
    Forum.objects.filter(pk=meeting.forum_id).update(is_public=True)
    assert "Beraten wurde der Platz." in client.get(address).text


def test_a_founder_reads_the_minutes_of_the_own_forum(sign_in):
    founder = make_founder()
    forum = make_forum()
    make_forum_member(forum=forum, person=founder.person)
    meeting = make_meeting(forum=forum, record="Wir fangen an.")

    page = sign_in(founder).get(meeting.get_absolute_url()).text

    assert "Wir fangen an." in page
    assert "/protokoll/" not in page


# --- members ---


def test_somebody_new_becomes_a_member_for_an_organisation(sign_in):
    forum, organisation = make_forum(), make_organisation(name="Bürgerhaus Muster")
    form = {
        "organisation": organisation.pk,
        "name": "Neu Beispiel",
        "email": "neu@beispiel.example",
        "role": "chair",
    }

    answer = sign_in(make_user()).post(f"{forum.get_absolute_url()}mitglieder/neu/", form)

    assert answer.status_code == 302
    member = forum.members.get()
    assert (member.person.name, member.organisation) == ("Neu Beispiel", organisation)
    assert str(member) == "Bürgerhaus Muster · Neu Beispiel"


def test_a_member_is_somebody_and_what_was_typed_stays(sign_in):
    forum, person = make_forum(), make_person(name="Alt Beispiel")
    client, address = sign_in(make_user()), f"{forum.get_absolute_url()}mitglieder/neu/"

    nobody = client.post(address, {"role": "member", "since": "2024-01-01"})
    both = client.post(address, {"role": "member", "person": person.pk, "name": "Neu Beispiel"})

    assert "Welche Person oder welche Organisation" in nobody.text
    assert "2024-01-01" in nobody.text
    assert "Neu Beispiel" in both.text
    assert not forum.members.exists()
    assert Person.objects.count() == 1


def test_the_same_member_is_refused_in_words(sign_in):
    member = make_forum_member()

    page = sign_in(make_user()).post(
        f"{member.forum.get_absolute_url()}mitglieder/neu/",
        {"organisation": member.organisation.pk, "role": "member"},
    )

    assert "schon Mitglied" in page.text


# --- meetings ---


def test_attendance_counts_members_and_others():
    forum = make_forum()
    first, second = (make_forum_member(forum=forum) for _each in range(2))
    meeting = make_meeting(forum=forum)

    meeting.note_attendance([first, second], guests=3, by=make_user())
    meeting.note_attendance([second], guests=2, by=make_user())

    assert Meeting.objects.with_attendance().get().present == 3
    assert meeting.people_present == 3
    assert [each.member for each in meeting.attendances.all()] == [second]
    assert Event.objects.about(meeting).first().details == {"members": 1, "guests": 2}


def test_attendance_is_of_members_and_not_before_the_meeting():
    stranger, meeting = make_forum_member(), make_meeting()

    with pytest.raises(ValidationError, match="Mitglied"):
        meeting.note_attendance([stranger], guests=0, by=make_user())
    with pytest.raises(ValidationError, match="begonnen"):
        make_meeting(starts_at=ahead()).note_attendance([], guests=1, by=make_user())


def test_minutes_and_attendance_are_one_form(sign_in):
    member = make_forum_member()
    meeting = make_meeting(forum=member.forum)
    form = {"present": [member.pk], "guests": "7", "record": "Alles gesagt."}

    answer = sign_in(make_user()).post(f"{meeting.get_absolute_url()}protokoll/", form)

    assert answer.status_code == 302
    meeting.refresh_from_db()
    assert (meeting.record, meeting.people_present) == ("Alles gesagt.", 8)


def test_before_the_meeting_nobody_is_ticked(sign_in):
    meeting = make_meeting(starts_at=ahead())

    page = sign_in(make_user()).get(f"{meeting.get_absolute_url()}protokoll/")

    assert set(page.context["form"].fields) & {"present", "guests"} == set()


def test_only_what_is_to_come_is_called_off():
    meeting = make_meeting(starts_at=ahead())

    meeting.cancel(by=make_user())

    assert (meeting.is_cancelled, meeting.sequence) == (True, 1)
    with pytest.raises(ValidationError, match="abgesagt"):
        meeting.cancel(by=make_user())
    with pytest.raises(ValidationError, match="abgesagt"):
        make_meeting().cancel(by=make_user())


def test_another_place_reaches_the_calendars(sign_in):
    meeting = make_meeting(starts_at=datetime(2099, 6, 1, 18, tzinfo=BERLIN), place="Saal")
    form = {"starts_at_0": "2099-06-01", "starts_at_1": "18:00", "minutes": "90", "place": "Saal"}
    client, address = sign_in(make_user()), f"{meeting.get_absolute_url()}bearbeiten/"

    client.post(address, form | {"agenda": "Neu"})
    meeting.refresh_from_db()
    assert meeting.sequence == 0
    client.post(address, form | {"place": "Hof"})
    meeting.refresh_from_db()

    assert (meeting.sequence, meeting.place) == (1, "Hof")


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_beyond_all_calendars_is_refused(sign_in, day):
    form = {"starts_at_0": day, "starts_at_1": "18:00", "minutes": "90", "place": "Saal"}

    page = sign_in(make_user()).post(f"{make_forum().get_absolute_url()}sitzungen/neu/", form)

    assert "starts_at" in page.context["form"].errors


# --- the calendar of an area ---


def feed(client, area):
    answer = client.get(reverse("enterprises:forum_feed", args=[area.slug]))
    assert answer.headers["Content-Type"].startswith("text/calendar")
    return answer.text, icalendar.Calendar.from_ical(answer.content)


def test_the_feed_tells_public_meetings_of_the_area_and_its_past_without_names(client):
    area, former, other = make_district(), make_district(), make_district()
    former.merge_into(area, on=ahead(-100).date(), by=make_user(Role.MANAGER))
    forum = make_forum([area, former], name="Forum Muster", is_public=True)
    make_forum_member(forum=forum, person=make_person(name="Petra Beispiel"))
    shown = make_meeting(forum=forum, starts_at=ahead(), place="Hof", record="Petra Beispiel")
    old = make_meeting(forum=make_forum([former], is_public=True), starts_at=ahead(5))
    cancelled = make_meeting(forum=forum, starts_at=ahead(20))
    cancelled.cancel(by=make_user())
    make_meeting(forum=make_forum([area]), starts_at=ahead())
    make_meeting(forum=make_forum([other], is_public=True), starts_at=ahead())
    make_meeting(forum=forum, starts_at=ahead(30)).withdraw(by=make_user())

    text, calendar = feed(client, area)

    events = {str(each["UID"]): each for each in calendar.walk("VEVENT")}
    assert set(events) == {str(each.uid) for each in (shown, old, cancelled)}
    assert events[str(shown.uid)]["SUMMARY"] == "Forum Muster"
    assert events[str(cancelled.uid)]["STATUS"] == "CANCELLED"
    assert "Beispiel" not in text


@pytest.mark.parametrize("month", [3, 10])
def test_the_feed_keeps_berlins_clock_on_the_days_it_changes(client, month):
    area = make_district()
    year = timezone.localdate().year + 1
    last = max(
        day for day in range(25, 32) if datetime(year, month, day, tzinfo=BERLIN).weekday() == 6
    )
    starts_at = datetime(year, month, last, 18, tzinfo=BERLIN)
    make_meeting(forum=make_forum([area], is_public=True), starts_at=starts_at)

    _text, calendar = feed(client, area)

    [event] = calendar.walk("VEVENT")
    assert event["DTSTART"].dt == starts_at
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=90)


# --- the pages ---


def test_the_area_shows_its_forums_with_last_and_next_meeting(client, sign_in):
    area = make_district()
    forum = make_forum([area], name="Runder Tisch Muster", is_public=True)
    make_forum([area], name="Nur für uns")
    held = make_meeting(forum=forum)
    to_come = make_meeting(forum=forum, starts_at=ahead())

    public = client.get(area.get_absolute_url()).text
    staff = sign_in(make_user()).get(area.get_absolute_url()).text

    for meeting in (held, to_come):
        assert f"{timezone.localtime(meeting.starts_at):%d.%m.%Y}" in public
    assert "kalender.ics" in public
    assert "Nur für uns" not in public
    assert "Nur für uns" in staff


def test_an_area_without_a_forum_tells_only_the_staff(client, sign_in):
    area = make_district()

    assert "Foren" not in [
        panel.title for panel, _given in client.get(area.get_absolute_url()).context["main"]
    ]
    assert f"/foren/neu/?area={area.pk}" in sign_in(make_user()).get(area.get_absolute_url()).text


def test_the_list_is_filtered_and_its_file_says_the_same(client):
    area = make_district()
    make_forum([area], name="Hier", is_public=True)
    make_forum([area], name="Früher", is_public=True, until=ahead(-1).date())
    make_forum(name="Woanders", is_public=True)

    def names(query):
        return {forum.name for forum in client.get(f"/foren/{query}").context["forums"]}

    assert names("") == {"Hier", "Woanders"}
    assert names(f"?area={area.pk}") == {"Hier"}
    assert names(f"?area={area.pk}&shown=all") == {"Hier", "Früher"}
    assert names("?kind=nonsense") == set()
    file = client.get(f"/foren/liste.csv?area={area.pk}")
    assert b"Hier" in b"".join(file)


@pytest.mark.parametrize("role", [None, Role.ADVISOR])
def test_the_list_costs_the_same_however_long(client, sign_in, count_queries, role):
    reader = sign_in(make_user(role)) if role else client
    make_meeting(forum=make_forum([make_district()], is_public=True))
    few = count_queries(reader.get, "/foren/")
    for _each in range(4):
        make_meeting(forum=make_forum([make_district(), make_district()], is_public=True))

    assert count_queries(reader.get, "/foren/") == few


def test_the_page_of_a_forum_costs_the_same_however_full(sign_in, count_queries):
    forum, client = make_forum([make_district()]), sign_in(make_user())
    make_forum_member(forum=forum)
    make_meeting(forum=forum)
    few = count_queries(client.get, forum.get_absolute_url())
    for _each in range(4):
        make_forum_member(forum=forum, person=make_person(), organisation=make_organisation())
        make_meeting(forum=forum)

    assert count_queries(client.get, forum.get_absolute_url()) == few


def test_a_round_belongs_to_a_network(sign_in):
    client = sign_in(make_user())
    form = {"name": "Runde", "kind": "round", "since": "2024-01-01", "advisor": make_user().pk}
    host = network(name="Händlernetz Muster")

    refused = client.post("/foren/neu/", form)
    made = client.post("/foren/neu/", form | {"organisation": host.pk})

    assert "trifft" in refused.text
    assert made.status_code == 302
    assert Forum.objects.get().organisation == host


def test_a_forum_goes_to_a_colleague():
    forum, to = make_forum(), make_user()

    forum.pass_on(to=to, by=make_user(Role.MANAGER))

    assert Forum.objects.get().advisor == to
