"""Question: what participants are asked, when, and which ESF Plus indicator an answer feeds."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from consultations.participation_rules import ENTRY, EXIT, LATER, Rules, Variable

NO_STATEMENT = _("I do not want to say")


class Phase(models.TextChoices):
    ENTRY = ENTRY, _("entry")
    EXIT = EXIT, _("exit")
    LATER = LATER, _("six months after")


class Part(models.TextChoices):
    """The parts of Annex I: 1.1 must be complete, 1.2 may stay open."""

    COMMON = "1.1", "1.1"
    OTHER = "1.2", "1.2"
    RESULTS = "3", "3"
    LONGER = "4", "4"


class Block(models.TextChoices):
    PERSON = "person", _("About you")
    WORK = "work", _("Work on the day of entry")
    EDUCATION = "education", _("Education")
    ORIGIN = "origin", _("Origin and housing")
    SPECIAL = "special", _("Specially protected answers")
    AFTER = "after", _("The four weeks after the last day")
    LATER = "later", _("Six months after the last day")


class QuestionKind(models.TextChoices):
    CHOICE = "choice", _("one of several answers")
    DATE = "date", _("a day")
    SINCE = "since", _("yes since a day, or no")


class DataKind(models.TextChoices):
    ORDINARY = "ordinary", _("for every participant")
    PERSONAL = "personal", _("personal data")
    # Art. 9 GDPR: only with a consent of its own.
    SPECIAL = "special", _("special category")


class QuestionQuerySet(models.QuerySet):
    def valid_on(self, day):
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)

    def of_phase(self, phase):
        return self.filter(phase=phase)


class Question(models.Model):
    """Frage: wording, answers, validity and source; brought as data, never changed on a page."""

    code = models.SlugField(max_length=30)
    number = models.PositiveSmallIntegerField()
    phase = models.CharField(max_length=5, choices=Phase)
    part = models.CharField(max_length=3, choices=Part)
    block = models.CharField(max_length=9, choices=Block)
    kind = models.CharField(max_length=6, choices=QuestionKind)
    data = models.CharField(max_length=8, choices=DataKind, default=DataKind.ORDINARY)
    wording = models.CharField(max_length=250)
    wording_en = models.CharField(max_length=250)
    hint = models.CharField(max_length=250, blank=True)
    hint_en = models.CharField(max_length=250, blank=True)
    # [{"value", "de", "en", "feeds"}]: feeds is the code of an indicator or empty.
    choices = models.JSONField(default=list, blank=True)
    consent = models.TextField(blank=True)
    consent_en = models.TextField(blank=True)
    allows_no_statement = models.BooleanField(default=False)
    # Asked only of whoever gave this answer to another question.
    depends_on = models.CharField(max_length=30, blank=True)
    depends_value = models.CharField(max_length=30, blank=True)
    # The numbers its rule needs, by the names of participation_rules.Rules.
    limits = models.JSONField(default=dict, blank=True)
    source = models.CharField(max_length=250)
    note = models.TextField(blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)

    objects = QuestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["number", "starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "starts_on"],
                name="consultations_question_one_wording_per_day",
                violation_error_message=_("This question has a wording from that day already."),
            ),
            models.CheckConstraint(
                name="consultations_question_ends_after_start",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("A question cannot end before it starts."),
            ),
            models.CheckConstraint(
                name="consultations_question_first_part_must_be_answered",
                condition=~Q(part="1.1") | Q(allows_no_statement=False),
                violation_error_message=_("Nobody may leave out a question of part 1.1."),
            ),
            models.CheckConstraint(
                name="consultations_question_special_needs_a_consent_text",
                condition=~Q(data="special") | ~Q(consent=""),
                violation_error_message=_("A special category needs the text of a consent."),
            ),
        ]

    def __str__(self):
        return self.words("wording")

    def words(self, name):
        """A text of this question in the reader's language."""
        return getattr(self, f"{name}_en" if get_language() == "en" else name)

    @property
    def text(self):
        return self.words("wording")

    @property
    def help_text(self):
        return self.words("hint")

    @property
    def consent_text(self):
        return self.words("consent")

    @property
    def is_special(self):
        return self.data == DataKind.SPECIAL

    @property
    def options(self):
        """(value, label) of each answer, in the reader's language."""
        language = "en" if get_language() == "en" else "de"
        return [(choice["value"], choice[language]) for choice in self.choices]

    @property
    def variable(self):
        feeds = {each["value"]: each["feeds"] for each in self.choices if each["feeds"]}
        return Variable(
            self.code, self.phase, self.part, self.depends_on, self.depends_value, feeds
        )


def rules_of(questions):
    """The numbers of these questions together."""
    limits = {}
    for question in questions:
        limits |= question.limits
    return Rules(**limits)
