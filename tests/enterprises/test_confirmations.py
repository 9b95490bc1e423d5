"""Founders confirm jobs and foundings: asked once, answered by one tap, never by a mail scanner."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.outbox.models import Letter, LetterStatus
from enterprises.models import Confirmation, ConfirmationRule, ConfirmationStatus, Reply
from enterprises.models.confirmation_rule import months_before
from enterprises.tasks import ask_for_confirmations
from tests.factories import (
    make_confirmation,
    make_enterprise,
    make_founder,
    make_job,
    make_organisation,
    make_person,
    make_user,
    make_visit,
)

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 26)


@pytest.fixture
def advisor():
    return make_user(Role.ADVISOR)


@pytest.fixture
def today(monkeypatch):
    """So that six months before is the same day whenever this runs."""
    rule = ConfirmationRule.objects.get()
    ConfirmationRule.objects.filter(pk=rule.pk).update(starts_on=date(2020, 1, 1))
    return timezone.localdate()


def employer(**fields):
    organisation = make_organisation(**fields)
    return organisation, make_founder(organisation, name="Mira Muster").person


def broken(name, **fields):
    with pytest.raises(IntegrityError, match=name):
        make_confirmation(**fields)


# --- what the database refuses ---


def test_the_status_is_one_of_ours():
    broken("enterprises_confirmation_status_is_known", status="perhaps")


def test_it_is_about_a_job_or_the_founding():
    broken("enterprises_confirmation_about_a_job_or_the_founding", about="job", job=None)


def test_the_founding_has_no_job():
    broken("enterprises_confirmation_about_a_job_or_the_founding", about="founding")


ANSWER = {"answered_at": timezone.now(), "answered_by": "Mira Muster"}


def test_different_without_words():
    broken("enterprises_confirmation_different_has_words", status="different", **ANSWER)


def test_words_without_different():
    broken(
        "enterprises_confirmation_different_has_words", status="confirmed", words="Nein", **ANSWER
    )


@pytest.mark.parametrize("lacks", ANSWER)
def test_an_answer_has_its_time_and_who_gave_it(lacks):
    fields = {name: value for name, value in ANSWER.items() if name != lacks}
    broken("enterprises_confirmation_answered_by_somebody", status="confirmed", **fields)


def test_nobody_answered_what_is_open():
    broken("enterprises_confirmation_answered_by_somebody", **ANSWER)


def test_later_has_its_day():
    broken("enterprises_confirmation_later_has_its_day", status="later")


def test_only_later_has_a_day():
    broken("enterprises_confirmation_later_has_its_day", ask_again_on=TODAY)


def test_only_another_answer_is_settled(advisor):
    broken(
        "enterprises_confirmation_settled_where_different",
        settled_at=timezone.now(),
        settled_by=advisor,
    )


def test_a_job_is_asked_about_once_after_so_many_months():
    job = make_job()
    make_confirmation(job=job, months=6, status="expired")

    broken("enterprises_confirmation_once_per_job_and_time", job=job, months=6, status="revoked")


def test_a_founding_is_asked_about_once_after_so_many_months():
    founding = {"organisation": make_enterprise(), "about": "founding", "job": None, "months": 6}
    make_confirmation(status="expired", **founding)

    broken("enterprises_confirmation_once_per_founding_and_time", status="revoked", **founding)


def test_nothing_is_asked_twice_at_a_time():
    founding = {"organisation": make_enterprise(), "about": "founding", "job": None}
    make_confirmation(**founding)

    broken("enterprises_confirmation_asked_once_at_a_time", **founding)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("enterprises_confirmationrule_one_per_day", {"starts_on": date(2026, 1, 1)}),
        ("enterprises_confirmationrule_months_are_plausible", {"months": [6, 61]}),
        ("enterprises_confirmationrule_days_are_plausible", {"open_days": 0}),
        ("enterprises_confirmationrule_days_are_plausible", {"again_days": 366}),
        ("enterprises_confirmationrule_times_are_plausible", {"times": 6}),
    ],
)
def test_a_rule_is_plausible(name, fields):
    rule = {"starts_on": TODAY, "months": [6], "open_days": 30, "again_days": 14, "times": 2}
    with pytest.raises(IntegrityError, match=name):
        ConfirmationRule.objects.create(**rule | fields)


# --- asking ---


def test_who_is_asked_gets_one_mail_that_says_nothing_of_the_job(advisor):
    organisation, person = employer(name="Nähstube Muster")
    job = make_job(organisation=organisation, title="Näherin")

    asked = Confirmation.objects.ask(by=advisor, organisation=organisation, person=person, job=job)

    letter = Letter.objects.get()
    assert letter.recipient == person.email
    assert asked.link in letter.text
    assert "Näherin" not in letter.text + letter.subject
    assert "Nähstube" not in letter.text + letter.subject
    assert letter.not_after == asked.expires_at
    assert asked.token not in str(Event.objects.values_list("details", flat=True))


def test_without_an_address_nobody_is_asked(advisor):
    organisation = make_organisation()
    with pytest.raises(ValidationError, match="keine E-Mail-Adresse"):
        Confirmation.objects.ask(
            by=advisor,
            organisation=organisation,
            person=make_person(),
            job=make_job(organisation=organisation),
        )


def test_who_is_not_to_be_contacted_is_not_asked(advisor):
    organisation, person = employer()
    make_visit(organisation=organisation, do_not_contact=True)
    with pytest.raises(ValidationError, match="nicht wieder angesprochen"):
        Confirmation.objects.ask(
            by=advisor,
            organisation=organisation,
            person=person,
            job=make_job(organisation=organisation),
        )


def test_a_founding_that_is_not_recorded_cannot_be_confirmed(advisor):
    organisation, person = employer()
    with pytest.raises(ValidationError, match="erst die Gründung"):
        Confirmation.objects.ask(by=advisor, organisation=organisation, person=person)


# --- the link ---


def test_only_a_button_acts(client):
    asked = make_confirmation()
    address = reverse("enterprises:confirmation_link", args=[asked.token])

    for _time in range(3):
        assert client.get(address).status_code == 200
        assert client.head(address).status_code == 200
    assert client.get(f"{address}antwort/").status_code == 405

    asked.refresh_from_db()
    assert asked.status == ConfirmationStatus.OPEN
    assert asked.job.confirmed_on is None


def test_yes_confirms_the_job_with_day_and_name(client):
    asked = make_confirmation()
    address = reverse("enterprises:confirmation_answer", args=[asked.token])

    pages = [client.post(address, {"reply": "yes"}, follow=True) for _time in range(2)]

    asked.refresh_from_db()
    asked.job.refresh_from_db()
    assert asked.status == ConfirmationStatus.CONFIRMED
    assert asked.answered_by == asked.person.name
    assert asked.job.confirmed_on == timezone.localdate()
    assert asked.job.confirmed_by == asked.person.name
    assert Event.objects.filter(verb="confirmation.answered").count() == 1
    assert [page.status_code for page in pages] == [200, 200]
    assert asked.person.name in pages[0].text


def test_a_second_confirmation_leaves_the_first_day():
    asked = make_confirmation(
        job=make_job(confirmed_on=date(2026, 1, 5), confirmed_by="Erika Beispiel"), months=6
    )

    asked.answer(Reply.YES)

    asked.job.refresh_from_db()
    assert (asked.job.confirmed_on, asked.job.confirmed_by) == (date(2026, 1, 5), "Erika Beispiel")


def test_different_needs_words_and_keeps_what_was_typed(client):
    asked = make_confirmation()
    address = reverse("enterprises:confirmation_answer", args=[asked.token])

    empty = client.post(address, {"reply": "different", "words": " "})
    told = client.post(address, {"reply": "different", "words": "Nur halbe Stelle"}, follow=True)

    asked.refresh_from_db()
    assert empty.status_code == 200
    assert "Bitte schreiben Sie" in empty.text
    assert asked.status == ConfirmationStatus.DIFFERENT
    assert asked.words == "Nur halbe Stelle"
    assert "Nur halbe Stelle" in told.text
    assert asked.job.confirmed_on is None


def test_later_is_asked_again_after_the_days_of_the_rule(client):
    asked = make_confirmation()
    client.post(reverse("enterprises:confirmation_answer", args=[asked.token]), {"reply": "later"})

    asked.refresh_from_db()
    assert asked.status == ConfirmationStatus.LATER
    assert asked.ask_again_on == timezone.localdate() + timedelta(days=14)
    asked.answer(Reply.YES)
    assert asked.is_confirmed


def test_a_revoked_link_opens_nothing_and_its_letter_stays(client, advisor):
    organisation, person = employer()
    asked = Confirmation.objects.ask(
        by=advisor,
        organisation=organisation,
        person=person,
        job=make_job(organisation=organisation),
    )
    asked.revoke(by=advisor)

    address = reverse("enterprises:confirmation_link", args=[asked.token])
    assert client.get(address).status_code == 404
    assert client.post(f"{address}antwort/", {"reply": "yes"}).status_code == 404
    assert Letter.objects.get().status == LetterStatus.WITHDRAWN


def test_a_link_runs_out(client):
    asked = make_confirmation(expires_at=timezone.now() - timedelta(seconds=1))

    page = client.get(reverse("enterprises:confirmation_link", args=[asked.token]))

    assert page.status_code == 404
    with pytest.raises(ValidationError):
        asked.answer(Reply.YES)


# --- the sweep ---


def test_jobs_and_foundings_are_asked_about_after_6_and_12_months_once_each(today):
    founded = months_before(today, 7)
    organisation, person = employer(kind="social_enterprise", founded_on=founded)
    organisation.stages.create(stage="build_up", since=founded)
    old = make_job(organisation=organisation, since=months_before(today, 13))
    make_job(organisation=organisation, since=months_before(today, 6) + timedelta(days=1))

    for _time in range(2):
        ask_for_confirmations()

    assert set(Confirmation.objects.values_list("about", "job", "months", "person")) == {
        ("job", old.pk, 12, person.pk),
        ("founding", None, 6, person.pk),
    }
    assert Letter.objects.count() == 2


def test_whose_job_is_over_or_who_gave_up_is_not_asked(today):
    since = months_before(today, 6)
    ended, _person = employer()
    make_job(organisation=ended, since=since, until=today - timedelta(days=1))
    given_up, _person = employer(stage="given_up")
    make_job(organisation=given_up, since=since)
    make_job(since=since).withdraw(by=make_user())
    unreachable = make_organisation()
    make_job(organisation=unreachable, since=since)

    ask_for_confirmations()

    assert not Confirmation.objects.exists()


def test_what_was_due_before_the_rule_is_not_asked():
    organisation, _person = employer()
    start = ConfirmationRule.objects.get().starts_on
    make_job(organisation=organisation, since=months_before(start, 12) - timedelta(days=1))

    Confirmation.objects.ask_due(start)

    assert not Confirmation.objects.exists()


def test_who_does_not_answer_is_asked_once_more_and_then_no_longer():
    asked = make_confirmation(expires_at=timezone.now() - timedelta(days=1))

    ask_for_confirmations()
    ask_for_confirmations()
    asked.refresh_from_db()
    assert (asked.status, asked.times) == (ConfirmationStatus.OPEN, 2)
    assert asked.expires_at > timezone.now()
    assert Letter.objects.count() == 1

    Confirmation.objects.update(expires_at=timezone.now() - timedelta(days=1))
    ask_for_confirmations()
    asked.refresh_from_db()
    assert asked.status == ConfirmationStatus.EXPIRED
    assert Letter.objects.count() == 1


def test_about_a_deleted_job_nobody_is_asked_again(advisor):
    asked = make_confirmation(expires_at=timezone.now() - timedelta(days=1))
    asked.job.withdraw(by=advisor)

    ask_for_confirmations()

    asked.refresh_from_db()
    assert asked.status == ConfirmationStatus.REVOKED
    assert not Letter.objects.exists()


# --- the case file ---


def test_the_advisor_sees_who_said_what_and_looks_after_it(sign_in, advisor):
    asked = make_confirmation()
    asked.answer(Reply.DIFFERENT, words="Endete im März")
    client = sign_in(advisor)

    page = client.get(asked.organisation.get_absolute_url())
    client.post(reverse("enterprises:confirmation_settle", args=[asked.pk]))

    assert "Endete im März" in page.text
    assert asked.person.name in page.text
    asked.refresh_from_db()
    assert asked.settled_by == advisor
    with pytest.raises(ValidationError):
        asked.settle(by=advisor)


def test_the_page_of_asking_names_jobs_and_people_with_an_address(sign_in, advisor):
    organisation, person = employer(name="Muster-Werkstatt")
    job = make_job(organisation=organisation, title="Tischlerin")
    client = sign_in(advisor)
    address = reverse("enterprises:confirmation_ask", args=[organisation.pk])

    assert "Tischlerin" in client.get(address).text
    client.post(address, {"about": f"job-{job.pk}", "person": person.pk})

    asked = Confirmation.objects.get()
    assert (asked.job, asked.person, asked.asked_by) == (job, person, advisor)


def test_the_management_settles_a_rule_from_a_day_on(sign_in):
    manager = make_user(Role.MANAGER)
    sign_in(manager).post(
        reverse("enterprises:confirmation_rules"),
        {
            "starts_on": "2027-01-01",
            "months": "3, 9",
            "open_days": "20",
            "again_days": "7",
            "times": "1",
        },
    )

    rule = ConfirmationRule.objects.on(date(2027, 5, 1))
    assert (rule.months, rule.times, rule.set_by) == ([3, 9], 1, manager)
    assert ConfirmationRule.objects.on(date(2026, 12, 31)).times == 2
