"""Tests of success stories: consent, approval, the funders' notice, and gone at once."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from best_portal.accounts.models import Role
from best_portal.privacy.erasing import erase
from reports.models import Story
from tests.factories import (
    make_case,
    make_district,
    make_entry,
    make_grant,
    make_organisation,
    make_person,
    make_story,
    make_story_consent,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    area = make_district()
    organisation = make_organisation(district=area)
    make_entry(organisation=organisation, district=area)
    return make_story(case=make_case(organisation=organisation), title="Vom Hof zum Laden")


def places(story):
    """Every public page, feed, file and search that may show a story."""
    return [
        "/geschichten/",
        "/geschichten/?words=Laden",
        "/geschichten/neu.xml",
        "/geschichten/liste.csv",
        story.organisation.district.get_absolute_url(),
        story.organisation.entry.get_absolute_url(),
    ]


def text_of(response):
    parts = response.streaming_content if response.streaming else [response.content]
    return b"".join(parts).decode()


def test_an_approved_story_stands_on_every_public_page(client, story):
    assert client.get(story.get_absolute_url()).status_code == 200
    for address in places(story):
        assert "Vom Hof zum Laden" in text_of(client.get(address)), address


def test_taking_back_the_consent_removes_it_from_everywhere_at_once(client, story):
    story.consents.get().revoke(by=make_user())

    assert client.get(story.get_absolute_url()).status_code == 410
    for address in places(story):
        assert "Vom Hof zum Laden" not in text_of(client.get(address)), address


def test_a_new_consent_alone_brings_it_not_back(client, story):
    story.consents.get().revoke(by=make_user())
    make_story_consent(story=story)

    assert client.get(story.get_absolute_url()).status_code == 410
    Story.objects.get(pk=story.pk).approve(by=make_user(Role.MANAGER))
    assert client.get(story.get_absolute_url()).status_code == 200


def test_what_was_never_public_is_not_found(client):
    story = make_story(agreed=False)

    assert client.get(story.get_absolute_url()).status_code == 404


def test_a_story_of_a_person_needs_the_persons_consent():
    story = make_story(agreed=False, person=make_person())
    make_story_consent(story=story, of="organisation")
    manager = make_user(Role.MANAGER)
    with pytest.raises(ValidationError):
        story.approve(by=manager)
    consent = make_story_consent(story=story, of="person")
    story.approve(by=manager)
    assert story.is_public

    consent.revoke(by=manager)

    assert not story.is_public


def test_only_a_manager_approves(sign_in):
    story = make_story(approved=False)
    with pytest.raises(ValidationError):
        story.approve(by=make_user())
    assert sign_in(make_user()).post(f"{story.manage_url}freigeben/").status_code == 403


def test_a_change_has_to_be_approved_anew(sign_in, client, story):
    typed = {"title": "Anders", "summary": "Kurz", "text": "Lang", "person": ""}

    sign_in(make_user()).post(f"{story.manage_url}bearbeiten/", typed)

    client.logout()
    assert client.get(story.get_absolute_url()).status_code == 410


def test_a_story_can_be_taken_down_and_is_so_once(story):
    story.take_down(by=make_user())

    assert not story.is_public
    with pytest.raises(ValidationError):
        story.take_down(by=make_user())


def test_an_approval_happens_once(story):
    with pytest.raises(ValidationError):
        story.approve(by=make_user(Role.MANAGER))


def test_a_consent_is_taken_back_once(story):
    consent = story.consents.get()
    consent.revoke(by=make_user())
    with pytest.raises(ValidationError):
        consent.revoke(by=make_user())


def test_erasing_the_person_takes_the_story_away():
    person = make_person(name="Rosa Musterfrau")
    story = make_story(person=person)

    erase(person, by=make_user(Role.MANAGER))

    assert not Story.objects.get(pk=story.pk).is_public


def test_it_names_who_paid(client, story):
    make_grant(
        project=story.project,
        logos=[{"kind": "eu", "text": "Kofinanziert von der Europäischen Union", "alt": "EU"}],
    )

    html = client.get(story.get_absolute_url()).content.decode()

    assert "Kofinanziert von der Europäischen Union" in html


def test_staff_write_it_note_consent_and_the_manager_approves(sign_in, client):
    case, advisor, manager = make_case(), make_user(), make_user(Role.MANAGER)
    typed = {"case": case.pk, "title": "Neu", "summary": "Kurz", "text": "Lang", "person": ""}
    page = sign_in(advisor)
    page.post("/geschichten/pflege/neu/", typed)
    story = Story.objects.get()
    consent = {"of": "organisation", "given_by": "X", "given_on": "2024-05-01", "way": "paper"}
    page.post(story.manage_url, consent)

    sign_in(manager).post(f"{story.manage_url}freigeben/")

    client.logout()
    assert client.get(story.get_absolute_url()).status_code == 200


def test_nobody_agrees_tomorrow(sign_in):
    story = make_story(agreed=False)
    typed = {"of": "organisation", "given_by": "X", "given_on": "2099-05-01", "way": "paper"}

    sign_in(make_user()).post(story.manage_url, typed)

    assert not story.consents.exists()


def test_an_empty_list_says_so(client):
    assert "Noch ist keine Geschichte erzählt" in client.get("/geschichten/").content.decode()


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_however_long(client, count_queries, number):
    for _time in range(number):
        make_story()

    assert count_queries(client.get, "/geschichten/") <= 6


@pytest.mark.parametrize("role", [Role.FUNDER, Role.FOUNDER, Role.EVALUATOR])
def test_keeping_stories_is_the_staffs(sign_in, role):
    assert sign_in(make_user(role)).get("/geschichten/pflege/alle/").status_code == 403


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("reports_story_says_something", {"summary": ""}),
        ("reports_story_approved_by_somebody", {"approved_at": "2024-05-01T09:00Z"}),
    ],
)
def test_a_story_must_make_sense(name, fields):
    with pytest.raises(IntegrityError, match=name):
        make_story(agreed=False, **fields)


def test_what_is_approved_was_published():
    with pytest.raises(IntegrityError, match="reports_story_approved_means_published"):
        make_story(agreed=False, approved_at="2024-05-01T09:00Z", approved_by=make_user())


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("reports_storyconsent_of_is_known", {"of": "nobody"}),
        ("reports_storyconsent_way_is_known", {"way": "nod"}),
        ("reports_storyconsent_given_by_somebody", {"given_by": ""}),
    ],
)
def test_a_consent_must_make_sense(name, fields):
    story = make_story(agreed=False)
    with pytest.raises(IntegrityError, match=name):
        make_story_consent(story=story, **fields)


def test_a_consent_is_held_once(story):
    with pytest.raises(IntegrityError, match="reports_storyconsent_once_at_a_time"):
        make_story_consent(story=story)
