"""The demo's visits: two advisors go from door to door, and not everybody is pleased."""

import random
from datetime import timedelta

from consultations.models import Mood, Visit, WantsToJoin
from districts.models import District
from enterprises.models import Organisation, OrganisationKind

SHOPS = (
    ("Bäckerei Beispiel", "Musterstraße 4"),
    ("Fahrradladen Muster", "Musterstraße 11"),
    ("Änderungsschneiderei Beispiel", "Beispielweg 2"),
    ("Spätkauf Muster", "Beispielweg 9"),
    ("Buchhandlung Beispiel", "Musterplatz 1"),
    ("Schuhmacherei Muster", "Musterplatz 7"),
    ("Blumen Beispiel", "Musterstraße 20"),
    ("Café Muster", "Beispielufer 3"),
    ("Friseur Beispiel", "Beispielufer 15"),
    ("Tischlerei Muster", "Musterhof 5"),
    ("Imbiss Beispiel", "Musterhof 8"),
    ("Optik Muster", "Musterstraße 33"),
)
TOLD = (
    ("Weniger Laufkundschaft seit der Baustelle.", "Ein Schild an der Kreuzung."),
    ("Der Mietvertrag läuft im Sommer aus.", "Jemand, der mit der Hausverwaltung spricht."),
    ("Es läuft gut, aber niemand will die Nachfolge.", "Kontakt zu einer Nachfolgebörse."),
    ("Allein im Laden, keine Zeit für Buchhaltung.", "Hilfe bei Steuer und Belegen."),
    ("Will ausbilden, findet keine Auszubildenden.", "Kontakt zur Schule im Quartier."),
)
CONDITIONS = (
    "Nur abends nach Ladenschluss.",
    "Nur wenn die Nachbarn auch mitmachen.",
    "Erst nach dem Weihnachtsgeschäft.",
    "",
)


def go_from_door_to_door(project, people, today):
    """A dozen first contacts of the last weeks: a file opened, one who wants no more, one who
    came back."""
    dice = random.Random("visits")
    areas = list(District.objects.filter(projects=project).order_by("pk"))
    visits = [
        visit_shop(shop, dice, project=project, district=dice.choice(areas), on=on, people=people)
        for shop, on in zip(SHOPS, days_before(today), strict=False)
    ]
    visits[0].open_file(by=visits[0].advisor, kind=OrganisationKind.LOCAL_BUSINESS)
    refuse_contact(project, people, on=today - timedelta(days=3))
    came_back = visits[4]
    Visit.objects.get(pk=came_back.pk).amend(
        by=came_back.advisor, revision=came_back.revision, do_not_contact=True
    )
    Visit.objects.get(pk=came_back.pk).lift_bar(
        by=people.manager, reason="Kam von sich aus in die Sprechstunde."
    )


def days_before(today):
    return (today - timedelta(days=back) for back in range(2 * len(SHOPS), 0, -2))


def visit_shop(shop, dice, *, people, on, **fields):
    name, address = shop
    situation, need = dice.choice(TOLD)
    mood = dice.choice(Mood.values)
    joins = WantsToJoin.YES if mood >= Mood.OPEN else dice.choice(["", "perhaps", "no"])
    return Visit.objects.log(
        by=dice.choice(people.team),
        name=name,
        address=address,
        visited_on=on,
        situation=situation,
        need=need,
        mood=mood,
        wants_to_join=joins,
        condition=dice.choice(CONDITIONS) if joins in ("yes", "perhaps") else "",
        **fields,
    )


def refuse_contact(project, people, *, on):
    """One who is on file, so that booking for them warns."""
    known = Organisation.objects.filter(cases__project=project).order_by("pk").last()
    Visit.objects.log(
        by=people.team[0],
        project=project,
        organisation=known,
        visited_on=on,
        situation="Hat mit Förderung schlechte Erfahrungen gemacht.",
        mood=Mood.DISMISSIVE,
        do_not_contact=True,
        note="Freundlich geblieben, aber deutlich.",
    )
