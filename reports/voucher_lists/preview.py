"""A row of a list of vouchers as the preview shows it."""

from django.utils.translation import gettext_lazy as _

from best_portal.imports.preview import Column, Value, as_written
from best_portal.templatetags.figures import euro
from reports import german

COLUMNS = (
    Column(_("Position")),
    Column(_("Number of the voucher")),
    Column(_("Day of the invoice")),
    Column(_("Day of the payment")),
    Column(_("Payee or payer")),
    Column(_("Reason of the payment")),
    Column(_("Amount"), numeric=True),
    Column(_("Of it eligible"), numeric=True),
    Column(_("Why not all of it")),
)


def understood(entry):
    def marked(name, text):
        """With what is odd about it beside it."""
        return Value(text, ", ".join(each.short for each in entry.odd if each.field == name))

    return (
        f"{entry.line.position} {entry.line.label}",
        marked("number", entry.number),
        marked("invoiced_on", german.day(entry.invoiced) if entry.invoiced else ""),
        marked("paid_on", german.day(entry.paid)),
        entry.payee,
        entry.reason,
        marked("amount", euro(entry.amount)),
        euro(entry.eligible),
        entry.cut_because,
    )


def written(record, columns):
    names = ("line", "number", "invoiced", "paid", "payee", "reason", "amount", "eligible")
    return as_written(record, columns, *names, "cut_because")
