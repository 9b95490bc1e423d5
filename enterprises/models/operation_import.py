"""OperationImport: one list of operations, brought as an authority published it."""

from collections import Counter
from dataclasses import replace
from functools import cached_property

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from best_portal.db import explained
from best_portal.imports.models import Import, ImportQuerySet
from best_portal.imports.questions import MOST_QUESTIONS, Question
from best_portal.imports.rows import Duplicate
from enterprises.models.beneficiary import Basis, Beneficiary
from enterprises.models.directory import Directory, guessed
from enterprises.models.operation import Operation, ProgrammingPeriod, PublishedFund
from enterprises.models.organisation import Organisation, Stage
from enterprises.names import key_of
from enterprises.operations import preview
from enterprises.operations.columns import OperationColumns
from enterprises.operations.rows import OperationReader
from enterprises.operations.titles import day_of, period_of

# What becomes of a name in a list, where it is not linked to a file.
BECOMES = {
    "new": _("new file"),
    "doubtful": _("who is it?"),
    "without": _("without a file"),
}
# What may be answered for a name besides an organisation on file.
NEW, NONE = "new", "none"


class OperationImportQuerySet(ImportQuerySet):
    def draft(self, **about):
        """A list that is not saved, with what its title and its name say of day and period."""
        batch = super().draft(**about)
        batch.published_on = batch.published_on or day_of(batch.table)
        batch.period = batch.period or period_of(batch.file_name, batch.reading.entries)
        return batch


class OperationImport(Import):
    """Import of a published list: the operations of one fund."""

    fund = models.CharField(_("fund"), max_length=4, choices=PublishedFund)
    period = models.CharField(
        _("programming period"), max_length=9, choices=ProgrammingPeriod, blank=True
    )
    published_on = models.DateField(_("as of"), null=True, blank=True)

    objects = OperationImportQuerySet.as_manager()

    class Meta(Import.Meta):
        verbose_name = _("list of operations")
        verbose_name_plural = _("lists of operations")
        constraints = [
            *Import.Meta.constraints,
            models.CheckConstraint(
                name="enterprises_operationimport_fund_is_known",
                condition=Q(fund__in=PublishedFund.values),
                violation_error_message=_("Choose ESF or EFRE."),
            ),
            models.CheckConstraint(
                name="enterprises_operationimport_period_is_known",
                condition=Q(period__in=["", *ProgrammingPeriod.values]),
                violation_error_message=_("Choose one of the programming periods."),
            ),
        ]

    preview_columns = preview.COLUMNS
    reader = OperationReader

    @classmethod
    def meanings(cls):
        return OperationColumns()

    @property
    def belongs_to(self):
        return " ".join(filter(None, (self.get_fund_display(), self.period)))

    @property
    def cited(self):
        """How the list is cited to everybody: its fund, its period, its day where it is known."""
        if not self.published_on:
            return self.belongs_to
        day = gettext("as of %(day)s") % {"day": f"{self.published_on:%d.%m.%Y}"}
        return f"{self.belongs_to}, {day}"

    @property
    def source(self):
        """Where staff find it again: a list without a day by its file."""
        return self.cited if self.published_on else f"{self.cited}, {self.file_name}"

    def check_may_bring(self, by):
        if not by.is_staff_member:
            raise ValidationError(_("Only the agency's staff can bring a list."))

    # --- what the list says ---

    def read(self):
        """Every row; what a later list has stated anew since is there already."""
        reader = OperationReader(self.table, self.columns, self.fund)
        known = Operation.objects.filter(fund=self.fund).values_list("fingerprint", flat=True)
        found = reader.read_all(known)
        stated = self._stated(found)
        outdated = [
            entry
            for entry in found.entries
            if entry.identity in stated and self._is_older_than(stated[entry.identity].batch)
        ]
        rows = {entry.row for entry in outdated}
        return replace(
            found,
            entries=tuple(entry for entry in found.entries if entry.row not in rows),
            duplicates=(*found.duplicates, *(Duplicate(entry, None) for entry in outdated)),
        )

    def understood(self, entry):
        beneficiary = amount = ""
        if entry.row in self._new_rows:
            becomes, organisation = self._become(entry.beneficiary)
            beneficiary = f"= {organisation}" if organisation else BECOMES[becomes]
            earlier = self.restated.get(entry.identity)
            if earlier:
                amount = gettext("replaces %(amount)s") % {"amount": preview.euros(earlier.amount)}
        return preview.understood(entry, beneficiary=beneficiary, amount=amount)

    def written(self, record):
        return preview.written(record, self.columns)

    @cached_property
    def _new_rows(self):
        return {entry.row for entry in self.reading.entries}

    @cached_property
    def restated(self):
        """Identity → the operation an entry states anew."""
        return self._stated(self.reading)

    def _stated(self, reading):
        """Identity → the operation that is there, where an entry can mean no other."""
        copies = [copy.entry for copy in reading.duplicates if copy.of is None]
        listed = Counter(entry.identity for entry in (*reading.entries, *copies))
        new = {entry.identity for entry in reading.entries if listed[entry.identity] == 1}
        rows = Operation.objects.current().filter(fund=self.fund, identity__in=new)
        found = {}
        for row in rows.select_related("batch").defer("batch__content", "batch__leftover"):
            found.setdefault(row.identity, []).append(row)
        return {identity: same[0] for identity, same in found.items() if len(same) == 1}

    @property
    def unsettled(self):
        """How many of its beneficiaries nobody has looked at yet."""
        named = Beneficiary.objects.filter(operations__batch=self).unsettled()
        return named.distinct().count()

    def _is_older_than(self, other):
        return bool(
            self.published_on and other.published_on and self.published_on < other.published_on
        )

    # --- who is meant ---

    @cached_property
    def matches(self):
        """Printed name → whom it means; only of names nobody has decided about yet."""
        names = {entry.beneficiary for entry in self.reading.entries}
        settled = Beneficiary.objects.exclude(basis=Basis.OPEN).filter(name__in=names)
        open_names = names - set(settled.values_list("name", flat=True))
        directory = Directory()
        return {name: directory.match(name) for name in sorted(open_names)}

    @cached_property
    def known(self):
        """Printed name → the beneficiary that is there already."""
        names = {entry.beneficiary for entry in self.reading.entries}
        rows = Beneficiary.objects.filter(name__in=names).select_related("organisation")
        return {row.name: row for row in rows}

    def questions(self):
        doubtful = [name for name, match in self.matches.items() if match.near]
        return [
            Question(name, name, self.matches[name].near, self.answers.get(name), self._told(name))
            for name in doubtful[:MOST_QUESTIONS]
        ]

    def _told(self, name):
        """What the list tells of a beneficiary, to compare with the files."""
        entries = [entry for entry in self.reading.entries if entry.beneficiary == name]
        place = next((entry.postcode or entry.place for entry in entries), "")
        total = preview.euros(sum(entry.amount for entry in entries))
        return " · ".join(filter(None, (place, entries[0].name, total)))

    def _become(self, name):
        """What becomes of a name: "linked" and the organisation, "new", "doubtful" or "without"."""
        known = self.known.get(name)
        if known and not known.is_unsettled:
            return ("linked", known.organisation) if known.organisation else ("without", None)
        answer, match = self.answers.get(name), self.matches[name]
        meant = match.sure or next((row for row in match.near if row.pk == answer), None)
        if meant:
            return "linked", meant
        if answer == NEW:
            return "new", None
        return ("doubtful" if match.near and answer != NONE else "without"), None

    @property
    def becoming(self):
        """How many beneficiaries become what."""
        names = {entry.beneficiary for entry in self.reading.entries}
        return Counter(self._become(name)[0] for name in names)

    # --- bringing and taking back ---

    def bring(self, by):
        beneficiaries = self._beneficiaries(by)
        restated = self.restated
        rows = [
            self._operation(entry, beneficiaries[entry.beneficiary])
            for entry in self.reading.entries
        ]
        with explained(Operation):
            Operation.objects.bulk_create(rows, batch_size=1000)
        earlier = []
        for row in rows:
            if row.identity in restated:
                restated[row.identity].replaced_by = row
                earlier.append(restated[row.identity])
        Operation.objects.bulk_update(earlier, ["replaced_by"], batch_size=1000)

    def _operation(self, entry, beneficiary):
        return Operation(
            fund=self.fund,
            period=self.period,
            beneficiary=beneficiary,
            name=entry.name,
            summary=entry.summary,
            starts_on=entry.start,
            ends_on=entry.end,
            amount=entry.amount,
            share=entry.share,
            postcode=entry.postcode,
            place=entry.place,
            country=entry.country,
            category=entry.category,
            batch=self,
            batch_row=entry.row,
            fingerprint=entry.fingerprint,
            identity=entry.identity,
        )

    def _beneficiaries(self, by):
        """Printed name → beneficiary; the new ones made, the unsettled ones settled if they can."""
        names = dict.fromkeys(entry.beneficiary for entry in self.reading.entries)
        new = [Beneficiary(name=name, key=key_of(name)) for name in names if name not in self.known]
        with explained(Beneficiary):
            Beneficiary.objects.bulk_create(new, batch_size=1000)
        found = {**self.known, **{row.name: row for row in new}}
        same = [found[name] for name, match in self.matches.items() if match.sure]
        for row in same:
            row.organisation, row.basis = self.matches[row.name].sure, Basis.SAME_NAME
        Beneficiary.objects.bulk_update(same, ["organisation", "basis"], batch_size=1000)
        self._follow_answers(found, by)
        return found

    def _follow_answers(self, found, by):
        asked = {name: answer for name, answer in self.answers.items() if name in self.matches}
        chosen = [answer for answer in asked.values() if answer not in (NEW, NONE)]
        on_file = Organisation.every.survivors(chosen)
        for name, answer in asked.items():
            if answer == NEW:
                found[name].link(registered(name, by=by), by=by)
            elif answer == NONE:
                found[name].leave(by=by)
            elif answer in on_file:
                found[name].link(on_file[answer], by=by)

    def take_back(self, by):
        """Delete what was brought; what a person has decided about a name is kept."""
        later = Operation.objects.filter(pk=OuterRef("replaced_by")).values("replaced_by")
        Operation.objects.filter(replaced_by__batch=self).update(replaced_by=Subquery(later))
        count, _by_model = self.operations.all().delete()
        Beneficiary.objects.orphaned().delete()
        return count


def registered(name, *, by):
    """Open the file of a beneficiary, with what its name tells."""
    kind, legal_form = guessed(name)
    return Organisation.objects.register(
        by=by, name=name[:200], kind=kind, legal_form=legal_form, stage=Stage.CONSOLIDATION
    )
