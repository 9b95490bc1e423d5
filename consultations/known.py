"""What is known before the first key is pressed: the log form's values to start from."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from consultations.models import (
    Appointment,
    Consultation,
    ConsultationKind,
    Project,
    SupportCase,
    Timer,
)
from enterprises.models import Organisation

# A bigint of PostgreSQL has at most 19 digits.
LONGEST_KEY = 19


def row_of(rows, key):
    """The row a key in an address or a form names, or None for anything else."""
    typed = str(key or "")
    is_key = typed.isdecimal() and len(typed) <= LONGEST_KEY
    return rows.filter(pk=typed).first() if is_key else None


def known_for(user, asked):
    """Values for a new form, from what the address names and from the last time."""
    appointment = row_of(Appointment.objects.editable_by(user), asked.get("appointment"))
    if appointment:
        return known_of_appointment(user, appointment)
    timers = Timer.objects.visible_to(user).open().stopped()
    if timer := row_of(timers, asked.get("timer")):
        return known_of_timer(user, timer, asked)
    like = row_of(Consultation.objects.editable_by(user), asked.get("like"))
    organisation = row_of(Organisation.objects.visible_to(user), asked.get("organisation"))
    return known_of(user, organisation, like=like)


def known_of(user, organisation, like=None):
    last = like or last_time(user, organisation)
    project = project_for(user, last)
    values = {"organisation": organisation, "project": project}
    if last:
        values |= {"channel": last.channel, "place": last.place}
    if like:
        values |= {
            "held_on": like.held_on,
            "kind": like.kind,
            "task": like.task_id,
            "advisors": list(like.advisors.values_list("pk", flat=True)),
            "topics": list(like.topics.values_list("pk", flat=True)),
        }
    if running_case(user, organisation, project):
        values["kind"] = ConsultationKind.ACCOMPANIMENT
    return values


def known_of_appointment(user, appointment):
    starts, ends = (timezone.localtime(at) for at in (appointment.starts_at, appointment.ends_at))
    values = known_of(user, appointment.organisation)
    return values | {
        "appointment": appointment,
        "project": appointment.project,
        "held_on": starts.date(),
        "start": starts.time(),
        "end": ends.time(),
        "channel": appointment.channel,
        "place": appointment.place,
        "people": [appointment.person_id],
        "advisors": [appointment.advisor_id],
    }


def known_of_timer(user, timer, asked):
    """Start and end as the timer ran; the end is asked for where it was probably forgotten."""
    organisation = row_of(Organisation.objects.visible_to(user), asked.get("organisation"))
    starts = timezone.localtime(timer.starts_at)
    ends = timezone.localtime(timer.starts_at + timedelta(minutes=timer.minutes))
    values = {"timer": timer, "held_on": starts.date(), "start": starts.time()}
    if ends.date() != starts.date() and not timer.ran_long:
        values["length"] = timer.minutes
    elif not timer.ran_long:
        values["end"] = ends.time()
    return known_of(user, organisation) | values


def known_from(user, typed):
    """Values for the parts that follow from the organisation, of what stands in the form now."""
    organisation = row_of(Organisation.objects.visible_to(user), typed.get("organisation"))
    project = row_of(Project.objects.loggable_by(user), typed.get("project"))
    values = {name: typed.get(name) for name in ("kind", "headcount") if typed.get(name)}
    values |= {"organisation": organisation, "project": project}
    if running_case(user, organisation, project):
        values["kind"] = ConsultationKind.ACCOMPANIMENT
    return values


def last_time(user, organisation):
    """The last consultation this person held, with the organisation if there was one."""
    held = Consultation.objects.visible_to(user).held_by(user).newest_first()
    with_them = held.filter(organisation=organisation).first() if organisation else None
    return with_them or held.first()


def last_with(user, organisation):
    """The last consultation with an organisation that may be repeated, the own ones first."""
    rows = Consultation.objects.visible_to(user).with_whom(organisation, first=user)
    return rows.select_related("project", "task").first() if organisation else None


def same_as(last, user):
    """Values of a consultation like an earlier one, as far as they are still on offer."""
    project = Project.objects.loggable_by(user).filter(pk=last.project_id).first()
    values = {
        "kind": last.kind,
        "length": last.minutes,
        "channel": last.channel,
        "place": last.place,
        "topics": list(last.topics.values_list("pk", flat=True)),
        "people": list(last.people.values_list("pk", flat=True)),
        "advisors": list(last.advisors.staff().values_list("pk", flat=True)),
    }
    return values | ({"project": project.pk, "task": last.task_id} if project else {})


def project_for(user, last):
    """The project running today, the last one used before others; else the last one used."""
    loggable = Project.objects.loggable_by(user)
    running = list(loggable.running_on(timezone.localdate()))
    used = last and loggable.filter(pk=last.project_id).first()
    if used in running or (used and not running):
        return used
    return running[0] if running else loggable.first()


def running_case(user, organisation, project):
    if not organisation:
        return None
    cases = SupportCase.objects.visible_to(user).running().filter(organisation=organisation)
    return cases.filter(Q(project=project) if project else Q()).first()
