"""The demo's directory: enterprises on file that agreed, each to other parts, and two by itself."""

import uuid
from datetime import timedelta

from enterprises.models import Entry, EntryPart, Organisation, OrganisationKind

TEXTS = (
    (
        "Wir reparieren, was andere wegwerfen, und zeigen, wie es geht. Werkzeug ist da.",
        "We repair what others throw away and show how it is done. Tools are here, and coffee.",
    ),
    (
        "Mittagstisch für alle im Kiez: gekocht wird aus dem, was übrig ist; zahlen Sie, was geht.",
        "Lunch for everyone in the neighbourhood, cooked from what is left over; pay what you can.",
    ),
    (
        "Wir nähen, ändern und waschen und bilden Menschen aus, die lange nicht gearbeitet haben.",
        "We sew, alter and wash, and train people who have not worked for a long time.",
    ),
    (
        "Sprachcafé, Nachhilfe und Begleitung zu Ämtern, von Nachbarinnen für Nachbarinnen.",
        "",
    ),
)
PARTS = (
    list(EntryPart),
    [EntryPart.ENTRY, EntryPart.CONTACT],
    [EntryPart.ENTRY, EntryPart.ADDRESS, EntryPart.CRITERIA],
    [EntryPart.ENTRY],
)
MOST = 16
KINDS = (OrganisationKind.SOCIAL_ENTERPRISE, OrganisationKind.LOCAL_BUSINESS)


def fill_the_directory(people, today):
    """Every second enterprise agrees; one has taken its consent back, one is archived."""
    rows = Organisation.objects.filter(kind__in=KINDS, district__isnull=False, entry=None)
    entries = []
    for number, organisation in enumerate(rows.select_related("district").order_by("pk")[:MOST]):
        text, text_en = TEXTS[number % len(TEXTS)]
        point = organisation.district.point
        entries.append(
            Entry.objects.record(
                by=people.team[number % len(people.team)],
                organisation=organisation,
                parts=PARTS[number % len(PARTS)],
                given_by="Mara Muster",
                given_on=today - timedelta(days=20 + 9 * number),
                way="paper",
                name=organisation.name,
                kind=organisation.kind,
                text=text,
                text_en=text_en,
                district=organisation.district,
                address=f"Musterstraße {number + 1}",
                # Near the middle of the area, each a little elsewhere.
                longitude=f"{point[0] + 0.001 * (number % 3):.5f}" if point else None,
                latitude=f"{point[1] + 0.0007 * (number % 4):.5f}" if point else None,
                email=f"kontakt{number}@muster.example",
                phone=f"030 5550 {200 + number}",
            )
        )
    enter_themselves(people)
    if len(entries) > 2:
        entries[-1].take_back(EntryPart.ENTRY, by=people.team[0])
        entries[-2].archive(by=people.team[0])


def enter_themselves(people):
    """One waits for an advisor, one is public and has proposed a change."""
    for name, key in [("Blumenladen Muster", "neu"), ("Druckerei Beispiel", "geaendert")]:
        entry = Entry.objects.ask(
            form_key=uuid.uuid5(uuid.NAMESPACE_DNS, f"{key}.muster.example"),
            parts=[EntryPart.ENTRY, EntryPart.CONTACT],
            name=name,
            kind=OrganisationKind.LOCAL_BUSINESS,
            text="Ein Familienbetrieb im Kiez, offen von Dienstag bis Samstag.",
            phone="030 5550 240",
            keeper_name="Mara Muster",
            keeper_email=f"{key}@muster.example",
        )
        entry.confirm()
    entry.publish(by=people.team[0])
    entry.propose({"text": "Ein Familienbetrieb im Kiez, jetzt auch montags offen."})
