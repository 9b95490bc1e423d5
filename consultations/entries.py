"""What the timeline of a case file tells of the work: consultations, training, appointments,
visits, cases, the waiting list, and the letters about them."""

from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from best_portal.db import BerlinMidnight
from best_portal.outbox.models import Letter, LetterStatus
from best_portal.templatetags.figures import clock
from consultations.models import AppointmentStatus, Consultation
from enterprises.timeline import Entry, Kind

HELD_AT = Coalesce("starts_at", BerlinMidnight("held_on"))
TONES = {
    AppointmentStatus.CANCELLED: "warning",
    AppointmentStatus.NO_SHOW: "warning",
    AppointmentStatus.TOOK_PLACE: "success",
    AppointmentStatus.BOOKED: "info",
    LetterStatus.SENT: "success",
    LetterStatus.FAILED: "danger",
    LetterStatus.STUCK: "warning",
    LetterStatus.LATE: "warning",
}


def consultation(row, user):
    """Founders read what was agreed, staff also the result; a note only the team that wrote it."""
    advisors = ", ".join(advisor.name for advisor in row.advisors.all())
    step = row.next_step and _("Next step: %(step)s") % {"step": row.next_step}
    result = row.result if user.is_staff_member else ""
    return Entry(
        f"{row.get_kind_display()}, {clock(row.minutes)}",
        href=row.get_absolute_url() if user.is_staff_member else "",
        who=advisors or row.advisor_as_written,
        text="\n".join(part for part in (result, step) if part),
        note=(row.own_note or "") if user.is_staff_member else "",
    )


def training(row, user):
    advisors = ", ".join(advisor.name for advisor in row.advisors.all())
    return Entry(
        f"{row.group_date.session.title}, {clock(row.minutes)}",
        href=row.get_absolute_url() if user.is_staff_member else "",
        who=advisors,
    )


def appointment(row, user):
    return Entry(
        _("Appointment with %(person)s") % {"person": row.person.name},
        href=row.get_absolute_url(),
        who=row.advisor.name,
        text=row.concern,
        status=row.get_status_display(),
        tone=TONES.get(row.status, "neutral"),
    )


def case_opened(case, user):
    return Entry(str(case.project), who=case.advisor.name, text=case.goal, status=_("opened"))


def case_closed(case, user):
    return Entry(str(case.project), who=case.advisor.name, text=case.outcome, status=_("closed"))


def waiting(entry, user):
    return Entry(
        _("Waiting list: %(person)s") % {"person": entry.whose.name},
        href=entry.get_absolute_url() if user.is_staff_member else "",
        text=entry.concern,
        status=entry.get_status_display(),
    )


def letter(row, user):
    """Subject and state only; the text belongs to whoever it was written to."""
    return Entry(
        row.subject,
        who=row.recipient_name,
        text=row.get_channel_display(),
        status=row.get_status_display(),
        tone=TONES.get(row.status, "neutral"),
    )


def visit(row, user):
    """What was told at the door; the note only for the team that wrote it."""
    status = ""
    if row.do_not_contact:
        status = _("no contact") if row.is_barring else _("contact allowed again")
    return Entry(
        _("Visit: %(mood)s") % {"mood": row.get_mood_display()} if row.mood else _("Visit"),
        href=row.get_absolute_url(),
        who=row.advisor.name,
        text="\n".join(part for part in (row.situation, row.need, row.condition) if part),
        note=row.own_note or "",
        status=status,
        tone="warning" if row.is_barring else "neutral",
    )


def trainings_of(organisation, user):
    """Group sessions people came to for this organisation."""
    attended = organisation.attendances.in_groups().values("consultation")
    return Consultation.objects.visible_to(user).filter(pk__in=attended)


def letters_about(organisation, user):
    """Letters about its appointments, registrations and places on the waiting list."""
    if not user.is_staff_member:
        return Letter.objects.none()
    return Letter.objects.about_any(
        organisation.appointments.all(),
        organisation.registrations.all(),
        organisation.waiting_entries.all(),
    )


def cases_of(organisation, user):
    """What a case is to reach stays with the team."""
    return (
        organisation.cases.visible_to(user) if user.is_staff_member else organisation.cases.none()
    )


KINDS = [
    Kind(
        name="consultation",
        label=gettext_lazy("Consultations"),
        rows=lambda organisation, user: organisation.consultations.visible_to(user),
        moment=HELD_AT,
        for_page=lambda rows, user: rows.with_own_note_for(user).prefetch_related("advisors"),
        entry=consultation,
        advisors="advisors",
        people="people",
    ),
    Kind(
        name="training",
        label=gettext_lazy("Training"),
        rows=trainings_of,
        moment=HELD_AT,
        for_page=lambda rows, user: rows.select_related("group_date__session").prefetch_related(
            "advisors"
        ),
        entry=training,
        advisors="advisors",
        people="people",
    ),
    Kind(
        name="appointment",
        label=gettext_lazy("Appointments"),
        rows=lambda organisation, user: organisation.appointments.visible_to(user),
        moment=F("starts_at"),
        for_page=lambda rows, user: rows.select_related("person", "advisor"),
        entry=appointment,
        advisors="advisor",
        people="person",
    ),
    Kind(
        name="visit",
        label=gettext_lazy("Visits"),
        rows=lambda organisation, user: organisation.visits.visible_to(user),
        moment=Coalesce("visited_at", BerlinMidnight("visited_on")),
        for_page=lambda rows, user: rows.with_own_note_for(user).select_related("advisor"),
        entry=visit,
        advisors="advisor",
    ),
    Kind(
        name="case",
        label=gettext_lazy("Support cases"),
        rows=cases_of,
        moment=BerlinMidnight("opened_on"),
        for_page=lambda rows, user: rows.select_related("project", "advisor"),
        entry=case_opened,
        advisors="advisor",
    ),
    Kind(
        name="case_closed",
        label=gettext_lazy("Support cases"),
        family="case",
        rows=cases_of,
        moment=BerlinMidnight("closed_on"),
        for_page=lambda rows, user: rows.select_related("project", "advisor"),
        entry=case_closed,
        advisors="advisor",
    ),
    Kind(
        name="waiting",
        label=gettext_lazy("Waiting list"),
        rows=lambda organisation, user: organisation.waiting_entries.visible_to(user),
        moment=F("joined_at"),
        for_page=lambda rows, user: rows.select_related("person"),
        entry=waiting,
        people="person",
    ),
    Kind(
        name="letter",
        label=gettext_lazy("Letters"),
        rows=letters_about,
        moment=Coalesce("sent_at", "due_at"),
        entry=letter,
    ),
]
