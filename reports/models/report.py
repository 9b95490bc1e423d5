"""Report: what is written for one grant, one period and one kind, in one or more versions."""

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    Max,
    Min,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.db import explained, take_turns, worded
from consultations.models.project import teams_of
from reports.models.grant import Grant
from reports.models.status import ReportState

# What the trigger calls its refusal; no page offers what it refuses.
worded(
    "reports_released_report_stays",
    _("This report was released: its grant, its kind and its days stay."),
)


class ReportKind(models.TextChoices):
    """Official names, printed on paper."""

    INTERIM = "interim", _("interim report")
    FINAL = "final", _("final report")
    # Papers of their own, of what the two above hold together.
    NARRATIVE = "narrative", _("narrative report")
    INDICATORS = "indicators", _("indicator sheet")
    VOUCHERS = "vouchers", _("list of vouchers")
    STATUS = "status", _("status report")


class ReportQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The manager sees every report; a funder those of own programmes that are released; an
        advisor those they were asked to review."""
        match user.role:
            case Role.MANAGER:
                return self.all()
            case Role.FUNDER:
                own = self.model.objects.filter(grant__programme__officers=user)
                return self.filter(pk__in=own.released().values("pk"))
            case Role.ADVISOR:
                reviewed = self.model.objects.filter(versions__reviews__reviewer=user)
                return self.filter(pk__in=reviewed.values("pk"))
            case _:
                return self.none()

    def writable_by(self, user):
        """The manager writes every report, the team of a project those about its work."""
        match user.role:
            case Role.MANAGER:
                return self.all()
            case Role.ADVISOR:
                return self.filter(grant__project__in=teams_of(user))
            case _:
                return self.none()

    def being_written(self):
        """Those no version of which is released yet."""
        return self.exclude(pk__in=self.model.objects.released().values("pk"))

    def released(self):
        return self.filter(versions__released_at__isnull=False)

    def of(self, grant):
        return self.filter(grant=grant)

    def touched_by(self, lock):
        """Those that count work of a locked period: in their own, or since their grant's start."""
        begun = Coalesce("grant__early_start_on", "grant__starts_on")
        return self.alias(begun=begun).filter(
            grant__project=lock.project_id, begun__lte=lock.ends_on, ends_on__gte=lock.starts_on
        )

    def with_state(self):
        """Add `state`, a ReportState; `open_query_count`; and `next_due_on`, the soonest of these
        queries' days."""
        versions = self.model._meta.get_field("versions").related_model
        newest = versions.objects.released().filter(report=OuterRef("pk")).order_by("-number")
        unanswered = Q(versions__queries__isnull=False, versions__queries__reply=None)

        def has(name):
            rows = versions._meta.get_field(name).related_model
            return Exists(rows.objects.filter(version=OuterRef("newest_released")))

        return self.annotate(
            newest_released=Subquery(newest.values("pk")[:1]),
            open_query_count=Count("versions__queries", filter=unanswered, distinct=True),
            next_due_on=Min("versions__queries__due_on", filter=unanswered),
        ).annotate(
            state=Case(
                When(has("acceptance"), then=Value(ReportState.ACCEPTED)),
                When(open_query_count__gt=0, then=Value(ReportState.QUERIED)),
                When(has("queries"), then=Value(ReportState.ANSWERED)),
                When(has("submission"), then=Value(ReportState.SUBMITTED)),
                When(newest_released__isnull=False, then=Value(ReportState.RELEASED)),
                default=Value(ReportState.MAKING),
                output_field=models.CharField(),
            )
        )

    def for_list(self):
        return self.select_related("grant__programme__fund", "grant__project").order_by(
            "-ends_on", "-pk"
        )

    def beside(self, kind, starts_on, ends_on):
        """Reports of a kind that share days with the period but do not cover just the same."""
        return self.filter(kind=kind, starts_on__lte=ends_on, ends_on__gte=starts_on).exclude(
            starts_on=starts_on, ends_on=ends_on
        )

    @transaction.atomic
    def request(self, *, by, grant, kind, starts_on, ends_on, form_key=None, change_note=""):
        """Queue a version of this report, its first or a further one, and return it.

        The same `form_key` gives the same version however often it comes. Whoever asks then rings
        for a worker, or claims the version. Refuses a period outside the grant's, a second
        version while one is being made, and a correction that does not say what changed.
        """
        grant.check_period(starts_on, ends_on)
        take_turns(f"report {grant.pk} {kind} {starts_on} {ends_on}")
        with explained(self.model):
            report = self.get_or_create(
                grant=grant, kind=kind, starts_on=starts_on, ends_on=ends_on
            )[0]
        return report.add_version(by=by, form_key=form_key, change_note=change_note)


class Report(models.Model):
    """Nachweis: written for one grant, one period, one kind."""

    grant = models.ForeignKey(
        Grant, on_delete=models.PROTECT, related_name="reports", verbose_name=_("grant")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=ReportKind)
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"))
    # Sachbericht: section key → text, in the sections of the grant's profile.
    narrative = models.JSONField(_("narrative"), default=dict, blank=True)
    # Indicator code → why the target was missed.
    reasons = models.JSONField(_("reasons for deviations"), default=dict, blank=True)
    # Code of a finding that blocks → why the report goes out all the same.
    exceptions = models.JSONField(_("exceptions"), default=dict, db_default={}, blank=True)
    # When narrative and reasons were last written; later than a version: it lacks the change.
    written_at = models.DateTimeField(null=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-ends_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["grant", "kind", "starts_on", "ends_on"],
                name="reports_report_one_per_period",
                violation_error_message=_(
                    "This report is there already; make a new version of it."
                ),
            ),
            models.CheckConstraint(
                name="reports_report_kind_is_known",
                condition=Q(kind__in=ReportKind.values),
                violation_error_message=_("Choose the kind of report."),
            ),
            models.CheckConstraint(
                name="reports_report_ends_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The period cannot end before it starts."),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.starts_on:%d.%m.%Y}–{self.ends_on:%d.%m.%Y}"

    def get_absolute_url(self):
        return reverse("reports:detail", args=[self.pk])

    @property
    def state_label(self):
        """The word for `state`, of a report that was asked for with it."""
        return ReportState(self.state).label

    @property
    def queries(self):
        """Everything funders asked about any of its versions."""
        versions = self.versions.model
        return versions._meta.get_field("queries").related_model.objects.of_report(self)

    @property
    def open_queries(self):
        return self.queries.open()

    def next_number(self):
        return (self.versions.aggregate(last=Max("number"))["last"] or 0) + 1

    @transaction.atomic
    def add_version(self, *, by, form_key=None, change_note=""):
        """Queue the next version and return it; the same `form_key` gives the same version.

        Refuses while another version is being made, and a correction of what was released
        without a word on what changed.
        """
        if form_key:
            take_turns(form_key)
            if version := self.versions.filter(form_key=form_key).first():
                return version
            if self.versions.model.objects.filter(form_key=form_key).exists():
                raise ValidationError(
                    _("This form has been sent already. Open it again to ask for another report.")
                )
        change_note = change_note.strip()
        if not change_note and self.versions.filter(released_at__isnull=False).exists():
            raise ValidationError(
                _("This report has been released. Say what changes with the new version.")
            )
        with explained(self.versions.model):
            version = self.versions.create(
                number=self.next_number(),
                requested_by=by,
                form_key=form_key,
                change_note=change_note,
                rung_at=timezone.now(),
            )
        Event.objects.record(
            actor=by, verb="report.requested", subject=version, number=version.number
        )
        return version

    @transaction.atomic
    def explain(self, code, *, by, reason):
        """Say why a finding stops neither release nor submission; an empty reason takes it back."""
        if by.role != Role.MANAGER:
            raise ValidationError(_("Only the manager explains what a check has found."))
        exceptions = Report.objects.select_for_update().get(pk=self.pk).exceptions
        exceptions.pop(code, None)
        self.exceptions = exceptions | ({code: reason.strip()} if reason.strip() else {})
        self.save(update_fields=["exceptions"])
        Event.objects.record(
            actor=by, verb="report.explained", subject=self, finding=code, reason=reason.strip()
        )

    @transaction.atomic
    def write(self, *, by, narrative, reasons, seen):
        """Keep the words of the report; they are printed in the next version.

        `seen` is the `written_at` the writer started from. Refuses to write over what somebody
        else wrote in the meantime.
        """
        if by is not None and not Report.objects.writable_by(by).filter(pk=self.pk).exists():
            raise ValidationError(_("Only the team of the project writes this report."))
        unchanged = Report.objects.filter(pk=self.pk, written_at=seen)
        before = Report.objects.get(pk=self.pk).narrative
        changed = [key for key in narrative if narrative[key] != before.get(key, "")]
        written_at = timezone.now()
        if not unchanged.update(narrative=narrative, reasons=reasons, written_at=written_at):
            raise ValidationError(
                _("Somebody else has changed these texts in the meantime. Compare before saving.")
            )
        self.narrative, self.reasons, self.written_at = narrative, reasons, written_at
        Event.objects.record(
            actor=by,
            verb="report.written",
            subject=self,
            sections=sorted(changed),
            reasons=sorted(reasons),
        )
