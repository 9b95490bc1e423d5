"""Innovationsforum: programme, registration, documentation, findings cited from a consultation."""

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.outbox.models import Letter
from consultations.models import Registration
from tests.factories import (
    make_consultation,
    make_finding,
    make_group_session,
    make_organisation,
    make_person,
    make_project,
    make_topic,
    make_user,
)
from tests.undertakings.walking import link_in


@pytest.mark.django_db
def test_a_forum_from_its_programme_to_a_finding_that_is_cited(client, sign_in):
    manager, topic = make_user(Role.MANAGER), make_topic()
    forum = make_group_session(title="Innovationsforum", seats=120)
    desk, address = sign_in(manager), f"/qualifizierung/{forum.pk}"
    item = {
        "title": "Wie Quartiere wirtschaften",
        "speakers": "Eva Muster",
        "starts_at_0": "2030-05-01",
        "starts_at_1": "09:00",
    }
    desk.post(f"{address}/programm/neu/", item)
    client.logout()
    html = client.get(f"{address}/").content.decode()
    assert "Wie Quartiere wirtschaften" in html
    assert "Eva Muster" in html

    # Registration and attendance are those of every group session.
    Registration.objects.register(by=manager, session=forum, person=make_person())
    assert forum.registrations.count() == 1

    desk = sign_in(manager)
    desk.post(f"{address}/dokumentation/", {"text": "Alle Vorträge.", "is_public": "on"})
    finding = {"position": 1, "text": "Räume zuerst.", "topics": [topic.pk]}
    desk.post(f"{address}/erkenntnisse/neu/", finding)
    make_finding(text="Ganz anderes.")
    consultation = make_consultation()
    found = desk.get(f"/erkenntnisse/?topic={topic.pk}").content.decode()
    assert "Räume zuerst." in found
    assert "Ganz anderes." not in found
    cited = forum.findings.get()
    desk.post(f"/beratungen/{consultation.pk}/zitieren/", {"finding": cited.pk})
    assert "Räume zuerst." in desk.get(consultation.get_absolute_url()).content.decode()

    client.logout()
    assert "Alle Vorträge." in client.get(f"{address}/").content.decode()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_innovation_forum_in_the_browser(on_foot):
    advisor, topic = make_user(), make_topic("Musterräume")
    project = make_project(team=[advisor])
    forum = make_group_session(
        title="Innovationsforum Muster", project=project, seats=120, leaders=[advisor]
    )
    make_consultation([advisor], project=project, organisation=make_organisation(name="Salon"))

    # The programme is written; a visitor reads it and registers, by a link in the own mailbox.
    with on_foot(advisor) as way:
        way.follow("Qualifizierung", "Innovationsforum Muster", "Teilnehmende")
        way.follow("Programm und Erkenntnisse", "Neuer Programmpunkt")
        day = timezone.localtime(forum.starts_at)
        way.fill({"Titel": "Wie Quartiere wirtschaften", "Vortragende": "Eva Muster"})
        way.fill({"Datum": f"{day:%Y-%m-%d}", "Uhrzeit": f"{day:%H:%M}"})
        way.follow("Speichern")
        way.see("Wie Quartiere wirtschaften")
    with on_foot() as way:
        way.follow("Qualifizierung", "Innovationsforum Muster")
        way.see("Eva Muster")
        way.follow("Anmelden")
        way.fill({"Ihr Name": "Mina Muster", "Ihre E-Mail-Adresse": "mina@muster.example"})
        way.follow("Anmelden")
        Letter.objects.deliver_due()
        way.open(link_in(mail.outbox[-1]))
        way.follow("Anmeldung bestätigen")

    # The day has come: who is there, what was said, what was found, and who cites it.
    now = timezone.localtime()
    forum.dates.update(starts_at=now - timedelta(hours=3), ends_at=now - timedelta(minutes=5))
    with on_foot(advisor) as way:
        way.follow("Qualifizierung", "Innovationsforum Muster", "Teilnehmende")
        way.follow(f"Wer ist da? {now - timedelta(hours=3):%d.%m.%Y}", "Anwesend Mina Muster")
        way.see("1 anwesend")
        way.follow("Innovationsforum Muster")
        way.follow("Programm und Erkenntnisse", "Dokumentation")
        way.fill({"Dokumentation": "Alle Vorträge.", "Alle dürfen": True})
        way.follow("Speichern", "Neue Erkenntnis")
        way.fill({"Erkenntnis": "Wer die Räume früh sichert, gründet eher.", topic.name: True})
        way.follow("Speichern", "Qualifizierung", "Erkenntnisse")
        way.fill({"Thema": topic.name})
        way.follow("Anzeigen")
        way.see("Wer die Räume früh sichert")
    with on_foot(advisor) as way:
        way.follow("Beratungen")
        way.pick("Salon")
        way.follow("Erkenntnis zitieren")
        way.field("Erkenntnis").select_option(index=1)
        way.follow("Zitieren")
        way.see("Wer die Räume früh sichert")
        way.arrive("innovation-forum-cited")
    with on_foot() as way:
        way.follow("Qualifizierung", "Innovationsforum Muster")
        way.see("Alle Vorträge.", "Wer die Räume früh sichert")
        way.arrive("innovation-forum")
