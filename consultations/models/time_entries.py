"""TimeEntry: working time no consultation tells of, written down by hand; and days off."""

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q, Sum
from django.db.models.functions import Extract
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import STAFF_ROLES, Role
from best_portal.audit.models import Event
from best_portal.db import BerlinDay, Period, explained, take_turns
from best_portal.refusals import at_field
from consultations.models.consultation import Consultation
from consultations.models.project import Project

FULL_DAY = 24 * 60


class TimeKind(models.TextChoices):
    PROJECT = "project", _("work for a project")
    OTHER = "other", _("other work")
    LEAVE = "leave", _("vacation")
    SICK = "sick", _("ill")


WORK = (TimeKind.PROJECT, TimeKind.OTHER)

# By the names of the form, in which a day and a time make a moment.
at_field("consultations_timeentry_no_overlap", "starts")
at_field("consultations_timeentry_start_and_end", "ends")
at_field("consultations_timeentry_minutes_are_plausible", "duration")


class TimeEntryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Managers see everyone's, advisors their own: when somebody was ill is not for all."""
        match user.role:
            case Role.MANAGER:
                return self.all()
            case Role.ADVISOR:
                return self.filter(user=user)
            case _:
                return self.none()

    def editable_by(self, user):
        """Everybody's own: nobody writes down hours for somebody else."""
        return self.filter(user=user) if user.role in STAFF_ROLES else self.none()

    def of(self, user):
        return self.filter(user=user)

    def between(self, start, end):
        """Of the days from `start` to `end`, both included."""
        return self.filter(day__range=(start, end))

    def for_month(self):
        return self.select_related("project").order_by("day", "starts_at", "pk")

    def minutes_by_user(self):
        """Return how many minutes each person wrote down: person → minutes."""
        return dict(self.order_by().values_list("user").annotate(Sum("minutes")))

    @transaction.atomic
    def enter(self, *, by, kind, day, activity="", project=None, minutes=None, **details):
        """Write down own time; the same form sent twice gives the first row back.

        Refuses work to come, a project of others or of another time, more than 24 hours a day,
        times that overlap, and what belongs to a sheet that is closed.
        """
        starts_at, ends_at = details.get("starts_at"), details.get("ends_at")
        if starts_at and ends_at:
            minutes = int(ends_at.timestamp() - starts_at.timestamp()) // 60
        with explained(self.model):
            take_turns(f"hours-{by.pk}")
            key = details.get("form_key")
            if key and (earlier := self.filter(form_key=key, user=by).first()):
                return earlier
            check_time(by, kind, day, project)
            check_day(by, day, minutes)
            check_consultations(by, starts_at, ends_at)
            entry = self.create(
                user=by,
                kind=kind,
                day=day,
                project=project,
                minutes=minutes,
                activity=activity,
                **details,
            )
        Event.objects.record(actor=by, verb="time.entered", subject=entry)
        return entry


class TimeEntry(models.Model):
    """Zeiteintrag: so many minutes of a day, for a project, for other work, or off work."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="time_entries"
    )
    kind = models.CharField(_("kind"), max_length=7, choices=TimeKind)
    project = models.ForeignKey(
        Project,
        on_delete=models.PROTECT,
        null=True,
        related_name="time_entries",
        verbose_name=_("project"),
    )
    day = models.DateField(_("day"))
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), validators=[MinValueValidator(1), MaxValueValidator(FULL_DAY)]
    )
    activity = models.CharField(_("activity"), max_length=200, blank=True)
    starts_at = models.DateTimeField(_("start"), null=True, blank=True)
    ends_at = models.DateTimeField(_("end"), null=True, blank=True)
    form_key = models.UUIDField(null=True, editable=False)

    objects = TimeEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("time entry")
        verbose_name_plural = _("time entries")
        ordering = ["day", "starts_at", "pk"]
        indexes = [models.Index(fields=["day", "user"], name="consultations_time_by_day")]
        constraints = [
            models.CheckConstraint(
                name="consultations_timeentry_kind_is_known",
                condition=Q(kind__in=TimeKind.values),
                violation_error_message=_("Choose what the time was for."),
            ),
            models.CheckConstraint(
                name="consultations_timeentry_project_where_it_is_for_one",
                condition=Q(kind=TimeKind.PROJECT, project__isnull=False)
                | ~Q(kind=TimeKind.PROJECT) & Q(project=None),
                violation_error_message=_("Work for a project names it; other time names none."),
            ),
            models.CheckConstraint(
                name="consultations_timeentry_work_says_what",
                condition=~Q(kind__in=WORK) | ~Q(activity=""),
                violation_error_message=_("Say what you did."),
            ),
            models.CheckConstraint(
                name="consultations_timeentry_minutes_are_plausible",
                condition=Q(minutes__gte=1, minutes__lte=FULL_DAY),
                violation_error_message=_("An entry takes 1 to 1440 minutes."),
            ),
            models.CheckConstraint(
                name="consultations_timeentry_start_and_end",
                condition=Q(starts_at=None, ends_at=None)
                | Q(
                    starts_at__isnull=False,
                    ends_at__isnull=False,
                    day=BerlinDay("starts_at"),
                    minutes=Extract(F("ends_at") - F("starts_at"), "epoch") / 60,
                ),
                violation_error_message=_(
                    "Give start and end on that day; the end comes after the start."
                ),
            ),
            models.UniqueConstraint(
                fields=["form_key"],
                name="consultations_timeentry_one_per_form",
                violation_error_message=_("This form was sent before. Please open it anew."),
            ),
            ExclusionConstraint(
                name="consultations_timeentry_no_overlap",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    (Period("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
                condition=Q(starts_at__isnull=False),
                violation_error_message=_("For a part of this time an entry is there already."),
            ),
        ]

    def __str__(self):
        return f"{self.day:%d.%m.%Y} · {self.user}"

    @transaction.atomic
    def remove(self, *, by):
        """Take an own entry back; refused once its sheet is closed. The log keeps that it was."""
        if not TimeEntry.objects.editable_by(by).filter(pk=self.pk).exists():
            raise ValidationError(_("Everybody writes down their own hours."))
        take_turns(f"hours-{by.pk}")
        check_open(self.user, self.kind, self.day, self.project)
        Event.objects.record(
            actor=by,
            verb="time.removed",
            subject=self,
            day=self.day.isoformat(),
            kind=self.kind,
            minutes=self.minutes,
        )
        self.delete()


def check_time(user, kind, day, project):
    """Refuse work to come, and for a project whose team or period it is not."""
    if kind in WORK and day > timezone.localdate():
        raise ValidationError({"day": _("This day is still to come.")})
    if project:
        if not Project.objects.loggable_by(user).filter(pk=project.pk).exists():
            raise ValidationError(_("You do not belong to the team of this project."))
        if not project.covers(day):
            raise ValidationError({"day": _("On this day the project does not run.")})
    check_open(user, kind, day, project)


def check_open(user, kind, day, project):
    """Refuse what would change a closed sheet: its project's time, or all time beside projects."""
    sheets = user.month_sheets.of_month(day.replace(day=1)).closed()
    if kind == TimeKind.PROJECT:
        sheets = sheets.filter(project=project)
    if sheets.exists():
        raise ValidationError(
            _("The sheet of this month is closed. The management can open it again.")
        )


def check_day(user, day, minutes):
    """Refuse more than 24 hours on one day, consultations and entries taken together."""
    if not minutes or minutes < 0:
        raise ValidationError(_("Say how long it took: in minutes, or from when until when."))
    held = Consultation.objects.valid().held_by(user).between(day, day).working_totals()
    entered = TimeEntry.objects.of(user).between(day, day).aggregate(sum=Sum("minutes"))["sum"]
    if held["working"] + (entered or 0) + minutes > FULL_DAY:
        raise ValidationError({"day": _("With this entry, the day would have more than 24 hours.")})


def check_consultations(user, starts_at, ends_at):
    """Refuse times in which a consultation was held."""
    if starts_at and ends_at:
        held = Consultation.objects.valid().held_by(user)
        if held.filter(starts_at__lt=ends_at, ends_at__gt=starts_at).exists():
            raise ValidationError(
                _("In a part of this time you held a consultation. It is counted already.")
            )
