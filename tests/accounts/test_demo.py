"""The demo's page: one click per person, and nothing of it where real people work."""

import pytest

from best_portal.accounts.models import Role
from tests.factories import make_user

pytestmark = pytest.mark.django_db

DEMO = "/demo/"


def test_one_click_signs_in_second_factor_included(client):
    manager = make_user(Role.MANAGER)
    assert manager.name in client.get(DEMO).content.decode()
    client.post(DEMO, {"person": manager.pk})
    assert client.get("/konten/").status_code == 200


@pytest.mark.parametrize("role", Role)
def test_every_role_has_its_card(client, role):
    make_user(role, name=f"Muster {role}")
    assert f"Muster {role}" in client.get(DEMO).content.decode()


def test_the_click_changes_the_session_key(client):
    first, second = make_user(Role.MANAGER), make_user(Role.FOUNDER)
    client.get(DEMO)
    client.post(DEMO, {"person": first.pk})
    before = client.session.session_key
    client.post(DEMO, {"person": second.pk})
    assert client.session.session_key != before
    assert not client.session.exists(before)
    assert client.session["_auth_user_id"] == str(second.pk)


def test_without_the_demo_there_is_no_such_page(client, settings):
    settings.DEMO = False
    person = make_user()
    assert client.get(DEMO).status_code == 404
    assert client.post(DEMO, {"person": person.pk}).status_code == 404
    assert "_auth_user_id" not in client.session


def test_without_demo_people_there_is_no_such_page(client):
    make_user(email="echt@example.org")
    assert client.get(DEMO).status_code == 404


def test_the_click_counts_as_second_factor_only_in_the_demo(client, settings):
    manager = make_user(Role.MANAGER)
    client.post(DEMO, {"person": manager.pk})
    settings.DEMO = False
    assert client.get("/konten/").url.startswith("/konto/zweiter-faktor/")


@pytest.mark.parametrize("person", ["", "x", "0", "99999999999999999999", "\x00"])
def test_who_is_not_there_cannot_be_chosen(client, person):
    make_user()
    assert client.post(DEMO, {"person": person}).status_code == 200
    assert "_auth_user_id" not in client.session


def test_real_people_cannot_be_chosen(client):
    make_user()
    real = make_user(Role.MANAGER, email="leitung@example.org")
    client.post(DEMO, {"person": real.pk})
    assert "_auth_user_id" not in client.session
