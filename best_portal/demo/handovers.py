"""The demo's handovers: a case with an accepted dossier, one that waits, and one being written."""

from consultations.models import Dossier, SupportCase

WRITTEN = {
    "state": (
        "Der Mietvertrag für den Laden liegt beim Bezirksamt, die Antwort steht seit drei Wochen "
        "aus. Der Finanzplan ist fertig, die Bank hat ihn noch nicht gesehen."
    ),
    "trust_issues": (
        "Sie wurden von einer anderen Stelle zweimal versetzt. Verlässlich zurückrufen, auch wenn "
        "es nichts Neues gibt."
    ),
    "contacts": "Frau Muster, Bezirksamt, Zimmer 12: ruft lieber zurück, als zu schreiben.",
    "keys_held": "Schlüssel zum Gemeinschaftsraum, liegt im Büro im Fach 3.",
    "first_step": "Beim Bezirksamt nach dem Mietvertrag fragen",
    "second_step": "Termin mit der Musterbank vereinbaren",
    "third_step": "Satzung zur Gründungsversammlung mitbringen",
}


def hand_over_cases(project, people):
    """Two cases go from a colleague to the first of the team, who has accepted one of them."""
    to, giver = people.team
    rows = SupportCase.objects.running().filter(project=project).order_by("pk")
    for number, case in enumerate(rows.of_advisor(giver)[:2]):
        dossier = Dossier.objects.begin(case, by=giver)
        dossier.write(by=giver, **WRITTEN)
        case.hand_over(to=to, by=giver)
        if number == 0:
            dossier.refresh_from_db()
            dossier.accept(by=to)
    for case in rows.of_advisor(giver)[:1]:
        begun = Dossier.objects.begin(case, by=giver)
        begun.write(by=giver, state="Die Gruppe hat sich auf einen Namen geeinigt.")
