"""ImportBatch: one file of consultations brought from a log kept by hand."""

import hashlib
import io
from collections import defaultdict
from datetime import date, time
from functools import cached_property, lru_cache

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import OperationalError, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.db import explained, take_turns
from consultations.logbook.areas import Area, Areas
from consultations.logbook.columns import FIELDS, find_table, missing, propose, unit_of
from consultations.logbook.guard import check_file
from consultations.logbook.preview import lines_of
from consultations.logbook.rows import read_log
from consultations.logbook.sheet import read_sheets
from consultations.logbook.values import text_of
from consultations.models.consultation import Consultation
from consultations.models.imported import Advisors, Organisations, Topics, consultation_from
from consultations.models.project import Project
from districts.models import District


class BatchStatus(models.TextChoices):
    UPLOADED = "uploaded", _("uploaded")
    COMMITTED = "committed", _("imported")
    DISCARDED = "discarded", _("discarded")


class ImportBatchQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The manager sees every import, an advisor their own."""
        match user.role:
            case Role.MANAGER:
                return self.all()
            case Role.ADVISOR:
                return self.filter(uploaded_by=user)
            case _:
                return self.none()

    def for_list(self):
        return self.defer("content").select_related("project", "uploaded_by")

    def draft(self, *, project, file, name, by=None):
        """A batch that is not saved, its columns proposed; raises UnreadableFile."""
        check_file(file, name)  # before anything of it is in memory
        content = file.read()
        batch = self.model(
            project=project,
            file_name=name[-255:],
            content=content,
            sha256=hashlib.sha256(content).hexdigest(),
            uploaded_by=by,
        )
        columns = propose(batch.table, known_areas())
        batch.mapping = {"columns": columns, "unit": unit_of(batch.table, columns)}
        return batch

    @transaction.atomic
    def propose(self, *, by, project, file, name):
        """Keep a file to look at it; nothing is imported before `commit`.

        Raises ValidationError for a file that cannot be read and for another team's project.
        """
        _check_may_log(by, project)
        batch = self.draft(project=project, file=file, name=name, by=by)
        batch.save(force_insert=True)
        Event.objects.record(actor=by, verb="import.uploaded", subject=batch, file=batch.file_name)
        return batch


class ImportBatch(models.Model):
    """Import: the file as it came, how its columns were understood, and what became of it."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="batches")
    file_name = models.CharField(_("file"), max_length=255)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    # {"columns": {field: column}, "unit": "hours", "organisations": {spelling: pk}}
    mapping = models.JSONField(_("columns"), default=dict)
    status = models.CharField(
        _("status"), max_length=10, choices=BatchStatus, default=BatchStatus.UPLOADED
    )
    outcome = models.JSONField(_("outcome"), default=dict)
    # Empty for the command line.
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    uploaded_at = models.DateTimeField(auto_now_add=True)
    committed_at = models.DateTimeField(null=True, editable=False)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-uploaded_at"]
        constraints = [
            models.CheckConstraint(
                name="consultations_importbatch_status_is_known",
                condition=Q(status__in=BatchStatus.values),
                violation_error_message=_("Unknown status of an import."),
            ),
            models.CheckConstraint(
                name="consultations_importbatch_committed_with_time",
                condition=Q(status=BatchStatus.COMMITTED, committed_at__isnull=False)
                | (~Q(status=BatchStatus.COMMITTED) & Q(committed_at=None)),
                violation_error_message=_("An import is committed together with its time."),
            ),
        ]

    def __str__(self):
        return self.file_name

    # --- what the file says ---

    @property
    def columns(self):
        return self.mapping.get("columns", {})

    @property
    def unit(self):
        return self.mapping.get("unit", "hours")

    @property
    def is_open(self):
        return self.status == BatchStatus.UPLOADED

    @property
    def is_committed(self):
        return self.status == BatchStatus.COMMITTED

    @property
    def is_kept(self):
        """Whether the file is still there to look at."""
        return bool(self.content)

    @property
    def figures(self):
        """What came in, or what would."""
        return self.outcome if self.is_committed else self.log.figures()

    @property
    def missing_fields(self):
        """The names of the fields no column was found for and without which nothing can be read."""
        return [FIELDS[field] for field in missing(self.columns)]

    @property
    def table(self):
        return _table_of(self.file_name, self.sha256, bytes(self.content))

    @cached_property
    def log(self):
        """Every row understood, against what the project holds today."""
        return read_log(
            self.table,
            self.columns,
            known_areas(),
            starts_on=self.project.starts_on,
            ends_on=self.project.ends_on,
            today=timezone.localdate(),
            unit=self.unit,
            known=self._fingerprints(),
        )

    def _fingerprints(self):
        imported = self.project.consultations.exclude(fingerprint=None)
        if self.status == BatchStatus.COMMITTED:  # its own rows are no copies of themselves
            imported = imported.exclude(batch=self)
        return frozenset(imported.values_list("fingerprint", flat=True))

    def lines(self, only_problems=False):
        lines = lines_of(self.table, self.log, self.columns)
        return [line for line in lines if line.is_wrong or not only_problems]

    def rejected_rows(self):
        """Headings and rows of what has problems, as the file has them, the problems behind."""
        table, told = self.table, defaultdict(list)
        for problem in self.log.problems:
            told[problem.row].append(f"{problem.column}: {problem.sentence}")
        headings = [table.heading(column) for column in range(table.width)]
        rows = [
            [*padded(record, table.width), record.number, "\n".join(told[record.number])]
            for record in table.records
            if record.number in told
        ]
        return [*headings, _("Row in the file"), _("Problems")], rows

    def organisation_questions(self):
        """Names the portal does not know, with known names that come near."""
        return Organisations(self.mapping.get("organisations", {})).questions(self.log.entries)

    # --- what people do with it ---

    def look(self, *, by):
        """Keep that someone looks into a file another one brought: notes may stand in it."""
        if by.pk != self.uploaded_by_id and self.is_kept:
            Event.objects.record(actor=by, verb="import.read", subject=self)

    @transaction.atomic
    def remap(self, *, by, columns, unit):
        """Say what each column means; refused where one means two things or too much is missing."""
        batch = self._held_open()
        chosen = [column for column in columns.values() if column is not None]
        if len(chosen) != len(set(chosen)):
            raise ValidationError(_("Choose every column only once."))
        columns = {field: column for field, column in columns.items() if column is not None}
        if lacking := missing(columns):
            raise ValidationError(
                _("Choose a column for: %(fields)s."),
                params={"fields": ", ".join(str(FIELDS[field]) for field in lacking)},
            )
        batch._remember({**self.mapping, "columns": columns, "unit": unit})
        Event.objects.record(actor=by, verb="import.remapped", subject=self, columns=columns)

    @transaction.atomic
    def answer(self, *, by, organisations):
        """Say which names mean an organisation the portal knows: {spelling: pk or None}."""
        batch = self._held_open()
        answers = {name: pk for name, pk in organisations.items() if pk}
        batch._remember({**self.mapping, "organisations": answers})
        Event.objects.record(actor=by, verb="import.answered", subject=self, answers=answers)

    def _remember(self, mapping):
        self.mapping = mapping
        self.save(update_fields=["mapping"])

    @transaction.atomic
    def commit(self, *, by):
        """Import every row without problems, all or none; rows the project holds are left out.

        Commits follow each other, so that two at once import nothing twice.
        """
        try:
            take_turns("consultations.import")
        except OperationalError as error:
            raise ValidationError(
                _("Another import is running. Wait a moment and try again.")
            ) from error
        batch = self._held_open()
        if by:
            _check_may_log(by, batch.project)
        if lacking := batch.missing_fields:
            raise ValidationError(
                _("Choose a column for: %(fields)s."),
                params={"fields": ", ".join(map(str, lacking))},
            )
        batch._bring(by)
        batch.status, batch.committed_at = BatchStatus.COMMITTED, timezone.now()
        batch.outcome = batch.log.figures()
        batch.save(update_fields=["status", "committed_at", "outcome"])
        figures = {key: value for key, value in batch.outcome.items() if key != "problems"}
        Event.objects.record(actor=by, verb="import.committed", subject=batch, **figures)
        return batch

    def _bring(self, by):
        entries = self.log.entries
        organisations = Organisations(self.mapping.get("organisations", {}))
        organisations.register_missing(entries, by=by)
        topics, advisors = Topics(), Advisors(self.project)
        rows = [
            consultation_from(
                entry, batch=self, by=by, organisation=organisations.of(entry), topics=topics
            )
            for entry in entries
        ]
        with explained(Consultation):
            Consultation.objects.bulk_create(rows, batch_size=1000)
        for known in (topics, advisors):
            known.link(rows, entries)

    @transaction.atomic
    def undo(self, *, by):
        """Withdraw what this import brought, so that the file can be brought again.

        What someone has changed since stays: it has become their work. Only a manager may.
        """
        if by.role != Role.MANAGER:
            raise ValidationError(_("Only the management can undo an import."))
        batch = ImportBatch.objects.select_for_update(of=["self"]).get(pk=self.pk)
        if batch.status != BatchStatus.COMMITTED:
            raise ValidationError(_("Only a finished import can be undone."))
        brought = batch.consultations.valid().filter(revision=1)
        withdrawn = brought.update(withdrawn_at=timezone.now(), fingerprint=None)
        batch.status, batch.committed_at = BatchStatus.DISCARDED, None
        batch.save(update_fields=["status", "committed_at"])
        Event.objects.record(actor=by, verb="import.undone", subject=batch, withdrawn=withdrawn)
        return withdrawn

    @transaction.atomic
    def discard(self, *, by):
        """Put a file aside that was not imported; its content is deleted."""
        batch = self._held_open()
        batch.status, batch.content = BatchStatus.DISCARDED, b""
        batch.save(update_fields=["status", "content"])
        Event.objects.record(actor=by, verb="import.discarded", subject=batch)

    def _held_open(self):
        """This batch, locked, while nothing has been imported from it."""
        batch = ImportBatch.objects.select_for_update(of=["self"]).get(pk=self.pk)
        if not batch.is_open:
            raise ValidationError(_("This import is finished; nothing in it can be changed."))
        return batch


def known_areas():
    """Every area there is or was, as the log reader wants to know them."""
    districts = District.objects.values_list("name", "pk", "starts_on", "ends_on")
    return Areas(
        Area(name, key=pk, starts_on=starts_on, ends_on=ends_on)
        for name, pk, starts_on, ends_on in districts
    )


@lru_cache(maxsize=2)
def _table_of(file_name, sha256, content):
    """A file read once, however many pages of its preview are looked at."""
    return find_table(read_sheets(io.BytesIO(content), file_name), known_areas())


def _check_may_log(by, project):
    if not Project.objects.loggable_by(by).filter(pk=project.pk).exists():
        raise ValidationError(
            _("You are not in the team of “%(project)s”. Choose one of your projects."),
            params={"project": project},
        )


def padded(record, width):
    """A record's cells as they can be written again: days and numbers as such, the rest text."""
    cells = [
        cell if isinstance(cell, (int, float, date, time)) else text_of(cell)
        for cell in record.cells
    ]
    return cells + [""] * (width - len(cells))
