"""Succession: which area went on in which other one, from which day; and the way back."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, ProtectedError, Q
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.db import explained
from districts.models.area import District


class SuccessionKind(models.TextChoices):
    MERGE = "merge", _("merged into another area")
    SPLIT = "split", _("split into several areas")
    RENAMED = "renamed", _("renamed")


# Of these, all of an area went on in its one successor.
WHOLE = (SuccessionKind.MERGE, SuccessionKind.RENAMED)


class SuccessionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Public knowledge, as the areas are."""
        return self.all()

    def editable_by(self, user):
        is_manager = user.is_authenticated and user.role == Role.MANAGER
        return self.all() if is_manager else self.none()


class Succession(models.Model):
    """Nachfolge: one area ended the day before, another one goes on with it.

    What happened in the area that ended keeps it: only what comes later is of the other one.
    """

    predecessor = models.ForeignKey(
        District, on_delete=models.CASCADE, related_name="successions", verbose_name=_("area")
    )
    successor = models.ForeignKey(
        District, on_delete=models.CASCADE, related_name="origins", verbose_name=_("successor")
    )
    on = models.DateField(_("from"))
    kind = models.CharField(_("what happened"), max_length=7, choices=SuccessionKind)
    # How it was before, for the way back.
    ended_before = models.DateField(null=True, editable=False)
    has_begun = models.BooleanField(default=False, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = SuccessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("succession of areas")
        verbose_name_plural = _("successions of areas")
        ordering = ["on", "successor__sort_name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="districts_succession_kind_is_known",
                condition=Q(kind__in=SuccessionKind.values),
                violation_error_message=_("Say whether the area was merged, split or renamed."),
            ),
            models.CheckConstraint(
                name="districts_succession_of_two_areas",
                condition=~Q(predecessor=F("successor")),
                violation_error_message=_("An area cannot follow itself."),
            ),
            models.UniqueConstraint(
                fields=["predecessor", "successor"],
                name="districts_succession_once",
                violation_error_message=_("This is recorded already."),
            ),
            models.UniqueConstraint(
                fields=["predecessor"],
                condition=Q(kind__in=WHOLE),
                name="districts_succession_whole_into_one",
                violation_error_message=_("This area went on in another one already."),
            ),
        ]

    def __str__(self):
        return f"{self.predecessor} → {self.successor} ({self.on:%d.%m.%Y})"

    def get_absolute_url(self):
        return self.predecessor.get_absolute_url()

    @transaction.atomic
    def take_back(self, *, by):
        """Undo a merge, a split or a new name recorded by mistake: the area is as it was.

        Areas that began with it go again; refused where something hangs on them already.
        """
        area = District.objects.select_for_update().get(pk=self.predecessor_id)
        rows = list(area.successions.select_related("successor"))
        if not rows:
            raise ValidationError(_("This was taken back already."))
        begun = [row.successor for row in rows if row.has_begun]
        area.successions.all().delete()
        for successor in begun:
            try:
                with transaction.atomic():
                    successor.delete()
            except ProtectedError as refusal:
                raise ValidationError(
                    _("“%(area)s” is in use already, so this cannot be taken back."),
                    params={"area": successor},
                ) from refusal
        with explained(District):
            District.objects.filter(pk=area.pk).update(ends_on=rows[0].ended_before)
        Event.objects.record(actor=by, verb="district.succession_taken_back", subject=area)
