"""BusyCalendar and BusyPeriod: when an advisor's own calendar says that they are busy."""

import logging
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.db import explained, take_turns
from consultations.busy_times import busy_times
from consultations.far_calendar import UnreadableError, host_of
from consultations.models.absences import midnight
from consultations.models.appointments import Appointment

log = logging.getLogger(__name__)

# Further than people can book, so that a day without the network takes nothing away.
AHEAD = timedelta(weeks=12)
# Somebody who fetched by hand a moment ago need not be fetched again.
FRESH = timedelta(minutes=5)


class Failure(models.TextChoices):
    """What stood in the way, as the advisor reads it."""

    ADDRESS = "address", _("The address is not an https address.")
    INTERNAL = "internal", _("The address leads into an internal network. Enter a public one.")
    SILENT = "silent", _("The address could not be reached.")
    SLOW = "slow", _("The calendar took too long to answer.")
    REFUSED = "refused", _("There is no calendar at this address, or it needs a password.")
    LARGE = "large", _("The calendar is larger than 5 MB.")
    UNREADABLE = "unreadable", _("What stands there is not a calendar we can read.")


class BusyCalendarQuerySet(models.QuerySet):
    def of(self, advisor):
        """The calendar of this advisor, or None."""
        return self.filter(advisor=advisor).first()

    def due(self):
        """Those of advisors at work that were not tried just now."""
        return self.filter(advisor__is_active=True, advisor__role=Role.ADVISOR).filter(
            Q(tried_at=None) | Q(tried_at__lt=timezone.now() - FRESH)
        )

    @transaction.atomic
    def connect(self, *, by, address):
        """Read this address from now on; what was read at an earlier one is forgotten."""
        address = address.strip()
        if address.lower().startswith("webcal://"):
            address = f"https://{address[len('webcal://') :]}"
        try:
            host_of(address)
        except UnreadableError as refusal:
            raise ValidationError(Failure(refusal.code).label) from refusal
        with explained(self.model):
            take_turns(f"busy-calendar-{by.pk}")
            self.filter(advisor=by).delete()
            calendar = self.create(advisor=by, address=address)
        # The address itself is a secret: who knows it reads that calendar.
        Event.objects.record(actor=by, verb="busy_calendar.connected", subject=calendar)
        return calendar


class BusyCalendar(models.Model):
    """Eigener Kalender: the address at which an advisor's own calendar can be read."""

    advisor = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="busy_calendar"
    )
    address = models.CharField(_("address"), max_length=1000)
    tried_at = models.DateTimeField(null=True, editable=False)
    read_at = models.DateTimeField(null=True, editable=False)
    failed_at = models.DateTimeField(null=True, editable=False)
    failure = models.CharField(max_length=10, choices=Failure, blank=True, editable=False)

    objects = BusyCalendarQuerySet.as_manager()

    class Meta:
        verbose_name = _("own calendar")
        verbose_name_plural = _("own calendars")
        constraints = [
            models.CheckConstraint(
                name="consultations_busycalendar_address_is_https",
                condition=Q(address__startswith="https://"),
                violation_error_message=Failure.ADDRESS.label,
            ),
            models.CheckConstraint(
                name="consultations_busycalendar_failed_with_reason",
                condition=Q(failed_at=None, failure="")
                | Q(failed_at__isnull=False, failure__in=Failure.values),
                violation_error_message=_("A failure has a time and a reason."),
            ),
        ]

    def __str__(self):
        return str(self.advisor)

    @property
    def host(self):
        """Which calendar it is, without the secret in its address."""
        return host_of(self.address)

    def read_again(self):
        """Read the calendar and keep its busy times instead of the earlier ones.

        Where that fails, the earlier ones stay, and the advisor is told since when. Reading takes
        its time and holds no lock; what was read at an address that is not wanted any more is
        thrown away.
        """
        today = timezone.localdate()
        start, end = midnight(today), midnight(today + AHEAD)
        read = import_string(settings.CALENDAR_READER)
        try:
            content = read(self.address)
            own = {str(uid) for uid in self._appointments().values_list("uid", flat=True)}
            periods = busy_times(content, start, end, own=own)
        except UnreadableError as refusal:
            self._fail(refusal.code)
        except Exception as error:  # a stranger's file may break a parser in any way
            log.warning("calendar of advisor %s: %s", self.advisor_id, type(error).__name__)
            self._fail(Failure.UNREADABLE)
        else:
            self._keep(periods)

    def _appointments(self):
        """Ours may come back from that calendar, at the time they had when it read them."""
        return Appointment.objects.of_advisor(self.advisor)

    @transaction.atomic
    def _keep(self, periods):
        if not self._note(read_at=timezone.now(), failed_at=None, failure=""):
            return
        take_turns(f"advisor-{self.advisor_id}")
        self.periods.all().delete()
        BusyPeriod.objects.bulk_create(
            BusyPeriod(calendar=self, starts_at=start, ends_at=end) for start, end in periods
        )

    def _fail(self, code):
        # The first failure says since when.
        since = self.failed_at or timezone.now()
        self._note(failed_at=since, failure=Failure(code))

    def _note(self, **fields):
        """Say how it went; False where the address has been changed or removed meanwhile."""
        this = BusyCalendar.objects.filter(pk=self.pk, address=self.address)
        return this.update(tried_at=timezone.now(), **fields)

    @transaction.atomic
    def disconnect(self, *, by):
        """Forget the address and every busy time read there."""
        Event.objects.record(actor=by, verb="busy_calendar.disconnected", subject=self)
        self.delete()


class BusyPeriodQuerySet(models.QuerySet):
    def periods(self, advisors, start_day, end_day):
        """Return (advisor, start, end) of those that touch the days from one to another."""
        return (
            self.filter(
                calendar__advisor__in=advisors,
                starts_at__lt=midnight(end_day + timedelta(days=1)),
                ends_at__gt=midnight(start_day),
            )
            .order_by()
            .values_list("calendar__advisor", "starts_at", "ends_at")
        )


class BusyPeriod(models.Model):
    """A time in which the own calendar has something; what it is, nobody here knows."""

    calendar = models.ForeignKey(BusyCalendar, on_delete=models.CASCADE, related_name="periods")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    objects = BusyPeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("busy time")
        verbose_name_plural = _("busy times")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="consultations_busyperiod_ends_after_start",
                condition=Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("A busy time must end after it starts."),
            ),
        ]

    def __str__(self):
        return f"{timezone.localtime(self.starts_at):%d.%m.%Y %H:%M}"
