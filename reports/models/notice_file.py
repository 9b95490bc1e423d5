"""NoticeFile: the letter of a notice itself, as a file for whoever accounts and whoever granted."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.db import explained, take_turns
from best_portal.files import store
from reports.models.grant import Notice


class NoticeFileQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The officers of the programme know the letter: their authority has written it."""
        match user.role:
            case Role.MANAGER:
                return self.all()
            case Role.FUNDER:
                return self.filter(notice__grant__programme__officers=user)
            case _:
                return self.none()

    @transaction.atomic
    def bring(self, *, by, notice, file):
        """Keep a checked file as the letter of a notice; another it had goes once that is sure."""
        take_turns(f"notice {notice.pk}")
        former = self.filter(notice=notice).first()
        if former:
            former.forget()
        with explained(self.model):
            brought = self.create(
                notice=notice,
                file_name=file.name,
                stored_as=store.keep(file.content, file.sha256),
                sha256=file.sha256,
                media_type=file.kind.media_type,
                size=file.size,
                brought_by=by,
            )
        Event.objects.record(
            actor=by, verb="notice.file_brought", subject=notice, sha256=file.sha256
        )
        return brought


class NoticeFile(models.Model):
    """Datei eines Bescheids: one PDF for each notice, the first one and each amendment.

    It is kept as long as the papers of the grant are, and goes only when a manager takes it away.
    """

    notice = models.OneToOneField(Notice, on_delete=models.PROTECT, related_name="letter")
    file_name = models.CharField(_("file"), max_length=255, editable=False)
    stored_as = models.CharField(max_length=110, editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    media_type = models.CharField(max_length=100, editable=False)
    size = models.PositiveBigIntegerField(editable=False)
    brought_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+"
    )
    brought_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = NoticeFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter of a notice")
        verbose_name_plural = _("letters of notices")
        ordering = ["notice"]
        constraints = [
            models.CheckConstraint(
                name="reports_noticefile_is_whole",
                condition=Q(size__gt=0)
                & ~Q(file_name="")
                & ~Q(media_type="")
                & Q(sha256__regex=r"^[0-9a-f]{64}$")
                & Q(stored_as__regex=rf"^{store.NAME.pattern}$")
                & Q(stored_as__contains=F("sha256")),
                violation_error_message=_("A file is stored under the hash of its content."),
            ),
        ]

    def __str__(self):
        return self.file_name

    def get_absolute_url(self):
        return reverse("reports:notice_letter", args=[self.notice.grant.ref, self.notice_id])

    def forget(self):
        """Take row and file away, the file once that is sure."""
        stored_as = self.stored_as
        self.delete()
        transaction.on_commit(lambda: store.forget(stored_as))

    @transaction.atomic
    def drop(self, *, by):
        """Take the file away; the notice stays."""
        take_turns(f"notice {self.notice_id}")
        Event.objects.record(actor=by, verb="notice.file_dropped", subject=self.notice)
        self.forget()

    @transaction.atomic
    def download(self, *, by):
        """Return the file piece by piece and note who takes it; refused where it has been lost."""
        if not store.has(self.stored_as):
            raise ValidationError(
                _("The file cannot be found in the store. Please tell the management.")
            )
        Event.objects.record(actor=by, verb="notice.downloaded", subject=self.notice)
        return store.pieces(self.stored_as)
