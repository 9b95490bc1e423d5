"""What each column of a list of vouchers probably holds, in German or English."""

from django.utils.translation import gettext_lazy as _

from best_portal.imports.cells import folded
from best_portal.imports.columns import Meanings

FIELDS = {
    "line": _("Position of the plan"),
    "number": _("Number of the voucher"),
    "invoiced": _("Day of the invoice"),
    "paid": _("Day of the payment"),
    "payee": _("Payee or payer"),
    "reason": _("Reason of the payment"),
    "amount": _("Amount"),
    "eligible": _("Of it eligible"),
    "cut_because": _("Why not all of it"),
    "kind": _("Income or expense"),
}
# A heading belongs to the first field of which one of its words is a beginning.
BEGINNINGS = {
    "cut_because": "kurzung kuerzung gekurzt begrundung",
    "eligible": "forderfahig zuwendungsfahig foerderfaehig davon eligible",
    "invoiced": "rechnungsdatum rechnungstag belegdatum ausstellungsdatum",
    "paid": "zahltag zahldatum zahlung bezahlt buchungstag valuta wertstellung paid tag datum",
    "kind": "art einnahme richtung kind",
    "number": "beleg belegnr belegnummer rechnungsnummer voucher nummer nr",
    "line": "position pos kostenart finanzierungsplan titel line konto",
    "payee": "empfanger zahlungsempfanger einzahler kreditor lieferant auftragnehmer payee name",
    "reason": "grund zweck verwendungszweck gegenstand buchungstext leistung text reason",
    "amount": "betrag einzelbetrag summe brutto eur amount",
}


class VoucherColumns(Meanings):
    fields = FIELDS
    required = ("line", "number", "paid", "payee", "reason", "amount")
    main = "amount"
    no_table = _(
        "No table was found. The list needs a row of headings such as Position, Beleg-Nr., "
        "Zahltag, Empfänger, Grund and Betrag, with the vouchers below."
    )

    def fields_of(self, heading):
        words = folded(heading.replace("-", "")).split() + folded(heading).split()
        return [
            field
            for field, beginnings in BEGINNINGS.items()
            if any(word.startswith(tuple(beginnings.split())) for word in words)
        ]
