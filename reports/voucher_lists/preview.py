"""A row of a list of vouchers as the preview shows it."""

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from best_portal.imports.preview import Column, Value, as_written

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
        marked("invoiced_on", f"{entry.invoiced:%d.%m.%Y}" if entry.invoiced else ""),
        marked("paid_on", f"{entry.paid:%d.%m.%Y}"),
        entry.payee,
        entry.reason,
        marked("amount", euros(entry.amount)),
        euros(entry.eligible),
        entry.cut_because,
    )


def written(record, columns):
    names = ("line", "number", "invoiced", "paid", "payee", "reason", "amount", "eligible")
    return as_written(record, columns, *names, "cut_because")


def euros(amount):
    """As people here write it; no-break, so that the sign does not stand alone."""
    return f"{number_format(amount, 2, force_grouping=True)}\N{NO-BREAK SPACE}€"
