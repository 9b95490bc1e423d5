"""TextBlock: words a project's team writes again and again, to be put into a log."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import STAFF_ROLES
from best_portal.bin.models import Withdrawable, WithdrawableQuerySet, withdrawn_together
from best_portal.db import folded
from consultations.models.project import Project


class TextPart(models.TextChoices):
    """The two texts of a consultation; the values are its fields."""

    INTERNAL = "internal_note", _("Only for advice")
    REPORT = "result", _("Goes into reports")


class TextBlockQuerySet(WithdrawableQuerySet):
    def visible_to(self, user):
        """Those of the projects somebody may log for; whoever logs keeps them, too."""
        return self._kept_by(user).valid()

    def _kept_by(self, user):
        if user.role not in STAFF_ROLES:
            return self.none()
        return self.filter(project__in=Project.objects.loggable_by(user))

    def withdrawable_by(self, user):
        return self.visible_to(user)

    def restorable_by(self, user):
        """Those in the bin of the projects somebody may log for."""
        return self._kept_by(user).in_bin()

    def for_bin(self):
        return self.select_related("project", "withdrawn_by")

    def of(self, project):
        return self.filter(project=project)

    def into(self, part):
        return self.filter(part=part)

    def for_choice(self):
        """By project, the newest first, then by title."""
        return self.select_related("project").order_by(
            "-project__starts_on", "project__name", "sort_title", "pk"
        )


class TextBlock(Withdrawable):
    """Textbaustein: of one project, for one of the two texts."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="text_blocks")
    part = models.CharField(
        _("for which text"), max_length=13, choices=TextPart, default=TextPart.REPORT
    )
    title = models.CharField(_("title"), max_length=80)
    text = models.TextField(_("text"), max_length=2_000)
    sort_title = folded("title")

    objects = TextBlockQuerySet.as_manager()

    class Meta:
        verbose_name = _("text block")
        verbose_name_plural = _("text blocks")
        ordering = ["part", "sort_title", "pk"]
        constraints = [
            models.CheckConstraint(
                name="consultations_textblock_part_is_known",
                condition=Q(part__in=TextPart.values),
                violation_error_message=_("Choose one of the two texts."),
            ),
            models.CheckConstraint(
                name="consultations_textblock_says_something",
                condition=~Q(title="") & ~Q(text=""),
                violation_error_message=_("Give the text block a title and a text."),
            ),
            models.UniqueConstraint(
                fields=["project", "part", "title"],
                condition=Q(withdrawn_at=None),
                name="consultations_textblock_one_per_title",
                violation_error_message=_("The project has a text block of this title already."),
            ),
            withdrawn_together("consultations_textblock_deleted_by_somebody"),
        ]

    noun = "text_block"

    def __str__(self):
        return self.title

    @property
    def bin_owner(self):
        return self.project

    @property
    def home(self):
        return reverse("consultations:text_blocks", args=[self.project.key])
