"""A row of a published list as the preview shows it."""

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from best_portal.imports.preview import Column, Value, as_written

COLUMNS = (
    Column(_("Beneficiary")),
    Column(_("Operation")),
    Column(_("Start")),
    Column(_("End")),
    Column(_("Eligible expenditure"), numeric=True),
    Column(_("Co-financing rate"), numeric=True),
    Column(_("Postcode")),
)


def understood(entry, *, beneficiary="", amount=""):
    """The values of an entry; what becomes of the beneficiary and of the amount as marks."""
    return (
        Value(entry.beneficiary, beneficiary),
        entry.name,
        f"{entry.start:%d.%m.%Y}",
        f"{entry.end:%d.%m.%Y}" if entry.end else "",
        Value(euros(entry.amount), amount),
        "" if entry.share is None else f"{number_format(entry.share)}\N{NO-BREAK SPACE}%",
        " ".join(filter(None, (entry.postcode, entry.place))),
    )


def written(record, columns):
    return as_written(
        record, columns, "beneficiary", "name", "start", "end", "amount", "share", "postcode"
    )


def euros(amount):
    """As people here write it; no-break, so that the sign does not stand alone."""
    return f"{number_format(amount, 2, force_grouping=True)}\N{NO-BREAK SPACE}€"
