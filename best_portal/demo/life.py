"""How far the demo's reports have come with their funders: accepted, asked about, answered."""

from datetime import timedelta

from django.utils import timezone

from reports.models import Acceptance, Query, ReportVersion, Submission, SubmissionWay


def pass_to_funders(people):
    """Submit the released reports but one; one is accepted, one answered, one waits for words."""
    released = ReportVersion.objects.released().select_related("report__grant")
    by_ref = {version.report.grant.ref: version for version in released}
    for ref, version in by_ref.items():
        if ref != "best-heute-senat":
            Submission.objects.hand_in(
                version,
                by=people.manager,
                submitted_on=timezone.localdate(),
                way=SubmissionWay.POST,
                note="Unterschrieben mit Anlage per Einschreiben.",
            )
    if version := by_ref.get("best-modell-esf"):
        Acceptance.objects.accept(version, by=people.esf, remark="Ohne Beanstandung.")
    if version := by_ref.get("best-modell-senat"):
        Acceptance.objects.note_letter(
            version,
            by=people.manager,
            letter_on=timezone.localdate(),
            letter_reference="Muster IV B 00/2002-7",
            remark="Der Nachweis ist in Ordnung (erfundenes Schreiben).",
        )
    if version := by_ref.get("best-pankow-efre"):
        query = ask(
            version,
            people.efre,
            "jobs",
            "Zusätzliche Arbeitsplätze schaffen",
            "Bitte erläutern Sie, wie die Bestätigungen der Stellen eingeholt wurden.",
        )
        query.answer(
            by=people.manager,
            text="Jeder Betrieb bestätigt die Stelle schriftlich, mit Umfang und erstem Tag.",
        )
    if version := by_ref.get("best-heute-esf"):
        ask(
            version,
            people.esf,
            "partnership",
            "Partnerschaft und Netzwerk",
            "Welche Partner kamen im Berichtszeitraum neu hinzu?",
        )


def ask(version, officer, section, heading, text):
    return Query.objects.ask(
        version,
        by=officer,
        section=section,
        heading=heading,
        text=text,
        due_on=timezone.localdate() + timedelta(days=14),
    )
