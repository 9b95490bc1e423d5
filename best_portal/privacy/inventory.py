"""What is stored about a person: each category with purpose, retention, tables and fields.

A test walks over every model that points at a person or an account: each relation is either one
of the paths here or named in NOT_ABOUT. So a new table is told of, or somebody says why not.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.apps import apps
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Table:
    """The rows of one model about a person: found by paths to the person or to their account."""

    model: str
    # What is handed out of each row: attributes, through relations as well.
    fields: tuple[str, ...]
    people: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    find: Callable | None = None
    # What must be true of a row besides, such as not lying in the bin.
    only: Q = Q()

    @property
    def model_class(self):
        return apps.get_model(self.model)

    def rows(self, person):
        """The rows about this person, in the order in which they came."""
        rows = self.model_class._base_manager.order_by("pk")
        if self.find:
            return self.find(rows, person)
        told = Q()
        for path in self.people:
            told |= Q(**{path: person.pk})
        if person.user_id:
            for path in self.accounts:
                told |= Q(**{path: person.user_id})
        return rows.filter(told, self.only).distinct() if told else rows.none()

    @property
    def title(self):
        return self.model_class._meta.verbose_name_plural

    def handed_out(self, person):
        """Each row as [(label, value)], choices in words; what is empty is left out."""
        labels = [label_of(self.model_class, path) for path in self.fields]
        for row in self.rows(person):
            values = [shown(row, path) for path in self.fields]
            pairs = zip(labels, values, strict=True)
            yield [(label, value) for label, value in pairs if value not in (None, "", [])]


@dataclass(frozen=True)
class Category:
    """One heading of the page: what, what for, how long."""

    name: str
    title: str
    purpose: str
    kept: str
    tables: tuple[Table, ...]

    def told(self, person):
        """What there is: [(title of the table, rows as `handed_out`)]."""
        found = [(str(table.title), list(table.handed_out(person))) for table in self.tables]
        return [(title, rows) for title, rows in found if rows]


def told_of(person):
    """Every category with what there is of this person."""
    return [(category, category.told(person)) for category in CATEGORIES]


def in_words(value):
    """A value as people write it."""
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%d.%m.%Y %H:%M}"
    if isinstance(value, date):
        return f"{value:%d.%m.%Y}"
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, list):
        return ", ".join(str(each) for each in value)
    return str(value)


def label_of(model, path):
    """The words for a field; through a relation those of the last one."""
    if path in PROPERTIES:
        return str(PROPERTIES[path])
    *steps, name = path.split(".")
    for step in steps:
        model = model._meta.get_field(step).related_model
    return str(model._meta.get_field(name).verbose_name)


def shown(row, path):
    *steps, name = path.split(".")
    for step in steps:
        row = getattr(row, step)
        if row is None:
            return None
    display = getattr(row, f"get_{name}_display", None)
    return str(display()) if display else getattr(row, name)


def letters_to(rows, person):
    """Letters to them, at whichever address; a shared address needs the name as well."""
    readers = [f"enterprises.person:{person.pk}"]
    if person.user_id:
        readers.append(f"accounts.user:{person.user_id}")
    told = Q(reader__in=readers)
    for address in {person.email, person.user.email if person.user_id else ""} - {""}:
        told |= Q(recipient__iexact=address, recipient_name=person.name)
    return rows.filter(told)


def entries_kept_by(rows, person):
    """Entries of the directory this person keeps true, by their address."""
    addresses = {person.email, person.user.email if person.user_id else ""} - {""}
    return rows.filter(keeper_email__in=addresses)


def barriers_of(rows, person):
    """Barriers reported from one of their addresses."""
    addresses = {person.email, person.user.email if person.user_id else ""} - {""}
    return rows.filter(email__in=addresses)


def merges_of(rows, person):
    return rows.filter(Q(gone_key=person.pk) | Q(kept_key=person.pk), noun="person")


# Attributes that are no field, in words.
PROPERTIES = {"question.text": _("Question")}
ADVISED = _("As long as we advise you. After that as long as a funder may ask for proof.")
PROOF = _("As long as the funder of the project may ask for proof.")

CATEGORIES = (
    Category(
        "contact",
        _("Your name and how we reach you"),
        _("So that we can advise you, write to you and call you."),
        ADVISED,
        (
            Table(
                "enterprises.Person",
                ("name", "email", "phone", "language", "postcode", "birth_on", "created_at"),
                people=("pk", "merged_into"),
                accounts=("user",),
            ),
            Table(
                "accounts.User",
                ("email", "name", "phone", "language", "created_at"),
                accounts=("pk",),
            ),
            Table("account.EmailAddress", ("email", "verified"), accounts=("user",)),
            Table("mfa.Authenticator", ("type", "created_at"), accounts=("user",)),
        ),
    ),
    Category(
        "parts",
        _("Your part in organisations"),
        _("So that we know for whom you speak."),
        ADVISED,
        (
            Table(
                "enterprises.Involvement",
                ("organisation.name", "role", "since", "until"),
                people=("person",),
                only=Q(withdrawn_at=None),
            ),
            Table(
                "enterprises.ForumMember",
                ("forum.name", "organisation.name", "role", "since", "until"),
                people=("person",),
                only=Q(withdrawn_at=None),
            ),
            Table(
                "enterprises.Entry",
                ("name", "keeper_name", "keeper_email", "status"),
                find=entries_kept_by,
            ),
        ),
    ),
    Category(
        "appointments",
        _("Appointments and the waiting list"),
        _("So that you get a time that suits you."),
        _("Appointments as proof of our work. Off the waiting list, your data go after 30 days."),
        (
            Table(
                "consultations.Appointment",
                ("starts_at", "ends_at", "advisor.name", "concern", "place", "mobile", "status"),
                people=("person",),
            ),
            Table(
                "consultations.GuestBooking",
                ("name", "email", "phone", "language", "stage", "needs", "created_at"),
                people=("appointment__person",),
            ),
            Table(
                "consultations.WaitingEntry",
                ("name", "email", "phone", "concern", "stage", "joined_at", "status", "ended_at"),
                people=("person",),
            ),
            Table(
                "consultations.WaitingOffer",
                ("offered_at", "starts_at", "until", "status", "answered_at"),
                people=("entry__person",),
            ),
        ),
    ),
    Category(
        "advice",
        _("Consultations and training"),
        _("So that we can go on where we stopped, and account for the public money."),
        PROOF,
        (
            Table(
                "consultations.Attendance",
                (
                    "consultation.held_on",
                    "consultation.kind",
                    "consultation.project.name",
                    "consultation.minutes",
                    "minutes",
                    "consultation.next_step",
                    "consultation.next_step_on",
                ),
                people=("person",),
                only=Q(consultation__withdrawn_at=None),
            ),
            Table(
                "consultations.Registration",
                ("session.title", "name", "email", "status", "asked_at", "cancelled_at"),
                people=("person",),
                accounts=("registered_by",),
            ),
            Table(
                "consultations.CheckIn",
                ("date.starts_at", "late_minutes", "early_minutes", "noted_at"),
                people=("registration__person",),
            ),
        ),
    ),
    Category(
        "participation",
        _("Questionnaires of the projects"),
        _("The European Union wants to know who takes part and what came of it."),
        _(
            "Until the day that stands at each answer. Who is erased before stays in the figures "
            "as a number, with gender, days and indicators, without anything that is specially "
            "protected."
        ),
        (
            Table(
                "consultations.Participation",
                ("project.name", "entered_on", "left_on"),
                people=("person",),
            ),
            Table(
                "consultations.Answer",
                (
                    "question.text",
                    "state",
                    "value",
                    "answered_on",
                    "consented_on",
                    "withdrawn_on",
                    "retain_until",
                ),
                people=("participation__person",),
            ),
        ),
    ),
    Category(
        "promises",
        _("What you promised us and we promised you"),
        _("So that nothing is forgotten."),
        ADVISED,
        (
            Table(
                "consultations.Promise",
                (
                    "organisation.name",
                    "promiser",
                    "advisor.name",
                    "what",
                    "made_on",
                    "due_on",
                    "kept_at",
                    "dropped_at",
                    "dropped_because",
                ),
                people=("person",),
            ),
        ),
    ),
    Category(
        "confirmations",
        _("What you confirmed"),
        _("So that we can prove jobs and foundings."),
        PROOF,
        (
            Table(
                "enterprises.Confirmation",
                (
                    "organisation.name",
                    "about",
                    "job.title",
                    "asked_at",
                    "status",
                    "words",
                    "answered_at",
                    "answered_by",
                ),
                people=("person",),
            ),
        ),
    ),
    Category(
        "papers",
        _("Papers you brought"),
        _("So that we can talk about them with you."),
        _("Until you remove them, or as long as we advise you. Removed ones go after 30 days."),
        (
            Table(
                "enterprises.Document",
                ("organisation.name", "kind", "title", "valid_until", "created_at"),
                accounts=("uploaded_by",),
            ),
            Table(
                "enterprises.DocumentVersion",
                ("document.title", "number", "name", "note", "size", "uploaded_at"),
                accounts=("uploaded_by",),
            ),
        ),
    ),
    Category(
        "letters",
        _("Mails and text messages to you"),
        _("So that we can see what reached you."),
        ADVISED,
        (
            Table(
                "outbox.Letter",
                ("channel", "recipient", "subject", "text", "status", "sent_at"),
                find=letters_to,
            ),
        ),
    ),
    Category(
        "drafts",
        _("What you began to type"),
        _("So that nothing you typed is lost. Only you see it."),
        _("30 days after your last change."),
        (Table("drafts.Draft", ("title", "words", "saved_at"), accounts=("user",)),),
    ),
    Category(
        "stories",
        _("Success stories that tell of you"),
        _("So that others see what can come of an idea, as long as you agree."),
        _("Until you take back your consent; then nobody can read it any more."),
        (Table("reports.Story", ("title", "summary", "text", "published_at"), people=("person",)),),
    ),
    Category(
        "barriers",
        _("Barriers you reported"),
        _("So that we can remove them and answer you."),
        _("As long as we need them to show that we answered."),
        (
            Table(
                "pages.Barrier",
                ("reported_at", "text", "place", "name", "email", "answer", "answered_at"),
                find=barriers_of,
            ),
        ),
    ),
    Category(
        "wishes",
        _("Your wishes to be erased"),
        _("So that we can prove that and when we did what you wanted."),
        _("For good, without your name and your words."),
        (
            Table(
                "privacy.ErasureRequest",
                ("asked_at", "channel", "words", "status", "decided_at", "reason"),
                people=("person",),
            ),
            Table(
                "privacy.ErasureKept",
                ("what", "reason", "until"),
                people=("request__person",),
            ),
        ),
    ),
    Category(
        "traces",
        _("What was done in this portal with your account"),
        _("So that every step can be checked. Nobody can change this log."),
        _("For good, without your name: the log holds numbers only."),
        (
            Table("audit.Event", ("at", "verb"), accounts=("actor",)),
            Table("enterprises.Merge", ("gone_name", "merged_at", "undone_at"), find=merges_of),
        ),
    ),
)

# Relations that say nothing of a person we advise, each with the reason. Patterns of fnmatch.
NOT_ABOUT = {
    "*.withdrawn_by": "who of the staff deleted it",
    "*.decided_by": "who of the management",
    "*.asked_by": "who asked; the row is found by whom",
    "*.set_by": "who of the management",
    "*.noted_by": "who wrote it down; the row is found by whom it is about",
    "*.settled_by": "who of the staff",
    "*.logged_by": "who of the staff",
    "*.recorded_by": "who of the staff",
    "*.awarded_by": "who of the staff",
    "*.lifted_by": "who of the staff",
    "*.advisor": "who of the staff",
    "*.added_by": "who put the entry on the list; the row is found by whom it is about",
    "*.booked_by": "who booked; the row is found by for whom",
    "consultations.Citation.cited_by": "who of the staff",
    "reports.CoordinatingTask.owner": "who of the staff",
    "districts.Survey.planned_by": "who of the management",
    "reports.Story.approved_by": "who of the management",
    "reports.Story.written_by": "who of the staff",
    "reports.StoryConsent.revoked_by": "who of the staff",
    "pages.Barrier.answered_by": "who of the management",
    "pages.PageVersion.written_by": "who of the management",
    "consultations.Consultation.people": "the same as the attendance",
    "consultations.Consultation.advisors": "who of the staff",
    "consultations.*_advisors.*": "who of the staff",
    "consultations.*_leaders.*": "who of the staff",
    "consultations.*_members.*": "who of the staff",
    "consultations.*_team.*": "who of the staff",
    "consultations.*_evaluators.*": "evaluators",
    "consultations.GroupSession.*": "who of the staff",
    "consultations.OfficeHours.members": "who of the staff",
    "consultations.Project.*": "who of the staff, and evaluators",
    "consultations.Promise.kept_by": "who ticked it off; the row is found by the two of it",
    "consultations.Promise.taken_over_from": "who of the staff",
    "consultations.Postponement.by": "who moved it; the reason belongs to the promise",
    "consultations.Assignment.user": "staff",
    "consultations.Absence.substitute": "who of the staff",
    "consultations.Dossier.*": "who of the staff",
    "consultations.Handover.*": "who of the staff",
    "consultations.Employment.user": "staff",
    "consultations.TimeEntry.user": "staff",
    "consultations.MonthSheet.*": "staff",
    "consultations.MonthSheetVersion.*": "staff",
    "consultations.Timer.user": "staff",
    "consultations.ImportBatch.uploaded_by": "staff",
    "enterprises.AgreementReview.by": "who of the staff",
    "enterprises.HealthNote.author": "who of the staff",
    "enterprises.Decision.done_by": "who of the staff",
    "enterprises.OperationImport.uploaded_by": "staff",
    "enterprises.CriterionAssessment.assessed_by": "who of the staff",
    "districts.ContextNote.author": "who of the staff",
    "enterprises.EntryConsent.revoked_by": "who of the staff; the consent says who gave it",
    "enterprises.Merge.merged_by": "who of the staff",
    "enterprises.NotTheSame.said_by": "who of the staff",
    "consultations.PeriodLock.locked_by": "who of the management",
    "reports.Acceptance.accepted_by": "officers of funders",
    "reports.GrantChange.changed_by": "who of the management",
    "reports.FunderPaper.handed_over_by": "who of the management",
    "reports.NoticeFile.brought_by": "who of the management",
    "reports.PaymentRequest.requested_by": "who of the management",
    "reports.Reply.replied_by": "who of the management",
    "reports.Review.reviewer": "who of the staff",
    "reports.StaffRate.person": "staff",
    "reports.Submission.submitted_by": "who of the management",
    "reports.VoucherImport.uploaded_by": "who of the management",
    "reports.Programme.officers": "officers of funders",
    "reports.Programme_officers.*": "officers of funders",
    "reports.Download.user": "officers of funders",
    "reports.ReportVersion.*": "who of the management",
}
