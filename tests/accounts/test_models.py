"""Accounts: one address, one role, and always somebody who manages the portal."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from best_portal.accounts.models import Role, User
from best_portal.audit.models import Event
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager():
    return make_user(Role.MANAGER)


def refused_by(name):
    return pytest.raises(IntegrityError, match=name)


def test_one_account_per_email():
    make_user(email="a@beispiel.example")
    with refused_by("accounts_user_one_account_per_email"), transaction.atomic():
        make_user(email="A@Beispiel.example")


def test_an_address_is_kept_in_lower_case():
    user = make_user(email="Ada@Beispiel.EXAMPLE")
    assert user.email == "ada@beispiel.example"
    with refused_by("accounts_user_email_is_lower_case"), transaction.atomic():
        User.objects.update(email="Ada@beispiel.example")


def test_a_role_is_one_of_the_five():
    with refused_by("accounts_user_role_is_known"), transaction.atomic():
        make_user("root")


def test_nobody_has_a_password():
    user = make_user()
    assert not user.has_usable_password()


def test_a_second_account_for_an_address_is_refused_in_words(manager):
    with pytest.raises(ValidationError, match="already"):
        User.objects.invite(by=manager, email=manager.email, name="Muster", role=Role.ADVISOR)


def test_an_invitation_is_recorded(manager):
    user = User.objects.invite(
        by=manager, email="neu@beispiel.example", name="Neu Muster", role=Role.FUNDER
    )
    event = Event.objects.about(user).get()
    assert (event.actor, event.verb, event.details) == (
        manager,
        "account.invited",
        {"role": "funder"},
    )


def test_registering_makes_a_founder():
    user = User.objects.register(email="neu@beispiel.example", name="Neu", language="de")
    assert user.role == Role.FOUNDER


def test_of_two_registrations_the_second_gets_the_account_of_the_first():
    first = User.objects.register(email="neu@beispiel.example", name="Neu", language="de")
    second = User.objects.register(email="neu@beispiel.example", name="Anders", language="en")
    assert (second, second.name) == (first, "Neu")


@pytest.mark.parametrize("change", [{"role": Role.ADVISOR}, {"is_active": False}])
def test_the_last_manager_stays(manager, change):
    make_user(Role.MANAGER, is_active=False)
    wish = {"name": "Muster", "role": Role.MANAGER, "is_active": True} | change
    with pytest.raises(ValidationError, match="last account"):
        manager.change(by=manager, **wish)
    manager.refresh_from_db()
    assert (manager.role, manager.is_active) == (Role.MANAGER, True)


def test_one_of_two_managers_may_go(manager):
    other = make_user(Role.MANAGER)
    other.change(by=manager, name=other.name, role=Role.ADVISOR, is_active=True)
    other.refresh_from_db()
    assert other.role == Role.ADVISOR


def test_managers_see_every_account_and_others_their_own(manager):
    advisor = make_user()
    assert set(User.objects.visible_to(manager)) == {manager, advisor}
    assert set(User.objects.visible_to(advisor)) == {advisor}


def test_only_active_people_with_the_demo_address_are_demo_people():
    make_user(email="echt@example.org")
    make_user(is_active=False)
    shown = make_user()
    assert list(User.objects.demo_people()) == [shown]
