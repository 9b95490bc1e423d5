"""The first page of each role: what waits for this person today."""

from datetime import timedelta

from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.drafts.models import Draft
from best_portal.pages.models import Barrier, PageVersion
from best_portal.privacy.models import ErasureRequest
from consultations.day import day_of
from consultations.hours import to_close
from consultations.models import (
    Appointment,
    Consultation,
    DeclinedRequest,
    Dossier,
    Participation,
    Project,
    Promise,
    SupportCase,
    WaitingEntry,
    WaitingOffer,
)
from enterprises.models import Agreement, Decision, Document, Entry, Forum, Meeting, Organisation
from reports import duties
from reports.accounts import near_ceiling
from reports.models import CoordinatingTask, Query, Report, ReportVersion, Review

ROWS = 5
# How far ahead the management looks for deadlines.
AHEAD = timedelta(days=120)
# How far ahead decisions of forums are shown as due.
SOON = timedelta(days=14)


def this_month():
    today = timezone.localdate()
    return today.replace(day=1), today


def entries_waiting(user):
    """How many entries of the directory wait for an advisor, and the oldest of them."""
    waiting = Entry.objects.visible_to(user).waiting()
    return {"number": waiting.count(), "oldest": waiting.first()}


def decisions_due(user):
    """What this advisor does of what forums decided, or must see done in forums of theirs."""
    rows = Decision.objects.visible_to(user).in_hands_of(user)
    return rows.due_until(timezone.localdate() + SOON).for_list().soonest_first()[:ROWS]


def forum_meetings(user):
    """The next meetings of forums this founder takes part in."""
    mine = Forum.objects.inside_for(user)
    return Meeting.objects.to_come().filter(forum__in=mine).select_related("forum").soonest()[:ROWS]


def advisor(user):
    own = Consultation.objects.visible_to(user).held_by(user)
    appointments = Appointment.objects.visible_to(user).of_advisor(user)
    return {
        **day_of(user),
        "calls": WaitingOffer.objects.visible_to(user).to_call().count(),
        "unlogged": appointments.unlogged().count(),
        "decisions": decisions_due(user),
        "agreements": Agreement.objects.visible_to(user).kept_by(user).to_remind()[:ROWS],
        "entries": entries_waiting(user),
        "month_to_close": to_close(user),
        "reviews": Review.objects.of(user).open().for_list()[:ROWS],
        "to_write": Report.objects.writable_by(user).being_written().for_list()[:ROWS],
        "consultations": own.newest_first().for_list()[:ROWS],
        "month": own.between(*this_month()).totals(),
    }


def manager(user):
    today = timezone.localdate()
    versions = ReportVersion.objects.visible_to(user)
    return {
        "deadlines": duties.ahead(user, today, until=today + AHEAD),
        "drafts": versions.to_be_decided().for_list()[:ROWS],
        "reviews": Review.objects.of(user).open().for_list()[:ROWS],
        "queries": Query.objects.visible_to(user).open().for_list()[:ROWS],
        "month": Consultation.objects.visible_to(user).between(*this_month()).totals(),
        "unlogged": Appointment.objects.visible_to(user).unlogged().count(),
        "overdue": Promise.objects.visible_to(user).overdue().count(),
        "barriers": Barrier.objects.visible_to(user).open().count(),
        "without_successor": CoordinatingTask.objects.visible_to(user).alarming().for_list(),
        "must_check": PageVersion.objects.to_be_checked(),
        "wishes": ErasureRequest.objects.visible_to(user).open().count(),
        "quiet": SupportCase.objects.visible_to(user).quiet().count(),
        "dossiers": Dossier.objects.visible_to(user).unaccepted().count(),
        "waiting": WaitingEntry.objects.visible_to(user).waiting().count(),
        "declined": DeclinedRequest.objects.visible_to(user).between(*this_month()).count(),
        "agreements": Agreement.objects.visible_to(user).to_remind()[:ROWS],
        "decisions_overdue": Decision.objects.visible_to(user).overdue().count(),
        "projects": Project.objects.visible_to(user).running_on(today).for_directory(),
        "near": near_ceiling(user, today)[:ROWS],
    }


def founder(user):
    own = Appointment.objects.visible_to(user)
    promises = Promise.objects.visible_to(user).open().for_list().soonest_first()
    return {
        "by_me": promises.by_people()[:ROWS],
        "to_me": promises.by_the_agency()[:ROWS],
        "appointments": own.upcoming().for_agenda()[:ROWS],
        "offers": WaitingOffer.objects.visible_to(user).open().count(),
        "organisations": Organisation.objects.visible_to(user),
        "meetings": forum_meetings(user),
        "forums": Forum.objects.inside_for(user).current(),
        "papers": Document.objects.visible_to(user).valid().for_list().newest_first()[:ROWS],
        "participations": Participation.objects.visible_to(user).for_list(),
    }


def funder(user):
    newest = ReportVersion.objects.visible_to(user).newest_of_each_report()
    return {"versions": newest.for_list()[:ROWS]}


def evaluator(user):
    return {"projects": Project.objects.visible_to(user).for_directory()}


PANELS = {
    Role.ADVISOR: ("home/_advisor.html", advisor),
    Role.MANAGER: ("home/_manager.html", manager),
    Role.FOUNDER: ("home/_founder.html", founder),
    Role.FUNDER: ("home/_funder.html", funder),
    Role.EVALUATOR: ("home/_evaluator.html", evaluator),
}


def dashboard_for(user):
    """Return the context of this person's first page."""
    panels, context = PANELS[user.role]
    begun = Draft.objects.visible_to(user).open().newest_first()
    return {"panels": panels, "begun": begun.defer("fields")[:ROWS], **context(user)}
