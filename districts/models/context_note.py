"""ContextNote: what one should know of an area before one works there, with source and day."""

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from best_portal.audit.models import Event
from best_portal.bin.models import Withdrawable, WithdrawableQuerySet, withdrawn_together
from best_portal.db import explained
from districts.models.area import District


class NoteKind(models.TextChoices):
    HISTORY = "history", _("history")
    CONCEPTS = "concepts", _("concepts and plans")
    ACTORS = "actors", _("actors on site")


class ContextNoteQuerySet(WithdrawableQuerySet):
    def visible_to(self, user):
        """Everyone reads the public ones; the others stay among the staff."""
        if user.is_authenticated and user.is_staff_member:
            return self.valid()
        return self.valid().filter(is_public=True)

    def editable_by(self, user):
        return self.valid() if user.is_authenticated and user.is_staff_member else self.none()

    def for_list(self):
        return self.select_related("author").order_by("kind", "-dated", "-pk")

    def for_bin(self):
        return self.select_related("district", "withdrawn_by")

    @transaction.atomic
    def write(self, *, by, district, **fields):
        with explained(self.model):
            note = self.create(district=district, author=by, **fields)
        Event.objects.record(actor=by, verb="contextnote.created", subject=note)
        return note


class ContextNote(Withdrawable):
    """Notiz zum Gebiet: history, concepts or actors; for everyone, or for the staff only."""

    district = models.ForeignKey(District, on_delete=models.CASCADE, related_name="context_notes")
    kind = models.CharField(_("about"), max_length=8, choices=NoteKind)
    text = models.TextField(_("text"))
    source = models.CharField(
        _("source"),
        max_length=300,
        help_text=_("Where it is written or who said it: a study, a web page, a conversation."),
    )
    dated = models.DateField(_("as of"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    is_public = models.BooleanField(
        _("everyone may read it"),
        default=False,
        help_text=_("Without a tick, advisors and management read it, nobody else."),
    )

    objects = ContextNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note on an area")
        verbose_name_plural = _("notes on areas")
        ordering = ["kind", "-dated", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="districts_contextnote_kind_is_known",
                condition=Q(kind__in=NoteKind.values),
                violation_error_message=_("Choose what the note is about."),
            ),
            models.CheckConstraint(
                name="districts_contextnote_has_text_and_source",
                condition=~Q(text="") & ~Q(source=""),
                violation_error_message=_("A note needs its text and where it is from."),
            ),
            withdrawn_together("districts_contextnote_deleted_by_somebody"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} ({self.dated:%d.%m.%Y})"

    def get_absolute_url(self):
        return self.home

    @property
    def bin_owner(self):
        return self.district

    @property
    def home(self):
        return self.district.get_absolute_url()
