"""The demo's confirmations, answered and open, and a wish to be erased."""

from datetime import timedelta

from best_portal.privacy.models import AskedBy, ErasureRequest
from enterprises.models import Confirmation, Job, JobKind, Organisation, Person, Reply
from enterprises.models.confirmation import speaker_of

ANSWERS = (
    (Reply.YES, ""),
    (None, ""),
    (Reply.DIFFERENT, "Die Stelle ist seit März nur noch eine halbe."),
    (Reply.LATER, ""),
)


def ask_for_confirmations(people, today):
    """Each founder with an account is asked about a job; others, too, and some have answered."""
    advisor = people.advisors[0]
    for founder in people.founders:
        organisation = founder.person.organisations.get()
        job = Job.objects.create(
            organisation=organisation,
            title="Projektleitung",
            kind=JobKind.NEW,
            fte="0.50",
            since=today - timedelta(days=40),
        )
        ask(advisor, organisation, founder.person, job)
    reachable = (
        (organisation, speaker_of(organisation), organisation.jobs.valid().first())
        for organisation in Organisation.objects.filter(jobs__isnull=False).distinct()
        if not organisation.confirmations.exists()
    )
    able = [each for each in reachable if each[1] and not each[0].visits.barring().exists()]
    for (organisation, person, job), (reply, words) in zip(able, ANSWERS, strict=False):
        asked = ask(advisor, organisation, person, job)
        if reply:
            asked.answer(reply, words=words)


def ask(advisor, organisation, person, job):
    return Confirmation.objects.ask(by=advisor, organisation=organisation, person=person, job=job)


def wish_to_be_erased(people):
    """Somebody called, and the management has not decided yet."""
    person = Person.objects.filter(user=None, participations__isnull=False).order_by("pk").last()
    ErasureRequest.objects.ask(
        by=people.advisors[0],
        person=person,
        channel=AskedBy.PHONE,
        words="Zieht weg und möchte nicht mehr gespeichert sein.",
    )
