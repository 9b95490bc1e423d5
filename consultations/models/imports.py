"""ImportBatch: one file of consultations brought from a log kept by hand."""

from functools import cached_property

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.db import explained
from best_portal.imports.models import BatchStatus, Import, ImportQuerySet
from consultations.logbook import preview
from consultations.logbook.areas import Area, Areas
from consultations.logbook.columns import LogColumns, unit_of
from consultations.logbook.rows import LogReader, read_log
from consultations.models.consultation import Consultation
from consultations.models.imported import Advisors, Organisations, Topics, consultation_from
from consultations.models.period_lock import PeriodLock
from consultations.models.project import Project
from districts.models import District


class ImportBatchQuerySet(ImportQuerySet):
    def for_list(self):
        return super().for_list().select_related("project")


class ImportBatch(Import):
    """Import of a log: every consultation in it belongs to one project."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="batches")

    objects = ImportBatchQuerySet.as_manager()

    class Meta(Import.Meta):
        verbose_name = _("import")
        verbose_name_plural = _("imports")

    preview_columns = preview.COLUMNS
    reader = LogReader

    @classmethod
    def meanings(cls):
        return LogColumns(known_areas())

    @property
    def belongs_to(self):
        return self.project.name

    @property
    def unit(self):
        return self.mapping.get("unit", "hours")

    def propose_mapping(self):
        mapping = super().propose_mapping()
        return {**mapping, "unit": unit_of(self.table, mapping["columns"])}

    def read(self):
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

    @cached_property
    def organisations(self):
        return Organisations(self.answers)

    @cached_property
    def advisors(self):
        return Advisors(self.project)

    @cached_property
    def new_organisations(self):
        """The names the import would open a file for."""
        return self.organisations.unknown(self.reading.entries)

    def understood(self, entry):
        return preview.understood(
            entry,
            is_new=self.organisations.is_unknown(entry),
            is_in_team=not entry.advisor or self.advisors.of(entry) is not None,
        )

    def written(self, record):
        return preview.written(record, self.columns)

    def _fingerprints(self):
        """Of the rows the project holds; one withdrawn by hand stays known, an undone one not."""
        imported = self.project.consultations.exclude(fingerprint=None)
        undone = Q(withdrawn_at__isnull=False, batch__status=BatchStatus.DISCARDED)
        return frozenset(imported.exclude(undone).values_list("fingerprint", flat=True))

    def questions(self):
        """Names the portal does not know, with known names that come near."""
        return self.organisations.questions(self.reading.entries)

    def check_may_bring(self, by):
        if not Project.objects.loggable_by(by).filter(pk=self.project_id).exists():
            raise ValidationError(
                _("You are not in the team of “%(project)s”. Choose one of your projects."),
                params={"project": self.project},
            )

    def bring(self, by):
        PeriodLock.objects.refuse(self.project, *{entry.date for entry in self.reading.entries})
        entries, organisations, topics = self.reading.entries, self.organisations, Topics()
        organisations.register_missing(entries, by=by)
        rows = [
            consultation_from(
                entry, batch=self, by=by, organisation=organisations.of(entry), topics=topics
            )
            for entry in entries
        ]
        with explained(Consultation):
            Consultation.objects.bulk_create(rows, batch_size=1000)
        for known in (topics, self.advisors):
            known.link(rows, entries)

    def take_back(self, by):
        """Withdraw what was brought; what someone has changed since has become their work."""
        brought = self.consultations.valid().filter(revision=1)
        days = brought.order_by().values_list("held_on", flat=True).distinct()
        PeriodLock.objects.refuse(self.project, *days)
        return brought.update(withdrawn_at=timezone.now())


def known_areas():
    """Every area there is or was, as the log reader wants to know them."""
    districts = District.objects.values_list("name", "pk", "starts_on", "ends_on")
    return Areas(
        Area(name, key=pk, starts_on=starts_on, ends_on=ends_on)
        for name, pk, starts_on, ends_on in districts
    )
