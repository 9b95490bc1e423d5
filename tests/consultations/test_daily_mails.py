"""The daily mail: once a morning of a working day, where something is due and it is wanted."""

from datetime import date, datetime, timedelta

import pytest
from django.core import mail
from django.urls import reverse

from best_portal.accounts.models import Role, User
from best_portal.outbox.models import Letter
from consultations.daily import queue_daily_mails
from consultations.tasks import send_daily_mails
from tests.factories import (
    BERLIN,
    make_appointment,
    make_case,
    make_consultation,
    make_contact_rule,
    make_organisation,
    make_project,
    make_promise,
    make_user,
)

pytestmark = pytest.mark.django_db

THURSDAY = date(2026, 11, 26)
DAY = timedelta(days=1)


def at(hour, minute=0, day=THURSDAY):
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=BERLIN)


def promise(days, **fields):
    """Due so many days from that Thursday."""
    fields.setdefault("made_on", date(2026, 1, 2))
    return make_promise(due_on=THURSDAY + days * DAY, **fields)


def queue(hour=7, **when):
    return queue_daily_mails(now=at(hour, **when))


def test_whoever_has_something_due_gets_one_mail_a_day():
    mine = promise(0)

    assert queue() == 1
    assert queue() == queue(9) == 0
    assert queue(day=THURSDAY + DAY) == 1

    assert set(Letter.objects.values_list("recipient", flat=True)) == {mine.advisor.email}


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (THURSDAY, 1),
        (date(2026, 11, 28), 0),
        (date(2026, 11, 29), 0),
        (date(2026, 12, 25), 0),
        (date(2026, 11, 30), 1),
    ],
)
def test_it_comes_on_working_days_only(day, expected):
    promise(-5)

    assert queue(day=day) == expected


@pytest.mark.parametrize(
    ("hour", "minute", "expected"), [(6, 59, 0), (7, 0, 1), (11, 59, 1), (12, 0, 0)]
)
def test_it_comes_in_the_morning_or_not_at_all(hour, minute, expected):
    promise(0)

    assert queue(hour, minute=minute) == expected


def test_nothing_due_is_no_mail():
    advisor = make_user()
    promise(1, advisor=advisor)
    make_promise(advisor=advisor)
    promise(-1, advisor=advisor).keep(by=advisor)
    make_appointment(advisor=advisor, starts_at=at(14))

    assert queue() == 0


def test_it_can_be_switched_off_in_the_profile(sign_in):
    advisor = promise(0).advisor
    client = sign_in(advisor)
    details = {"name": advisor.name, "phone": "", "language": "de"}

    assert client.get("/konto/").context["form"]["has_daily_mail"].value() is True
    client.post("/konto/", details)
    assert queue() == 0
    client.post("/konto/", details | {"has_daily_mail": "on"})
    assert queue() == 1


def test_only_who_works_here_gets_one():
    left = promise(0).advisor
    User.objects.filter(pk=left.pk).update(is_active=False)
    promise(0, promiser="person")
    manager = promise(0, advisor=make_user(Role.MANAGER)).advisor

    assert queue() == 2
    assert Letter.objects.filter(recipient=manager.email).exists()


def test_it_counts_and_names_nothing():
    advisor = make_user(language="en")
    make_contact_rule(stage="idea", days=30)
    promise(
        -1, advisor=advisor, what="Geheim", organisation=make_organisation(name="Stiller Laden")
    )
    promise(0, advisor=advisor)
    project = make_project(team=[advisor], starts_on=date(2026, 1, 1), ends_on=THURSDAY + 30 * DAY)
    make_consultation(
        [advisor],
        project=project,
        held_on=date(2026, 11, 2),
        next_step="Vertraulich",
        next_step_on=THURSDAY - DAY,
    )
    make_case(advisor=advisor)
    make_appointment(advisor=advisor, starts_at=at(14))

    queue()

    letter = Letter.objects.get()
    assert letter.subject == "3 things are due today"
    assert "3 (2 of them overdue)" in letter.text
    assert "Appointments today: 1" in letter.text
    assert "Cases gone quiet: 1" in letter.text
    assert reverse("accounts:profile") in letter.text
    assert not any(word in letter.text for word in ("Geheim", "Vertraulich", "Stiller Laden"))
    assert letter.not_after == at(12)


def test_one_that_fails_stops_no_other(caplog):
    # No address: the outbox refuses the letter.
    promise(0, advisor=make_user(name="Anna Muster", email="a\nb@beispiel.example"))
    berta = promise(0, advisor=make_user(name="Berta Muster")).advisor

    assert queue() == 1

    assert Letter.objects.get().recipient == berta.email
    assert "No daily mail for account" in caplog.text


def test_the_task_queues_them(clock):
    clock.set(2026, 11, 26, 8)
    promise(0)

    send_daily_mails()
    send_daily_mails()

    assert Letter.objects.count() == 1
    assert mail.outbox == []
