"""ImportBatch: one file of consultations brought from a log kept by hand."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from consultations.models.project import Project


class BatchStatus(models.TextChoices):
    UPLOADED = "uploaded", _("uploaded")
    COMMITTED = "committed", _("imported")
    DISCARDED = "discarded", _("discarded")


class ImportBatchQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The manager sees every import, an advisor their own."""
        match user.role:
            case Role.MANAGER:
                return self.all()
            case Role.ADVISOR:
                return self.filter(uploaded_by=user)
            case _:
                return self.none()


class ImportBatch(models.Model):
    """Import: the file as it came, how its columns were understood, and what became of it."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="batches")
    file_name = models.CharField(_("file"), max_length=255)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    mapping = models.JSONField(_("columns"), default=dict)
    status = models.CharField(
        _("status"), max_length=10, choices=BatchStatus, default=BatchStatus.UPLOADED
    )
    outcome = models.JSONField(_("outcome"), default=dict)
    # Empty for the command line.
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    uploaded_at = models.DateTimeField(auto_now_add=True)
    committed_at = models.DateTimeField(null=True, editable=False)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-uploaded_at"]
        constraints = [
            models.CheckConstraint(
                name="consultations_importbatch_status_is_known",
                condition=Q(status__in=BatchStatus.values),
                violation_error_message=_("Unknown status of an import."),
            ),
            models.CheckConstraint(
                name="consultations_importbatch_committed_with_time",
                condition=Q(status=BatchStatus.COMMITTED, committed_at__isnull=False)
                | (~Q(status=BatchStatus.COMMITTED) & Q(committed_at=None)),
                violation_error_message=_("An import is committed together with its time."),
            ),
        ]

    def __str__(self):
        return self.file_name
