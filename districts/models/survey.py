"""Survey: what people of a neighbourhood are asked about needs, visions and possibilities."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.db import explained
from districts.models.area import District

MOST_OPTIONS, LONGEST_OPTION, MOST_QUESTIONS = 20, 150, 30


class SurveyQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The staff see all; everyone else those that have begun."""
        if user.is_authenticated and user.is_staff_member:
            return self.all()
        return self.exclude(published_at=None).filter(opens_on__lte=timezone.localdate())

    def editable_by(self, user):
        return self.all() if user.role == Role.MANAGER else self.none()

    def open(self, on=None):
        """Those that can be answered today, or could on that day."""
        day = on or timezone.localdate()
        return self.exclude(published_at=None).filter(opens_on__lte=day, closes_on__gte=day)

    def for_list(self):
        areas = models.Prefetch("areas", District.objects.defer("outline").order_by("sort_name"))
        return (
            self.annotate(number=Count("responses"))
            .prefetch_related(areas)
            .order_by("-closes_on", "-pk")
        )

    def free_slug(self, title):
        """An address nobody has yet."""
        stem = slugify(title)[:60] or "umfrage"
        taken = set(self.filter(slug__startswith=stem).values_list("slug", flat=True))
        numbers = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
        return next(slug for slug in (stem, *numbers) if slug not in taken)

    @transaction.atomic
    def plan(self, *, by, areas, **fields):
        """Write down a draft; nobody is asked before it is published."""
        with explained(self.model):
            survey = self.create(slug=self.free_slug(fields["title"]), planned_by=by, **fields)
        survey.areas.set(areas)
        Event.objects.record(actor=by, verb="survey.planned", subject=survey)
        return survey


class Survey(models.Model):
    """Umfrage: answered without an account and without a name, from a day to a day."""

    slug = models.SlugField(max_length=70, unique=True, editable=False)
    title = models.CharField(_("title"), max_length=150)
    introduction = models.TextField(
        _("introduction"),
        max_length=3_000,
        help_text=_("What it is about, who asks, and what becomes of the answers."),
    )
    areas = models.ManyToManyField(
        District, related_name="surveys", blank=True, verbose_name=_("neighbourhoods")
    )
    opens_on = models.DateField(_("open from"))
    closes_on = models.DateField(_("open until"))
    results_public = models.BooleanField(
        _("Everyone may see the figures once it is over"),
        default=True,
        help_text=_("Small numbers are hidden, and what people wrote in words is never shown."),
    )
    published_at = models.DateTimeField(null=True, editable=False)
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+"
    )

    objects = SurveyQuerySet.as_manager()

    class Meta:
        verbose_name = _("survey")
        verbose_name_plural = _("surveys")
        ordering = ["-closes_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="districts_survey_closes_after_opening",
                condition=Q(closes_on__gte=F("opens_on")),
                violation_error_message=_("A survey cannot end before it begins."),
            ),
            models.CheckConstraint(
                name="districts_survey_says_what_it_is_about",
                condition=~Q(title="") & ~Q(introduction=""),
                violation_error_message=_("Give the survey a title and an introduction."),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("districts:survey", args=[self.slug])

    @property
    def is_draft(self):
        return self.published_at is None

    @property
    def is_open(self):
        today = timezone.localdate()
        return not self.is_draft and self.opens_on <= today <= self.closes_on

    @property
    def is_over(self):
        return not self.is_draft and self.closes_on < timezone.localdate()

    @property
    def shows_results(self):
        """Whether everyone may see the figures: not before it is over, or they would tell of
        the last who answered."""
        return self.is_over and self.results_public

    @transaction.atomic
    def publish(self, *, by):
        """Ask from its first day on; the questions are fixed from now on."""
        if not self.questions.exists():
            raise ValidationError(_("Write at least one question first."))
        drafts = Survey.objects.filter(pk=self.pk, published_at=None)
        if not drafts.update(published_at=timezone.now()):
            raise ValidationError(_("This survey was published in the meantime."))
        self.refresh_from_db()
        Event.objects.record(actor=by, verb="survey.published", subject=self)

    @transaction.atomic
    def end(self, *, by):
        """Take no more answers from now on: yesterday was the last day."""
        if not self.is_open:
            raise ValidationError(_("This survey is not open."))
        yesterday = timezone.localdate() - timedelta(days=1)
        Survey.objects.filter(pk=self.pk).update(
            closes_on=yesterday, opens_on=min(self.opens_on, yesterday)
        )
        self.refresh_from_db()
        Event.objects.record(actor=by, verb="survey.ended", subject=self)

    def refuse_if_published(self):
        """Answers are to what was asked: a question does not change under them."""
        if not Survey.objects.filter(pk=self.pk, published_at=None).exists():
            raise ValidationError(_("The survey is published; its questions are fixed."))


class QuestionKind(models.TextChoices):
    CHOICE = "choice", _("one of several answers")
    SEVERAL = "several", _("several answers")
    SCALE = "scale", _("from 1 (not at all) to 5 (very much)")
    TEXT = "text", _("own words")


WITH_OPTIONS = (QuestionKind.CHOICE, QuestionKind.SEVERAL)
SCALE = range(1, 6)


class SurveyQuestion(models.Model):
    """Frage einer Umfrage: its words, and what can be answered."""

    survey = models.ForeignKey(Survey, on_delete=models.CASCADE, related_name="questions")
    position = models.PositiveSmallIntegerField(_("position"))
    words = models.CharField(_("question"), max_length=300)
    kind = models.CharField(_("kind of answer"), max_length=7, choices=QuestionKind)
    options = models.TextField(
        _("answers to choose from"), blank=True, help_text=_("One answer in each line.")
    )
    is_required = models.BooleanField(_("must be answered"), default=False)

    class Meta:
        verbose_name = _("question of a survey")
        verbose_name_plural = _("questions of surveys")
        ordering = ["survey", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["survey", "position"],
                name="districts_surveyquestion_one_per_position",
                violation_error_message=_("There is a question at this position already."),
            ),
            models.CheckConstraint(
                name="districts_surveyquestion_kind_is_known",
                condition=Q(kind__in=QuestionKind.values),
                violation_error_message=_("Choose the kind of answer."),
            ),
            models.CheckConstraint(
                name="districts_surveyquestion_asks_something",
                condition=~Q(words=""),
                violation_error_message=_("Write the question."),
            ),
            models.CheckConstraint(
                name="districts_surveyquestion_options_where_one_chooses",
                condition=Q(kind__in=WITH_OPTIONS) & ~Q(options="")
                | ~Q(kind__in=WITH_OPTIONS) & Q(options=""),
                violation_error_message=_(
                    "Answers to choose from belong to questions with a choice, and only to them."
                ),
            ),
        ]

    def __str__(self):
        return self.words

    @property
    def has_numbers(self):
        return self.kind != QuestionKind.TEXT

    @property
    def choices(self):
        """[(number, words)] of what can be chosen."""
        if self.kind == QuestionKind.SCALE:
            ends = {SCALE[0]: _("1 – not at all"), SCALE[-1]: _("5 – very much")}
            return [(number, str(ends.get(number, number))) for number in SCALE]
        lines = [" ".join(line.split()) for line in self.options.split("\n")]
        return list(enumerate(filter(None, lines), start=1))

    @transaction.atomic
    def remove(self, *, by):
        """Take it out of a draft."""
        self.survey.refuse_if_published()
        Event.objects.record(actor=by, verb="survey.question_removed", subject=self.survey)
        self.delete()
