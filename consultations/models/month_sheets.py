"""MonthSheet: what a person worked for a project in a month, closed by them, then confirmed."""

import hashlib
import json
from datetime import date

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.db import explained, take_turns
from consultations.models.project import Project
from consultations.models.working_month import WorkingMonth, last_day_of


class SheetStatus(models.TextChoices):
    OPEN = "open", _("open")
    CLOSED = "closed", pgettext_lazy("a time sheet", "closed")
    CONFIRMED = "confirmed", _("confirmed")


class MonthSheetQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Managers see everyone's, advisors their own."""
        match user.role:
            case Role.MANAGER:
                return self.all()
            case Role.ADVISOR:
                return self.filter(user=user)
            case _:
                return self.none()

    def of_month(self, month):
        return self.filter(month=month)

    def of(self, user):
        return self.filter(user=user)

    def closed(self):
        """Those that keep their rows: closed, or confirmed as well."""
        return self.exclude(status=SheetStatus.OPEN)

    def for_list(self):
        return self.select_related("user", "project", "confirmed_by").order_by(
            "-month", "user__name", "project__name", "pk"
        )

    @transaction.atomic
    def close(self, *, by, month, explanation=""):
        """Freeze one's own month, a sheet for each project; those closed already stay.

        Refuses a month that is not over, one without work or contract, days of more than 24
        hours, more hours than the contract has until a sentence explains them, and hours within a
        period whose report its funder has accepted.
        """
        take_turns(f"hours-{by.pk}")
        work = WorkingMonth.of(by, month)
        explanation = " ".join(explanation.split())
        check_closing(work, explanation)
        sheets = []
        for project in work.projects_to_prove:
            sheet, _is_new = self.get_or_create(user=by, project=project, month=month)
            if sheet.status == SheetStatus.OPEN:
                sheet.freeze(work, explanation if work.excess else "", by=by)
            sheets.append(sheet)
        return sheets


class MonthSheet(models.Model):
    """Stundennachweis: open, closed by the person, confirmed by the management."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="month_sheets"
    )
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="month_sheets")
    month = models.DateField(_("month"))
    status = models.CharField(
        _("state"), max_length=9, choices=SheetStatus, default=SheetStatus.OPEN, editable=False
    )
    rows = models.JSONField(null=True, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    explanation = models.CharField(_("explanation"), max_length=300, blank=True)
    closed_at = models.DateTimeField(null=True, editable=False)
    confirmed_at = models.DateTimeField(null=True, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )

    objects = MonthSheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("time sheet")
        verbose_name_plural = _("time sheets")
        ordering = ["-month", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "project", "month"],
                name="consultations_monthsheet_one_per_month",
                violation_error_message=_("This month has its sheet for this project already."),
            ),
            models.CheckConstraint(
                name="consultations_monthsheet_month_is_its_first_day",
                condition=Q(month__day=1),
                violation_error_message=_("A sheet is for a whole month."),
            ),
            models.CheckConstraint(
                name="consultations_monthsheet_status_is_known",
                condition=Q(status__in=SheetStatus.values),
                violation_error_message=_("A sheet is open, closed or confirmed."),
            ),
            models.CheckConstraint(
                name="consultations_monthsheet_closed_is_frozen",
                condition=Q(status=SheetStatus.OPEN, rows=None, sha256="", closed_at=None)
                | ~Q(status=SheetStatus.OPEN)
                & Q(rows__isnull=False, closed_at__isnull=False)
                & ~Q(sha256=""),
                violation_error_message=_("A closed sheet keeps its rows, an open one has none."),
            ),
            models.CheckConstraint(
                name="consultations_monthsheet_confirmed_by_somebody",
                condition=Q(
                    status=SheetStatus.CONFIRMED,
                    confirmed_at__isnull=False,
                    confirmed_by__isnull=False,
                )
                | ~Q(status=SheetStatus.CONFIRMED) & Q(confirmed_at=None, confirmed_by=None),
                violation_error_message=_("A confirmed sheet says who confirmed it, and when."),
            ),
            models.CheckConstraint(
                name="consultations_monthsheet_confirmed_by_another",
                condition=Q(confirmed_by=None) | ~Q(confirmed_by=F("user")),
                violation_error_message=_(
                    "Nobody confirms their own hours. Somebody else of the management does."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.month:%m.%Y} · {self.user} · {self.project}"

    def get_absolute_url(self):
        return reverse("consultations:month_sheet", args=[self.pk])

    @property
    def is_open(self):
        return self.status == SheetStatus.OPEN

    @property
    def days(self):
        """The frozen rows, their days as days."""
        return [{**row, "day": date.fromisoformat(row["day"])} for row in self.rows["days"]]

    def freeze(self, work, explanation, *, by):
        self.rows = work.rows_for(self.project)
        self.sha256 = fingerprint(self.rows)
        self.status, self.explanation = SheetStatus.CLOSED, explanation
        self.closed_at = timezone.now()
        with explained(MonthSheet):
            self.save()
        Event.objects.record(actor=by, verb="month_sheet.closed", subject=self, sha256=self.sha256)

    def differences(self):
        """The days on which something was changed since the sheet was closed: (day, then, now)."""
        if self.is_open:
            return []
        now = WorkingMonth.of(self.user, self.month).rows_for(self.project)
        return differing(self.rows["days"], now["days"])

    @transaction.atomic
    def confirm(self, *, by):
        """Sign for the management; nobody signs their own hours."""
        with explained(MonthSheet):
            moved = MonthSheet.objects.filter(pk=self.pk, status=SheetStatus.CLOSED).update(
                status=SheetStatus.CONFIRMED, confirmed_at=timezone.now(), confirmed_by=by
            )
        if not moved:
            raise ValidationError(_("Only a closed sheet can be confirmed, and only once."))
        self.refresh_from_db()
        Event.objects.record(actor=by, verb="month_sheet.confirmed", subject=self)

    @transaction.atomic
    def reopen(self, *, by, reason):
        """Let the person change the month again; what was closed is kept beside it, with why.

        Refuses a month whose hours a report counts that its funder has accepted.
        """
        sheet = MonthSheet.objects.select_for_update().get(pk=self.pk)
        if sheet.is_open:
            raise ValidationError(_("This sheet is open already."))
        with explained(MonthSheetVersion):
            sheet.versions.create(
                number=sheet.versions.count() + 1,
                rows=sheet.rows,
                sha256=sheet.sha256,
                explanation=sheet.explanation,
                closed_at=sheet.closed_at,
                confirmed_at=sheet.confirmed_at,
                reopened_by=by,
                reason=reason,
            )
        with explained(MonthSheet):
            MonthSheet.objects.filter(pk=self.pk).update(
                status=SheetStatus.OPEN,
                rows=None,
                sha256="",
                explanation="",
                closed_at=None,
                confirmed_at=None,
                confirmed_by=None,
            )
        self.refresh_from_db()
        Event.objects.record(actor=by, verb="month_sheet.reopened", subject=self)


class MonthSheetVersion(models.Model):
    """What a sheet held before it was opened again; never changed."""

    sheet = models.ForeignKey(MonthSheet, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(editable=False)
    rows = models.JSONField(editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    explanation = models.CharField(max_length=300, blank=True, editable=False)
    closed_at = models.DateTimeField(editable=False)
    confirmed_at = models.DateTimeField(null=True, editable=False)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+"
    )
    reopened_at = models.DateTimeField(default=timezone.now, editable=False)
    reason = models.CharField(_("reason"), max_length=300)

    class Meta:
        verbose_name = _("earlier version of a time sheet")
        verbose_name_plural = _("earlier versions of time sheets")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["sheet", "number"],
                name="consultations_monthsheetversion_numbered",
                violation_error_message=_("Someone else has just opened this sheet again."),
            ),
            models.CheckConstraint(
                name="consultations_monthsheetversion_says_why",
                condition=~Q(reason=""),
                violation_error_message=_("Say why the sheet is opened again."),
            ),
        ]

    def __str__(self):
        return f"{self.sheet} · {self.number}"


def check_closing(work, explanation):
    """Refuse what is not over, empty, impossible, or unexplained beyond the contract."""
    if timezone.localdate() < last_day_of(work.month):
        raise ValidationError(_("This month is not over. Close it on its last day or later."))
    if not work.projects:
        raise ValidationError(_("In this month there is no work for a project."))
    if not work.projects_to_prove:
        raise ValidationError(_("Fixed shares need no time sheet, and there is no other work."))
    if not work.employments:
        raise ValidationError(_("For this month no contract is noted. Ask the management."))
    if work.overfull:
        days = ", ".join(f"{day:%d.%m.%Y}" for day in work.overfull)
        raise ValidationError(_("More than 24 hours on: %(days)s.") % {"days": days})
    if work.excess and not explanation:
        hours, minutes = divmod(work.excess, 60)
        raise ValidationError(
            _("The month has %(excess)s hours more than the contract. Explain it in a sentence.")
            % {"excess": f"{hours}:{minutes:02d}"}
        )


def fingerprint(rows):
    """The SHA-256 of rows as one text that is the same for the same rows."""
    return hashlib.sha256(json.dumps(rows, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def differing(then, now):
    """Days whose row is another one: (day, minutes of the project then, now), in order."""
    before, after = ({row["day"]: counted(row) for row in rows} for rows in (then, now))
    return [
        (
            date.fromisoformat(day),
            (before.get(day) or {}).get("own", 0),
            (after.get(day) or {}).get("own", 0),
        )
        for day in sorted(before.keys() | after.keys())
        if before.get(day) != after.get(day)
    ]


def counted(row):
    """A row without what only the calendar says; None for a day of nothing else."""
    return {name: value for name, value in row.items() if name != "away"} if row["total"] else None
