"""Event: one line of the log of who did what, which nobody can change afterwards."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class EventQuerySet(models.QuerySet):
    def record(self, *, actor, verb, subject, **details):
        """Write one line inside the caller's transaction.

        `verb` is "noun.verbed", `details` must be JSON and name no secret and no note's text.
        """
        return self.create(
            actor=actor,
            verb=verb,
            subject_type=subject._meta.label_lower,
            subject_id=str(subject.pk),
            details=details,
        )

    def record_saved(self, *, actor, form, created):
        """Write the line for a noun its ModelForm has just saved: "grant.created" or ".changed"."""
        subject, noun = form.instance, form.instance._meta.model_name
        if created:
            return self.record(actor=actor, verb=f"{noun}.created", subject=subject)
        return self.record(
            actor=actor, verb=f"{noun}.changed", subject=subject, fields=form.changed_data
        )

    def note_opened(self, *, reader, subject):
        """Write once a day that somebody opened a file; whose file it is may ask who did."""
        midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        opened = self.about(subject).filter(actor=reader, verb="file.opened", at__gte=midnight)
        if not opened.exists():
            self.record(actor=reader, verb="file.opened", subject=subject)

    def about(self, subject):
        return self.filter(subject_type=subject._meta.label_lower, subject_id=str(subject.pk))


class Event(models.Model):
    """Protokolleintrag: append-only; a trigger refuses UPDATE, DELETE and TRUNCATE."""

    at = models.DateTimeField(_("time"), auto_now_add=True, db_index=True)
    # Empty where no person acted: a sweep, an import on the command line.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("person"),
    )
    verb = models.CharField(_("what"), max_length=60)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=40)
    details = models.JSONField(default=dict)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("log entry")
        verbose_name_plural = _("log entries")
        ordering = ["-at", "-pk"]
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="audit_event_subject"),
        ]

    def __str__(self):
        return f"{self.at:%d.%m.%Y %H:%M} {self.verb}"
