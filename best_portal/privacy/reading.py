"""Who opened what about a person: the lines of the log that tell of reading, in words."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from best_portal.audit.models import Event
from consultations.models import Attendance, Dossier, Participation
from enterprises.models import Document, Organisation, Person

# Verb of the log → what it means to whoever was read about.
READ = {
    "file.opened": _("opened the file"),
    "note.read": _("read an internal note of another team"),
    "answers.read": _("read answers of a questionnaire"),
    "document.downloaded": _("downloaded a paper"),
    "dossier.read": _("read what a colleague wrote down when handing your case over"),
    "list.exported": _("downloaded a list in which you or your organisation may stand"),
    "participants.exported": _("downloaded the list of participants"),
    "participants.printed": _("printed the list of participants"),
    "person.handed_out": _("downloaded everything about you"),
}
# Verbs that tell of a reading, but of no person's data.
NOT_OF_PEOPLE = {
    "period.opened": "a period was unlocked, nothing was read",
    "voucher.downloaded": "a voucher of the agency",
    "import.read": "an uploaded list was read by the machine",
    "project.exported": "pseudonymous rows",
    "participants.numbered": "pseudonymous rows",
    "report.downloaded": "figures",
    "notice.downloaded": "a letter of the authority",
    "funder_paper.downloaded": "figures; it names nobody",
    "report.rows_downloaded": "pseudonymous rows",
}
SHOWN = 200


@dataclass(frozen=True)
class Reading:
    """One line: when, who in which role, what."""

    at: datetime
    name: str
    role: str
    what: str
    about: str


def readings_of(person):
    """What others opened about this person and their organisations, the newest first."""
    # Also organisations they have left: what was read at their time concerns them.
    organisations = Organisation.every.filter(involvements__person=person)
    names = dict(organisations.values_list("pk", "name"))
    papers = Document.objects.filter(organisation__in=names)
    participations = Participation.objects.filter(person=person)
    dossiers = Dossier.objects.filter(case__organisation__in=names)
    people = Person.every.filter(Q(pk=person.pk) | Q(merged_into=person))
    concerned = (
        about(Person, people.values_list("pk", flat=True))
        | about(Organisation, names)
        | about(Participation, participations.values_list("pk", flat=True))
        | about_papers(papers, person)
        | consultations_of(person)
        | about(Dossier, dossiers.values_list("pk", flat=True))
        | Q(
            subject_type="consultations.project",
            subject_id__in=[str(pk) for pk in participations.values_list("project", flat=True)],
        )
    )
    events = (
        Event.objects.filter(concerned, verb__in=READ)
        .exclude(actor=person.user_id)
        .select_related("actor")
        .order_by("-at", "-pk")[:SHOWN]
    )
    titles = {str(pk): title for pk, title in papers.values_list("pk", "title")}
    for event in events:
        yield Reading(
            at=event.at,
            name=event.actor.name if event.actor else "",
            role=event.actor.get_role_display() if event.actor else "",
            what=str(READ[event.verb]),
            about=words_for(event, names, titles),
        )


def about(model, keys):
    return Q(subject_type=model._meta.label_lower, subject_id__in=[str(key) for key in keys])


def about_papers(papers, person):
    # Papers only the team sees are no business of the founders, not even their titles.
    shared = papers.filter(Q(is_shared=True) | Q(uploaded_by=person.user_id))
    return about(Document, shared.values_list("pk", flat=True))


def consultations_of(person):
    keys = Attendance.objects.filter(person=person).values_list("consultation", flat=True)
    return Q(subject_type="consultations.consultation", subject_id__in=[str(key) for key in keys])


def words_for(event, organisations, papers):
    """What was read, where it has a name the person may know."""
    match event.subject_type:
        case "enterprises.organisation":
            return organisations.get(int(event.subject_id), "")
        case "enterprises.document":
            return papers.get(event.subject_id, "")
        case _:
            return ""
