"""VoucherImport: a list of vouchers for one grant, brought from its bookkeeping."""

from collections import defaultdict

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from best_portal.db import explained
from best_portal.imports.cells import folded
from best_portal.imports.models import Import, ImportQuerySet
from reports.models.grant import Grant
from reports.models.vouchers import Voucher
from reports.voucher_lists import preview
from reports.voucher_lists.columns import VoucherColumns
from reports.voucher_lists.rows import Alike, PlanLine, VoucherReader, bill, mark


class VoucherImportQuerySet(ImportQuerySet):
    def visible_to(self, user):
        return self.all() if user.role == Role.MANAGER else self.none()

    def for_list(self):
        return super().for_list().select_related("grant__programme", "grant__project")


class VoucherImport(Import):
    """Import of a list of vouchers; what is there already is left out."""

    grant = models.ForeignKey(
        Grant,
        on_delete=models.PROTECT,
        related_name="voucher_imports",
        verbose_name=_("grant"),
    )

    objects = VoucherImportQuerySet.as_manager()

    class Meta(Import.Meta):
        verbose_name = _("list of vouchers")
        verbose_name_plural = _("lists of vouchers")
        constraints = [*Import.Meta.constraints]

    preview_columns = preview.COLUMNS
    reader = VoucherReader

    @classmethod
    def meanings(cls):
        return VoucherColumns()

    @property
    def belongs_to(self):
        return f"{self.grant.reference}, {self.grant.project}"

    def check_may_bring(self, by):
        if by.role != Role.MANAGER:
            raise ValidationError(_("Only the management can bring vouchers."))

    def read(self):
        """Every row, against the vouchers the grant has."""
        there = {
            (voucher.line_id, folded(voucher.number)): mark(
                voucher.line_id,
                number=voucher.number,
                payee=voucher.payee,
                reason=voucher.reason,
                cut_because=voucher.cut_because,
                paid=voucher.paid_on,
                invoiced=voucher.invoiced_on,
                amount=voucher.amount,
                eligible=voucher.eligible,
            )
            for voucher in Voucher.objects.valid().filter(grant=self.grant)
        }
        lines = self.grant.plan_lines.taking_vouchers()
        known = set(there.values())
        reader = VoucherReader(
            self.table,
            self.columns,
            tuple(PlanLine.of(each) for each in lines),
            there,
            self._alike(),
            today=timezone.localdate(),
            first_day=self.grant.accountable_from,
            reference=self.grant.reference,
            closed=tuple(self.grant.closed_days),
        )
        return reader.read_all(known)

    def _alike(self):
        """The paid vouchers of the whole project, by what two of the same bill have in common."""
        found, own = defaultdict(list), self.grant
        beside = Grant.objects.filter(project=own.project_id).exclude(pk=own.pk)
        sharing = {each.pk for each in beside if own.shares_costs_with(each)}
        rows = Voucher.objects.of_project(own.project_id).paid().order_by("pk")
        told = ("line__kind", "payee", "paid_on", "amount")
        for pk, line, number, reference, *same in rows.values_list(
            "grant", "line", "number", "grant__reference", *told
        ):
            found[bill(*same)].append(Alike(line, number, reference, pk in sharing))
        return found

    def understood(self, entry):
        return preview.understood(entry)

    def written(self, record):
        return preview.written(record, self.columns)

    def bring(self, by):
        with explained(Voucher):
            Voucher.objects.bulk_create(
                (
                    Voucher(
                        grant=self.grant,
                        line_id=entry.line.pk,
                        number=entry.number,
                        payee=entry.payee,
                        reason=entry.reason,
                        invoiced_on=entry.invoiced,
                        paid_on=entry.paid,
                        amount=entry.amount,
                        eligible=entry.eligible,
                        cut_because=entry.cut_because,
                        batch=self,
                        batch_row=entry.row,
                        recorded_by=by,
                    )
                    for entry in self.reading.entries
                ),
                batch_size=1000,
            )

    def take_back(self, by):
        """Put what was brought into the bin, files that were added included."""
        with explained(Voucher):
            return self.vouchers.valid().update(withdrawn_at=timezone.now(), withdrawn_by=by)
