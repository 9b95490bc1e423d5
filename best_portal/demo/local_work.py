"""What BEST Pankow built in its quarters: a forum, a round of a network, and an agreement."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from enterprises.models import (
    Agreement,
    Forum,
    Meeting,
    Organisation,
    OrganisationKind,
    Stage,
)

BERLIN = ZoneInfo("Europe/Berlin")
NETWORK = "Netzwerk Soziale Betriebe Beispiel"
# Name, kind, the first meeting, days between two of them, how many there were, who came.
BUILT = (
    ("Stadtteilforum Helmholtzplatz Muster", "forum", date(2005, 9, 15), 56, 12, 18),
    ("Arbeitsgruppe Muster", "working_group", date(2006, 2, 9), 42, 8, 7),
    (f"Runde {NETWORK}", "round", date(2005, 11, 3), 70, 8, 11),
)


def build_forums(project, people):
    """All of it in the time of the project, each meeting with those who were there."""
    advisor, areas = people.other_team[0], list(project.districts.all())
    network = Organisation.objects.register(
        by=advisor,
        name=NETWORK,
        kind=OrganisationKind.NETWORK,
        stage=Stage.CONSOLIDATION,
        since=BUILT[0][2],
        district=areas[0],
    )
    belongs = {"round": {"organisation": network}, "working_group": {"theme": "Leere Läden"}}
    for name, kind, first, apart, number, guests in BUILT:
        forum = Forum.objects.create(
            name=name,
            kind=kind,
            advisor=advisor,
            since=first,
            until=project.ends_on,
            **belongs.get(kind, {}),
        )
        forum.districts.set(areas)
        project.forums.add(forum)
        for each in range(number):
            meeting = Meeting.objects.create(
                forum=forum,
                starts_at=datetime.combine(first + timedelta(days=apart * each), time(18), BERLIN),
                place="Stadtteilladen Muster, Musterstraße 1",
                agenda="Berichte aus dem Quartier; Vorhaben; Verabredungen.",
            )
            meeting.note_attendance([], guests=guests + each % 4, by=advisor)
    agreement = Agreement.objects.create(
        name="Lokale Partnerschaft Pankow Muster",
        purpose="Bezirk, Betriebe und Vereine verabreden, wie es nach der Förderung weitergeht.",
        advisor=advisor,
        signed_on=date(2006, 11, 23),
        starts_on=date(2006, 12, 1),
        ends_on=date(2009, 11, 30),
    )
    agreement.districts.set(areas)
    project.agreements.add(agreement)
