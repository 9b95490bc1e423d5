"""Meine Akte: what a founder and the agency have agreed, what comes next, the hours received."""

from datetime import timedelta

from django.db.models import Count, F, Sum
from django.db.models.functions import Coalesce, ExtractYear
from django.utils import timezone

from consultations.models import (
    Answer,
    Appointment,
    Attendance,
    Consultation,
    Participation,
    Promise,
    WaitingOffer,
)
from enterprises.models import Confirmation, Document, Organisation

# How long an agreed next step is shown where no later one was agreed.
STEPS_FOR = timedelta(days=365)
PAPERS = 20
PAST = 10


def own_file(user, person):
    """The context of the page; all of it through the eyes of this founder."""
    appointments = Appointment.objects.visible_to(user)
    promises = Promise.objects.visible_to(user).open().for_list().soonest_first()
    papers = Document.objects.visible_to(user).valid().for_list().newest_first()
    return {
        "person": person,
        "confirmations": Confirmation.objects.visible_to(user).to_answer().for_list(),
        "offers": WaitingOffer.objects.visible_to(user).open().count(),
        "appointments": appointments.upcoming().for_agenda(),
        "by_me": promises.by_people(),
        "to_me": promises.by_the_agency(),
        "steps": next_steps(user),
        "hours": hours_of(person),
        "papers": papers[:PAPERS],
        "organisations": Organisation.objects.visible_to(user),
        "participations": Participation.objects.visible_to(user).for_list(),
        "answered": Confirmation.objects.visible_to(user).answered().for_list()[:PAST],
    }


def next_steps(user):
    """Of each organisation the step agreed last; never the note it was written beside."""
    today, steps = timezone.localdate(), {}
    recent = Consultation.objects.visible_to(user).between(today - STEPS_FOR, today)
    found = recent.exclude(next_step="").newest_first().select_related("organisation")
    for row in found.only(
        "next_step", "next_step_on", "held_on", "organisation__name", "organisation__kind"
    ):
        steps.setdefault(row.organisation_id, row)
    return list(steps.values())


def hours_of(person):
    """Contact time by year and project: [{"year", "project", "number", "minutes"}], and in all."""
    rows = list(
        Attendance.objects.valid()
        .filter(person=person)
        .order_by()
        .values(year=ExtractYear("consultation__held_on"), project=F("consultation__project__name"))
        .annotate(
            number=Count("pk"),
            total=Sum(Coalesce("minutes", "consultation__minutes")),
        )
        .order_by("-year", "project")
    )
    return {"rows": rows, "total": sum(row["total"] for row in rows)}


def consents_of(person):
    """Answers that needed a consent, given or withdrawn, with both days."""
    return (
        Answer.objects.filter(participation__person=person, is_special=True)
        .exclude(consented_on=None)
        .select_related("question", "participation__project")
        .order_by("-consented_on", "pk")
    )
