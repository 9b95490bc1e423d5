"""Which consultations: who may see and change them, which rows and columns a page needs."""

from django.db import models, transaction
from django.db.models import Case, Count, Exists, F, OuterRef, Q, Sum, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.db import explained, fold, take_turns
from consultations.models.project import Project
from enterprises.models import Organisation


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


class ConsultationQuerySet(models.QuerySet):
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
        withdrawn = self.filter(withdrawn_at__isnull=False)
        match user.role:
            case Role.MANAGER:
                return withdrawn
            case Role.ADVISOR:
                return withdrawn.filter(self._own(user))
            case _:
                return self.none()

    def with_note_for(self, user):
        """Add `note`: the internal note where this person may read it, else None.

        An advisor reads the notes of their teams and of sessions they held themselves.
        """
        match user.role:
            case Role.MANAGER:
                return self.annotate(note=F("internal_note"))
            case Role.ADVISOR:
                return self.annotate(
                    note=Case(When(self._own(user), then=F("internal_note")), default=None)
                )
            case _:
                return self.annotate(note=Value(None, output_field=models.TextField()))

    def own_of(self, user):
        """Those this person held, and those of the projects in whose team they are."""
        return self.filter(self._own(user))

    def _own(self, user):
        teams = Project.team.through.objects.filter(user=user, project=OuterRef("project"))
        held = self.model.advisors.through.objects.filter(user=user, consultation=OuterRef("pk"))
        return Exists(teams) | Exists(held)

    def valid(self):
        return self.filter(withdrawn_at=None)

    def of(self, project):
        return self.filter(project=project)

    def held_by(self, user):
        return self.filter(advisors=user)

    def between(self, start, end):
        """Held from one day to another, both included."""
        return self.filter(held_on__gte=start, held_on__lte=end)

    def mentioning(self, typed, *, user):
        """Those in whose texts this stands; a note is searched only for who may read it."""
        words = " ".join(typed.split())
        return self.filter(
            Q(organisation__sort_name__contains=fold(words))
            | Q(place__icontains=words)
            | Q(result__icontains=words)
            | Q(next_step__icontains=words)
            # A manager's readings are noted one by one, so a search reads only one's own.
            | Q(self._own(user), internal_note__icontains=words)
        )

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
            .prefetch_related("advisors", "topics", "people")
            .defer("internal_note", "district__outline")
        )

    def totals(self):
        """How many, and how many minutes altogether."""
        return self.order_by().aggregate(count=Count("pk"), minutes=Coalesce(Sum("minutes"), 0))

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
        with explained(self.model):
            consultation.save(force_insert=True)
        consultation.advisors.set(advisors)
        consultation.topics.set(topics)
        consultation.people.set(people)
        Event.objects.record(actor=by, verb="consultation.logged", subject=consultation)
        return consultation
