"""Project: what the agency is paid to do, with its tasks, areas and team."""

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from best_portal.db import folded
from districts.models import District

# Withdrawn consultations count nowhere.
VALID = Q(consultations__withdrawn_at=None)


class WithTotals(models.QuerySet):
    def with_totals(self):
        """Add `consultation_count` and `minutes_total` of what was logged and not withdrawn."""
        return self.annotate(
            consultation_count=Count("consultations", filter=VALID),
            minutes_total=Coalesce(Sum("consultations__minutes", filter=VALID), 0),
        )


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
        """The projects a person may log work for: their teams'; the manager's are all."""
        match user.role:
            case Role.MANAGER:
                return self.all()
            case Role.ADVISOR:
                return self.filter(team=user)
            case _:
                return self.none()

    def running_on(self, day):
        return self.filter(starts_on__lte=day, ends_on__gte=day)

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
    evaluators = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        related_name="evaluated_projects",
        blank=True,
        verbose_name=_("evaluators"),
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
