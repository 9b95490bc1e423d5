"""The demo's work: consultations day by day, cases, office hours and appointments."""

import random
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from best_portal.demo.files import INITIATIVE, open_files
from best_portal.demo.words import NEXT_STEPS, NOTES, RESULTS, TEXT_BLOCKS, TRAININGS
from consultations.models import (
    Absence,
    Appointment,
    Channel,
    Consultation,
    ConsultationKind,
    OfficeHours,
    SupportCase,
    SupportTarget,
    TextBlock,
    Timer,
    Topic,
    Weekday,
)
from consultations.models.free_times import public_holidays
from enterprises.models import Involvement, Organisation, Person

BERLIN = ZoneInfo("Europe/Berlin")
STARTS = (time(9, 0), time(10, 30), time(12, 0), time(14, 0), time(15, 30), time(17, 0))
LENGTHS = (30, 45, 60, 60, 60, 75, 90)
# The chance that an advisor holds a consultation at one of two times of a working day.
BUSY = {"best-modell": 0.13, "best-pankow": 0.17, "best-heute": 0.42}
PLACES = {
    Channel.OFFICE: "Stadtteilbüro",
    Channel.ON_SITE: "vor Ort",
}


def do_the_work(project, people, today):
    """Log the project's work until yesterday or its end; returns how many consultations."""
    dice = random.Random(project.key)
    until = min(project.ends_on, today - timedelta(days=1))
    since = max(project.starts_on, until - timedelta(days=2 * 365 + 62))
    files = open_files(project, people, until, dice)
    cases = open_cases(project, files, people, until, dice)
    topics = {topic.name: topic for topic in Topic.objects.all()}
    contacts = contacts_of(files) if project.asks_participants else {}
    logged = 0
    day = since
    while day <= until:
        if day.isoweekday() <= 5 and day not in public_holidays(day.year):
            logged += work_a_day(project, files, cases, contacts, topics, day, dice)
        day += timedelta(days=1)
    if project.covers(today):
        meet_people(project, people, today)
    return logged


def open_cases(project, files, people, until, dice):
    """A case for each initiative half a month after it came, closed where it ended."""
    cases = {}
    for organisation, story, begins, ends in files:
        opened_on = begins + timedelta(days=16)
        if story.kind != INITIATIVE or opened_on > until:
            continue
        team = list(project.team.all())
        case = SupportCase.objects.open_for(
            organisation,
            by=people.manager,
            project=project,
            advisor=dice.choice(team),
            on=opened_on,
            # Nothing is founded yet when its founders come.
            support_target=SupportTarget.PERSON,
            goal="Gründung vorbereiten und die ersten Monate begleiten.",
        )
        if ends < until:
            case.close(on=ends, outcome="Vorhaben aufgegeben.", by=people.manager)
        elif project.ends_on <= until:
            case.close(on=project.ends_on, outcome="Mit dem Projekt beendet.", by=people.manager)
        cases[organisation] = case
    if project.key == "best-modell":
        # Its funders did not ask: what was opened then stands in the list of what is to settle.
        project.cases.update(support_target="")
    return cases


def contacts_of(files):
    """Whoever came first for each organisation comes to all of its consultations."""
    return {
        organisation: organisation.people.order_by("pk").first() for organisation, *_rest in files
    }


def work_a_day(project, files, cases, contacts, topics, day, dice):
    known = [file for file in files if file[2] <= day <= file[3]]
    if not known:
        return 0
    logged = 0
    for advisor in project.team.all():
        for start in sorted(dice.sample(STARTS, k=2)):
            if dice.random() < BUSY[project.key]:
                file = dice.choice(known)
                people = [contacts[file[0]]] if file[0] in contacts else []
                log(project, file, cases, people, topics, advisor, day, start, dice)
                logged += 1
    return logged


def log(project, file, cases, people, topics, advisor, day, start, dice):
    organisation, story, begins, _ends = file
    case = cases.get(organisation)
    in_case = case and case.opened_on <= day and (not case.closed_on or day <= case.closed_on)
    if dice.random() < 0.08:
        kind = ConsultationKind.TRAINING
    elif in_case and dice.random() < 0.6:
        kind = ConsultationKind.ACCOMPANIMENT
    else:
        kind = ConsultationKind.ADVICE
    training = kind == ConsultationKind.TRAINING
    topic = dice.choice(list(RESULTS))
    channel = Channel.OFFICE if training else dice.choice(list(PLACES))
    starts_at = datetime.combine(day, start, BERLIN)
    minutes = 90 if training else dice.choice(LENGTHS)
    steps = {}
    if dice.random() < 0.3:
        steps = {
            "next_step": dice.choice(NEXT_STEPS),
            "next_step_on": day + timedelta(days=dice.choice([7, 14, 21])),
        }
    Consultation.objects.log(
        by=advisor,
        project=project,
        task=dice.choice(list(project.tasks.all()) or [None]),
        kind=kind,
        held_on=day,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        minutes=minutes,
        channel=channel,
        place=PLACES[channel],
        district=organisation.district if organisation.district.was_valid_on(day) else None,
        organisation=organisation,
        headcount=dice.randint(6, 16) if training else dice.choice([1, 1, 2, 2, 3]),
        result=dice.choice(TRAININGS) if training else dice.choice(RESULTS[topic]),
        internal_note=dice.choice(NOTES) if dice.random() < 0.25 else "",
        case=case if kind == ConsultationKind.ACCOMPANIMENT else None,
        advisors=[advisor],
        topics=[topics[topic]],
        people=people,
        **steps,
    )


def meet_people(project, people, today):
    """Office hours of each advisor, and appointments before and after today."""
    founders = [
        (founder, Organisation.objects.named(name).get())
        for founder, name in zip(
            people.founders,
            ("Beispiel-Pflegegenossenschaft", "Muster-Nachhilfekollektiv"),
            strict=True,
        )
    ]
    persons = []
    for founder, organisation in founders:
        person = Person.objects.create(
            name=founder.name, email=founder.email, language=founder.language, user=founder
        )
        Involvement.objects.create(person=person, organisation=organisation)
        persons.append((founder, person, organisation))
    districts = list(project.districts.order_by("pk"))
    blocks = []
    for number, advisor in enumerate(people.team):
        for weekday, starts_at, ends_at in (
            (Weekday.TUESDAY, time(10), time(13)),
            (Weekday.THURSDAY, time(14), time(18)),
        ):
            blocks.append(
                OfficeHours.objects.create(
                    advisor=advisor,
                    project=project,
                    district=districts[number],
                    place="Stadtteilbüro",
                    weekday=weekday,
                    starts_at=starts_at,
                    ends_at=ends_at,
                    starts_on=project.starts_on,
                )
            )
    together = OfficeHours.objects.create(
        team=f"Team {districts[0]}",
        project=project,
        district=districts[0],
        place="Stadtteilbüro",
        weekday=Weekday.WEDNESDAY,
        starts_at=time(16),
        ends_at=time(18),
        slot_minutes=30,
        starts_on=project.starts_on,
    )
    together.members.set(people.team)
    for part, title, text in TEXT_BLOCKS:
        TextBlock.objects.create(project=project, part=part, title=title, text=text)
    # Forgotten by tomorrow: then the log asks how long it really was.
    Timer.objects.start(by=people.team[1])
    away = people.team[1]
    monday = datetime.combine(today + timedelta(days=21 - today.weekday()), time.min, BERLIN)
    Absence.objects.note(
        by=away, advisor=away, starts_at=monday, ends_at=monday + timedelta(days=3), reason="Urlaub"
    )
    # The last one passed without a log: the advisor's page asks for it.
    for block, weeks, (founder, person, organisation) in (
        (blocks[0], 1, persons[0]),
        (blocks[1], 2, persons[0]),
        (blocks[2], 1, persons[1]),
        (blocks[0], -1, persons[1]),
    ):
        day = today + timedelta(days=(block.weekday - today.isoweekday()) % 7, weeks=weeks)
        starts_at = datetime.combine(day, block.starts_at, BERLIN)
        Appointment.objects.book(
            by=founder,
            advisor=block.advisor,
            office_hours=block,
            project=project,
            person=person,
            organisation=organisation,
            starts_at=starts_at,
            ends_at=starts_at + timedelta(minutes=block.slot_minutes),
            channel=block.channel,
            place=block.place,
            concern="Fragen zur Rechtsform und zur Finanzierung",
            # Kept free for invented people by the Bundesnetzagentur.
            mobile="+491713920000",
        )
