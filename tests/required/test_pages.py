"""Tests of the required pages: what everyone reads, and what the manager writes."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from best_portal.accounts.models import Language, Role
from best_portal.audit.models import Event
from best_portal.pages.models import Page, PageVersion, built_in
from tests.factories import make_page_version, make_user

pytestmark = pytest.mark.django_db
EDIT = "/seiten/imprint/de/"


@pytest.fixture
def manager():
    return make_user(Role.MANAGER)


@pytest.mark.parametrize("language", Language.values)
@pytest.mark.parametrize("page", Page.values)
def test_every_page_has_a_text_in_both_languages(page, language):
    assert built_in(page, language)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/impressum/", "Kontakt"),
        ("/datenschutz/", "Cookies"),
        ("/barrierefreiheit/", "BIKTG Bln"),
        ("/leichte-sprache/", "Leichter Sprache"),
    ],
)
def test_the_pages_are_read_without_an_account(client, path, words):
    html = client.get(path).content.decode()

    assert words in html
    assert "[[" not in html, "a mark nobody knows"


def test_what_nobody_has_supplied_is_marked_as_missing(client, settings):
    settings.AGENCY = settings.AGENCY | {"phone": ""}

    html = client.get("/impressum/").content.decode()

    assert "Vom Betreiber zu ergänzen" in html
    assert "Telefonnummer" in html


def test_the_agencys_details_stand_where_their_marks_are(client, settings):
    settings.AGENCY = settings.AGENCY | {"phone": "030 0000", "address": "Weg 1\n<b>Berlin</b>"}

    html = client.get("/impressum/").content.decode()

    assert "030 0000" in html
    assert "Weg 1<br>&lt;b&gt;Berlin" in html


def test_every_page_leads_to_all_of_them(client):
    html = client.get("/gibt-es-nicht/").content.decode()

    for path in ("/impressum/", "/datenschutz/", "/barrierefreiheit/", "/leichte-sprache/"):
        assert f'href="{path}"' in html


def test_security_txt_says_whom_to_tell_and_until_when_it_holds(client, settings):
    settings.AGENCY = settings.AGENCY | {"email": "post@beispiel.example"}

    response = client.get("/.well-known/security.txt")

    lines = dict(line.split(": ", 1) for line in response.content.decode().splitlines())
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert lines["Contact"] == "mailto:post@beispiel.example"
    assert lines["Canonical"] == f"{settings.PUBLIC_URL}/.well-known/security.txt"
    expires = timezone.datetime.fromisoformat(lines["Expires"].replace("Z", "+00:00"))
    assert timedelta(days=170) < expires - timezone.now() < timedelta(days=365)


# --- writing ---


def test_a_new_version_is_read_at_once_and_the_former_one_stays(sign_in, manager, client):
    page = sign_in(manager)
    page.post(EDIT, {"after": 0, "text": "Erste Fassung", "checked_on": "2026-01-01"})
    page.post(EDIT, {"after": 1, "text": "Zweite Fassung", "checked_on": "2026-02-01"})

    assert "Zweite Fassung" in client.get("/impressum/").content.decode()
    assert "Erste Fassung" in page.get(f"{EDIT}1/").content.decode()
    assert Event.objects.filter(verb="page.written", actor=manager).count() == 2


def test_the_preview_shows_the_page_and_saves_nothing(sign_in, manager):
    typed = {"after": 0, "text": "## Probe\n<b>x", "checked_on": "2026-01-01", "preview": "1"}

    html = sign_in(manager).post(EDIT, typed).content.decode()

    assert '<h2 class="kern-heading-medium">Probe</h2>' in html
    assert "<b>x" not in html
    assert not PageVersion.objects.exists()


def test_of_two_who_write_at_once_the_second_is_told_and_loses_nothing(sign_in, manager):
    make_page_version(number=1, text="Von jemand anderem")

    html = sign_in(manager).post(
        EDIT, {"after": 0, "text": "Mein langer Text", "checked_on": "2026-01-01"}
    )

    assert "in der Zwischenzeit" in html.content.decode()
    assert "Mein langer Text" in html.content.decode()
    assert PageVersion.objects.get().text == "Von jemand anderem"


def test_the_other_language_keeps_its_own_text(client):
    make_page_version(language="de", text="Nur deutsch")
    client.cookies["language"] = "en"

    html = client.get("/impressum/").content.decode()

    assert "Nur deutsch" not in html
    assert "Who runs this portal" in html


def test_a_day_to_come_is_no_day_of_checking(sign_in, manager):
    tomorrow = timezone.localdate() + timedelta(days=1)

    response = sign_in(manager).post(EDIT, {"after": 0, "text": "x", "checked_on": tomorrow})

    assert response.status_code == 200
    assert not PageVersion.objects.exists()


def test_the_management_is_reminded_after_eleven_months(sign_in, manager):
    year_ago = timezone.localdate() - timedelta(days=340)
    for language in Language.values:
        make_page_version(page="accessibility", language=language, checked_on=year_ago)

    assert "einmal im Jahr" in sign_in(manager).get("/").content.decode()

    PageVersion.objects.write(
        by=manager,
        page="accessibility",
        language="de",
        text="neu",
        checked_on=timezone.localdate(),
        after=1,
    )
    assert PageVersion.objects.to_be_checked()  # the English one is still old
    PageVersion.objects.write(
        by=manager,
        page="accessibility",
        language="en",
        text="new",
        checked_on=timezone.localdate(),
        after=1,
    )
    assert not PageVersion.objects.to_be_checked()


@pytest.mark.parametrize("role", [Role.ADVISOR, Role.FUNDER, Role.FOUNDER, Role.EVALUATOR])
def test_only_the_management_writes(sign_in, role):
    assert sign_in(make_user(role)).get(EDIT).status_code == 403


# --- the database ---


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("pages_pageversion_page_is_known", {"page": "werbung"}),
        ("pages_pageversion_language_is_known", {"language": "fr"}),
        ("pages_pageversion_says_something", {"text": ""}),
    ],
)
def test_a_version_must_make_sense(name, fields):
    with pytest.raises(IntegrityError, match=name):
        make_page_version(**fields)


def test_a_number_is_given_once():
    make_page_version()

    with pytest.raises(IntegrityError, match="pages_pageversion_one_per_number"):
        make_page_version()


def test_writing_over_another_version_is_refused_by_the_verb(manager):
    make_page_version(number=1)

    with pytest.raises(ValidationError):
        PageVersion.objects.write(
            by=manager,
            page="imprint",
            language="de",
            text="x",
            checked_on=date(2026, 1, 1),
            after=0,
        )
