"""Three people come to the portal without a mouse, from the sign-in to what they came for."""

from datetime import timedelta

import icalendar
import pytest
from django.core import mail
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role, User
from best_portal.outbox.models import Letter
from consultations.models import Appointment, AppointmentStatus, Consultation
from tests.accounts.test_second_factor import app_code, make_app
from tests.accounts.test_sign_in import code_in
from tests.browser import visit
from tests.factories import (
    let_out,
    make_consultation,
    make_district,
    make_office_hours,
    make_organisation,
    make_project,
    make_report,
    make_user,
)
from tests.pages.keyboard import Keyboard
from tests.pages.walk import walk
from tests.reports.test_production import make_accounted_grant, produced_version

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]

CONCERN = "Wir gründen eine Nähwerkstatt."
FREE_TIME = "a.free-time"


@pytest.fixture(autouse=True)
def nobody_tried_before():
    cache.clear()


def sign_in_by_keyboard(keyboard, user):
    keyboard.open(reverse("account_login"))
    keyboard.fill("[name=email]", user.email)
    keyboard.enter()
    keyboard.fill("[name=code]", code_in(mail.outbox[-1]))
    keyboard.enter()
    if user.needs_second_factor:
        keyboard.fill("[name=code]", app_code())
        keyboard.enter()
    assert user.name in keyboard.page.inner_text("main")


def make_team():
    advisor = make_user()
    make_app(advisor)
    project = make_project(
        team=[advisor],
        starts_on=timezone.localdate() - timedelta(days=100),
        ends_on=timezone.localdate() + timedelta(days=100),
    )
    organisation = make_organisation(name="Wäscherei Muster", district=make_district())
    make_consultation([advisor], project=project, organisation=organisation)
    Consultation.objects.all().update(place="Stadtteilbüro")
    return advisor, organisation


def test_an_advisor_signs_in_and_logs_a_consultation(browser, live_server):
    (advisor, organisation), wrong = make_team(), []

    with walk(browser, live_server, wrong) as way:
        page, keyboard = way.page, Keyboard(way)
        sign_in_by_keyboard(keyboard, advisor)
        keyboard.begin()
        keyboard.enter("a.quick-log")
        keyboard.fill("[name=organisation_text]", "wäsch")
        page.get_by_role("option").first.wait_for()
        with page.expect_response("**/bekannt/**"):
            keyboard.press("ArrowDown", "Enter")
        keyboard.look()
        keyboard.fill("[name=length]", "1,5")
        keyboard.fill("[name=result]", "Liquiditätsplan")
        keyboard.send()

        assert organisation.name in page.inner_text("main table")

    assert not wrong, "\n".join(wrong)
    logged = Consultation.objects.latest("pk")
    assert (logged.organisation, logged.minutes) == (organisation, 90)
    assert (logged.result, logged.place) == ("Liquiditätsplan", "Stadtteilbüro")
    assert keyboard.strokes <= 60
    assert keyboard.seconds < 30


def test_a_founder_registers_books_and_cancels(browser, live_server):
    make_office_hours(place="Stadtteilbüro")
    wrong = []

    with walk(browser, live_server, wrong) as way:
        page, keyboard = way.page, Keyboard(way)
        keyboard.open("/")
        keyboard.enter(f"a[href^='{reverse('account_login')}']")
        keyboard.enter(f"main a[href^='{reverse('account_signup')}']")
        keyboard.fill("[name=name]", "Mina Muster")
        keyboard.fill("[name=email]", "mina@muster.example")
        keyboard.enter()
        keyboard.fill("[name=code]", code_in(mail.outbox[-1]))
        keyboard.enter()
        keyboard.enter(f"main a[href='{reverse('consultations:book')}']")
        keyboard.enter(FREE_TIME)
        keyboard.fill("[name=concern]", CONCERN)
        keyboard.enter("[name=check]")
        keyboard.enter("[name=book]")
        appointment = Appointment.objects.get()
        assert appointment.reference in page.inner_text("main")
        Letter.objects.deliver_due()
        [letter] = [each for each in mail.outbox[1:] if "mina@muster.example" in each.to[0]]
        keyboard.open(appointment.get_absolute_url())
        keyboard.enter(f"main a[href='{reverse('consultations:cancel', args=[appointment.pk])}']")
        keyboard.enter("main form[method=post] button")

    assert not wrong, "\n".join(wrong)
    appointment.refresh_from_db()
    assert appointment.status == AppointmentStatus.CANCELLED
    assert appointment.person.user == User.objects.by_email("mina@muster.example")
    [event] = icalendar.Calendar.from_ical(calendar_in(letter)).walk("VEVENT")
    assert event["DTSTART"].dt == appointment.starts_at


def calendar_in(letter):
    [part] = [
        part for part in letter.message().walk() if part.get_content_type() == "text/calendar"
    ]
    return part.get_payload(decode=True)


def test_a_funder_signs_in_and_downloads_the_report(browser, live_server):
    report = make_report(grant=make_accounted_grant())
    released = produced_version(report)
    let_out(released)
    funder = make_user(Role.FUNDER)
    make_app(funder)
    report.grant.programme.officers.add(funder)
    document = reverse("reports:download", args=[released.pk, "pdf"])
    wrong = []

    with walk(browser, live_server, wrong) as way:
        page, keyboard = way.page, Keyboard(way)
        sign_in_by_keyboard(keyboard, funder)
        keyboard.enter(f"a[href='{reverse('reports:list')}']")
        keyboard.enter(f"main a[href='{report.get_absolute_url()}']")
        keyboard.tab_to(f"main a[href='{document}']")
        with page.expect_download() as expected:
            keyboard.press("Enter")
        downloaded = expected.value.path().read_bytes()

    assert not wrong, "\n".join(wrong)
    assert downloaded == bytes(released.document.pdf)
    assert expected.value.suggested_filename == released.file_name("pdf")
    assert released.downloads.get().user == funder


@pytest.fixture
def without_javascript(browser, live_server, sign_in):
    def open_as(user):
        return visit(browser, live_server, client=sign_in(user), java_script_enabled=False)

    return open_as


def test_signing_in_needs_no_javascript(browser, live_server):
    advisor, _organisation = make_team()

    with visit(browser, live_server, java_script_enabled=False) as (page, _seen):
        page.goto(live_server.url + reverse("account_login"))
        for name, value in [
            ("email", lambda: advisor.email),
            ("code", lambda: code_in(mail.outbox[-1])),
            ("code", app_code),
        ]:
            page.fill(f"main [name={name}]", value())
            page.locator("main button.kern-btn--primary").click()

        assert advisor.name in page.inner_text("main")


def test_downloading_needs_no_javascript(live_server, without_javascript):
    released = produced_version(make_report(grant=make_accounted_grant()))
    let_out(released)
    funder = make_user(Role.FUNDER)
    released.report.grant.programme.officers.add(funder)

    with without_javascript(funder) as (page, _seen):
        page.goto(live_server.url + reverse("reports:list"))
        with page.expect_download() as expected:
            page.get_by_role("link", name="PDF").first.click()
        downloaded = expected.value.path().read_bytes()

    assert downloaded.startswith(b"%PDF-")
