"""Settings refuse to start with what would be weak or wrong, and say what to do."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
GOOD_SECRET = "q8Zt-4vLw0_kXc7Rj2Nf9Ps1Hd6Ym3Bg5Ta-Ue8Io0Va4Wb7Xc2Yd"
PRODUCTION = {
    "DATABASE_URL": "postgres://best@db/best",
    "REDIS_URL": "redis://redis/0",
    "SECRET_KEY": GOOD_SECRET,
}


def settings(name="SECRET_KEY", **changes):
    """Return what a process with this environment alone says; a change to None takes away."""
    environment = {**PRODUCTION, **changes}
    return subprocess.run(
        [
            *(sys.executable, "-c"),
            f"from best_portal import settings; print(repr(settings.{name}))",
        ],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            **{name: value for name, value in environment.items() if value is not None},
        },
        capture_output=True,
        text=True,
    )


def test_a_complete_environment_starts():
    assert settings().stdout.strip() == repr(GOOD_SECRET)


@pytest.mark.parametrize("name", ["SECRET_KEY", "DATABASE_URL", "REDIS_URL"])
def test_nothing_secret_or_needed_has_a_default(name):
    refused = settings(**{name: None})
    assert refused.returncode
    assert f"Set {name} or {name}_FILE." in refused.stderr


@pytest.mark.parametrize("weak", ["", "short", "a" * 80, "ab" * 40, "changeme" * 10])
def test_a_weak_secret_is_refused(weak):
    refused = settings(SECRET_KEY=weak)
    assert refused.returncode
    assert "too weak" in refused.stderr


def test_a_secret_may_come_from_a_file(tmp_path):
    file = tmp_path / "secret"
    file.write_text(GOOD_SECRET + "\n")
    assert settings(SECRET_KEY=None, SECRET_KEY_FILE=str(file)).stdout.strip() == repr(GOOD_SECRET)


def test_a_secret_file_that_cannot_be_read_is_named(tmp_path):
    refused = settings(SECRET_KEY=None, SECRET_KEY_FILE=str(tmp_path / "nowhere"))
    assert "SECRET_KEY_FILE cannot be read" in refused.stderr


def test_pseudonyms_are_made_with_the_secret_until_they_have_a_key_of_their_own(tmp_path):
    key, file = GOOD_SECRET[::-1], tmp_path / "pseudonyms"
    file.write_text(key + "\n")

    assert settings("PSEUDONYM_KEY").stdout.strip() == repr(GOOD_SECRET)
    assert settings("PSEUDONYM_KEY", PSEUDONYM_KEY="").stdout.strip() == repr(GOOD_SECRET)
    assert settings("PSEUDONYM_KEY", PSEUDONYM_KEY_FILE=str(file)).stdout.strip() == repr(key)
    assert "PSEUDONYM_KEY is too weak" in settings(PSEUDONYM_KEY="short").stderr


def test_a_changed_secret_asks_what_becomes_of_the_pseudonyms():
    changed = {"SECRET_KEY": GOOD_SECRET[::-1], "SECRET_KEY_FALLBACKS": GOOD_SECRET}

    refused = settings(**changed)
    kept = settings("PSEUDONYM_KEY", **changed, PSEUDONYM_KEY=GOOD_SECRET)

    assert refused.returncode
    assert "set PSEUDONYM_KEY to the SECRET_KEY of their last export" in refused.stderr
    assert kept.stdout.strip() == repr(GOOD_SECRET)


def test_the_demo_is_refused_where_real_people_may_be():
    refused = settings(DEMO="1")
    assert "DEMO is for trying the portal out and needs HTTPS=0." in refused.stderr
    assert settings("DEMO", DEMO="1", HTTPS="0").stdout.strip() == "True"


@pytest.mark.parametrize("word", ["", "maybe", "2"])
def test_a_switch_takes_only_words_for_yes_and_no(word):
    assert "HTTPS must be one of" in settings(HTTPS=word).stderr


@pytest.mark.parametrize("number", ["", "-1", "many", "1.5"])
def test_a_number_takes_only_numbers(number):
    assert "EMAIL_PORT must be" in settings(EMAIL_PORT=number).stderr


def test_another_database_than_postgresql_is_refused():
    assert "must name a PostgreSQL database" in settings(DATABASE_URL="sqlite:///x").stderr


def test_cookies_and_transport_are_safe_by_default():
    assert settings("SESSION_COOKIE_SECURE").stdout.strip() == "True"
    assert settings("SECURE_SSL_REDIRECT").stdout.strip() == "True"
    assert settings("DEBUG").stdout.strip() == "False"


def test_a_socket_reaches_celery_in_its_own_spelling():
    answer = settings("CELERY_BROKER_URL", REDIS_URL="unix:///run/Gr%C3%B6%C3%9Fe%20a/v.sock")
    assert answer.stdout.strip() == repr("redis+socket:///run/Größe a/v.sock?virtual_host=0")
