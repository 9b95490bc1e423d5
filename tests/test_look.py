"""The look: KERN's classes exist, nothing is inline, frame, components and error pages hold."""

import re
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.db import OperationalError
from django.template import Context, Template
from django.template.loader import get_template
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import translation

from best_portal import errors
from best_portal.accounts.models import Role
from best_portal.navigation import THEME_COOKIE, sections_for
from best_portal.widgets import DateInput, Picked, SearchChoiceField
from tests.browser import assert_sound, axe_violations, themes, visit, widths
from tests.factories import make_user

TEMPLATES = Path(settings.BASE_DIR) / "templates"
PAGES = ["home", "imprint", "privacy", "accessibility", "help"]


def html_templates():
    # Mails and paper are read by other programs than a browser.
    elsewhere = {"emails", "pdf"}
    return [p for p in TEMPLATES.rglob("*.html") if not elsewhere & set(p.parts)]


def render(source, **context):
    return Template(source).render(Context(context))


# --- templates as files ---


def test_every_kern_class_in_a_template_exists_in_the_css():
    css = (settings.NODE_MODULES / "@kern-ux" / "native" / "dist" / "kern.css").read_text()
    known = set(re.findall(r"\.(kern-[\w-]+)", css))

    # A name a template composes ("kern-icon--{{ icon }}") is checked where it is used.
    used = {
        (path.name, name)
        for path in html_templates()
        for name in re.findall(
            r"(?<![\w/-])kern-[a-z][\w-]*(?![\w-]*\{|[\w.-]*\.)", path.read_text()
        )
        if not name.endswith("-")
    }

    assert {(file, name) for file, name in used if name not in known} == set()


def test_every_icon_a_template_asks_for_exists():
    css = (settings.NODE_MODULES / "@kern-ux" / "native" / "dist" / "kern.css").read_text()
    known = set(re.findall(r"\.kern-icon--([\w-]+)", css))

    asked = {
        name for p in html_templates() for name in re.findall(r'icon="([^"{]+)"', p.read_text())
    }

    assert asked - known == set()


def test_no_template_has_inline_style_or_script():
    # Data for search engines is no script: a browser runs nothing of it.
    inline = re.compile(
        r"<style|<script(?![^>]*\ssrc=)(?! type=\"application/ld\+json\">)|\sstyle\s*="
        r"|\son[a-z]+\s*=|javascript:|hx-on|\bjs:",
        re.I,
    )

    assert [p.name for p in html_templates() if inline.search(p.read_text())] == []


def test_every_component_tells_its_contract_in_its_first_line():
    silent = [
        path.name
        for folder in ("components", "kern")
        for path in (TEMPLATES / folder).rglob("*.html")
        if not path.read_text().startswith("{# ")
    ]

    assert silent == []


def test_every_template_compiles():
    for path in html_templates():
        get_template(str(path.relative_to(TEMPLATES)))


# --- the frame ---


@pytest.mark.django_db
@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("language", ["de", "en"])
def test_everybody_reads_the_public_pages_in_both_languages(client, name, language):
    client.cookies["language"] = language

    page = client.get(reverse(name))

    assert page.status_code == 200
    assert f'<html lang="{language}"' in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("role", Role.values)
def test_every_role_has_a_first_page(sign_in, role):
    user = make_user(role=role)

    page = sign_in(user).get("/")

    assert page.status_code == 200
    assert user.name in page.content.decode()


@pytest.mark.django_db
def test_a_name_is_greeted_as_it_is_written(sign_in):
    page = sign_in(make_user(name="O'Muster <b>")).get("/").content.decode()

    assert page.count("O&#x27;Muster &lt;b&gt;") >= 2
    assert "&amp;" not in page


def test_the_navigation_marks_the_section_one_is_in(db):
    advisor = make_user()

    sections = sections_for(advisor, "/")

    assert [section.current for section in sections if section.current] == ["page"]


@pytest.mark.django_db
def test_the_language_of_somebody_signed_in_is_kept_with_the_account(sign_in):
    user = make_user(language="de")

    answer = sign_in(user).post(reverse("set_language"), {"language": "en", "next": "/hilfe/"})

    user.refresh_from_db()
    assert (answer.status_code, answer.url, user.language) == (302, "/hilfe/", "en")


@pytest.mark.django_db
def test_the_language_of_a_visitor_is_kept_in_the_browser(client):
    client.post(reverse("set_language"), {"language": "en"})

    assert '<html lang="en"' in client.get("/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_theme_chosen_comes_with_the_page(client, theme):
    client.post(reverse("set_theme"), {"theme": theme})

    assert client.cookies[THEME_COOKIE].value == theme
    assert f'data-kern-theme="{theme}"' in client.get("/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["set_language", "set_theme"])
@pytest.mark.parametrize("value", ["", "xx", "\x00", "de" * 500])
def test_an_unknown_language_or_theme_gets_a_sentence(client, name, value):
    answer = client.post(reverse(name), {"language": value, "theme": value})

    assert answer.status_code == 400
    assert "<h1" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "evil", ["https://boese.example/", "//boese.example", "/\\boese.example", "javascript:alert(1)"]
)
def test_a_switch_leads_back_to_this_portal_only(client, evil):
    answer = client.post(reverse("set_theme"), {"theme": "dark", "next": evil})

    assert answer.url == "/"


@pytest.mark.django_db
def test_every_cookie_the_portal_sets_is_named_on_the_privacy_page(client, sign_in):
    sign_in(make_user())
    client.post(reverse("set_theme"), {"theme": "dark"})
    client.post(reverse("set_language"), {"language": "de"})

    page = client.get(reverse("privacy")).content.decode()

    assert len(client.cookies) == 4
    assert [name for name in client.cookies if f">{name}<" not in page] == []


# --- error pages ---


@pytest.mark.django_db
def test_an_unknown_address_gets_the_404_page(client):
    page = client.get("/gibt-es-nicht/")

    assert page.status_code == 404
    assert reverse("help") in page.content.decode()


@pytest.mark.django_db
def test_a_form_without_its_token_gets_a_page_that_says_what_to_do():
    page = Client(enforce_csrf_checks=True).post(reverse("set_theme"), {"theme": "dark"})

    assert page.status_code == 403
    assert "<h1" in page.content.decode()


@pytest.mark.django_db
def test_a_wrong_role_gets_the_403_page(rf):
    request = rf.get("/")
    request.user = make_user()

    page = errors.permission_denied(request, PermissionError())

    assert page.status_code == 403
    assert "<h1" in page.content.decode()


def test_a_crash_gets_a_page_that_needs_no_database():
    page = errors.server_error(RequestFactory().get("/"))

    assert page.status_code == 500
    assert reverse("imprint") in page.content.decode()


def test_an_absent_database_gets_a_page_that_says_when_to_come_back():
    try:
        raise OperationalError("connection refused")
    except OperationalError:
        page = errors.server_error(RequestFactory().get("/"))

    assert page.status_code == 503
    assert page.headers["Retry-After"] == "30"
    assert "<h1" in page.content.decode()


# --- how numbers are written ---


@pytest.mark.parametrize(
    ("source", "value", "german", "english"),
    [
        ("minutes", None, "–", "–"),
        ("hours", 150, "2,5", "2.5"),
        ("hours", 50, "0,83", "0.83"),
        ("hours", 74400, "1.240", "1,240"),
        ("euro", "1234.5", "1.234,50\xa0€", "1,234.50\xa0€"),
        ("euro", 0, "0,00\xa0€", "0.00\xa0€"),
        ("number", 12345, "12.345", "12,345"),
        ("number:1", 12, "12,0", "12.0"),
        ("number", "viel", "–", "–"),
        ("number", float("nan"), "–", "–"),
    ],
)
def test_numbers_are_written_as_the_reader_writes_them(source, value, german, english):
    template = "{% load figures %}{{ value|" + source + " }}"

    with translation.override("de"):
        assert render(template, value=value) == german
    with translation.override("en"):
        assert render(template, value=value) == english


@pytest.mark.parametrize(
    ("source", "value", "english"),
    [
        ("minutes", 150, "2 h 30 min"),
        ("minutes", 45, "45 min"),
        ("minutes", 120, "2 h"),
        ("minutes", 75000, "1,250 h"),
        ("clock", 150, "2:30 h"),
        ("clock", 5, "0:05 h"),
    ],
)
def test_a_duration_is_written_in_hours_and_minutes(source, value, english):
    with translation.override("en"):
        assert render("{% load figures %}{{ value|" + source + " }}", value=value) == english


# --- components and fields ---


def test_pages_of_a_list_keep_its_filters(rf):
    page = Paginator(range(100), 10).page(3)
    request = rf.get("/beratungen/?q=Café&page=3")

    html = render("{% load components %}{% pagination page %}", page=page, request=request)

    assert 'href="?q=Caf%C3%A9&amp;page=4"' in html
    assert html.count('aria-current="page"') == 1


def test_what_a_component_is_given_is_text_not_html():
    html = render(
        "{% load components %}{% status word %}{% empty_state word %}{% figure word word %}"
        "{% panel word %}{{ word }}{% endpanel %}{% breadcrumb word %}",
        word="<b>fett</b>",
    )

    assert "<b>" not in html


def test_an_error_is_in_the_summary_beside_the_field_and_known_to_screen_readers():
    class Form(forms.Form):
        day = forms.DateField(widget=DateInput, help_text="Der Tag")

    html = render("{% load crispy_forms_tags %}{{ form|crispy }}", form=Form({"day": "31.02."}))

    assert 'href="#id_day"' in html
    assert 'aria-describedby="id_day_helptext id_day_error"' in html
    assert 'id="id_day_helptext"' in html
    assert 'id="id_day_error"' in html
    assert 'aria-invalid="true"' in html


def test_a_date_the_browser_cannot_show_stays_as_typed():
    html = DateInput().render("day", "31.02.")

    assert 'type="text"' in html
    assert 'value="31.02."' in html


def test_what_may_be_left_empty_is_marked_in_words():
    class Form(forms.Form):
        must = forms.CharField()
        may = forms.CharField(required=False)

    with translation.override("en"):
        html = render("{% load crispy_forms_tags %}{{ form|crispy }}", form=Form())

    assert html.count("(optional)") == 1


@pytest.fixture
def search_field(monkeypatch):
    people = type(make_user()).objects.all()
    monkeypatch.setattr(
        type(people),
        "matching",
        lambda self, text: self.filter(name__icontains=text),
        raising=False,
    )
    return SearchChoiceField(people, search_url="home")


@pytest.mark.django_db
def test_a_row_picked_while_typing_is_taken(search_field):
    user = make_user(name="Nähwerkstatt Beispiel")

    assert search_field.clean(Picked(str(user.pk), "Nähwerkstatt Beispiel")) == user


@pytest.mark.django_db
def test_a_text_that_fits_one_row_is_taken_without_picking(search_field):
    user = make_user(name="Nähwerkstatt Beispiel")

    assert search_field.clean(Picked("", "nähwerk")) == user


@pytest.mark.django_db
def test_a_text_that_fits_several_rows_is_asked_back(search_field):
    make_user(name="Kiezküche Nord")
    make_user(name="Kiezküche Süd")

    with pytest.raises(forms.ValidationError, match="Kiezküche"):
        search_field.clean(Picked("", "Kiezküche"))

    assert len(search_field.widget.suggestions) == 2


@pytest.mark.django_db
def test_a_text_that_is_only_alike_is_asked_back_even_where_nothing_else_fits(
    search_field, monkeypatch
):
    user = make_user(name="Beispiel-Fahrradladen im Hof")
    monkeypatch.setattr(
        type(search_field.queryset), "matching", lambda self, text: self.filter(pk=user.pk)
    )

    with pytest.raises(forms.ValidationError) as refusal:
        search_field.clean(Picked("", "Beispiel-Kiez Fahrradküche"))

    assert refusal.value.code == "similar"
    assert search_field.widget.suggestions == [user]
    assert search_field.clean(Picked("", "Beispiel Fahradladen im Hof")) == user
    assert search_field.clean(Picked("", "hof fahrradladen")) == user


@pytest.mark.django_db
@pytest.mark.parametrize("pk", ["999999999999999999999999", "x", "\x00", "-1"])
def test_a_row_that_does_not_exist_is_refused_with_words(search_field, pk):
    with pytest.raises(forms.ValidationError):
        search_field.clean(Picked(pk, ""))


@pytest.mark.django_db
def test_a_text_changed_after_picking_is_what_counts(search_field):
    first = make_user(name="Kiezküche Nord")
    second = make_user(name="Radwerkstatt")

    assert search_field.clean(Picked(str(first.pk), "Radwerkstatt")) == second


# --- in the browser ---


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@themes
@widths
def test_components_and_frame_are_sound_in_the_browser(browser, live_server, theme, width):
    with visit(browser, live_server, theme=theme, width=width) as (page, seen):
        for address in ["/muster/", "/", *map(reverse, PAGES)]:
            page.goto(live_server.url + address)
            assert_sound(page, seen)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@themes
def test_an_error_page_is_sound_in_the_browser(browser, live_server, theme):
    with visit(browser, live_server, theme=theme, width=320) as (page, seen):
        page.goto(f"{live_server.url}/gibt-es-nicht/")
        # The browser reports the 404 itself as an error.
        seen.errors.clear()
        assert_sound(page, seen)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@themes
def test_the_first_page_of_each_role_is_sound(browser, live_server, sign_in, theme):
    for role in Role.values:
        client = sign_in(make_user(role=role), client=Client())
        with visit(browser, live_server, theme=theme, width=320, client=client) as (page, seen):
            page.goto(live_server.url)
            page.locator("summary:visible").first.click()
            assert_sound(page, seen)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_browser_tests_would_notice_a_fault(browser, live_server):
    with visit(browser, live_server) as (page, seen):
        page.goto(live_server.url)
        page.evaluate("document.body.append(document.createElement('img'))")
        page.evaluate("document.body.setAttribute('style', 'width: 3000px')")
        page.evaluate("fetch('http://elsewhere.example/').catch(() => null)")

        assert any("image-alt" in line for line in axe_violations(page))
        assert any("style-src" in line for line in page.evaluate("window.violations"))
        assert any("connect-src" in line for line in page.evaluate("window.violations"))
        assert seen.errors != []


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_error_summary_takes_the_focus(browser, live_server):
    with visit(browser, live_server) as (page, _seen):
        page.goto(f"{live_server.url}/muster/")

        assert page.evaluate("document.activeElement.matches('[data-take-focus]')")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@themes
def test_a_row_is_found_and_picked_by_keyboard(browser, live_server, theme):
    with visit(browser, live_server, theme=theme, width=320) as (page, seen):
        page.goto(f"{live_server.url}/muster/")
        field = page.get_by_role("combobox", name="Betrieb").first
        field.fill("werk")
        page.locator(".combobox__option").first.wait_for()
        field.press("ArrowDown")
        assert field.get_attribute("aria-activedescendant") == "id_enterprise_list_0"
        assert_sound(page, seen)

        field.press("ArrowDown")
        field.press("Enter")

        assert field.input_value() == "Radwerkstatt Muster"
        assert page.locator("input[name=enterprise]").first.input_value() == "Radwerkstatt Muster"
        assert field.get_attribute("aria-expanded") == "false"


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_first_tab_leads_past_the_navigation(browser, live_server):
    with visit(browser, live_server) as (page, _seen):
        page.goto(live_server.url)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")

        page.wait_for_url("**#content")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_switching_works_without_javascript(browser, live_server):
    with visit(browser, live_server, java_script_enabled=False) as (page, _seen):
        page.goto(f"{live_server.url}/hilfe/")
        page.locator(".site-header__tools button[value=dark]").click()

        assert page.url == f"{live_server.url}/hilfe/"
        assert page.locator("html").get_attribute("data-kern-theme") == "dark"
