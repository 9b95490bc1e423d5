"""SurveyResponse and SurveyReply: what somebody answered to a survey, and nothing of who it was."""

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models, transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.db import explained, take_turns
from districts.models.area import District
from districts.models.survey import Survey, SurveyQuestion

LONGEST_REPLY = 2_000


class SurveyResponseQuerySet(models.QuerySet):
    @transaction.atomic
    def give(self, survey, *, form_key, district, replies, on=None):
        """Keep what was answered: {question: [numbers] or text}; the same form is one response.

        No account, no address of a device, no time of the day: only the day is kept.
        """
        take_turns(form_key)
        if earlier := self.filter(form_key=form_key).first():
            return earlier
        day = on or timezone.localdate()
        if not Survey.objects.open(day).filter(pk=survey.pk).exists():
            raise ValidationError(_("This survey is not open."))
        with explained(self.model):
            response = self.create(
                survey=survey, form_key=form_key, district=district, given_on=day
            )
            SurveyReply.objects.bulk_create(
                SurveyReply(response=response, question=question, **reply)
                for question, answer in replies.items()
                for reply in rows_of(answer)
            )
        return response


def rows_of(answer):
    """The rows of one answer; none where nothing was said."""
    if isinstance(answer, str):
        return [{"text": answer}] if answer.strip() else []
    return [{"number": number} for number in answer]


class SurveyResponse(models.Model):
    """Antwortbogen: one form that was sent; nobody's name, and the day only."""

    survey = models.ForeignKey(Survey, on_delete=models.PROTECT, related_name="responses")
    district = models.ForeignKey(
        District,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("neighbourhood"),
    )
    given_on = models.DateField(_("day"), default=timezone.localdate)
    form_key = models.UUIDField(unique=True, editable=False)

    objects = SurveyResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("response to a survey")
        verbose_name_plural = _("responses to surveys")
        ordering = ["pk"]

    def __str__(self):
        return f"{self.survey}: {self.pk}"


class SurveyReplyQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Single answers are for the staff; everyone else gets figures."""
        return self.all() if user.is_authenticated and user.is_staff_member else self.none()

    def of(self, survey):
        return self.filter(response__survey=survey)

    def in_words(self):
        return self.exclude(text="")

    def counted(self):
        """{(question, number): how often} of what was chosen."""
        rows = self.exclude(number=None).order_by().values_list("question", "number")
        return {(key, number): count for key, number, count in rows.annotate(Count("pk"))}

    def for_list(self):
        return self.select_related("question", "response__district").order_by(
            "response", "question__position", "number"
        )


class SurveyReply(models.Model):
    """Antwort: one choice, or words, to one question."""

    response = models.ForeignKey(SurveyResponse, on_delete=models.CASCADE, related_name="replies")
    question = models.ForeignKey(SurveyQuestion, on_delete=models.PROTECT, related_name="replies")
    number = models.PositiveSmallIntegerField(_("choice"), null=True)
    text = models.TextField(_("words"), blank=True, validators=[MaxLengthValidator(LONGEST_REPLY)])

    objects = SurveyReplyQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer to a survey")
        verbose_name_plural = _("answers to surveys")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="districts_surveyreply_is_a_choice_or_words",
                condition=Q(number__isnull=False, text="") | Q(number=None) & ~Q(text=""),
                violation_error_message=_("An answer is a choice or words."),
            ),
            models.UniqueConstraint(
                fields=["response", "question", "number"],
                nulls_distinct=False,
                name="districts_surveyreply_once",
                violation_error_message=_("This was answered already."),
            ),
        ]

    def __str__(self):
        return self.text or self.chosen

    @property
    def chosen(self):
        """The words of what was chosen."""
        return dict(self.question.choices).get(self.number, "")

    @property
    def answer(self):
        return self.text or self.chosen
