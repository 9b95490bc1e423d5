"""Import: one file that was brought, how it was understood, and what became of it."""

import hashlib
import io
from datetime import timedelta
from functools import cached_property, lru_cache

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import OperationalError, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.db import take_turns
from best_portal.imports.columns import find_table, propose
from best_portal.imports.guard import check_file
from best_portal.imports.preview import lines_of, lines_rejected
from best_portal.imports.rejected import Rejected
from best_portal.imports.rows import RowReader
from best_portal.imports.sheet import read_sheets

# How long a file nobody takes over is kept, and the rows nobody corrects.
KEPT = timedelta(days=30)


class BatchStatus(models.TextChoices):
    UPLOADED = "uploaded", _("uploaded")
    COMMITTED = "committed", _("imported")
    DISCARDED = "discarded", _("discarded")


class ImportQuerySet(models.QuerySet):
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
        return self.defer("content", "leftover").select_related("uploaded_by")

    @transaction.atomic
    def forget_old(self):
        """Delete what was uploaded and never taken over, and rows nobody corrected in time."""
        before = timezone.now() - KEPT
        rows = self.defer("content", "leftover").select_for_update(of=["self"], skip_locked=True)
        for batch in rows.filter(status=BatchStatus.UPLOADED, uploaded_at__lt=before):
            batch.discard(by=None)
        for batch in rows.filter(leftover__isnull=False, committed_at__lt=before):
            batch.forget(by=None)

    def draft(self, *, file, name, by=None, **about):
        """An import that is not saved, its columns proposed; raises UnreadableFile."""
        check_file(file, name)  # before anything of it is in memory
        content = file.read()
        batch = self.model(
            file_name=name[-255:],
            content=content,
            sha256=hashlib.sha256(content).hexdigest(),
            uploaded_by=by,
            **about,
        )
        batch.mapping = batch.propose_mapping()
        return batch

    @transaction.atomic
    def propose(self, *, by, file, name, **about):
        """Keep a file to look at it; nothing is imported before `commit`.

        Raises ValidationError for a file that cannot be read and where this person may not bring
        it.
        """
        self.model(**about).check_may_bring(by)
        batch = self.draft(file=file, name=name, by=by, **about)
        batch.save(force_insert=True)
        Event.objects.record(actor=by, verb="import.uploaded", subject=batch, file=batch.file_name)
        return batch


class Import(models.Model):
    """Import: the file as it came, how its columns were understood, and what became of it.

    A kind of list is a subclass: it says what its columns mean, reads the rows, and brings them.
    """

    file_name = models.CharField(_("file"), max_length=255)
    # The file itself stays only until it is taken over or put aside: notes may stand in it.
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)
    # {"columns": {field: column}, "organisations": {spelling: answer}} and what a kind adds
    mapping = models.JSONField(_("columns"), default=dict)
    status = models.CharField(
        _("status"), max_length=10, choices=BatchStatus, default=BatchStatus.UPLOADED
    )
    outcome = models.JSONField(_("outcome"), default=dict)
    # The rows with problems, kept a while so that somebody can correct and bring them again.
    leftover = models.JSONField(null=True, editable=False)
    # Empty for the command line.
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    uploaded_at = models.DateTimeField(auto_now_add=True)
    committed_at = models.DateTimeField(null=True, editable=False)

    objects = ImportQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-uploaded_at"]
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_status_is_known",
                condition=Q(status__in=BatchStatus.values),
                violation_error_message=_("Unknown status of an import."),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_committed_with_time",
                condition=Q(status=BatchStatus.COMMITTED, committed_at__isnull=False)
                | (~Q(status=BatchStatus.COMMITTED) & Q(committed_at=None)),
                violation_error_message=_("An import is committed together with its time."),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_only_open_keeps_file",
                condition=Q(status=BatchStatus.UPLOADED) | Q(content=b""),
                violation_error_message=_("A finished import keeps no file."),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_leftover_of_committed",
                condition=Q(leftover__isnull=True) | Q(status=BatchStatus.COMMITTED),
                violation_error_message=_("Only a finished import has rows left over."),
            ),
        ]

    def __str__(self):
        return self.file_name

    # --- what a kind of list says for itself ---

    preview_columns = ()
    reader = RowReader

    @classmethod
    def meanings(cls):
        """What the columns may mean."""
        raise NotImplementedError

    def read(self):
        """Every row understood, against what is there today."""
        raise NotImplementedError

    def understood(self, entry):
        """The values of an entry under `preview_columns`."""
        raise NotImplementedError

    def written(self, record):
        """The same of a record nobody understood."""
        raise NotImplementedError

    def check_may_bring(self, by):
        """Refuse a person who may not bring such a file."""

    def bring(self, by):
        """Make rows of the entries."""
        raise NotImplementedError

    def take_back(self, by):
        """Take away again what `bring` has made; return how many rows."""
        raise NotImplementedError

    @property
    def belongs_to(self):
        """What everything in the file is for."""
        return ""

    def questions(self):
        """The names somebody should say whom they mean."""
        return []

    # --- what the file says ---

    @property
    def columns(self):
        return self.mapping.get("columns", {})

    @property
    def answers(self):
        """What was said of the names asked about, by their spelling."""
        return self.mapping.get("organisations", {})

    @property
    def is_open(self):
        return self.status == BatchStatus.UPLOADED

    @property
    def is_committed(self):
        return self.status == BatchStatus.COMMITTED

    @property
    def is_kept(self):
        """Whether something of the file is still there to look at."""
        return bool(self.content) or self.leftover is not None

    @property
    def figures(self):
        """What came in, or what would."""
        return self.reading.figures() if self.is_open else self.outcome

    @property
    def kept_until(self):
        """The day from which nothing of the file is there any more."""
        return timezone.localdate((self.committed_at or self.uploaded_at) + KEPT)

    @property
    def came_before(self):
        """The import that took over this very file, if there is one."""
        same = type(self).objects.filter(sha256=self.sha256, status=BatchStatus.COMMITTED)
        return same.exclude(pk=self.pk).for_list().order_by("committed_at").last()

    @property
    def missing_fields(self):
        """The names of the fields no column was found for and without which nothing can be read."""
        meanings = self.meanings()
        return [meanings.fields[field] for field in meanings.missing(self.columns)]

    @property
    def table(self):
        return _table_of(type(self), self.file_name, self.sha256, bytes(self.content))

    @cached_property
    def reading(self):
        return self.read()

    def propose_mapping(self):
        return {"columns": propose(self.table, self.meanings())}

    @property
    def rejected(self):
        """The rows with problems, of the file or of what is left of it."""
        if self.leftover is not None:
            return Rejected.from_json(self.leftover, self.reader.words)
        return Rejected.of(self.table, self.reading.problems)

    def lines(self, only_problems=False):
        if only_problems or not self.is_open:
            return lines_rejected(self.rejected, self.written, self.preview_columns)
        columns = self.preview_columns
        return list(lines_of(self.table, self.reading, self.understood, self.written, columns))

    # --- what people do with it ---

    def look(self, *, by):
        """Keep that someone looks into a file another one brought: notes may stand in it."""
        if by.pk != self.uploaded_by_id and self.is_kept:
            Event.objects.record(actor=by, verb="import.read", subject=self)

    @transaction.atomic
    def remap(self, *, by, columns, **more):
        """Say what each column means; refused where one means two things or too much is missing."""
        batch = self._held_open()
        chosen = [column for column in columns.values() if column is not None]
        if len(chosen) != len(set(chosen)):
            raise ValidationError(_("Choose every column only once."))
        columns = {field: column for field, column in columns.items() if column is not None}
        batch.mapping = {**batch.mapping, "columns": columns, **more}
        batch._check_columns()
        batch.save(update_fields=["mapping"])
        self.mapping = batch.mapping
        Event.objects.record(actor=by, verb="import.remapped", subject=self, columns=columns)

    @transaction.atomic
    def answer(self, *, by, organisations):
        """Say whom the names asked about mean: {spelling: answer or None}."""
        batch = self._held_open()
        answers = {name: answer for name, answer in organisations.items() if answer}
        batch.mapping = {**batch.mapping, "organisations": answers}
        batch.save(update_fields=["mapping"])
        self.mapping = batch.mapping
        Event.objects.record(actor=by, verb="import.answered", subject=self, answers=answers)

    @transaction.atomic
    def commit(self, *, by):
        """Import every row without problems, all or none; rows that are there are left out.

        Commits follow each other, so that two at once import nothing twice.
        """
        try:
            take_turns(f"{self._meta.label_lower}.commit")
        except OperationalError as error:
            raise ValidationError(
                _("Another import is running. Wait a moment and try again.")
            ) from error
        batch = self._held_open()
        if by:
            batch.check_may_bring(by)
        batch._check_columns()
        batch.bring(by)
        batch.status, batch.committed_at = BatchStatus.COMMITTED, timezone.now()
        batch.outcome = batch.reading.figures()
        batch.leftover = batch.rejected.as_json() if batch.reading.problems else None
        batch.content = b""
        batch.save(update_fields=["status", "committed_at", "outcome", "leftover", "content"])
        figures = {key: value for key, value in batch.outcome.items() if key != "problems"}
        Event.objects.record(actor=by, verb="import.committed", subject=batch, **figures)
        return batch

    @transaction.atomic
    def undo(self, *, by):
        """Take away what this import brought, so that the file can be brought again.

        Only a manager may.
        """
        if by.role != Role.MANAGER:
            raise ValidationError(_("Only the management can undo an import."))
        batch = self._held()
        if not batch.is_committed:
            raise ValidationError(_("Only a finished import can be undone."))
        withdrawn = batch.take_back(by)
        batch.status, batch.committed_at, batch.leftover = BatchStatus.DISCARDED, None, None
        batch.save(update_fields=["status", "committed_at", "leftover"])
        Event.objects.record(actor=by, verb="import.undone", subject=batch, withdrawn=withdrawn)
        return withdrawn

    @transaction.atomic
    def discard(self, *, by):
        """Put a file aside that was not imported; its content is deleted."""
        batch = self._held_open()
        batch.status, batch.content = BatchStatus.DISCARDED, b""
        batch.save(update_fields=["status", "content"])
        Event.objects.record(actor=by, verb="import.discarded", subject=batch)

    @transaction.atomic
    def forget(self, *, by):
        """Delete the rows left over; the figures stay."""
        batch = self._held()
        if batch.leftover is None:
            raise ValidationError(_("Nothing of this file is kept any more."))
        batch.leftover = None
        batch.save(update_fields=["leftover"])
        Event.objects.record(actor=by, verb="import.forgotten", subject=batch)

    def _check_columns(self):
        if lacking := self.missing_fields:
            raise ValidationError(
                _("Choose a column for: %(fields)s."),
                params={"fields": ", ".join(map(str, lacking))},
            )

    def _held(self):
        return type(self).objects.select_for_update(of=["self"]).get(pk=self.pk)

    def _held_open(self):
        """This import, locked, while nothing has been taken over from it."""
        batch = self._held()
        if not batch.is_open:
            raise ValidationError(_("This import is finished; nothing in it can be changed."))
        return batch


@lru_cache(maxsize=2)
def _table_of(kind, file_name, sha256, content):
    """A file read once, however many pages of its preview are looked at."""
    return find_table(read_sheets(io.BytesIO(content), file_name), kind.meanings())
