"""Participation: one person in one project, from an entry to an exit."""

from collections import Counter, defaultdict

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Min, OuterRef, Prefetch, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.db import Days, explained, fold, worded
from consultations.models.period_lock import PeriodLock
from consultations.models.project import Project, teams_of
from consultations.models.questions import Phase
from consultations.participation_rules import Stay, duplicate_key, joined, later_on
from enterprises.models import Person

# What the triggers call their refusal; the verbs ask before, for their sentence names the lock.
worded(
    "consultations_locked_participants_stay",
    _(
        "This participation is counted in a period that is locked, or its day lies in one. Ask the "
        "management to open the period first."
    ),
)
CHANGED = _("Someone changed this in the meantime. Please look again.")


class ParticipationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The project's team and the manager; founders their own. No other team, no funder."""
        match user.role:
            case Role.MANAGER:
                return self.all()
            case Role.ADVISOR:
                return self.filter(project__in=teams_of(user))
            case Role.FOUNDER:
                return self.filter(person__user=user)
            case _:
                return self.none()

    def kept_by(self, user):
        """Those whose dates and exit this person may record: never one's own."""
        return self.none() if user.role == Role.FOUNDER else self.visible_to(user)

    def of(self, project):
        return self.filter(project=project)

    def of_people(self, people):
        return self.filter(person__in=people)

    def entered_between(self, starts_on, ends_on):
        return self.filter(entered_on__range=(starts_on, ends_on))

    def for_list(self):
        rows = self.select_related("person", "project")
        return rows.order_by("person__sort_name", "person", "entered_on", "pk")

    def entries_of(self, people):
        """(person, project) -> all their stays, as (day of entry, whether erased but counted)."""
        found = defaultdict(list)
        rows = self.of_people(people).order_by()
        for *key, day, codes in rows.values_list(
            "person", "project", "entered_on", "counted_codes"
        ):
            found[tuple(key)].append((day, bool(codes)))
        return found

    def with_key(self):
        """Add `key`: what stands for the person in this project, the same in all of their stays."""
        same = Participation.objects.order_by().filter(
            person=OuterRef("person"), project=OuterRef("project")
        )
        first = same.values("person").annotate(first=Min("pk")).values("first")
        return self.annotate(key=Subquery(first))

    def with_answers(self, answers):
        """Add the answers given as a QuerySet, in one question to the database."""
        return self.prefetch_related(
            Prefetch("answers", answers.select_related("question", "asked_by"))
        )

    def alike(self, name, postcode):
        """Those with the same first name, last name and postcode; the funders' duplicate check."""
        key = duplicate_key(name, postcode)
        if key is None:
            return []
        near = self.filter(person__postcode=postcode, person__sort_name__contains=fold(key[1]))
        return [
            each
            for each in near.select_related("person")
            if duplicate_key(each.person.name, each.person.postcode) == key
        ]

    @transaction.atomic
    def admit(self, person, *, by, project, on, left_on=None, is_somebody_else=False):
        """Let somebody take part; once at a time, whatever the number of sessions.

        With `left_on` it is over already, and may lie before another stay. Refuses a day outside
        the project, ahead or locked, and somebody who may be here already under another file
        unless `is_somebody_else`.
        """
        check_day(project, on)
        if left_on:
            check_past(left_on)
        PeriodLock.objects.refuse(project, *filter(None, (on, left_on)))
        others = self.of(project).exclude(person=person)
        if not is_somebody_else and others.alike(person.name, person.postcode):
            raise ValidationError(
                _(
                    "Somebody with this first name, last name and postcode takes part already. "
                    "If it is another person, say so."
                ),
                code="alike",
            )
        with explained(self.model):
            participation = self.create(
                person=person, project=project, entered_on=on, left_on=left_on
            )
        Event.objects.record(actor=by, verb="participation.admitted", subject=participation)
        return participation


def check_day(project, day):
    if not project.covers(day):
        raise ValidationError(_("The project does not run on that day."))
    check_past(day)


def check_past(day):
    if day > timezone.localdate():
        raise ValidationError(_("That day is still ahead."))


class Participation(models.Model):
    """Teilnahme: one stay in a project; whoever comes back begins another one.

    Which entry and which exit of several count is a matter of the grant: participation_rules.
    What a locked period counted of it stays: a trigger keeps its days, and the answers that count.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="participations")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="participations")
    entered_on = models.DateField(_("entry"))
    left_on = models.DateField(_("exit"), null=True, blank=True)
    # What is left for the figures of somebody erased who was counted: the gender, and the
    # indicators of parts 1.1, 3 and 4. No birthday, no answer, nothing of part 1.2.
    counted_gender = models.CharField(max_length=10, blank=True, editable=False)
    counted_codes = models.JSONField(default=list, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        verbose_name = _("participation")
        verbose_name_plural = _("participations")
        ordering = ["project", "pk"]
        constraints = [
            ExclusionConstraint(
                name="consultations_participation_one_at_a_time",
                expressions=[
                    ("person", RangeOperators.EQUAL),
                    ("project", RangeOperators.EQUAL),
                    (Days("entered_on", "left_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_(
                    "This person takes part in the project at that time already. Whoever comes "
                    "back enters after the exit, and whoever was here before has left: record the "
                    "exit."
                ),
            ),
            models.CheckConstraint(
                name="consultations_participation_leaves_after_entry",
                condition=Q(left_on=None) | Q(left_on__gte=F("entered_on")),
                violation_error_message=_("Nobody leaves before they came."),
            ),
            models.CheckConstraint(
                name="consultations_participation_counted_has_both",
                condition=Q(counted_gender="", counted_codes=[])
                | ~Q(counted_gender="") & ~Q(counted_codes=[]),
                violation_error_message=_("Who is counted has a gender and indicators."),
            ),
        ]

    def __str__(self):
        return f"{self.person} · {self.project}"

    def get_absolute_url(self):
        return reverse("consultations:participation", args=[self.pk])

    def day_of(self, phase, rules):
        """The day the answers of a phase are about; None while it is not known."""
        if phase == Phase.ENTRY or self.left_on is None:
            return self.entered_on if phase == Phase.ENTRY else None
        return self.left_on if phase == Phase.EXIT else later_on(self.left_on, rules)

    @transaction.atomic
    def enter(self, on, *, by):
        """Correct the day of the entry; neither out of a locked period nor into one."""
        check_day(self.project, on)
        self.lock()
        self.refuse_locked(self.entered_on, on)
        before, self.entered_on = self.entered_on, on
        with explained(Participation):
            self.save(update_fields=["entered_on"])
        if before != on:
            Event.objects.record(
                actor=by, verb="participation.entered", subject=self, on=on.isoformat()
            )

    @transaction.atomic
    def leave(self, on, *, by):
        """Record the exit, or correct its day; neither out of a locked period nor into one."""
        check_past(on)
        self.lock()
        self.refuse_locked(self.left_on, on)
        before, self.left_on = self.left_on, on
        with explained(Participation):
            self.save(update_fields=["left_on"])
        if before != on:
            Event.objects.record(
                actor=by, verb="participation.left", subject=self, on=on.isoformat()
            )

    @transaction.atomic
    def come_back(self, on, *, by):
        """Begin another stay of this person; returns it. This one and its answers stay.

        Refuses who has not left, and a day that is not after the exit, or locked.
        """
        check_day(self.project, on)
        self.lock()
        if self.left_on is None:
            raise ValidationError(_("Whoever has not left cannot come back."))
        if on <= self.left_on:
            raise ValidationError(_("A return is after the exit."))
        PeriodLock.objects.refuse(self.project, on)
        with explained(Participation):
            again = Participation.objects.create(
                person=self.person, project=self.project, entered_on=on
            )
        Event.objects.record(
            actor=by, verb="participation.returned", subject=again, on=on.isoformat()
        )
        return again

    @property
    def is_erased_but_counted(self):
        """Whether only what reports count is left of them; nobody can be asked any more."""
        return bool(self.counted_codes)

    @property
    def stay(self):
        return Stay(self.entered_on, self.left_on)

    @property
    def others(self):
        """The other stays of the same person in the project."""
        mine = Participation.objects.filter(person=self.person_id, project=self.project_id)
        return mine.exclude(pk=self.pk)

    def overlapping(self, **values):
        """The stays beside which this one could not stand if it had these values, in order."""
        rows = Participation.objects.filter(
            **{"person": self.person_id, "project": self.project_id} | values
        ).filter(Q(left_on=None) | Q(left_on__gte=self.entered_on))
        if self.left_on:
            rows = rows.filter(entered_on__lte=self.left_on)
        return list(rows.exclude(pk=self.pk).order_by("entered_on"))

    def together(self, other):
        """What is true of two overlapping stays of one person: (days, answers that count no more).

        The entry is the first one with what was said then, the results are those of the last exit
        (funding.md 2.2.2). What the first entry was not asked is missing: it is not taken from a
        later one. A consent withdrawn in either file stays withdrawn. Refuses somebody erased,
        whose answers nobody knows any more.
        """
        if self.is_erased_but_counted or other.is_erased_but_counted:
            raise ValidationError(
                _("One of the two was deleted and is still counted. They cannot be merged.")
            )
        stay, withdrawn = joined(self.stay, other.stay), {}
        answers = [each for one in (self, other) for each in one.answers.select_related("question")]
        for each in answers:
            if each.withdrawn_on:
                withdrawn.setdefault(each.question.code, each)

        def speaker(those, is_entry):
            """Of those of the day that counts, the one that was asked more."""
            asked = Counter(
                each.participation_id
                for each in answers
                if (each.question.phase == Phase.ENTRY) == is_entry
            )
            return max((one.pk for one in those), key=lambda pk: asked[pk], default=None)

        both = (self, other)
        first = speaker([one for one in both if one.entered_on == stay.entered_on], True)
        last = speaker([one for one in both if stay.left_on and one.left_on == stay.left_on], False)
        needless = []
        for each in answers:
            counts = each.participation_id == (
                first if each.question.phase == Phase.ENTRY else last
            )
            if (no := withdrawn.get(each.question.code)) and not each.is_consented_after(no):
                counts = each.pk == no.pk
            if not counts:
                needless.append(each)
        return stay._asdict(), needless

    def refuse_locked(self, before, on):
        """Refuse to move a day that is accounted for; the trigger says so to whoever is faster."""
        if before != on:
            PeriodLock.objects.refuse(self.project, before, on)

    def lock(self):
        """Lock the row and take over its dates; two windows then work one after the other."""
        fresh = Participation.objects.select_for_update().filter(pk=self.pk).first()
        if fresh is None:
            raise ValidationError(CHANGED)
        self.entered_on, self.left_on = fresh.entered_on, fresh.left_on
