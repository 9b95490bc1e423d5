"""What a report looks at: one project's work from a day to a day, added up by PostgreSQL."""

from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import accumulate

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import connection, transaction
from django.db.models import Case, Count, F, IntegerField, Min, Q, Sum, When, Window

from consultations.models import Attendance, Channel, Consultation, SupportTarget
from enterprises.models import Agreement, Meeting, Organisation, OrganisationKind
from reports import eu_people
from reports.models import EnterpriseAward, LimitKey, ThresholdKey
from reports.thresholds import Step, minutes_needed, spans

# Who can be an "Unternehmen" in the sense of the EU's indicators; founded it must be besides.
ENTERPRISES = (OrganisationKind.SOCIAL_ENTERPRISE, OrganisationKind.LOCAL_BUSINESS)
# A contact that leaves no structured advice behind (RCO04: phone and letters do not count).
REMOTE = (Channel.PHONE, Channel.EMAIL)


@contextmanager
def snapshot():
    """Let every query inside see one moment, whatever is saved meanwhile.

    Within a transaction that has begun already its own isolation stands.
    """
    outermost = not connection.in_atomic_block
    with transaction.atomic():
        if outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


@dataclass(frozen=True)
class Sessions:
    """Consultations added up, with the primary keys of all of them."""

    number: int = 0
    minutes: int = 0
    people: int = 0
    ids: tuple[int, ...] = ()

    def __add__(self, other):
        return Sessions(
            self.number + other.number,
            self.minutes + other.minutes,
            self.people + other.people,
            (*self.ids, *other.ids),
        )


@dataclass(frozen=True)
class Advised:
    """One organisation's part in the work: its first day, and its minutes altogether."""

    first: date
    minutes: int


@dataclass(frozen=True)
class Training:
    """One organisation's part in a training in groups."""

    held_on: date
    pk: int
    channel: str
    minutes: int


@dataclass(frozen=True)
class Body:
    """What a figure has to know of an organisation; never its name."""

    kind: str
    founded_on: date | None
    district: str
    # The file number that stands for the name.
    number: str


def usual_age(grant):
    """What counts as new where the notice says nothing of it."""
    months = grant.limit(LimitKey.NEW_AGE)
    return () if months is None else (Step(months),)


@dataclass(frozen=True)
class Scope:
    """One project's work in a period, under one grant's thresholds.

    Whatever it was asked once it keeps, so that ten figures cost no more passes over the
    consultations than one. It belongs to one snapshot: make a new one for the next.
    """

    project: int
    starts_on: date
    ends_on: date
    # The first day the grant pays for: before it nothing counts, from it on everything adds up.
    since: date
    hours: tuple[Step, ...] = ()
    participant_hours: tuple[Step, ...] = ()
    # How many months old an enterprise may be at its first support to count as new.
    new_ages: tuple[Step, ...] = ()
    # Whose awards to enterprises count: money given under one grant counts in no other.
    grant: int | None = None
    # Only what was noted under the task of this number; None for all of the project's work.
    task: int | None = None

    @classmethod
    def of(cls, grant, starts_on, ends_on):
        return cls(
            grant.project_id,
            starts_on,
            ends_on,
            grant.accountable_from,
            hours=grant.steps(ThresholdKey.HOURS),
            participant_hours=grant.steps(ThresholdKey.PARTICIPANT),
            new_ages=(*grant.steps(ThresholdKey.NEW_AGE), *usual_age(grant)),
            grant=grant.pk,
        )

    @cached_property
    def cumulated(self):
        """The same from the grant's first day on."""
        return self if self.starts_on == self.since else replace(self, starts_on=self.since)

    def of_task(self, number):
        """The same for one task of the project; asked again, it is the one that was counted."""
        if number not in self._tasks:
            self._tasks[number] = replace(self, task=number)
        return self._tasks[number]

    @cached_property
    def _tasks(self):
        return {}

    @property
    def consultations(self):
        """Every valid consultation of the project in the period, in no order."""
        project = Consultation.objects.valid().filter(project=self.project)
        if self.task is not None:
            project = project.filter(task__number=self.task)
        return project.between(self.starts_on, self.ends_on).order_by()

    @cached_property
    def sessions_by_kind(self):
        """Kind -> its consultations, in one pass over all of them."""
        kinds = self.consultations.values_list("kind").annotate(
            Count("pk"), Sum("minutes"), Sum("headcount"), ids=ArrayAgg("pk")
        )
        return {kind: Sessions(*sums, tuple(ids)) for kind, *sums, ids in kinds}

    @cached_property
    def sessions(self):
        return sum(self.sessions_by_kind.values(), Sessions())

    @cached_property
    def organisations(self):
        """Organisation -> its part in the work of the period."""
        advised = self.consultations.exclude(organisation=None).values_list("organisation")
        parts = advised.annotate(Min("held_on"), Sum("minutes"))
        return {pk: Advised(first, minutes) for pk, first, minutes in parts}

    @cached_property
    def in_groups(self):
        """Enterprise -> the training in groups its people came to, the earliest first.

        Such training is nobody's own, so it counts for each whose people came: as long as whoever
        of them stayed longest, not once for each head.
        """
        attended = Attendance.objects.filter(
            consultation__in=self.consultations.filter(organisation=None),
            organisation__kind__in=ENTERPRISES,
        )
        found = defaultdict(list)
        for pk, founded_on, *part in attended.longest_of_each_organisation():
            training = Training(*part)
            if founded_on is None or founded_on <= training.held_on:
                found[pk].append(training)
        return dict(found)

    @cached_property
    def meetings(self):
        """Every meeting held in the period by forums the project builds, the earliest first."""
        held = Meeting.objects.held().filter(forum__projects=self.project)
        rows = held.between(self.starts_on, self.ends_on).with_attendance()
        return list(rows.select_related("forum").order_by("starts_at", "pk"))

    @cached_property
    def agreements(self):
        """Agreements that came about through the project and were signed in the period."""
        signed = Agreement.objects.filter(
            projects=self.project, signed_on__range=(self.starts_on, self.ends_on)
        )
        valid = Count("parties", filter=Q(parties__withdrawn_at=None))
        return list(signed.annotate(party_count=valid).order_by("signed_on", "pk"))

    @cached_property
    def awards(self):
        """Awards of the grant to founded enterprises, granted by the period's end."""
        return list(
            EnterpriseAward.objects.valid()
            .filter(
                Q(organisation__founded_on=None) | Q(organisation__founded_on__lte=F("granted_on")),
                grant=self.grant,
                organisation__kind__in=ENTERPRISES,
                granted_on__range=(self.since, self.ends_on),
            )
            .order_by("granted_on", "pk")
        )

    @property
    def awarded(self):
        """What figures have to know of the enterprises that got an award; see `bodies`."""
        return self.cumulated._awarded

    @cached_property
    def _awarded(self):
        return self._bodies_of({each.organisation_id for each in self.awards})

    @cached_property
    def bodies(self):
        """Organisation -> what figures have to know of it, for those supported in the period."""
        return self._bodies_of({*self.organisations, *self.in_groups})

    def _bodies_of(self, keys):
        rows = Organisation.objects.filter(pk__in=keys)
        fields = rows.values_list("pk", "kind", "founded_on", "district__name")
        return {
            pk: Body(kind, founded_on, area or "", Organisation(pk=pk).number)
            for pk, kind, founded_on, area in fields
        }

    @property
    def supported(self):
        """Enterprise -> the day its hours since the grant's first day reached the threshold."""
        return self.cumulated._reached[0]

    @property
    def documented(self):
        """The same, without what was only spoken on the phone or written."""
        return self.cumulated._reached[1]

    @property
    def supported_as_enterprise(self):
        """The same as `supported`, without the hours of cases that support a person."""
        return self.cumulated._reached_as_enterprise[0]

    @property
    def participants(self):
        """Everybody who entered under the grant and whom reports may count; see eu_people."""
        return self.cumulated._participants

    @cached_property
    def _participants(self):
        # Whoever entered before the grant began is a participant, and a result, of another one.
        return eu_people.participants(
            self.project, self.since, self.ends_on, self.participant_hours
        )

    @cached_property
    def _reached(self):
        return self._days_reached(self.consultations)

    @property
    def for_enterprises(self):
        """Its consultations without those of cases that support a person, as far as these stand."""
        return self.consultations.exclude(
            case__support_target=SupportTarget.PERSON, case__withdrawn_at=None
        )

    @cached_property
    def _reached_as_enterprise(self):
        return self._days_reached(self.for_enterprises)

    def _days_reached(self, consultations):
        """Of all support and of what is documented: enterprise -> the first day on which its hours
        reach the threshold that holds then."""
        reached = {}, {}
        for hours, first, last in spans(self.hours, self.since, self.ends_on):
            for found, days in zip(
                reached, self._days_of(consultations, minutes_needed(hours)), strict=True
            ):
                for pk, day in days.items():
                    # Reached before it was lowered, it counts from the day it was.
                    if (day := max(day, first)) <= last:
                        found[pk] = min(day, found.get(pk, day))
        return reached

    def _days_of(self, consultations, needed):
        """The same for one threshold in minutes, whenever it holds."""
        days = {"partition_by": "organisation", "order_by": ["held_on", "pk"]}
        sums = consultations.filter(
            Q(organisation__founded_on=None) | Q(organisation__founded_on__lte=F("held_on")),
            organisation__kind__in=ENTERPRISES,
        ).annotate(
            part=Case(
                When(channel__in=REMOTE, then=0), default="minutes", output_field=IntegerField()
            ),
            supported=Window(Sum("minutes"), **days),
            documented=Window(Sum("part"), **days),
        )
        # Of each enterprise the one or two consultations in which a sum passes the threshold.
        passing = sums.filter(
            Q(supported__gte=needed, supported__lt=needed + F("minutes"))
            | Q(documented__gte=needed, documented__lt=needed + F("part"))
        ).order_by("held_on")
        reached = {}, {}
        for pk, day, *both in passing.values_list(
            "organisation", "held_on", "supported", "documented"
        ):
            for found, minutes in zip(reached, both, strict=True):
                if minutes >= needed:
                    found.setdefault(pk, day)
        if not self.in_groups:
            return reached
        # Training comes on top, so these few enterprises reach it on the same day or sooner.
        own = list(
            sums.filter(organisation__in=self.in_groups)
            .order_by()
            .values_list("organisation", "held_on", "pk", "minutes", "part")
        )
        return tuple(found | self._with_training(own, needed, i) for i, found in enumerate(reached))

    def _with_training(self, own, needed, documented):
        """Enterprise -> the day its consultations and the training of its people reach it."""
        parts = defaultdict(list)
        for pk, *when, minutes, part in own:
            parts[pk].append((*when, part if documented else minutes))
        for pk, trainings in self.in_groups.items():
            parts[pk] += [
                (each.held_on, each.pk, each.minutes)
                for each in trainings
                if not documented or each.channel not in REMOTE
            ]
        reached = {}
        for pk, rows in parts.items():
            rows.sort()
            sums = accumulate(minutes for _day, _consultation, minutes in rows)
            for (day, *_rest), so_far in zip(rows, sums, strict=True):
                if so_far >= needed:
                    reached.setdefault(pk, day)
        return reached
