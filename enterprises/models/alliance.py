"""Alliance: a network of entrepreneurs or a project group, who is in it, and how it is doing."""

from django.conf import settings
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.bin.models import Withdrawable, WithdrawableQuerySet, withdrawn_together
from enterprises.models.meeting import Meeting
from enterprises.models.organisation import (
    KINDS_WITH_MEMBERS,
    Organisation,
    OrganisationManager,
    OrganisationQuerySet,
)
from enterprises.models.people import Membership


class Health(models.TextChoices):
    ACTIVE = "active", _("active")
    QUIET = "quiet", _("quiet")
    CONFLICTS = "conflicts", _("conflicts")


class HealthNoteQuerySet(WithdrawableQuerySet):
    def newest_first(self):
        return self.order_by("-noted_on", "-pk")

    def for_bin(self):
        return self.select_related("organisation", "withdrawn_by")


class HealthNote(Withdrawable):
    """Zustand: how a network is doing from a day on, and who says so."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="health_notes"
    )
    health = models.CharField(_("how it is doing"), max_length=9, choices=Health)
    noted_on = models.DateField(_("as of"), default=timezone.localdate)
    note = models.CharField(
        _("what it is about"),
        max_length=500,
        blank=True,
        help_text=_("Needed where there are conflicts; only the staff reads it."),
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = HealthNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note on how a network is doing")
        verbose_name_plural = _("notes on how networks are doing")
        ordering = ["-noted_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="enterprises_healthnote_health_is_known",
                condition=Q(health__in=Health.values),
                violation_error_message=_("Choose how the network is doing."),
            ),
            models.CheckConstraint(
                name="enterprises_healthnote_conflicts_are_told",
                condition=~Q(health=Health.CONFLICTS) | ~Q(note=""),
                violation_error_message=_("Say what the conflicts are about."),
            ),
            withdrawn_together("enterprises_healthnote_deleted_by_somebody"),
        ]

    def __str__(self):
        return f"{self.get_health_display()} ({self.noted_on:%d.%m.%Y})"

    @property
    def tone(self):
        return {Health.ACTIVE: "success", Health.CONFLICTS: "danger"}.get(self.health, "warning")


class AllianceQuerySet(OrganisationQuerySet):
    def with_members(self):
        """Add `member_count`: how many are in it today."""
        today = timezone.localdate()
        rows = Membership.objects.valid().filter(
            Q(until=None) | Q(until__gte=today), Q(since=None) | Q(since__lte=today)
        )
        counted = rows.filter(group=OuterRef("pk")).order_by().values("group")
        return self.annotate(
            member_count=Coalesce(Subquery(counted.annotate(n=Count("pk")).values("n")), 0)
        )

    def with_meetings(self):
        """Add `last_at` and `next_at` of all their rounds and working groups."""
        now = timezone.now()
        met = Meeting.objects.valid().filter(forum__organisation=OuterRef("pk"), is_cancelled=False)
        return self.annotate(
            last_at=Subquery(met.filter(starts_at__lt=now).latest_first().values("starts_at")[:1]),
            next_at=Subquery(met.filter(starts_at__gte=now).soonest().values("starts_at")[:1]),
        )

    def with_health(self):
        """Add `health` and `health_on`: what was noted last; nothing where nobody has."""
        noted = HealthNote.objects.valid().filter(organisation=OuterRef("pk")).newest_first()
        return self.annotate(
            health=Subquery(noted.values("health")[:1]),
            health_on=Subquery(noted.values("noted_on")[:1]),
        )

    def with_advice(self, user):
        """Add `advised_on`: the last consultation this reader may know of."""
        consultations = Organisation._meta.get_field("consultations").related_model.objects
        rows = consultations.visible_to(user).filter(organisation=OuterRef("pk"))
        return self.annotate(advised_on=Subquery(rows.order_by("-held_on").values("held_on")[:1]))

    def for_list(self, user):
        return (
            self.with_members()
            .with_meetings()
            .with_health()
            .with_advice(user)
            .select_related("district")
            .defer("district__outline")
            .order_by("sort_name", "pk")
        )


class AllianceManager(OrganisationManager.from_queryset(AllianceQuerySet)):
    def get_queryset(self):
        return super().get_queryset().filter(kind__in=KINDS_WITH_MEMBERS)


class Alliance(Organisation):
    """Zusammenschluss: an organisation whose members are organisations; advised like any other."""

    objects = AllianceManager()

    class Meta:
        proxy = True
        verbose_name = _("network or project group")
        verbose_name_plural = _("networks and project groups")

    @property
    def health_words(self):
        """What was noted last, as a word; empty where nobody has noted anything."""
        return Health(self.health).label if self.health else ""

    @property
    def health_tone(self):
        return HealthNote(health=self.health).tone if self.health else "neutral"
