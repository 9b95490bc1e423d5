"""What each column of a published list of operations probably holds, in German or English."""

from django.utils.translation import gettext_lazy as _

from best_portal.imports.cells import folded
from best_portal.imports.columns import Meanings

FIELDS = {
    "beneficiary": _("Beneficiary"),
    "name": _("Operation"),
    "summary": _("Summary"),
    "start": _("Start"),
    "end": _("End"),
    "amount": _("Total eligible expenditure"),
    "share": _("Co-financing rate"),
    "postcode": _("Postcode"),
    "place": _("Place"),
    "country": _("Country"),
    "category": _("Category of intervention"),
}
# A heading belongs to the first field of which one of its words is a beginning.
BEGINNINGS = {
    "postcode": "plz postleitzahl postcode postal",
    "start": "beginn start anfang",
    "end": "ende end abschluss",
    "share": "kofinanz cofinanc finanzierungssatz fordersatz",
    "amount": "gesamtbetrag gesamtausgaben gesamtkosten forderfahig expenditure betrag kosten cost",
    "summary": "zusammenfassung kurzbeschreibung beschreibung zweck summary purpose",
    "category": "themenfeld intervention kategorie category",
    "beneficiary": "begunstigt beneficiar zuwendungsempf zuwendungsnehm trager empfanger",
    "place": "ort standort location stadt",
    "country": "land country",
    "name": "bezeichnung vorhaben projekt operation titel title name",
}


class OperationColumns(Meanings):
    fields = FIELDS
    required = ("beneficiary", "name", "start", "amount")
    main = "amount"
    no_table = _(
        "No table was found. The list needs a row of headings such as Name des Begünstigten, "
        "Bezeichnung des Vorhabens, Datum des Beginns and Gesamtbetrag, with the operations below."
    )

    def fields_of(self, heading):
        # "Unions-Kofinanzierungs-satz", "co-financing": hyphens join what belongs together.
        words = folded(heading.replace("-", "")).split() + folded(heading).split()
        return [
            field
            for field, beginnings in BEGINNINGS.items()
            if any(word.startswith(tuple(beginnings.split())) for word in words)
        ]
