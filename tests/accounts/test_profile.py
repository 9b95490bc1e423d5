"""The own account: everyone changes their details, nobody their role."""

import pytest

from best_portal.accounts.models import Role
from tests.factories import make_user

pytestmark = pytest.mark.django_db

PROFILE = "/konto/"


@pytest.mark.parametrize("role", Role)
def test_everyone_has_a_page_about_the_own_account(sign_in, role):
    user = make_user(role)
    assert user.email in sign_in(user).get(PROFILE).content.decode()


def test_details_are_saved_and_nothing_else(client, sign_in):
    user = make_user(Role.FOUNDER)
    sign_in(user)
    client.post(
        PROFILE,
        {"name": "Neu", "phone": "030 1", "language": "en", "role": "manager", "email": "x@y.z"},
    )
    user.refresh_from_db()
    assert (user.name, user.phone, user.language) == ("Neu", "030 1", "en")
    assert (user.role, "x@y.z" in user.email) == (Role.FOUNDER, False)


@pytest.mark.parametrize("wrong", [{"name": ""}, {"language": "xx"}, {"phone": "1" * 41}])
def test_wrong_details_get_a_sentence(sign_in, wrong):
    user = make_user(Role.FOUNDER)
    details = {"name": "Muster", "phone": "", "language": "de"} | wrong
    answer = sign_in(user).post(PROFILE, details)
    assert answer.status_code == 200
    assert answer.context["form"].errors


def test_signing_out_everywhere_ends_the_other_session_too(client, sign_in):
    user = make_user(Role.FOUNDER)
    other = sign_in(user, type(client)())
    sign_in(user).post("/konto/ueberall-abmelden/")
    assert other.get(PROFILE).url.startswith("/anmelden/")
    assert client.get(PROFILE).url.startswith("/anmelden/")


def test_staff_switch_their_shortcuts_off_and_on_again(sign_in):
    user = make_user(Role.ADVISOR)
    client = sign_in(user)
    details = {"name": user.name, "phone": "", "language": "de"}
    assert 'data-shortcut="b"' in client.get("/").content.decode()

    client.post(PROFILE, details)
    assert "data-shortcut" not in client.get("/").content.decode()

    client.post(PROFILE, details | {"has_shortcuts": "on"})
    assert 'data-shortcut="b"' in client.get("/").content.decode()


def test_founders_are_not_asked_about_shortcuts(sign_in):
    user = make_user(Role.FOUNDER)
    page = sign_in(user).get(PROFILE)
    assert "has_shortcuts" not in page.context["form"].fields

    sign_in(user).post(PROFILE, {"name": "Neu", "phone": "", "language": "de"})
    user.refresh_from_db()
    assert (user.name, user.has_shortcuts) == ("Neu", True)
