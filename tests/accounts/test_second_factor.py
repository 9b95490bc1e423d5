"""The second factor: who needs it sees nothing without it."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core import mail
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from best_portal.accounts.models import SECOND_FACTOR_ROLES, Role
from tests.accounts.test_sign_in import CODE, ask_for_code, code_in
from tests.factories import make_user

pytestmark = pytest.mark.django_db

STEP, SETUP, PROFILE = "/anmelden/zweiter-faktor/", "/konto/zweiter-faktor/", "/konto/"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def nobody_tried_before():
    cache.clear()


def app_code(secret=SECRET):
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


def make_app(user):
    return totp.TOTP.activate(user, SECRET)


def enter_with_code(client, user):
    mail.outbox.clear()
    ask_for_code(client, user.email)
    return client.post(CODE, {"code": code_in(mail.outbox[0])})


@pytest.mark.parametrize("role", SECOND_FACTOR_ROLES)
def test_without_an_app_every_page_leads_to_setting_one_up(client, role):
    enter_with_code(client, make_user(role))
    for path in (PROFILE, "/", "/konten/", "/konten/neu/", "/konto/notfallcodes/"):
        assert client.get(path).url.startswith(SETUP)
        assert client.post(path, {}).url.startswith(SETUP)


def test_founders_need_no_second_factor(client):
    enter_with_code(client, make_user(Role.FOUNDER))
    assert client.get(PROFILE).status_code == 200


def test_the_app_is_set_up_with_picture_and_text_and_then_counts(client):
    manager = make_user(Role.MANAGER)
    enter_with_code(client, manager)
    page = client.get(SETUP)
    secret = page.context["form"].secret
    assert secret in page.content.decode()
    assert 'src="data:image/svg+xml;base64,' in page.content.decode()
    before = client.session.session_key
    answer = client.post(SETUP, {"code": app_code(secret)})
    assert answer.url == "/konto/notfallcodes/"
    assert client.session.session_key != before
    assert client.get(answer.url).status_code == 200
    assert client.get("/konten/").status_code == 200


def test_a_wrong_code_sets_no_app_up(client):
    manager = make_user(Role.MANAGER)
    enter_with_code(client, manager)
    secret = client.get(SETUP).context["form"].secret
    wrong = f"{(int(app_code(secret)) + 1) % 10**6:06}"
    assert client.post(SETUP, {"code": wrong}).status_code == 200
    assert client.get("/konten/").url.startswith(SETUP)


def test_with_an_app_the_mail_alone_does_not_sign_in(client):
    manager = make_user(Role.MANAGER)
    make_app(manager)
    assert enter_with_code(client, manager).url == STEP
    assert "_auth_user_id" not in client.session
    assert client.get("/konten/").url.startswith("/anmelden/")
    client.post(STEP, {"code": app_code()})
    assert client.get("/konten/").status_code == 200


def test_a_code_of_the_app_works_once(client):
    manager = make_user(Role.MANAGER)
    make_app(manager)
    code = app_code()
    enter_with_code(client, manager)
    client.post(STEP, {"code": code})
    other = Client()
    enter_with_code(other, manager)
    assert other.post(STEP, {"code": code}).status_code == 200
    assert "_auth_user_id" not in other.session


def test_the_code_that_set_the_app_up_does_not_sign_in_again(client):
    manager = make_user(Role.MANAGER)
    enter_with_code(client, manager)
    code = app_code(client.get(SETUP).context["form"].secret)
    client.post(SETUP, {"code": code})
    other = Client()
    enter_with_code(other, manager)
    other.post(STEP, {"code": code})
    assert "_auth_user_id" not in other.session


def test_a_recovery_code_works_once(client, sign_in):
    manager = make_user(Role.MANAGER)
    enter_with_code(client, manager)
    client.post(SETUP, {"code": app_code(client.get(SETUP).context["form"].secret)})
    recovery = client.get("/konto/notfallcodes/").context["unused_codes"][0]
    for expected in (True, False):
        other = Client()
        enter_with_code(other, manager)
        other.post(STEP, {"code": recovery})
        assert ("_auth_user_id" in other.session) is expected


def test_five_wrong_codes_close_the_second_step_for_a_while(client):
    manager = make_user(Role.MANAGER)
    make_app(manager)
    enter_with_code(client, manager)
    for _ in range(5):
        client.post(STEP, {"code": "000000"})
    client.post(STEP, {"code": app_code()})
    assert "_auth_user_id" not in client.session


def test_a_session_from_before_the_app_is_asked_for_it(client):
    manager = make_user(Role.MANAGER)
    enter_with_code(client, manager)
    make_app(manager)
    answer = client.get("/konten/")
    assert answer.url == "/konto/bestaetigen/?next=/konten/"
    assert client.post(answer.url, {"code": app_code()}).url == "/konten/"
    assert client.get("/konten/").status_code == 200


def test_removing_the_app_ends_what_it_proved(client):
    manager = make_user(Role.MANAGER)
    make_app(manager)
    enter_with_code(client, manager)
    client.post(STEP, {"code": app_code()})
    # Asked again before something as grave as this; another code, for each works once.
    cache.clear()
    assert client.get("/konto/zweiter-faktor/entfernen/").url.startswith("/konto/bestaetigen/")
    client.post("/konto/bestaetigen/", {"code": app_code()})
    client.post("/konto/zweiter-faktor/entfernen/")
    assert not Authenticator.objects.filter(user=manager).exists()
    assert client.get("/konten/").url.startswith(SETUP)


def test_setting_up_is_told_by_mail(client, django_capture_on_commit_callbacks):
    manager = make_user(Role.MANAGER, language="en")
    enter_with_code(client, manager)
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(SETUP, {"code": app_code(client.get(SETUP).context["form"].secret)})
    assert mail.outbox[0].to == [manager.email]
    assert mail.outbox[0].subject == "An authenticator app was set up"


def test_the_legal_pages_are_open_before_the_second_factor(client):
    enter_with_code(client, make_user(Role.MANAGER))
    assert client.get("/impressum/").status_code == 200


def test_a_fragment_leaves_the_page_instead_of_showing_the_sign_in(client):
    answer = client.get("/konten/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/anmelden/?next=/konten/")


def test_a_fragment_leaves_the_page_where_the_code_is_asked_for_again(client):
    manager = make_user(Role.MANAGER)
    make_app(manager)
    enter_with_code(client, manager)
    client.post(reverse("mfa_authenticate"), {"code": app_code()})
    session = client.session
    for method in session["account_authentication_methods"]:
        method["at"] = 0
    session.save()

    address = reverse("mfa_deactivate_totp")
    assert client.get(address).url.startswith(reverse("mfa_reauthenticate"))
    answer = client.get(address, headers={"HX-Request": "true"})

    assert answer.status_code == 204
    assert answer["HX-Redirect"].startswith(reverse("mfa_reauthenticate"))


def test_the_key_of_an_app_is_stored_locked():
    manager = make_user(Role.MANAGER)
    make_app(manager)
    assert SECRET not in str(Authenticator.objects.get(user=manager).data)


def test_with_a_lost_secret_key_no_code_fits(client, settings):
    manager = make_user(Role.MANAGER)
    make_app(manager)
    settings.SECRET_KEY = "another-" + settings.SECRET_KEY
    enter_with_code(client, manager)
    for code in (app_code(), app_code("")):
        assert client.post(STEP, {"code": code}).status_code == 200
    assert "_auth_user_id" not in client.session


def test_with_a_renewed_secret_key_the_app_still_fits(client, settings):
    manager = make_user(Role.MANAGER)
    make_app(manager)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-" + settings.SECRET_KEY
    enter_with_code(client, manager)
    client.post(STEP, {"code": app_code()})
    assert "_auth_user_id" in client.session


def test_the_last_manager_gets_help_on_the_command_line():
    manager = make_user(Role.MANAGER)
    make_app(manager)
    call_command("remove_second_factor", manager.email)
    assert not Authenticator.objects.filter(user=manager).exists()
    assert mail.outbox[0].to == [manager.email]
    with pytest.raises(CommandError):
        call_command("remove_second_factor", "nobody@beispiel.example")
