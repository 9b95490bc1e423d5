"""Innovationsforum: programme, registration, documentation, findings cited from a consultation."""

import pytest

from best_portal.accounts.models import Role
from consultations.models import Registration
from tests.factories import (
    make_consultation,
    make_finding,
    make_group_session,
    make_person,
    make_topic,
    make_user,
)

pytestmark = pytest.mark.django_db


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
