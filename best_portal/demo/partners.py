"""The demo's forums with their decisions, its networks, partners and agreements.

Three of the undertakings, invented: NEST lends what its partners have; in Nordertor a town office,
companies, a foundation and associations work as one project group; Rostock's traders are visited
and join four networks.
"""

from datetime import datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from consultations.models import Consultation, ConsultationKind, Idea, Visit
from districts.models import District
from enterprises.models import (
    Agreement,
    Contribution,
    Decision,
    Forum,
    ForumMember,
    HealthNote,
    Meeting,
    Membership,
    Organisation,
    OrganisationKind,
    Resource,
    ServiceBlock,
    Stage,
)

BERLIN = ZoneInfo("Europe/Berlin")
AGENDA = "Begrüßung\nStand der Beschlüsse\nLeerstand am Platz\nVerschiedenes"
RECORD = (
    "Die Runde hat über den Leerstand gesprochen. Zwei Läden werden im Herbst frei; das "
    "Bezirksamt prüft eine Zwischennutzung."
)
# Name, kind.
NEST = (
    ("Gewerkschaft Muster", OrganisationKind.ASSOCIATION),
    ("Hochschule Beispiel", OrganisationKind.PUBLIC_BODY),
    ("Stiftung Muster", OrganisationKind.FOUNDATION),
    ("Bildungsträger Beispiel", OrganisationKind.ASSOCIATION),
)
NORDERTOR = (
    ("Stadtbüro Nordertor Beispiel", OrganisationKind.PUBLIC_BODY),
    ("Wohnungsbau Muster", OrganisationKind.LOCAL_BUSINESS),
    ("Stiftung Nordertor Beispiel", OrganisationKind.FOUNDATION),
    ("Jugendverein Nordertor Muster", OrganisationKind.ASSOCIATION),
)
THEMES = (("Wohnumfeld", "Arbeitsgruppe Wohnumfeld"), ("Jugend", "Arbeitsgruppe Jugend"))
# Name, how it was doing and how it is doing now, what about.
ROSTOCK = (
    ("Händlernetz Beispielmarkt", "quiet", "active", ""),
    ("Handwerksnetz Muster", "active", "active", ""),
    ("Gastronetz Beispielufer", "active", "quiet", ""),
    (
        "Kreativnetz Musterhof",
        "active",
        "conflicts",
        "Uneinig über den Werkstattladen und wer ihn führt.",
    ),
)
# Partner, side, kind, title, amount, unit.
RESOURCES = (
    ("Gewerkschaft Muster", "offer", "rooms", "Seminarraum an Abenden", 60, "m²"),
    ("Hochschule Beispiel", "offer", "expertise", "Beratung zu Rechtsformen", 4, "h im Monat"),
    ("Stiftung Muster", "offer", "funds", "Anschub für Gründungen", 5000, "Euro"),
    ("Bildungsträger Beispiel", "offer", "training", "Kurs Buchführung", 12, "Plätze"),
    ("Jugendverein Nordertor Muster", "need", "rooms", "Seminarraum für Bewerbungen", 40, "m²"),
    ("Stadtbüro Nordertor Beispiel", "need", "expertise", "Beratung zu einer Genossenschaft", 3,
     "h im Monat"),
    ("Wohnungsbau Muster", "offer", "rooms", "Laden im Erdgeschoss", 80, "m²"),
)  # fmt: skip

# Name, who contributes it, what is done, what it takes, where it has been tried.
BLOCKS = (
    (
        "Mittagstisch im Stadtteil",
        "Stiftung Muster",
        "Nachbarinnen und Nachbarn kochen an drei Tagen für andere. Bestellt wird bis zum Vortag, "
        "gegessen wird gemeinsam oder ausgeliefert.",
        "Eine Küche mit Abnahme, zwei Angestellte, zehn Freiwillige, Anschubmittel für ein Jahr.",
        "Musterkiez, seit drei Jahren (erfunden)",
    ),
    (
        "Werkstatt auf Zeit",
        "Gewerkschaft Muster",
        "Leerstehende Läden werden für ein halbes Jahr zur offenen Werkstatt, angeleitet von "
        "Fachleuten im Ruhestand.",
        "Ein Laden, Werkzeug, eine Haftpflichtversicherung.",
        "Beispielviertel (erfunden)",
    ),
    (
        "Bürodienste für kleine Betriebe",
        "Bildungsträger Beispiel",
        "Buchführung, Post und Telefon für Betriebe, die sich allein kein Büro leisten können.",
        "Zwei Arbeitsplätze und ein Raum, der sich abschließen lässt.",
        "",
    ),
)


def work_with_partners(project, people, today):
    """Everything of it, in the areas of the project that runs."""
    areas = list(District.objects.filter(projects=project).order_by("pk"))
    neighbours = Neighbours(project, people, areas, today)
    neighbours.nest()
    neighbours.nordertor()
    neighbours.rostock()
    neighbours.forums()
    neighbours.partners()
    project.forums.set(Forum.objects.filter(districts__in=areas))
    project.agreements.set(Agreement.objects.filter(districts__in=areas))


class Neighbours:
    """Builds one undertaking after another; `file` remembers the organisations by name."""

    def __init__(self, project, people, areas, today):
        self.project, self.people, self.areas, self.today = project, people, areas, today
        self.advisor, self.colleague = people.team
        self.file = {}

    def days(self, number):
        return self.today + timedelta(days=number)

    def at(self, days, hour=18):
        return datetime.combine(self.days(days), time(hour), BERLIN)

    def register(self, name, kind, area=None, **fields):
        self.file[name] = Organisation.objects.register(
            by=self.advisor,
            name=name,
            kind=kind,
            stage=Stage.CONSOLIDATION,
            since=self.days(-400),
            district=area or self.areas[0],
            **fields,
        )
        return self.file[name]

    def group(self, name, kind, members, area=None, purpose=""):
        group = self.register(name, kind, area, purpose=purpose)
        for member in members:
            Membership.objects.create(group=group, member=member, since=self.days(-380))
        return group

    # --- the three undertakings ---

    def nest(self):
        partners = [self.register(*row) for row in NEST]
        self.group(
            "NEST Muster-Netzwerk",
            OrganisationKind.NETWORK,
            partners,
            purpose="Partner leihen Fachwissen, Räume und Kontakte.",
        )
        self.note(self.file["NEST Muster-Netzwerk"], "active", -30)

    def nordertor(self):
        partners = [self.register(name, kind, self.areas[1]) for name, kind in NORDERTOR]
        group = self.group(
            "Projektgruppe Nordertor Beispiel",
            OrganisationKind.PROJECT_GROUP,
            partners,
            self.areas[1],
            "Kommune, Betriebe, Stiftung und Vereine entwickeln das Quartier gemeinsam.",
        )
        Consultation.objects.log(
            by=self.advisor,
            project=self.project,
            kind=ConsultationKind.ADVICE,
            held_on=self.days(-1),
            minutes=90,
            district=self.areas[1],
            organisation=group,
            headcount=5,
            result="Kooperationsvereinbarung durchgesehen, nächste Etappe besprochen.",
            advisors=[self.advisor],
        )

    def rostock(self):
        for number, (name, before, now, about) in enumerate(ROSTOCK):
            area = self.areas[number % len(self.areas)]
            network = self.group(name, OrganisationKind.NETWORK, [], area)
            self.note(network, before, -150)
            self.note(network, now, -12, about)
            self.meet(
                self.forum(f"Runde {name}", [area], kind="round", organisation=network),
                -40 - 5 * number,
                guests=6 + number,
            )
        self.take_in_whoever_wants()

    def take_in_whoever_wants(self):
        """First contacts in the street become members, where they said yes."""
        networks = [self.file[name] for name, *_rest in ROSTOCK]
        wanting = Visit.objects.to_win().filter(wants_to_join="yes").order_by("pk")[:3]
        for number, visit in enumerate(wanting):
            if visit.organisation is None:
                visit.open_file(by=visit.advisor, kind=OrganisationKind.LOCAL_BUSINESS)
            network = networks[number % len(networks)]
            visit.join(network, by=visit.advisor, since=self.today)

    def note(self, organisation, health, days, about=""):
        HealthNote.objects.create(
            organisation=organisation,
            health=health,
            noted_on=self.days(days),
            note=about,
            author=self.colleague,
        )

    # --- forums ---

    def forum(self, name, areas, **fields):
        forum = Forum.objects.create(
            name=name, advisor=self.advisor, since=self.days(-500), **fields
        )
        forum.districts.set(areas)
        return forum

    def join(self, forum, name, role="member"):
        return ForumMember.objects.create(
            forum=forum, organisation=self.file[name], role=role, since=self.days(-300)
        )

    def meet(self, forum, days, members=(), guests=8):
        meeting = Meeting.objects.create(
            forum=forum,
            starts_at=self.at(days),
            place="Stadtteilladen Muster, Musterstraße 1",
            agenda=AGENDA,
            record=RECORD if days < 0 else "",
        )
        if days < 0:
            meeting.note_attendance(members, guests=guests, by=self.advisor)
        return meeting

    def forums(self):
        """A public forum for each area, and Nordertor's working groups by theme."""
        for number, area in enumerate(self.areas):
            forum = self.forum(
                f"Stadtteilforum {area.name}",
                [area],
                is_public=True,
                purpose="Alle, die hier wohnen, arbeiten oder etwas anbieten, beraten über das "
                "Quartier.",
            )
            members = [self.join(forum, "Hochschule Beispiel"), self.join(forum, "Stiftung Muster")]
            self.meet(forum, -75 - number, members, guests=14)
            latest = self.meet(forum, -20 - number, members, guests=19 + number)
            self.meet(forum, 18 + number)
            self.decide(latest, members[0], number)
        for theme, name in THEMES:
            group = self.forum(
                f"{name} Nordertor",
                [self.areas[1]],
                kind="working_group",
                theme=theme,
                organisation=self.file["Projektgruppe Nordertor Beispiel"],
            )
            members = [self.join(group, partner) for partner, _kind in NORDERTOR]
            self.meet(group, -33, members, guests=1)
            self.meet(group, 9)

    def decide(self, meeting, member, number):
        Decision.objects.create(
            meeting=meeting,
            what="Leere Läden im Gebiet aufnehmen",
            owner=member,
            due_on=self.days(10 + number),
        )
        Decision.objects.create(
            meeting=meeting,
            what="Gespräch mit der Hausverwaltung führen",
            advisor=self.advisor,
            due_on=self.days(number - 2),
        )
        done = Decision.objects.create(
            meeting=meeting,
            what="Einladung in drei Sprachen drucken",
            advisor=self.colleague,
            due_on=self.days(-5),
        )
        done.settle(by=self.colleague)

    # --- partnerships ---

    def partners(self):
        for name, side, kind, title, amount, unit in RESOURCES:
            row = Resource.objects.create(
                organisation=self.file[name],
                side=side,
                kind=kind,
                title=title,
                amount=amount,
                unit=unit,
                since=self.days(-200),
                until=self.days(300),
            )
            row.districts.set(self.areas[:2])
        self.describe_blocks()
        self.agree()
        self.contribute()

    def describe_blocks(self):
        for name, provider, service, takes, tried in BLOCKS:
            block = ServiceBlock.objects.create(
                name=name, service=service, takes=takes, tried_where=tried
            )
            block.providers.set([self.file[provider]])
        # What was tried elsewhere was tried here, too, until the room was gone.
        lunch = ServiceBlock.objects.get(name=BLOCKS[0][0])
        lunch.ideas.set(Idea.objects.filter(title="Lehrküche im Leerstand"))

    def agree(self):
        agreement = Agreement.objects.create(
            name="Kooperationsvereinbarung Nordertor Muster",
            purpose="Kommune und Private bringen Räume, Wissen und Geld für das Quartier ein.",
            alliance=self.file["Projektgruppe Nordertor Beispiel"],
            advisor=self.advisor,
            signed_on=self.days(-320),
            starts_on=self.days(-300),
            ends_on=self.days(430),
            review_on=self.days(25),
        )
        agreement.districts.set([self.areas[1]])
        parties = [agreement.parties.create(organisation=self.file[name]) for name, _ in NORDERTOR]
        brings = (
            ("expertise", "Ansprechperson für alle Ämter", None),
            ("rooms", "Laden im Erdgeschoss, mietfrei", Decimal("7200.00")),
            ("funds", "Zuschuss für Ausstattung", Decimal("5000.00")),
            ("training", "Bewerbungstraining für Jugendliche", Decimal("1500.00")),
        )
        for party, (kind, what, value) in zip(parties, brings, strict=True):
            agreement.pledges.create(party=party, kind=kind, what=what, value=value)
        for title, begins, ends in (
            ("Aufbau", -300, -101),
            ("Erprobung", -100, 150),
            ("Verstetigung", 151, 430),
        ):
            agreement.stages.create(
                title=title, starts_on=self.days(begins), ends_on=self.days(ends)
            )
        agreement.milestones.create(
            title="Laden ist eröffnet", due_on=self.days(-110), reached_on=self.days(-96)
        )
        agreement.milestones.create(title="Erste zwölf Bewerbungen", due_on=self.days(-8))
        agreement.milestones.create(title="Nachfolge ist geklärt", due_on=self.days(380))
        agreement.review(
            by=self.advisor,
            held_on=self.days(-90),
            result="Alles Zugesagte ist eingebracht; der Laden öffnete später.",
            next_on=self.days(25),
        )
        self.agreement = agreement

    def contribute(self):
        given = (
            ("Wohnungsbau Muster", "rooms", "Laden im Erdgeschoss", None, "600.00"),
            ("Stiftung Nordertor Beispiel", "funds", "Regale und Theke", None, "2300.00"),
            ("Hochschule Beispiel", "expertise", "Beratung zu Rechtsformen", "6.50", None),
            ("Gewerkschaft Muster", "rooms", "Seminarraum an zwei Abenden", None, "180.00"),
        )
        for back in (-45, -420):
            for name, kind, what, hours, value in given:
                under = name in {partner for partner, _kind in NORDERTOR}
                Contribution.objects.create(
                    organisation=self.file[name],
                    district=self.areas[1],
                    kind=kind,
                    what=what,
                    given_on=self.days(back),
                    hours=hours and Decimal(hours),
                    value=value and Decimal(value),
                    agreement=self.agreement if under and back > -300 else None,
                )
