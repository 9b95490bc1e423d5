"""The demo's notes on areas; every source in them is invented."""

from datetime import timedelta

from districts.models import ContextNote, District, NoteKind

NOTES = (
    (
        NoteKind.HISTORY,
        "Bis in die neunziger Jahre Gewerbehöfe mit kleinen Werkstätten; viele Läden im "
        "Erdgeschoss stehen seither leer.",
        "Musterchronik, Heft 3 (erfunden)",
        True,
    ),
    (
        NoteKind.CONCEPTS,
        "Das Handlungskonzept nennt Nahversorgung, Ausbildung und Treffpunkte als Schwerpunkte.",
        "Beispielkonzept 2023 (erfunden)",
        True,
    ),
    (
        NoteKind.ACTORS,
        "Der Nachbarschaftsverein Muster und die Händlerrunde Beispielstraße treffen sich "
        "monatlich; die Runde sucht eine neue Leitung.",
        "Gespräch im Kiezladen (erfunden)",
        False,
    ),
)


def describe_areas(project, people, today):
    """Each area of a project gets notes, some for everyone, some for the staff."""
    for area in District.objects.filter(projects=project).order_by("pk"):
        for number, (kind, text, source, is_public) in enumerate(NOTES):
            ContextNote.objects.write(
                by=people.team[number % len(people.team)],
                district=area,
                kind=kind,
                text=text,
                source=source,
                dated=today - timedelta(days=120 + 30 * number),
                is_public=is_public,
            )
