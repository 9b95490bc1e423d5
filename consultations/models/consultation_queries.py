"""Which consultations: who may see and change them, which rows and columns a page needs."""

from functools import reduce
from operator import or_

from django.db import models, transaction
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from best_portal.asked import Asked, Text
from best_portal.audit.models import Event
from best_portal.bin.models import WithdrawableQuerySet
from best_portal.db import explained, take_turns
from best_portal.imports.models import BatchStatus
from consultations.models.next_steps import NextStepsMixin
from consultations.models.project import teams_of
from consultations.models.reading_on import given_up
from enterprises.models import Organisation

# What staff may read of every consultation, and what its team alone may.
OPEN = Text(("place", "result", "next_step"), stored="open_text")
NOTE = Text(("internal_note",), stored="note_text")
# How many of the newest answers are compared with each other.
RANKED = 300


class ConsultationKind(models.TextChoices):
    ADVICE = "advice", _("advice")
    ACCOMPANIMENT = "accompaniment", _("accompaniment")
    TRAINING = "training", _("training")


class Channel(models.TextChoices):
    OFFICE = "office", _("in the office")
    ON_SITE = "on_site", _("on site")
    PHONE = "phone", _("by phone")
    VIDEO = "video", _("by video")
    EMAIL = "email", _("by e-mail")


class ConsultationQuerySet(NextStepsMixin, WithdrawableQuerySet):
    def visible_to(self, user):
        """The consultations a person may know of; never withdrawn ones.

        Staff see all of them, with other teams' notes closed (`with_note_for`); founders those of
        their organisations; evaluators those of the projects they evaluate, without names.
        """
        valid = self.valid()
        match user.role:
            case Role.ADVISOR | Role.MANAGER:
                return valid
            case Role.FOUNDER:
                return valid.filter(organisation__in=Organisation.objects.visible_to(user))
            case Role.EVALUATOR:
                return valid.filter(project__evaluators=user)
            case _:
                return self.none()

    def editable_by(self, user):
        """Their team's; the manager's are all."""
        visible = self.visible_to(user)
        match user.role:
            case Role.MANAGER:
                return visible
            case Role.ADVISOR:
                return visible.filter(self._own(user))
            case _:
                return self.none()

    def restorable_by(self, user):
        """Those withdrawn by mistake that this person may bring back."""
        withdrawn = self.in_bin()
        match user.role:
            case Role.MANAGER:
                return withdrawn
            case Role.ADVISOR:
                return withdrawn.filter(self._own(user))
            case _:
                return self.none()

    def with_note_for(self, user):
        """Add `note`: the internal note where this person may read it, else None.

        An advisor reads the notes of their teams and of sessions they held themselves; of what
        they handed over, for 30 days.
        """
        match user.role:
            case Role.MANAGER:
                return self.annotate(note=F("internal_note"))
            case Role.ADVISOR:
                return self.annotate(
                    note=Case(When(self._readable(user), then=F("internal_note")), default=None)
                )
            case _:
                return self.annotate(note=Value(None, output_field=models.TextField()))

    def with_own_note_for(self, user):
        """Add `own_note`: the internal note of one's own team and sessions, else None.

        Unlike `with_note_for` it shows a manager no other team's, so no reading need be noted.
        """
        return self.annotate(
            own_note=Case(When(self._readable(user), then=F("internal_note")), default=None)
        )

    def own_of(self, user):
        """Those this person held and has not handed over, and those of their teams."""
        return self.filter(self._own(user))

    def readable_by(self, user):
        """Those whose notes are theirs to read: their own, and what they just handed over."""
        return self.filter(self._readable(user))

    def _own(self, user):
        return self._of_team(user) | self._held(user) & ~given_up(user)

    def _readable(self, user):
        return self._of_team(user) | self._held(user) & ~given_up(user, long_ago=True)

    def _of_team(self, user):
        return Q(project__in=teams_of(user))

    def _held(self, user):
        held = self.model.advisors.through.objects.filter(user=user, consultation=OuterRef("pk"))
        return Exists(held)

    def withdrawable_by(self, user):
        return self.editable_by(user)

    def in_bin(self):
        """Without what an import took back: that comes again with the next import."""
        return super().in_bin().exclude(batch__status=BatchStatus.DISCARDED)

    def for_bin(self):
        return super().for_bin().defer("internal_note", "organisation__purpose")

    def run_out(self):
        """Without those a released report may have counted: their texts are its evidence."""
        released = self.model.objects.filter(
            project__grants__reports__versions__status="released",
            held_on__gte=F("project__grants__starts_on"),
            held_on__lte=F("project__grants__reports__ends_on"),
        )
        return super().run_out().exclude(pk__in=released.values("pk"))

    def of(self, project):
        return self.filter(project=project)

    def held_by(self, user):
        return self.filter(advisors=user)

    def to_go_on_by(self, user):
        """Those whose next step is this person's: they held them and have not handed over since,
        or the case was handed over to them."""
        cases = self.model.case.field.related_model.objects.filter(
            pk=OuterRef("case"), advisor=user, dossiers__to=user
        )
        return self.filter(self._held(user) & ~self._passed_on(user) | Exists(cases.order_by()))

    def _passed_on(self, user):
        """Whether they left the team since, or gave the case to somebody."""
        given = self.model.case.field.related_model.objects.filter(
            pk=OuterRef("case"),
            dossiers__handover__giver=user,
            dossiers__handover__handed_at__gte=OuterRef("logged_at"),
        )
        return Q(given_up(user)) | Q(Exists(given.exclude(advisor=user).order_by()))

    def between(self, start, end):
        """Held from one day to another, both included."""
        return self.filter(held_on__gte=start, held_on__lte=end)

    def mentioning(self, typed, *, user):
        """Those in which every word stands; a note is searched only for whose own it is."""
        return self._where(Asked(typed).words, user, with_names=True)

    def answering(self, asked, *, user, alike=False):
        """Those in whose texts the words stand, one of them at least; the others may be the
        organisation's name."""
        several = len(asked.words) > 1
        rows = self._where(asked.words, user, with_names=several, alike=alike)
        if not several:
            return rows
        return rows.filter(reduce(or_, [self._told(word, user, alike) for word in asked.words]))

    def _where(self, words, user, *, with_names, alike=False):
        conditions = [self._told(word, user, alike) for word in words]
        if with_names:
            # Their keys, so that PostgreSQL can look each word up in an index.
            conditions = [
                told | Q(organisation__in=list(Organisation.objects.naming(word)))
                for told, word in zip(conditions, words, strict=True)
            ]
        return self.filter(*conditions)

    def _told(self, word, user, alike):
        # A manager's readings are noted one by one, so a search reads only one's own notes.
        note = Q(self._readable(user)) & word.within(NOTE, alike=alike)
        return word.within(OPEN, alike=alike) | note

    def best_first(self, asked):
        """Of the newest, those that answer best."""
        # Their keys, so that PostgreSQL cannot choose to look for them once for each row.
        newest = list(self.newest_first().values_list("pk", flat=True)[:RANKED])
        return (
            self.model.objects.filter(pk__in=newest)
            .annotate(rank=asked.rank(OPEN))
            .order_by("-rank", "-held_on", "-pk")
        )

    def with_next_step(self):
        return self.exclude(next_step="").only("next_step", "next_step_on", "held_on")

    def newest_first(self):
        return self.order_by("-held_on", "-starts_at", "-pk")

    def for_list(self):
        """Rows of a table: with what stands in its columns, without the long texts."""
        return (
            self.select_related("organisation", "district", "project")
            .prefetch_related("advisors")
            .defer("internal_note", "result", "project__purpose", "district__outline")
            .defer("organisation__purpose")
        )

    def for_export(self):
        """Rows of a file; the internal note is not among its columns."""
        return (
            self.select_related("organisation", "district", "project", "task")
            .prefetch_related("advisors", "topics")
            .defer("internal_note", "project__purpose", "district__outline")
        )

    def for_evaluation(self):
        """Rows for an evaluator: no texts, no people; by case, then by day."""
        return (
            self.select_related("district")
            .only(
                "held_on",
                "kind",
                "minutes",
                "headcount",
                "organisation_id",
                "project_id",
                "district__name",
            )
            .order_by("organisation_id", "held_on", "pk")
        )

    def for_page(self):
        """One consultation with all that belongs to it; the note only by `with_note_for`."""
        return (
            self.select_related("organisation", "district", "project", "task", "case", "logged_by")
            .select_related("group_date__session")
            .prefetch_related("advisors", "topics", "people")
            .defer("internal_note", "district__outline")
        )

    def totals(self):
        """How many, and how many minutes altogether."""
        return self.order_by().aggregate(count=Count("pk"), minutes=Coalesce(Sum("minutes"), 0))

    def with_working_minutes(self):
        """Add `working_minutes`: contact, preparation and travel, as a time sheet counts them.

        Reports count `minutes` alone, the contact.
        """
        return self.annotate(
            working_minutes=F("minutes") + F("preparation_minutes") + F("travel_minutes")
        )

    def for_hours(self):
        """What a time sheet tells of each: no client, no text."""
        return self.select_related("project").only(
            "held_on",
            "kind",
            "minutes",
            "preparation_minutes",
            "travel_minutes",
            "starts_at",
            "ends_at",
            "project",
        )

    def working_by_advisor(self):
        """Return the working minutes of each advisor: person → minutes."""
        rows = self.with_working_minutes().exclude(advisors=None).order_by().values_list("advisors")
        return dict(rows.annotate(Sum("working_minutes")))

    def working_totals(self):
        """Minutes of contact, preparation and travel, and altogether."""
        parts = {"contact": "minutes", "preparation": "preparation_minutes"}
        parts["travel"] = "travel_minutes"
        sums = {name: Coalesce(Sum(column), 0) for name, column in parts.items()}
        totals = self.order_by().aggregate(**sums)
        return totals | {"working": sum(totals.values())}

    def with_whom(self, organisation, *, first=None):
        """Those with an organisation, newest first; those held by `first` before all others."""
        advisors = self.model.advisors.through.objects
        own = advisors.filter(user=first, consultation=OuterRef("pk"))
        rows = self.filter(organisation=organisation).alias(is_own=Exists(own))
        return rows.order_by(F("is_own").desc(), "-held_on", "-starts_at", "-pk")

    def totals_by_kind(self):
        """The same for each kind that occurs, as (kind in words, count, minutes)."""
        words = dict(ConsultationKind.choices)
        rows = (
            self.order_by("kind").values("kind").annotate(count=Count("pk"), total=Sum("minutes"))
        )
        return [(words[row["kind"]], row["count"], row["total"]) for row in rows]

    @transaction.atomic
    def log(self, *, by, form_key=None, advisors=(), topics=(), people=(), **fields):
        """Record a consultation; the same form sent twice gives the first one back.

        Raises ValidationError for a day outside the project or in the future and for an area that
        did not exist on that day.
        """
        if form_key:
            take_turns(form_key)
            if earlier := self.filter(form_key=form_key).first():
                return earlier
        consultation = self.model(logged_by=by, form_key=form_key, **fields)
        consultation.check_day()
        consultation.refuse_locked("held_on")
        with explained(self.model):
            consultation.save(force_insert=True)
        # Not `set`, which would look for what to take away.
        consultation.advisors.add(*advisors)
        consultation.topics.add(*topics)
        consultation.people.add(*people)
        Event.objects.record(actor=by, verb="consultation.logged", subject=consultation)
        return consultation


class ConsultationManager(models.Manager.from_queryset(ConsultationQuerySet)):
    def get_queryset(self):
        """Without the copies of the texts that only the database searches."""
        return super().get_queryset().defer(OPEN.stored, NOTE.stored)
