"""What opens every link of every mail, as scanners of mail programs do, changes nothing."""

import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.signals import template_rendered
from django.utils import timezone

from best_portal.accounts.emails import send_invitation
from best_portal.accounts.models import Role
from best_portal.outbox.models import Letter
from best_portal.pages import letters as barrier_letters
from consultations import daily, emails, group_emails, handover_letters, waiting_letters
from consultations.models import Appointment, GuestBooking, Registration, WaitingEntry
from enterprises import entry_letters
from enterprises.confirmation_letters import ask_by_letter
from reports import duties
from reports.due import remind_of, tell_it_is_overdue
from tests.consultations.guests import ask, link
from tests.factories import (
    make_absence,
    make_appointment,
    make_barrier,
    make_confirmation,
    make_duty,
    make_entry,
    make_founder,
    make_funder_paper,
    make_grant,
    make_group_session,
    make_handover,
    make_person,
    make_programme,
    make_promise,
    make_registration,
    make_review,
    make_user,
    make_waiting_entry,
    make_waiting_offer,
)
from tests.routes.test_routes import MAY_BE_WRITTEN

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

FOLDER = Path(settings.BASE_DIR) / "templates" / "emails"
TIMES_OPENED = 3
ROSA = {"name": "Rosa Beispiel", "email": "rosa@beispiel.example"}


def with_links():
    """The templates of all letters that lead somewhere, parts of letters left out."""
    return {
        path.name
        for path in FOLDER.glob("[!_]*.txt")
        if re.search(r"{{ portal }}.|_waiting_link", path.read_text(encoding="utf-8"))
    }


@pytest.fixture
def written():
    """The names of the templates of letters, as they are written."""
    names = set()

    def note(sender, template, **kwargs):
        if template.name and template.name.startswith("emails/"):
            names.add(Path(template.name).name)

    template_rendered.connect(note)
    yield names
    template_rendered.disconnect(note)


def every_letter(hours):
    """Let each letter be written that leads somewhere, about things of their own."""
    letters_of_appointments(hours)
    letters_of_groups()
    letters_of_the_waiting_list()
    letters_of_handovers(hours)
    letters_of_the_directory()
    letters_of_reports()
    ask_by_letter(make_confirmation())
    letters_about_barriers()
    promise = make_promise(due_on=timezone.localdate())
    daily.queue_one(promise.advisor, timezone.localdate())
    send_invitation(make_user())


def letters_about_barriers():
    barrier = make_barrier(email="meldung@beispiel.example")
    barrier_letters.tell_the_agency(barrier)
    barrier_letters.answer(barrier)


def letters_of_appointments(hours):
    guest = Client()
    ask(guest, email="zweite@beispiel.example")
    guest.post(f"{link()}bestaetigen/")
    ask(Client())
    founder = make_founder()
    guests = Appointment.objects.get(status="booked")
    accounts = make_appointment(person=founder.person, office_hours=hours)
    for appointment in (guests, accounts):
        for what in ("booked", "moved", "cancelled"):
            emails.announce(what, appointment, by=appointment.advisor)
        soon = appointment.starts_at - timedelta(hours=2)
        emails.remind("reminder_24h", appointment, not_after=soon)
    emails.take_back(accounts, former=make_user())


def letters_of_handovers(hours):
    handover = make_handover()
    appointment = make_appointment(
        person=make_person(email="uebergeben@beispiel.example"), office_hours=hours
    )
    handover_letters.tell_successor(handover, handover.to, {"appointments": 1}, [appointment])
    handover_letters.tell_giver(handover, [appointment])
    emails.introduce(appointment)
    handover_letters.ask_to_stand_in(make_absence(substitute=make_user()))


def letters_of_the_directory():
    entry = make_entry(keeper_email="eintrag@beispiel.example", keeper_name="Muster")
    entry_letters.ask_to_confirm(entry, not_after=None)
    entry_letters.told_published(entry)
    entry_letters.told_refused(entry, "Kein Betrieb im Gebiet.")
    entry_letters.ask_whether_true(entry)


def letters_of_reports():
    make_review()
    programme = make_programme(officers=[make_user(Role.FUNDER)])
    make_funder_paper(grant=make_grant(programme=programme))
    grant, today = make_duty().grant, timezone.localdate()
    grant.deadlines.create(title="Mittelabruf", due_on=today)
    managers = [make_user(Role.MANAGER)]
    for due in duties.of_grants([grant], today):
        remind_of(due, managers)
        tell_it_is_overdue(due, managers)


def letters_of_groups():
    session = make_group_session()
    registrations = [
        make_registration(session=session),
        make_registration(session=session, person=make_founder().person),
    ]
    for registration in registrations:
        for what in ("registered", "waiting", "moved_up", "changed", "cancelled", "certificate"):
            group_emails.tell(what, registration)
        group_emails.remind(registration, session.dates.get(), not_after=session.ends_at)
    Registration.objects.ask(session=session, **ROSA)
    other = make_registration(session=make_group_session()).session
    other.cancel(by=other.planned_by, reason="Die Trainerin ist krank.")


def letters_of_the_waiting_list():
    WaitingEntry.objects.ask(**ROSA)
    for person in (make_person(email="a@beispiel.example"), make_founder().person):
        entry = make_waiting_entry(person=person)
        offer = make_waiting_offer(entry=entry)
        offer.appointment = make_appointment(status="held", held_until=offer.until, person=None)
        for tell in (waiting_letters.told_joined, waiting_letters.told_already):
            tell(entry)
        waiting_letters.told_ended(entry, is_silent=True)
        waiting_letters.tell_offer(offer)
        waiting_letters.told_withdrawn(offer)
        waiting_letters.ask_to_call(offer)


def links():
    """The paths all letters lead to, those in their calendar files included."""
    texts = [
        letter.text + letter.html + letter.calendar.replace("\r\n ", "")
        for letter in Letter.objects.all()
    ]
    texts += [message.body for message in mail.outbox]
    found = {
        address.rstrip(".,;>)\"'")
        for text in texts
        for address in re.findall(r"https?://[^\s<>\"]+", text)
    }
    assert all(address.startswith(settings.PUBLIC_URL) for address in found), found
    return sorted({urlsplit(address).path or "/" for address in found})


def everything():
    """A digest of each table of the database, but of what counts tries and keeps sessions."""
    with connection.cursor() as cursor:
        tables = set(connection.introspection.table_names(cursor)) - set(MAY_BE_WRITTEN)
        digests = {}
        for table in sorted(tables):
            rows = "string_agg(t::text, chr(10) ORDER BY t::text)"
            cursor.execute(f'SELECT count(*), md5({rows}) FROM "{table}" AS t')
            digests[table] = cursor.fetchone()
    return digests


def test_every_letter_that_leads_somewhere_is_looked_at(hours, written):
    every_letter(hours)

    assert with_links() - written == set(), "let these be written above"


def test_whatever_a_scanner_opens_changes_nothing(hours):
    every_letter(hours)
    to_confirm = GuestBooking.objects.get(email=ROSA["email"]).get_absolute_url()
    before, wrong = everything(), []

    for path in links():
        scanner = Client()
        answers = [scanner.head(path)] + [scanner.get(path) for _time in range(TIMES_OPENED)]
        statuses = {answer.status_code for answer in answers}
        if not statuses <= {200, 302}:
            wrong.append(f"{path}: {statuses}")

    assert wrong == []
    secrets = [path for path in links() if re.search(r"/\w{40,}/", path)]
    begins = {path.split("/")[1] for path in secrets}
    assert begins == {"bestaetigen", "mein-eintrag", "qualifizierung", "termin", "warten"}
    assert everything() == before
    person = Client()
    person.get(to_confirm)
    person.post(f"{to_confirm}bestaetigen/")
    assert Appointment.objects.get(guest__email=ROSA["email"]).status == "booked"
    assert everything() != before


def test_the_digest_sees_a_change(hours):
    before = everything()
    make_person()

    changed = {table for table, digest in everything().items() if digest != before[table]}

    assert changed == {"enterprises_person"}
