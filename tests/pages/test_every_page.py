"""Every page is sound for whoever reads it: axe, both themes, both widths, CSP, console, frame."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from consultations.models import GuestBooking, Registration, WaitingEntry
from enterprises.models import Entry, EntryPart
from tests.accounts.test_second_factor import app_code, make_app
from tests.accounts.test_sign_in import code_in
from tests.consultations.guests import ROSA
from tests.consultations.guests import hold as hold_a_time
from tests.factories import (
    make_confirmation,
    make_consultation,
    make_entry,
    make_founder,
    make_group_session,
    make_office_hours,
    make_registration,
    make_user,
    make_waiting_offer,
)
from tests.pages.walk import (
    TOUCH,
    is_page,
    make_world,
    pages_of,
    shows_itself_again,
    signed_in,
    walk,
)
from tests.routes.matrix import EXPECTED, VISITORS, ask

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PARTS = 4
# No address alone leads to these: the walks at the end of this file do.
ON_THE_WAY = {
    "consultations:guest_times",
    "consultations:guest_who",
    "consultations:guest",
    "consultations:guest_cancel",
    "consultations:guest_move",
    "consultations:guest_sms",
    "consultations:registration",
    "consultations:guest_waiting",
    "consultations:waiting_link",
    "consultations:waiting_link_stop",
    "account_confirm_login_code",
    "enterprises:confirmation_link",
    "enterprises:entry_change",
    "enterprises:entry_end",
    "enterprises:entry_own",
    "enterprises:entry_true",
    "mfa_authenticate",
    "mfa_reauthenticate",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
}
NO_PAGES = {
    "mfa_download_recovery_codes",
    "consultations:feed",
    # Leads to one's own month.
    "consultations:hours",
    "reports:certificate_by_link",
    "reports:year",
}
# Two names of one address.
SAME = {"account_request_login_code", "mfa_index"}
FULL_LIST = 60
PAST_MOMENT = datetime(2024, 6, 3, 9, tzinfo=UTC)


def test_every_page_is_looked_at():
    asked = {each.route for each in EXPECTED if each.method == "GET"}
    looked_at = {each.route for visitor in VISITORS for each in pages_of(visitor)}

    assert asked - looked_at == ON_THE_WAY | NO_PAGES, "walk to the new page, too"


@pytest.mark.parametrize("visitor", VISITORS)
def test_every_page_has_a_title_of_its_own(sign_in, visitor):
    world = make_world()
    client = signed_in(sign_in, world, visitor)
    titles = {}

    for each in pages_of(visitor):
        address = each.address(world)
        if each.route not in SAME and is_page(client, address):
            html = ask(client, "GET", address).content.decode()
            [title] = re.findall(r"<title>(.*?)</title>", html, re.DOTALL)
            titles.setdefault(title, []).append(str(each))

    assert {title: pages for title, pages in titles.items() if len(pages) > 1} == {}


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_is_sound_as_it_is_and_sent_empty(browser, live_server, sign_in, part):
    world, wrong = make_world(), []

    for visitor in VISITORS:
        client = signed_in(sign_in, world, visitor)
        with walk(browser, live_server, wrong, client) as way:
            for each in pages_of(visitor)[part::PARTS]:
                address = each.address(world)
                if each.route not in SAME and is_page(client, address):
                    way.open(address)
                    way.look(f"{visitor}: {each}")
                    way.look_up(f"{visitor}: {each}")
                    if shows_itself_again(each, visitor):
                        way.send_empty(f"{visitor}: {each}")

    assert not wrong, "\n".join(wrong)


def test_every_page_is_sound_while_there_is_nothing_yet(browser, live_server, sign_in):
    wrong = []
    nobody = {role: make_user(role) for role in Role if role != Role.FOUNDER}
    nobody[Role.FOUNDER] = make_founder()

    for role, user in nobody.items():
        client = sign_in(user, Client())
        with walk(browser, live_server, wrong, client) as way:
            for each in pages_of(role):
                if not each.objects and is_page(client, address := reverse(each.route)):
                    way.open(address)
                    way.look(f"{role} without anything: {each}")

    assert not wrong, "\n".join(wrong)


def test_lists_are_sound_when_long_filtered_in_vain_and_asked_nonsense(
    browser, live_server, sign_in
):
    world, wrong = make_world(), []
    for _ in range(FULL_LIST):
        make_consultation([world.people[Role.ADVISOR]], project=world.objects["project"])

    with walk(browser, live_server, wrong, signed_in(sign_in, world, Role.ADVISOR)) as way:
        for address in [
            reverse("consultations:list"),
            reverse("consultations:list") + "?page=2",
            reverse("consultations:list") + "?q=Nichts+dergleichen",
            reverse("consultations:list") + "?since=31.02.2024&kind=Kaffee",
            reverse("enterprises:list") + "?page=2",
            reverse("enterprises:list") + "?q=Nichts+dergleichen",
            reverse("consultations:appointments") + "?wer=team&tag=2030-06-03",
        ]:
            way.open(address)
            way.look(address)

    assert not wrong, "\n".join(wrong)


def test_what_opens_and_what_arrives_is_sound(browser, live_server, sign_in):
    """Menus, suggestions, the part of the log form that is fetched, a page that waits."""
    world, wrong = make_world(), []
    organisation = world.objects["organisation"]

    with walk(browser, live_server, wrong, signed_in(sign_in, world, Role.ADVISOR)) as way:
        page = way.page
        way.open("/")
        page.locator("details.user-menu > summary").click()
        way.look("the account's menu", widths=[1280])
        page.set_viewport_size({"width": 320, "height": 900})
        page.locator("details.site-header__menu > summary").click()
        way.look("the menu of a narrow window", widths=[320])
        way.open(reverse("consultations:log"))
        field = page.locator("main").get_by_role("combobox").first
        field.press_sequentially(organisation.name[:8])
        page.locator(".combobox__option").first.wait_for()
        way.look("suggestions")
        page.evaluate(TOUCH)
        field.press("ArrowDown")
        with page.expect_response(lambda answer: "bekannt" in answer.url):
            field.press("Enter")
        page.locator("label", has_text=world.objects["person"].name).wait_for(state="attached")
        way.look("what is known of the organisation")
    with walk(browser, live_server, wrong, signed_in(sign_in, world, Role.MANAGER)) as way:
        with way.page.expect_response(lambda answer: "fortschritt" in answer.url):
            way.open(world.objects["waiting_report"].get_absolute_url())
        way.look("a report that waits for its worker")

    assert not wrong, "\n".join(wrong)


def test_refusals_are_sound(browser, live_server, sign_in):
    world, wrong = make_world(), []
    taken = reverse("consultations:book_time", args=[world.objects["office_hours"].pk, PAST_MOMENT])

    with walk(browser, live_server, wrong, signed_in(sign_in, world, Role.FOUNDER)) as way:
        for address, status in [("/gibt-es-nicht/", 404), ("/konten/", 403), (taken, 409)]:
            assert way.open(address) == status
            # Chromium notes every answer from 400 on its console.
            way.seen.errors.clear()
            way.look(f"the page of {status}")

    assert not wrong, "\n".join(wrong)


def test_the_entrance_is_sound(browser, live_server):
    """Code from the mail, a wrong one first, the app's code, and the codes kept beside it."""
    cache.clear()
    manager, wrong = make_user(Role.MANAGER), []
    make_app(manager)

    with walk(browser, live_server, wrong) as way:
        page = way.page

        def send(**fields):
            for name, value in fields.items():
                page.fill(f"main [name={name}]", value)
            with page.expect_navigation():
                page.locator("main button.kern-btn--primary").click()

        way.open(reverse("account_login"))
        send(email=manager.email)
        way.look("account_confirm_login_code")
        send(code="BCDF-GHJK")
        way.look("account_confirm_login_code with a wrong code")
        send(code=code_in(mail.outbox[-1]))
        way.look("mfa_authenticate")
        send(code="000000")
        way.look("mfa_authenticate with a wrong code")
        send(code=app_code())
        page.goto(live_server.url + reverse("mfa_deactivate_totp"))
        assert reverse("mfa_reauthenticate") in page.url
        way.look("mfa_reauthenticate")
        # A code is taken once, and the next one would come in half a minute only.
        cache.clear()
        send(code=app_code())
        way.look("mfa_deactivate_totp")
        way.open(reverse("mfa_generate_recovery_codes"))
        send()
        way.look("mfa_view_recovery_codes")

    assert not wrong, "\n".join(wrong)


def test_a_booking_without_an_account_is_sound(browser, live_server, client):
    """Its pages live in the session and behind the link of the mail."""
    cache.clear()
    make_office_hours(place="Stadtteilbüro")
    wrong = []

    def look_at(address):
        with walk(browser, live_server, wrong, client) as way:
            way.open(address)
            way.look(address)

    hold_a_time(client)
    look_at(reverse("consultations:guest_times"))
    look_at(reverse("consultations:guest_who"))
    client.post(reverse("consultations:guest_who"), ROSA)
    look_at(reverse("consultations:guest_sent"))
    token = GuestBooking.objects.get().token
    look_at(reverse("consultations:guest", args=[token]))
    client.post(reverse("consultations:guest_confirm", args=[token]))
    for name in ["guest", "guest_move", "guest_cancel", "guest_sms"]:
        look_at(reverse(f"consultations:{name}", args=[token]))

    assert not wrong, "\n".join(wrong)


def test_a_registration_by_its_link_is_sound(browser, live_server, client):
    """To be confirmed, with a seat, waiting, cancelled, called off: one address, five pages."""
    session, wrong = make_group_session(seats=1, link="https://raum.muster.example/a"), []
    asked = Registration.objects.ask(session=session, name="Rosa", email="rosa@muster.example")
    waiting = make_registration(session=session, status="waiting")

    def look_at(registration, what):
        with walk(browser, live_server, wrong, client) as way:
            way.open(registration.get_absolute_url())
            way.look(f"registration {what}")

    look_at(asked, "to be confirmed")
    asked.confirm()
    look_at(asked, "with a seat")
    look_at(waiting, "waiting")
    asked.cancel(by=None)
    look_at(asked, "cancelled")
    session.cancel(by=session.planned_by)
    look_at(waiting, "called off")

    assert not wrong, "\n".join(wrong)


def test_waiting_without_an_account_is_sound(browser, live_server, client):
    """From the link that confirms, over an offer, to leaving the list."""
    cache.clear()
    hours, wrong = make_office_hours(place="Stadtteilbüro"), []

    def look_at(address):
        with walk(browser, live_server, wrong, client) as way:
            way.open(address)
            way.look(address)

    hold_a_time(client)
    look_at(reverse("consultations:guest_waiting"))
    client.post(reverse("consultations:guest_waiting"), ROSA)
    entry = WaitingEntry.objects.get()
    look_at(entry.link)
    client.post(f"{entry.link}bestaetigen/")
    look_at(entry.link)
    now = timezone.now()
    offer = make_waiting_offer(
        entry=entry,
        office_hours=hours,
        starts_at=now + timedelta(days=3),
        offered_at=now,
    )
    look_at(entry.link)
    look_at(entry.stop_link)
    client.post(reverse("consultations:waiting_link_decline", args=[entry.token, offer.pk]))
    client.post(entry.stop_link)
    look_at(entry.link)

    assert not wrong, "\n".join(wrong)


def test_a_confirmation_by_its_link_is_sound(browser, live_server, client):
    """Asked about a job and about the founding, sent empty, later, answered either way, gone."""
    cache.clear()
    job, other, wrong = make_confirmation(months=6), make_confirmation(), []
    founding = make_confirmation(about="founding", job=None)

    def address_of(row):
        return reverse("enterprises:confirmation_link", args=[row.token])

    def answer(row, **fields):
        client.post(reverse("enterprises:confirmation_answer", args=[row.token]), fields)

    with walk(browser, live_server, wrong, client) as way:
        for row, what in [(job, "a job"), (founding, "the founding")]:
            way.open(address_of(row))
            way.look(f"confirmation of {what}")
        way.page.locator("#different form").evaluate("form => { form.noValidate = true; }")
        with way.page.expect_navigation():
            way.page.locator("#different form button").click()
        assert way.page.locator("#different [aria-invalid=true]").count() == 1
        way.look("confirmation, different without words")
        for row, what, fields in [
            (founding, "later", {"reply": "later"}),
            (job, "confirmed", {"reply": "yes"}),
            (other, "different", {"reply": "different", "words": "Nur zehn Stunden die Woche."}),
        ]:
            answer(row, **fields)
            way.open(address_of(row))
            way.look(f"confirmation {what}")
        assert way.open(reverse("enterprises:confirmation_link", args=["x" * 20])) == 404
        way.seen.errors.clear()
        way.look("a confirmation that is gone")

    assert not wrong, "\n".join(wrong)


def test_an_entry_by_its_link_is_sound(browser, live_server, client):
    """From the mail that confirms, over changing and being asked, to out of the directory."""
    cache.clear()
    keeper, wrong = {"keeper_name": "Mara Muster", "keeper_email": "mara@muster.example"}, []
    entry = make_entry(parts=EntryPart.values, address="Musterweg 1", **keeper)
    since = {"submitted_at": timezone.now()}

    def address(name):
        return reverse(f"enterprises:{name}", args=[entry.token])

    def become(**fields):
        Entry.objects.filter(pk=entry.pk).update(**fields)

    with walk(browser, live_server, wrong, client) as way:

        def look(name, what="as it is"):
            way.open(address(name))
            way.look(f"{name} {what}")

        for name in ("entry_own", "entry_change", "entry_true", "entry_end"):
            look(name)
        way.open(address("entry_change"))
        way.send_empty("entry_change")
        assert way.page.locator("main [aria-invalid=true]").count() > 0
        way.page.fill("main [name=website]", "kein Netz")
        with way.page.expect_navigation():
            way.page.locator("main form.stack button[type=submit]").click()
        way.look("entry_change with an address that is none")
        client.post(reverse("enterprises:entry_consent", args=[entry.token, "entry"]))
        look("entry_own", "with the consent taken back")
        client.post(
            reverse("enterprises:entry_consent", args=[entry.token, "entry"]), {"agree": "1"}
        )
        client.post(address("entry_true"))
        look("entry_own", "just confirmed")
        client.post(address("entry_end"))
        look("entry_own", "out of the directory")
        for status, fields in [
            ("unconfirmed", {"published_at": None, "archived_at": None}),
            ("submitted", since),
            ("refused", {"refused_because": "Das ist keine Berliner Adresse."}),
        ]:
            become(status=status, **fields)
            look("entry_own", status)
        assert way.open(reverse("enterprises:entry_own", args=["x" * 20])) == 404
        way.seen.errors.clear()
        way.look("an entry nobody knows")

    assert not wrong, "\n".join(wrong)
