"""Answer: what a participant said to one question, with consent and the day it is forgotten."""

from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.audit.models import Event
from best_portal.db import explained
from consultations.models.participation import Participation
from consultations.models.questions import Phase, Question, QuestionKind
from enterprises.models import Person

NO = "no"


class AnswerState(models.TextChoices):
    GIVEN = "given", _("answered")
    NO_STATEMENT = "withheld", _("did not want to say")
    NOT_ASKED = "not_asked", _("not asked")
    WITHDRAWN = "withdrawn", _("consent withdrawn")
    FORGOTTEN = "forgotten", _("deleted, its time was up")


WITH_WORDS = (AnswerState.GIVEN, AnswerState.NO_STATEMENT)
# What holds nothing of the person any more; that there was an answer stays, with its days.
EMPTIED = (AnswerState.WITHDRAWN, AnswerState.FORGOTTEN)


class AnswerQuerySet(models.QuerySet):
    def of_phase(self, phase):
        return self.filter(question__phase=phase)

    def after_entry(self):
        return self.exclude(question__phase=Phase.ENTRY)

    def ordinary(self):
        """Without the special categories: lists are made of these."""
        return self.filter(is_special=False)

    def with_words(self):
        """Those that still hold what somebody said."""
        return self.filter(state__in=WITH_WORDS)

    def reschedule(self, project):
        """Reckon anew when the answers of a project are forgotten: its end or its rule changed."""
        return self.filter(participation__project=project).update(
            retain_until=project.answers_kept_until
        )

    def due(self, today):
        """Those whose time is up."""
        return self.with_words().filter(retain_until__lt=today)

    def blocked(self, today):
        """Those of projects that are over and say nowhere how long answers are kept."""
        return self.with_words().filter(
            retain_until=None, participation__project__ends_on__lt=today
        )

    def blocked_by_project(self, today):
        """(key of the project, how many) of what is blocked."""
        blocked = self.blocked(today).order_by().values_list("participation__project__key")
        return blocked.annotate(number=Count("pk")).order_by("participation__project__key")

    @transaction.atomic
    def write_down(self, participation, replies, *, by, questions, consents=()):
        """Keep what somebody said to these questions; returns the codes that changed.

        `replies` is code → (state, value). Refuses what a question does not allow, and an answer
        of a special category whose code is not in `consents`. What is left open now was not asked.
        """
        participation.lock()
        rows = participation.answers.select_for_update(of=["self"])
        kept = {row.question_id: row for row in rows}
        changed = []
        for question in questions:
            state, value = replies.get(question.code, (AnswerState.NOT_ASKED, ""))
            check_reply(question, state, value)
            is_given = state == AnswerState.GIVEN
            if question.is_special and is_given and question.code not in consents:
                raise ValidationError(
                    {f"{question.code}_consent": _("Without consent, choose “not asked”.")}
                )
            if write(participation, question, kept.get(question.pk), state, value, by):
                changed.append(question.code)
        if changed:
            Event.objects.record(
                actor=by, verb="participation.answered", subject=participation, questions=changed
            )
        return changed

    @transaction.atomic
    def forget(self, today):
        """Empty what is due and keep the dated fact; returns how many answers were emptied.

        Of somebody with no answer left, the date of birth goes with the last one.
        """
        due = list(self.due(today).select_for_update().values_list("pk", "participation"))
        touched = {participation for _pk, participation in due}
        number = self.filter(pk__in=[pk for pk, _participation in due]).update(
            state=AnswerState.FORGOTTEN, value="", forgotten_on=today
        )
        people = Person.objects.filter(participations__in=touched)
        people.exclude(participations__answers__state__in=WITH_WORDS).update(birth_on=None)
        for participation in Participation.objects.filter(pk__in=touched):
            Event.objects.record(actor=None, verb="answers.forgotten", subject=participation)
        return number


class Answer(models.Model):
    """Antwort: a value, "keine Angabe" or not asked; its consent can be withdrawn."""

    participation = models.ForeignKey(
        Participation, on_delete=models.CASCADE, related_name="answers"
    )
    question = models.ForeignKey(Question, on_delete=models.PROTECT, related_name="answers")
    state = models.CharField(max_length=9, choices=AnswerState)
    value = models.CharField(max_length=30, blank=True)
    answered_on = models.DateField(_("answered on"))
    # Who asked, or the participant's own account.
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    # Of the question, so that the database can ask for the consent.
    is_special = models.BooleanField(default=False)
    consented_on = models.DateField(_("consent given on"), null=True, blank=True)
    withdrawn_on = models.DateField(_("consent withdrawn on"), null=True, blank=True)
    retain_until = models.DateField(_("kept until"), null=True, blank=True)
    forgotten_on = models.DateField(_("deleted on"), null=True, blank=True)

    objects = AnswerQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["question__number"]
        constraints = [
            models.UniqueConstraint(
                fields=["participation", "question"],
                name="consultations_answer_one_per_question",
                violation_error_message=_("This question is answered already."),
            ),
            models.CheckConstraint(
                name="consultations_answer_state_is_known",
                condition=Q(state__in=AnswerState.values),
                violation_error_message=_("Choose one of the answers."),
            ),
            models.CheckConstraint(
                name="consultations_answer_value_only_where_given",
                condition=(Q(state="given") & ~Q(value="")) | (~Q(state="given") & Q(value="")),
                violation_error_message=_("What was not answered holds nothing."),
            ),
            models.CheckConstraint(
                name="consultations_answer_special_only_with_consent",
                condition=Q(is_special=False) | ~Q(state="given") | Q(consented_on__isnull=False),
                violation_error_message=_("This answer may only be kept with consent."),
            ),
            models.CheckConstraint(
                name="consultations_answer_withdrawn_has_its_day",
                condition=Q(state="withdrawn", withdrawn_on__isnull=False)
                | ~Q(state="withdrawn") & Q(withdrawn_on=None),
                violation_error_message=_("A withdrawn consent has its day, and nothing else."),
            ),
            models.CheckConstraint(
                name="consultations_answer_forgotten_has_its_day",
                condition=Q(state="forgotten", forgotten_on__isnull=False)
                | ~Q(state="forgotten") & Q(forgotten_on=None),
                violation_error_message=_("A deleted answer has its day, and nothing else."),
            ),
            models.CheckConstraint(
                name="consultations_answer_withdrawn_after_consent",
                condition=Q(withdrawn_on=None) | Q(withdrawn_on__gte=F("consented_on")),
                violation_error_message=_("A consent is withdrawn after it was given."),
            ),
        ]
        indexes = [
            models.Index(fields=["retain_until"], name="consultations_answer_due"),
        ]

    def __str__(self):
        # Never the value: this may stand in a message or a log.
        return f"{self.question.code}: {self.get_state_display()}"

    @property
    def is_emptied(self):
        return self.state in EMPTIED

    def is_consented_after(self, withdrawn):
        """Whether consent was given anew on a later day than it was withdrawn elsewhere."""
        return bool(self.consented_on) and self.consented_on > withdrawn.withdrawn_on

    @transaction.atomic
    def withdraw_consent(self, *, by):
        """Empty the answer at once; that it was given and withdrawn stays, with both days."""
        emptied = Answer.objects.filter(
            pk=self.pk, is_special=True, state=AnswerState.GIVEN
        ).update(state=AnswerState.WITHDRAWN, value="", withdrawn_on=timezone.localdate())
        if not emptied:
            raise ValidationError(_("There is no consent to withdraw: this answer is empty."))
        self.refresh_from_db()
        Event.objects.record(
            actor=by,
            verb="consent.withdrawn",
            subject=self.participation,
            question=self.question.code,
        )


def write(participation, question, row, state, value, by):
    """Keep one answer; returns whether anything changed."""
    if row is None and state == AnswerState.NOT_ASKED:
        return False
    if row is not None and (
        (row.state, row.value) == (state, value)
        # Nothing new was said; what is emptied stays on record as such.
        or (row.is_emptied and state == AnswerState.NOT_ASKED)
    ):
        return False
    if row is not None and row.state == AnswerState.FORGOTTEN:
        raise ValidationError(_("These answers were deleted because their time was up."))
    today = timezone.localdate()
    is_given = state == AnswerState.GIVEN
    row = row or Answer(participation=participation, question=question)
    if not (question.is_special and is_given):
        row.consented_on = None
    elif row.consented_on is None or row.state != AnswerState.GIVEN:
        row.consented_on = today
    row.state, row.value, row.is_special = state, value, question.is_special
    row.answered_on, row.asked_by, row.withdrawn_on = today, by, None
    row.retain_until = participation.project.answers_kept_until
    with explained(Answer):
        row.save()
    return True


def check_reply(question, state, value):
    """Refuse an answer the question does not offer, under the question's name."""
    refusal = None
    if state == AnswerState.NO_STATEMENT and not question.allows_no_statement:
        refusal = _("This question needs an answer.")
    elif state == AnswerState.GIVEN and not fits(question, value):
        refusal = _("Choose one of the answers.")
    if refusal:
        raise ValidationError({question.code: refusal})


def fits(question, value):
    if question.kind == QuestionKind.CHOICE:
        return value in [each["value"] for each in question.choices]
    if question.kind == QuestionKind.SINCE and value == NO:
        return True
    try:
        return date.fromisoformat(value) <= timezone.localdate()
    except ValueError:
        return False
