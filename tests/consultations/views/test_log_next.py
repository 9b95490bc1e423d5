"""The next appointment in the log form: booked with what is logged, or neither."""

from datetime import timedelta

import pytest
from django.utils import timezone

from consultations.forms.next_time import key_of
from consultations.models import Appointment, Consultation, OfficeHours, ToldBy
from enterprises.models import Involvement
from tests.consultations.views.conftest import LOG, typed
from tests.factories import (
    make_absence,
    make_appointment,
    make_office_hours,
    make_organisation,
    make_person,
    make_user,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation():
    return make_organisation()


@pytest.fixture
def people(organisation):
    people = [make_person(name="Erika Muster"), make_person(name="Max Beispiel")]
    for person in people:
        Involvement.objects.create(person=person, organisation=organisation)
    return people


@pytest.fixture
def free(advisor, project):
    """The next free time of the advisor."""
    make_office_hours(advisor=advisor, project=project)
    return OfficeHours.objects.next_free_times(1)[0]


def test_the_next_time_is_booked_with_the_one_who_was_there(
    page, advisor, project, organisation, people, free
):
    sent = typed(
        project,
        organisation,
        people=[people[0].pk],
        next_step="Satzung entwerfen",
        next_time=key_of(free),
    )

    text = page.post(LOG, sent, follow=True).content.decode()
    page.post(LOG, sent)

    appointment = Appointment.objects.get()
    assert (appointment.person, appointment.advisor) == (people[0], advisor)
    assert (appointment.starts_at, appointment.organisation) == (free.starts_at, organisation)
    assert (appointment.concern, appointment.told_by) == ("Satzung entwerfen", ToldBy.NOBODY)
    assert appointment.get_absolute_url() in text
    assert Consultation.objects.count() == 1


def test_who_has_an_address_is_told_by_mail(page, project, organisation, people, free):
    people[0].email = "erika@beispiel.example"
    people[0].save()

    page.post(LOG, typed(project, organisation, people=[people[0].pk], next_time=key_of(free)))

    assert Appointment.objects.get().told_by == ToldBy.MAIL


def test_of_several_it_is_said_with_whom(page, project, organisation, people, free):
    sent = typed(project, organisation, people=[each.pk for each in people], next_time=key_of(free))

    form = page.post(LOG, sent).context["form"]
    assert "next_with" in form.errors
    assert form.next_is_open
    assert Consultation.objects.count() == 0

    page.post(LOG, sent | {"next_with": people[1].pk})
    assert Appointment.objects.get().person == people[1]


def test_after_an_appointment_it_is_the_same_person_and_advisor(
    sign_in, project, organisation, advisor, free
):
    past = make_appointment(
        advisor=advisor,
        project=project,
        organisation=organisation,
        starts_at=timezone.now() - timedelta(days=2),
    )
    manager = make_user("manager")

    sign_in(manager).post(
        LOG, typed(project, organisation, appointment=past.pk, next_time=key_of(free))
    )

    ahead = Appointment.objects.exclude(pk=past.pk).get()
    assert (ahead.person, ahead.advisor) == (past.person, advisor)


def test_a_time_taken_meanwhile_loses_nothing(page, advisor, project, organisation, people, free):
    sent = typed(
        project,
        organisation,
        people=[people[0].pk],
        next_time=key_of(free),
        internal_note="Bleibt.",
    )
    make_appointment(
        advisor=advisor, project=project, starts_at=free.starts_at, ends_at=free.ends_at
    )

    form = page.post(LOG, sent).context["form"]

    assert "next_time" in form.errors
    assert form["internal_note"].value() == "Bleibt."
    assert Consultation.objects.count() == 0


def test_a_time_taken_at_the_last_moment_saves_neither(
    page, advisor, project, organisation, people, free, monkeypatch
):
    def taken_first(*args, **kwargs):
        make_absence(advisor=advisor, starts_at=free.starts_at, ends_at=free.ends_at)
        return booked(*args, **kwargs)

    booked = Appointment.objects.book_for
    monkeypatch.setattr(Appointment.objects, "book_for", taken_first)

    form = page.post(
        LOG, typed(project, organisation, people=[people[0].pk], next_time=key_of(free))
    ).context["form"]

    assert "next_time" in form.errors
    assert (Consultation.objects.count(), Appointment.objects.count()) == (0, 0)


@pytest.mark.parametrize("wrong", ["x", "1@", f"{'9' * 30}@1", "\0"])
def test_a_time_nobody_offered_is_refused(page, project, organisation, people, wrong):
    form = page.post(LOG, typed(project, organisation, next_time=wrong)).context["form"]

    assert "next_time" in form.errors


def test_nobody_else_is_offered_than_the_people_on_file(page, project, organisation, people, free):
    stranger = make_person()

    form = page.post(
        LOG, typed(project, organisation, next_time=key_of(free), next_with=stranger.pk)
    ).context["form"]

    assert "next_with" in form.errors


def test_times_of_colleagues_are_not_offered(page, project):
    make_office_hours(advisor=make_user(), project=project)

    assert list(page.get(LOG).context["form"].fields["next_time"].choices)[1:] == []
