"""Erasing a person: their own rows are emptied, and elsewhere their name and contacts are replaced.

Rows that were counted stay, without the person, so that released reports stay as they are and
figures can be counted again. What stands in a text of somebody else is looked for in every text
column of every table but those named in NOT_SWEPT; so a column added later is swept as well.
"""

import json
import re
from dataclasses import dataclass, field
from fnmatch import fnmatch

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import DatabaseError, models, transaction
from django.db.models import Q
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import User
from best_portal.db import fold
from best_portal.drafts.models import Draft
from best_portal.outbox.models import Letter
from best_portal.privacy.inventory import letters_to
from consultations.models import (
    Answer,
    Appointment,
    Consultation,
    GuestBooking,
    Participation,
    Promise,
    Registration,
    SupportCase,
    WaitingEntry,
)
from consultations.models.answers import WITH_WORDS, AnswerState
from consultations.models.promises import Postponement
from enterprises.models import (
    Confirmation,
    Document,
    DocumentVersion,
    Entry,
    Involvement,
    Merge,
    Organisation,
    OrganisationKind,
    Person,
)
from reports.eu_people import keep_counted
from reports.models import StoryConsent

# What stands where something was erased. German, for it is a text like those around it.
ERASED = "[gelöscht]"
# Shorter words are part of too many others.
SHORTEST = 5


class KeptKind(models.TextChoices):
    PARTICIPATION = "participation", _("participation: name, postcode, date of birth, answers")
    PAPERS = "papers", _("papers the person brought")
    AID = "aid", _("the signature below declarations of aid")


# Columns in which a person's name is not replaced, each with the reason. Patterns of fnmatch.
NOT_SWEPT = {
    "*.language": "one of two",
    "*.key": "made by us",
    "*.token_digest": "a hash",
    "*.sha256": "a hash",
    "*.fingerprint": "a hash",
    "*.identity": "a hash",
    "*.sent_digest": "a hash",
    "*.stored_as": "made by us",
    "*.password": "a hash",
    "audit.*": "nobody can change the log; it holds numbers, no names",
    "accounts.User.*": "accounts of others; the person's own is emptied",
    "enterprises.Person.*": "other people; the person's own row is emptied",
    "outbox.Letter.recipient": "somebody else's address; letters to the person are deleted",
    "consultations.Participation.*": "codes of indicators",
    "consultations.GuestBooking.*": "somebody else's booking",
    "consultations.Registration.*": "somebody else's registration",
    "consultations.WaitingEntry.*": "somebody else's entry; erased 30 days after its end",
    "enterprises.Organisation.name": "a firm's name; that of one person's project is emptied",
    "enterprises.Beneficiary.*": "as the authority published it",
    "enterprises.Operation.*": "as the authority published it",
    "enterprises.OperationImport.*": "as the authority published it; forgotten after 30 days",
    "consultations.ImportBatch.*": "an uploaded list, forgotten 30 days after it was taken over",
    "consultations.MonthSheet.*": "closed sheets are signed and never change; they name projects",
    "consultations.MonthSheetVersion.*": "closed sheets are signed and never change",
    "reports.ReportVersion.*": "released versions never change; they hold figures and numbers",
    "reports.DeMinimisAward.recipient": "proof of aid, kept for ten years by law",
    "reports.Voucher.*": "vouchers are kept by law as they were entered",
    "reports.VoucherImport.*": "a list of vouchers; forgotten 30 days after it was taken over",
    "reports.PaymentRequest.*": "what was sent to the funder never changes; figures",
    "reports.Imprint.*": "check sums of files; they name nobody",
    "reports.NoticeFile.*": "letters of the authority, kept as long as the grant's papers",
    "reports.Query.*": "what passed with a funder never changes; funders know no names",
    "reports.Reply.*": "what passed with a funder never changes; funders know no names",
    "reports.Submission.*": "what passed with a funder never changes; funders know no names",
    "reports.Acceptance.*": "what passed with a funder never changes; funders know no names",
    "reports.Review.*": "a decided review never changes; it is about figures",
    "consultations.PeriodLock.*": "a lock never changes; it names a project",
    "pages.PageVersion.*": "what the agency says of itself; a version never changes",
    "districts.Borough.*": "boroughs",
    "districts.District.*": "areas",
    "consultations.Question.*": "the questionnaire",
    "reports.DeMinimisRule.*": "regulations",
    "reports.Indicator.*": "rules of counting",
}
# Below these somebody signed; they prove aid for as long as the law says.
AID_PAPERS = "reports.Declaration"


@dataclass
class Traces:
    """What a person is found by: their rows, accounts, organisations, and the words for them."""

    person: Person
    people: list = field(default_factory=list)
    words: set = field(default_factory=set)
    # Words that others bear as well: replaced near the person only.
    common: set = field(default_factory=set)
    organisations: list = field(default_factory=list)
    # Those in which nobody else has a part and which were never founded: they are the person.
    own: list = field(default_factory=list)


def traces_of(person):
    """Gather all of it before anything is emptied."""
    rows = list(Person.every.filter(Q(pk=person.pk) | Q(merged_into=person)))
    traces = Traces(person, people=[row.pk for row in rows])
    names, contacts = set(), set()
    for row in [*rows, *User.objects.filter(person__in=traces.people)]:
        names.add(row.name)
        contacts |= {row.email, row.phone}
    mine = Q(appointment__person__in=traces.people)
    for guest in GuestBooking.objects.filter(mine):
        names.add(guest.name)
        contacts |= {guest.email, guest.phone}
    for row in [
        *Registration.objects.filter(person__in=traces.people),
        *WaitingEntry.objects.filter(person__in=traces.people),
    ]:
        names.add(row.name)
        contacts.add(row.email)
    appointments = Appointment.objects.filter(person__in=traces.people)
    contacts |= set(appointments.values_list("mobile", flat=True))
    parts = Involvement._base_manager.filter(person__in=traces.people)
    traces.organisations = list(parts.values_list("organisation", flat=True).distinct())
    traces.own = own_of(traces)
    for contact in contacts:
        if len(contact) >= SHORTEST:
            shared = is_shared_by_others(contact, traces)
            (traces.common if shared else traces.words).add(contact)
    for name in names:
        if len(name) >= SHORTEST:
            rare = " " in name and not is_borne_by_others(name, traces)
            (traces.words if rare else traces.common).add(name)
    return traces


def is_borne_by_others(name, traces):
    others = Person.every.filter(sort_name=fold(name)).exclude(pk__in=traces.people)
    accounts = User.objects.filter(name__iexact=name).exclude(person__in=traces.people)
    return others.exists() or accounts.exists()


def is_shared_by_others(contact, traces):
    others = Person.every.exclude(pk__in=traces.people)
    return others.filter(Q(email__iexact=contact) | Q(phone=contact)).exists()


def own_of(traces):
    alone = Organisation.objects.filter(
        pk__in=traces.organisations, kind=OrganisationKind.FOUNDING_INITIATIVE
    )
    return list(
        alone.exclude(
            involvements__in=Involvement.objects.valid().exclude(person__in=traces.people)
        ).values_list("pk", flat=True)
    )


@transaction.atomic
def erase(person, *, by, keep=frozenset()):
    """Erase a person but for the kinds in `keep`; a second time finds nothing more to erase.

    Returns the names of columns in which the database let a text of somebody else not be changed.
    """
    take_back(person, by)
    traces = traces_of(person)
    account(traces)
    letters(traces)
    appointments(traces)
    advice(traces)
    promises_and_confirmations(traces)
    own_organisations(traces)
    merges(traces)
    if KeptKind.PAPERS not in keep:
        papers(traces, by)
    if KeptKind.PARTICIPATION not in keep:
        participation(traces)
    contacts(traces, keeps_name=KeptKind.PARTICIPATION in keep)
    return sweep(traces, keep=keep)


@transaction.atomic
def erase_part(person, kind):
    """Erase what had been kept of somebody; its time is over."""
    traces = traces_of(person)
    match kind:
        case KeptKind.PARTICIPATION:
            participation(traces)
            contacts(traces, keeps_name=False)
        case KeptKind.PAPERS:
            papers(traces, None)
        case KeptKind.AID:
            declarations(traces)
    sweep(traces, keep=set(KeptKind) - {kind})


def take_back(person, by):
    """Cancel what is still to come, so that nobody waits for somebody who is gone."""
    for appointment in Appointment.objects.filter(person=person).upcoming():
        appointment.cancel(by=by)
    for registration in Registration.objects.filter(person=person):
        if registration.may_be_cancelled:
            registration.cancel(by=by)
    for entry in WaitingEntry.objects.filter(person=person).active():
        entry.stop(by=by)
    for confirmation in Confirmation.objects.filter(person=person).waiting():
        confirmation.revoke(by=by)
    for consent in StoryConsent.objects.filter(story__person=person, revoked_at=None):
        consent.revoke(by=by)


def account(traces):
    """Empty the account and end its sessions; the number stays, for the log."""
    for user in User.objects.filter(person__in=traces.people):
        EmailAddress.objects.filter(user=user).delete()
        Authenticator.objects.filter(user=user).delete()
        Draft.objects.filter(user=user).delete()
        for session in Session.objects.filter(expire_date__gt=timezone.now()).iterator():
            if session.get_decoded().get("_auth_user_id") == str(user.pk):
                session.delete()
        user.email = f"geloescht-{user.pk}@geloescht.invalid"
        user.name = user.phone = ""
        user.is_active = False
        user.set_unusable_password()
        user.save()


def letters(traces):
    """Delete every letter to them; letters to others are swept."""
    for row in Person.every.filter(pk__in=traces.people):
        letters_to(Letter.objects.all(), row).delete()
    # At an address nobody else has, whoever it named.
    Letter.objects.filter(recipient__in=traces.words).delete()


def appointments(traces):
    mine = Appointment.objects.filter(person__in=traces.people)
    GuestBooking.objects.filter(appointment__in=mine).delete()
    mine.update(concern="", mobile="")
    Registration.objects.filter(person__in=traces.people).update(name="", email="")
    WaitingEntry.objects.filter(person__in=traces.people).update(
        name="", email="", phone="", concern="", erased_at=timezone.now()
    )


def advice(traces):
    """Empty the notes of consultations that were about this person alone; the rest is swept."""
    alone = Consultation._base_manager.filter(
        Q(organisation=None) | Q(organisation__in=traces.own), people__in=traces.people
    ).exclude(attendances__in=attended_by_others(traces))
    own = Consultation._base_manager.filter(organisation__in=traces.own)
    keys = {*alone.values_list("pk", flat=True), *own.values_list("pk", flat=True)}
    Consultation._base_manager.filter(pk__in=keys).update(
        internal_note="", result="", next_step="", next_step_on=None
    )
    cases = SupportCase._base_manager.filter(organisation__in=traces.own)
    cases.update(goal="")
    cases.exclude(outcome="").update(outcome=ERASED)


def attended_by_others(traces):
    attendance = Consultation._meta.get_field("attendances").related_model
    return attendance.objects.exclude(person__in=traces.people)


def promises_and_confirmations(traces):
    mine = Promise.objects.filter(Q(person__in=traces.people) | Q(organisation__in=traces.own))
    Postponement.objects.filter(promise__in=mine).update(reason=ERASED)
    mine.exclude(dropped_because="").update(dropped_because=ERASED)
    mine.update(what=ERASED)
    answered = Confirmation.objects.filter(person__in=traces.people)
    answered.exclude(words="").update(words=ERASED)
    answered.exclude(answered_by="").update(answered_by=ERASED)


def own_organisations(traces):
    Entry.objects.filter(organisation__in=traces.own).delete()
    for organisation in Organisation.objects.filter(pk__in=traces.own):
        organisation.name = f"Vorhaben {organisation.number}"
        organisation.address = organisation.email = organisation.phone = ""
        organisation.website = organisation.purpose = ""
        organisation.save()


def merges(traces):
    """Empty what a merge kept of them; it can be undone no more."""
    merged = Merge.objects.filter(
        Q(gone_key__in=traces.people) | Q(kept_key__in=traces.people), noun="person"
    )
    merged |= Merge.objects.filter(
        Q(gone_key__in=traces.own) | Q(kept_key__in=traces.own), noun="organisation"
    )
    for merge in merged:
        merge.empty()


def papers(traces, by):
    """Delete the papers they brought and those of their own projects, with the bytes."""
    users = User.objects.filter(person__in=traces.people)
    for paper in Document.objects.filter(Q(uploaded_by__in=users) | Q(organisation__in=traces.own)):
        if not paper.is_removed:
            paper.withdraw(by=by or paper.uploaded_by)
        paper.purge()
    DocumentVersion.objects.filter(uploaded_by__in=users).forget()


def participation(traces):
    """Empty the answers; the days stay, and of whom reports counted what is counted."""
    mine = Participation.objects.filter(person__in=traces.people)
    keep_counted(mine)
    Answer.objects.filter(participation__in=mine, state__in=WITH_WORDS).update(
        state=AnswerState.FORGOTTEN, value="", forgotten_on=timezone.localdate()
    )


def contacts(traces, *, keeps_name):
    for row in Person.every.filter(pk__in=traces.people):
        row.email = row.phone = ""
        if not keeps_name:
            row.name, row.postcode, row.birth_on = f"Gelöscht {row.number}", "", None
        row.save()


def declarations(traces):
    model = apps.get_model(AID_PAPERS)
    model.objects.filter(organisation__in=traces.own).update(signed_by=ERASED)


# --- what others wrote ---


def text_fields():
    """Every text column of our own tables that a name could stand in."""
    for model in apps.get_models(include_auto_created=True):
        if not model.__module__.startswith(
            ("best_portal", "enterprises", "consultations", "reports", "districts")
        ):
            continue
        for column in model._meta.concrete_fields:
            if is_text(column):
                yield model, column


def is_text(column):
    kinds = (models.CharField, models.TextField, models.JSONField)
    return isinstance(column, kinds) and not column.choices and not column.generated


def is_swept(model, column):
    name = f"{model._meta.label}.{column.name}"
    return not any(fnmatch(name, pattern) for pattern in NOT_SWEPT)


def sweep(traces, *, keep):
    """Replace the person's name and contacts in what others wrote; returns where it could not."""
    left = set()
    everywhere, nearby = pattern_of(traces.words), pattern_of(traces.words | traces.common)
    for model, column in text_fields():
        if not is_swept(model, column):
            continue
        if model._meta.label == AID_PAPERS and KeptKind.AID in keep:
            continue
        whole = not everywhere or replace(
            model._base_manager.all(), column, traces.words, everywhere
        )
        if traces.common and (near := near_to(model, traces)):
            rows = model._base_manager.filter(near)
            whole = replace(rows, column, traces.common, nearby) and whole
        if not whole:
            left.add(f"{model._meta.label}.{column.name}")
    return sorted(left)


def pattern_of(words):
    longest_first = sorted(words, key=len, reverse=True)
    told = "|".join(re.escape(word) for word in longest_first)
    return re.compile(rf"(?<!\w)(?:{told})(?!\w)", re.IGNORECASE) if told else None


def near_to(model, traces):
    """The rows of a table that hang on the person or their organisations; None without a path."""
    near = Q()
    names = {column.name: column for column in model._meta.get_fields() if column.concrete}
    for name, keys in (
        ("organisation", traces.organisations),
        ("person", traces.people),
        ("people", traces.people),
    ):
        if name in names and names[name].is_relation:
            near |= Q(**{f"{name}__in": keys})
    return near


def replace(rows, column, words, pattern):
    """Rewrite each row in whose column one of the words stands; the column's own length holds.

    Returns whether the database took it all: one row that must not change stops no other.
    """
    name, whole = column.name, True
    found = Q()
    for word in words:
        found |= Q(told__icontains=word)
    told = rows.annotate(told=Cast(name, models.TextField())).filter(found)
    for key, value in told.values_list("pk", name).distinct():
        if isinstance(column, models.JSONField):
            after = json.loads(pattern.sub(ERASED, json.dumps(value, ensure_ascii=False)))
        elif isinstance(column, models.EmailField):
            after = ""
        else:
            after = pattern.sub(ERASED, value)[: column.max_length]
        if after == value:
            continue
        try:
            with transaction.atomic():
                rows.model._base_manager.filter(pk=key).update(**{name: after})
        except DatabaseError:
            whole = False
    return whole
