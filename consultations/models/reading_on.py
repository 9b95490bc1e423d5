"""Reading on: what somebody handed over with a team is theirs to read for 30 days."""

from datetime import timedelta

from django.db.models import Exists, OuterRef
from django.utils import timezone

from consultations.models.project import Project

READS_FOR = timedelta(days=30)


def given_up(user, *, long_ago=False):
    """Whether this person left the team of a row's project after the row was written.

    With `long_ago`, whether the 30 days after it are over, too.
    """
    until = timezone.now() - (READS_FOR if long_ago else timedelta())
    rows = Project.objects.filter(
        pk=OuterRef("project"),
        handovers__giver=user,
        handovers__handed_at__range=(OuterRef("logged_at"), until),
    )
    return Exists(rows.order_by())
