"""The demo's lists of operations: one taken over, one brought and still to be looked at."""

import io
from datetime import date

from enterprises.models import OperationImport

AS_OF = date(2024, 6, 30)
HEADINGS = (
    "Name des Begünstigten;Bezeichnung des Vorhabens;Zusammenfassung des Vorhabens;"
    "Datum des Beginns;Datum des Endes;Gesamtbetrag förderfähiger Ausgaben;"
    "Kofinanzierungssatz;PLZ;Themenfeld"
)
LEARNING = "117 - Zugang zum lebenslangen Lernen"
BUILDING = "55 - Soziale Infrastruktur"
ESF = (
    ("Muster-Bürgerstiftung", "Lernpaten im Quartier", "01.03.2023", "28.02.2025", "184.500,00 €"),
    ("Muster-Bürgerstiftung", "Lernpaten unterwegs", "01.09.2021", "31.08.2022", "61.200,50 €"),
    ("Beispiel Kulturverein e. V.", "Bühne frei", "15.01.2024", "14.07.2025", "97.340,00 €"),
    ("Beispiel-Sprachcafé Wedding e.V.", "Sprechen und Backen", "01.05.2023", "", "48.000,00 €"),
    ("Muster Bildungsträger gGmbH", "Einstieg Küche", "01.02.2022", "31.01.2024", "412.765,10 €"),
    ("Muster Bildungsträger gGmbH", "Einstieg Pflege", "01.02.2024", "31.01.2026", "398.120,00 €"),
)
EFRE = (
    ("Beispielamt Musterstadt", "Umbau der Alten Wäscherei", "01.04.2023", "", "2.350.000,00 €"),
    ("Muster Lastenradverleih", "Räder für alle", "01.08.2023", "31.12.2025", "143.800,00 €"),
    ("Beispiel Medienwerkstadt gUG", "Tonstudio", "01.10.2023", "30.09.2025", "88.400,00 €"),
)


def bring_lists(people, today):
    """Take over the list of the ESF, bring that of the EFRE; nothing before the day they are of."""
    if today < AS_OF:
        return
    esf = bring(people, "esf", ESF, LEARNING)
    esf.commit(by=people.manager)
    bring(people, "efre", EFRE, BUILDING)


def bring(people, fund, operations, category):
    lines = [f"Stand: {AS_OF:%d.%m.%Y}", HEADINGS]
    for who, what, start, end, amount in operations:
        line = (who, what, f"{what}: ein erfundenes Vorhaben.", start, end, amount, "40 %")
        lines.append(";".join((*line, "13357", category)))
    return OperationImport.objects.propose(
        by=people.manager,
        fund=fund,
        file=io.BytesIO("\n".join(lines).encode()),
        name=f"{fund}_berlin_2021_2027.csv",
    )
