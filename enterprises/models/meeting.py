"""Meeting: when and where a forum meets, what is on the agenda, what was said, who was there."""

import uuid
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Count, F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.audit.models import Event
from best_portal.bin.models import Withdrawable, WithdrawableQuerySet, withdrawn_together
from best_portal.db import BerlinDay, explained
from enterprises.models.forum import Forum, ForumMember

SHORTEST, LONGEST = 15, 1440


class MeetingQuerySet(WithdrawableQuerySet):
    def visible_to(self, user):
        return self.valid().filter(forum__in=Forum.objects.visible_to(user))

    def editable_by(self, user):
        return self.valid() if user.is_authenticated and user.is_staff_member else self.none()

    def public(self):
        """What everyone may put into their calendar."""
        return self.valid().filter(forum__is_public=True)

    def held(self):
        """Those that took place."""
        return self.valid().filter(is_cancelled=False, starts_at__lt=timezone.now())

    def to_come(self):
        return self.valid().filter(is_cancelled=False, starts_at__gte=timezone.now())

    def between(self, first, last):
        """Those on these days, both included."""
        return self.annotate(day=BerlinDay("starts_at")).filter(day__range=(first, last))

    def in_areas(self, keys):
        return self.filter(forum__districts__in=keys).distinct()

    def soonest(self):
        return self.order_by("starts_at", "pk")

    def latest_first(self):
        return self.order_by("-starts_at", "-pk")

    def with_attendance(self):
        """Add `present`: how many were there, the guests included."""
        return self.annotate(present=Count("attendances", distinct=True) + F("guests"))

    def for_list(self):
        return self.select_related("forum").with_attendance()

    def for_bin(self):
        return self.select_related("forum", "withdrawn_by")


class Meeting(Withdrawable):
    """Sitzung: one date of a forum; cancelled it stays in calendars as cancelled."""

    forum = models.ForeignKey(Forum, on_delete=models.CASCADE, related_name="meetings")
    starts_at = models.DateTimeField(_("begins"))
    minutes = models.PositiveSmallIntegerField(
        _("duration in minutes"), default=90, help_text=_("From 15 minutes to a whole day.")
    )
    place = models.CharField(_("place"), max_length=200)
    agenda = models.TextField(_("agenda"), blank=True)
    record = models.TextField(
        _("minutes of the meeting"), blank=True, help_text=_("Members and staff read them.")
    )
    is_record_public = models.BooleanField(
        _("everyone may read the minutes"),
        default=False,
        help_text=_("Only where they name nobody, and only where the forum is public."),
    )
    guests = models.PositiveSmallIntegerField(
        _("others who were there"), default=0, help_text=_("People who are not on the list.")
    )
    is_cancelled = models.BooleanField(_("cancelled"), default=False, editable=False)
    uid = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    # Rises with each change of time or place, so that calendars take it over.
    sequence = models.PositiveIntegerField(default=0, editable=False)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ["-starts_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="enterprises_meeting_lasts_a_while",
                condition=Q(minutes__range=(SHORTEST, LONGEST)),
                violation_error_message=_("A meeting lasts from 15 minutes to a whole day."),
            ),
            models.CheckConstraint(
                name="enterprises_meeting_is_somewhere",
                condition=~Q(place=""),
                violation_error_message=_("Say where the meeting is."),
            ),
            models.UniqueConstraint(
                fields=["forum", "starts_at"],
                condition=Q(withdrawn_at=None, is_cancelled=False),
                name="enterprises_meeting_one_at_a_time",
                violation_error_message=_("This forum meets at this time already."),
            ),
            withdrawn_together("enterprises_meeting_deleted_by_somebody"),
        ]

    bin_owner = None

    def __str__(self):
        return f"{self.forum}, {timezone.localtime(self.starts_at):%d.%m.%Y %H:%M}"

    def get_absolute_url(self):
        return reverse("enterprises:meeting", args=[self.pk])

    @property
    def home(self):
        return self.forum.get_absolute_url()

    @property
    def ends_at(self):
        return self.starts_at + timedelta(minutes=self.minutes)

    @property
    def day_held(self):
        return timezone.localdate(self.starts_at)

    @property
    def is_over(self):
        return self.starts_at < timezone.now()

    @property
    def shows_record(self):
        """Whether everyone may read the minutes."""
        return bool(self.record) and self.is_record_public and self.forum.is_public

    @property
    def people_present(self):
        return self.attendances.count() + self.guests

    @transaction.atomic
    def cancel(self, *, by):
        """Call it off; only what is still to come and not called off yet."""
        called_off = Meeting.objects.to_come().filter(pk=self.pk)
        if not called_off.update(is_cancelled=True, sequence=F("sequence") + 1):
            raise ValidationError(_("This meeting is over or cancelled already."))
        self.refresh_from_db()
        Event.objects.record(actor=by, verb="meeting.cancelled", subject=self)

    @transaction.atomic
    def note_attendance(self, members, *, guests, by):
        """Note which members were there and how many others; refused before it has begun."""
        if not self.is_over or self.is_cancelled:
            raise ValidationError(_("Note who was there once the meeting has begun."))
        members = list(members)
        if any(member.forum_id != self.forum_id for member in members):
            raise ValidationError(_("Only members of this forum can be ticked."))
        with explained(Meeting):
            Meeting.objects.filter(pk=self.pk).update(guests=guests)
        self.guests = guests
        self.attendances.exclude(member__in=members).delete()
        there = set(self.attendances.values_list("member", flat=True))
        self.attendances.bulk_create(
            MeetingAttendance(meeting=self, member=each) for each in members if each.pk not in there
        )
        Event.objects.record(
            actor=by, verb="meeting.attended", subject=self, members=len(members), guests=guests
        )


class MeetingAttendance(models.Model):
    """Anwesenheit: one member was at one meeting."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendances")
    member = models.ForeignKey(ForumMember, on_delete=models.PROTECT, related_name="attendances")

    class Meta:
        verbose_name = _("attendance at a meeting")
        verbose_name_plural = _("attendances at meetings")
        ordering = ["meeting", "member"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "member"],
                name="enterprises_meetingattendance_once",
                violation_error_message=_("They are noted as present already."),
            ),
        ]

    def __str__(self):
        return f"{self.meeting} · {self.member}"
