"""Days around today, and what the tests of participants ask again and again."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from consultations.models import Attendance, Participation
from consultations.participants import lines_of
from tests.factories import make_consultation

TODAY = timezone.localdate()
START = TODAY - timedelta(days=400)
AGREED = ("disability", "minority")


def ago(days):
    return TODAY - timedelta(days=days)


def address(name, *args):
    return reverse(f"consultations:{name}", args=args)


def states(*participations):
    rows = Participation.objects.filter(pk__in=[each.pk for each in participations])
    return [set(line.states) for line in lines_of(rows, TODAY)]


def attended(person, project, minutes, **fields):
    consultation = make_consultation(project=project, minutes=minutes, held_on=ago(30), **fields)
    Attendance.objects.create(consultation=consultation, person=person)
