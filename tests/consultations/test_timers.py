"""The timer: one running per person, kept on the server, stopped into the log."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from consultations.models import Consultation, Timer
from tests.factories import make_consultation, make_organisation, make_project, make_user

pytestmark = pytest.mark.django_db

LOG = "/beratungen/neu/"
START = "/stoppuhr/starten/"
# A Monday in summer, 10:00:40 in Berlin.
TEN = datetime(2024, 6, 3, 8, 0, 40, tzinfo=UTC)


@pytest.fixture
def advisor():
    return make_user()


@pytest.fixture
def project(advisor):
    today = timezone.localdate()
    return make_project(
        team=[advisor], starts_on=date(2020, 1, 1), ends_on=today + timedelta(days=30)
    )


def make_timer(user, **fields):
    fields = {"started_at": TEN} | fields
    return Timer.objects.create(user=user, **fields)


def ran(user, minutes, **fields):
    return make_timer(user, stopped_at=TEN + timedelta(minutes=minutes), **fields)


# --- what must never be true ---


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("consultations_timer_one_running", {}),
        ("consultations_timer_stops_after_start", {"stopped_at": TEN - timedelta(seconds=1)}),
        ("consultations_timer_logged_or_discarded", {"discarded_at": TEN}),
    ],
)
def test_a_timer_is_refused(advisor, constraint, fields):
    make_timer(advisor)

    with pytest.raises(IntegrityError, match=constraint):
        make_timer(advisor, **fields)


def test_a_timer_is_not_both_logged_and_discarded(advisor):
    with pytest.raises(IntegrityError, match="consultations_timer_logged_or_discarded"):
        ran(advisor, 5, discarded_at=TEN, consultation=make_consultation())


# --- verbs ---


def test_started_twice_it_runs_once(advisor):
    first = Timer.objects.start(by=advisor)

    assert Timer.objects.start(by=advisor) == first
    assert Event.objects.filter(verb="timer.started").count() == 1


def test_stopped_twice_it_stops_once(advisor):
    timer = make_timer(advisor)
    timer.stop(by=advisor)
    stopped_at = timer.stopped_at
    timer.stop(by=advisor)

    assert timer.stopped_at == stopped_at
    assert Event.objects.filter(verb="timer.stopped").count() == 1


def test_what_was_logged_is_not_discarded(advisor):
    timer = ran(advisor, 5)
    timer.become(make_consultation(), by=advisor)

    with pytest.raises(ValidationError):
        timer.discard(by=advisor)


@pytest.mark.parametrize(("minutes", "is_long"), [(1, False), (240, False), (241, True)])
def test_after_four_hours_it_was_forgotten(advisor, settings, minutes, is_long):
    settings.TIMER_ASKS_AFTER_MINUTES = 240

    assert ran(advisor, minutes).ran_long == is_long


def test_a_timer_of_seconds_takes_a_minute(advisor):
    assert make_timer(advisor, stopped_at=TEN + timedelta(seconds=5)).minutes == 1


def test_the_running_one_is_shown_before_a_stopped_one(advisor):
    stopped = ran(advisor, 5)
    assert Timer.objects.visible_to(advisor).current() == stopped

    running = make_timer(advisor)
    assert Timer.objects.visible_to(advisor).current() == running


@pytest.mark.parametrize("role", [Role.MANAGER, Role.FOUNDER, Role.ADVISOR])
def test_it_is_nobody_elses_business(advisor, role):
    make_timer(advisor)

    assert not Timer.objects.visible_to(make_user(role)).exists()


# --- pages ---


def test_from_the_frame_into_a_saved_consultation(client, sign_in, advisor, project):
    page = sign_in(advisor)
    answer = page.post(START, {"next": "/quartiere/"})
    assert answer.url == "/quartiere/"
    assert "timer__state" in page.get("/quartiere/").content.decode()
    Timer.objects.update(started_at=timezone.now() - timedelta(minutes=50))
    timer = Timer.objects.get()

    # Another device, after a sign-out.
    page = sign_in(advisor, type(client)())
    form = page.post(f"/stoppuhr/{timer.pk}/anhalten/", follow=True).context["form"]
    organisation = make_organisation()
    page.post(
        LOG,
        {
            "form_key": form["form_key"].value(),
            "timer": timer.pk,
            "organisation": organisation.pk,
            "organisation_text": organisation.name,
            "project": project.pk,
            "kind": "advice",
            "held_on": form["held_on"].value(),
            "start": form["start"].value(),
            "end": form["end"].value() or "",
            "length": form["length"].value() or "",
            "advisors": [advisor.pk],
        },
    )

    timer.refresh_from_db()
    assert timer.consultation == Consultation.objects.get()
    assert timer.consultation.minutes in (50, 51)
    assert "timer__state" not in page.get("/quartiere/").content.decode()


def test_start_and_end_are_filled_in(sign_in, advisor, project):
    timer = ran(advisor, 45)

    form = sign_in(advisor).get(f"{LOG}?timer={timer.pk}").context["form"]

    assert (form["start"].value(), form["end"].value()) == ("10:00", "10:45")
    assert form["held_on"].value() == TEN.date()


def test_over_midnight_the_length_stands_for_the_end(sign_in, advisor, project):
    late = datetime(2024, 6, 3, 21, 30, tzinfo=UTC)
    timer = make_timer(advisor, started_at=late, stopped_at=late + timedelta(minutes=60))

    form = sign_in(advisor).get(f"{LOG}?timer={timer.pk}").context["form"]

    assert (form["start"].value(), form["end"].value()) == ("23:30", None)
    assert form["length"].value() == "1:00"


def test_a_forgotten_timer_asks_how_long_it_really_was(sign_in, advisor, project):
    timer = ran(advisor, 552)
    page, organisation = sign_in(advisor), make_organisation()

    answer = page.get(f"{LOG}?timer={timer.pk}")
    form = answer.context["form"]
    assert form.forgotten_timer == timer
    assert (form["end"].value(), form["length"].value()) == (None, None)

    sent = {
        "form_key": form["form_key"].value(),
        "timer": timer.pk,
        "organisation": organisation.pk,
        "organisation_text": organisation.name,
        "project": project.pk,
        "kind": "advice",
        "held_on": "2024-06-03",
        "start": "10:00",
        "advisors": [advisor.pk],
    }
    again = page.post(LOG, sent)
    assert "end" in again.context["form"].errors
    assert again.context["form"].forgotten_timer == timer
    assert Consultation.objects.count() == 0

    page.post(LOG, sent | {"length": "1,5"})
    assert Consultation.objects.get().minutes == 90


def test_discarded_in_another_window_it_is_logged_all_the_same(sign_in, advisor, project):
    timer = ran(advisor, 45)
    page = sign_in(advisor)
    page.post(f"/stoppuhr/{timer.pk}/verwerfen/", {"next": "https://anderswo.example/"})
    page.post(f"/stoppuhr/{timer.pk}/verwerfen/")

    page.post(
        LOG,
        {
            "form_key": "a3e1f6a0-0000-4000-8000-000000000001",
            "timer": timer.pk,
            "organisation": make_organisation().pk,
            "project": project.pk,
            "kind": "advice",
            "held_on": "2024-06-03",
            "length": "45",
            "advisors": [advisor.pk],
        },
    )

    assert Consultation.objects.count() == 1


def test_after_discarding_nobody_is_led_elsewhere(sign_in, advisor):
    answer = sign_in(advisor).post(START, {"next": "https://anderswo.example/"})

    assert answer.url == "/"


def test_the_timer_of_somebody_else_is_not_there(sign_in, advisor):
    timer = make_timer(advisor)
    page = sign_in(make_user())

    assert page.post(f"/stoppuhr/{timer.pk}/anhalten/").status_code == 404
    assert page.post(f"/stoppuhr/{timer.pk}/verwerfen/").status_code == 404
