"""Forum: where people and organisations of an area meet, about everything or about one theme."""

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.bin.models import Withdrawable, WithdrawableQuerySet, withdrawn_together
from best_portal.db import folded
from districts.models import District
from enterprises.models.organisation import KINDS_WITH_MEMBERS, Organisation
from enterprises.models.people import Person


class ForumKind(models.TextChoices):
    FORUM = "forum", _("neighbourhood forum")
    WORKING_GROUP = "working_group", _("working group")
    ROUND = "round", _("round of a network or project group")


class ForumQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Everyone knows the public ones, members theirs, staff all of them."""
        if user.is_authenticated and user.is_staff_member:
            return self.all()
        return self.filter(Q(is_public=True) | Q(pk__in=self.inside_for(user).values("pk")))

    def inside_for(self, user):
        """Those whose members, minutes and decisions this person may read."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff_member:
            return self.all()
        if user.role != Role.FOUNDER:
            return self.none()
        return self.filter(pk__in=ForumMember.objects.of(user).values("forum"))

    def editable_by(self, user):
        return self.all() if user.is_authenticated and user.is_staff_member else self.none()

    def current(self):
        return self.filter(Q(until=None) | Q(until__gte=timezone.localdate()))

    def public(self):
        return self.filter(is_public=True)

    def kept_by(self, user):
        """Those this person of the staff looks after."""
        return self.filter(advisor=user)

    def in_areas(self, keys):
        return self.filter(districts__in=keys).distinct()

    def with_meetings(self):
        """Add `last_at` and `next_at`: the last meeting held and the next one to come."""
        now = timezone.now()
        meetings = self.model._meta.get_field("meetings").related_model.objects.valid()
        held = meetings.filter(forum=OuterRef("pk"), is_cancelled=False)
        return self.annotate(
            last_at=Subquery(held.filter(starts_at__lt=now).latest_first().values("starts_at")[:1]),
            next_at=Subquery(held.filter(starts_at__gte=now).soonest().values("starts_at")[:1]),
        )

    def for_list(self):
        areas = District.objects.defer("outline")
        return (
            self.with_meetings()
            .select_related("organisation", "advisor")
            .prefetch_related(models.Prefetch("districts", areas))
            .order_by("sort_name", "pk")
        )


class Forum(models.Model):
    """Forum: a neighbourhood forum, a working group of a theme, or the round of a network."""

    name = models.CharField(_("name"), max_length=200)
    sort_name = folded("name")
    kind = models.CharField(_("kind"), max_length=15, choices=ForumKind, default=ForumKind.FORUM)
    theme = models.CharField(
        _("theme"), max_length=200, blank=True, help_text=_("What a working group works on.")
    )
    districts = models.ManyToManyField(
        District, blank=True, related_name="forums", verbose_name=_("neighbourhoods")
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="forums",
        verbose_name=_("network or project group"),
        help_text=_("Whose round or working group it is."),
    )
    purpose = models.TextField(
        _("what it is for"), blank=True, help_text=_("Everyone reads it where the forum is public.")
    )
    is_public = models.BooleanField(
        _("everyone may know of it"),
        default=False,
        help_text=_(
            "Name, purpose, dates, places and agendas are public then, never members or decisions."
        ),
    )
    advisor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="forums",
        verbose_name=_("looked after by"),
    )
    since = models.DateField(_("since"), default=timezone.localdate)
    until = models.DateField(_("until"), null=True, blank=True)

    objects = ForumQuerySet.as_manager()

    class Meta:
        verbose_name = _("forum")
        verbose_name_plural = _("forums")
        ordering = ["sort_name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="enterprises_forum_kind_is_known",
                condition=Q(kind__in=ForumKind.values),
                violation_error_message=_("Choose one of the kinds."),
            ),
            models.CheckConstraint(
                name="enterprises_forum_has_a_name",
                condition=~Q(name=""),
                violation_error_message=_("Give the forum a name."),
            ),
            models.CheckConstraint(
                name="enterprises_forum_working_group_has_a_theme",
                condition=~Q(kind=ForumKind.WORKING_GROUP) | ~Q(theme=""),
                violation_error_message=_("Say what the working group works on."),
            ),
            models.CheckConstraint(
                name="enterprises_forum_round_is_of_somebody",
                condition=~Q(kind=ForumKind.ROUND) | Q(organisation__isnull=False),
                violation_error_message=_("Choose the network or project group that meets here."),
            ),
            models.CheckConstraint(
                name="enterprises_forum_ends_after_start",
                condition=Q(until=None) | Q(until__gte=F("since")),
                violation_error_message=_("A forum cannot end before it starts."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("enterprises:forum", args=[self.pk])

    @property
    def is_ended(self):
        return self.until is not None and self.until < timezone.localdate()

    @property
    def areas(self):
        """Its areas as one text."""
        return ", ".join(district.name for district in self.districts.all())

    @transaction.atomic
    def pass_on(self, *, to, by):
        """Let a colleague look after it from now on."""
        Forum.objects.filter(pk=self.pk).update(advisor=to)
        self.advisor = to
        Event.objects.record(actor=by, verb="forum.passed_on", subject=self, to=to.pk)

    @staticmethod
    def hosts():
        """The organisations that may have a round or a working group of their own."""
        return Organisation.objects.filter(kind__in=KINDS_WITH_MEMBERS)


class ForumRole(models.TextChoices):
    CHAIR = "chair", _("chair")
    MEMBER = "member", _("member")
    GUEST = "guest", _("regular guest")


class ForumMemberQuerySet(WithdrawableQuerySet):
    def of(self, user):
        """The memberships an account has today, by itself or through an organisation."""
        mine = Organisation.objects.visible_to(user).values("pk")
        return self.on(timezone.localdate()).filter(Q(person__user=user) | Q(organisation__in=mine))

    def on(self, day):
        """Who is a member on that day."""
        return self.valid().filter(
            Q(until=None) | Q(until__gte=day), Q(since=None) | Q(since__lte=day)
        )

    def for_list(self):
        return self.select_related("person", "organisation").order_by(
            "role", "organisation__sort_name", "person__sort_name", "pk"
        )

    def for_bin(self):
        return self.select_related("forum", "person", "organisation", "withdrawn_by")


class ForumMember(Withdrawable):
    """Mitglied eines Forums: a person, an organisation, or a person for an organisation."""

    forum = models.ForeignKey(Forum, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="forum_memberships",
        verbose_name=_("person"),
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="forum_memberships",
        verbose_name=_("organisation"),
    )
    role = models.CharField(_("part"), max_length=6, choices=ForumRole, default=ForumRole.MEMBER)
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)

    objects = ForumMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("member of a forum")
        verbose_name_plural = _("members of forums")
        ordering = ["forum", "role", "pk"]
        constraints = [
            models.CheckConstraint(
                name="enterprises_forummember_is_somebody",
                condition=Q(person__isnull=False) | Q(organisation__isnull=False),
                violation_error_message=_("Say which person or which organisation it is."),
            ),
            models.CheckConstraint(
                name="enterprises_forummember_role_is_known",
                condition=Q(role__in=ForumRole.values),
                violation_error_message=_("Choose one of the parts."),
            ),
            models.CheckConstraint(
                name="enterprises_forummember_ends_after_start",
                condition=Q(until=None) | Q(since=None) | Q(until__gte=F("since")),
                violation_error_message=_("A membership cannot end before it starts."),
            ),
            models.UniqueConstraint(
                fields=["forum", "person", "organisation"],
                condition=Q(withdrawn_at=None, until=None),
                nulls_distinct=False,
                name="enterprises_forummember_once",
                violation_error_message=_("They are a member of this forum already."),
            ),
            withdrawn_together("enterprises_forummember_deleted_by_somebody"),
        ]

    bin_owner = None

    def __str__(self):
        return " · ".join(str(part) for part in (self.organisation, self.person) if part)

    @property
    def home(self):
        return self.forum.get_absolute_url()
