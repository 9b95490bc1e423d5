"""One consultation: who reads what, changing it, taking it back."""

from datetime import UTC, datetime

import pytest
from django.utils.translation import override

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from consultations.models import Consultation
from tests.consultations.views.conftest import CANARY, LOG
from tests.factories import (
    make_consultation,
    make_district,
    make_topic,
    make_user,
)

pytestmark = pytest.mark.django_db


def test_a_colleague_reads_everything_but_the_note(page):
    consultation = make_consultation(internal_note=CANARY, result="Vereinbart.")

    text = page.get(consultation.get_absolute_url()).content.decode()

    assert "Vereinbart." in text
    assert CANARY not in text


def test_the_team_reads_the_note(page, advisor):
    consultation = make_consultation(internal_note=CANARY, advisors=[advisor])

    assert CANARY in page.get(consultation.get_absolute_url()).content.decode()
    assert not Event.objects.filter(verb="note.read").exists()


def test_a_manager_opens_a_note_and_that_is_noted(sign_in):
    manager = make_user(Role.MANAGER)
    consultation = make_consultation(internal_note=CANARY)
    client = sign_in(manager)

    closed = client.get(consultation.get_absolute_url()).content.decode()
    opened = client.post(f"/beratungen/{consultation.pk}/notiz/").content.decode()

    assert CANARY not in closed
    assert CANARY in opened
    event = Event.objects.get(verb="note.read")
    assert (event.actor, event.subject_id) == (manager, str(consultation.pk))


def test_a_manager_who_changes_a_consultation_has_read_its_note(sign_in):
    consultation = make_consultation(internal_note=CANARY)

    sign_in(make_user(Role.MANAGER)).get(f"/beratungen/{consultation.pk}/bearbeiten/")

    assert Event.objects.filter(verb="note.read").count() == 1


def test_another_teams_note_cannot_be_opened(page):
    consultation = make_consultation(internal_note=CANARY)

    response = page.post(f"/beratungen/{consultation.pk}/notiz/")

    assert response.status_code == 403
    assert not Event.objects.filter(verb="note.read").exists()


@pytest.mark.parametrize(
    "step", ["", "notiz/", "bearbeiten/", "zuruecknehmen/", "wiederherstellen/"]
)
@pytest.mark.parametrize("role", [Role.FOUNDER, Role.FUNDER, Role.EVALUATOR])
def test_other_roles_come_through_no_door_of_a_consultation(sign_in, step, role):
    consultation = make_consultation(internal_note=CANARY)
    client = sign_in(make_user(role))

    for call in (client.get, client.post):
        assert call(f"/beratungen/{consultation.pk}/{step}").status_code in (403, 405)


def test_a_consultation_that_is_not_there_is_not_found(page):
    assert page.get("/beratungen/999999/").status_code == 404
    assert page.get("/beratungen/999999/bearbeiten/").status_code == 404


def test_a_colleague_of_another_team_may_look_but_not_change(page):
    consultation = make_consultation()
    address = f"/beratungen/{consultation.pk}/"

    assert page.get(f"{address}bearbeiten/").status_code == 403
    assert page.post(f"{address}zuruecknehmen/").status_code == 403
    assert f"{address}bearbeiten/" not in page.get(address).content.decode()


def amended(consultation, **fields):
    """What the form of a change sends, unchanged but for `fields`."""
    return {
        "revision": consultation.revision,
        "organisation": consultation.organisation_id,
        "organisation_text": consultation.organisation.name,
        "held_on": f"{consultation.held_on:%Y-%m-%d}",
        "length": consultation.minutes,
        "kind": consultation.kind,
        "project": consultation.project_id,
        "district": "outside",
        "channel": consultation.channel,
        "headcount": consultation.headcount,
        "advisors": [advisor.pk for advisor in consultation.advisors.all()],
    } | fields


def test_the_team_changes_a_consultation(page, advisor):
    consultation = make_consultation(advisors=[advisor], place="Alt")

    page.post(f"/beratungen/{consultation.pk}/bearbeiten/", amended(consultation, place="Neu"))

    consultation.refresh_from_db()
    assert (consultation.place, consultation.revision) == ("Neu", 2)


def test_opening_and_saving_changes_nothing(page, advisor):
    consultation = make_consultation(
        advisors=[advisor],
        topics=[make_topic()],
        district=make_district(),
        starts_at=datetime(2024, 1, 1, 8, 0, tzinfo=UTC),
        ends_at=datetime(2024, 1, 1, 9, 0, tzinfo=UTC),
        internal_note="Notiz",
        next_step="Satzung",
    )
    before = Consultation.objects.filter(pk=consultation.pk).values().get()
    address = f"/beratungen/{consultation.pk}/bearbeiten/"
    form = page.get(address).context["form"]
    values = {name: form[name].value() for name in form.fields}
    values |= {"organisation": consultation.organisation_id}

    page.post(address, {name: value for name, value in values.items() if value not in (None, [])})

    after = Consultation.objects.filter(pk=consultation.pk).values().get()
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"revision", "updated_at"}
    assert consultation.topics.count() == consultation.advisors.count() == 1


def test_of_two_who_change_at_once_the_second_sees_both_versions(page, advisor):
    consultation = make_consultation(advisors=[advisor])
    address = f"/beratungen/{consultation.pk}/bearbeiten/"
    mine = amended(consultation, place="Meine", result="Mein langer Text")
    Consultation.objects.get().amend(by=make_user(), revision=1, place="Ihre")

    response = page.post(address, mine)

    text = response.content.decode()
    assert "Mein langer Text" in text
    assert ["Place", "Ihre", "Meine", True] in [
        [english(label), *both] for label, *both in response.context["form"].differences
    ]
    consultation.refresh_from_db()
    assert consultation.place == "Ihre"

    page.post(address, mine | {"revision": response.context["form"]["revision"].value()})

    consultation.refresh_from_db()
    assert consultation.place == "Meine"


def english(lazy):
    with override("en"):
        return str(lazy)


def test_a_withdrawn_consultation_can_be_brought_back(page, advisor):
    consultation = make_consultation(advisors=[advisor])

    response = page.post(f"/beratungen/{consultation.pk}/zuruecknehmen/", follow=True)

    undo = f"/beratungen/{consultation.pk}/wiederherstellen/"
    assert f'formaction="{undo}"' in response.content.decode()
    assert page.get(consultation.get_absolute_url()).status_code == 404
    page.post(undo)
    assert page.get(consultation.get_absolute_url()).status_code == 200


def test_another_teams_withdrawal_stays(page, advisor):
    consultation = make_consultation()
    consultation.withdraw(by=make_user(Role.MANAGER))

    assert page.post(f"/beratungen/{consultation.pk}/wiederherstellen/").status_code == 404


def test_no_page_of_another_team_holds_the_note(page):
    consultation = make_consultation(internal_note=CANARY, district=make_district())
    pages = [
        "/beratungen/",
        "/betriebe/",
        "/projekte/",
        consultation.get_absolute_url(),
        consultation.organisation.get_absolute_url(),
        consultation.district.get_absolute_url(),
        consultation.project.get_absolute_url(),
        f"{LOG}?like={consultation.pk}",
        f"{LOG}?organisation={consultation.organisation_id}",
    ]

    for address in pages:
        assert CANARY not in page.get(address).content.decode(), address
