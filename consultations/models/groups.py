"""GroupSession: training for several people at once, on one date or several, with seats."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Language
from best_portal.audit.models import Event
from best_portal.db import explained, take_turns
from consultations.group_emails import tell
from consultations.models.consultation import Channel
from consultations.models.group_dates import GroupSessionDate
from consultations.models.group_queries import GroupSessionQuerySet
from consultations.models.group_states import GroupStatus, OpenTo
from consultations.models.project import Project, ProjectTask, Topic
from districts.models import District

MOST_SEATS = 500
# What everybody on the list is told about when it changes.
WHERE = ("channel", "place", "access", "link")


class GroupSession(models.Model):
    """Veranstaltung der Qualifizierung: what is taught, where, by whom and for how many.

    It lies in one neighbourhood, where it is held, like the consultations that become of its
    dates: so the reports' areas still add up to their total.
    """

    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="group_sessions", verbose_name=_("project")
    )
    task = models.ForeignKey(
        ProjectTask,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="group_sessions",
        verbose_name=_("task"),
    )
    title = models.CharField(_("title"), max_length=150)
    description = models.TextField(
        _("description"), blank=True, help_text=_("What people read before they register.")
    )
    contents = models.TextField(
        _("contents"), blank=True, help_text=_("One line each; they stand on the certificate.")
    )
    topics = models.ManyToManyField(
        Topic, related_name="group_sessions", blank=True, verbose_name=_("topics")
    )
    district = models.ForeignKey(
        District,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="group_sessions",
        verbose_name=_("neighbourhood"),
    )
    channel = models.CharField(_("how"), max_length=8, choices=Channel, default=Channel.OFFICE)
    place = models.CharField(_("place"), max_length=150, blank=True)
    access = models.CharField(
        _("how to get there"),
        max_length=300,
        blank=True,
        help_text=_("Entrance, floor, lift, step-free or not, bus and train."),
    )
    link = models.URLField(
        _("link to the online room"),
        blank=True,
        help_text=_("Only people with a seat get to see it."),
    )
    language = models.CharField(
        _("language"), max_length=2, choices=Language, default=Language.GERMAN
    )
    seats = models.PositiveSmallIntegerField(
        _("seats"), default=12, validators=[MinValueValidator(1), MaxValueValidator(MOST_SEATS)]
    )
    waiting_seats = models.PositiveSmallIntegerField(
        _("places on the waiting list"), default=6, validators=[MaxValueValidator(MOST_SEATS)]
    )
    open_to = models.CharField(_("open to"), max_length=8, choices=OpenTo, default=OpenTo.EVERYONE)
    register_until = models.DateTimeField(
        _("registration until"),
        null=True,
        blank=True,
        help_text=_("Empty: until the first date begins."),
    )
    leaders = models.ManyToManyField(
        settings.AUTH_USER_MODEL, related_name="group_sessions", verbose_name=_("led by")
    )
    status = models.CharField(
        _("status"),
        max_length=9,
        choices=GroupStatus,
        default=GroupStatus.DRAFT,
        editable=False,
    )
    # How often those on the list were told of a change: what tells their letters apart.
    sequence = models.PositiveIntegerField(default=0, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+"
    )
    planned_at = models.DateTimeField(auto_now_add=True)
    cancelled_at = models.DateTimeField(null=True, editable=False)
    cancel_reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)

    objects = GroupSessionQuerySet.as_manager()

    class Meta:
        verbose_name = _("group session")
        verbose_name_plural = _("group sessions")
        ordering = ["-planned_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="consultations_groupsession_has_a_title",
                condition=~Q(title=""),
                violation_error_message=_("Give the session a title."),
            ),
            models.CheckConstraint(
                name="consultations_groupsession_status_is_known",
                condition=Q(status__in=GroupStatus.values),
                violation_error_message=_("Unknown status of a group session."),
            ),
            models.CheckConstraint(
                name="consultations_groupsession_channel_is_known",
                condition=Q(channel__in=Channel.values),
                violation_error_message=_("Choose how people meet."),
            ),
            models.CheckConstraint(
                name="consultations_groupsession_open_to_is_known",
                condition=Q(open_to__in=OpenTo.values),
                violation_error_message=_("Choose who may register."),
            ),
            models.CheckConstraint(
                name="consultations_groupsession_seats_are_plausible",
                condition=Q(seats__gte=1, seats__lte=MOST_SEATS),
                violation_error_message=_("A session has 1 to 500 seats."),
            ),
            models.CheckConstraint(
                name="consultations_groupsession_waiting_list_is_plausible",
                condition=Q(waiting_seats__lte=MOST_SEATS),
                violation_error_message=_("A waiting list has 500 places at most."),
            ),
            models.CheckConstraint(
                name="consultations_groupsession_cancelled_with_time",
                condition=Q(status=GroupStatus.CANCELLED, cancelled_at__isnull=False)
                | (~Q(status=GroupStatus.CANCELLED) & Q(cancelled_at=None)),
                violation_error_message=_("A session is called off together with its time."),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("consultations:group_session", args=[self.pk])

    @property
    def reference(self):
        """What people name on the phone."""
        return f"Q-{self.pk:05d}"

    @property
    def is_published(self):
        return self.status == GroupStatus.PUBLISHED

    @property
    def in_reports(self):
        """What a report may say about it: what was taught, nobody's name."""
        return "\n".join(part for part in (self.title, self.contents) if part)

    @property
    def held_dates(self):
        """The dates that are not cancelled, the first one first."""
        return [date for date in self.dates.all() if date.cancelled_at is None]

    @property
    def starts_at(self):
        """When the first date begins; None while there is none."""
        return next((date.starts_at for date in self.held_dates), None)

    @property
    def ends_at(self):
        return max((date.ends_at for date in self.held_dates), default=None)

    @property
    def minutes(self):
        return sum(date.minutes for date in self.held_dates)

    @property
    def is_over(self):
        return bool(self.ends_at) and self.ends_at <= timezone.now()

    @property
    def registration_ends_at(self):
        """When registration closes: on the day named, and when the first date begins at last."""
        ends = [at for at in (self.register_until, self.starts_at) if at]
        return min(ends, default=None)

    @property
    def is_open(self):
        """Whether one can register now; a full session still has a list to wait on."""
        ends_at = self.registration_ends_at
        return self.is_published and ends_at is not None and timezone.now() < ends_at

    def refuse_if_closed(self, *, by):
        """Raise where nobody can register; staff may do it after the last day, until it begins."""
        is_staff = by is not None and by.is_staff_member
        if not self.is_open and not (is_staff and self.is_published and not self.has_begun):
            raise ValidationError(_("Registration for this session is closed."))

    @property
    def has_begun(self):
        return self.starts_at is not None and self.starts_at <= timezone.now()

    def take_turns(self):
        """Let whoever changes the list of this session finish first; fresh values from then on."""
        with explained(GroupSession):
            take_turns(f"group-session-{self.pk}")
        self.refresh_from_db()

    @transaction.atomic
    def amend(self, *, by, revision, leaders=None, topics=None, **fields):
        """Change what is announced; refused where someone else changed it since `revision`.

        New seats go to those who wait; fewer than are taken are refused. Who has a seat is told
        of another place.
        """
        self.take_turns()
        if self.revision != revision:
            raise ValidationError(
                _("Someone changed this session in the meantime. Compare before saving.")
            )
        self.registrations.move_together(fields.get("seats", self.seats))
        was = [getattr(self, name) for name in WHERE]
        for name, value in fields.items():
            setattr(self, name, value)
        self.revision += 1
        with explained(GroupSession):
            self.save()
        for name, rows in {"leaders": leaders, "topics": topics}.items():
            if rows is not None:
                getattr(self, name).set(rows)
        Event.objects.record(
            actor=by, verb="group_session.amended", subject=self, fields=sorted(fields)
        )
        self.fill_seats()
        if was != [getattr(self, name) for name in WHERE]:
            self.tell_everybody("changed")

    @transaction.atomic
    def publish(self, *, by):
        """Let people see it and register; it needs a date to come and somebody who leads it."""
        self.take_turns()
        if not self.starts_at or self.has_begun:
            raise ValidationError(_("Give it a date to come first."))
        if not self.leaders.exists():
            raise ValidationError(_("Say who leads it first."))
        self._move((GroupStatus.DRAFT,), GroupStatus.PUBLISHED)
        Event.objects.record(actor=by, verb="group_session.published", subject=self)

    @transaction.atomic
    def reschedule(self, *, by, times):
        """Give it these dates: (one of its dates or None, start, end) each.

        A date that is left out is cancelled, in a draft forgotten. Everybody on the list is told
        once. Refuses to touch what is over.
        """
        self.take_turns()
        if self.status in (GroupStatus.CANCELLED, GroupStatus.HELD):
            raise ValidationError(_("The dates of this session cannot be changed any more."))
        kept = {date.pk: (starts_at, ends_at) for date, starts_at, ends_at in times if date}
        changed = False
        with explained(GroupSessionDate), self.dates.changing_places():
            for date in list(self.dates.held()):
                if date.pk in kept:
                    changed |= date.put(*kept[date.pk])
                else:
                    date.drop(for_good=self.status == GroupStatus.DRAFT)
                    changed = True
            for date, starts_at, ends_at in times:
                if date is None:
                    self.dates.create(starts_at=starts_at, ends_at=ends_at)
                    changed = True
        if not changed:
            return
        if not self.dates.held().exists():
            raise ValidationError(_("Keep one date at least, or call the session off."))
        Event.objects.record(actor=by, verb="group_session.rescheduled", subject=self)
        self.refresh_from_db()
        self.tell_everybody("changed")

    @transaction.atomic
    def cancel(self, *, by, reason=""):
        """Call it off and tell everybody on the list, once."""
        self.take_turns()
        if self.dates.logged().exists():
            raise ValidationError(
                _("A date of it took place already. Cancel the dates to come instead.")
            )
        self._move(
            (GroupStatus.DRAFT, GroupStatus.PUBLISHED),
            GroupStatus.CANCELLED,
            cancelled_at=timezone.now(),
            cancel_reason=reason,
        )
        Event.objects.record(actor=by, verb="group_session.cancelled", subject=self)
        self.dates.update(sequence=F("sequence") + 1)
        self.tell_everybody("called_off")

    def fill_seats(self):
        """Give free seats to those who wait, whoever waits longest first; while it can be told."""
        if not self.is_published or self.has_begun:
            return
        waiting = iter(self.registrations.waiting().by_turn())
        for seat in self.registrations.free_seats(self.seats):
            registration = next(waiting, None)
            if registration is None:
                break
            registration.move_up(seat)

    def tell_everybody(self, what):
        """Write to everybody on the list about a change; past sessions are no news."""
        if not self.is_published and self.status != GroupStatus.CANCELLED:
            return
        GroupSession.objects.filter(pk=self.pk).update(sequence=F("sequence") + 1)
        self.refresh_from_db()
        if self.is_over:
            return
        models.prefetch_related_objects([self], "dates")
        for registration in self.registrations.on_the_list().for_letters():
            registration.session = self
            tell(what, registration)

    def note_over(self):
        """Note what became of it once no date is left to log: held, or called off by its dates.

        A draft is held as well: it was written down afterwards.
        """
        if self.dates.held().unlogged().exists():
            return
        was_held = self.dates.logged().exists()
        ended = (
            {"status": GroupStatus.HELD}
            if was_held
            else {"status": GroupStatus.CANCELLED, "cancelled_at": timezone.now()}
        )
        running = (GroupStatus.DRAFT, GroupStatus.PUBLISHED)
        noted = GroupSession.objects.filter(pk=self.pk, status__in=running).update(**ended)
        if noted and was_held:
            for registration in self.registrations.who_attended().for_letters():
                tell("certificate", registration)

    def _move(self, sources, target, **fields):
        # The database decides, so a stale page cannot repeat a step.
        moved = GroupSession.objects.filter(pk=self.pk, status__in=sources).update(
            status=target, **fields
        )
        if not moved:
            raise ValidationError(_("Someone changed this session in the meantime."))
        self.refresh_from_db()
