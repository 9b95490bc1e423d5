"""Transfer: how a handover is carried out, one kind after another."""

from collections import Counter, defaultdict
from functools import cached_property

from django.utils import timezone

from best_portal.audit.models import Event
from consultations.models.appointments import Appointment
from consultations.models.belongings import MOVED, Belongings
from consultations.models.booking import AppointmentStatus
from consultations.models.dossiers import Dossier
from consultations.models.free_times import Taken
from consultations.models.office_hours import busy_periods
from consultations.models.project import Project


class Transfer:
    """Moves everything of one advisor's; `shares` says how much of what went to whom.

    What is given case by case decides about everything else: who gets a case of an organisation
    gets its promises and appointments, and joins the team they need for it.
    """

    def __init__(self, handover, cases, office_hours, *, by):
        self.handover, self.by = handover, by
        self.giver, self.to = handover.giver, handover.to
        self.belongings = Belongings(self.giver)
        self.case_to, self.hours_to = cases, office_hours
        self.shares, self.met = defaultdict(Counter), defaultdict(list)
        self.joining = defaultdict(set)

    @cached_property
    def cases(self):
        return list(self.belongings.cases.select_related("project", "organisation"))

    @cached_property
    def by_organisation(self):
        """Who gets a case of an organisation: {its key: advisor}; the oldest case decides."""
        rows = sorted(self.cases, key=lambda case: case.pk, reverse=True)
        return {case.organisation_id: self.of_case(case.pk) for case in rows}

    def of_case(self, pk):
        return self.case_to.get(pk, self.to)

    def of_organisation(self, pk):
        return self.by_organisation.get(pk, self.to)

    def carry_out(self):
        teams = list(self.belongings.projects)
        # Before the rest: who is not of the team could not work on what they get.
        self.join(teams)
        self.move_cases()
        self.move_promises()
        # Before the appointments: a time given back must be nobody's who leaves.
        self.move_office_hours()
        self.move_appointments()
        self.move_waiting()
        self.move_forums()
        self.leave(teams)
        moved = sum(self.shares.values(), Counter())
        self.handover.moved = {kind: moved[kind] for kind in MOVED if moved[kind]}

    def count(self, kind, to):
        self.shares[to][kind] += 1

    def join(self, teams):
        """Who gets something in a project joins its team; the successor those that go on."""
        today = timezone.localdate()
        for case in self.cases:
            self.joining[case.project].add(self.of_case(case.pk))
        for hours in self.belongings.office_hours.select_related("project"):
            self.joining[hours.project].add(self.hours_to.get(hours.pk, self.to))
        for hours in self.belongings.teams_on_duty.select_related("project"):
            self.joining[hours.project].add(self.to)
        for row in self.belongings.appointments.select_related("project"):
            self.joining[row.project].add(self.of_organisation(row.organisation_id))
        for project in teams:
            if project.ends_on >= today:
                self.joining[project].add(self.to)
        for project, people in self.joining.items():
            project.team.add(*people)

    def move_cases(self):
        for case in self.cases:
            to = self.of_case(case.pk)
            case.advance(to=to, by=self.by)
            if case.withdrawn_at is None or case.dossiers.open().exists():
                Dossier.objects.hand(case, handover=self.handover, to=to, by=self.by)
            self.count("cases", to)

    def move_promises(self):
        for promise in self.belongings.promises:
            in_case = promise.case_id in self.case_to
            to = (
                self.case_to[promise.case_id]
                if in_case
                else self.of_organisation(promise.organisation_id)
            )
            promise.pass_on(to=to, by=self.by)
            self.count("promises", to)

    def move_appointments(self):
        Appointment.objects.free_run_out(advisor=self.giver)
        rows = self.belongings.appointments
        gone = pass_on(
            self.handover, rows, lambda row: self.of_organisation(row.organisation_id), by=self.by
        )
        for to, met in gone.items():
            self.met[to] += met
            self.shares[to]["appointments"] += len(met)

    def move_waiting(self):
        for entry in self.belongings.waiting:
            entry.wish_for(self.to, by=self.by)
            self.count("waiting", self.to)

    def move_office_hours(self):
        for hours in self.belongings.office_hours:
            to = self.hours_to.get(hours.pk, self.to)
            hours.pass_on(to=to, by=self.by)
            self.count("office_hours", to)
        for hours in self.belongings.teams_on_duty:
            hours.replace(self.giver, to=self.to, by=self.by)
            self.count("teams_on_duty", self.to)

    def move_forums(self):
        """What was looked after in the neighbourhood."""
        for kind in ("forums", "decisions", "agreements"):
            for row in getattr(self.belongings, kind):
                row.pass_on(to=self.to, by=self.by)
                self.count(kind, self.to)

    def leave(self, teams):
        for project in teams:
            project.team.remove(self.giver)
            self.handover.projects.add(project)
            Event.objects.record(
                actor=self.by,
                verb="project.team_passed_on",
                subject=project,
                before=self.giver.pk,
                to=sorted(each.pk for each in self.joining[project]),
            )
            self.count("projects", self.to)


def pass_on(handover, appointments, receiver, *, by):
    """Give each appointment to its receiver; return {who got some: those with somebody to meet}.

    Whoever has something else at the time does not get it: somebody decides by hand.
    """
    rows = list(appointments.select_related("person", "office_hours").order_by("starts_at", "pk"))
    gone = defaultdict(list)
    if not rows:
        return gone
    people = {receiver(row).pk for row in rows}
    days = [timezone.localdate(at) for row in rows for at in (row.starts_at, row.ends_at)]
    taken = Taken(busy_periods(list(people), min(days), max(days)))
    for row in rows:
        to = receiver(row)
        if taken.has(to.pk, row.starts_at, row.ends_at):
            row.stay()
            continue
        row.pass_on(to=to, by=by)
        if row.person:
            gone[to].append(row)
            handover.appointments.add(row)
    return gone


def of_one_case(handover, case, *, by):
    """Pass on what is booked with the organisation of one case; who gets it joins the teams."""
    booked = Belongings(handover.giver).appointments.filter(
        organisation=case.organisation, status=AppointmentStatus.BOOKED
    )
    for project in Project.objects.filter(appointments__in=booked).distinct():
        project.team.add(handover.to)
    return pass_on(handover, booked, lambda _row: handover.to, by=by)[handover.to]
