"""The demo's promises, both ways: kept, overdue, postponed, dropped, handed over."""

import random
from datetime import timedelta

from consultations.models import Promise, Promiser, SupportCase
from enterprises.models import Person

BY_US = (
    "Satzungsentwurf gegenlesen",
    "Kontakt zur Musterbank herstellen",
    "Vorlage für den Finanzplan schicken",
    "Liste der Gewerberäume im Quartier besorgen",
    "Termin mit der Genossenschaftsberatung vereinbaren",
    "Förderaufruf zusammenfassen",
)
BY_THEM = (
    "Kostenvoranschläge mitbringen",
    "Liste der Mitglieder schicken",
    "Entwurf der Website zeigen",
    "Mietvertrag zur Durchsicht mitbringen",
    "Umsätze des letzten Vierteljahrs nachreichen",
)
# Days from today on which each is due, and what became of it.
FATES = ((-6, "open"), (-1, "open"), (0, "open"), (2, "open"), (5, "open"), (None, "open"))
PAST = ((-30, "kept"), (-21, "kept"), (-14, "dropped"), (-10, "kept"), (9, "postponed"))


def make_promises(project, people, today):
    """A handful for each running case of today's project, both ways."""
    dice = random.Random("promises")
    cases = SupportCase.objects.running().filter(project=project).order_by("pk")
    fates = FATES + PAST
    for number, case in enumerate(cases):
        person = Person.objects.part_of(case.organisation).order_by("pk").first()
        for turn in range(3):
            days, fate = fates[(3 * number + turn) % len(fates)]
            promise = make(case, person, days, today, dice)
            match fate:
                case "kept":
                    promise.keep(by=promise.advisor)
                case "dropped":
                    promise.drop(by=promise.advisor, reason="Hat sich anders erledigt.")
                case "postponed":
                    promise.postpone(
                        today + timedelta(days=days + 7),
                        reason="Die Unterlagen kommen später.",
                        by=promise.advisor,
                    )
    hand_over(people)
    for founder in people.founders:
        agree(founder.person, today)


def agree(person, today):
    """What a founder with an account and their advisor have promised each other."""
    organisation = person.organisations.get()
    case = SupportCase.objects.running().filter(organisation=organisation).first()
    shared = {"by": case.advisor, "advisor": case.advisor, "organisation": organisation}
    made_on = today - timedelta(days=9)
    for promiser, what, days in (
        (Promiser.PERSON, "Finanzplan um die Mieten ergänzen", 3),
        (Promiser.ADVISOR, "Ansprechpartnerin bei der Musterbank nennen", 6),
    ):
        Promise.objects.make(
            promiser=promiser,
            person=person,
            what=what,
            made_on=made_on,
            due_on=today + timedelta(days=days),
            case=case,
            **shared,
        )


def make(case, person, days, today, dice):
    is_ours = dice.random() < 0.6
    due_on = None if days is None else today + timedelta(days=days)
    return Promise.objects.make(
        by=case.advisor,
        organisation=case.organisation,
        case=case,
        advisor=case.advisor,
        promiser=Promiser.ADVISOR if is_ours else Promiser.PERSON,
        person=None if is_ours else person,
        what=dice.choice(BY_US if is_ours else BY_THEM),
        made_on=max(case.opened_on, min(due_on or today, today) - timedelta(days=12)),
        due_on=due_on,
    )


def hand_over(people):
    """One promise went from a colleague to the first of the team this week."""
    first, second = people.team
    for promise in Promise.objects.of_advisor(second).open().soonest_first()[:1]:
        promise.pass_on(to=first, by=second)
