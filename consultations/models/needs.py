"""Need: what a neighbourhood lacks, where that was heard, and how far somebody has come with it."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models, transaction
from django.db.models import Case, Count, Exists, OuterRef, Q, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import STAFF_ROLES
from best_portal.audit.models import Event
from best_portal.db import explained, take_turns
from consultations.models.consultation import Consultation
from consultations.models.project import Topic
from consultations.models.visits import Visit
from districts.models import District, SurveyReply
from enterprises.models import Job, OrganisationKind, Stage

LONGEST = 3_000


class NeedSource(models.TextChoices):
    FORUM = "forum", _("a forum")
    SURVEY = "survey", _("a survey")
    VISIT = "visit", _("a visit")
    CONSULTATION = "consultation", _("a consultation")
    PLANNING = "planning", _("a planning workshop, such as a Planning for Real")
    OTHER = "other", _("somewhere else")


class ChainStage(models.TextChoices):
    """How far it has come: the furthest of its ideas counts."""

    NEED = "need", _("unmet need")
    IDEA = "idea", _("idea")
    INITIATIVE = "initiative", _("initiative")
    ENTERPRISE = "enterprise", _("enterprise with a service")
    JOBS = "jobs", _("jobs")
    ENDED = "ended", _("ended")


class NeedQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What the agency knows of the neighbourhoods: for all of its staff."""
        return self.all() if user.role in STAFF_ROLES else self.none()

    def editable_by(self, user):
        return self.visible_to(user)

    def with_stage(self):
        """Add `stage`, a ChainStage."""
        ideas = self.model._meta.get_field("ideas").related_model
        alive = ideas.objects.alive().filter(need=OuterRef("pk"))
        founded = alive.filter(
            Q(organisation__kind=OrganisationKind.SOCIAL_ENTERPRISE)
            | Q(organisation__founded_on__isnull=False)
        )
        jobs = Job.objects.valid().values("organisation")
        return self.annotate(
            stage=Case(
                When(Exists(founded.filter(organisation__in=jobs)), then=Value(ChainStage.JOBS)),
                When(Exists(founded), then=Value(ChainStage.ENTERPRISE)),
                When(
                    Exists(alive.filter(organisation__isnull=False)),
                    then=Value(ChainStage.INITIATIVE),
                ),
                When(Exists(alive), then=Value(ChainStage.IDEA)),
                When(
                    Q(ended_on__isnull=False) | Exists(ideas.objects.filter(need=OuterRef("pk"))),
                    then=Value(ChainStage.ENDED),
                ),
                default=Value(ChainStage.NEED),
                output_field=models.CharField(),
            )
        )

    def by_stage(self):
        """[(stage, how many)] of every stage, in the order of the chain."""
        rows = self.with_stage().order_by().values_list("stage").annotate(Count("pk"))
        counted = dict(rows)
        return [(stage, counted.get(stage.value, 0)) for stage in ChainStage]

    def for_list(self):
        return (
            self.with_stage()
            .select_related("district", "topic")
            .defer("district__outline")
            .order_by("-noted_on", "-pk")
        )

    @transaction.atomic
    def note(self, *, by, form_key=None, **fields):
        """Write down what is lacking; the same form sent twice is one need."""
        if form_key:
            take_turns(form_key)
            if earlier := self.filter(form_key=form_key).first():
                return earlier
        with explained(self.model):
            need = self.create(noted_by=by, form_key=form_key, **fields)
        Event.objects.record(actor=by, verb="need.noted", subject=need, source=need.source)
        return need


class Need(models.Model):
    """Bedarf: unmet or under-met, as heard somewhere on a day; names nobody who said so."""

    title = models.CharField(_("what is lacking"), max_length=150)
    text = models.TextField(_("details"), blank=True, validators=[MaxLengthValidator(LONGEST)])
    district = models.ForeignKey(
        District,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="needs",
        verbose_name=_("neighbourhood"),
    )
    topic = models.ForeignKey(
        Topic,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="needs",
        verbose_name=_("topic"),
    )
    source = models.CharField(_("heard in"), max_length=12, choices=NeedSource)
    heard_where = models.CharField(
        _("where exactly"), max_length=200, blank=True, help_text=_("Which forum, which workshop.")
    )
    visit = models.ForeignKey(
        Visit,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="needs",
        verbose_name=_("visit"),
    )
    consultation = models.ForeignKey(
        Consultation,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="needs",
        verbose_name=_("consultation"),
    )
    reply = models.ForeignKey(
        SurveyReply,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="needs",
        verbose_name=_("answer to a survey"),
    )
    noted_on = models.DateField(_("day"), default=timezone.localdate)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+"
    )
    ended_on = models.DateField(null=True, editable=False)
    ended_because = models.CharField(_("reason"), max_length=300, blank=True, editable=False)
    form_key = models.UUIDField(null=True, unique=True, editable=False)

    objects = NeedQuerySet.as_manager()

    class Meta:
        verbose_name = _("need")
        verbose_name_plural = _("needs")
        ordering = ["-noted_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="consultations_need_says_what_is_lacking",
                condition=~Q(title=""),
                violation_error_message=_("Say what is lacking."),
            ),
            models.CheckConstraint(
                name="consultations_need_source_is_known",
                condition=Q(source__in=NeedSource.values),
                violation_error_message=_("Say where it was heard."),
            ),
            models.CheckConstraint(
                name="consultations_need_comes_from_where_it_says",
                condition=(Q(visit=None) | Q(source=NeedSource.VISIT))
                & (Q(consultation=None) | Q(source=NeedSource.CONSULTATION))
                & (Q(reply=None) | Q(source=NeedSource.SURVEY)),
                violation_error_message=_("Where it was heard does not fit what it came from."),
            ),
            models.CheckConstraint(
                name="consultations_need_ended_with_reason",
                condition=Q(ended_on=None, ended_because="")
                | Q(ended_on__isnull=False) & ~Q(ended_because=""),
                violation_error_message=_("Say why it has ended."),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("consultations:need", args=[self.pk])

    @property
    def stage_label(self):
        """The word for `stage`, of a need that was asked for with it."""
        return ChainStage(self.stage).label

    @transaction.atomic
    def end(self, because, *, by):
        """Nobody works on it any more, and why; refused while an idea is alive."""
        if self.ideas.alive().exists():
            raise ValidationError(_("Somebody works on an idea for it; that must end first."))
        open_ones = Need.objects.filter(pk=self.pk, ended_on=None)
        if not open_ones.update(ended_on=timezone.localdate(), ended_because=because):
            raise ValidationError(_("This has ended already."))
        self.refresh_from_db(fields=["ended_on", "ended_because"])
        Event.objects.record(actor=by, verb="need.ended", subject=self)

    @transaction.atomic
    def reopen(self, *, by):
        """It is lacking after all."""
        ended = Need.objects.exclude(ended_on=None).filter(pk=self.pk)
        if not ended.update(ended_on=None, ended_because=""):
            raise ValidationError(_("This has not ended."))
        self.refresh_from_db(fields=["ended_on", "ended_because"])
        Event.objects.record(actor=by, verb="need.reopened", subject=self)


# What an organisation has come to when it goes on no more.
GIVEN_UP = Q(organisation__stage=Stage.GIVEN_UP)
