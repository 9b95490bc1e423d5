"""The demo's three projects with their grants: two of the agency's past and one of today."""

from datetime import date
from decimal import Decimal

from best_portal.demo.grants import give_grant
from consultations.models import Project, Topic
from districts.models import District

# The six tasks of BEST Pankow, as its founding documents name them.
SIX_TASKS = (
    "Lokale Ökonomien fördern",
    "Zusätzliche Arbeitsplätze schaffen",
    "Bestehende Sozialunternehmen und Initiativen unterstützen",
    "Lokale Foren aufbauen",
    "Soziales Kapital im Stadtteil stärken",
    "Lokale Partnerschaft entwickeln",
)
# What is promised of them: consultations of each, and what is built.
SIX_FIGURES = {f"BEST-A{number}": None for number in range(1, 7)} | {
    "BEST-FOR": 20,
    "BEST-FTN": None,
    "BEST-NET": 8,
    "BEST-KOO": 1,
}
TOPICS = (
    "Geschäftsidee",
    "Rechtsform",
    "Finanzierung",
    "Förderung",
    "Räume",
    "Markt und Kundschaft",
    "Personal",
    "Buchhaltung und Steuern",
    "Kooperation im Kiez",
    "Öffentlichkeitsarbeit",
)
# The participants of ESF Plus: for most of their groups the notice names no target.
PEOPLE = {
    "EECO01": 40,
    "EECO02": 20,
    **dict.fromkeys(("EECO03", "EECO04", "EECO05", "EECO07", "EECO08", "EECO09")),
    **dict.fromkeys(("EECO10", "EECO11", "EECO12", "EECO13", "EECO14", "EECO15")),
    "EECO16": None,
    **dict.fromkeys(("EECR01", "EECR02", "EECR03")),
    "EECR04": 8,
    **dict.fromkeys(("EECR05", "EECR06")),
}
ENTERPRISES = {
    **{"RCO01": 12, "RCO02": 1, "RCO03": None, "RCO04": 10, "RCO05": 4},
    **{"RCR01": 3, "RCR02": Decimal("5000.00"), "RCR03": 1},
    **dict.fromkeys(("RCR04", "RCR05", "RCR17", "RCR18", "RCR19", "RCR25")),
}
TODAYS_AREAS = ("Badstraße", "Donaustraße-Nord", "Rixdorf")
# A line of the plan no voucher is needed for.
REST = "Pauschale 15 % der direkten Personalkosten"
BY_HOUR, BY_RESULT = "Stundensatz auf 1.720 Stunden", "Pauschalbetrag je Ergebnis"
EU_LOGO = {
    "kind": "eu",
    "text": "Europäische Union",
    "alt": "Emblem der Europäischen Union",
}


def logo(text):
    return {"kind": "text", "text": text, "alt": f"Platzhalter für das Logo: {text}"}


class Projects:
    @staticmethod
    def make(people, today):
        for name in TOPICS:
            Topic.objects.get_or_create(name=name)
        return [
            model_project(people),
            pankow(people),
            todays_project(people, today),
        ]


def start(*, key, name, purpose, starts_on, ends_on, areas, team, evaluators=(), tasks=(), **more):
    project = Project.objects.create(
        key=key, name=name, purpose=purpose, starts_on=starts_on, ends_on=ends_on, **more
    )
    project.districts.set(District.objects.valid_on(starts_on).filter(name__in=areas))
    project.team.set(team)
    project.evaluators.set(evaluators)
    for number, title in enumerate(tasks, start=1):
        project.tasks.create(number=number, title=title)
    return project


def model_project(people):
    """BEST, 12/2002–12/2004: ESF Article 6, co-financed by the Senate."""
    project = start(
        key="best-modell",
        name="BEST Modellprojekt",
        purpose="Eine Entwicklungsagentur für Soziale Unternehmen in drei Quartieren erproben.",
        starts_on=date(2002, 12, 1),
        ends_on=date(2004, 12, 31),
        areas=("Boxhagener Platz", "Helmholtzplatz", "Falkplatz"),
        team=people.advisors,
        evaluators=[people.evaluator],
    )
    common = {
        "project": project,
        "title": "BEST – Berliner Entwicklungsagentur für Soziale Unternehmen",
        "purpose": "Beratung, Begleitung und Qualifizierung von Gründungsinitiativen und "
        "Sozialunternehmen in den Quartieren Boxhagener Platz, Helmholtzplatz und Falkplatz.",
        "starts_on": project.starts_on,
        "ends_on": project.ends_on,
        "logos": [EU_LOGO, logo("Land Berlin"), logo("Quartiersmanagement")],
        "targets": {
            "BEST-BER": 500,
            "BEST-STD": 700,
            "BEST-ORG": 20,
            "BEST-GRU": 4,
            "BEST-ARB": 12,
            "BEST-VA": 40,
            "BEST-TN": 400,
        },
    }
    give_grant(
        ref="best-modell-esf",
        profile="esf",
        officer=people.esf,
        fund=("ESF", "2000–2006", "Europäischer Sozialfonds"),
        programme="ESF Artikel 6 „Lokale Beschäftigungsstrategien und Innovation“",
        authority="Europäische Kommission",
        authority_address="Musterallee 1\n1049 Brüssel",
        reference="Muster VS/2002/0000",
        amount=Decimal("420000.00"),
        financing="share",
        rate=Decimal("75.00"),
        notice_on=date(2002, 11, 18),
        deadlines=[
            ("Zwischenbericht", date(2004, 1, 31)),
            ("Schlussbericht", date(2005, 3, 31)),
        ],
        plan=[
            ("income", "1", "Zuwendung der Europäischen Kommission", "420000.00", "grant"),
            ("income", "2", "Kofinanzierung des Landes Berlin", "140000.00", "other_grant"),
            ("expense", "1", "Personalausgaben", "412000.00", "staff"),
            ("expense", "2", "Honorare und Dienstleistungen", "64000.00"),
            ("expense", "3", "Räume und Ausstattung", "51000.00"),
            ("expense", "4", "Öffentlichkeitsarbeit", "33000.00"),
        ],
        **common,
    )
    give_grant(
        ref="best-modell-senat",
        profile="senate",
        officer=people.senate,
        fund=("LAND", "2002–2004", "Land Berlin"),
        programme="Soziale Stadt",
        authority="Senatsverwaltung für Stadtentwicklung, Referat Soziale Stadt",
        authority_address="Musterstraße 1\n10000 Berlin",
        reference="Muster IV B 00/2002",
        amount=Decimal("140000.00"),
        financing="gap",
        notice_on=date(2002, 11, 25),
        deadlines=[
            ("Zwischennachweis 2003", date(2004, 4, 30)),
            ("Verwendungsnachweis", date(2005, 6, 30)),
        ],
        plan=[
            ("income", "1", "Zuwendung des Landes Berlin", "140000.00", "grant"),
            ("income", "2", "Zuwendung der Europäischen Kommission", "420000.00", "other_grant"),
            ("expense", "1", "Personalausgaben", "412000.00", "staff"),
            ("expense", "2", "Sachausgaben", "148000.00"),
        ],
        **common,
    )
    return project


def pankow(people):
    """BEST Pankow, 06/2005–06/2007: EFRE with the Bezirksamt, six tasks."""
    project = start(
        key="best-pankow",
        name="BEST Pankow",
        purpose="Die Entwicklungsagentur im Bezirk Pankow fortführen, entlang von sechs Aufgaben.",
        starts_on=date(2005, 6, 1),
        ends_on=date(2007, 6, 30),
        areas=("Helmholtzplatz", "Falkplatz"),
        team=people.other_team,
        evaluators=[people.evaluator],
        tasks=SIX_TASKS,
    )
    give_grant(
        ref="best-pankow-efre",
        project=project,
        profile="efre",
        officer=people.efre,
        fund=("EFRE", "2000–2006", "Europäischer Fonds für regionale Entwicklung"),
        programme="Wirtschaftsdienliche Maßnahmen",
        authority="Bezirksamt Pankow von Berlin",
        authority_address="Musterstraße 1\n10000 Berlin",
        reference="Muster WDM 00/2005",
        title="BEST Pankow – Entwicklungsagentur für Stadtteilökonomie",
        purpose="Förderung der Stadtteilökonomie und zusätzlicher Arbeitsplätze in Pankow.",
        starts_on=project.starts_on,
        ends_on=project.ends_on,
        amount=Decimal("180000.00"),
        financing="share",
        rate=Decimal("50.00"),
        notice_on=date(2005, 5, 12),
        deadlines=[
            ("Zwischennachweis", date(2006, 8, 31)),
            ("Verwendungsnachweis", date(2007, 9, 30)),
        ],
        logos=[EU_LOGO, logo("Bezirksamt Pankow"), logo("Land Berlin")],
        targets={
            "BEST-BER": 350,
            "BEST-STD": 500,
            "BEST-ORG": 15,
            "BEST-GRU": 3,
            "BEST-ARB": 10,
            "BEST-VA": 20,
            **SIX_FIGURES,
        },
        plan=[
            ("income", "1", "Zuwendung EFRE", "180000.00", "grant"),
            ("income", "2", "Bezirksamt Pankow", "150000.00", "other_grant"),
            ("income", "3", "Eigenanteil", "30000.00", "own"),
            ("expense", "1", "Personalausgaben", "276000.00", "staff"),
            ("expense", "2", "Sachausgaben", "84000.00"),
        ],
    )
    return project


def todays_project(people, today):
    """A project of today with grants of all three funders."""
    project = start(
        key="best-heute",
        name="BEST heute",
        purpose="Beratung für Soziale Unternehmen und Nachbarschaftsökonomie in drei Quartieren.",
        starts_on=date(today.year - 2, 1, 1),
        ends_on=date(today.year + 1, 12, 31),
        areas=TODAYS_AREAS,
        team=people.team,
        evaluators=[people.evaluator],
        tasks=SIX_TASKS[:4],
        asks_participants=True,
        participant_hours=Decimal("8.00"),
        answers_kept_years=5,
        participants_note="Muster: Bescheid ESF-00001; mit dem Fördergeber zu bestätigen.",
    )
    halfway = date(today.year - 1, 12, 31)
    own = {"BEST-BER": 900, "BEST-STD": 1300, "BEST-ORG": 30, "BEST-GRU": 8, "BEST-ARB": 20}
    common = {
        "project": project,
        "title": "BEST – Beratung für Soziale Unternehmen",
        "purpose": "Beratung, Begleitung und Qualifizierung in den Quartieren "
        "Badstraße, Donaustraße-Nord und Rixdorf.",
        "starts_on": project.starts_on,
        "ends_on": project.ends_on,
        "notice_on": date(today.year - 3, 11, 20),
    }
    duties = [
        ("interim", "years", 2, "Muster: Bescheid, Nebenbestimmung 6.1"),
        ("final", "end", 3, "Muster: Bescheid, Nebenbestimmung 6.2"),
    ]
    deadlines = [("Letzter Mittelabruf", date(today.year + 1, 12, 1))]
    give_grant(
        ref="best-heute-esf",
        profile="esf",
        officer=people.esf,
        fund=("ESF", "2021–2027", "Europäischer Sozialfonds Plus"),
        programme="ESF Plus Berlin",
        authority="Musterstelle für den Europäischen Sozialfonds",
        authority_address="Musterstraße 1\n10000 Berlin",
        reference="Muster ESF-00001",
        amount=Decimal("360000.00"),
        financing="share",
        rate=Decimal("40.00"),
        thresholds=[("hours", "8.00", "Muster: Bescheid, Nebenbestimmung 4")],
        logos=[
            {**EU_LOGO, "text": "Kofinanziert von der Europäischen Union"},
            logo("Land Berlin"),
        ],
        targets={**PEOPLE, "EECO18": None, "EECO19": 12, **own},
        milestones=[("EECO01", 20, halfway), ("EECO19", 6, halfway)],
        publicity=[
            (
                date(today.year - 2, 3, 14),
                "press",
                "Musterblatt Nord",
                "Eine Agentur für Soziale Unternehmen",
                "Ordner Öffentlichkeit, Nr. 1",
            ),
            (
                date(today.year - 1, 5, 6),
                "printed",
                "Plakat A3 im Stadtteilladen",
                "Kofinanziert von der Europäischen Union",
                "Aushang, Foto in der Akte",
            ),
        ],
        deadlines=deadlines,
        duties=duties,
        plan=[
            ("income", "1", "Zuwendung ESF Plus", "360000.00", "grant"),
            ("income", "2", "Landesmittel", "420000.00", "other_grant"),
            ("income", "3", "Eigenanteil", "120000.00", "own"),
            ("expense", "1", "Personalausgaben", "782600.00", "staff"),
            ("expense", "2", "Restkosten", "117400.00", REST),
        ],
        **common,
    )
    give_grant(
        ref="best-heute-senat",
        profile="senate",
        officer=people.senate,
        fund=("LAND", "2021–2027", "Land Berlin"),
        programme="Sozialer Zusammenhalt",
        authority="Senatsverwaltung für Stadtentwicklung, Bauen und Wohnen",
        authority_address="Musterstraße 1\n10000 Berlin",
        reference="Muster SoZus 00/2024",
        thresholds=[("inventory", "800.00", "Muster: Bescheid, Nebenbestimmung 5")],
        amount=Decimal("420000.00"),
        financing="gap",
        logos=[logo("Städtebauförderung"), logo("Senatsverwaltung"), logo("Bezirk")],
        targets={**own, "BEST-VA": 60, "BEST-TN": 600},
        deadlines=deadlines,
        duties=duties,
        plan=[
            ("income", "1", "Zuwendung des Landes Berlin", "420000.00", "grant"),
            ("income", "2", "Zuwendung ESF Plus", "360000.00", "other_grant"),
            ("income", "3", "Eigenanteil", "120000.00", "own"),
            ("expense", "1", "Personalausgaben", "782600.00", "staff"),
            ("expense", "2", "Sachausgaben", "117400.00"),
        ],
        **common,
    )
    give_grant(
        ref="best-heute-efre",
        profile="efre",
        officer=people.efre,
        fund=("EFRE", "2021–2027", "Europäischer Fonds für regionale Entwicklung"),
        programme="Wirtschaftsdienliche Maßnahmen 2021–2027",
        authority="Bezirksamt Musterbezirk von Berlin",
        authority_address="Musterstraße 1\n10000 Berlin",
        reference="Muster WDM 00/2024",
        aid_basis="de_minimis",
        amount=Decimal("120000.00"),
        financing="share",
        rate=Decimal("40.00"),
        thresholds=[
            ("hours", "4.00", "Muster: Bescheid, Nebenbestimmung 4"),
            ("new_age", "36.00", "Muster: mit dem Fördergeber zu bestätigen"),
            ("keeping", "10.00", "Muster: Bescheid, Nebenbestimmung 7"),
        ],
        logos=[
            {**EU_LOGO, "text": "Kofinanziert von der Europäischen Union"},
            logo("Bezirksamt"),
        ],
        targets={**ENTERPRISES, **own},
        milestones=[("RCO01", 6, halfway), ("BEST-BER", 300, halfway)],
        deadlines=deadlines,
        duties=duties,
        plan=[
            ("income", "1", "Zuwendung EFRE", "120000.00", "grant"),
            ("income", "2", "Bezirksmittel", "150000.00", "other_grant"),
            ("income", "3", "Eigenanteil", "30000.00", "own"),
            ("expense", "1", "Personal nach Stundensatz", "200000.00", BY_HOUR),
            ("expense", "2", "Sachausgaben", "70000.00"),
            ("expense", "3", "Pauschalbeträge für Ergebnisse", "30000.00", BY_RESULT),
        ],
        **common,
    )
    return project
