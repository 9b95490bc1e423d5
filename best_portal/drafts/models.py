"""Draft: the fields of a form somebody has begun, as they were a second ago."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.db import take_turns

KEPT_FOR = timedelta(days=30)
# How long a form already sent may still be answered by a save that was under way.
SETTLED_FOR = timedelta(days=1)
# Twice the longest form of the portal, the texts of a report.
LONGEST = 600_000
MOST = 100


class DraftStatus(models.TextChoices):
    OPEN = "open", _("open")
    SENT = "sent", _("sent")
    DISCARDED = "discarded", _("discarded")


class DraftQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own and nobody else's, whatever the role."""
        return self.filter(user=user)

    def open(self):
        return self.filter(status=DraftStatus.OPEN)

    def on_page(self, path):
        """Those begun at this address, whatever was asked behind the question mark."""
        return self.filter(Q(address=path) | Q(address__startswith=f"{path}?"))

    def newest_first(self):
        return self.order_by("-saved_at", "-pk")

    @transaction.atomic
    def keep(self, slip, fields, *, step, title="", words=""):
        """Store what stands in the form now; what another window wrote is never overwritten.

        A save that was overtaken, or meets a form already sent, changes nothing. Refuses what is
        longer than any form and more drafts than anybody needs. Writes no event: a draft is
        nobody else's business.
        """
        if sum(len(value) for values in fields.values() for value in values) > LONGEST:
            raise ValidationError(_("This is too long to be kept as a draft. Please save it."))
        draft = self._of(slip)
        if draft is None:
            if self.filter(user=slip.user_id).open().count() >= MOST:
                raise ValidationError(_("You have too many drafts. Please discard some of them."))
            draft = self.model(user_id=slip.user_id, address=slip.address)
        elif draft.status != DraftStatus.OPEN or (
            draft.window == slip.window and step < draft.step
        ):
            return draft
        draft.window, draft.step, draft.fields = slip.window, step, fields
        draft.title, draft.words = title or draft.title, words or draft.words
        draft.save()
        return draft

    @transaction.atomic
    def settle(self, slip):
        """Forget what was typed, because the form has been sent; later saves find it settled."""
        draft = self._of(slip) or self.model(user_id=slip.user_id, address=slip.address)
        draft.window, draft.status, draft.fields = slip.window, DraftStatus.SENT, {}
        draft.title = draft.words = ""
        draft.save()

    def _of(self, slip):
        """The row this window writes: its own, or the one it went on from, if that is unchanged."""
        take_turns(f"draft {slip.window}")
        if slip.follows:
            take_turns(f"draft {slip.follows}")
        own = self.filter(user=slip.user_id, window=slip.window).first()
        return (
            own
            or self.filter(
                user=slip.user_id, window=slip.follows, step=slip.step, status=DraftStatus.OPEN
            ).first()
        )

    def forget(self):
        """Delete what nobody has touched for 30 days, and what was sent or discarded."""
        now = timezone.now()
        old = Q(saved_at__lt=now - KEPT_FOR)
        settled = ~Q(status=DraftStatus.OPEN) & Q(saved_at__lt=now - SETTLED_FOR)
        return self.filter(old | settled).delete()[0]


class Draft(models.Model):
    """Entwurf: one window's form before it is sent; only who typed it ever sees it."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts"
    )
    # Where the form is opened again, with what was asked for.
    address = models.CharField(_("address"), max_length=500)
    title = models.CharField(_("form"), max_length=200, blank=True)
    words = models.CharField(_("begins with"), max_length=100, blank=True)
    # Field name → values, as a browser sends them.
    fields = models.JSONField(default=dict)
    # Which window wrote last, and its how-manieth save that was.
    window = models.UUIDField()
    step = models.PositiveBigIntegerField(default=0)
    status = models.CharField(
        _("status"), max_length=10, choices=DraftStatus, default=DraftStatus.OPEN
    )
    saved_at = models.DateTimeField(_("saved"), auto_now=True)

    objects = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        ordering = ["-saved_at", "-pk"]
        indexes = [
            models.Index(
                fields=["user", "address"],
                name="drafts_open_of_a_form",
                condition=Q(status=DraftStatus.OPEN),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "window"],
                name="drafts_draft_one_per_window",
                violation_error_message=_("This window has a draft already."),
            ),
            models.CheckConstraint(
                name="drafts_draft_status_is_known",
                condition=Q(status__in=DraftStatus.values),
                violation_error_message=_("A draft is open, sent or discarded."),
            ),
            models.CheckConstraint(
                name="drafts_draft_sent_keeps_no_text",
                condition=~Q(status=DraftStatus.SENT) | Q(fields={}, title="", words=""),
                violation_error_message=_("What was sent is no draft any more."),
            ),
            models.CheckConstraint(
                name="drafts_draft_is_of_our_pages",
                condition=Q(address__startswith="/") & ~Q(address__startswith="//"),
                violation_error_message=_("A draft belongs to a page of this portal."),
            ),
        ]

    def __str__(self):
        return f"{self.address} {timezone.localtime(self.saved_at):%d.%m.%Y %H:%M}"

    @property
    def typed(self):
        """The fields as a form reads them."""
        typed = QueryDict(mutable=True)
        for name, values in self.fields.items():
            typed.setlist(name, values)
        return typed

    @property
    def resume_url(self):
        """Where exactly this draft stands in the form again."""
        mark = "&" if "?" in self.address else "?"
        return f"{self.address}{mark}entwurf={self.pk}"

    @property
    def kept_until(self):
        return self.saved_at + KEPT_FOR

    def discard(self):
        """Put it away; taken back within the day by `take_back`."""
        self._move(DraftStatus.OPEN, DraftStatus.DISCARDED)

    def take_back(self):
        self._move(DraftStatus.DISCARDED, DraftStatus.OPEN)

    def _move(self, source, target):
        now = timezone.now()
        mine = Draft.objects.filter(pk=self.pk, status=source)
        if not mine.update(status=target, saved_at=now):
            raise ValidationError(_("This draft was sent or discarded already."))
        self.status = target
