"""Jobs lie in no project: their form asks before it changes what was accepted."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.html import escape

from best_portal.audit.models import Event
from enterprises.models import Job
from tests.factories import (
    make_confirmation,
    make_job,
    make_user,
)
from tests.reports.acceptance import DAY, FIRST, MID, accept_first_half
from tests.reports.accepted_facts.asking import AGREED, is_asked, to

pytestmark = pytest.mark.django_db


def typed(row=None, **fields):
    """A job as its form sends it."""
    row = row or Job(title="Leitung", kind="new", fte=1, since=MID)
    names = ("title", "kind", "fte", "since", "until", "confirmed_on", "confirmed_by")
    sent = {name: getattr(row, name) for name in names} | fields
    return {name: "" if value is None else str(value) for name, value in sent.items()}


def test_a_job_comes_into_an_accepted_period_only_with_a_reason(page, organisation, lock):
    address = to("job_new", organisation)

    for sent in ({}, {"all_the_same": "on"}, {"because": "Vergessen"}):
        answer = page.post(address, typed() | sent)
        assert answer.status_code == 200
        assert escape(lock.because) in answer.text
        missing = AGREED.keys() - sent.keys()
        assert answer.context["form"].errors.keys() == missing
    assert not Job.objects.exists()

    assert page.post(address, typed() | AGREED).status_code == 302
    job = Job.objects.get()
    event = Event.objects.about(job).get(verb="job.changed_once_accepted")
    assert event.details["reason"] == AGREED["because"]
    assert lock.because in event.details["periods"][0]


def test_a_job_after_it_is_not_asked_about_and_no_reason_is_kept(page, organisation, lock):
    sent = typed(since=MID + DAY) | AGREED

    assert page.post(to("job_new", organisation), sent).status_code == 302
    assert not Event.objects.filter(verb="job.changed_once_accepted").exists()


def test_a_wrong_field_is_told_of_before_anything_is_asked(page, organisation, lock):
    errors = page.post(to("job_new", organisation), typed(fte="viel")).context["form"].errors

    assert list(errors) == ["fte"]


@pytest.mark.parametrize(
    ("change", "is_one"),
    [
        ({"since": MID}, True),
        ({"since": MID + 2 * DAY}, True),
        ({"kind": "kept"}, True),
        ({"fte": "0.5"}, True),
        ({"until": MID - DAY}, True),
        ({"until": MID}, False),
        ({"until": MID + DAY}, False),
        ({"title": "Geschäftsführung"}, False),
        ({"confirmed_on": "", "confirmed_by": ""}, True),
        ({"confirmed_on": MID + DAY}, False),
    ],
)
def test_what_of_a_job_is_asked_about(page, organisation, lock, change, is_one):
    job = make_job(
        organisation=organisation, since=FIRST, confirmed_on=MID, confirmed_by="Mira Muster"
    )

    answer = page.post(to("job_edit", organisation, job), typed(job, **change))

    assert is_asked(answer) == is_one
    assert answer.status_code == (200 if is_one else 302)


def test_a_job_is_confirmed_late_without_a_question(page, organisation, lock):
    by_hand, by_link = (make_job(organisation=organisation, since=FIRST) for _each in range(2))
    sent = typed(by_hand, confirmed_on=MID + DAY, confirmed_by="Mira Muster")

    assert page.post(to("job_edit", organisation, by_hand), sent).status_code == 302
    make_confirmation(organisation=organisation, job=by_link).answer("yes")

    assert Job.objects.confirmed().count() == 2


def test_a_job_that_was_counted_is_deleted_only_with_a_reason(page, organisation, lock):
    job = make_job(
        organisation=organisation, since=FIRST, confirmed_on=MID, confirmed_by="Mira Muster"
    )
    address = to("job_drop", organisation, job)

    with pytest.raises(ValidationError):
        job.withdraw(by=make_user())
    refused = page.post(reverse("bin:put", args=["job", job.pk]), follow=True)
    assert refused.context["messages"]
    assert address in page.get(to("job_edit", organisation, job)).text
    assert escape(lock.because) in page.get(address).text
    assert is_asked(page.post(address, {"because": "Doppelt"}))
    assert Job.objects.valid().exists()

    assert page.post(address, AGREED).status_code == 302
    assert not Job.objects.valid().exists()
    event = Event.objects.about(job).get(verb="job.withdrawn_once_accepted")
    assert event.details["reason"] == AGREED["because"]
    assert page.get(address).status_code == 404


def test_a_job_that_no_report_counted_is_deleted_as_ever(page, organisation, lock):
    job = make_job(organisation=organisation, since=FIRST)

    assert (
        reverse("bin:put", args=["job", job.pk]) in page.get(to("job_edit", organisation, job)).text
    )
    page.post(reverse("bin:put", args=["job", job.pk]))
    assert not Job.objects.valid().exists()


def test_a_job_deleted_before_comes_back_into_no_accepted_period(grant, organisation, page):
    jobs = [
        make_job(organisation=organisation, since=day, confirmed_on=day, confirmed_by="Mira Muster")
        for day in (MID, MID + DAY)
    ]
    for job in jobs:
        job.withdraw(by=make_user())
    accept_first_half(grant)

    with pytest.raises(ValidationError, match="ohne diese Angabe"):
        jobs[0].restore(by=make_user())
    jobs[1].restore(by=make_user())
    assert [job.pk for job in Job.objects.valid()] == [jobs[1].pk]


def test_a_job_may_end_on_the_last_day_there_is(page, organisation):
    job = make_job(organisation=organisation, since=MID)
    address = to("job_edit", organisation, job)

    for until in (date.max, None):
        assert page.post(address, typed(job, until=until)).status_code in (200, 302)
