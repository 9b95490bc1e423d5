"""Managers decide who may enter; nobody else does."""

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.management import CommandError, call_command

from best_portal.accounts.models import Role, User
from best_portal.audit.models import Event
from tests.accounts.test_second_factor import make_app
from tests.factories import make_user

pytestmark = pytest.mark.django_db

LIST, NEW = "/konten/", "/konten/neu/"


@pytest.fixture
def manager(sign_in):
    manager = make_user(Role.MANAGER)
    sign_in(manager)
    return manager


def edit(person):
    return f"/konten/{person.pk}/"


@pytest.mark.parametrize("role", [role for role in Role if role != Role.MANAGER])
def test_every_other_role_is_turned_away(sign_in, role):
    person = make_user(role)
    client = sign_in(person)
    for path in (LIST, NEW, edit(person)):
        assert client.get(path).status_code == 403
        assert client.post(path, {"role": "manager"}).status_code == 403
    for action in ("einladen/", "zweiter-faktor-entfernen/"):
        assert client.post(edit(person) + action).status_code == 403
    person.refresh_from_db()
    assert person.role == role


def test_strangers_are_sent_to_the_sign_in(client):
    assert client.get(LIST).url == f"/anmelden/?next={LIST}"


def test_the_list_names_everyone(client, manager):
    other = make_user(Role.FUNDER, is_active=False)
    page = client.get(LIST).content.decode()
    assert manager.email in page
    assert other.email in page


def test_an_account_nobody_has_is_not_found(client, manager):
    assert client.get("/konten/999999/").status_code == 404


def test_an_invitation_makes_the_account_and_sends_the_letter(client, manager):
    wish = {"name": "Neu Muster", "email": "Neu@beispiel.example", "role": "funder"}
    assert client.post(NEW, wish | {"language": "en"}).url == LIST
    user = User.objects.get(email="neu@beispiel.example")
    assert (user.role, user.name) == ("funder", "Neu Muster")
    assert mail.outbox[0].subject == "Your account with BEST"
    assert "/anmelden/" in mail.outbox[0].body


def test_inviting_the_same_address_twice_gets_a_sentence_and_keeps_what_was_typed(client, manager):
    wish = {"name": "Neu Muster", "email": manager.email, "role": "funder", "language": "de"}
    answer = client.post(NEW, wish)
    assert answer.status_code == 200
    assert answer.context["form"].errors["email"]
    assert 'value="Neu Muster"' in answer.content.decode()


def test_a_closed_account_is_out_with_the_next_click(client, manager, sign_in):
    other_client = type(client)()
    advisor = make_user()
    sign_in(advisor, other_client)
    assert other_client.get("/konto/").status_code == 200
    client.post(edit(advisor), {"name": advisor.name, "role": "advisor"})
    assert other_client.get("/konto/").url.startswith("/anmelden/")


def test_a_new_role_ends_the_sessions(client, manager, sign_in):
    other_client = type(client)()
    advisor = make_user()
    sign_in(advisor, other_client)
    client.post(edit(advisor), {"name": advisor.name, "role": "funder", "is_active": "on"})
    assert other_client.get("/konto/").url.startswith("/anmelden/")


def test_a_new_name_ends_no_session(client, manager, sign_in):
    other_client = type(client)()
    advisor = make_user()
    sign_in(advisor, other_client)
    client.post(edit(advisor), {"name": "Anders", "role": "advisor", "is_active": "on"})
    assert other_client.get("/konto/").status_code == 200


def test_the_last_manager_gets_a_sentence(client, manager):
    answer = client.post(edit(manager), {"name": "Muster", "role": "advisor", "is_active": "on"})
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors()


def test_fields_the_form_does_not_show_cannot_be_changed(client, manager):
    advisor = make_user(email="fest@beispiel.example")
    client.post(
        edit(advisor),
        {
            "name": "Neu",
            "role": "advisor",
            "is_active": "on",
            "email": "x@y.example",
            "password": "x",
        },
    )
    advisor.refresh_from_db()
    assert (advisor.name, advisor.email) == ("Neu", "fest@beispiel.example")
    assert not advisor.has_usable_password()


def test_a_lost_app_is_removed_and_the_person_is_told(client, manager):
    advisor = make_user()
    make_app(advisor)
    client.post(edit(advisor) + "zweiter-faktor-entfernen/")
    assert not Authenticator.objects.filter(user=advisor).exists()
    assert mail.outbox[0].to == [advisor.email]
    assert Event.objects.about(advisor).get().verb == "account.second_factor_removed"


def test_the_first_account_is_invited_on_the_command_line():
    call_command("invite", "leitung@beispiel.example", role="manager", name="Leitung Muster")
    user = User.objects.get()
    assert (user.role, user.email) == ("manager", "leitung@beispiel.example")
    assert mail.outbox[0].to == [user.email]


@pytest.mark.parametrize(("email", "name"), [("x", "Muster"), ("a@beispiel.example", " ")])
def test_the_command_line_refuses_in_words(email, name):
    with pytest.raises(CommandError):
        call_command("invite", email, role="manager", name=name)
    assert not User.objects.exists()


def test_the_command_line_refuses_a_second_account():
    user = make_user()
    with pytest.raises(CommandError, match=r"already|bereits|schon"):
        call_command("invite", user.email, role="manager", name="Muster")
