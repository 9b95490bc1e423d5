"""Accounts: one address, one role, and always somebody who manages the portal."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from best_portal.accounts.models import CONFIRM_WITHIN, Role, User
from best_portal.accounts.tasks import tidy_accounts
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
    with pytest.raises(ValidationError, match=r"already|schon"):
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
    with pytest.raises(ValidationError, match=r"last account|letzte Konto"):
        manager.change(by=manager, **wish)
    manager.refresh_from_db()
    assert (manager.role, manager.is_active) == (Role.MANAGER, True)


def test_one_of_two_managers_may_go(manager):
    other = make_user(Role.MANAGER)
    other.change(by=manager, name=other.name, role=Role.ADVISOR, is_active=True)
    other.refresh_from_db()
    assert other.role == Role.ADVISOR


@pytest.mark.django_db(transaction=True)
def test_two_managers_cannot_take_the_role_from_each_other_at_once():
    pair = [make_user(Role.MANAGER), make_user(Role.MANAGER)]
    start = Barrier(2)

    def demote(by, other):
        start.wait()
        try:
            other.change(by=by, name=other.name, role=Role.ADVISOR, is_active=True)
        except ValidationError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(demote, pair, reversed(pair)))
    assert sorted(done) == [False, True]
    assert User.objects.wearing(Role.MANAGER).count() == 1


def test_managers_see_every_account_and_others_their_own(manager):
    advisor = make_user()
    assert set(User.objects.visible_to(manager)) == {manager, advisor}
    assert set(User.objects.visible_to(advisor)) == {advisor}


def test_only_active_people_with_the_demo_address_are_demo_people():
    make_user(email="echt@example.org")
    make_user(is_active=False)
    shown = make_user()
    assert list(User.objects.demo_people()) == [shown]


def test_registrations_nobody_confirmed_are_forgotten_after_a_week(manager):
    def registered(email, **fields):
        user = User.objects.register(email=email, name="Muster", language="de")
        User.objects.filter(pk=user.pk).update(**fields)
        return user

    old = timezone.now() - CONFIRM_WITHIN - timedelta(hours=1)
    registered("weg@beispiel.example", created_at=old)
    kept = [
        registered("neu@beispiel.example"),
        registered("da@beispiel.example", created_at=old, last_login=old),
        User.objects.invite(
            by=manager, email="geladen@beispiel.example", name="Muster", role=Role.FOUNDER
        ),
        manager,
    ]
    User.objects.filter(email="geladen@beispiel.example").update(created_at=old)
    tidy_accounts()
    assert set(User.objects.all()) == set(kept)
