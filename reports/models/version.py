"""ReportVersion: one production of a report; its row is the job, the lease and the result."""

import hashlib
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.db.models.fields.json import KeyTransform
from django.db.models.functions import Now
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.db import explained
from reports import emails
from reports.cover import KINDS
from reports.finding import refuse
from reports.models.documents import Document
from reports.models.report import Report
from reports.models.status import FREE, FROZEN, GIVEN_UP, UNDER_WAY, Step, VersionStatus
from reports.models.version_queries import ReportVersionQuerySet, lease_end

CHANGED = _("This version has changed in the meantime. Look at its status and decide again.")


class LeaseLostError(Exception):
    """Cancelled, or given to another worker: what was made in the meantime is thrown away."""


class ReportVersion(models.Model):
    """Berichtsversion: one production of a report; its row is the job, the lease and the result.

    A worker holds it by `lease_token` until `lease_until`; a worker that lost its lease can no
    longer write. Once released, a trigger refuses every change.
    """

    report = models.ForeignKey(Report, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("version"))
    status = models.CharField(
        _("status"), max_length=10, choices=VersionStatus, default=VersionStatus.QUEUED
    )
    change_note = models.CharField(_("what changed"), max_length=300, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    requested_at = models.DateTimeField(auto_now_add=True)
    form_key = models.UUIDField(null=True, unique=True, editable=False)
    # When a worker was last called; a bell may go unheard, see `sweep`.
    rung_at = models.DateTimeField(null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(default=0, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    lease_token = models.UUIDField(null=True, editable=False)
    step = models.PositiveSmallIntegerField(default=0, editable=False)
    # In English, the language of our messages; `explanation` says it in the reader's.
    error = models.TextField(_("what went wrong"), blank=True, editable=False)
    # The whole document as it was counted: reports/document.py names its shape.
    frozen = models.JSONField(null=True, editable=False)
    pages = models.PositiveSmallIntegerField(_("pages"), null=True, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    seconds = models.DecimalField(max_digits=8, decimal_places=2, null=True, editable=False)
    finished_at = models.DateTimeField(null=True, editable=False)
    released_at = models.DateTimeField(_("released at"), null=True, editable=False)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("released by"),
    )

    objects = ReportVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a report")
        verbose_name_plural = _("versions of reports")
        ordering = ["report", "-number"]
        indexes = [
            models.Index(
                fields=["status", "lease_until"],
                name="reports_version_under_way",
                condition=Q(status__in=UNDER_WAY),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["report", "number"],
                name="reports_reportversion_one_per_number",
                violation_error_message=_("This version is there already."),
            ),
            models.UniqueConstraint(
                fields=["report"],
                condition=Q(status__in=UNDER_WAY),
                name="reports_reportversion_one_under_way",
                violation_error_message=_("A version of this report is being made already."),
            ),
            models.CheckConstraint(
                name="reports_reportversion_status_is_known",
                condition=Q(status__in=VersionStatus.values),
                violation_error_message=_("Unknown status of a report."),
            ),
            models.CheckConstraint(
                name="reports_reportversion_working_under_lease",
                condition=Q(
                    status=VersionStatus.WORKING,
                    lease_until__isnull=False,
                    lease_token__isnull=False,
                )
                | (~Q(status=VersionStatus.WORKING) & Q(lease_until=None, lease_token=None)),
                violation_error_message=_("A report is being made only under a lease."),
            ),
            models.CheckConstraint(
                name="reports_reportversion_finished_with_result",
                condition=(
                    Q(
                        status__in=FROZEN,
                        frozen__isnull=False,
                        pages__isnull=False,
                        finished_at__isnull=False,
                    )
                    & ~Q(sha256="")
                )
                | (~Q(status__in=FROZEN) & Q(frozen=None, pages=None, finished_at=None, sha256="")),
                violation_error_message=_("A finished report has its figures, pages and hash."),
            ),
            models.CheckConstraint(
                name="reports_reportversion_failed_with_reason",
                condition=~Q(status=VersionStatus.FAILED) | ~Q(error=""),
                violation_error_message=_("A failed report says why."),
            ),
            models.CheckConstraint(
                name="reports_reportversion_released_by_someone",
                condition=Q(
                    status=VersionStatus.RELEASED,
                    released_at__isnull=False,
                    released_by__isnull=False,
                )
                | (~Q(status=VersionStatus.RELEASED) & Q(released_at=None, released_by=None)),
                violation_error_message=_("A release has its time and who released."),
            ),
        ]

    def __str__(self):
        return f"{self.report} · {self.number}"

    @property
    def is_under_way(self):
        return self.status in UNDER_WAY

    @property
    def is_readable(self):
        return self.status in FROZEN

    @property
    def is_released(self):
        return self.status == VersionStatus.RELEASED

    @property
    def state_key(self):
        """Equal as long as there is nothing new to tell about the making."""
        return f"{self.status}-{self.step}"

    @property
    def may_be_retried(self):
        return self.status in GIVEN_UP

    @property
    def explanation(self):
        return gettext(self.error) if self.error else ""

    @property
    def current_step(self):
        return Step(self.step) if self.step in Step.values else None

    @property
    def file_stem(self):
        report = self.report
        kind, days = KINDS[report.kind].lower(), f"{report.starts_on}_{report.ends_on}"
        return f"{report.grant.ref}_{kind}_{days}_v{self.number}"

    def file_name(self, extension):
        """The same name for the same document, whoever takes it and whenever."""
        return f"{self.file_stem}.{extension}"

    # --- what a worker does, always under its lease ---

    def extend_lease(self):
        self._write(lease_until=lease_end())

    def enter(self, step):
        """Say which step begins; raises LeaseLostError when there is no reason to go on."""
        self._write(step=step, lease_until=lease_end())

    @transaction.atomic
    def finish(self, produced, *, seconds):
        """Store the documents and make this version a draft, in one go and only under the lease."""
        sha256 = hashlib.sha256(produced.pdf).hexdigest()
        self._write(
            status=VersionStatus.READY,
            frozen=produced.frozen,
            pages=produced.pages,
            sha256=sha256,
            seconds=round(seconds, 2),
            finished_at=Now(),
            step=Step.STORING,
            error="",
            **FREE,
        )
        Document.objects.create(
            version=self, pdf=produced.pdf, csv=produced.csv, json=produced.json
        )
        self.volumes.bulk_create(self._volume(bound) for bound in produced.volumes)
        Event.objects.record(actor=None, verb="report.produced", subject=self, sha256=sha256)

    def _volume(self, bound):
        manuscript = bound.manuscript
        fields = ("kind", "number", "rows", "first_day", "last_day", "key")
        values = {name: getattr(manuscript, name) for name in fields}
        return self.volumes.model(version=self, pdf=bound.pdf, pages=bound.pages, **values)

    @transaction.atomic
    def fail(self, sentence):
        """Give up for good; the sentence tells the manager why and what to do."""
        with override("en"):
            error = str(sentence)
        self._write(status=VersionStatus.FAILED, error=error, **FREE)
        Event.objects.record(actor=None, verb="report.failed", subject=self, error=error)

    @transaction.atomic
    def give_back(self):
        """Let another worker try; after the last attempt it fails, so that it stops nobody else."""
        if self.attempts >= settings.REPORT_ATTEMPTS:
            self.fail(
                _(
                    "The report broke off several times while it was being made. Try again; if it "
                    "happens again, tell the operator of the portal."
                )
            )
            return
        self._write(status=VersionStatus.QUEUED, rung_at=None, step=0, **FREE)
        Event.objects.record(
            actor=None, verb="report.requeued", subject=self, attempts=self.attempts
        )

    def _write(self, **values):
        # The database decides: a worker that slept through its lease changes nothing.
        mine = ReportVersion.objects.filter(
            pk=self.pk, status=VersionStatus.WORKING, lease_token=self.lease_token
        )
        if not mine.update(**values):
            raise LeaseLostError(self.pk)

    # --- what a person does ---

    @transaction.atomic
    def cancel(self, *, by):
        """Stop the making; a worker in the middle of it throws away what it made."""
        self._move(UNDER_WAY, VersionStatus.CANCELLED, **FREE)
        Event.objects.record(actor=by, verb="report.cancelled", subject=self)

    @transaction.atomic
    def retry(self, *, by):
        """Queue a failed or cancelled version again, with all its attempts."""
        with explained(ReportVersion):
            self._move(GIVEN_UP, VersionStatus.QUEUED, attempts=0, error="", step=0, rung_at=Now())
        Event.objects.record(actor=by, verb="report.retried", subject=self)

    def check_draft(self, *, by):
        """Refuse all but the manager, and what is no draft."""
        if by.role != Role.MANAGER:
            raise ValidationError(_("Only the manager releases reports."))
        if self.status not in (VersionStatus.READY, VersionStatus.IN_REVIEW):
            raise ValidationError(CHANGED)

    @transaction.atomic
    def publish(self, *, by, found):
        """Give a draft to its funder, for good, and tell its officers; releasing.py asks first.

        Refuses all but the manager, what is no draft any more, and whatever `found` says blocks:
        the findings of the check, which counts anew and stands above the models.
        """
        self.check_draft(by=by)
        refuse(found)
        self._move([VersionStatus.READY], VersionStatus.RELEASED, released_at=Now(), released_by=by)
        Event.objects.record(actor=by, verb="report.released", subject=self, sha256=self.sha256)
        officers = self.report.grant.programme.officers.active()
        emails.tell("released", self, officers, key=f"reportversion:{self.pk}:released")

    def check_data(self):
        """Refuse what was made of data that blocks, unless the manager has said why it may go out.

        What was settled since then shows in a new version only.
        """
        if self.blocking_codes():
            raise ValidationError(
                _(
                    "The data check blocks this version. Settle there what it names, then make a "
                    "new version."
                )
            )

    def blocking_codes(self):
        """What was frozen as blocking and nobody has explained, by the codes of findings.py."""
        explained = Report.objects.values_list("exceptions", flat=True).get(pk=self.report_id)
        return [code for code in self._frozen("blocked_by") or [] if code not in explained]

    @property
    def counted_at(self):
        """The moment it was counted and frozen; what was done later is not in it."""
        said = self._frozen("generated_at")
        return datetime.fromisoformat(said) if said else self.requested_at

    def _frozen(self, key):
        # Only what is asked for: the whole may be large.
        mine = ReportVersion.objects.filter(pk=self.pk)
        return mine.values_list(KeyTransform(key, "frozen"), flat=True).get()

    def lacks_second_person(self, user):
        """Whether the programme wants a review that nobody but this person has passed yet."""
        wanted = self.report.grant.programme.wants_review
        return wanted and not self.reviews.passed_without(user).exists()

    def move_in_review(self):
        self._move([VersionStatus.READY], VersionStatus.IN_REVIEW)

    def move_back_to_draft(self):
        self._move([VersionStatus.IN_REVIEW], VersionStatus.READY)

    # --- what passes between agency and funder; query.py and acceptance.py say what follows ---

    @property
    def is_submitted(self):
        return hasattr(self, "submission")

    @property
    def is_accepted(self):
        return hasattr(self, "acceptance")

    def check_officer(self, user):
        """Refuse whoever is no officer of the programme the report is written for."""
        if user.role != Role.FUNDER or not (
            self.report.grant.programme.officers.filter(pk=user.pk).exists()
        ):
            raise ValidationError(_("Only the officers of the programme ask and accept."))

    def check_newest_released(self):
        """Refuse a draft, and a version that a newer one has replaced."""
        if not self.is_released:
            raise ValidationError(_("Release the version first."))
        if newer := ReportVersion.objects.released().newer_than(self):
            raise ValidationError(
                _("Version %(number)s has replaced this one."), params={"number": newer.number}
            )

    def check_before_the_funder(self):
        """Refuse what the funder cannot ask about or accept: not submitted, replaced, accepted."""
        self.check_newest_released()
        # Asked again, for somebody may have been quicker.
        fresh = ReportVersion.objects.select_related("submission", "acceptance").get(pk=self.pk)
        if not fresh.is_submitted:
            raise ValidationError(_("This version has not been submitted yet."))
        if fresh.is_accepted:
            raise ValidationError(_("This version has been accepted already."))

    @transaction.atomic
    def download(self, *, by, format):
        """Return the bytes of one document; who took what, and when, is kept."""
        self.note_download(by=by, format=format)
        # Only the column asked for: the others may be large.
        content = Document.objects.values_list(format, flat=True).get(version=self)
        return bytes(content)

    @transaction.atomic
    def note_download(self, *, by, format, **details):
        """Keep who took what, and when; refused where there is nothing to take."""
        if not self.is_readable:
            raise ValidationError(_("This version has no documents."))
        self.downloads.create(user=by, format=format)
        details |= {"format": format}
        Event.objects.record(actor=by, verb="report.downloaded", subject=self, **details)

    def hand_out_rows(self, *, by, of):
        """Keep that somebody took the rows behind one number as a file."""
        Event.objects.record(actor=by, verb="report.rows_downloaded", subject=self, of=of)

    def _move(self, sources, target, **values):
        # The database decides, so a stale page cannot repeat a step.
        mine = ReportVersion.objects.filter(pk=self.pk, status__in=sources)
        if not mine.update(status=target, **values):
            raise ValidationError(CHANGED)
        self.refresh_from_db()
