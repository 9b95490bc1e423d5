"""What of a person may have to be kept, each with the day and the reason the data suggest."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from best_portal.privacy.erasing import KeptKind, traces_of
from consultations.models import Participation
from enterprises.models import Document, DocumentVersion
from reports.models import DeMinimisAward

SHOWN = 20


@dataclass(frozen=True)
class Keepable:
    """One kind of data with what suggests that it be kept."""

    kind: str
    reason: str = ""
    until: date | None = None
    # Whether a rule asks for it; the management may decide otherwise.
    is_advised: bool = False


def keepable_of(person):
    """What there is of this person that somebody may ask us to prove."""
    traces = traces_of(person)
    found = []
    projects = [
        each.project
        for each in Participation.objects.filter(person__in=traces.people).select_related("project")
    ]
    if projects:
        days = [project.answers_kept_until for project in projects]
        names = ", ".join(dict.fromkeys(project.name for project in projects))
        found.append(
            Keepable(
                KeptKind.PARTICIPATION,
                _("Proof of participation for the funder: %(projects)s") % {"projects": names},
                max((day for day in days if day), default=None),
                is_advised=True,
            )
        )
    awards = DeMinimisAward.objects.filter(organisation__in=traces.organisations)
    if until := awards.aggregate(last=Max("retain_until"))["last"]:
        reason = _("Proof of de minimis aid")
        found.append(Keepable(KeptKind.AID, reason, until, is_advised=True))
    if Document.objects.filter(uploaded_by__person__in=traces.people).exists():
        found.append(Keepable(KeptKind.PAPERS))
    return found


def papers_naming(person):
    """Papers of others in which the name or an address is read: somebody must look at each."""
    traces = traces_of(person)
    named = Q()
    for word in traces.words:
        named |= Q(text__icontains=word)
    if not named:
        return DocumentVersion.objects.none()
    others = DocumentVersion.objects.filter(named, document__withdrawn_at=None)
    others = others.exclude(uploaded_by__person__in=traces.people).exclude(
        document__organisation__in=traces.own
    )
    return (
        others.defer("text", "folded_text")
        .select_related("document__organisation")
        .order_by("pk")[:SHOWN]
    )
