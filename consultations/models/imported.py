"""How an entry of a log becomes a consultation: its organisation, people, topics and times."""

from collections import defaultdict
from datetime import datetime

from django.utils import timezone

from best_portal.imports.cells import folded
from best_portal.imports.questions import MOST_QUESTIONS, Question
from consultations.models.consultation import Consultation
from consultations.models.project import Topic
from enterprises.models import Organisation, OrganisationKind

NEAR_ENOUGH = 0.6


class Organisations:
    """The organisations a log names: the same name however spelled, or what was answered."""

    def __init__(self, answers):
        self._answers = answers
        # Of several of one name the oldest file counts; a merged one means what it was merged into.
        rows = Organisation.every.select_related("merged_into").order_by("-merged_into", "-pk")
        self._by_name = {
            folded(organisation.name): organisation.merged_into or organisation
            for organisation in rows.only("pk", "name", "merged_into__name")
        }
        meant = Organisation.every.survivors(answers.values()) if answers else {}
        answered = {name: meant[pk] for name, pk in answers.items() if pk in meant}
        self._known = {**answered, **self._by_name}

    def is_unknown(self, entry):
        return bool(entry.organisation) and folded(entry.organisation) not in self._known

    def unknown(self, entries):
        """The names nobody knows, each as it is spelled first."""
        return [name for name in _names(entries).values() if folded(name) not in self._known]

    def questions(self, entries):
        """The names nobody knows for sure, with what was answered so far."""
        asked = [name for name in _names(entries).values() if folded(name) not in self._by_name]
        found = []
        for name in asked[:MOST_QUESTIONS]:
            near = [
                organisation
                for organisation in Organisation.objects.matching(name)[:3]
                if organisation.likeness >= NEAR_ENOUGH
            ]
            if near:
                answer = self._answers.get(folded(name))
                found.append(Question(name, folded(name), tuple(near), answer))
        return found

    def register_missing(self, entries, *, by):
        """Open a file for every name nobody knows, as a founding initiative met on that day."""
        areas, first_day = defaultdict(set), {}
        for entry in entries:
            spelling = folded(entry.organisation)
            areas[spelling].add(entry.area.key)
            first_day[spelling] = min(entry.date, first_day.get(spelling, entry.date))
        for spelling, name in _names(entries).items():
            if spelling not in self._known:
                only = areas[spelling]
                self._known[spelling] = Organisation.objects.register(
                    by=by,
                    name=name,
                    kind=OrganisationKind.FOUNDING_INITIATIVE,
                    since=first_day[spelling],
                    district_id=next(iter(only)) if len(only) == 1 else None,
                )

    def of(self, entry):
        return self._known[folded(entry.organisation)] if entry.organisation else None


def _names(entries):
    """The first spelling of each name."""
    names = {}
    for entry in entries:
        if entry.organisation:
            names.setdefault(folded(entry.organisation), entry.organisation)
    return names


class Topics:
    """The portal's topics, by name."""

    through, column = Consultation.topics.through, "topic_id"

    def __init__(self):
        self._known = {folded(name): pk for pk, name in Topic.objects.values_list("pk", "name")}

    def of(self, entry):
        return self._known.get(folded(entry.topic))

    def link(self, rows, entries):
        _link(self, rows, entries)


class Advisors:
    """The project's team, by the name the log gives."""

    through, column = Consultation.advisors.through, "user_id"

    def __init__(self, project):
        self._known = {folded(name): pk for pk, name in project.team.values_list("pk", "name")}

    def of(self, entry):
        return self._known.get(folded(entry.advisor))

    def link(self, rows, entries):
        _link(self, rows, entries)


def _link(known, rows, entries):
    known.through.objects.bulk_create(
        known.through(**{"consultation_id": row.pk, known.column: pk})
        for row, entry in zip(rows, entries, strict=True)
        if (pk := known.of(entry))
    )


def consultation_from(entry, *, batch, by, organisation, topics):
    """The unsaved consultation of an entry; a topic the portal has no word for goes to the note."""
    starts_at, ends_at = _moments(entry)
    note = entry.note
    if entry.topic and not topics.of(entry):
        note = f"{entry.topic}\n{note}".strip()
    return Consultation(
        project=batch.project,
        kind=entry.kind,
        held_on=entry.date,
        starts_at=starts_at,
        ends_at=ends_at,
        minutes=entry.minutes,
        place=entry.place,
        district_id=entry.area.key,
        organisation=organisation,
        headcount=entry.people or 1,
        advisor_as_written=entry.advisor,
        internal_note=note,
        result=entry.result,
        next_step=entry.next_step,
        batch=batch,
        batch_row=entry.row,
        fingerprint=entry.fingerprint,
        logged_by=by,
    )


def _moments(entry):
    """Start and end; the end is left out in the night the clocks change, where it cannot agree."""
    if entry.start is None:
        return None, None
    zone = timezone.get_default_timezone()
    starts_at = datetime.combine(entry.date, entry.start, zone)
    if entry.end is None:
        return starts_at, None
    ends_at = datetime.combine(entry.date, entry.end, zone)
    agrees = ends_at.timestamp() - starts_at.timestamp() == entry.minutes * 60
    return starts_at, ends_at if agrees else None
