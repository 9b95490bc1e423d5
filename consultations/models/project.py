"""Project: what the agency is paid to do, with its tasks, areas and team."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from best_portal.db import folded, worded
from best_portal.refusals import at_field
from consultations.models.standing_in import in_charge
from consultations.participation_rules import months_after
from districts.models import District
from enterprises.models import Agreement, Forum

# What the triggers call their refusals.
LOCKED = _(
    "This is counted in a period that is locked, or its day lies in one. Ask the management to "
    "open the period first."
)
for name in ("meetings", "agreements", "tasks"):
    worded(f"consultations_locked_{name}_stay", LOCKED)
worded(
    "consultations_locked_forum_kinds_stay",
    _(
        "Meetings of this forum are counted by its kind in a period that is locked. Leave the kind "
        "as it was, or ask the management to open the period first."
    ),
)
at_field("consultations_locked_forum_kinds_stay", "kind")
# Withdrawn consultations count nowhere.
VALID = Q(consultations__withdrawn_at=None)


class WithTotals(models.QuerySet):
    def with_totals(self):
        """Add `consultation_count` and `minutes_total` of what was logged and not withdrawn."""
        return self.annotate(
            consultation_count=Count("consultations", filter=VALID),
            minutes_total=Coalesce(Sum("consultations__minutes", filter=VALID), 0),
        )


def teams_of(user):
    """The keys of the projects in whose team somebody is, or stands in for somebody who is."""
    return Project.team.through.objects.filter(in_charge(user, "user")).values("project")


class ProjectQuerySet(WithTotals):
    def visible_to(self, user):
        """Staff know every project, evaluators theirs; funders look through their grants."""
        match user.role:
            case Role.ADVISOR | Role.MANAGER:
                return self.all()
            case Role.EVALUATOR:
                return self.filter(evaluators=user)
            case _:
                return self.none()

    def editable_by(self, user):
        return self.all() if user.role == Role.MANAGER else self.none()

    def loggable_by(self, user):
        """The projects a person may log work for: their teams'; the manager's are all.

        Whoever stands in for somebody away works in that one's teams, too.
        """
        match user.role:
            case Role.MANAGER:
                return self.all()
            case Role.ADVISOR:
                return self.filter(pk__in=teams_of(user))
            case _:
                return self.none()

    def with_participants(self, user):
        """Projects with ESF Plus questionnaires, for their teams and the manager."""
        return self.loggable_by(user).filter(asks_participants=True)

    def running_on(self, day):
        return self.filter(starts_on__lte=day, ends_on__gte=day)

    def running_between(self, start, end):
        """Those that run on at least one of these days, by name."""
        return self.filter(starts_on__lte=end, ends_on__gte=start).order_by("name", "pk")

    def for_directory(self):
        districts = models.Prefetch("districts", District.objects.defer("outline"))
        return self.prefetch_related(districts, "team").order_by("-starts_on", "name")


class Project(models.Model):
    """Projekt: a period, areas, a team, tasks; paid for by one or more grants."""

    key = models.SlugField(_("key"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200)
    purpose = models.TextField(_("purpose"), blank=True)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    districts = models.ManyToManyField(
        District, related_name="projects", blank=True, verbose_name=_("neighbourhoods")
    )
    team = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="projects", blank=True, verbose_name=_("team")
    )
    # What the project builds besides: reports count their meetings and signatures.
    forums = models.ManyToManyField(
        Forum, related_name="projects", blank=True, verbose_name=_("forums and networks")
    )
    agreements = models.ManyToManyField(
        Agreement, related_name="projects", blank=True, verbose_name=_("cooperation agreements")
    )
    evaluators = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        related_name="evaluated_projects",
        blank=True,
        verbose_name=_("evaluators"),
    )

    # Participants, as ESF Plus counts them. The layers below know no grant: what its Bescheid
    # says stands here, with the note where it says so.
    asks_participants = models.BooleanField(
        _("participants answer the ESF Plus questionnaires"), default=False
    )
    participant_hours = models.DecimalField(
        _("hours from which somebody is a participant"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
    )
    participant_hours_near = models.DecimalField(
        _("hours before that from which the questionnaire is announced"),
        max_digits=5,
        decimal_places=2,
        default=2,
    )
    answers_kept_years = models.PositiveSmallIntegerField(
        _("years the answers are kept after the end of the project"), null=True, blank=True
    )
    participants_note = models.CharField(
        _("where these numbers are written"), max_length=300, blank=True
    )

    objects = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        ordering = ["-starts_on", "name"]
        constraints = [
            models.CheckConstraint(
                name="consultations_project_ends_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("A project cannot end before it starts."),
            ),
            models.CheckConstraint(
                name="consultations_project_participant_hours_are_positive",
                condition=Q(participant_hours=None) | Q(participant_hours__gt=0),
                violation_error_message=_("Give the hours as a number above 0, or nothing."),
            ),
            models.CheckConstraint(
                name="consultations_project_near_hours_are_not_negative",
                condition=Q(participant_hours_near__gte=0),
                violation_error_message=_("The hours before cannot be negative."),
            ),
            models.CheckConstraint(
                name="consultations_project_answers_kept_for_a_time",
                condition=Q(answers_kept_years=None) | Q(answers_kept_years__range=(1, 30)),
                violation_error_message=_("Answers are kept for 1 to 30 years."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("consultations:project", args=[self.key])

    @property
    def period(self):
        return f"{self.starts_on:%d.%m.%Y} – {self.ends_on:%d.%m.%Y}"

    @property
    def is_running(self):
        return self.covers(timezone.localdate())

    def covers(self, day):
        return self.starts_on <= day <= self.ends_on

    def check_work(self, *, on, district, field):
        """Refuse work on a day the project did not cover, and in an area of another time."""
        if not self.covers(on):
            told = _("“%(project)s” ran from %(start)s to %(end)s; choose a day in it.")
            params = {
                "project": self,
                "start": f"{self.starts_on:%d.%m.%Y}",
                "end": f"{self.ends_on:%d.%m.%Y}",
            }
            raise ValidationError({field: ValidationError(told, params=params)})
        if district and not district.was_valid_on(on):
            raise ValidationError(
                {"district": _("This neighbourhood was not a funded area on that day.")}
            )

    def is_kept_by(self, user):
        return Project.objects.loggable_by(user).filter(pk=self.pk).exists()

    @property
    def answers_kept_until(self):
        """The last day participants' answers are kept; None where no rule says so."""
        if self.answers_kept_years is None:
            return None
        return months_after(self.ends_on, 12 * self.answers_kept_years)


class ProjectTask(models.Model):
    """Aufgabe: one of the tasks a project was granted for, such as the six of BEST Pankow."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="tasks")
    number = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=200)

    objects = WithTotals.as_manager()

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        ordering = ["project", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "number"],
                name="consultations_projecttask_one_per_number",
                violation_error_message=_("This project has a task of this number already."),
            ),
        ]

    def __str__(self):
        return f"{self.number}. {self.title}"


class Topic(models.Model):
    """Thema: what a consultation was about, for counting and finding."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    sort_name = folded("name")

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["sort_name"]

    def __str__(self):
        return self.name
