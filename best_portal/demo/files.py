"""The demo's organisations: what each of them is, and how far it comes in which month."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from enterprises.models import (
    Criterion,
    Involvement,
    Membership,
    Organisation,
    OrganisationKind,
    Person,
    Stage,
)

INITIATIVE = OrganisationKind.FOUNDING_INITIATIVE
BUSINESS = OrganisationKind.LOCAL_BUSINESS

EVIDENCE = {
    Criterion.SELF_HELP: "Protokoll des Quartiersforums: Das Angebot fehlt im Quartier.",
    Criterion.COMMUNITY: "Satzungsentwurf § 2: Ziele im Gemeinwesen.",
    Criterion.REINVESTMENT: "Satzungsentwurf § 4: Überschüsse bleiben im Unternehmen.",
    Criterion.INCOME_MIX: "Finanzplan mit Aufträgen, Verkauf und ehrenamtlicher Arbeit.",
}


@dataclass(frozen=True)
class Story:
    """One organisation; months count from the project's start, None is "never"."""

    name: str
    area: int
    begins: int = 0
    kind: str = INITIATIVE
    founded_after: int | None = None
    legal_form: str = ""
    gives_up_after: int | None = None
    jobs: int = 0


MODEL = (
    Story("Muster-Nähwerkstatt", 0, founded_after=9, legal_form="eg", jobs=4),
    Story("Beispiel-Stadtteilküche", 1, founded_after=13, legal_form="ev", jobs=3),
    Story("Muster-Fahrradladen im Hof", 2, 1, founded_after=15, legal_form="gbr", jobs=2),
    Story("Beispiel-Umzugshilfe", 0, 2, gives_up_after=14),
    Story("Muster-Gartengruppe Falkplatz", 2, 3),
    Story("Beispiel-Seniorendienst", 1, 3, founded_after=19, legal_form="ggmbh", jobs=3),
    Story("Muster-Lernladen", 0, 4),
    Story("Beispiel-Gebrauchtwarenhaus", 1, 5, founded_after=20, legal_form="gug", jobs=4),
    Story("Muster-Kinderbuchcafé", 2, 6),
    Story("Beispiel-Hausmeisterei", 0, 7, gives_up_after=20),
    Story("Muster-Bäckerei am Platz", 0, 2, BUSINESS),
    Story("Beispiel-Schlüsseldienst", 1, 4, BUSINESS),
    Story("Muster-Nachbarschaftsverein", 2, 1, OrganisationKind.ASSOCIATION),
    Story("Beispiel-Projektgruppe Marktplatz", 0, 8, OrganisationKind.PROJECT_GROUP),
)
PANKOW = (
    Story("Muster-Energieberatung Prenzlauer Berg", 0, founded_after=10, legal_form="eg", jobs=3),
    Story("Beispiel-Waschsalon mit Café", 1, founded_after=14, legal_form="gbr", jobs=3),
    Story("Muster-Kulturwerkstatt", 0, 2, founded_after=18, legal_form="ev", jobs=2),
    Story("Beispiel-Spielzeugverleih", 1, 3),
    Story("Muster-Mittagstisch", 0, 5, gives_up_after=15),
    Story("Beispiel-Handwerkerhof", 1, 6, BUSINESS),
    Story("Muster-Quartiersnetz Pankow", 0, 4, OrganisationKind.NETWORK),
)
TODAY = (
    Story("Muster-Reparaturcafé Badstraße", 0, founded_after=8, legal_form="eg", jobs=4),
    Story("Beispiel-Kiezkantine", 1, founded_after=11, legal_form="gug", jobs=5),
    Story("Muster-Lastenradverleih", 2, 1, founded_after=15, legal_form="ggmbh", jobs=3),
    Story("Beispiel-Sprachcafé", 0, 2, founded_after=20, legal_form="ev", jobs=2),
    Story("Muster-Nachhilfekollektiv", 1, 2),
    Story("Beispiel-Textilwerkstatt", 2, 3, founded_after=22, legal_form="eg", jobs=3),
    Story("Muster-Dachgartengruppe", 0, 5, gives_up_after=17),
    Story("Beispiel-Pflegegenossenschaft", 1, 6),
    Story("Muster-Unverpacktladen", 2, 9),
    Story("Beispiel-Holzwerkstatt", 0, 12),
    Story("Muster-Elternküche", 1, 14),
    Story("Beispiel-Medienwerkstatt", 2, 18),
    Story("Muster-Blumenladen Rixdorf", 2, 3, BUSINESS),
    Story("Beispiel-Elektroladen", 0, 4, BUSINESS),
    Story("Muster-Späti Donaustraße", 1, 7, BUSINESS),
    Story("Beispiel-Kulturverein", 1, 1, OrganisationKind.ASSOCIATION),
    Story("Muster-Bürgerstiftung", 0, 6, OrganisationKind.FOUNDATION),
    Story("Beispiel-Projektgruppe Hofladen", 2, 10, OrganisationKind.PROJECT_GROUP),
)
STORIES = {"best-modell": MODEL, "best-pankow": PANKOW, "best-heute": TODAY}

POSTS = ("Leitung Werkstatt", "Verkauf", "Buchhaltung", "Küche", "Koordination Ehrenamt")


def month_after(start, months):
    """The first day of the month that many months after `start`."""
    years, month = divmod(start.month - 1 + months, 12)
    return date(start.year + years, month + 1, 1)


def open_files(project, people, until, dice):
    """Register the project's organisations and what had happened to each until that day.

    Returns (organisation, story, first day, last day) of each that had begun by then.
    """
    areas = list(project.districts.order_by("pk"))
    files = []
    for story in STORIES[project.key]:
        begins = month_after(project.starts_on, story.begins) + timedelta(days=dice.randint(2, 9))
        if begins > until:
            continue
        organisation = Organisation.objects.register(
            by=people.manager,
            name=story.name,
            kind=story.kind,
            stage=Stage.IDEA if story.kind == INITIATIVE else Stage.CONSOLIDATION,
            since=begins,
            district=areas[story.area],
            purpose=f"{story.name}: ein Vorhaben der Nachbarschaft ({areas[story.area]}).",
            **({"founded_on": date(1998, 5, 4)} if story.kind == BUSINESS else {}),
        )
        ends = live(organisation, story, begins, project, people, until, dice)
        files.append((organisation, story, begins, ends))
    join_groups(files, project)
    return files


def live(organisation, story, begins, project, people, until, dice):
    """Let one organisation go its way; returns the last day it is advised."""
    by = people.manager
    Involvement.objects.create(
        person=Person.objects.create(name=f"Kontakt {organisation.pk} Beispiel"),
        organisation=organisation,
        since=begins,
    )
    if story.kind != INITIATIVE:
        return until
    for stage, days in ((Stage.CONCEPT, 70), (Stage.FOUNDING, 180)):
        on = begins + timedelta(days=days)
        if on <= until and not overtaken(story, on, project):
            organisation.move_to(stage, on=on, by=by)
    if story.gives_up_after is not None:
        on = month_after(project.starts_on, story.gives_up_after)
        if on <= until:
            organisation.move_to(
                Stage.GIVEN_UP, on=on, by=by, reason="Keine geeigneten Räume gefunden."
            )
            return on
    if story.founded_after is not None:
        on = month_after(project.starts_on, story.founded_after) + timedelta(days=14)
        if on <= until:
            organisation.found(on, story.legal_form, by)
            prove(organisation, on, people, dice)
            employ(organisation, story.jobs, on, until, dice)
    return until


def overtaken(story, on, project):
    """Whether the story's end came before that stage."""
    ends = [month for month in (story.founded_after, story.gives_up_after) if month is not None]
    return any(on >= month_after(project.starts_on, month) for month in ends)


def prove(organisation, on, people, dice):
    for criterion in Criterion:
        organisation.assessments.create(
            criterion=criterion,
            is_met=criterion != Criterion.INCOME_MIX or dice.random() < 0.7,
            assessed_on=on,
            evidence=EVIDENCE[criterion],
            assessed_by=people.manager,
        )
    organisation.income_mixes.create(
        year=on.year,
        public_contracts=Decimal(dice.randrange(0, 30)) * 500,
        private_sales=Decimal(dice.randrange(4, 60)) * 500,
        unpaid_hours=Decimal(dice.randrange(40, 600)),
        note="Angaben des Unternehmens (erfunden)",
    )


def employ(organisation, jobs, founded_on, until, dice):
    for number in range(jobs):
        since = founded_on + timedelta(days=30 + 55 * number)
        if since > until:
            return
        confirmed = since + timedelta(days=40)
        organisation.jobs.create(
            title=POSTS[number % len(POSTS)],
            kind="kept" if number == 3 else "new",
            fte=Decimal(dice.choice(["0.50", "0.75", "1.00"])),
            since=since,
            **(
                {"confirmed_on": confirmed, "confirmed_by": "Geschäftsführung"}
                if confirmed <= until
                else {}
            ),
        )


def join_groups(files, project):
    """Networks and project groups have the first others as members."""
    others = [organisation for organisation, *_ in files if not organisation.has_members]
    for organisation, _story, begins, _ends in files:
        if organisation.has_members:
            for member in others[:3]:
                Membership.objects.create(group=organisation, member=member, since=begins)
