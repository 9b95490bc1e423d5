"""Submission and Acceptance: a released version is handed in, and the funder takes it."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from best_portal.accounts.models import Role, User
from best_portal.audit.models import Event
from best_portal.db import BerlinDay, explained
from consultations.models import PeriodLock
from reports import emails
from reports.models.query import turn_of

LONGEST_REASON = PeriodLock._meta.get_field("because").max_length


class SubmissionWay(models.TextChoices):
    PORTAL = "portal", _("in this portal")
    POST = "post", _("signed, on paper")
    AUTHORITY = "authority", _("in the authority's own portal")


class SubmissionQuerySet(models.QuerySet):
    @transaction.atomic
    def hand_in(self, version, *, by, submitted_on, way, note=""):
        """Keep that a released version was handed in on a day.

        Refuses all but the manager, a day to come or before the release, all but the newest
        released version, and one whose data block it.
        """
        if by.role != Role.MANAGER:
            raise ValidationError(_("Only the manager submits reports."))
        turn_of(version.report_id)
        version.check_newest_released()
        version.check_data()
        if self.filter(version=version).exists():
            raise ValidationError(_("This version has been submitted already."))
        if submitted_on > timezone.localdate():
            raise ValidationError({"submitted_on": _("This day is still to come.")})
        if submitted_on < timezone.localdate(version.released_at):
            raise ValidationError(
                {"submitted_on": _("The version was released later than on this day.")}
            )
        with explained(self.model):
            submission = self.create(
                version=version, submitted_on=submitted_on, way=way, note=note, submitted_by=by
            )
        Event.objects.record(actor=by, verb="report.submitted", subject=version, way=way)
        return submission


class Submission(models.Model):
    """Einreichung: of one released version, on a day and by a way; it never changes."""

    version = models.OneToOneField(
        "ReportVersion", on_delete=models.PROTECT, related_name="submission"
    )
    submitted_on = models.DateField(_("submitted on"))
    way = models.CharField(_("how"), max_length=10, choices=SubmissionWay)
    note = models.CharField(_("note"), max_length=300, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("submission")
        verbose_name_plural = _("submissions")
        constraints = [
            models.CheckConstraint(
                name="reports_submission_way_is_known",
                condition=Q(way__in=SubmissionWay.values),
                violation_error_message=_("Say how the report was submitted."),
            ),
            models.CheckConstraint(
                name="reports_submission_day_has_come",
                condition=Q(submitted_on__lte=BerlinDay("recorded_at")),
                violation_error_message=_("This day is still to come."),
            ),
        ]

    def __str__(self):
        return f"{self.version} ({self.submitted_on:%d.%m.%Y})"


class AcceptanceQuerySet(models.QuerySet):
    @transaction.atomic
    def accept(self, version, *, by, remark=""):
        """Take a submitted report as it is, for good, and lock the work it accounts for.

        Refuses all but the programme's officers, a version that is not the newest one submitted,
        one that was accepted already, and a report with a query nobody has answered.
        """
        version.check_officer(by)
        acceptance = self._take(version, by=by, remark=remark.strip())
        Event.objects.record(actor=by, verb="report.accepted", subject=version)
        managers = User.objects.wearing(Role.MANAGER)
        emails.tell("accepted", version, managers, key=f"acceptance:{acceptance.pk}")
        return acceptance

    @transaction.atomic
    def note_letter(self, version, *, by, letter_on, letter_reference, remark=""):
        """Enter that the funder accepted on paper; it locks the work like any acceptance.

        Refuses all but the manager, a day before the submission or to come, and what `accept`
        refuses.
        """
        if by.role != Role.MANAGER:
            raise ValidationError(_("Only the manager enters letters."))
        if letter_on > timezone.localdate():
            raise ValidationError({"letter_on": _("This day is still to come.")})
        handed_in = getattr(version, "submission", None)
        if handed_in and letter_on < handed_in.submitted_on:
            raise ValidationError({"letter_on": _("The report was submitted later than that.")})
        with explained(self.model):
            acceptance = self._take(
                version,
                by=by,
                remark=remark.strip(),
                letter_on=letter_on,
                letter_reference=letter_reference.strip(),
            )
        Event.objects.record(
            actor=by, verb="report.accepted_by_letter", subject=version, on=letter_on.isoformat()
        )
        return acceptance

    def _take(self, version, *, by, **fields):
        turn_of(version.report_id)
        version.check_before_the_funder()
        if version.report.open_queries.exists():
            raise ValidationError(_("A query is not answered yet."))
        return self.create(version=version, accepted_by=by, lock=lock_for(version, by=by), **fields)


def lock_for(version, *, by):
    """Lock the days of the report; the reason is said in German, as on the paper."""
    report = version.report
    with override("de"):
        because = str(_("%(report)s (%(programme)s, %(reference)s) is accepted")) % {
            "report": report,
            "programme": report.grant.programme.name,
            "reference": report.grant.reference,
        }
    return PeriodLock.objects.lock(
        by=by,
        project=report.grant.project,
        starts_on=report.starts_on,
        ends_on=report.ends_on,
        because=because[:LONGEST_REASON],
        counts_from=report.grant.accountable_from,
    )


class Acceptance(models.Model):
    """Anerkennung: the funder takes one version of a report; it never changes."""

    version = models.OneToOneField(
        "ReportVersion", on_delete=models.PROTECT, related_name="acceptance"
    )
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    accepted_at = models.DateTimeField(auto_now_add=True)
    remark = models.TextField(_("remark"), blank=True)
    # Where the funder wrote on paper: the day and the reference of the letter the manager entered.
    letter_on = models.DateField(_("date of the letter"), null=True, blank=True)
    letter_reference = models.CharField(
        _("reference of the letter"), max_length=80, blank=True, default=""
    )
    lock = models.ForeignKey(
        PeriodLock, on_delete=models.PROTECT, related_name="acceptances", null=True
    )

    objects = AcceptanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("acceptance")
        verbose_name_plural = _("acceptances")
        constraints = [
            models.CheckConstraint(
                name="reports_acceptance_letter_is_whole",
                condition=Q(letter_on=None, letter_reference="")
                | (Q(letter_on__isnull=False) & ~Q(letter_reference="")),
                violation_error_message=_("A letter has its day and its reference."),
            ),
            models.CheckConstraint(
                name="reports_acceptance_letter_has_come",
                condition=Q(letter_on=None) | Q(letter_on__lte=BerlinDay("accepted_at")),
                violation_error_message=_("This day is still to come."),
            ),
        ]

    def __str__(self):
        return str(self.version)
