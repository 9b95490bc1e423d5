"""Signing in with a code from a mail: what helps the person and what helps nobody else."""

import re
from smtplib import SMTPServerDisconnected

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from best_portal.accounts.models import Role, User
from best_portal.audit.models import Event
from tests.factories import make_user

pytestmark = pytest.mark.django_db

LOGIN, CODE, REGISTER = "/anmelden/", "/anmelden/code/", "/registrieren/"
EVIL = [
    "https://evil.example/",
    "http://evil.example",
    "//evil.example/",
    "///evil.example/",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "/\\/evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "http:\\\\evil.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "ftp://evil.example/",
    "https://testserver@evil.example/",
    "https://testserver.evil.example/",
    "https://evil.example/testserver",
    "https://evil.example#testserver",
    "https://evil.example?testserver",
    "http://[::1",
    "\thttps://evil.example",
    "\nhttps://evil.example",
    "/\thttps://evil.example/..//",
    "%2f%2fevil.example" + "\x00",
    "http://localhost:9999/",
    "//localhost/",
]


@pytest.fixture(autouse=True)
def nobody_tried_before():
    cache.clear()


def ask_for_code(client, email, **query):
    return client.post(LOGIN, {"email": email} | query)


def code_in(message):
    return re.search(r"^ +([B-Z]{4}-[B-Z]{4})$", message.body, re.MULTILINE).group(1)


def test_the_code_from_the_mail_signs_in(client):
    founder = make_user(Role.FOUNDER)
    assert ask_for_code(client, founder.email).url == CODE
    answer = client.post(CODE, {"code": code_in(mail.outbox[0])})
    assert answer.url == reverse("home")
    assert client.session["_auth_user_id"] == str(founder.pk)
    assert Event.objects.about(founder).get().verb == "account.signed_in"


def test_the_code_may_be_typed_small_and_without_its_dash(client):
    ask_for_code(client, make_user(Role.FOUNDER).email.upper())
    client.post(CODE, {"code": code_in(mail.outbox[0]).lower().replace("-", "")})
    assert "_auth_user_id" in client.session


def test_a_code_works_once(client):
    founder = make_user(Role.FOUNDER)
    ask_for_code(client, founder.email)
    code = code_in(mail.outbox[0])
    client.post(CODE, {"code": code})
    client.post("/abmelden/")
    client.post(CODE, {"code": code})
    ask_for_code(client, founder.email)
    client.post(CODE, {"code": code})
    assert "_auth_user_id" not in client.session


def test_a_code_belongs_to_the_browser_that_asked(client):
    ask_for_code(client, make_user(Role.FOUNDER).email)
    other = Client()
    other.post(CODE, {"code": code_in(mail.outbox[0])})
    assert "_auth_user_id" not in other.session


def test_looking_at_pages_uses_no_code_up(client):
    ask_for_code(client, make_user(Role.FOUNDER).email)
    for _ in range(3):
        Client().get(CODE)
        Client().head(CODE)
    client.post(CODE, {"code": code_in(mail.outbox[0])})
    assert "_auth_user_id" in client.session


def test_a_code_is_short_lived(client, settings):
    ask_for_code(client, make_user(Role.FOUNDER).email)
    settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT = -1
    answer = client.post(CODE, {"code": code_in(mail.outbox[0])}, follow=True)
    assert "_auth_user_id" not in client.session
    assert len(answer.context["messages"]) == 1


def test_a_new_code_can_be_asked_for_and_replaces_the_old_one(client):
    ask_for_code(client, make_user(Role.FOUNDER).email)
    client.post(CODE, {"action": "resend"})
    old, new = map(code_in, mail.outbox)
    client.post(CODE, {"code": old})
    assert "_auth_user_id" not in client.session
    client.post(CODE, {"code": new})
    assert "_auth_user_id" in client.session


def test_the_code_changes_the_session_key(client):
    ask_for_code(client, make_user(Role.FOUNDER).email)
    before = client.session.session_key
    client.post(CODE, {"code": code_in(mail.outbox[0])})
    assert client.session.session_key != before
    assert not client.session.exists(before)


@pytest.mark.parametrize("path", [LOGIN, REGISTER])
def test_known_unknown_and_closed_addresses_get_the_same_answer(path):
    known = make_user(Role.FOUNDER, email="known@beispiel.example")
    make_user(Role.FOUNDER, email="locks@beispiel.example", is_active=False)
    answers = []
    for email in (known.email, "never@beispiel.example", "locks@beispiel.example"):
        client = Client()
        first = client.post(path, {"email": email, "name": "Muster"})
        page = client.get(first.url)
        wrong = client.post(first.url, {"code": "BBBB-BBBB"})
        answers.append([outside(answer, email) for answer in (first, page, wrong)])
    assert answers[0] == answers[1] == answers[2]
    assert len(mail.outbox) == 3


def outside(answer, email):
    """What a stranger can see of an answer, without what differs between any two requests."""
    body = re.sub(
        r'(csrfmiddlewaretoken" value=|CSRFToken": ")"?[^"]+', r"\1", answer.content.decode()
    )
    headers = {k: v for k, v in answer.headers.items() if k != "Expires"}
    cookies = {k: len(v.value) for k, v in answer.cookies.items()}
    return answer.status_code, body.replace(email, ""), headers, cookies


def test_a_stranger_reads_in_the_mail_that_there_is_no_account(client):
    ask_for_code(client, "nobody@beispiel.example")
    assert "/registrieren/" in mail.outbox[0].body
    assert not re.search(r"[B-Z]{4}-[B-Z]{4}", mail.outbox[0].body)


def test_three_wrong_codes_end_the_attempt(client):
    ask_for_code(client, make_user(Role.FOUNDER).email)
    for _ in range(3):
        client.post(CODE, {"code": "BBBB-BBBB"})
    client.post(CODE, {"code": code_in(mail.outbox[0])})
    assert "_auth_user_id" not in client.session


def test_of_a_thousand_tries_at_one_address_nine_are_weighed(monkeypatch):
    founder = make_user(Role.FOUNDER)
    weighed = []
    from allauth.account import forms

    compare = forms.compare_user_code
    monkeypatch.setattr(
        forms, "compare_user_code", lambda **codes: weighed.append(1) or compare(**codes)
    )
    for number in range(250):
        client = Client(headers={"X-Forwarded-For": f"10.0.0.{number}"})
        ask_for_code(client, founder.email)
        for _ in range(4):
            client.post(CODE, {"code": "BBBB-BBBB"})
    assert 0 < len(weighed) <= 9
    assert len(mail.outbox) <= 3


def test_one_session_sent_many_times_at_once_counts_once(client):
    ask_for_code(client, make_user(Role.FOUNDER).email)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    state = client.session["account_login"]
    for _ in range(9):
        client.post(CODE, {"code": "BBBB-BBBB"})
        # As if every request had read the session before the others wrote it.
        session = client.session
        session["account_login"] = state
        session.save()
        assert client.cookies[settings.SESSION_COOKIE_NAME].value == cookie
    client.post(CODE, {"code": code_in(mail.outbox[0])})
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("target", EVIL)
def test_no_address_leads_away_from_the_portal(client, target):
    founder = make_user(Role.FOUNDER)
    first = client.post(LOGIN, {"email": founder.email, "next": target})
    assert "evil" not in first.url
    answer = client.post(CODE, {"code": code_in(mail.outbox[0]), "next": target})
    assert answer.url == reverse("home")
    assert client.post("/abmelden/", {"next": target}).url == reverse("home")


def test_people_come_back_to_the_page_they_wanted(client):
    founder = make_user(Role.FOUNDER)
    door = client.get("/konto/")
    assert door.url == f"{LOGIN}?next=/konto/"
    code_page = client.post(door.url, {"email": founder.email, "next": "/konto/"}).url
    answer = client.post(code_page, {"code": code_in(mail.outbox[0])})
    assert answer.url == "/konto/"


def test_a_silent_mail_server_is_told_in_a_sentence_and_loses_nothing(client, monkeypatch):
    def refuse(*args, **kwargs):
        raise SMTPServerDisconnected("gone")

    founder = make_user(Role.FOUNDER, email="known@beispiel.example")
    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", refuse)
    bodies = []
    for email in (founder.email, "never@beispiel.example"):
        answer = Client().post(LOGIN, {"email": email})
        assert answer.status_code == 200
        assert email in answer.content.decode()
        bodies.append(outside(answer, email))
    assert bodies[0] == bodies[1]
    assert answer.context["form"].non_field_errors()


def test_the_letter_speaks_the_language_of_its_reader(client):
    ask_for_code(client, make_user(Role.FOUNDER, language="en").email)
    assert mail.outbox[0].subject.startswith("Your code for signing in: ")


def test_a_stranger_cannot_put_words_into_our_letters(client):
    client.post(REGISTER, {"name": "Ihr Konto ist gesperrt!", "email": "opfer@beispiel.example"})
    assert "gesperrt" not in mail.outbox[0].body


def test_signing_out_needs_a_post(client, sign_in):
    sign_in(make_user(Role.FOUNDER))
    assert client.get("/abmelden/").status_code == 405
    client.post("/abmelden/")
    assert "_auth_user_id" not in client.session


def test_the_old_cookie_is_dead_after_signing_out(client, sign_in):
    sign_in(make_user(Role.FOUNDER))
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.post("/abmelden/")
    client.cookies[settings.SESSION_COOKIE_NAME] = cookie
    assert client.get("/konto/").status_code == 302


# --- registering ---


def test_founders_register_and_sign_in_with_the_code(client):
    answer = client.post(REGISTER, {"name": "Ada Muster", "email": "Ada@beispiel.example"})
    assert answer.url == CODE
    client.post(CODE, {"code": code_in(mail.outbox[0])})
    founder = User.objects.get(email="ada@beispiel.example")
    assert client.session["_auth_user_id"] == str(founder.pk)


def test_nothing_but_name_and_address_can_be_registered(client):
    wish = {"role": "manager", "is_active": "", "is_staff": "1", "is_superuser": "1", "pk": "1"}
    client.post(REGISTER, {"name": "Ada Muster", "email": "ada@beispiel.example"} | wish)
    founder = User.objects.get()
    assert (founder.role, founder.is_active) == (Role.FOUNDER, True)


def test_registering_again_changes_nothing_and_sends_a_code(client):
    manager = make_user(Role.MANAGER, name="Leitung")
    client.post(REGISTER, {"name": "Anders", "email": manager.email})
    manager.refresh_from_db()
    assert (manager.name, manager.role) == ("Leitung", Role.MANAGER)
    assert code_in(mail.outbox[0])


def test_registering_is_limited_per_machine():
    for number in range(12):
        Client().post(REGISTER, {"name": "Ada", "email": f"ada-{number}@beispiel.example"})
    assert User.objects.count() == 10


def test_the_way_from_the_stranger_letter_leads_to_the_registration(client):
    ask_for_code(client, "nobody@beispiel.example")
    assert client.get(REGISTER).status_code == 200


@pytest.mark.parametrize("path", [LOGIN, REGISTER])
@pytest.mark.parametrize(
    "email",
    ["", "x", "a@b", "a@b.example\nBcc: x@y.example", "x" * 400 + "@b.example", "\x00@b.de"],
)
def test_what_is_no_address_gets_a_sentence(client, path, email):
    answer = client.post(path, {"name": "Ada", "email": email})
    assert answer.status_code == 200
    assert answer.context["form"].errors["email"]
    assert mail.outbox == []


@pytest.mark.parametrize("code", ["", "é" * 9, "\x00", "B" * 10_000, "BBBB-BBBB'--"])
def test_what_is_no_code_gets_a_sentence(client, code):
    ask_for_code(client, make_user(Role.FOUNDER).email)
    answer = client.post(CODE, {"code": code})
    assert answer.status_code == 200
    assert answer.context["form"].errors["code"]
