"""What the log form knows before the first key is pressed."""

from datetime import UTC, date, datetime

import pytest

from best_portal.accounts.models import Role
from consultations.models import AppointmentStatus, Consultation, ConsultationKind
from tests.consultations.views.conftest import LOG, errors_of, typed
from tests.factories import (
    make_appointment,
    make_case,
    make_consultation,
    make_district,
    make_founder,
    make_organisation,
    make_project,
    make_task,
    make_user,
)

pytestmark = pytest.mark.django_db


# --- what is known ---


def test_an_appointment_fills_in_who_when_and_where(page, advisor, project):
    organisation = make_organisation()
    appointment = make_appointment(
        advisor=advisor,
        project=project,
        organisation=organisation,
        starts_at=datetime(2024, 5, 6, 7, 0, tzinfo=UTC),
        place="Kiezladen",
    )

    form = page.get(f"{LOG}?appointment={appointment.pk}").context["form"]

    assert form["organisation"].value().pk == str(organisation.pk)
    assert form["held_on"].value() == date(2024, 5, 6)
    assert (form["start"].value(), form["end"].value()) == ("09:00", "10:00")
    assert form["place"].value() == "Kiezladen"
    assert form["people"].value() == [appointment.person_id]


def test_an_appointment_becomes_the_consultation(page, advisor, project):
    appointment = make_appointment(advisor=advisor, project=project)

    page.post(LOG, typed(project, make_organisation(), appointment=appointment.pk))

    appointment.refresh_from_db()
    assert appointment.consultation == Consultation.objects.get()
    assert appointment.status == AppointmentStatus.TOOK_PLACE


def test_an_appointment_becomes_one_consultation_only(page, advisor, project):
    appointment = make_appointment(advisor=advisor, project=project)
    organisation = make_organisation()
    page.post(LOG, typed(project, organisation, appointment=appointment.pk))

    response = page.post(LOG, typed(project, organisation, appointment=appointment.pk))

    assert response.context["form"].non_field_errors()
    assert Consultation.objects.count() == 1


def test_another_advisors_appointment_is_not_taken(page, project):
    foreign = make_appointment(project=project, place="Geheimer Ort")

    assert page.get(f"{LOG}?appointment={foreign.pk}").context["form"]["place"].value() is None
    response = page.post(LOG, typed(project, make_organisation(), appointment=foreign.pk))
    assert "appointment" in errors_of(response)


def test_a_running_case_makes_it_accompaniment(page, advisor, project):
    case = make_case(project=project, opened_on=date(2024, 1, 1))

    form = page.get(f"{LOG}?organisation={case.organisation_id}").context["form"]
    page.post(LOG, typed(project, case.organisation, kind=ConsultationKind.ACCOMPANIMENT))

    assert form["kind"].value() == ConsultationKind.ACCOMPANIMENT
    assert Consultation.objects.get().case == case


def test_the_area_is_that_of_the_organisation_on_the_day(page, project):
    old = make_district(name="Musterplatz", ends_on=date(2024, 3, 31))
    new = make_district(name="Musterplatz", starts_on=date(2024, 4, 1))
    organisation = make_organisation(district=new)

    page.post(LOG, typed(project, organisation, held_on="2024-03-31"))
    page.post(LOG, typed(project, organisation, held_on="2024-04-01"))

    assert list(Consultation.objects.order_by("held_on").values_list("district", flat=True)) == [
        old.pk,
        new.pk,
    ]


def test_an_area_that_was_none_on_that_day_is_refused(page, project):
    area = make_district(ends_on=date(2023, 12, 31))

    response = page.post(LOG, typed(project, make_organisation(), district=area.pk))

    assert "district" in errors_of(response)


def test_outside_the_areas_is_an_answer_too(page, project):
    organisation = make_organisation(district=make_district())

    page.post(LOG, typed(project, organisation, district="outside"))

    assert Consultation.objects.get().district is None


def test_the_next_form_has_the_place_of_the_last_time(page, advisor, project):
    make_consultation(advisors=[advisor], project=project, place="Kiezladen", channel="on_site")

    form = page.get(LOG).context["form"]

    assert (form["place"].value(), form["channel"].value()) == ("Kiezladen", "on_site")


def test_choosing_an_organisation_answers_with_its_people(page, project):
    founder = make_founder(
        organisation := make_organisation(district=make_district(name="Hierplatz"))
    )

    response = page.get(f"{LOG}bekannt/", {"organisation": organisation.pk, "project": project.pk})

    assert founder.name in response.content.decode()
    assert "Hierplatz" in response.content.decode()


@pytest.mark.parametrize("key", ["", "x", "-1", "99999999999999999999", "\0"])
def test_a_key_that_is_none_changes_nothing(page, project, key):
    assert page.get(LOG, {"organisation": key, "appointment": key, "like": key}).status_code == 200
    assert page.get(f"{LOG}bekannt/", {"organisation": key}).status_code == 200
    assert (
        page.post(LOG, typed(project, organisation=None) | {"organisation": key}).status_code == 200
    )


def test_a_project_of_another_team_cannot_be_logged_for(page):
    foreign = make_project(team=[make_user()])

    response = page.post(LOG, typed(foreign, make_organisation()))

    assert "project" in errors_of(response)


def test_task_and_case_belong_to_the_project(page, advisor, project):
    organisation = make_organisation()
    task = make_task(project=make_project(team=[advisor]))
    case = make_case(organisation=organisation)

    response = page.post(LOG, typed(project, organisation, task=task.pk, case=case.pk))

    assert {"task", "case"} <= errors_of(response).keys()


# --- search as you type ---


@pytest.mark.parametrize(
    "text", ["Wäscherei", "waescherei", "wascherei", "Muster Wäsch", "Wäscherie"]
)
def test_umlauts_and_typing_errors_are_forgiven(page, text):
    make_organisation(name="Wäscherei Muster")
    make_organisation(name="Fahrradwerkstatt Beispiel")

    found = page.get("/suche/organisationen/", {"q": text}).content.decode()

    assert "Wäscherei Muster" in found
    assert "Fahrrad" not in found


@pytest.mark.parametrize("text", ["", " ", "\0", "%", "x" * 10_000, "<script>", "\\", "'"])
def test_any_text_may_be_searched(page, text):
    assert page.get("/suche/organisationen/", {"q": text}).status_code == 200


@pytest.mark.parametrize("role", [Role.FOUNDER, Role.FUNDER, Role.EVALUATOR])
def test_only_staff_search_organisations(sign_in, role):
    assert sign_in(make_user(role)).get("/suche/organisationen/?q=muster").status_code == 403
