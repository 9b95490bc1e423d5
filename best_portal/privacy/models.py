"""ErasureRequest: that somebody wants to be erased, what was decided, and what had to be kept."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.db import explained
from best_portal.privacy.decision_letters import address_of, tell_done, tell_refused
from best_portal.privacy.erasing import KeptKind, erase, erase_part
from enterprises.models import Person


class AskedBy(models.TextChoices):
    PAGE = "page", _("on the own page")
    PHONE = "phone", _("on the phone")
    LETTER = "letter", _("in writing")
    SPOKEN = "spoken", _("in person")


class ErasureStatus(models.TextChoices):
    OPEN = "open", _("to be decided")
    WITHDRAWN = "withdrawn", _("taken back")
    REFUSED = "refused", _("refused")
    DONE = "done", _("erased")


DECIDED = (ErasureStatus.REFUSED, ErasureStatus.DONE)
DECIDED_ALREADY = _("This request is decided or taken back already.")


class ErasureRequestQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The management sees all, founders their own."""
        match user.role:
            case Role.MANAGER:
                return self.all()
            case Role.FOUNDER:
                return self.filter(person__user=user)
            case _:
                return self.none()

    def open(self):
        return self.filter(status=ErasureStatus.OPEN)

    def for_list(self):
        return self.select_related("person", "asked_by", "decided_by").prefetch_related("kept")

    def oldest_first(self):
        return self.order_by("asked_at", "pk")

    @transaction.atomic
    def ask(self, *, by, person, channel=AskedBy.PAGE, words=""):
        """Note the wish; while one is open, there is no second one."""
        with explained(self.model):
            request = self.create(person=person, asked_by=by, channel=channel, words=words.strip())
        Event.objects.record(actor=by, verb="erasure.asked", subject=request, channel=channel)
        return request


class ErasureRequest(models.Model):
    """Löschwunsch: of whom, how it was said, and what the management decided."""

    person = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        related_name="erasure_requests",
        verbose_name=_("person"),
    )
    channel = models.CharField(_("said"), max_length=6, choices=AskedBy)
    words = models.TextField(_("in their words"), max_length=2000, blank=True)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        editable=False,
        related_name="+",
        verbose_name=_("noted by"),
    )
    asked_at = models.DateTimeField(_("asked"), default=timezone.now, editable=False)
    status = models.CharField(
        _("status"),
        max_length=9,
        choices=ErasureStatus,
        default=ErasureStatus.OPEN,
        editable=False,
    )
    reason = models.CharField(_("reason"), max_length=500, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, editable=False)

    objects = ErasureRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("wish to be erased")
        verbose_name_plural = _("wishes to be erased")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="privacy_erasurerequest_status_is_known",
                condition=Q(status__in=ErasureStatus.values),
                violation_error_message=_("Unknown status of a wish to be erased."),
            ),
            models.CheckConstraint(
                name="privacy_erasurerequest_channel_is_known",
                condition=Q(channel__in=AskedBy.values),
                violation_error_message=_("Choose how it was said."),
            ),
            models.CheckConstraint(
                name="privacy_erasurerequest_decided_by_somebody",
                condition=Q(status__in=DECIDED, decided_by__isnull=False, decided_at__isnull=False)
                | ~Q(status__in=DECIDED) & Q(decided_by=None, decided_at=None),
                violation_error_message=_("A decision has its time and who decided."),
            ),
            models.CheckConstraint(
                name="privacy_erasurerequest_refused_with_a_reason",
                condition=~Q(status=ErasureStatus.REFUSED) | ~Q(reason=""),
                violation_error_message=_("Say why it is refused."),
            ),
            models.CheckConstraint(
                name="privacy_erasurerequest_done_keeps_no_words",
                condition=~Q(status=ErasureStatus.DONE) | Q(words=""),
                violation_error_message=_("Of who is erased no words are left."),
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(status=ErasureStatus.OPEN),
                name="privacy_erasurerequest_one_open_per_person",
                violation_error_message=_("This wish is noted already."),
            ),
        ]

    def __str__(self):
        return f"{self.person} · {self.get_status_display()}"

    def get_absolute_url(self):
        return reverse("privacy:erasure", args=[self.pk])

    @property
    def is_open(self):
        return self.status == ErasureStatus.OPEN

    @transaction.atomic
    def withdraw(self, *, by):
        """Take the wish back, as long as nothing was decided."""
        self._move(ErasureStatus.WITHDRAWN)
        Event.objects.record(actor=by, verb="erasure.withdrawn", subject=self)

    @transaction.atomic
    def refuse(self, *, by, reason):
        """Keep everything, with the reason the person is told."""
        if not reason.strip():
            raise ValidationError({"reason": _("Say why it is refused.")})
        self._move(
            ErasureStatus.REFUSED,
            reason=reason.strip(),
            decided_by=by,
            decided_at=timezone.now(),
        )
        Event.objects.record(actor=by, verb="erasure.refused", subject=self)
        tell_refused(self)

    @transaction.atomic
    def carry_out(self, *, by, keep=()):
        """Erase the person everywhere but for what is kept, each with its reason and its end.

        `keep` holds (kind, reason, until). Rows that were counted stay, without the person.
        The person is told at the address they had until now; returns in which columns a text of
        somebody else could not be changed.
        """
        person = self.person
        had = {"recipient": address_of(person), "name": person.name, "language": person.language}
        self._move(ErasureStatus.DONE, words="", decided_by=by, decided_at=timezone.now())
        for kind, reason, until in keep:
            with explained(ErasureKept):
                self.kept.create(what=kind, reason=reason, until=until)
        left = erase(self.person, by=by, keep={kind for kind, _reason, _until in keep})
        Event.objects.record(
            actor=by,
            verb="erasure.carried_out",
            subject=self,
            kept=sorted(str(kind) for kind, _reason, _until in keep),
            left=left,
        )
        # After the erasing, which deletes every letter to them.
        tell_done(self, **had)
        return left

    def _move(self, status, **fields):
        # The database decides, so two who decide at once are not both right.
        moved = ErasureRequest.objects.open().filter(pk=self.pk)
        if not moved.update(status=status, **fields):
            raise ValidationError(DECIDED_ALREADY)
        self.refresh_from_db()


class ErasureKeptQuerySet(models.QuerySet):
    def run_out(self, today):
        return self.filter(erased_at=None, until__lt=today)

    def erase_run_out(self, today):
        """Erase what had to be kept until a day that has passed; safe to run twice."""
        for pk in self.run_out(today).values_list("pk", flat=True):
            with transaction.atomic():
                rows = self.run_out(today).select_for_update(of=("self",), skip_locked=True)
                if row := rows.select_related("request__person").filter(pk=pk).first():
                    row.erase()


class ErasureKept(models.Model):
    """Aufbewahrt: what of an erased person had to be kept, why, and until when."""

    request = models.ForeignKey(ErasureRequest, on_delete=models.CASCADE, related_name="kept")
    what = models.CharField(_("what"), max_length=13, choices=KeptKind)
    reason = models.CharField(_("reason"), max_length=300)
    until = models.DateField(_("kept until"))
    erased_at = models.DateTimeField(null=True, editable=False)

    objects = ErasureKeptQuerySet.as_manager()

    class Meta:
        verbose_name = _("kept of an erased person")
        verbose_name_plural = _("kept of erased persons")
        ordering = ["until", "pk"]
        constraints = [
            models.CheckConstraint(
                name="privacy_erasurekept_what_is_known",
                condition=Q(what__in=KeptKind.values),
                violation_error_message=_("Choose what is kept."),
            ),
            models.CheckConstraint(
                name="privacy_erasurekept_has_a_reason",
                condition=~Q(reason=""),
                violation_error_message=_("Say why it must be kept."),
            ),
            models.UniqueConstraint(
                fields=["request", "what"],
                name="privacy_erasurekept_once",
                violation_error_message=_("This is kept already."),
            ),
        ]

    def __str__(self):
        return f"{self.get_what_display()} ({self.until:%d.%m.%Y})"

    def erase(self):
        """Erase it now that its time is over."""
        erase_part(self.request.person, self.what)
        self.erased_at = timezone.now()
        self.save(update_fields=["erased_at"])
        Event.objects.record(
            actor=None, verb="erasure.finished", subject=self.request, what=self.what
        )
