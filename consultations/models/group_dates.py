"""GroupSessionDate: one date of a group session, and the consultation that becomes of it."""

import uuid
from contextlib import contextmanager
from datetime import UTC, timedelta

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import connection, models, transaction
from django.db.models import Deferrable, Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.db import Period
from consultations.models.absences import midnight
from consultations.models.attendance import Attendance
from consultations.models.consultation import Consultation
from consultations.models.consultation_queries import ConsultationKind
from consultations.models.group_states import GroupStatus, theirs

LONGEST = timedelta(hours=12)
NO_OVERLAP = "consultations_groupsessiondate_no_overlap"


class GroupSessionDateQuerySet(models.QuerySet):
    def editable_by(self, user):
        """Those of the sessions this person may change."""
        match user.role:
            case Role.MANAGER:
                return self.all()
            case Role.ADVISOR:
                return self.filter(theirs(user, "session__")).distinct()
            case _:
                return self.none()

    def held(self):
        """Those that are held or will be: not cancelled."""
        return self.filter(cancelled_at=None)

    def announced(self):
        """Those held that people know of: not a draft's."""
        return self.held().filter(session__status__in=(GroupStatus.PUBLISHED, GroupStatus.HELD))

    def between(self, start, end):
        """Those that touch the time from one moment to another."""
        return self.filter(starts_at__lt=end, ends_at__gt=start)

    def logged(self):
        return self.filter(self._logged())

    def unlogged(self):
        return self.exclude(self._logged())

    def _logged(self):
        return Exists(Consultation.objects.valid().filter(group_date=OuterRef("pk")))

    def with_log(self):
        """Add `is_logged`: whether a consultation counts for it."""
        return self.annotate(is_logged=self._logged())

    def waiting_for_log(self):
        """Those that are over and that no consultation was logged for."""
        return (
            self.held()
            .unlogged()
            .filter(ends_at__lte=timezone.now(), session__status=GroupStatus.PUBLISHED)
        )

    def to_be_reminded_of(self, ahead, *, now=None):
        """Those that begin so soon, and whose time was not set only since then."""
        now = (now or timezone.now()).astimezone(UTC)
        return self.held().filter(
            session__status=GroupStatus.PUBLISHED,
            starts_at__gt=now,
            starts_at__lte=now + ahead,
            agreed_at__lt=F("starts_at") - ahead,
        )

    def for_agenda(self):
        return self.select_related("session").order_by("starts_at", "pk")

    def periods(self, advisors, start_day, end_day):
        """Return (advisor, start, end) of what these advisors lead from a day to a day."""
        return (
            self.held()
            .filter(
                session__status=GroupStatus.PUBLISHED,
                session__leaders__in=advisors,
                starts_at__lt=midnight(end_day + timedelta(days=1)),
                ends_at__gt=midnight(start_day),
            )
            .order_by()
            .values_list("session__leaders", "starts_at", "ends_at")
        )

    @contextmanager
    def changing_places(self):
        """Let dates change places with one another: only the end of it must be free of overlaps."""
        with connection.cursor() as cursor:
            cursor.execute(f"SET CONSTRAINTS {NO_OVERLAP} DEFERRED")
            yield
            cursor.execute(f"SET CONSTRAINTS {NO_OVERLAP} IMMEDIATE")


class GroupSessionDate(models.Model):
    """Termin einer Veranstaltung: a course of several evenings has several."""

    session = models.ForeignKey(
        "consultations.GroupSession", on_delete=models.CASCADE, related_name="dates"
    )
    starts_at = models.DateTimeField(_("start"))
    ends_at = models.DateTimeField(_("end"))
    # The calendar file's identity and how often it was sent out changed (RFC 5545).
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    # Since when it is at this time: nobody is reminded of what was only just said.
    agreed_at = models.DateTimeField(default=timezone.now, editable=False)
    cancelled_at = models.DateTimeField(null=True, editable=False)

    objects = GroupSessionDateQuerySet.as_manager()

    class Meta:
        verbose_name = _("date of a group session")
        verbose_name_plural = _("dates of group sessions")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="consultations_groupsessiondate_ends_after_start",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("A date must end after it starts."),
            ),
            models.CheckConstraint(
                name="consultations_groupsessiondate_lasts_12_hours_at_most",
                condition=Q(ends_at__lte=F("starts_at") + LONGEST),
                violation_error_message=_("A date lasts 12 hours at most; add one for each day."),
            ),
            ExclusionConstraint(
                name=NO_OVERLAP,
                expressions=[
                    ("session", RangeOperators.EQUAL),
                    (Period("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
                condition=Q(cancelled_at=None),
                deferrable=Deferrable.IMMEDIATE,
                violation_error_message=_("Two dates of the session overlap."),
            ),
        ]

    def __str__(self):
        return f"{timezone.localtime(self.starts_at):%d.%m.%Y %H:%M} · {self.session}"

    def get_absolute_url(self):
        return reverse("consultations:group_checkin", args=[self.pk])

    @property
    def day(self):
        return timezone.localdate(self.starts_at)

    @property
    def minutes(self):
        return int((self.ends_at - self.starts_at).total_seconds()) // 60

    @property
    def is_cancelled(self):
        """Whether nobody need come: it was cancelled, or the whole session was."""
        return self.cancelled_at is not None or self.session.cancelled_at is not None

    @property
    def has_begun(self):
        return self.starts_at <= timezone.now()

    @property
    def may_be_noted(self):
        """Whether its day has come: then one notes who is there."""
        return not self.is_cancelled and self.day <= timezone.localdate()

    @property
    def takes_notes(self):
        """Whether its page of who is there is of use: announced, or written down afterwards."""
        return not self.is_cancelled and (self.session.is_published or self.has_begun)

    @property
    def is_past(self):
        return self.ends_at <= timezone.now()

    @property
    def consultation(self):
        """The consultation that counts for it, or None."""
        return self.consultations.valid().first()

    def put(self, starts_at, ends_at):
        """Hold it at this time; True if that is another one. What is over stays as it was."""
        if (starts_at, ends_at) == (self.starts_at, self.ends_at):
            return False
        if self.is_past:
            raise ValidationError(_("A date that is over cannot be moved."))
        self.starts_at, self.ends_at = starts_at, ends_at
        self.agreed_at = timezone.now()
        self.sequence += 1
        self.save()
        return True

    def drop(self, *, for_good=False):
        """Do not hold it; calendars forget it. Refused once it is logged."""
        if self.consultations.valid().exists():
            raise ValidationError(_("This date took place: its consultation is logged."))
        if for_good:
            self.delete()
            return
        self.cancelled_at = timezone.now()
        self.sequence += 1
        self.save()

    @transaction.atomic
    def cancel(self, *, by):
        """Do not hold this date; everybody on the list is told while it is still to come."""
        session = self.session
        session.take_turns()
        self.refresh_from_db()
        if self.is_cancelled:
            raise ValidationError(_("This date is cancelled already."))
        if session.dates.held().count() == 1 and not self.has_begun:
            raise ValidationError(_("It is the only date: call the session off instead."))
        self.drop()
        Event.objects.record(actor=by, verb="group_date.cancelled", subject=self)
        if self.is_past:
            session.note_over()
        else:
            session.refresh_from_db()
            session.tell_everybody("changed")

    @transaction.atomic
    def log(self, *, by, result):
        """Say that it took place: one consultation with all who were there.

        The agency's minutes count once, as long as the date lasted; each person's own minutes
        stand beside their name, with the organisation they came for. Whoever was not noted as
        present was absent. Refuses a second time, a date to come, and one nobody came to.
        """
        self.session.take_turns()
        self.refresh_from_db()
        if self.is_cancelled or not self.has_begun:
            raise ValidationError(_("This date is cancelled or still to come."))
        if self.consultations.valid().exists():
            raise ValidationError(_("The consultation of this date is logged already."))
        present = list(self.check_ins.present().select_related("registration"))
        if not present:
            raise ValidationError(
                _("Nobody is noted as present. If nobody came, cancel this date.")
            )
        consultation = Consultation.objects.log(by=by, **self._as_consultation(present, result))
        Attendance.objects.bulk_create(
            Attendance(
                consultation=consultation,
                person_id=each.registration.person_id,
                organisation_id=each.registration.organisation_id,
                minutes=self.minutes - each.minutes_missed,
            )
            for each in present
        )
        self.session.note_over()
        Event.objects.record(
            actor=by, verb="group_date.logged", subject=self, consultation=consultation.pk
        )
        return consultation

    def _as_consultation(self, present, result):
        session = self.session
        return {
            "group_date": self,
            "project": session.project,
            "task": session.task,
            "kind": ConsultationKind.TRAINING,
            "held_on": self.day,
            "starts_at": self.starts_at,
            "ends_at": self.ends_at,
            "minutes": self.minutes,
            "channel": session.channel,
            "place": session.place,
            "district": session.district.as_of(self.day) if session.district else None,
            "organisation": None,
            "headcount": len(present),
            "result": result,
            "advisors": session.leaders.all(),
            "topics": session.topics.all(),
        }
