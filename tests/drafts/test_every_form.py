"""Every form that asks for words keeps what is typed, and shows it again; or says here why not."""

import pytest
from django.core.cache import cache
from django.test import Client

from best_portal.accounts.models import Role
from best_portal.drafts.models import Draft
from tests.factories import make_user
from tests.routes.forms import forms_of
from tests.routes.matrix import EXPECTED, ask
from tests.routes.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

SAVE = "/entwuerfe/sichern/"
# Route → why nothing that is typed there is worth keeping.
WITHOUT = {
    "accounts:edit": "two choices about an account and its name",
    "accounts:invite": "a name and an address",
    "accounts:profile": "one's own name and number",
    "consultations:calendars": "a secret address, pasted",
    "consultations:import": "a file, which a draft cannot hold",
    "consultations:guest_about": "for people without an account; its answers are in the session",
    "consultations:group_checkin": "one mark or one name at a time, each saved at once",
    "consultations:sms": "one number",
    "consultations:visit_offline": "kept on the device itself until it has arrived",
    "consultations:register_guest": "for people without an account",
    "enterprises:beneficiary": "one organisation, looked for",
    "enterprises:entry_ask": "for people without an account",
    "mfa_activate_totp": "a code valid for half a minute",
    "mfa_index": "another name of accounts:profile",
    "pattern": "shows what forms look like",
    "districts:survey": "for people without an account",
    "pages:barrier_new": "for people without an account",
    "reports:genuine": "a file, or its sum, pasted",
}


def typed_into(response):
    """The forms of a page that ask for words, each as a browser would send it."""
    if response.status_code != 200 or "text/html" not in response.headers["Content-Type"]:
        return []
    return [form for form in forms_of(response.content.decode()) if form.words]


@pytest.fixture
def world():
    cache.clear()
    world = World("eigen", make_user(Role.MANAGER))
    # The one of the world would stand in the log form.
    Draft.objects.all().delete()
    return world


@pytest.mark.parametrize("role", Role.values)
def test_what_is_typed_into_any_form_stands_there_again(role, world, sign_in):
    client = sign_in(world.people[Role(role)], Client())
    forgotten, lost, kept = [], [], set()

    for expectation in EXPECTED:
        address = expectation.address(world)
        if expectation.method != "GET" or expectation.of(role) != "200":
            continue
        for form in typed_into(ask(client, "GET", address)):
            if expectation.route in WITHOUT:
                continue
            words = form.words[0]
            if not any(form.get("draft", [])):
                forgotten.append(f"{expectation}: {sorted(form)}")
                continue
            assert client.post(SAVE, form | {words: ["Getippt"]}).status_code == 200
            shown = typed_into(ask(client, "GET", address))
            if not any(again.get(words, [""])[0].strip() == "Getippt" for again in shown):
                lost.append(f"{expectation}: {words}")
            kept.add(expectation.route)
            # One person may keep a hundred at most; there are more forms than that.
            Draft.objects.filter(address=address).delete()
            # Nor does anybody save as many a minute.
            cache.clear()

    assert not forgotten, "\n".join(["let request.draft.fill() the form of", *forgotten])
    assert not lost, "\n".join(lost)
    if role == Role.MANAGER:
        assert {"reports:texts", "consultations:log", "consultations:edit"} <= kept


def test_the_exceptions_are_pages_of_ours():
    assert set(WITHOUT) <= {expectation.route for expectation in EXPECTED}
