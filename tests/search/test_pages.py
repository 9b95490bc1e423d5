"""The search box on the page: groups, paging, suggestions, the keyboard."""

import pytest
from django.urls import reverse

from best_portal.search.finding import FEW, MOST, PAGE
from consultations.models import Consultation
from enterprises.models import Person
from tests.browser import assert_sound, themes, visit, widths
from tests.factories import (
    make_consultation,
    make_document,
    make_founder,
    make_organisation,
    make_person,
    make_project,
    make_user,
    make_visit,
)

SEARCH = reverse("search")


@pytest.fixture
def advisor():
    return make_user()


@pytest.fixture
def page(sign_in, advisor):
    return sign_in(advisor)


def found(client, typed, **more):
    groups = client.get(SEARCH, {"q": typed, **more}).context["groups"]
    return {group.kind.key: group for group in groups}


def words(pieces):
    return "".join(text for text, _is_asked in pieces)


@pytest.mark.django_db
def test_people_organisations_and_notes_are_found_in_their_groups(page, advisor):
    organisation = make_organisation(name="Wäscherei am Platz")
    person = make_person(name="Mara Wäscher-Beispiel")
    consultation = make_consultation(
        organisation=organisation, advisors=[advisor], internal_note="Die Wäscherei sucht Räume."
    )

    groups = found(page, "waesch")

    assert list(groups) == ["organisationen", "personen", "beratungen"]
    addresses = [group.hits[0].address for group in groups.values()]
    assert addresses == [row.get_absolute_url() for row in (organisation, person, consultation)]
    assert words(groups["beratungen"].hits[0].snippet) == "Die Wäscherei sucht Räume."


@pytest.mark.django_db
def test_a_word_of_the_text_and_one_of_the_organisation_find_the_consultation(page):
    laundry = make_organisation(name="Wäscherei am Platz")
    make_consultation(organisation=laundry, result="Miete verhandelt")
    make_consultation(organisation=laundry, result="Strom abgelesen")

    assert found(page, "wäscherei miete")["beratungen"].number == 1
    assert "beratungen" not in found(page, "wäscherei platz")


@pytest.mark.django_db
def test_visits_are_found_by_what_was_said_and_where_never_by_their_notes(page, advisor):
    visit = make_visit(
        advisor=advisor,
        name="Schuhmacherei Muster",
        organisation=None,
        situation="Die Miete steigt.",
        note="Kündigung droht",
        trader_name="Ella Beispiel",
        has_consented=True,
    )
    gone = make_visit(advisor=advisor, situation="Die Miete steigt.")
    gone.withdraw(by=advisor)

    [hit] = found(page, "mieten")["besuche"].hits

    assert hit.address == visit.get_absolute_url()
    assert "Schuhmacherei Muster" in words(hit.name)
    assert words(hit.snippet) == "Die Miete steigt."
    assert found(page, "schuhmacher miete")["besuche"].number == 1
    for typed in ("kündigung", "Ella"):
        assert "besuche" not in found(page, typed)


@pytest.mark.django_db
def test_a_team_reads_its_own_notes_and_others_only_results(page, advisor):
    team = make_project(team=[advisor])
    make_consultation(project=team, internal_note="Zahlungsverzug", result="Beraten")
    make_consultation(internal_note="Zahlungsverzug", result="Beraten")

    assert found(page, "Zahlungsverzug")["beratungen"].number == 1
    hits = found(page, "beraten")["beratungen"].hits
    assert len(hits) == 2
    assert not any("Zahlungsverzug" in words(hit.snippet) for hit in hits)


@pytest.mark.django_db
def test_a_withdrawn_consultation_is_not_found(page, advisor):
    consultation = make_consultation(advisors=[advisor], result="Versehen")

    consultation.withdraw(by=advisor)

    assert found(page, "versehen") == {}


@pytest.mark.django_db
def test_a_file_number_finds_its_file(page):
    organisation = make_organisation()

    group = found(page, organisation.number.lower())["organisationen"]

    assert [hit.address for hit in group.hits] == [organisation.get_absolute_url()]


@pytest.mark.django_db
def test_a_few_are_shown_of_each_kind_and_all_of_one(page):
    for number in range(PAGE + 2):
        make_person(name=f"Muster {number:02}")

    assert len(found(page, "muster")["personen"].hits) == FEW
    assert len(found(page, "muster", art="personen")["personen"].hits) == PAGE
    assert len(found(page, "muster", art="personen", page="2")["personen"].hits) == 2


@pytest.mark.django_db
def test_of_very_many_it_is_said_that_there_are_more(page):
    Person.objects.bulk_create(Person(name=f"Muster {n}") for n in range(MOST + 1))

    group = found(page, "muster")["personen"]

    assert group.has_more
    assert group.number == MOST


@pytest.mark.django_db
def test_a_kind_that_is_none_is_not_found(page):
    assert page.get(SEARCH, {"q": "muster", "art": "geheim"}).status_code == 404


@pytest.mark.django_db
def test_something_alike_is_offered_and_called_so(page):
    make_consultation(result="Eine Genossenschaft entsteht.")

    answer = page.get(SEARCH, {"q": "Genosenschaft"})

    [group] = answer.context["groups"]
    assert group.is_alike
    assert "Das kommt dem nahe" in answer.content.decode()


@pytest.mark.django_db
def test_markup_in_a_name_is_text(page):
    make_organisation(name="<b>Muster</b>")

    assert "<b>" not in page.get(SEARCH, {"q": "muster"}).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["", "   ", "der die das", "nirgends"])
def test_an_empty_answer_says_what_to_do(page, typed):
    answer = page.get(SEARCH, {"q": typed})

    assert answer.context["groups"] == []
    assert "empty-state" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("rows", [1, 4])
def test_the_search_costs_the_same_however_much_is_found(page, rows, count_queries):
    for number in range(rows):
        organisation = make_organisation(name=f"Muster {number}")
        person = make_person(name=f"Muster {number}")
        person.involvements.create(organisation=organisation)
        make_consultation(organisation=organisation, result="Muster")

    assert count_queries(page.get, SEARCH, {"q": "muster"}) == 21


@pytest.mark.django_db
def test_suggestions_are_names_with_their_addresses(page):
    organisation = make_organisation(name="Nähwerkstatt Muster")
    make_consultation(result="Nähwerkstatt besucht")

    answer = page.get(reverse("search_suggestions"), {"q": "naeh"}).content.decode()

    assert answer.count('role="option"') == 1
    assert f'data-value="{organisation.get_absolute_url()}"' in answer


@pytest.mark.django_db
def test_the_box_stands_on_every_page_of_staff_and_on_nobody_elses(page, client):
    assert b'id="search-box"' in page.get("/hilfe/").content
    client.logout()
    assert b'id="search-box"' not in client.get("/hilfe/").content


@pytest.mark.django_db
def test_the_list_of_consultations_searches_alike(page):
    make_consultation(result="Der Zuwendungsbescheid ist da.")
    make_consultation(result="Nichts")

    totals = page.get(reverse("consultations:list"), {"q": "bescheide"}).context["totals"]

    assert totals["count"] == 1
    assert Consultation.objects.count() == 2


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@themes
@widths
def test_the_search_in_a_browser(browser, live_server, sign_in, theme, width):
    organisation = make_organisation(name="Nähwerkstatt Muster")
    make_consultation(organisation=organisation, result="Die Nähwerkstatt braucht Räume.")
    client = sign_in(make_user())
    with visit(browser, live_server, theme=theme, width=width, client=client) as (page, seen):
        page.goto(f"{live_server.url}/hilfe/")
        page.keyboard.press("Control+K")
        page.keyboard.type("naehwerk")
        page.wait_for_selector("#search-box-list [role=option]")
        page.keyboard.press("Enter")
        page.wait_for_url("**/suche/?q=naehwerk")
        assert page.locator("mark").count() >= 2
        assert_sound(page, seen)
        page.keyboard.press("Control+K")
        page.keyboard.type("naehwerks")
        page.wait_for_selector("#search-box-list [role=option]")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{organisation.get_absolute_url()}")


# --- the words of files ---


@pytest.fixture
def letter():
    """A paper nobody would guess from its name."""
    document = make_document(make_organisation(), title="Anlage 3", is_shared=False)
    document.versions.update(
        name="scan.pdf", text="Der Zuwendungsbescheid nennt die Kanarienstraße 12."
    )
    return document


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["zuwendungsbescheid", "bescheid", "kanarienstrasse", "nennt"])
def test_a_paper_is_found_by_the_words_in_its_file(page, letter, typed):
    group = found(page, typed)["unterlagen"]

    assert [hit.address for hit in group.hits] == [letter.get_absolute_url()]
    assert "Zuwendungsbescheid" in words(group.hits[0].snippet)


@pytest.mark.django_db
def test_deep_in_a_file_the_piece_around_the_word_is_shown(page, letter):
    letter.versions.update(text="Größe und Maß. " * 5000 + "Hier steht der Mietspiegel für alle.")

    snippet = words(found(page, "mietspiegel")["unterlagen"].hits[0].snippet)

    assert "Mietspiegel" in snippet
    assert len(snippet) < 400


@pytest.mark.django_db
def test_the_words_of_a_file_are_found_only_by_who_may_see_the_paper(sign_in, letter):
    founder = make_founder(letter.organisation)
    stranger = make_founder(make_organisation())

    for someone in (founder, stranger):
        assert "unterlagen" not in (found_by(sign_in(someone)) or {})
    letter.is_shared = True
    letter.save()
    assert found_by(sign_in(stranger)) in (None, {})
    letter.withdraw(by=make_user())
    assert "unterlagen" not in found_by(sign_in(make_user()))


def found_by(client):
    """What the search answers, where this person may search at all."""
    answer = client.get(SEARCH, {"q": "kanarienstraße"})
    if answer.status_code != 200:
        return None
    return {group.kind.key: group for group in answer.context["groups"]}
