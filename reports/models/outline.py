"""Outline and its sections: what a funder's form of the Sachbericht asks for, as data."""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from reports.models.programme import Profile
from reports.models.validity import ValidQuerySet

KEY = RegexValidator(r"^[a-z][a-z0-9-]*$", _("Use small letters, digits and hyphens."))


@dataclass(frozen=True)
class Part:
    """One section as a report has it: its key, its heading, a hint for who writes it.

    `task` is the number of the project's task that it tells of, where it tells of one.
    """

    key: str
    heading: str
    hint: str = ""
    task: int | None = None


class OutlineQuerySet(ValidQuerySet):
    def of(self, grant):
        """The outline of a grant: the one chosen for it, else the newest of its form that was
        valid when it began; None where there is none."""
        if grant.outline_id:
            return grant.outline
        mine = self.filter(profile=grant.profile).valid_on(grant.starts_on)
        return mine.order_by("-since", "-pk").first()


class Outline(models.Model):
    """Gliederung: the sections of the Sachbericht in one funder's form, valid from a day on.

    What is released keeps its sections; a new version of a report has those of today.
    """

    profile = models.CharField(_("form of the reports"), max_length=6, choices=Profile)
    name = models.CharField(_("name"), max_length=120, unique=True)
    since = models.DateField(_("valid from"))
    until = models.DateField(_("valid until"), null=True, blank=True)
    source = models.TextField(
        _("source"), help_text=_("Where it says so, and what is not confirmed yet.")
    )

    objects = OutlineQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("of a narrative report", "outline")
        verbose_name_plural = _("outlines")
        ordering = ["profile", "-since", "name"]
        constraints = [
            models.CheckConstraint(
                name="reports_outline_profile_is_known",
                condition=Q(profile__in=Profile.values),
                violation_error_message=_("Choose the form of the reports."),
            ),
            models.CheckConstraint(
                name="reports_outline_ends_after_start",
                condition=Q(until=None) | Q(until__gte=F("since")),
                violation_error_message=_("An outline cannot end before it starts."),
            ),
        ]

    def __str__(self):
        return self.name

    def parts_for(self, project):
        """The sections in their order; one that stands for every task of the project is as many."""
        parts = []
        for section in self.sections.all():
            if section.for_each_task:
                parts += [
                    Part(f"task-{task.number}", task.title, section.hint, task.number)
                    for task in project.tasks.order_by("number")
                ]
            else:
                parts.append(Part(section.key, section.heading, section.hint, section.task))
        return parts


class OutlineSection(models.Model):
    """Abschnitt: one heading of an outline, or one for each task of the project."""

    outline = models.ForeignKey(Outline, on_delete=models.CASCADE, related_name="sections")
    position = models.PositiveSmallIntegerField(_("position"))
    # Texts are kept under it: it stays when a heading is worded anew.
    key = models.CharField(_("key"), max_length=40, validators=[KEY])
    heading = models.CharField(_("heading"), max_length=150, blank=True)
    hint = models.CharField(_("what belongs here"), max_length=250, blank=True)
    task = models.PositiveSmallIntegerField(
        _("tells of task no."), null=True, blank=True, help_text=_("Of the project, if of one.")
    )
    for_each_task = models.BooleanField(_("one for each task of the project"), default=False)

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["outline", "position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["outline", "key"],
                name="reports_outlinesection_one_per_key",
                violation_error_message=_("There is a section with this key already."),
            ),
            models.CheckConstraint(
                name="reports_outlinesection_has_its_heading",
                condition=Q(for_each_task=True, task=None)
                | Q(for_each_task=False) & ~Q(heading=""),
                violation_error_message=_(
                    "A section has a heading; those of all tasks take the tasks' own."
                ),
            ),
        ]

    def __str__(self):
        return self.heading or str(_("one for each task of the project"))

    def clean(self):
        if not self.for_each_task and self.key.startswith("task-"):
            raise ValidationError({"key": _("Keys that begin with “task-” belong to the tasks.")})
