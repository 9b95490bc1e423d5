"""Visits in the street: noted once, seen by staff, changed by the team, barring further contact."""

import csv
import io
import uuid
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from consultations.models import Appointment, Arrival, Mood, OfficeHours, Visit, WaitingEntry
from enterprises.models import Involvement, InvolvementRole, Organisation
from tests.factories import (
    make_district,
    make_founder,
    make_office_hours,
    make_organisation,
    make_person,
    make_project,
    make_user,
    make_visit,
)

pytestmark = pytest.mark.django_db

LIST, NEW, SEND = "/besuche/", "/besuche/neu/", "/besuche/uebertragen/"


@pytest.fixture
def advisor():
    return make_user()


@pytest.fixture
def project(advisor):
    today = timezone.localdate()
    return make_project(
        team=[advisor],
        starts_on=today - timedelta(days=400),
        ends_on=today + timedelta(days=400),
    )


def told(project, **fields):
    return {
        "client_key": str(uuid.uuid4()),
        "organisation_text": "Bäckerei Beispiel",
        "situation": "Läuft.",
        "project": project.pk,
        "visited_on": timezone.localdate().isoformat(),
        **fields,
    }


def send(client, fields):
    return client.post(SEND, fields).json()


# --- constraints ---


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("consultations_visit_is_to_one_place", {"name": ""}),
        ("consultations_visit_mood_is_known", {"mood": 6}),
        ("consultations_visit_answer_is_known", {"wants_to_join": "soon"}),
        ("consultations_visit_person_has_consented", {"trader_phone": "030 5550 1"}),
        ("consultations_visit_bar_is_lifted_with_a_reason", {"lifted_because": "So"}),
    ],
)
def test_what_must_never_be_true_is_refused(constraint, fields):
    with pytest.raises(IntegrityError, match=constraint):
        make_visit(**fields)


def test_the_time_lies_on_the_day_of_the_visit():
    with pytest.raises(IntegrityError, match="consultations_visit_starts_on_its_day"):
        make_visit(visited_on=date(2024, 6, 3), visited_at=timezone.now())


def test_an_entry_is_one_visit():
    first = make_visit()

    with pytest.raises(IntegrityError, match="consultations_visit_one_per_entry"):
        make_visit(client_key=first.client_key)


# --- noting ---


def test_a_name_as_told_needs_no_file(sign_in, advisor, project):
    response = sign_in(advisor).post(NEW, told(project, mood="4", wants_to_join="perhaps"))

    assert response.status_code == 302
    visit = Visit.objects.get()
    assert (visit.name, visit.organisation, visit.mood) == ("Bäckerei Beispiel", None, Mood.OPEN)
    assert visit.advisor == visit.logged_by == advisor
    assert Event.objects.about(visit).get().verb == "visit.logged"


def test_a_name_on_file_leads_to_the_file(sign_in, advisor, project):
    on_file = make_organisation(name="Bäckerei Beispiel")

    sign_in(advisor).post(NEW, told(project, organisation_text="baeckerei  beispiel"))
    sign_in(advisor).post(NEW, told(project, organisation_text="bäckerei  beispiel"))

    # Only the very name is the file; what is merely alike is left to the person.
    assert list(Visit.objects.order_by("pk").values_list("organisation", "name")) == [
        (None, "baeckerei beispiel"),
        (on_file.pk, ""),
    ]


def test_a_name_that_is_a_number_is_no_file(sign_in, advisor, project):
    other = make_organisation()

    sign_in(advisor).post(NEW, told(project, organisation_text=str(other.pk)))

    assert Visit.objects.get().name == str(other.pk)


def test_the_same_form_sent_twice_is_stored_once(sign_in, advisor, project):
    fields = told(project)

    for _time in range(2):
        assert sign_in(advisor).post(NEW, fields).status_code == 302

    assert Visit.objects.count() == 1


def test_nobodys_phone_number_without_consent(sign_in, advisor, project):
    page = sign_in(advisor).post(NEW, told(project, trader_phone="030 5550 1"))

    assert page.status_code == 200
    assert "has_consented" in page.context["form"].errors
    assert page.context["form"]["trader_phone"].value() == "030 5550 1"
    assert not Visit.objects.exists()


@pytest.mark.parametrize("days", [1, -500])
def test_a_visit_lies_within_the_project_and_not_ahead(sign_in, advisor, project, days):
    day = timezone.localdate() + timedelta(days=days)

    page = sign_in(advisor).post(NEW, told(project, visited_on=day.isoformat()))

    assert "visited_on" in page.context["form"].errors
    assert not Visit.objects.exists()


def test_the_next_form_knows_project_and_area(sign_in, advisor, project):
    make_project(team=[advisor], starts_on=project.starts_on, ends_on=project.ends_on)
    area = make_district()
    make_visit(advisor=advisor, project=project, district=area)

    form = sign_in(advisor).get(NEW).context["form"]

    assert (form["project"].value(), form["district"].value()) == (project.pk, area.pk)


def test_a_project_of_another_team_is_not_on_offer(sign_in, advisor):
    page = sign_in(advisor).post(NEW, told(make_visit().project))

    assert "project" in page.context["form"].errors


# --- arriving from a phone ---


def test_an_entry_arrives_once_however_often_it_is_sent(sign_in, advisor, project):
    client, fields = sign_in(advisor), told(project)

    states = [send(client, fields)["state"] for _time in range(3)]

    assert states == ["stored", "stored_before", "stored_before"]
    assert Visit.objects.count() == 1


def test_what_arrived_unanswered_and_was_changed_since_is_stored_as_changed(
    sign_in, advisor, project
):
    client, fields = sign_in(advisor), told(project)
    send(client, fields)

    answer = send(client, fields | {"need": "Ein Schild"})

    assert answer["state"] == "stored"
    assert Visit.objects.get().need == "Ein Schild"


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(sign_in, advisor, project):
    client, fields = sign_in(advisor), told(project)
    send(client, fields)
    colleague = make_user(Role.MANAGER, name="Maria Muster")
    visit = Visit.objects.get()
    visit.amend(by=colleague, revision=visit.revision, need="Ein Kredit")

    unchanged = send(client, fields)
    answer = send(client, fields | {"need": "Ein Schild"})

    assert unchanged["state"] == "stored_before"
    assert (answer["state"], answer["by"]) == ("conflict", "Maria Muster")
    assert answer["differences"] == [["Was wird gebraucht?", "Ein Kredit", "Ein Schild"]]
    assert Visit.objects.get().need == "Ein Kredit"

    stale = send(client, fields | {"need": "Ein Schild", "over": answer["revision"] - 1})
    chosen = send(client, fields | {"need": "Ein Schild", "over": answer["revision"]})

    assert (stale["state"], chosen["state"]) == ("conflict", "stored")
    assert Visit.objects.get().need == "Ein Schild"


def test_an_entry_says_why_it_is_refused(sign_in, advisor, project):
    answer = send(sign_in(advisor), told(project, visited_on="", mood="9"))

    assert answer["state"] == "refused"
    assert any(reason.startswith("Datum: ") for reason in answer["reasons"])
    assert any(reason.startswith("Stimmung: ") for reason in answer["reasons"])


def test_an_entry_is_never_sent_in_somebody_elses_name(sign_in, advisor, project):
    colleague = make_user()
    project.team.add(colleague)
    fields = told(project, account=str(advisor.pk))

    assert send(sign_in(colleague), fields)["state"] == "other_account"
    assert sign_in(colleague).post(NEW, fields).status_code == 200
    assert not Visit.objects.exists()

    assert send(sign_in(advisor), fields)["state"] == "stored"
    taken = send(sign_in(colleague), told(project, client_key=fields["client_key"]))
    assert taken["state"] == "refused"


def test_an_entry_that_was_withdrawn_is_not_brought_back_by_itself(sign_in, advisor, project):
    client, fields = sign_in(advisor), told(project)
    send(client, fields)
    Visit.objects.get().withdraw(by=advisor)

    assert send(client, fields)["state"] == "stored_before"
    assert send(client, fields | {"need": "Neu"})["state"] == "refused"
    assert not Visit.objects.valid().exists()


def test_without_a_session_the_entry_waits(client, project):
    response = client.post(SEND, told(project))

    assert response.status_code == 302
    assert not Visit.objects.exists()


def test_the_receiver_says_what_became_of_it(advisor, project):
    fields = {"client_key": uuid.uuid4(), "digest": "a", "project": project, "name": "Muster"}

    assert Visit.objects.receive(by=advisor, **fields)[0] == Arrival.STORED
    assert Visit.objects.receive(by=advisor, **fields)[0] == Arrival.STORED_BEFORE


# --- what the phone keeps ---


def test_the_kept_page_holds_nobodys_data(sign_in, advisor, project, client):
    area = make_district()
    project.districts.add(area)
    near = make_organisation(name="Nahe", district=area)
    make_organisation(name="Fernerliefen", district=make_district())
    make_visit(advisor=advisor, project=project, name="Canarius", trader_name="")
    sign_in(advisor)
    client.post(reverse("set_language"), {"language": "de", "next": "/"})

    text = client.get("/besuche/ohne-netz/").content.decode()

    assert near.name in text
    assert area.name in text
    assert f'data-account="{advisor.pk}"' in text
    for absent in (
        "Picked(",
        "Fernerliefen",
        "Canarius",
        advisor.name,
        advisor.email,
        "csrfmiddlewaretoken",
    ):
        assert absent not in text


def test_messages_wait_for_a_page_that_is_looked_at(sign_in, advisor, project, client):
    sign_in(advisor).post(NEW, told(project))

    assert "Bäckerei Beispiel" not in client.get("/besuche/ohne-netz/").content.decode()
    assert "Gespeichert" in client.get(LIST).content.decode()


def test_the_service_worker_comes_from_the_root_and_is_looked_for_anew(client):
    response = client.get("/besuche.js")

    assert response.headers["Content-Type"].startswith("text/javascript")
    assert response.headers["Cache-Control"] == "no-cache"
    assert '"/abmelden/"' in response.content.decode()


# --- correcting, withdrawing ---


def form_of(page):
    form = page.context["form"]
    fields = {name: form[name].value() for name in form.fields}
    place = fields.pop("organisation")
    shown = {"organisation_text": getattr(place, "name", place)}
    return shown | {name: value for name, value in fields.items() if value not in (None, False)}


def test_two_windows_on_one_visit_show_both_versions(sign_in, advisor, project):
    visit = make_visit(advisor=advisor, project=project, need="Ein Schild")
    client = sign_in(advisor)
    address = reverse("consultations:visit_edit", args=[visit.pk])
    fields = form_of(client.get(address))
    client.post(address, fields | {"need": "Ein Kredit", "organisation_text": "Café Muster"})

    page = client.post(address, fields | {"need": "Ein Stand"})

    form = page.context["form"]
    assert page.status_code == 200
    assert [(each.theirs, each.mine) for each in form.differences] == [
        ("Café Muster", visit.name),
        ("Ein Kredit", "Ein Stand"),
    ]
    assert form["organisation"].value().text == "Café Muster"
    visit.refresh_from_db()
    assert (visit.need, visit.name, visit.revision) == ("Ein Kredit", "Café Muster", 2)


def test_that_somebody_wants_no_contact_is_not_unticked(advisor, english):
    visit = make_visit(advisor=advisor, do_not_contact=True)

    with pytest.raises(ValidationError, match="with the reason"):
        visit.amend(by=advisor, revision=1, do_not_contact=False)


def test_a_visit_is_withdrawn_and_brought_back(sign_in, advisor, project):
    visit = make_visit(advisor=advisor, project=project)
    client = sign_in(advisor)

    page = client.post(reverse("consultations:visit_withdraw", args=[visit.pk]), follow=True)

    assert reverse("consultations:visit_restore", args=[visit.pk]) in page.content.decode()
    assert not page.context["page"].object_list
    client.post(reverse("consultations:visit_restore", args=[visit.pk]))
    assert Visit.objects.valid().get() == visit
    for verb in (visit.restore, lambda by: visit.withdraw(by=by) or visit.withdraw(by=by)):
        with pytest.raises(ValidationError):
            verb(by=advisor)


# --- files ---


def test_who_was_visited_gets_a_file(sign_in, advisor, project):
    visit = make_visit(advisor=advisor, project=project, address="Musterstraße 1")
    address = reverse("consultations:visit_file", args=[visit.pk])

    response = sign_in(advisor).post(address, {"kind": "local_business"})

    organisation = Organisation.objects.get()
    assert response.headers["Location"] == organisation.get_absolute_url()
    assert (organisation.name, organisation.address) == (visit.name, "Musterstraße 1")
    assert Visit.objects.get().organisation == organisation


def test_a_visit_is_taken_into_a_file_that_exists(sign_in, advisor, project):
    visit = make_visit(advisor=advisor, project=project, name="Wäscherei")
    on_file = make_organisation(name="Wäscherei Muster")
    address = reverse("consultations:visit_file", args=[visit.pk])
    client = sign_in(advisor)

    assert "Wäscherei Muster" in client.get(address).content.decode()
    client.post(address, {"organisation_choice": on_file.pk, "kind": "local_business"})

    assert Visit.objects.get().organisation == on_file
    assert client.get(address).status_code == 302


def test_no_second_file_of_one_name(advisor):
    visit = make_visit(advisor=advisor, name="Doppelt")
    make_organisation(name="doppelt")

    with pytest.raises(ValidationError):
        visit.open_file(by=advisor, kind="local_business")


# --- no further contact ---


def test_no_further_contact_is_lifted_with_a_reason(sign_in, advisor, project):
    visit = make_visit(advisor=advisor, project=project, do_not_contact=True)
    address = reverse("consultations:visit_lift", args=[visit.pk])
    client = sign_in(advisor)

    assert client.post(address, {"reason": " "}).status_code == 200
    assert Visit.objects.barring().get() == visit
    client.post(address, {"reason": "Kam in die Sprechstunde."})

    assert not Visit.objects.barring().exists()
    visit.refresh_from_db()
    assert (visit.lifted_by, visit.lifted_because) == (advisor, "Kam in die Sprechstunde.")
    assert Event.objects.about(visit).first().verb == "visit.bar_lifted"
    assert client.post(address, {"reason": "Nochmals"}).status_code == 200


def test_who_must_not_be_contacted_is_known_by_organisation_and_person():
    organisation, person = make_organisation(), make_person()
    Involvement.objects.create(
        person=person, organisation=organisation, role=InvolvementRole.CONTACT
    )
    make_visit(organisation=organisation, do_not_contact=True)
    make_visit(do_not_contact=True)

    barring = Visit.objects.barring_contact_with

    assert barring(organisation=organisation).count() == 1
    assert barring(person=person).count() == 1
    assert not barring(organisation=make_organisation(), person=make_person()).exists()
    assert not barring().exists()


# --- looking ---


def test_the_list_is_filtered_and_leaves_as_a_file(sign_in, advisor, project):
    make_visit(advisor=advisor, project=project, name="=1+1", mood=5, note="Geheim")
    make_visit(advisor=advisor, project=project, name="Muster", do_not_contact=True)
    client = sign_in(advisor)

    def found(**asked):
        return [visit.name for visit in client.get(LIST, asked).context["page"]]

    assert found() == ["Muster", "=1+1"]
    assert found(mood="5") == ["=1+1"]
    assert found(contact="barred") == ["Muster"]
    assert found(q="geheim") == []
    assert found(since="gestern") == []
    file = b"".join(client.get("/besuche/liste.csv?mood=5")).decode("utf-8-sig")
    [_headings, line] = csv.reader(io.StringIO(file), delimiter=";")
    assert line[2] == "'=1+1"
    assert "Geheim" not in file
    assert client.get("/besuche/liste.xlsx").getvalue().startswith(b"PK")
    assert client.get("/besuche/liste.csv?since=gestern").status_code == 302


def test_words_of_the_set_count_days_and_projects(project):
    visit = make_visit(project=project, visited_on=date(2024, 6, 3))
    make_visit(visited_on=date(2024, 6, 4))

    assert Visit.objects.in_period(date(2024, 6, 1), date(2024, 6, 3)).get() == visit
    assert Visit.objects.for_project(project).get() == visit


def test_another_teams_note_is_opened_by_the_management_and_that_is_recorded(sign_in):
    visit = make_visit(note="Vertraulich")
    address = reverse("consultations:visit", args=[visit.pk])

    assert "Vertraulich" not in sign_in(make_user()).get(address).content.decode()
    manager = sign_in(make_user(Role.MANAGER))
    assert "Vertraulich" not in manager.get(address).content.decode()
    page = manager.post(reverse("consultations:visit_note", args=[visit.pk]))

    assert "Vertraulich" in page.content.decode()
    assert Event.objects.about(visit).get().verb == "note.read"


def test_only_staff_see_visits():
    make_visit()

    for role in (Role.FUNDER, Role.EVALUATOR):
        assert not Visit.objects.visible_to(make_user(role)).exists()
    assert not Visit.objects.visible_to(make_founder()).exists()
    assert Visit.objects.visible_to(make_user()).exists()


def test_a_longer_list_costs_no_more_queries(sign_in, advisor, project, count_queries):
    client = sign_in(advisor)
    make_visit(organisation=make_organisation(), district=make_district(), project=project)
    few = count_queries(client.get, LIST)
    for _number in range(20):
        make_visit(organisation=make_organisation(), district=make_district())

    assert count_queries(client.get, LIST) == few


def test_a_stale_page_is_told_so(advisor):
    visit = make_visit(advisor=advisor)
    Visit.objects.update(revision=F("revision") + 1)

    with pytest.raises(ValidationError):
        visit.amend(by=advisor, revision=1, need="Neu")


# --- what warns of it elsewhere ---


@pytest.fixture
def barred():
    """A person on file in whose organisation somebody wanted no further contact."""
    organisation = make_organisation(name="Wäscherei Muster")
    person = make_person(email="wanda@muster.example", phone="030 5550 9")
    Involvement.objects.create(
        person=person, organisation=organisation, role=InvolvementRole.CONTACT
    )
    make_visit(organisation=organisation, do_not_contact=True, visited_on=date(2026, 5, 3))
    return person


def test_booking_for_somebody_who_wants_no_contact_asks_back(sign_in, barred):
    hours = make_office_hours()
    [time] = OfficeHours.objects.filter(pk=hours.pk).next_free_times(1)
    address = reverse("consultations:book_for_time", args=[hours.pk, time.starts_at])
    client = sign_in(hours.advisor)
    fields = {"form_key": uuid.uuid4(), "person": barred.pk, "told_by": "nobody", "language": "de"}

    page = client.post(address, fields)

    assert "bat am 03.05.2026 darum" in page.content.decode()
    assert 'type="checkbox" name="despite_bar"' in page.content.decode()
    assert not Appointment.objects.exists()
    assert client.post(address, fields | {"despite_bar": "on"}).status_code == 302
    assert Appointment.objects.get().person == barred


def test_the_waiting_list_asks_back_too(sign_in, barred):
    address = reverse("consultations:waiting_add")
    client = sign_in(make_user())
    fields = {"form_key": uuid.uuid4(), "person": barred.pk, "reached_by": "mail"}

    assert "despite_bar" in client.post(address, fields).context["form"].errors
    assert client.post(address, fields | {"despite_bar": "on"}).status_code == 302
    assert WaitingEntry.objects.get().person == barred


def test_the_file_tells_of_visits_and_that_no_contact_is_wanted(sign_in, barred):
    organisation = Organisation.objects.get(name="Wäscherei Muster")
    founder = make_founder(organisation)
    words = "Möchte nicht mehr kontaktiert werden"
    Visit.objects.update(situation="Canarius", note="Vertraulich")
    file, of_team = organisation.get_absolute_url(), Visit.objects.get().advisor

    own = sign_in(of_team).get(file).content.decode()
    assert words in own
    assert "Canarius" in own
    assert "Vertraulich" in own
    for other in (make_user(), make_user(Role.MANAGER)):
        page = sign_in(other).get(file).content.decode()
        assert words in page
        assert "Vertraulich" not in page
    for_founder = sign_in(founder).get(file).content.decode()
    assert words not in for_founder
    assert "Canarius" not in for_founder
