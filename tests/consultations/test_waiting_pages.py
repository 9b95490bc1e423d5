"""Pages of the waiting list: joining from wherever no time suits, the link, the list, the calls."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.outbox.models import Letter
from consultations.models import (
    Absence,
    Appointment,
    OfficeHours,
    WaitingEntry,
    WaitingOffer,
)
from enterprises.models import Person
from tests.consultations.guests import ABOUT, ROSA, questions, value_of
from tests.factories import (
    BERLIN,
    make_appointment,
    make_district,
    make_founder,
    make_office_hours,
    make_organisation,
    make_person,
    make_topic,
    make_user,
    make_waiting_entry,
)

pytestmark = pytest.mark.django_db

JOIN, JOIN_SENT = (
    reverse("consultations:guest_waiting"),
    reverse("consultations:guest_waiting_sent"),
)
LIST, ADD = reverse("consultations:waiting_list"), reverse("consultations:waiting_add")
FOUNDER_JOIN, CALLS = reverse("consultations:waiting_join"), reverse("consultations:calls")
FIRST_MONDAY = datetime(2030, 5, 20, 9, tzinfo=BERLIN)
WEEK = timedelta(weeks=1)


@pytest.fixture
def office(clock):
    """One time a week: each Monday from nine to ten; it is Tuesday, 14 May 2030, 10:00."""
    hours = make_office_hours(ends_at="10:00", place="Stadtteilbüro")
    hours.project.districts.add(make_district(name="Musterkiez"))
    return hours


def sweep():
    return WaitingOffer.objects.offer_free_times()


def guest_entry(client, **fields):
    """Somebody without an account who has answered the questions and asked to wait."""
    client.post(ABOUT, questions())
    client.post(JOIN, ROSA | fields)
    return WaitingEntry.objects.get(email=ROSA["email"])


def offered(client):
    entry = guest_entry(client)
    client.post(f"{entry.link}bestaetigen/")
    sweep()
    return entry.offers.get()


def link_to(name, offer):
    return reverse(f"consultations:waiting_link_{name}", args=[offer.entry.token, offer.pk])


# --- without an account ---


def test_a_stranger_joins_with_the_answers_they_gave_before(client, office):
    topic, district = make_topic(), office.project.districts.get()
    client.post(
        ABOUT,
        questions(
            place=district.pk, topic=topic.pk, needs=["step_free"], language="en", channel="office"
        ),
    )
    assert JOIN in client.get(reverse("consultations:guest_times")).text

    response = client.post(
        JOIN, ROSA | {"weekdays": ["1", "3"], "day_parts": ["morning"], "earliest_on": "2030-06-01"}
    )

    assert response.url == JOIN_SENT
    entry = WaitingEntry.objects.get()
    assert entry.status == "unconfirmed"
    assert (entry.name, entry.language, entry.stage) == (ROSA["name"], "en", "idea")
    assert (entry.district, entry.topic, entry.project) == (district, topic, office.project)
    assert (entry.channel, entry.needs) == ("office", ["step_free"])
    assert (entry.weekdays, entry.day_parts) == ([1, 3], ["morning"])
    assert entry.earliest_on == date(2030, 6, 1)
    assert client.get(JOIN_SENT).status_code == 200


def test_the_link_confirms_and_the_page_says_what_is_waited_for(client, office):
    make_waiting_entry(joined_at=timezone.now() - WEEK)
    entry = guest_entry(client, weekdays=["3"])
    assert "Noch nicht auf der Liste" in client.get(entry.link).text

    page = client.post(f"{entry.link}bestaetigen/", follow=True)

    assert "Mittwoch" in page.text
    assert "Eine Person wartet länger als Sie." in page.text


def test_the_offer_is_taken_by_a_button_and_leads_to_the_appointment(client, office):
    offer = offered(client)
    page = client.get(offer.entry.link)
    assert "09:00 bis 10:00" in page.text
    assert "14. Mai 2030, 14:00" in page.text

    page = client.post(link_to("accept", offer), follow=True)

    booked = Appointment.objects.get()
    assert (booked.status, booked.starts_at) == ("booked", FIRST_MONDAY)
    assert booked.guest.get_absolute_url() in page.text
    assert client.get(booked.guest.get_absolute_url()).status_code == 200


def test_who_declines_stays_and_who_is_too_late_reads_why(client, office, clock):
    offer = offered(client)

    client.post(link_to("decline", offer))
    page = client.post(link_to("accept", offer), follow=True)

    assert "Dieses Angebot ist vorbei" in page.text
    assert "Sie stehen auf der Liste" in page.text
    assert not Appointment.objects.filter(status="booked").exists()


def test_the_link_of_one_entry_answers_no_offer_of_another(client, office):
    offer = offered(client)
    other = make_waiting_entry()

    for name in ("accept", "decline"):
        address = reverse(f"consultations:waiting_link_{name}", args=[other.token, offer.pk])
        assert client.post(address).status_code == 404

    offer.refresh_from_db()
    assert offer.is_open


def test_scanners_that_open_everything_change_nothing(client, office):
    offer = offered(client)
    scanner = Client()

    for address in (offer.entry.link, offer.entry.stop_link):
        assert scanner.head(address).status_code == 200
        for _number in range(3):
            assert scanner.get(address).status_code == 200
    for address in (
        link_to("accept", offer),
        link_to("decline", offer),
        f"{offer.entry.link}bestaetigen/",
    ):
        assert scanner.get(address).status_code == 405
        assert scanner.head(address).status_code == 405

    offer.refresh_from_db()
    assert offer.is_open
    assert offer.entry.is_waiting
    client.post(offer.entry.stop_link)
    assert WaitingEntry.objects.get().status == "stopped"


def test_leaving_by_the_link_asks_first_and_is_said_afterwards(client, office):
    entry = offered(client).entry
    assert "Von der Warteliste streichen?" in client.get(entry.stop_link).text

    page = client.post(entry.stop_link)

    assert "Sie stehen nicht mehr auf der Warteliste" in page.text
    assert "nicht mehr auf der Liste" in client.get(entry.stop_link).text
    assert OfficeHours.objects.get().free_time_at(FIRST_MONDAY)


def test_a_link_that_has_run_out_leads_on(client, office):
    page = client.get(reverse("consultations:waiting_link", args=["0" * 64]))

    assert page.status_code == 404
    assert reverse("consultations:guest_about") in page.text
    assert "20. Mai 2030" in page.text


def test_who_is_on_the_list_already_sees_the_same_page_as_everybody(client, office):
    entry = guest_entry(client)
    client.post(f"{entry.link}bestaetigen/")
    stranger = Client()
    stranger.post(ABOUT, questions())

    response = stranger.post(JOIN, ROSA | {"name": "Neugierig"})

    assert response.url == JOIN_SENT
    assert WaitingEntry.objects.get().name == ROSA["name"]
    assert "schon auf unserer Warteliste" in Letter.objects.latest("pk").subject


def test_a_robot_is_thanked_and_nothing_happens(client, office):
    client.post(ABOUT, questions())

    assert client.post(JOIN, ROSA | {"website": "https://a.example"}).url == JOIN_SENT

    assert not WaitingEntry.objects.exists()
    assert not Letter.objects.exists()


def test_very_many_from_one_connection_are_asked_to_call(client, office, settings):
    settings.ACCOUNT_RATE_LIMITS = {"guest_contact": "1/h/ip"}
    guest_entry(client)

    page = client.post(JOIN, ROSA | {"email": "andere@beispiel.example"})

    assert page.status_code == 429
    assert WaitingEntry.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"name": ""}, "name"),
        ({"email": ""}, "email"),
        ({"email": "rosa@"}, "email"),
        ({"phone": "anrufen!"}, "phone"),
        ({"weekdays": ["8"]}, "weekdays"),
        ({"weekdays": ["Montag"]}, "weekdays"),
        ({"day_parts": ["nachts"]}, "day_parts"),
        ({"earliest_on": "31.02.2030"}, "earliest_on"),
        ({"earliest_on": "9999-12-31"}, "earliest_on"),
    ],
)
def test_a_slip_is_explained_and_nothing_is_lost(client, office, fields, wrong):
    client.post(ABOUT, questions())

    page = client.post(JOIN, ROSA | {"phone": "030 1234567"} | fields)

    assert page.status_code == 200
    assert set(page.context["form"].errors) == {wrong}
    kept = ROSA | {"phone": "030 1234567"} | fields
    for name in {"name", "email", "phone"} - {wrong}:
        assert f'value="{kept[name]}"' in page.text


def test_joining_comes_after_the_questions(client):
    assert client.get(JOIN).url == ABOUT


# --- founders ---


def test_a_founder_joins_with_what_they_looked_for(client, sign_in, office):
    founder = make_founder(organisation := make_organisation())
    sign_in(founder)
    district = office.project.districts.get()
    book = reverse("consultations:book")
    assert (
        f"{FOUNDER_JOIN}?district={district.pk}"
        in client.get(f"{book}?district={district.pk}").text
    )

    form = client.get(f"{FOUNDER_JOIN}?district={district.pk}&form_key=mine").context["form"]
    assert form["district"].value() == str(district.pk)
    fields = {
        "form_key": form["form_key"].value(),
        "district": district.pk,
        "advisor": office.advisor.pk,
        "organisation": organisation.pk,
        "concern": "Ein Café",
        "weekdays": ["1"],
    }
    responses = [client.post(FOUNDER_JOIN, fields) for _number in range(3)]

    assert {response.url for response in responses} == {LIST}
    entry = WaitingEntry.objects.get()
    assert (entry.person, entry.organisation, entry.concern) == (
        founder.person,
        organisation,
        "Ein Café",
    )
    assert (entry.advisor, entry.district, entry.weekdays) == (office.advisor, district, [1])
    assert "Ein Café" in client.get(LIST).text


def test_a_founder_takes_and_declines_on_their_own_page(client, sign_in, office, clock):
    founder = make_founder()
    entry = make_waiting_entry(person=founder.person)
    sweep()
    sign_in(founder)
    assert "Eine Zeit ist für Sie frei" in client.get("/").text
    assert "09:00 bis 10:00" in client.get(LIST).text

    offer = entry.offers.get()
    assert client.post(reverse("consultations:offer_decline", args=[offer.pk])).url == LIST
    clock.forward(days=1)
    sweep()
    sign_in(founder)
    offer = entry.offers.open().get()
    client.post(reverse("consultations:offer_accept", args=[offer.pk]))

    booked = Appointment.objects.get(status="booked")
    assert (booked.person, booked.starts_at) == (founder.person, FIRST_MONDAY + WEEK)
    assert "gebucht" in client.get(LIST).text


def test_a_founder_who_stands_on_the_list_reads_so_and_leaves_it(client, sign_in, office):
    founder = make_founder()
    entry = make_waiting_entry(person=founder.person, project=office.project)
    sign_in(founder)
    form = client.get(FOUNDER_JOIN).context["form"]

    page = client.post(FOUNDER_JOIN, {"form_key": form["form_key"].value(), "concern": "Ein Café"})
    assert page.status_code == 200
    assert "es gibt schon einen Eintrag" in page.text
    assert "Ein Café" in page.text

    assert client.post(reverse("consultations:waiting_stop", args=[entry.pk])).url == LIST
    entry.refresh_from_db()
    assert entry.status == "stopped"


def test_a_founder_never_reaches_the_places_of_others(client, sign_in, office):
    other = make_waiting_entry()
    sweep()
    offer = other.offers.get()
    sign_in(make_founder())

    for name, pk in [
        ("waiting_stop", other.pk),
        ("offer_accept", offer.pk),
        ("offer_decline", offer.pk),
    ]:
        assert client.post(reverse(f"consultations:{name}", args=[pk])).status_code == 404

    assert other.person.name not in client.get(LIST).text
    assert WaitingEntry.objects.get().is_waiting


# --- staff ---


def test_an_advisor_puts_a_caller_on_the_list(client, sign_in, office):
    advisor = make_user()
    sign_in(advisor)
    form = client.get(ADD).context["form"]
    fields = {
        "form_key": form["form_key"].value(),
        "name": "Rosa Beispiel",
        "phone": "030 1234567",
        "language": "en",
        "reached_by": "phone",
        "day_parts": ["morning"],
    }

    responses = [client.post(ADD, fields) for _number in range(3)]

    entry = WaitingEntry.objects.get()
    assert {response.url for response in responses} == {entry.get_absolute_url()}
    assert (entry.person.name, entry.person.language) == ("Rosa Beispiel", "en")
    assert (entry.added_by, entry.is_called) == (advisor, True)
    assert Person.objects.filter(name="Rosa Beispiel").count() == 1
    page = client.get(entry.get_absolute_url())
    assert "030 1234567" in page.text
    assert "vormittags" in page.text


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, "person"),
        ({"name": "Rosa", "reached_by": "mail"}, "reached_by"),
        ({"name": "Rosa", "reached_by": "phone"}, "reached_by"),
        ({"name": "Rosa", "email": "rosa@", "reached_by": "mail"}, "email"),
        ({"person": "999999", "reached_by": "phone"}, "person"),
        ({"name": "Rosa", "phone": "1", "reached_by": "dove"}, "reached_by"),
    ],
)
def test_what_is_missing_for_a_caller_is_said(client, sign_in, office, fields, wrong):
    sign_in(make_user())
    key = client.get(ADD).context["form"]["form_key"].value()

    page = client.post(ADD, {"form_key": key} | fields)

    assert page.status_code == 200
    assert wrong in page.context["form"].errors
    assert not WaitingEntry.objects.exists()


def test_the_list_is_filtered_by_area_topic_and_state(client, sign_in, clock):
    here, topic = make_district(), make_topic()
    entries = {
        "here": make_waiting_entry(district=here),
        "topic": make_waiting_entry(topic=topic),
        "ended": make_waiting_entry(district=here),
        "asked": make_waiting_entry(status="unconfirmed"),
    }
    entries["ended"].stop(by=None)
    sign_in(make_user(Role.MANAGER))

    def shown(question=""):
        rows = client.get(f"{LIST}?{question}").context["page"].object_list
        return {name for name, entry in entries.items() if entry in rows}

    assert shown() == {"here", "topic"}
    assert shown(f"district={here.pk}") == {"here"}
    assert shown(f"topic={topic.pk}") == {"topic"}
    assert shown("state=ended") == {"ended"}
    assert shown(f"state=ended&district={here.pk}&topic=") == {"ended"}
    assert shown("district=x&topic=-1&state=z&page=99") == {"here", "topic"}


def test_whom_to_call_stands_on_a_page_with_the_most_urgent_first(client, sign_in, office, clock):
    urgent, later = (
        make_waiting_entry(person=make_person(name=name, phone="030 1"), reached_by="phone")
        for name in ("Ada Muster", "Rosa Beispiel")
    )
    sweep()
    advisor = make_user()
    sign_in(advisor)

    page = client.get(CALLS)

    assert [offer.entry for offer in page.context["offers"]] == [urgent, later]
    assert "14.05.2030, 14:00" in page.text
    assert "2 Personen sind anzurufen" in client.get("/").text
    assert "2 Personen sind anzurufen" in client.get(LIST).text
    for entry, verb in ((urgent, "accept"), (later, "not_reached")):
        offer = entry.offers.get()
        assert client.post(reverse(f"consultations:offer_{verb}", args=[offer.pk])).url == CALLS
    booked = Appointment.objects.get(status="booked")
    assert (booked.person, booked.booked_by) == (urgent.person, advisor)
    page = client.get(CALLS)
    assert [offer.calls for offer in page.context["offers"]] == [1]
    assert "zuletzt am 14.05., 10:00" in page.text
    client.post(reverse("consultations:offer_decline", args=[later.offers.get().pk]))
    assert "Niemand ist anzurufen" in client.get(CALLS).text


def test_an_advisor_offers_a_time_by_hand(client, sign_in, office):
    first, second = make_waiting_entry(), make_waiting_entry(weekdays=[1])
    advisor = make_user()
    sign_in(advisor)
    address = reverse("consultations:waiting_offer", args=[second.pk])
    time = office.free_time_at(FIRST_MONDAY)
    assert value_of(time) in client.get(address).text

    assert client.post(address, {"time": value_of(time)}).url == second.get_absolute_url()

    assert second.offers.get().starts_at == FIRST_MONDAY
    assert not first.offers.exists()
    again = client.post(address, {"time": value_of(office.free_time_at(FIRST_MONDAY + WEEK))})
    assert again.status_code == 409
    assert "24 Stunden" in again.text
    assert client.post(address, {"time": "1/quatsch"}).status_code == 409


def test_by_hand_every_free_time_is_shown_where_none_suits(client, sign_in, office):
    entry = make_waiting_entry(weekdays=[7])
    sign_in(make_user())

    page = client.get(reverse("consultations:waiting_offer", args=[entry.pk]))

    assert "Keine freie Zeit passt zu den Wünschen." in page.text
    assert value_of(office.free_time_at(FIRST_MONDAY)) in page.text


def test_staff_read_the_whole_story_of_an_entry(client, sign_in, office, clock):
    entry = make_waiting_entry(concern="Ein Café")
    sweep()
    clock.forward(hours=4)
    sweep()
    sign_in(make_user())

    page = client.get(entry.get_absolute_url())

    assert "Ein Café" in page.text
    assert "nicht beantwortet" in page.text
    assert "Ein Termin ist für Sie frei" in page.text


@pytest.mark.parametrize("name", ["waiting_list", "calls"])
def test_long_lists_cost_what_short_ones_cost(
    client, sign_in, clock, count_queries, django_assert_num_queries, name
):
    hours = make_office_hours(ends_at="17:00", slot_minutes=10)
    sign_in(make_user(Role.MANAGER))
    address = reverse(f"consultations:{name}")

    def add(number):
        for n in range(number):
            person = make_person(name=f"Beispiel {n}", phone=f"030 {n}")
            make_waiting_entry(
                person=person,
                reached_by="phone",
                topic=make_topic(),
                district=hours.project.districts.first(),
                organisation=make_organisation(),
            )
        sweep()

    add(2)
    few = count_queries(client.get, address)
    add(10)

    assert count_queries(client.get, address) == few
    assert WaitingOffer.objects.open().count() == 12


# --- where the list is joined from ---


def test_where_every_time_is_taken_everybody_finds_the_list_and_a_number(client, sign_in, clock):
    OfficeHours.objects.all().delete()
    client.post(ABOUT, questions())

    page = client.get(reverse("consultations:guest_times"))

    assert JOIN in page.text
    assert "telefon" in page.text.casefold()
    sign_in(make_founder())
    assert FOUNDER_JOIN in client.get(reverse("consultations:book")).text
    sign_in(make_user())
    assert ADD in client.get(reverse("consultations:book_for")).text


def test_who_was_too_late_for_a_time_finds_the_list(client, sign_in, office):
    make_appointment(advisor=office.advisor, starts_at=FIRST_MONDAY)
    taken = [office.pk, FIRST_MONDAY]
    sign_in(make_founder())
    page = client.get(reverse("consultations:book_time", args=taken))
    assert page.status_code == 409
    assert FOUNDER_JOIN in page.text

    sign_in(make_user())

    assert ADD in client.get(reverse("consultations:book_for_time", args=taken)).text


# --- the bell ---


def rung(callbacks):
    return {bell.task.name.rpartition(".")[2] for bell in callbacks if hasattr(bell, "task")}


def test_whatever_frees_a_time_rings_for_the_sweep_at_once(
    client, sign_in, office, django_capture_on_commit_callbacks
):
    booked = make_appointment(
        advisor=office.advisor,
        office_hours=office,
        project=office.project,
        starts_at=FIRST_MONDAY,
    )
    absence = Absence.objects.note(
        by=office.advisor,
        advisor=office.advisor,
        starts_at=FIRST_MONDAY + WEEK,
        ends_at=FIRST_MONDAY + WEEK + timedelta(hours=1),
    )
    office.cancel_day(by=office.advisor, day=(FIRST_MONDAY + 2 * WEEK).date())
    undo = reverse("consultations:changed_day_undo", args=[office.pk, office.changed_days.get().pk])
    sign_in(office.advisor)

    for address in (
        reverse("consultations:move_to", args=[booked.pk, office.pk, FIRST_MONDAY + 4 * WEEK]),
        reverse("consultations:cancel", args=[booked.pk]),
        reverse("consultations:absence_withdraw", args=[absence.pk]),
        undo,
    ):
        # One ring for each transaction: that of the test must not hold the last one.
        connection.run_on_commit.clear()
        with django_capture_on_commit_callbacks() as callbacks:
            assert client.post(address).status_code == 302
        assert "serve_waiting_list" in rung(callbacks), address


def test_joining_and_answering_rings_too(client, office, django_capture_on_commit_callbacks):
    entry = guest_entry(client)
    connection.run_on_commit.clear()
    with django_capture_on_commit_callbacks() as callbacks:
        client.post(f"{entry.link}bestaetigen/")
    assert "serve_waiting_list" in rung(callbacks)
    sweep()

    for address in (link_to("decline", entry.offers.get()), entry.stop_link):
        # One ring for each transaction: that of the test must not hold the last one.
        connection.run_on_commit.clear()
        with django_capture_on_commit_callbacks() as callbacks:
            client.post(address)
        assert "serve_waiting_list" in rung(callbacks)
