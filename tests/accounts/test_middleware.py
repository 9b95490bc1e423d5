"""What holds for every page: language, the age of a session, headers."""

import json
import os
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.test import Client

from best_portal.accounts import middleware
from best_portal.accounts.models import Role
from tests.factories import make_user

pytestmark = pytest.mark.django_db

PROFILE, LOGIN = "/konto/", "/anmelden/"


def test_a_stranger_reads_german_whatever_the_browser_says(client):
    answer = client.get(LOGIN, headers={"Accept-Language": "en"})
    assert answer["Content-Language"] == "de"


def test_the_switch_holds_for_this_browser(client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert client.get(LOGIN)["Content-Language"] == "en"


def test_a_language_we_do_not_speak_is_german(client):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "../xx"
    assert client.get(LOGIN)["Content-Language"] == "de"


def test_a_person_reads_their_own_language_on_any_browser(client, sign_in):
    sign_in(make_user(Role.FOUNDER, language="en"))
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "de"
    assert client.get(PROFILE)["Content-Language"] == "en"


def later(monkeypatch, seconds):
    now = time.time()
    monkeypatch.setattr(middleware.time, "time", lambda: now + seconds)


@pytest.mark.parametrize("role", [role for role in Role if role != Role.FOUNDER])
def test_an_idle_session_with_other_peoples_data_ends(sign_in, monkeypatch, role):
    client = sign_in(make_user(role))
    assert client.get(PROFILE).status_code == 200
    later(monkeypatch, settings.SESSION_IDLE_SECONDS + 1)
    assert client.get(PROFILE).url == f"{LOGIN}?next={PROFILE}"
    assert "_auth_user_id" not in client.session


def test_a_founder_may_stay_idle_for_longer(sign_in, monkeypatch):
    client = sign_in(make_user(Role.FOUNDER))
    client.get(PROFILE)
    later(monkeypatch, settings.SESSION_IDLE_SECONDS + 1)
    assert client.get(PROFILE).status_code == 200


def test_a_used_session_stays_until_its_greatest_age(sign_in, monkeypatch):
    client = sign_in(make_user(Role.ADVISOR))
    start = time.time()
    step = settings.SESSION_IDLE_SECONDS - 60
    for seconds in range(0, settings.SESSION_COOKIE_AGE, step):
        monkeypatch.setattr(middleware.time, "time", lambda at=start + seconds: at)
        assert client.get(PROFILE).status_code == 200
    monkeypatch.setattr(middleware.time, "time", lambda: start + settings.SESSION_COOKIE_AGE + 2)
    assert client.get(PROFILE).url.startswith(LOGIN)


def test_pages_of_signed_in_people_are_kept_by_nobody(sign_in):
    client = sign_in(make_user(Role.FOUNDER))
    for path in (PROFILE, "/"):
        assert "no-store" in client.get(path)["Cache-Control"]


@pytest.mark.parametrize("path", [LOGIN, "/registrieren/", "/demo/", "/"])
def test_every_answer_carries_the_protecting_headers(client, path):
    make_user()
    answer = client.get(path)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["X-Frame-Options"] == "DENY"
    assert "camera=()" in answer["Permissions-Policy"]
    assert "unsafe-inline" not in answer["Content-Security-Policy"]


def test_a_foreign_host_is_refused(client):
    assert client.get(LOGIN, headers={"Host": "evil.example"}).status_code == 400


@pytest.mark.parametrize("path", [LOGIN, "/registrieren/", "/abmelden/", "/demo/", PROFILE])
def test_a_form_without_its_secret_is_refused(sign_in, path):
    make_user()
    client = Client(enforce_csrf_checks=True)
    if path == PROFILE:
        sign_in(make_user(Role.FOUNDER), client)
    assert client.post(path, {"email": "a@beispiel.example"}).status_code == 403


def test_with_https_cookies_are_bound_to_the_host():
    names = (
        "SESSION_COOKIE_NAME",
        "CSRF_COOKIE_NAME",
        "SESSION_COOKIE_SECURE",
        "SESSION_COOKIE_PATH",
    )
    program = (
        "import json; from best_portal import settings as s;"
        "from django.conf import global_settings as g;"
        f"print(json.dumps([getattr(s, n, getattr(g, n)) for n in {names!r}]))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"HTTPS": "1", "DEMO": "0"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(run.stdout) == ["__Host-sid", "__Host-csrf", True, "/"]
