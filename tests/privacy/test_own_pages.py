"""A founder's own pages: agreements and hours, what is stored, who read it, all of it to take."""

import io
import json
import re
import uuid
import zipfile
from datetime import date, timedelta
from fnmatch import fnmatch
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role, User
from best_portal.audit.models import Event
from best_portal.drafts.models import Draft
from best_portal.privacy.inventory import CATEGORIES, NOT_ABOUT, told_of
from best_portal.privacy.own_file import hours_of
from best_portal.privacy.reading import NOT_OF_PEOPLE, READ, readings_of
from enterprises.models import Person
from tests.factories import (
    COMPLETE,
    checked_file,
    make_confirmation,
    make_consultation,
    make_document,
    make_founder,
    make_letter,
    make_organisation,
    make_participation,
    make_project,
    make_promise,
    make_user,
    write_answers,
)

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parent.parent.parent
# A relation to one of these is about a person; allauth's own tables count as well.
ABOUT = (Person, User)


def relations():
    """Every relation that points at a person or an account: "app.Model.field"."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            if field.concrete and field.is_relation and field.related_model in ABOUT:
                yield f"{model._meta.label}.{field.name}"


def test_every_relation_to_a_person_is_told_of_or_said_why_not():
    told = {
        f"{table.model}.{path}"
        for category in CATEGORIES
        for table in category.tables
        for path in table.people + table.accounts
    }
    forgotten = [
        name
        for name in relations()
        if name not in told and not any(fnmatch(name, pattern) for pattern in NOT_ABOUT)
    ]
    assert forgotten == []


def test_no_reason_is_left_over():
    names = list(relations())
    unused = [pattern for pattern in NOT_ABOUT if not any(fnmatch(name, pattern) for name in names)]
    assert unused == []


def test_every_verb_of_reading_is_told_of_or_said_why_not():
    verbs = set()
    for path in [*ROOT.glob("*/**/*.py")]:
        if path.parts[len(ROOT.parts)] in (".venv", "node_modules", "tests", "var"):
            continue
        verbs |= set(re.findall(r'verb="(\w+\.\w+)"', path.read_text(encoding="utf-8")))
    reading = {
        verb
        for verb in verbs
        if re.search(r"\.(read|opened|downloaded|exported|handed_out|rows_downloaded)$", verb)
    } - {"case.opened"}
    assert reading - set(READ) - set(NOT_OF_PEOPLE) == set()


@pytest.fixture
def founder():
    return make_founder(make_organisation(name="Nähstube Muster"), name="Mira Muster")


@pytest.fixture
def organisation(founder):
    return founder.person.organisations.get()


def test_the_own_file_shows_agreements_steps_papers_and_questions(sign_in, founder, organisation):
    consultation = make_consultation(
        organisation=organisation,
        held_on=timezone.localdate(),
        next_step="Satzung mitbringen",
        internal_note="Zkgeheim",
        result="Zkergebnis",
    )
    consultation.people.add(founder.person)
    make_promise(organisation=organisation, person=founder.person, what="Vorlage schicken")
    make_document(organisation, founder, title="Mietvertrag")
    make_confirmation(organisation=organisation, person=founder.person)

    page = sign_in(founder).get(reverse("privacy:my_file")).text

    for words in ("Satzung mitbringen", "Vorlage schicken", "Mietvertrag", "Musterstelle"):
        assert words in page
    assert "Zkgeheim" not in page
    assert "Zkergebnis" not in page


def test_nothing_of_another_organisation_stands_there(sign_in, founder):
    other = make_founder(make_organisation(), name="Erika Beispiel")
    make_consultation(
        organisation=other.person.organisations.get(),
        held_on=timezone.localdate(),
        next_step="Fremder Schritt",
    )
    make_promise(
        organisation=other.person.organisations.get(), person=other.person, what="Fremde Zusage"
    )

    client = sign_in(founder)
    pages = client.get(reverse("privacy:my_file")).text + client.get(reverse("privacy:stored")).text

    assert "Fremd" not in pages
    assert "Erika" not in pages


def test_hours_are_contact_time_by_year_and_project(founder):
    first, second = make_project(name="Erstes"), make_project(name="Zweites")
    for project, held_on, minutes in (
        (first, date(2024, 3, 1), 60),
        (first, date(2024, 5, 1), 45),
        (second, date(2025, 1, 7), 30),
    ):
        row = make_consultation(
            project=project, held_on=held_on, minutes=minutes, preparation_minutes=25
        )
        row.people.add(founder.person)
    gone = make_consultation(project=first, held_on=date(2024, 6, 1), minutes=600)
    gone.people.add(founder.person)
    gone.withdraw(by=make_user())

    hours = hours_of(founder.person)

    assert [
        (row["year"], row["project"], row["number"], row["total"]) for row in hours["rows"]
    ] == [
        (2025, "Zweites", 1, 30),
        (2024, "Erstes", 2, 105),
    ]
    assert hours["total"] == 135


def test_every_category_finds_its_rows(founder):
    assert {category.name for category, _tables in told_of(founder.person)} == {
        category.name for category in CATEGORIES
    }
    [contact] = [
        tables for category, tables in told_of(founder.person) if category.name == "contact"
    ]
    assert "Mira Muster" in str(contact)


def test_who_opened_the_file_is_told_once_a_day(sign_in, founder, organisation):
    advisor = make_user(Role.ADVISOR, name="Jonas Berater")
    client = sign_in(advisor)
    for _time in range(3):
        client.get(organisation.get_absolute_url())
        client.get(founder.person.get_absolute_url())
    client.get(make_organisation().get_absolute_url())

    told = [(each.name, each.about) for each in readings_of(founder.person)]

    assert sorted(told) == [("Jonas Berater", ""), ("Jonas Berater", "Nähstube Muster")]
    page = sign_in(founder).get(reverse("privacy:stored")).text
    assert "Jonas Berater" in page


def test_what_the_founder_opens_is_no_reading_by_others(sign_in, founder, organisation):
    sign_in(founder).get(organisation.get_absolute_url())

    assert list(readings_of(founder.person)) == []


def test_papers_of_the_team_are_not_even_named(founder, organisation):
    advisor = make_user(Role.ADVISOR)
    hidden = make_document(organisation, advisor, title="Zkintern")
    shown = make_document(organisation, founder, title="Mietvertrag")
    for paper in (hidden, shown):
        list(paper.versions.get().download(by=advisor))

    assert [each.about for each in readings_of(founder.person)] == ["Mietvertrag"]


def zip_of(client):
    answer = client.post(reverse("privacy:download"))
    assert answer.status_code == 200
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def test_everything_can_be_taken_along(sign_in, founder, organisation):
    make_document(organisation, founder, title="Plan", file=checked_file("plan.txt", "Wortlaut\n"))
    make_document(
        organisation, make_user(), title="Zkintern", file=checked_file("zkintern.txt", "Zkgeheim")
    )
    consultation = make_consultation(organisation=organisation, internal_note="Zknotiz")
    consultation.people.add(founder.person)
    stranger = make_document(title="Zkfremd", is_shared=True)

    archive = zip_of(sign_in(founder))

    assert archive.testzip() is None
    names = archive.namelist()
    assert names[:2] == ["uebersicht.html", "daten.json"]
    [paper] = names[2:]
    assert paper.startswith("unterlagen/Nähstube Muster/")
    assert archive.read(paper) == b"Wortlaut\n"
    told = json.loads(archive.read("daten.json"))
    assert "Mira Muster" in str(told)
    for text in (archive.read("daten.json").decode(), archive.read("uebersicht.html").decode()):
        assert "Zk" not in text
    assert stranger.title not in str(told)
    assert Event.objects.filter(verb="person.handed_out", actor=founder).count() == 1


def test_what_is_handed_out_is_text_only(sign_in, founder, organisation):
    organisation.name = '<img src=x onerror=alert(1)> =cmd|"/c calc"!A0 ../../x'
    organisation.save()
    make_document(organisation, founder, title="Plan", file=checked_file("../../../etc/x.txt", "a"))

    archive = zip_of(sign_in(founder))

    assert "<img" not in archive.read("uebersicht.html").decode()
    assert not any(".." in Path(name).parts or name.startswith("/") for name in archive.namelist())


def test_a_draft_and_a_letter_stand_in_it(sign_in, founder):
    Draft.objects.create(
        user=founder, address="/zusagen/", title="Zusage aufschreiben", window=uuid.uuid4()
    )
    make_letter(recipient=founder.email, recipient_name="Mira Muster", subject="Ihr Termin")
    make_letter(recipient="fremd@muster.example", subject="Fremder Brief")

    told = str(told_of(founder.person))

    assert "Zusage aufschreiben" in told
    assert "Ihr Termin" in told
    assert "Fremder Brief" not in told


def test_a_consent_is_withdrawn_in_one_tap(sign_in, founder):
    participation = make_participation(person=founder.person)
    write_answers(
        participation,
        by=make_user(),
        consents=["disability"],
        disability="yes",
        housing=None,
        **COMPLETE,
    )
    answer = participation.answers.get(question__code="disability")
    client = sign_in(founder)
    address = reverse("consultations:consent_withdraw", args=[participation.pk, answer.pk])

    assert address in client.get(reverse("privacy:stored")).text
    client.post(address)

    answer.refresh_from_db()
    assert (answer.value, answer.withdrawn_on) == ("", timezone.localdate())
    assert address not in client.get(reverse("privacy:stored")).text


@pytest.mark.parametrize("rows", [1, 3])
def test_the_own_file_costs_the_same_however_full(
    sign_in, founder, organisation, rows, count_queries
):
    for _row in range(rows):
        make_promise(organisation=organisation, person=founder.person)
        make_document(organisation, founder)
        make_confirmation(organisation=organisation, person=founder.person)
        make_consultation(
            organisation=organisation,
            held_on=timezone.localdate() - timedelta(days=1),
            next_step="Weiter",
        ).people.add(founder.person)

    assert count_queries(sign_in(founder).get, reverse("privacy:my_file")) <= 30
