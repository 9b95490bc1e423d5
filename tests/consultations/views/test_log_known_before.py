"""What is filled in before anybody types: from an appointment, and like last time."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from consultations.models import Appointment, AppointmentStatus, Consultation, ConsultationKind
from enterprises.models import Involvement
from tests.consultations.views.conftest import LOG, typed
from tests.factories import (
    make_appointment,
    make_consultation,
    make_organisation,
    make_person,
    make_project,
    make_task,
    make_topic,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation():
    return make_organisation(name="Wäscherei Muster")


@pytest.fixture
def past(advisor, project, organisation):
    """An appointment of yesterday."""
    person = make_person(name="Erika Muster")
    Involvement.objects.create(person=person, organisation=organisation)
    starts_at = timezone.now().replace(hour=9, minute=0, second=0, microsecond=0)
    return make_appointment(
        advisor=advisor,
        project=project,
        person=person,
        organisation=organisation,
        starts_at=starts_at - timedelta(days=1),
        place="Stadtteilbüro",
    )


def sent_by(form):
    """What a browser sends of a form that nobody has touched."""
    values = {}
    for bound in form:
        value = bound.value()
        if bound.name == "organisation":
            values |= {
                "organisation": value.pk,
                "organisation_text": value.text,
            }
        elif value not in (None, ""):
            values[bound.name] = getattr(value, "pk", value)
    return values


# --- from an appointment ---


def test_of_an_appointment_everything_but_the_texts_is_known(page, past, advisor, organisation):
    form = page.get(f"{LOG}?appointment={past.pk}").context["form"]
    answer = page.post(LOG, sent_by(form) | {"result": "Vereinbart."})
    assert answer.status_code == 302, answer.context["form"].errors

    consultation = Consultation.objects.get()
    assert (consultation.organisation, consultation.minutes) == (organisation, 60)
    assert (consultation.starts_at, consultation.ends_at) == (past.starts_at, past.ends_at)
    assert list(consultation.people.all()) == [past.person]
    assert list(consultation.advisors.all()) == [advisor]
    assert Appointment.objects.get().status == AppointmentStatus.TOOK_PLACE


def test_what_is_filled_in_stands_in_the_summary(page, past, advisor, project):
    form = page.get(f"{LOG}?appointment={past.pk}").context["form"]

    day = timezone.localdate(past.starts_at)
    for word in ("Wäscherei Muster", f"{day:%d.%m.%Y}", "Stadtteilbüro", project.name):
        assert word in form.summary
    assert past.person.name in form.summary
    assert advisor.name in form.summary
    assert not form.rest_is_open


def test_what_is_wrong_in_the_folded_part_unfolds_it(page, past):
    sent = sent_by(page.get(f"{LOG}?appointment={past.pk}").context["form"])

    form = page.post(LOG, sent | {"start": "25:00", "result": "Bleibt."}).context["form"]

    assert form.is_of_appointment
    assert form.rest_is_open
    assert form["result"].value() == "Bleibt."


def test_whom_it_was_with_is_asked_where_the_appointment_does_not_say(page, past):
    Appointment.objects.update(organisation=None)

    form = page.get(f"{LOG}?appointment={past.pk}").context["form"]

    assert form.asks_whom
    assert form.fields["organisation"].widget.attrs["autofocus"]


def test_an_appointment_of_somebody_else_fills_in_nothing(page, project):
    foreign = make_appointment(starts_at=timezone.now() - timedelta(days=1))

    form = page.get(f"{LOG}?appointment={foreign.pk}").context["form"]

    assert not form.is_of_appointment


# --- like last time ---


def test_one_press_takes_what_the_last_time_was_like(page, advisor, project, organisation):
    task, topic, colleague = make_task(project=project), make_topic(), make_user()
    person = make_person()
    Involvement.objects.create(person=person, organisation=organisation)
    last = make_consultation(
        [advisor, colleague],
        [topic],
        project=project,
        task=task,
        organisation=organisation,
        held_on=date(2024, 5, 6),
        minutes=45,
        channel="on_site",
        place="Musterstr. 1",
        kind=ConsultationKind.ACCOMPANIMENT,
    )
    last.people.add(person)

    answer = page.post(
        LOG, typed(project, organisation, same="1", length="", internal_note="Getippt.")
    )

    form = answer.context["form"]
    assert answer.context["taken"] == last
    assert Consultation.objects.count() == 1
    same = {name: form[name].value() for name in ("project", "task", "place", "channel", "length")}
    assert same == {
        "project": project.pk,
        "task": task.pk,
        "place": "Musterstr. 1",
        "channel": "on_site",
        "length": "0:45",
    }
    assert form["topics"].value() == [topic.pk]
    assert form["people"].value() == [person.pk]
    assert sorted(form["advisors"].value()) == sorted([advisor.pk, colleague.pk])
    assert form["internal_note"].value() == "Getippt."


def test_the_own_last_time_comes_before_a_newer_one_of_a_colleague(
    page, advisor, project, organisation
):
    mine = make_consultation(
        [advisor], project=project, organisation=organisation, held_on=date(2024, 1, 8)
    )
    make_consultation(
        [make_user()], project=project, organisation=organisation, held_on=date(2024, 5, 6)
    )

    assert page.post(LOG, typed(project, organisation, same="1")).context["taken"] == mine


def test_a_project_one_may_not_log_for_is_left_out(page, project, organisation):
    make_consultation([make_user()], project=make_project(), organisation=organisation)

    form = page.post(LOG, typed(project, organisation, same="1")).context["form"]

    assert form["project"].value() == str(project.pk)


def test_start_and_end_stay_where_they_are_known(page, advisor, project, organisation):
    make_consultation([advisor], project=project, organisation=organisation, minutes=45)

    form = page.post(
        LOG, typed(project, organisation, same="1", length="", start="9:00", end="10:00")
    ).context["form"]

    assert (form["start"].value(), form["end"].value()) == ("9:00", "10:00")
    assert not form["length"].value()


@pytest.mark.parametrize("organisation_typed", ["", "0", "x", "9" * 30])
def test_without_a_last_time_the_page_says_so(page, project, organisation_typed):
    sent = typed(project, same="1", result="Bleibt.") | {"organisation": organisation_typed}

    answer = page.post(LOG, sent)

    assert answer.status_code == 200
    assert answer.context["none_before"]
    assert answer.context["form"]["result"].value() == "Bleibt."


def test_preparation_and_travel_are_kept_apart_from_the_length(page, project):
    page.post(
        LOG,
        typed(project, make_organisation(), preparation_minutes="0,5", travel_minutes="0:45"),
    )

    rows = Consultation.objects.all()
    assert rows.totals()["minutes"] == 90
    assert rows.working_totals() == {
        "contact": 90,
        "preparation": 30,
        "travel": 45,
        "working": 165,
    }
    assert rows.with_working_minutes().get().working_minutes == 165
