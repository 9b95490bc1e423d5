"""The demo's training in groups: two sessions that were held, and two that are announced."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.utils import timezone

from consultations.clock import BERLIN
from consultations.models import Channel, CheckIn, GroupSession, Registration, Topic
from consultations.models.free_times import public_holidays
from enterprises.models import Organisation, Person

EVENING = (time(18), time(20, 30))
PLACE = "Stadtteilbüro, Gruppenraum"
ACCESS = "Eingang im Hof, Erdgeschoss, stufenlos. U-Bahn und Bus in der Nähe."
GUESTS = (
    "Amira Beispiel",
    "Boris Muster",
    "Chiara Beispiel",
    "Deniz Muster",
    "Elif Beispiel",
    "Farid Muster",
    "Greta Beispiel",
)


@dataclass(frozen=True)
class Course:
    title: str
    topic: str
    description: str
    contents: tuple[str, ...]
    # In days from today; a holiday or a weekend moves an evening on.
    days: tuple[int, ...]
    seats: int = 10


BOOKKEEPING = Course(
    "Buchhaltung von Anfang an",
    "Buchhaltung und Steuern",
    "Zwei Abende für alle, die ihre Belege bisher im Schuhkarton sammeln.",
    ("Belege ordnen", "Einnahmen und Ausgaben aufschreiben", "Was das Finanzamt wissen will"),
    (-35, -28),
)
LEGAL_FORMS = Course(
    "Verein, Genossenschaft oder gGmbH?",
    "Rechtsform",
    "Ein Abend über Rechtsformen, mit Beispielen aus dem Kiez.",
    ("Die drei Formen im Vergleich", "Haftung und Gemeinnützigkeit", "Schritte zur Gründung"),
    (-14,),
)
APPLICATIONS = Course(
    "Förderanträge, die ankommen",
    "Förderung",
    "Sie bringen Ihre Idee mit, wir schreiben zusammen den ersten Antrag. Vorwissen ist nicht "
    "nötig.",
    ("Das passende Programm finden", "Ziele beschreiben", "Der Kosten- und Finanzierungsplan"),
    (9,),
)
PRICES = Course(
    "Preise, von denen man leben kann",
    "Finanzierung",
    "Ein Kurs an drei Abenden: Kosten kennen, Preise finden, Preise sagen.",
    ("Kosten kennen", "Preise finden", "Preise sagen"),
    (16, 23, 30),
    seats=4,
)


def teach_groups(project, people, today):
    """Two sessions with who was there, and two to come: one with free seats, one that is full."""
    bodies = list(Organisation.objects.order_by("pk").filter(district__projects=project))
    guests = [Person.objects.met(name=name) for name in GUESTS]
    founders = list(Person.objects.filter(user__in=people.founders).order_by("pk"))
    hold(BOOKKEEPING, project, people.team[0], today, guests + founders[:1], bodies)
    hold(LEGAL_FORMS, project, people.team[1], today, guests[:5] + founders, bodies)
    # Announced is only what is to come, whatever day the demo takes place on.
    now = timezone.localdate()
    announce(APPLICATIONS, project, people.team[1], now, founders[:1] + guests[:3], bodies)
    announce(PRICES, project, people.team[0], now, guests[:5] + founders[1:], bodies)


def plan(course, project, advisor, today):
    days = [evening(today + timedelta(days=number)) for number in course.days]
    return GroupSession.objects.plan(
        by=advisor,
        project=project,
        title=course.title,
        description=course.description,
        contents="\n".join(course.contents),
        times=[tuple(datetime.combine(day, at, BERLIN) for at in EVENING) for day in days],
        leaders=[advisor],
        topics=[Topic.objects.get(name=course.topic)],
        task=project.tasks.first(),
        district=project.districts.order_by("pk").first(),
        channel=Channel.OFFICE,
        place=PLACE,
        access=ACCESS,
        seats=course.seats,
        waiting_seats=4,
    )


def evening(day):
    while day.isoweekday() > 5 or day in public_holidays(day.year):
        day += timedelta(days=1)
    return day


def hold(course, project, advisor, today, people, bodies):
    """Write down afterwards who was there: everybody, but for one late and one not there once."""
    session = plan(course, project, advisor, today)
    for number, date in enumerate(session.dates.all()):
        marks = [
            CheckIn.objects.walk_in(
                by=advisor, date=date, person=person, organisation=bodies[place % len(bodies)]
            )
            for place, person in enumerate(people)
        ]
        for mark, words in ((marks[1], {"late": 30}), (marks[2 + number], {"is_present": False})):
            CheckIn.objects.note(
                by=advisor,
                date=date,
                registration=mark.registration,
                **{"is_present": True} | words,
            )
        date.log(by=advisor, result=session.in_reports)


def announce(course, project, advisor, today, people, bodies):
    session = plan(course, project, advisor, today)
    session.publish(by=advisor)
    for place, person in enumerate(people):
        Registration.objects.register(
            by=advisor,
            session=session,
            person=person,
            organisation=bodies[place % len(bodies)],
            told_by="mail" if person.email else "nobody",
        )
