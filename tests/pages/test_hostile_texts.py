"""Whatever somebody typed is text: on every page, in every field, for everyone who sees it."""

import re
from collections import Counter
from fnmatch import filter as matching
from urllib.parse import urljoin

import pytest
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.template import Context, Template
from django.urls import path, reverse

from best_portal.urls import urlpatterns as portal
from tests.pages.hostile import (
    NOT_WRITTEN,
    PAYLOADS,
    Filling,
    bare,
    bring_hostile_lists,
    free_texts,
    make_full_world,
    release_hostile_report,
)
from tests.pages.probe import PARSED, SHOWN, TRAP, came_alive
from tests.pages.walk import UNFOLD, html_of, pages_of, signed_in, walk
from tests.routes.forms import forms_of
from tests.routes.matrix import VISITORS, ask

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NARROW = {"width": 320, "height": 900}
# field → where its text goes instead.
ON_NO_PAGE = {
    "enterprises.SizeLimit.source": "nowhere yet",
    "outbox.Letter.recipient_name": "into the mail",
    "outbox.Letter.text": "into the mail",
    "outbox.Letter.html": "into the mail",
    "outbox.Letter.calendar": "into the mail",
    "consultations.GuestBooking.name": "into the mail; the pages name the person",
    "consultations.GuestBooking.email": "into the mail; the pages name the person",
    "consultations.GuestBooking.phone": "into the mail; the pages name the person",
    "consultations.WaitingEntry.name": "into the mail; the pages name the person",
    "consultations.WaitingEntry.email": "into the mail; the pages name the person",
    "consultations.WaitingEntry.phone": "into the mail; the pages name the person",
}
ENOUGH = 20
# Too short for most of what is hostile.
SHORT = {
    "consultations.Visit.trader_phone",
    "reports.Fund.period",
}

# Comes back in a field: out of its quotes, out of its tag, out of a template.
MIXTURE = "\"' autofocus onfocus=hit()></textarea><svg onload=hit()>{{ 7|add:7 }}&lt;"


def pages_for(visitor, client, world):
    """Every page that is this visitor's to look at: (address, its HTML)."""
    addresses = [each.address(world) for each in pages_of(visitor)]
    addresses += world.further.get(visitor, [])
    for address in dict.fromkeys(addresses):
        if html := html_of(client, address):
            yield address, html


def faults_of(shown):
    """What is wrong with a page as the probe read it."""
    if came := came_alive(shown["kinds"]):
        yield f"came alive: {came}"
    if not shown["title"].endswith(" – BEST"):
        yield f"title {shown['title']!r}"
    if shown.get("hits"):
        yield f"ran at {shown['hits']}"


@pytest.mark.django_db(transaction=True)
def test_on_every_page_they_are_shown_and_nothing_else_happens(browser, live_server, sign_in):
    """No dialog, no script, no request elsewhere, no violation, and it fits into 320 px."""
    world, filling, wrong, seen = make_full_world(), Filling(), [], set()
    filling.write_many()
    bring_hostile_lists(world)
    release_hostile_report(world)

    for visitor in VISITORS:
        client = signed_in(sign_in, world, visitor)
        with walk(browser, live_server, wrong, client) as way:
            way.page.add_init_script(TRAP)
            way.page.set_viewport_size(NARROW)
            for address, _html in pages_for(visitor, client, world):
                way.open(address)
                way.page.evaluate(UNFOLD)
                shown = way.page.evaluate(SHOWN)
                text = bare(shown["text"])
                seen |= {name for name, read in filling.read.items() if bare(read) in text}
                wrong += [f"{visitor}: {address}: {fault}" for fault in faults_of(shown)]
                way.note_width(f"{visitor}: {address}")
                way.note_silence(f"{visitor}: {address}")

    assert not wrong, "\n".join(wrong)
    assert set(filling.fields) - seen <= set(ON_NO_PAGE), "show it, or say where it goes"


# --- twenty texts in each field ---

OF_AN_OFFER = ("enterprises.Resource.", "enterprises.Organisation.")


@pytest.mark.django_db
def test_twenty_of_them_in_each_field_are_shown_as_typed(browser, sign_in):
    """Every field on a page that shows it, read by the browser's own parser."""
    assert [pattern for pattern in NOT_WRITTEN if not matching(free_texts(), pattern)] == []
    world, filling, wrong = make_full_world(), Filling(), []
    clients = {visitor: signed_in(sign_in, world, visitor) for visitor in VISITORS}
    parser = browser.new_page()

    def look(pages):
        """Read pages, {place: HTML}, and say which fields are shown where."""
        for place, shown in zip(pages, parser.evaluate(PARSED, list(pages.values())), strict=True):
            text = bare(shown["text"])
            wrong.extend(f"{place}: {fault}" for fault in faults_of(shown))
            yield place, {name for name, read in filling.read.items() if bare(read) in text}

    filling.write_one("Muster")
    shown_at = look(
        {
            (visitor, address): html
            for visitor, client in clients.items()
            for address, html in pages_for(visitor, client, world)
        }
    )
    homes = fewest({place: lasting(place, names) for place, names in shown_at})
    for turn in range(ENOUGH):
        filling.write_pair(turn)
        pages = {(who, at): html_of(clients[who], at) for who, at in homes}
        for place, names in look(pages):
            wrong += [f"{place}: {filling.read[name]!r} as {name}" for name in homes[place] - names]

    parser.close()
    assert not wrong, "\n".join(wrong)
    rarely = {name for name in filling.fields if len(filling.held[name]) < ENOUGH}
    assert rarely <= SHORT, "make one in tests/routes/world.py, or say why nobody writes into it"
    assert all(filling.held[name] for name in SHORT)


def lasting(place, names):
    """What is shown there whatever its words are: an offer beside an idea shares some with it."""
    _visitor, address = place
    if not address.startswith("/bedarf/"):
        return names
    return {name for name in names if not name.startswith(OF_AN_OFFER)}


def fewest(shown_at):
    """A few of the places that together show everything: place → what is to be read there."""
    chosen, missing = {}, set().union(*shown_at.values())
    while missing:
        place = max(shown_at, key=lambda place: len(shown_at[place] & missing))
        chosen[place] = shown_at[place]
        missing -= shown_at[place]
    return chosen


# --- sent by hand ---


@pytest.mark.django_db
def test_what_a_form_refuses_comes_back_as_typed(browser, sign_in):
    """Into every field a person types in, those for dates and numbers included."""
    world, wrong, times, tried = make_full_world(), [], Counter(), set()
    parser = browser.new_page()

    for visitor in VISITORS:
        client = signed_in(sign_in, world, visitor)
        for address, html in pages_for(visitor, client, world):
            for form in forms_of(html) + forms_of(html, "GET"):
                # A search of the frame is on every page, and the same on each.
                the_same = visitor, form.method, urljoin(address, form.action), frozenset(form)
                if the_same in tried or not form.typed:
                    continue
                tried.add(the_same)
                sent = form | {name: f"{MIXTURE} Z{n}q" for n, name in enumerate(form.typed)}
                answer = ask(client, form.method, urljoin(address, form.action), sent)
                # Where it was taken, nothing comes back.
                if answer.status_code != 200:
                    continue
                times[form.method] += 1
                [shown] = parser.evaluate(PARSED, [answer.content.decode()])
                text = bare(shown["text"])
                lost = [name for name in form.typed if bare(sent[name]) not in text]
                where = f"{visitor}: {form.method} {address}"
                wrong += [f"{where}: {name} is not as typed" for name in lost]
                wrong += [f"{where}: {fault}" for fault in faults_of(shown)]

    parser.close()
    assert not wrong, "\n".join(wrong)
    assert min(times["GET"], times["POST"]) > 1


# --- and the probe itself ---

CARELESS = """<!DOCTYPE html><html lang="de"><head><title>{0} – BEST</title></head><body>
<p>{0} – end</p><input value="{0}"><input value='{0}'><textarea>{0}</textarea>
<a href='{0}'>x</a></body></html>"""
# The others are hostile to spreadsheets, mails and the eye.
HOSTILE_TO_PAGES = [text for text in PAYLOADS if re.search(r"[<{&]|onfocus|(script|file):", text)]
# These wait for somebody to press them.
QUIET = {"<a href=javascript:hit()>x</a>", "javascript:hit()", "file:///etc/passwd"}
QUIET |= {"<form action=//feind.invalid>"}


@login_not_required
def careless(request, number):
    """A page that makes its template of what somebody typed."""
    source = CARELESS.format(HOSTILE_TO_PAGES[number])
    return HttpResponse(Template(source).render(Context()))


urlpatterns = [path("achtlos/<int:number>/", careless, name="careless"), *portal]


@pytest.mark.urls(__name__)
@pytest.mark.django_db(transaction=True)
def test_a_careless_page_would_have_been_noticed(browser, live_server):
    """Each text is alive: escaping, not luck, keeps it from doing what it can."""
    noise, seen, heard = [], set(), set()

    with walk(browser, live_server, noise) as way:
        for number, text in enumerate(HOSTILE_TO_PAGES):
            way.open(reverse("careless", args=[number]))
            shown = way.page.evaluate(SHOWN)
            if bare(f"{text} – end") not in bare(shown["text"]) or list(faults_of(shown)):
                seen.add(text)
            noise.clear()
            way.note_silence(text)
            if noise:
                heard.add(text)

    assert seen == set(HOSTILE_TO_PAGES)
    assert heard >= {text for text in HOSTILE_TO_PAGES if re.search("hit|feind|etc", text)} - QUIET
