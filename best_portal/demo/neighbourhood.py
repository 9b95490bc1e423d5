"""The demo's neighbourhood: surveys, needs on their way to jobs, an event, stories, the time after
the money, barriers."""

import random
import uuid
from datetime import datetime, time, timedelta

from django.utils import timezone

from best_portal.pages.models import Barrier
from consultations.clock import BERLIN
from consultations.models import (
    Channel,
    Consultation,
    Finding,
    GroupSession,
    Idea,
    Need,
    NeedSource,
    Proceedings,
    ProgrammeItem,
    SupportCase,
    Topic,
    Visit,
)
from districts.models import QuestionKind, Survey, SurveyReply, SurveyResponse
from enterprises.models import Job, Organisation, OrganisationKind, Stage
from reports.models import ContinuityRule, CoordinatingTask, Story

QUESTIONS = (
    (QuestionKind.CHOICE, "Was fehlt in Ihrem Quartier am meisten?", "Läden\nTreffpunkte\nArbeit"),
    (QuestionKind.SEVERAL, "Was würden Sie nutzen?", "Waschsalon\nReparatur\nMittagstisch"),
    (QuestionKind.SCALE, "Wie gern wohnen oder arbeiten Sie hier?", ""),
    (QuestionKind.TEXT, "Was könnte man hier gemeinsam auf die Beine stellen?", ""),
)
SAID = (
    "Einen Waschsalon, in dem man auch Kaffee trinken kann.",
    "Eine Werkstatt für alle, mit Werkzeug zum Ausleihen.",
    "Jemand, der für ältere Leute einkauft.",
)
PROGRAMME = (
    (time(9, 30), "Begrüßung", "Maria Muster", "Saal"),
    (time(10), "Was Soziale Unternehmen einem Quartier bringen", "Eva Muster", "Saal"),
    (time(11, 30), "Werkstatt: Vom Bedarf zum Betrieb", "Aylin Beispiel", "Raum 2"),
    (time(14), "Werkstatt: Wer zahlt, wenn die Förderung endet?", "Jonas Muster", "Raum 3"),
)
FINDINGS = (
    ("Wer die Räume früh sichert, gründet eher.", "Räume"),
    ("Drei Quellen von Einnahmen tragen länger als eine.", "Finanzierung"),
    ("Eine Idee braucht mindestens drei, denen sie gehört.", "Rechtsform"),
)
TASKS = (
    ("Quartiersforum leiten", "Nachbarschaftsverein Muster", 40),
    ("Verteiler der Gewerbetreibenden pflegen", "", 0),
    ("Karte und Verzeichnis aktuell halten", "", 0),
)
STORY = (
    "Angefangen hat es mit einer Liste am Schwarzen Brett: Wer kann was, wer braucht was?\n\n"
    "Aus der Liste wurde eine Gruppe, aus der Gruppe eine Gründung. Beraten wurde über Rechtsform, "
    "Räume und Preise. Heute hat der Betrieb feste Öffnungszeiten und bezahlte Stellen."
)


def act_in_the_neighbourhood(project, people, today):
    areas = list(project.districts.order_by("pk"))
    ask_the_neighbourhood(people, today, areas)
    follow_needs(people, today, areas)
    hold_a_forum(project, people, areas)
    plan_the_time_after(project, people, today)
    tell_stories(people, today)
    report_barriers(people)


def key_of(words):
    return uuid.uuid5(uuid.NAMESPACE_DNS, f"{words}.muster.example")


def ask_the_neighbourhood(people, today, areas):
    """One survey that is over and has its figures, one that can be answered now."""
    dice = random.Random("survey")
    over = ask(people, "Was fehlt im Kiez?", areas, today - timedelta(days=60), 30)
    questions = list(over.questions.order_by("position"))
    for number in range(42):
        give(over, questions, number, dice, areas)
    ask(people, "Ideen für den Sommer", areas, timezone.localdate() - timedelta(days=3), 24)


def ask(people, title, areas, opens_on, days):
    survey = Survey.objects.plan(
        by=people.manager,
        title=title,
        introduction="Bedarf, Wünsche und Möglichkeiten: Sagen Sie uns, was hier fehlt. Aus den "
        "Antworten werden Ideen, und wer mag, macht mit.",
        areas=areas,
        opens_on=opens_on,
        closes_on=opens_on + timedelta(days=days),
    )
    for position, (kind, words, options) in enumerate(QUESTIONS, start=1):
        survey.questions.create(position=position, kind=kind, words=words, options=options)
    survey.publish(by=people.manager)
    return survey


def give(survey, questions, number, dice, areas):
    choice, several, scale, text = questions
    replies = {
        choice: [dice.choice([1, 1, 1, 2, 2, 3])],
        several: sorted({dice.randint(1, 3), dice.randint(1, 3)}),
        scale: [dice.randint(2, 5)],
        text: SAID[number // 9] if number % 9 == 0 and number // 9 < len(SAID) else "",
    }
    SurveyResponse.objects.give(
        survey,
        form_key=key_of(f"antwort-{number}"),
        district=dice.choice(areas),
        replies=replies,
        on=survey.opens_on + timedelta(days=number % 25),
    )


def follow_needs(people, today, areas):
    """A chain that reached jobs, one with an initiative, ideas that ended, needs nobody took up."""
    advisor = people.team[0]
    bodies = Organisation.objects.filter(kind=OrganisationKind.SOCIAL_ENTERPRISE)
    employed = bodies.filter(jobs__in=Job.objects.valid()).distinct()
    employed = employed.order_by("-founded_on", "pk").first()
    initiative = (
        Organisation.objects.filter(kind=OrganisationKind.FOUNDING_INITIATIVE)
        .exclude(stage=Stage.GIVEN_UP)
        .order_by("pk")
        .first()
    )
    needs = needs_of(people, today, areas, employed)
    if employed:
        repair = have(needs[0], advisor, "Reparaturwerkstatt mit Ausleihe", today)
        repair.share(by=advisor, organisation=employed)
        repair.share(by=advisor, name="Mara Muster")
        repair.become(employed, by=advisor)
    if initiative:
        salon = have(needs[1], advisor, "Waschsalon mit Café", today)
        salon.share(by=advisor, name="Nachbarschaftstreff Beispiel")
        salon.become(initiative, by=advisor)
    delivery = have(needs[2], advisor, "Einkaufsdienst mit Lastenrad", today)
    delivery.end(by=advisor, because="money", note="Ohne festen Auftrag trug es sich nicht.")
    have(needs[2], advisor, "Einkaufen zu zweit: Nachbarn begleiten Nachbarn", today)
    school = have(needs[3], advisor, "Lehrküche im Leerstand", today)
    school.end(by=advisor, because="room", note="Der Laden wurde anders vermietet.")


def needs_of(people, today, areas, employed):
    reply = SurveyReply.objects.in_words().for_list().first()
    # The oldest one was there before the enterprise that came of it.
    founded = employed.founded_on if employed else today
    visit = Visit.objects.filter(withdrawn_at=None).exclude(need="").order_by("pk").first()
    from_where = [
        {"source": NeedSource.FORUM, "heard_where": "erstes Treffen im Quartier"},
        {"source": NeedSource.SURVEY, "reply": reply},
        {"source": NeedSource.FORUM, "heard_where": "Quartiersforum im Frühjahr"},
        {"source": NeedSource.PLANNING, "heard_where": "Planning for Real am Marktplatz"},
        {"source": NeedSource.VISIT, "visit": visit} if visit else {"source": NeedSource.OTHER},
        {"source": NeedSource.FORUM, "heard_where": "Quartiersforum im Herbst"},
    ]
    titles = (
        "Werkzeug, das sich niemand allein kauft",
        "Waschsalon",
        "Hilfe beim Einkaufen für Ältere",
        "Günstig essen und kochen lernen",
        "Kundschaft für die Läden an der Baustelle",
        "Kinderbetreuung am frühen Abend",
    )
    return [
        Need.objects.note(
            by=people.team[number % len(people.team)],
            title=title,
            district=areas[number % len(areas)],
            noted_on=today - timedelta(days=58 - 9 * number)
            if number
            else founded - timedelta(days=200),
            **from_where[number],
        )
        for number, title in enumerate(titles)
    ]


def have(need, advisor, title, today):
    return Idea.objects.have(
        by=advisor, need=need, title=title, begun_on=min(need.noted_on + timedelta(days=8), today)
    )


def hold_a_forum(project, people, areas):
    """An event to come with its programme; findings of one that was, cited from a consultation."""
    day = timezone.localdate() + timedelta(days=45)
    start, end = (datetime.combine(day, at, BERLIN) for at in (time(9, 30), time(16)))
    forum = GroupSession.objects.plan(
        by=people.manager,
        project=project,
        title="Innovationsforum Stadtteilökonomie",
        description="Ein Tag für Menschen, die im Quartier etwas unternehmen: Vorträge, "
        "Werkstätten und Zeit für Gespräche.",
        times=[(start, end)],
        leaders=[people.manager],
        topics=list(Topic.objects.order_by("pk")[:2]),
        district=areas[0],
        channel=Channel.ON_SITE,
        place="Rathaus, Großer Saal",
        access="Stufenlos, Aufzug links vom Eingang.",
        seats=120,
        waiting_seats=40,
    )
    for at, title, speakers, room in PROGRAMME:
        ProgrammeItem.objects.create(
            session=forum,
            starts_at=datetime.combine(day, at, BERLIN),
            title=title,
            speakers=speakers,
            room=room,
        )
    forum.publish(by=people.manager)
    held = GroupSession.objects.filter(status="held").order_by("pk").last()
    if held:
        write_up(held, people)


def write_up(session, people):
    Proceedings.objects.create(
        session=session,
        text="Drei Runden, viele Beispiele aus den Quartieren. Die Folien gibt es auf Anfrage.",
        is_public=True,
    )
    for position, (text, name) in enumerate(FINDINGS, start=1):
        finding = Finding.objects.create(session=session, position=position, text=text)
        finding.topics.set(Topic.objects.filter(name__icontains=name[:6]))
    consultation = Consultation.objects.filter(withdrawn_at=None, group_date=None).latest("pk")
    finding.cite(consultation, by=people.team[0])


def plan_the_time_after(project, people, today):
    ContinuityRule.objects.set_rule(
        by=people.manager,
        starts_on=today - timedelta(days=90),
        days_before=540,
        note="Entscheidung der Leitung: anderthalb Jahre, damit ein Wechsel im Team nichts kostet.",
    )
    for title, successor, days_ago in TASKS:
        task = CoordinatingTask.objects.create(
            project=project,
            title=title,
            owner=people.team[0],
            successor_name=successor,
            agreed_on=today - timedelta(days=days_ago) if successor else None,
        )
        task.steps.create(text="Zwei Sitzungen gemeinsam", due_on=today + timedelta(days=30))
        task.steps.create(text="Zugänge übergeben", due_on=today + timedelta(days=60))


def tell_stories(people, today):
    """One everyone reads, one that waits for its consent, one that was taken back."""
    cases = (
        SupportCase.objects.valid()
        .filter(organisation__entry__status="published", organisation__district__isnull=False)
        .order_by("pk")
        .distinct()[:3]
    )
    titles = (
        "Von der Liste am Schwarzen Brett zum Betrieb",
        "Ein Mittagstisch für alle",
        "Nähen, ändern, neu anfangen",
    )
    for number, (case, title) in enumerate(zip(cases, titles, strict=False)):
        story = Story.objects.tell(
            by=people.team[0],
            case=case,
            title=title,
            summary="Was aus einer Idee aus der Nachbarschaft geworden ist.",
            text=STORY,
        )
        if number == 1:
            continue
        consent = story.agree(
            by=people.team[0],
            of="organisation",
            given_by="Mara Muster",
            given_on=today - timedelta(days=20),
            way="paper",
        )
        story.approve(by=people.manager)
        if number == 2:
            consent.revoke(by=people.team[0])


def report_barriers(people):
    Barrier.objects.report(
        form_key=key_of("barriere-offen"),
        text="Die Karte kann ich mit dem Vergrößerer nicht bedienen.",
        place="/verzeichnis/",
    )
    answered = Barrier.objects.report(
        form_key=key_of("barriere-beantwortet"),
        text="Beim Buchen wird die gewählte Zeit nicht vorgelesen.",
        place="/termin/",
        name="Robin Beispiel",
        email="robin@muster.example",
    )
    answered.reply("Danke! Die Zeit wird jetzt mit vorgelesen.", by=people.manager)
