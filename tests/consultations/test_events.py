"""Tests of events: programme, documentation, findings that are cited; and of demand in vain."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from best_portal.accounts.models import Role
from consultations.demand import by_place, by_topic
from consultations.models import DeclinedRequest, Finding, Proceedings
from tests.factories import (
    make_consultation,
    make_district,
    make_finding,
    make_group_session,
    make_item,
    make_topic,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    return make_group_session()


@pytest.fixture
def page(sign_in):
    return sign_in(make_user(Role.MANAGER))


def test_everyone_reads_the_programme_before_registering(client, session):
    make_item(session=session, title="Wie Genossenschaften wachsen", speakers="Erika Beispiel")

    html = client.get(session.get_absolute_url()).content.decode()

    assert "Wie Genossenschaften wachsen" in html
    assert "Erika Beispiel" in html


def test_documentation_and_findings_are_public_when_told_so(client, session):
    make_finding(session=session, text="Ohne Räume geht nichts.")
    proceedings = Proceedings.objects.create(session=session, text="Es kamen viele.")
    assert "Es kamen viele" not in client.get(session.get_absolute_url()).content.decode()
    assert "Ohne Räume" not in client.get("/erkenntnisse/").content.decode()

    proceedings.is_public = True
    proceedings.save()

    html = client.get(session.get_absolute_url()).content.decode()
    assert "Es kamen viele" in html
    assert "Ohne Räume" in html
    assert "Ohne Räume" in client.get("/erkenntnisse/").content.decode()


def test_an_event_that_is_over_is_found_where_it_may_be_read_about(client, sign_in):
    began = timezone.now() - timedelta(days=3)
    over = ((began, began + timedelta(hours=2)),)
    told, untold = (make_group_session(title=title, times=over) for title in ("Erzählt", "Still"))
    Proceedings.objects.create(session=told, text="Es kamen viele.", is_public=True)
    Proceedings.objects.create(session=untold, text="Nur für uns.")

    for_everyone = client.get("/qualifizierung/").text
    assert told.get_absolute_url() in for_everyone
    assert untold.get_absolute_url() not in for_everyone
    assert untold.get_absolute_url() in sign_in(make_user()).get("/qualifizierung/").text


def test_staff_write_an_event(page, session):
    address = f"/qualifizierung/{session.pk}"
    page.post(
        f"{address}/programm/neu/",
        {"title": "Begrüßung", "starts_at_0": "2030-05-01", "starts_at_1": "09:00"},
    )
    page.post(f"{address}/dokumentation/", {"text": "Ein guter Tag.", "is_public": "on"})
    page.post(f"{address}/erkenntnisse/neu/", {"position": 1, "text": "Räume fehlen."})

    html = page.get(f"{address}/programm/").content.decode()
    for words in ("Begrüßung", "Ein guter Tag.", "Räume fehlen."):
        assert words in html

    item = session.programme.get()
    page.post(f"{address}/programm/{item.pk}/entfernen/")
    assert not session.programme.exists()


def test_findings_are_found_by_topic_and_words(page):
    rooms, money = make_topic(), make_topic()
    make_finding(text="Räume fehlen.", topics=[rooms])
    make_finding(text="Geld fehlt.", topics=[money])

    html = page.get(f"/erkenntnisse/?topic={rooms.pk}").content.decode()

    assert "Räume fehlen." in html
    assert "Geld fehlt." not in html
    assert "Geld fehlt." not in page.get("/erkenntnisse/?words=räume").content.decode()


def test_a_finding_is_cited_from_a_consultation_once(page):
    consultation, finding = make_consultation(), make_finding(text="Räume fehlen.")
    address = f"/beratungen/{consultation.pk}"

    page.post(f"{address}/zitieren/", {"finding": finding.pk})

    assert "Räume fehlen." in page.get(f"{address}/").content.decode()
    with pytest.raises(ValidationError):
        finding.cite(consultation, by=make_user())
    citation = consultation.citations.get()
    page.post(f"{address}/zitate/{citation.pk}/entfernen/")
    assert not consultation.citations.exists()


def test_findings_on_the_topics_of_a_consultation_come_first():
    topic = make_topic()
    fitting = make_finding(topics=[topic])
    make_finding()
    consultation = make_consultation()
    consultation.topics.set([topic])

    assert Finding.objects.fitting(consultation).first() == fitting


@pytest.mark.parametrize("number", [1, 3])
def test_the_event_costs_the_same_however_full(page, session, count_queries, number):
    for _time in range(number):
        make_item(session=session)
        make_finding(session=session, topics=[make_topic()])

    assert count_queries(page.get, f"/qualifizierung/{session.pk}/programm/") <= 20


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("consultations_programmeitem_has_a_title", {"title": ""}),
        (
            "consultations_programmeitem_ends_after_start",
            {"ends_at": timezone.now() - timedelta(days=999)},
        ),
    ],
)
def test_an_item_must_make_sense(name, fields):
    with pytest.raises(IntegrityError, match=name):
        make_item(**fields)


def test_a_finding_says_something():
    with pytest.raises(IntegrityError, match="consultations_finding_says_something"):
        make_finding(text="")


def test_a_citation_is_there_once():
    finding, consultation, user = make_finding(), make_consultation(), make_user()
    finding.cite(consultation, by=user)

    with pytest.raises(IntegrityError, match="consultations_citation_once"):
        consultation.citations.create(finding=finding, cited_by=user)


# --- demand ---


def decline(place, times=1, **fields):
    for _time in range(times):
        DeclinedRequest.objects.note(by=None, place=place, **fields)


def test_demand_is_counted_by_place_and_topic_the_most_first():
    area, topic = make_district(name="Kiez am Markt"), make_topic()
    decline("Teltow", 2, topic=topic)
    decline("Kiez am Markt", 3)

    assert by_place(DeclinedRequest.objects.all()) == [
        ("Kiez am Markt", area, 3),
        ("Teltow", None, 2),
    ]
    assert by_topic(DeclinedRequest.objects.all()) == [(None, 3), (topic, 2)]


def test_the_manager_sees_demand_on_list_and_map(page):
    make_district(name="Kiez am Markt", latitude="52.5", longitude="13.4")
    decline("Kiez am Markt", 4)
    decline("Teltow")

    html = page.get("/anfragen/nachfrage/").content.decode()

    assert "<title>Kiez am Markt: 4</title>" in html
    assert "Teltow" in html
    assert "http://" not in html.partition("<svg")[2].partition("</svg>")[0]


def test_without_demand_the_page_says_so(page):
    assert "Keine Anfrage" in page.get("/anfragen/nachfrage/").content.decode()


def test_demand_is_the_managements(sign_in):
    assert sign_in(make_user()).get("/anfragen/nachfrage/").status_code == 403
