"""The timeline of a case file: what is in it, for whom, in which order, and how fast."""

import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from best_portal.outbox.models import Letter, LetterStatus
from consultations.models import Appointment, Consultation
from consultations.models.booking import AppointmentStatus
from enterprises.models import Criterion, Involvement, JobKind, Merge, Reply, Stage
from enterprises.timeline import PAGE, Place, Timeline, kinds
from tests.factories import (
    make_appointment,
    make_case,
    make_confirmation,
    make_consultation,
    make_document,
    make_forum,
    make_founder,
    make_health_note,
    make_letter,
    make_meeting,
    make_organisation,
    make_participation,
    make_person,
    make_project,
    make_promise,
    make_user,
    make_visit,
    make_waiting_entry,
)

pytestmark = pytest.mark.django_db

DAY = date(2024, 5, 2)
NINE = datetime(2024, 5, 2, 7, tzinfo=UTC)


@pytest.fixture
def organisation():
    return make_organisation(name="Kiezküche Beispiel")


@pytest.fixture
def advisor():
    return make_user(name="Ada Muster")


def titles(organisation, user, **asked):
    return [entry.title for entry in Timeline(organisation, user, **asked).all()]


def names(organisation, user, **asked):
    return [entry.kind.name for entry in Timeline(organisation, user, **asked).all()]


def address(organisation, step=""):
    return f"/betriebe/{organisation.pk}/{step}"


def fill(organisation, advisor):
    """One row at least of every kind, each on a day of its own."""
    project = make_project(team=[advisor], starts_on=date(2024, 1, 1))
    person = make_person(name="Rosa Beispiel")
    appointment = make_appointment(
        organisation=organisation, advisor=advisor, person=person, starts_at=NINE
    )
    make_letter(key=f"{appointment.letters_key}:booked", subject="Ihr Termin")
    make_consultation(
        [advisor], project=project, organisation=organisation, held_on=date(2024, 5, 3)
    )
    make_case(project=project, organisation=organisation, advisor=advisor).close(
        on=date(2024, 6, 1), outcome="gegründet", by=advisor
    )
    organisation.stages.create(stage=Stage.IDEA, since=date(2024, 1, 2), noted_by=advisor)
    organisation.assessments.create(
        criterion=Criterion.COMMUNITY, is_met=True, assessed_on=DAY, evidence="Satzung"
    )
    organisation.income_mixes.create(year=2023)
    job = organisation.jobs.create(
        title="Leitung", kind=JobKind.NEW, fte=1, since=DAY, until=date(2024, 9, 1)
    )
    make_confirmation(job=job, person=person).answer(Reply.YES)
    Involvement.objects.create(
        person=person, organisation=organisation, since=DAY, until=date(2024, 8, 1)
    )
    organisation.memberships.create(member=make_organisation(), since=DAY, until=date(2024, 7, 1))
    make_waiting_entry(organisation=organisation, person=person)
    make_document(organisation, advisor)
    make_participation(project, person=person, entered_on=DAY, left_on=date(2024, 10, 1))
    make_visit(organisation=organisation, advisor=advisor, visited_on=date(2024, 5, 6))
    make_promise(organisation=organisation, advisor=advisor, made_on=DAY).keep(by=advisor)
    make_meeting(forum=make_forum(organisation=organisation))
    make_health_note(organisation=organisation)
    Merge.objects.merge(make_organisation(), organisation, by=advisor)


# --- what is in it ---


def test_every_kind_of_this_app_and_those_above_is_in_it(organisation, advisor):
    fill(organisation, advisor)

    told = set(names(organisation, advisor))

    assert {kind.name for kind in kinds()} - told <= {"training", "operation"}


def test_names_of_kinds_are_different_and_fit_into_an_address():
    found = [kind.name for kind in kinds()]

    assert len(found) == len(set(found))
    assert all(Place.read(str(Place(NINE, name, 1))) == Place(NINE, name, 1) for name in found)


def test_the_newest_is_first_and_what_has_no_day_is_left_out(organisation, advisor):
    fill(organisation, advisor)
    Involvement.objects.create(person=make_person(), organisation=organisation)

    moments = [entry.at for entry in Timeline(organisation, advisor).all()]

    assert moments == sorted(moments, reverse=True)
    assert names(organisation, advisor).count("joined") == 1


def test_appointments_that_were_cancelled_or_missed_say_so(organisation, advisor):
    for hour, status in enumerate((AppointmentStatus.CANCELLED, AppointmentStatus.NO_SHOW)):
        make_appointment(
            organisation=organisation,
            advisor=advisor,
            starts_at=NINE + timedelta(hours=hour),
            status=status,
            cancelled_at=NINE if status == AppointmentStatus.CANCELLED else None,
        )

    told = [entry.status for entry in Timeline(organisation, advisor, kind="appointment").all()]

    assert (
        told
        == [
            label
            for value, label in AppointmentStatus.choices
            if value in (AppointmentStatus.NO_SHOW, AppointmentStatus.CANCELLED)
        ][::-1]
    )


def test_what_is_of_another_organisation_or_withdrawn_is_not_in_it(organisation, advisor):
    fill(make_organisation(), advisor)
    make_letter(key="appointment:00000000-0000-4000-8000-000000000000:booked")
    make_consultation([advisor], organisation=organisation).withdraw(by=advisor)

    assert titles(organisation, advisor) == []


def test_a_letter_shows_its_subject_and_state_and_no_text(client, sign_in, organisation, advisor):
    appointment = make_appointment(organisation=organisation, starts_at=NINE)
    make_letter(
        key=f"{appointment.letters_key}:booked",
        subject="Ihr Termin",
        text="Kanarienvogel",
        status=LetterStatus.FAILED,
    )

    html = sign_in(advisor).get(address(organisation)).content.decode()

    assert "Ihr Termin" in html
    assert "nicht zugestellt" in html
    assert "Kanarienvogel" not in html


# --- for whom ---


def test_a_note_is_shown_to_its_team_only(sign_in, organisation, advisor):
    project = make_project(team=[advisor])
    make_consultation(
        [make_user()], project=project, organisation=organisation, internal_note="Zaunkönig"
    )

    shown = {
        user.role: "Zaunkönig" in sign_in(user).get(address(organisation)).content.decode()
        for user in (advisor, make_user("manager"), make_founder(organisation))
    }
    other = sign_in(make_user()).get(address(organisation)).content.decode()

    assert shown == {"advisor": True, "manager": False, "founder": False}
    assert "Zaunkönig" not in other


def test_a_founder_reads_no_result_no_case_and_no_letter(organisation, advisor):
    fill(organisation, advisor)
    Consultation.objects.update(result="Ergebnis", next_step="Satzung schreiben")
    founder = make_founder(organisation)

    told = Timeline(organisation, founder)

    assert not {"case", "case_closed", "letter"} & {entry.kind.name for entry in told.all()}
    assert not any("Ergebnis" in entry.text for entry in told.all())
    assert any("Satzung schreiben" in entry.text for entry in told.all())
    # `edit` pages are for staff.
    assert not any("/kriterien/" in entry.href for entry in told.all())


# --- filters and pages ---


def test_every_filter_narrows_it(organisation, advisor):
    fill(organisation, advisor)
    person = organisation.people.get(name="Rosa Beispiel")

    assert set(names(organisation, advisor, kind="job")) == {"job", "job_ended"}
    assert set(names(organisation, advisor, person=person)) == {
        "appointment",
        "confirmation",
        "joined",
        "left",
        "participation",
        "participation_left",
        "waiting",
    }
    assert set(names(organisation, advisor, advisor=advisor)) == {
        "appointment",
        "case",
        "case_closed",
        "consultation",
        "merge",
        "paper",
        "promise",
        "promise_settled",
        "stage",
        "visit",
    }
    assert names(organisation, advisor, kind="consultation", since=date(2024, 5, 4)) == []
    assert names(organisation, advisor, kind="job", until=DAY) == ["job"]


@pytest.mark.parametrize(
    "asked",
    [
        {"kind": "x"},
        {"advisor": "x"},
        {"person": "999999"},
        {"since": "31.02.2024"},
        {"since": "0001-01-01", "until": "9999-12-31"},
        {"before": "x"},
        {"before": "99999999999999999.job.1"},
        {"before": "-99999999999999999.job.999999999999999999"},
        {"before": "1.nothing.1"},
        {"before": "\0"},
    ],
)
@pytest.mark.parametrize("step", ["", "verlauf/", "verlauf.csv"])
def test_a_faulty_question_gets_an_answer(sign_in, organisation, advisor, asked, step):
    fill(organisation, advisor)

    assert sign_in(advisor).get(address(organisation, step), asked).status_code in (200, 302)


def many(organisation, advisor, number):
    """Entries of three kinds, many of them at the same moment."""
    project = make_project(team=[advisor])
    Consultation.objects.bulk_create(
        Consultation(
            project=project,
            kind="advice",
            held_on=DAY + timedelta(days=index // 3),
            minutes=60,
            organisation=organisation,
        )
        for index in range(number // 2)
    )
    organisation.jobs.bulk_create(
        organisation.jobs.model(
            organisation=organisation,
            title=f"Stelle {index}",
            kind=JobKind.NEW,
            fte=1,
            since=DAY + timedelta(days=index // 3),
        )
        for index in range(number - number // 2)
    )


def test_page_by_page_every_entry_comes_once(organisation, advisor):
    many(organisation, advisor, 3 * PAGE + 1)
    timeline, found, before = Timeline(organisation, advisor), [], None

    for _turn in range(4):
        entries, before = timeline.page(before)
        found += [(entry.at, entry.kind.name, entry.href) for entry in entries]

    assert before is None
    assert len(found) == len(set(found)) == timeline.count() == 3 * PAGE + 1
    assert [at for at, *_ in found] == sorted((at for at, *_ in found), reverse=True)


def test_what_is_added_meanwhile_moves_no_older_page(organisation, advisor):
    many(organisation, advisor, 2 * PAGE)
    timeline = Timeline(organisation, advisor)
    _first, place = timeline.page()
    second, _end = timeline.page(place)

    organisation.stages.create(stage=Stage.IDEA, since=timezone.localdate())

    assert timeline.page(place)[0] == second


def test_the_way_to_the_older_entries_keeps_the_filter(sign_in, organisation, advisor):
    many(organisation, advisor, 3 * PAGE)
    client = sign_in(advisor)

    first = client.get(address(organisation), {"kind": "job"})
    second = client.get(f"{address(organisation)}?{first.context['older']}")
    fragment = client.get(f"{address(organisation, 'verlauf/')}?{first.context['older']}")

    assert {entry.kind.name for entry in second.context["entries"]} == {"job"}
    assert len(second.context["entries"]) == 3 * PAGE // 2 - PAGE
    assert fragment.context["entries"] == second.context["entries"]
    assert "<!DOCTYPE" not in fragment.content.decode()


def test_it_costs_the_same_however_long(sign_in, organisation, advisor):
    client, costs = sign_in(advisor), []
    client.get(address(organisation))

    for number in (10, 990):
        many(organisation, advisor, number)
        with CaptureQueriesContext(connection) as queries:
            page = client.get(address(organisation))
        costs.append(len(queries))

    assert page.context["count"] == 1_000
    assert costs[0] == costs[1]


# --- as a file ---


def test_the_file_has_real_dates_harmless_texts_and_no_note(sign_in, organisation, advisor):
    project = make_project(team=[advisor])
    make_consultation(
        [advisor],
        project=project,
        organisation=organisation,
        held_on=DAY,
        result="=1+1",
        internal_note="Kanarienvogel",
    )

    answer = sign_in(advisor).get(address(organisation, "verlauf.xlsx"))
    rows = list(load_workbook(io.BytesIO(answer.getvalue())).active.values)
    text = b"".join(sign_in(advisor).get(address(organisation, "verlauf.csv"))).decode()

    assert rows[1][0].date() == DAY
    assert rows[1][6] == "=1+1"
    assert "'=1+1" in text
    assert "Kanarienvogel" not in text
    assert not any("Kanarienvogel" in str(cell) for row in rows for cell in row)


def test_the_file_holds_all_pages_and_keeps_the_filter(sign_in, organisation, advisor):
    many(organisation, advisor, 3 * PAGE)

    text = b"".join(
        sign_in(advisor).get(address(organisation, "verlauf.csv"), {"kind": "job"})
    ).decode()

    assert text.count("\r\n") == 1 + 3 * PAGE // 2


def test_letters_are_found_by_their_index(organisation, advisor):
    fill(organisation, advisor)

    letters = Letter.objects.about_any(Appointment.objects.all())

    assert [letter.subject for letter in letters] == ["Ihr Termin"]
    assert reverse("enterprises:timeline", args=[organisation.pk]) == address(
        organisation, "verlauf/"
    )
