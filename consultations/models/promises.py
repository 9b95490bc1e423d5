"""Promise: who promised what to whom by when, and what became of it."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from best_portal.accounts.models import STAFF_ROLES
from best_portal.audit.models import Event
from best_portal.db import explained
from consultations.models.cases import SupportCase
from consultations.models.consultation import Consultation
from consultations.models.promise_queries import OPEN, PromiseQuerySet, Promiser
from enterprises.models import Organisation, Person


class Promise(models.Model):
    """Zusage: between an advisor and an organisation, in either direction.

    `advisor` and `person` are the two sides, `promiser` says which of them promised. The day it is
    due on moves only by `postpone`, and every former day is kept.
    """

    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        related_name="promises",
        verbose_name=_("organisation"),
    )
    promiser = models.CharField(_("promised by"), max_length=7, choices=Promiser)
    advisor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="promises",
        verbose_name=_("advisor"),
    )
    # Nobody where the agency promised it to the organisation as a whole.
    person = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="promises",
        verbose_name=_("person"),
    )
    what = models.CharField(_("what"), max_length=300)
    made_on = models.DateField(_("promised on"))
    due_on = models.DateField(_("due on"), null=True, blank=True)
    case = models.ForeignKey(
        SupportCase,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="promises",
        verbose_name=_("support case"),
    )
    consultation = models.ForeignKey(
        Consultation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="promises",
        verbose_name=_("consultation"),
    )
    kept_at = models.DateTimeField(_("kept at"), null=True, editable=False)
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("marked as kept by"),
    )
    dropped_at = models.DateTimeField(_("dropped at"), null=True, editable=False)
    dropped_because = models.CharField(_("reason"), max_length=300, blank=True, editable=False)
    taken_over_from = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("taken over from"),
    )
    taken_over_at = models.DateTimeField(null=True, editable=False)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    noted_at = models.DateTimeField(auto_now_add=True)
    form_key = models.UUIDField(null=True, editable=False)

    objects = PromiseQuerySet.as_manager()

    class Meta:
        verbose_name = _("promise")
        verbose_name_plural = _("promises")
        ordering = [F("due_on").asc(nulls_last=True), "pk"]
        indexes = [
            models.Index(
                fields=["advisor", "due_on"], name="consultations_promise_open", condition=OPEN
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="consultations_promise_says_what",
                condition=~Q(what=""),
                violation_error_message=_("Say what was promised."),
            ),
            models.CheckConstraint(
                name="consultations_promise_promiser_is_known",
                condition=Q(promiser__in=Promiser.values),
                violation_error_message=_("Say who promised."),
            ),
            models.CheckConstraint(
                name="consultations_promise_person_promises_by_name",
                condition=~Q(promiser=Promiser.PERSON) | Q(person__isnull=False),
                violation_error_message=_("Say which person of the organisation promised it."),
            ),
            models.CheckConstraint(
                name="consultations_promise_due_after_it_was_made",
                condition=Q(due_on=None) | Q(due_on__gte=F("made_on")),
                violation_error_message=_("A promise cannot be due before it was made."),
            ),
            models.CheckConstraint(
                name="consultations_promise_kept_or_dropped",
                condition=Q(kept_at=None) | Q(dropped_at=None),
                violation_error_message=_("A promise is kept or dropped, not both."),
            ),
            models.CheckConstraint(
                name="consultations_promise_kept_by_somebody",
                condition=Q(kept_at=None, kept_by=None)
                | Q(kept_at__isnull=False, kept_by__isnull=False),
                violation_error_message=_("Somebody marks a promise as kept."),
            ),
            models.CheckConstraint(
                name="consultations_promise_dropped_with_reason",
                condition=Q(dropped_at=None, dropped_because="")
                | (Q(dropped_at__isnull=False) & ~Q(dropped_because="")),
                violation_error_message=_("Say why the promise is dropped."),
            ),
            models.CheckConstraint(
                name="consultations_promise_taken_over_from_somebody",
                condition=Q(taken_over_at=None, taken_over_from=None)
                | Q(taken_over_at__isnull=False, taken_over_from__isnull=False),
                violation_error_message=_("A promise is taken over from somebody."),
            ),
            models.UniqueConstraint(
                fields=["form_key"],
                name="consultations_promise_one_per_form",
                violation_error_message=_("This form was sent before. Please open it anew."),
            ),
        ]

    def __str__(self):
        return self.what

    def get_absolute_url(self):
        return reverse("consultations:promise", args=[self.pk])

    @property
    def is_open(self):
        return self.kept_at is None and self.dropped_at is None

    @property
    def is_overdue(self):
        return self.is_open and self.due_on is not None and self.due_on < timezone.localdate()

    @property
    def state(self):
        """What became of it, in one word."""
        if self.kept_at:
            return pgettext_lazy("a promise", "kept")
        if self.dropped_at:
            return _("dropped")
        return _("overdue") if self.is_overdue else _("open")

    @property
    def is_by_the_agency(self):
        return self.promiser == Promiser.ADVISOR

    @property
    def from_whom(self):
        """Who promised, by name."""
        return self.advisor.name if self.is_by_the_agency else self.person.name

    @property
    def to_whom(self):
        """To whom it was promised, by name."""
        if self.is_by_the_agency:
            return self.person.name if self.person else self.organisation.name
        return self.advisor.name

    def check_sides(self):
        """Refuse what the database cannot see: a day to come, and sides that do not fit."""
        if self.made_on > timezone.localdate():
            raise ValidationError({"made_on": _("This day is still to come.")})
        self._refuse_strangers(self.advisor)
        if self.person and not Person.objects.part_of(self.organisation).contains(self.person):
            raise ValidationError({"person": _("This person has no part in the organisation.")})
        for about in (self.consultation, self.case):
            if about and about.organisation_id not in (None, self.organisation_id):
                raise ValidationError(
                    {"organisation": _("Choose the organisation the promise was made to.")}
                )

    @transaction.atomic
    def keep(self, *, by):
        """Note that it was done; only an open promise can be kept."""
        self._change(kept_at=timezone.now(), kept_by=by)
        Event.objects.record(actor=by, verb="promise.kept", subject=self)

    @transaction.atomic
    def drop(self, *, by, reason):
        """Note that it will not be done, and why."""
        self._change(dropped_at=timezone.now(), dropped_because=" ".join(reason.split()))
        Event.objects.record(actor=by, verb="promise.dropped", subject=self)

    @transaction.atomic
    def reopen(self, *, by):
        """Undo keeping or dropping; refused where it is open."""
        reopened = Promise.objects.settled().filter(pk=self.pk)
        if not reopened.update(kept_at=None, kept_by=None, dropped_at=None, dropped_because=""):
            raise ValidationError(_("This promise is open."))
        self.refresh_from_db()
        Event.objects.record(actor=by, verb="promise.reopened", subject=self)

    @transaction.atomic
    def postpone(self, to, *, reason, by):
        """Agree on another day; the former one is kept, with the reason.

        Refuses a day that is over, the same day, and what somebody changed meanwhile.
        """
        if to < timezone.localdate():
            raise ValidationError({"due_on": _("Choose today or a later day.")})
        was = self.due_on
        with explained(Postponement):
            self.postponements.create(was_due_on=was, due_on=to, reason=reason.strip(), by=by)
        self._change(Q(due_on=was), due_on=to)
        Event.objects.record(actor=by, verb="promise.postponed", subject=self, to=to.isoformat())

    @transaction.atomic
    def pass_on(self, *, to, by):
        """Give it to a colleague, who from now on stands for the agency's side of it.

        Refuses a settled promise, whoever has it already, and who is not of the agency's staff.
        """
        self._refuse_strangers(to)
        if to == self.advisor:
            raise ValidationError(_("%(name)s has this promise already."), params={"name": to})
        was = self.advisor
        self._change(Q(advisor=was), advisor=to, taken_over_from=was, taken_over_at=timezone.now())
        Event.objects.record(actor=by, verb="promise.passed_on", subject=self, to=to.pk)

    @staticmethod
    def _refuse_strangers(advisor):
        if advisor.role not in STAFF_ROLES or not advisor.is_active:
            raise ValidationError(
                {"advisor": _("Only somebody who works here can stand for the agency.")}
            )

    def _change(self, *still, **fields):
        # The database decides, so a stale page cannot repeat a step.
        with explained(Promise):
            changed = Promise.objects.open().filter(*still, pk=self.pk).update(**fields)
        if not changed:
            raise ValidationError(_("Someone changed this promise in the meantime."))
        self.refresh_from_db()


class Postponement(models.Model):
    """Verschiebung: the day a promise was due on before, the new one, and why."""

    promise = models.ForeignKey(Promise, on_delete=models.CASCADE, related_name="postponements")
    was_due_on = models.DateField(_("former day"), null=True)
    due_on = models.DateField(_("new day"))
    reason = models.CharField(_("reason"), max_length=300)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("postponement")
        verbose_name_plural = _("postponements")
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="consultations_postponement_has_a_reason",
                condition=~Q(reason=""),
                violation_error_message=_("Say why the day is another one."),
            ),
            models.CheckConstraint(
                name="consultations_postponement_is_to_another_day",
                condition=Q(was_due_on=None) | ~Q(was_due_on=F("due_on")),
                violation_error_message=_("The promise is due on this day already."),
            ),
        ]

    def __str__(self):
        return f"{self.due_on:%d.%m.%Y}"
