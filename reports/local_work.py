"""The indicators of local work: meetings of forums and networks, and signed agreements."""

from decimal import Decimal

from enterprises.models import ForumKind
from reports.annex_rows import AnnexRow
from reports.counting import CountsOnce, Figure, rule

KINDS = {
    ForumKind.FORUM: "Forum",
    ForumKind.WORKING_GROUP: "Arbeitsgruppe",
    ForumKind.ROUND: "Netzwerktreffen",
}
FORUMS = (ForumKind.FORUM, ForumKind.WORKING_GROUP)


def met(scope, *kinds):
    """The meetings of forums of these kinds; a row tells the kind and never the name."""
    meetings = [each for each in scope.meetings if each.forum.kind in kinds]
    rows = tuple(
        AnnexRow(
            id=each.pk,
            number=number,
            on=each.day,
            kind=KINDS[each.forum.kind],
            minutes=each.minutes,
            people=each.present,
        )
        for number, each in enumerate(meetings, start=1)
    )
    return Figure(Decimal(len(rows)), tuple(each.pk for each in meetings), rows, dated="met")


@rule(once=CountsOnce.MEETING, dated="met")
def forum_meetings(scope):
    return met(scope, *FORUMS)


@rule(once=CountsOnce.ATTENDANCE, dated="met")
def forum_attendances(scope):
    """Whoever was there, at each meeting anew: members on the list and other guests."""
    meetings = met(scope, *FORUMS)
    people = Decimal(sum(row.people for row in meetings.rows))
    return Figure(people, meetings.ids, meetings.rows, "people", "met")


@rule(once=CountsOnce.MEETING, dated="met")
def network_meetings(scope):
    return met(scope, ForumKind.ROUND)


@rule(once=CountsOnce.AGREEMENT, dated="signed")
def agreements_signed(scope):
    rows = tuple(
        AnnexRow(
            id=each.pk,
            number=number,
            on=each.signed_on,
            kind=f"Kooperationsvereinbarung, Beteiligte: {each.party_count}",
            minutes=None,
        )
        for number, each in enumerate(scope.agreements, start=1)
    )
    return Figure(Decimal(len(rows)), tuple(row.id for row in rows), rows, dated="signed")
