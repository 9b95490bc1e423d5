"""What is sent along beside the form: no forged form acts, no extra field counts, no foreign id."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from best_portal.accounts.models import Role, User
from best_portal.imports.models import BatchStatus
from consultations.models import Appointment, Consultation, ImportBatch, OfficeHours
from enterprises.models import Involvement
from reports.models import ReportVersion, VersionStatus
from tests.factories import make_case
from tests.routes.matrix import ANONYMOUS, EXPECTED, LOGIN, VISITORS, ask, outcome

# With no authenticator app there is nothing to confirm: everybody is refused, token or not.
NOBODYS = {"mfa_reauthenticate"}


def visitor_of(expectation):
    """Someone whom the route lets act, so that only the missing token can stop them."""
    members = [role for role in Role.values if expectation.of(role) != "403"]
    strangers = [ANONYMOUS] if expectation.of(ANONYMOUS) != LOGIN else []
    return next(iter(members + strangers), None)


@pytest.mark.slow
def test_no_form_of_another_site_acts(worlds, visit):
    own, _foreign = worlds
    clients = {visitor: visit(visitor, enforce_csrf_checks=True) for visitor in VISITORS}
    acted = []

    for expectation in [line for line in EXPECTED if line.method == "POST"]:
        visitor = visitor_of(expectation)
        assert visitor or expectation.route in NOBODYS, expectation
        response = ask(clients[visitor or ANONYMOUS], "POST", expectation.address(own))
        if response.status_code != 403:
            acted.append(f"{expectation} as {visitor}: {response.status_code}")

    assert not acted, "\n".join(acted)


def send(client, route, data, *args):
    """Send a form, and say what its answer says about its fields: {} where it was taken."""
    response = client.post(reverse(route, args=args), data)
    if response.status_code == 302:
        return {}
    assert response.status_code == 200, outcome(response)
    form = response.context.get("form") or response.context["setup"].form
    return form.errors


# --- extra fields ---


def test_nobody_changes_their_own_role_or_address(worlds, visit):
    own, _foreign = worlds
    before = User.objects.filter(pk=own.people[Role.FOUNDER].pk).values("role", "email")
    known = list(before)

    errors = send(
        visit(Role.FOUNDER),
        "accounts:profile",
        {
            "name": "Muster",
            "language": "de",
            "role": "manager",
            "email": "neu@muster.example",
            "is_active": "",
            "is_staff": "1",
            "is_superuser": "1",
        },
    )

    assert errors == {}
    assert User.objects.get(pk=own.people[Role.FOUNDER].pk).name == "Muster"
    assert list(before) == known


def test_whoever_registers_becomes_a_founder(worlds, visit):
    send(
        visit(ANONYMOUS),
        "account_signup",
        {"name": "Muster", "email": "neu@muster.example", "role": "manager", "is_superuser": "1"},
    )

    assert User.objects.get(email="neu@muster.example").role == Role.FOUNDER


def test_a_booking_is_for_oneself_with_the_advisor_of_that_time(worlds, visit):
    own, foreign = worlds
    hours, at = own.objects["office_hours"], own.objects["free_time"]
    before = set(Appointment.objects.values_list("pk", flat=True))

    errors = send(
        visit(Role.FOUNDER),
        "consultations:book_time",
        {
            "book": "1",
            "form_key": uuid.uuid4(),
            "concern": "Satzung",
            "person": foreign.objects["person"].pk,
            "advisor": foreign.people[Role.ADVISOR].pk,
            "project": foreign.objects["project"].pk,
            "status": "held",
            "booked_by": foreign.people[Role.FOUNDER].pk,
            "starts_at": "2030-01-01 09:00",
        },
        hours.pk,
        at,
    )

    assert errors == {}
    booked = Appointment.objects.exclude(pk__in=before).get()
    assert booked.person == own.objects["person"]
    assert (booked.advisor, booked.project) == (hours.advisor, hours.project)
    assert (booked.status, booked.starts_at) == ("booked", at)
    assert booked.booked_by == own.people[Role.FOUNDER]


def test_a_file_changes_its_stage_only_by_the_verb(worlds, visit):
    own, _foreign = worlds
    organisation = own.objects["organisation"]
    known = organisation.stage

    errors = send(
        visit(Role.ADVISOR),
        "enterprises:edit",
        {"name": "Muster e. V.", "kind": "association", "stage": "consolidation", "people": "1"},
        organisation.pk,
    )

    assert errors == {}
    organisation.refresh_from_db()
    assert (organisation.name, organisation.stage) == ("Muster e. V.", known)


def test_a_fact_stays_with_its_organisation(worlds, visit):
    own, foreign = worlds
    job = own.objects["job"]

    errors = send(
        visit(Role.ADVISOR),
        "enterprises:job_edit",
        {
            "title": "Küche",
            "kind": "new",
            "fte": "0,5",
            "since": "2024-01-01",
            "organisation": foreign.objects["organisation"].pk,
        },
        job.organisation_id,
        job.pk,
    )

    assert errors == {}
    job.refresh_from_db()
    assert (job.title, job.organisation) == ("Küche", own.objects["organisation"])


def test_nobody_is_given_the_account_of_another(worlds, visit):
    own, foreign = worlds
    colleague = own.objects["involvement"].person

    errors = send(
        visit(Role.ADVISOR),
        "enterprises:person_edit",
        {"name": "Muster", "language": "de", "user": foreign.people[Role.FOUNDER].pk},
        own.objects["organisation"].pk,
        colleague.pk,
    )

    assert errors == {}
    colleague.refresh_from_db()
    assert (colleague.name, colleague.user) == ("Muster", None)


def test_a_new_part_is_of_the_person_typed_not_of_one_numbered(worlds, visit):
    own, foreign = worlds
    organisation = own.objects["organisation"]

    errors = send(
        visit(Role.ADVISOR),
        "enterprises:involvement_new",
        {
            "name": "Beispiel Neu",
            "role": "member",
            "person": foreign.objects["person"].pk,
            "organisation": foreign.objects["organisation"].pk,
        },
        organisation.pk,
    )

    assert errors == {}
    newest = Involvement.objects.latest("pk")
    assert (newest.person.name, newest.organisation) == ("Beispiel Neu", organisation)


def consultation(world, **fields):
    return {
        "form_key": uuid.uuid4(),
        "held_on": "2024-06-05",
        "length": "60",
        "kind": "advice",
        "project": world.objects["project"].pk,
        "organisation": world.objects["organisation"].pk,
        "organisation_text": world.objects["organisation"].name,
        "district": "on_file",
        "advisors": [world.people[Role.ADVISOR].pk],
    } | fields


def test_who_logged_and_when_is_not_for_the_form_to_say(worlds, visit):
    own, foreign = worlds

    errors = send(
        visit(Role.ADVISOR),
        "consultations:log",
        consultation(
            own,
            logged_by=foreign.people[Role.ADVISOR].pk,
            withdrawn_at="2024-01-01",
            batch=foreign.objects["batch"].pk,
            revision="99",
            fingerprint="x",
        ),
    )

    assert errors == {}
    logged = Consultation.objects.latest("pk")
    assert logged.logged_by == own.people[Role.ADVISOR]
    assert (logged.batch, logged.withdrawn_at, logged.fingerprint) == (None, None, None)
    assert logged.revision != 99


def upload(world, **fields):
    file = SimpleUploadedFile("log.csv", b"Datum;Minuten\n03.06.2024;60\n")
    return {"project": world.objects["project"].pk, "file": file} | fields


def test_a_file_brought_is_ones_own_and_open(worlds, visit):
    own, foreign = worlds
    before = set(ImportBatch.objects.values_list("pk", flat=True))

    errors = send(
        visit(Role.ADVISOR),
        "consultations:import",
        upload(own, uploaded_by=foreign.people[Role.ADVISOR].pk, status="committed"),
    )

    assert errors == {}
    batch = ImportBatch.objects.exclude(pk__in=before).get()
    assert batch.uploaded_by == own.people[Role.ADVISOR]
    assert batch.status == BatchStatus.UPLOADED


def test_a_report_asked_for_is_not_released_by_asking(worlds, visit):
    own, foreign = worlds
    grant = own.objects["grant"]

    errors = send(
        visit(Role.MANAGER),
        "reports:new_for",
        {
            "kind": "interim",
            "starts_on": "2024-01-01",
            "ends_on": "2024-03-31",
            "form_key": uuid.uuid4(),
            "grant": foreign.objects["grant"].pk,
            "status": "released",
            "released_at": "2024-01-01",
            "released_by": foreign.people[Role.FUNDER].pk,
            "requested_by": foreign.people[Role.ADVISOR].pk,
        },
        grant.ref,
    )

    assert errors == {}
    version = ReportVersion.objects.latest("pk")
    assert (version.report.grant, version.status) == (grant, VersionStatus.QUEUED)
    assert version.requested_by == own.people[Role.MANAGER]


# --- ids of foreign objects ---


@pytest.mark.parametrize("field", ["project", "task", "case", "people", "appointment"])
def test_a_consultation_takes_nothing_of_another_team(field, worlds, visit):
    own, foreign = worlds
    noun = {"people": "person"}.get(field, field)
    before = Consultation.objects.count()

    errors = send(
        visit(Role.ADVISOR),
        "consultations:log",
        consultation(own, **{field: foreign.objects[noun].pk}),
    )

    assert field in errors
    assert Consultation.objects.count() == before


def test_a_consultation_does_not_take_another_projects_case_of_the_organisation(worlds, visit):
    own, foreign = worlds
    case = make_case(project=foreign.objects["project"], organisation=own.objects["organisation"])

    errors = send(visit(Role.ADVISOR), "consultations:log", consultation(own, case=case.pk))

    assert "case" in errors


@pytest.mark.parametrize("field", ["project", "task", "case", "people"])
def test_an_amended_consultation_takes_nothing_of_another_team(field, worlds, visit):
    own, foreign = worlds
    amended = own.objects["consultation"]
    noun = {"people": "person"}.get(field, field)

    errors = send(
        visit(Role.ADVISOR),
        "consultations:edit",
        consultation(own, revision=amended.revision, **{field: foreign.objects[noun].pk}),
        amended.pk,
    )

    assert field in errors


def test_a_founder_books_for_no_other_organisation(worlds, visit):
    own, foreign = worlds
    before = Appointment.objects.count()

    errors = send(
        visit(Role.FOUNDER),
        "consultations:book_time",
        {
            "book": "1",
            "form_key": uuid.uuid4(),
            "concern": "Satzung",
            "organisation": foreign.objects["organisation"].pk,
        },
        own.objects["office_hours"].pk,
        own.objects["free_time"],
    )

    assert "organisation" in errors
    assert Appointment.objects.count() == before


def office_hours(world, **fields):
    return {
        "held_by": "advisor",
        "project": world.objects["project"].pk,
        "channel": "office",
        "weekday": "2",
        "starts_at": "14:00",
        "ends_at": "16:00",
        "slot_minutes": "60",
        "pause_minutes": "0",
        "every_weeks": "1",
        "lead_hours": "24",
        "cancel_hours": "24",
        "starts_on": "2030-01-01",
    } | fields


def test_an_advisor_keeps_office_hours_for_nobody_else(worlds, visit):
    own, foreign = worlds

    errors = send(
        visit(Role.ADVISOR),
        "consultations:office_hours_new",
        office_hours(own, advisor=foreign.people[Role.ADVISOR].pk),
    )

    assert errors == {}
    assert OfficeHours.objects.latest("pk").advisor == own.people[Role.ADVISOR]


def test_an_advisor_keeps_no_office_hours_in_another_teams_project(worlds, visit):
    own, foreign = worlds

    errors = send(
        visit(Role.ADVISOR),
        "consultations:office_hours_new",
        office_hours(own, project=foreign.objects["project"].pk),
    )

    assert "project" in errors


def test_an_advisor_puts_nobody_of_another_team_on_duty(worlds, visit):
    own, foreign = worlds
    team = {"held_by": "team", "team": "Team", "members": [foreign.people[Role.ADVISOR].pk]}

    errors = send(visit(Role.ADVISOR), "consultations:office_hours_new", office_hours(own, **team))

    assert "members" in errors


def test_an_advisor_brings_no_log_into_another_teams_project(worlds, visit):
    _own, foreign = worlds

    errors = send(visit(Role.ADVISOR), "consultations:import", upload(foreign))

    assert "project" in errors
