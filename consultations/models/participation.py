"""Participation: one person in one project, once, from the first entry to the last exit."""

from collections import Counter
from dataclasses import asdict

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.db import explained, fold, worded
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

    def for_list(self):
        return self.select_related("person", "project").order_by("person__sort_name", "pk")

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
    def admit(self, person, *, by, project, on, is_somebody_else=False):
        """Let somebody take part; once per project, whatever the number of sessions.

        Refuses a day outside the project, ahead or locked, and somebody who may be here already
        under another file unless `is_somebody_else`.
        """
        check_day(project, on)
        PeriodLock.objects.refuse(project, on)
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
            participation = self.create(person=person, project=project, entered_on=on)
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
    """Teilnahme: data of the first entry, dates and results of the last exit.

    What a locked period counted of it stays: a trigger keeps its days, and the answers that count.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="participations")
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="participations")
    entered_on = models.DateField(_("first entry"))
    # The latest return after an exit; the entry data stay those of the first.
    returned_on = models.DateField(_("returned on"), null=True, blank=True)
    left_on = models.DateField(_("last exit"), null=True, blank=True)
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
            models.UniqueConstraint(
                fields=["person", "project"],
                name="consultations_participation_once_per_project",
                violation_error_message=_(
                    "This person takes part in the project already. Who comes back is not "
                    "admitted again: record the return."
                ),
            ),
            models.CheckConstraint(
                name="consultations_participation_leaves_after_entry",
                condition=Q(left_on=None) | Q(left_on__gte=F("entered_on")),
                violation_error_message=_("Nobody leaves before they came."),
            ),
            models.CheckConstraint(
                name="consultations_participation_returns_after_entry",
                condition=Q(returned_on=None) | Q(returned_on__gt=F("entered_on")),
                violation_error_message=_("A return is after the first entry."),
            ),
            models.CheckConstraint(
                name="consultations_participation_leaves_after_return",
                condition=Q(left_on=None) | Q(returned_on=None) | Q(left_on__gte=F("returned_on")),
                violation_error_message=_("The last exit is after the return."),
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
        """Correct the day of the first entry; neither out of a locked period nor into one."""
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
        """Record the exit, or correct its day; after a return the last exit is what counts.

        Refuses to move it out of a locked period or into one.
        """
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
        """Record a return: entry data stay, the results of the former exit count no more.

        Refuses a return on a locked day, and after an exit that was counted in a locked period.
        """
        check_day(self.project, on)
        self.lock()
        if self.left_on is None:
            raise ValidationError(_("Whoever has not left cannot come back."))
        if on <= self.left_on:
            raise ValidationError(_("A return is after the exit."))
        self.refuse_locked(self.left_on, on)
        former, self.left_on, self.returned_on = self.left_on, None, on
        with explained(Participation):
            self.save(update_fields=["left_on", "returned_on"])
        self.answers.after_entry().delete()
        Event.objects.record(
            actor=by,
            verb="participation.returned",
            subject=self,
            on=on.isoformat(),
            left_on=former.isoformat(),
        )

    @property
    def is_erased_but_counted(self):
        """Whether only what reports count is left of them; nobody can be asked any more."""
        return bool(self.counted_codes)

    @property
    def stay(self):
        return Stay(self.entered_on, self.returned_on, self.left_on)

    def together(self, other):
        """What is true of two participations of one person: (days, answers that no longer count).

        The entry is the first one with what was said then, the results are those of the last exit
        (funding.md 2.2.2). What the first entry was not asked is missing: it is not taken from a
        later one. A consent withdrawn in either file stays withdrawn.
        """
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
        return asdict(stay), needless

    def refuse_locked(self, before, on):
        """Refuse to move a day that is accounted for; the trigger says so to whoever is faster."""
        if before != on:
            PeriodLock.objects.refuse(self.project, before, on)

    def lock(self):
        """Lock the row and take over its dates; two windows then work one after the other."""
        fresh = Participation.objects.select_for_update().filter(pk=self.pk).first()
        if fresh is None:
            raise ValidationError(CHANGED)
        self.entered_on, self.returned_on = fresh.entered_on, fresh.returned_on
        self.left_on = fresh.left_on
