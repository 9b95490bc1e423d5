"""Deleting with a way back: what it counts for, who takes it out again, and when it is gone."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.bin.models import KEPT, nouns, purge_all
from best_portal.bin.tasks import empty_bin
from consultations.models import Consultation, SupportCase
from enterprises.models import (
    Criterion,
    IncomeMix,
    Involvement,
    Job,
    JobKind,
    Membership,
    Organisation,
    Person,
)
from enterprises.timeline import Timeline
from reports import figures
from reports.scope import Scope
from tests.factories import (
    YEAR,
    make_case,
    make_consultation,
    make_document,
    make_enterprise,
    make_founder,
    make_grant,
    make_innovation,
    make_organisation,
    make_person,
    make_project,
    make_released,
    make_report,
    make_size,
    make_user,
    make_visit,
)

pytestmark = pytest.mark.django_db

DAY = date(2024, 5, 2)
LONG_AGO = timedelta(days=31)


@pytest.fixture
def organisation():
    return make_organisation(name="Kiezküche Beispiel")


@pytest.fixture
def advisor():
    return make_user(name="Ada Muster")


def make_job(organisation, **fields):
    values = {"title": "Leitung", "kind": JobKind.NEW, "fte": 1, "since": DAY} | fields
    return organisation.jobs.create(**values)


def assess(organisation):
    return organisation.assessments.create(
        criterion=Criterion.COMMUNITY, is_met=True, assessed_on=DAY, evidence="Satzung"
    )


def involve(organisation):
    return organisation.involvements.create(person=make_person(), since=DAY)


def earn(organisation):
    return organisation.income_mixes.create(year=2023, note="Jahresabschluss")


def let_join(organisation):
    return organisation.memberships.create(member=make_organisation(), since=DAY)


def bring(organisation):
    return make_document(organisation, is_shared=True)


def call_on(organisation):
    return make_visit(organisation=organisation)


FACTS = [make_job, assess, involve, earn, let_join]


def age(row):
    """Let it have been deleted a month ago."""
    type(row)._base_manager.filter(pk=row.pk).update(withdrawn_at=timezone.now() - LONG_AGO)


def put(client, row, **options):
    return client.post(f"/papierkorb/{row.bin_name}/{row.pk}/loeschen/", **options)


def take_out(client, row, **options):
    return client.post(f"/papierkorb/{row.bin_name}/{row.pk}/zurueckholen/", **options)


# --- the nouns ---


def test_these_nouns_can_be_deleted():
    assert {"consultation", "criterionassessment", "incomemix", "involvement", "job"} | {
        "membership",
        "supportcase",
        "document",
        "visit",
    } <= set(nouns())


def test_of_every_noun_nobody_deletes_what_is_not_deleted():
    for model in nouns().values():
        names = [constraint.name for constraint in model._meta.constraints]
        assert f"{model._meta.label_lower.replace('.', '_')}_deleted_by_somebody" in names


@pytest.mark.parametrize(
    ("constraint", "make"),
    [
        ("enterprises_job_deleted_by_somebody", make_job),
        ("enterprises_criterionassessment_deleted_by_somebody", assess),
        ("enterprises_involvement_deleted_by_somebody", involve),
        ("enterprises_incomemix_deleted_by_somebody", earn),
        ("enterprises_membership_deleted_by_somebody", let_join),
        ("enterprises_sizedeclaration_deleted_by_somebody", make_size),
        ("enterprises_innovation_deleted_by_somebody", make_innovation),
        (
            "consultations_consultation_deleted_by_somebody",
            lambda organisation: make_consultation(organisation=organisation),
        ),
        (
            "consultations_supportcase_deleted_by_somebody",
            lambda organisation: make_case(organisation=organisation),
        ),
        ("enterprises_document_deleted_by_somebody", bring),
        ("consultations_visit_deleted_by_somebody", call_on),
    ],
)
def test_who_deleted_stands_with_when(organisation, advisor, constraint, make):
    row = make(organisation)

    with pytest.raises(IntegrityError, match=constraint):
        type(row).objects.filter(pk=row.pk).update(withdrawn_by=advisor)


# --- deleting and bringing back ---


@pytest.mark.parametrize("make", FACTS)
def test_a_fact_is_deleted_and_undone_on_the_next_page(sign_in, organisation, advisor, make):
    row, client = make(organisation), sign_in(advisor)

    html = put(client, row, follow=True).content.decode()
    row.refresh_from_db()

    assert row.withdrawn_by == advisor
    assert f'formaction="/papierkorb/{row.bin_name}/{row.pk}/zurueckholen/"' in html
    response = take_out(client, row)
    row.refresh_from_db()
    assert (row.withdrawn_at, row.withdrawn_by) == (None, None)
    assert response.headers["Location"] == organisation.get_absolute_url()
    verbs = [event.verb for event in Event.objects.about(row).order_by("pk")]
    assert verbs == [f"{row.bin_name}.withdrawn", f"{row.bin_name}.restored"]


@pytest.mark.parametrize("make", FACTS)
def test_a_deleted_fact_leaves_its_place_to_another_and_then_stays_deleted(
    organisation, advisor, make
):
    first = make(organisation)
    first.withdraw(by=advisor)
    kept = {
        field.name: getattr(first, field.name)
        for field in first._meta.concrete_fields
        if field.name not in ("id", "withdrawn_at", "withdrawn_by")
    }
    type(first).objects.create(**kept)

    if any(isinstance(each, models.UniqueConstraint) for each in first._meta.constraints):
        with pytest.raises(ValidationError):
            first.restore(by=advisor)
    else:
        first.restore(by=advisor)


def test_deleting_twice_and_restoring_what_is_there_are_refused(organisation, advisor):
    job = make_job(organisation)

    with pytest.raises(ValidationError):
        job.restore(by=advisor)
    job.withdraw(by=advisor)
    with pytest.raises(ValidationError):
        job.withdraw(by=advisor)


def test_a_deleted_fact_cannot_be_changed(sign_in, organisation, advisor):
    job = make_job(organisation)
    job.withdraw(by=advisor)

    page = sign_in(advisor).get(f"/betriebe/{organisation.pk}/arbeitsplaetze/{job.pk}/")

    assert page.status_code == 404


def test_the_form_of_a_fact_offers_to_delete_it_and_that_of_a_new_one_does_not(
    sign_in, organisation, advisor
):
    job, client = make_job(organisation), sign_in(advisor)
    folder = f"/betriebe/{organisation.pk}/arbeitsplaetze/"

    assert (
        f"/papierkorb/job/{job.pk}/loeschen/" in client.get(f"{folder}{job.pk}/").content.decode()
    )
    assert "/loeschen/" not in client.get(f"{folder}neu/").content.decode()


def test_a_case_opened_by_mistake_lets_the_right_one_be_opened(advisor):
    case = make_case(project=make_project(team=[advisor]), advisor=advisor)

    case.withdraw(by=advisor)
    make_case(project=case.project, organisation=case.organisation, advisor=advisor)

    with pytest.raises(ValidationError):
        case.restore(by=advisor)


# --- who ---


def test_another_team_neither_sees_it_nor_takes_it_out(sign_in, organisation, advisor):
    make_project(team=[advisor, colleague := make_user()])
    stranger, manager = make_user(), make_user(Role.MANAGER)
    job = make_job(organisation, title="Kanarienvogel")
    job.withdraw(by=advisor)

    seen = {
        user: "Kanarienvogel" in sign_in(user).get("/papierkorb/").content.decode()
        for user in (advisor, colleague, stranger, manager)
    }

    assert seen == {advisor: True, colleague: True, stranger: False, manager: True}
    assert take_out(sign_in(stranger), job).status_code == 404
    assert take_out(sign_in(colleague), job).status_code == 302


@pytest.mark.parametrize("role", [Role.FOUNDER, Role.FUNDER, Role.EVALUATOR])
def test_others_delete_nothing(sign_in, organisation, role):
    job, client = make_job(organisation), sign_in(make_user(role))

    assert put(client, job).status_code == 403
    assert client.get("/papierkorb/").status_code == 403


def test_an_advisor_deletes_no_case_of_another_team(sign_in, advisor):
    assert put(sign_in(advisor), make_case()).status_code == 404


@pytest.mark.parametrize("noun", ["user", "event", "nothing"])
def test_only_what_may_be_deleted_is(sign_in, advisor, noun):
    client = sign_in(advisor)

    assert client.post(f"/papierkorb/{noun}/{advisor.pk}/loeschen/").status_code == 404
    assert client.post(f"/papierkorb/{noun}/{advisor.pk}/zurueckholen/").status_code == 404


# --- what is deleted counts nowhere ---


def test_what_is_deleted_stands_in_no_case_file_no_timeline_and_no_file(
    sign_in, organisation, advisor
):
    rows = [make(organisation) for make in FACTS]
    rows.append(make_case(organisation=organisation, advisor=advisor))
    rows.append(make_consultation([advisor], organisation=organisation))
    for row in rows:
        row.withdraw(by=advisor)
    client = sign_in(advisor)

    context = client.get(organisation.get_absolute_url()).context
    file = b"".join(client.get(f"{organisation.get_absolute_url()}verlauf.csv")).decode()

    assert list(Timeline(organisation, advisor).all()) == []
    assert file.count("\r\n") == 1
    for name in ("income_mixes", "jobs", "involvements", "memberships", "cases", "entries"):
        assert list(context[name]) == [], name
    assert context["full_time"] == 0
    assert context["totals"] == {"count": 0, "minutes": 0}
    assert all(criterion["all"] == [] for criterion in context["criteria"])


def test_what_is_deleted_counts_in_no_report():
    grant = make_grant()
    body = make_enterprise(founded_on=date(YEAR, 1, 1))
    make_consultation(project=grant.project, organisation=body, held_on=date(YEAR, 1, 2))
    job = make_job(
        body, since=date(YEAR, 2, 1), confirmed_on=date(YEAR, 3, 1), confirmed_by="Leitung"
    )
    deleted = make_consultation(project=grant.project, organisation=body, held_on=date(YEAR, 1, 3))

    def count():
        scope = Scope.of(grant, grant.starts_on, grant.ends_on)
        rules = (figures.RULES["new_jobs"], figures.RULES["consultations"])
        return [rule(scope).value for rule in rules]

    before = count()
    job.withdraw(by=None)
    deleted.withdraw(by=None)

    assert (before, count()) == ([1, 2], [0, 1])


def test_a_deleted_part_opens_no_door(sign_in, organisation):
    founder = make_founder(organisation)
    client = sign_in(founder)
    assert client.get(organisation.get_absolute_url()).status_code == 200

    Involvement.objects.get().withdraw(by=None)

    assert client.get(organisation.get_absolute_url()).status_code == 404
    assert not Organisation.objects.visible_to(founder).exists()
    assert not Person.objects.part_of(organisation).exists()


def test_a_deleted_assessment_decides_nothing(organisation):
    assess(organisation).withdraw(by=None)

    assert not organisation.assessments.valid().as_of(DAY).exists()


def test_a_deleted_case_takes_no_session(organisation, advisor):
    case = make_case(organisation=organisation, advisor=advisor)
    case.withdraw(by=advisor)

    found = SupportCase.objects.visible_to(advisor)

    assert found.running_for(organisation, case.project, timezone.localdate()) is None
    with pytest.raises(ValidationError):
        case.close(on=timezone.localdate(), outcome="fertig", by=advisor)


# --- after thirty days ---


@pytest.mark.parametrize("make", FACTS)
def test_after_thirty_days_a_fact_is_gone_and_the_log_says_so(sign_in, organisation, advisor, make):
    row, kept, there = make(organisation), make_job(organisation), make_job(organisation)
    row.withdraw(by=advisor)
    kept.withdraw(by=advisor)
    age(row)

    assert take_out(sign_in(advisor), row).status_code == 404
    with pytest.raises(ValidationError):
        row.restore(by=advisor)
    empty_bin()

    assert not type(row).objects.filter(pk=row.pk).exists()
    assert set(Job.objects.filter(pk__in=[kept.pk, there.pk])) == {kept, there}
    assert Event.objects.filter(verb=f"{row.bin_name}.purged", actor=None).count() == 1
    assert purge_all() == 0


def test_a_consultation_and_a_case_lose_their_texts_and_stay(organisation, advisor):
    case = make_case(organisation=organisation, advisor=advisor, goal="Gründung")
    case.close(on=timezone.localdate(), outcome="gegründet", by=advisor)
    consultation = make_consultation(
        [advisor],
        organisation=organisation,
        case=case,
        project=case.project,
        internal_note="vertraulich",
        result="Ergebnis",
        next_step="anrufen",
        next_step_on=DAY,
    )
    for row in (case, consultation):
        row.withdraw(by=advisor)
        age(row)

    assert purge_all() == 2

    consultation, case = Consultation.objects.get(), SupportCase.objects.get()
    texts = (consultation.internal_note, consultation.result, consultation.next_step, case.goal)
    assert not any(texts)
    assert consultation.minutes
    assert purge_all() == 0


def test_what_a_released_report_may_have_counted_keeps_its_texts():
    grant = make_grant()
    make_released(report=make_report(grant=grant))
    counted, other = (
        make_consultation(project=project, held_on=date(YEAR, 3, 1), result="Ergebnis")
        for project in (grant.project, make_project())
    )
    for row in (counted, other):
        row.withdraw(by=None)
        age(row)

    assert purge_all() == 1

    assert list(Consultation.objects.exclude(result="")) == [counted]


# --- the page ---


def test_what_was_deleted_last_stands_first_and_tells_until_when(sign_in, organisation, advisor):
    first, second = earn(organisation), make_job(organisation)
    for row in (first, second):
        row.withdraw(by=advisor)
    IncomeMix.objects.update(withdrawn_at=timezone.now() - timedelta(hours=1))

    response = sign_in(advisor).get("/papierkorb/")

    assert list(response.context["page"]) == [second, first]
    until = timezone.localdate(second.withdrawn_at + KEPT)
    assert f"{until:%d.%m.%Y}" in response.content.decode()


def test_an_empty_bin_says_so(sign_in, advisor):
    assert "Der Papierkorb ist leer" in sign_in(advisor).get("/papierkorb/").content.decode()


@pytest.mark.parametrize("rows", [1, 20])
def test_the_page_costs_the_same_however_full(
    sign_in, organisation, advisor, rows, django_assert_max_num_queries
):
    for _turn in range(rows):
        for make in (make_job, involve, let_join):
            make(organisation).withdraw(by=advisor)
        make_case(organisation=organisation, advisor=advisor).withdraw(by=advisor)
        make_consultation([advisor], organisation=organisation).withdraw(by=advisor)
    client = sign_in(advisor)

    with django_assert_max_num_queries(16):
        page = client.get("/papierkorb/").context["page"]

    assert page.paginator.count == 5 * rows
    assert Membership.objects.in_bin().count() == rows


# --- papers and visits ---


@pytest.mark.parametrize("make", [bring, call_on], ids=["paper", "visit"])
def test_papers_and_visits_lie_in_the_one_bin(sign_in, organisation, make):
    row, client = make(organisation), sign_in(make_user(Role.MANAGER, name="Eva Leitung"))

    html = put(client, row, follow=True).text
    assert "30 Tage" in html
    listed = client.get("/papierkorb/").text
    assert str(row) in listed
    assert "Eva Leitung" in listed
    take_out(client, row)
    row.refresh_from_db()
    assert row.withdrawn_at is None
    client.get("/papierkorb/")
    assert str(row) not in client.get("/papierkorb/").text


@pytest.mark.parametrize("make", [bring, call_on], ids=["paper", "visit"])
def test_after_thirty_days_a_paper_or_visit_is_gone(organisation, advisor, make):
    row = make(organisation)
    row.withdraw(by=advisor)
    age(row)

    with pytest.raises(ValidationError):
        row.restore(by=advisor)
    assert purge_all() == 1
    assert not type(row)._base_manager.filter(pk=row.pk).exists()


def test_another_teams_visit_is_not_in_an_advisors_bin(sign_in, organisation, advisor):
    visit = call_on(organisation)
    visit.withdraw(by=visit.advisor)

    client = sign_in(advisor)

    assert str(visit) not in client.get("/papierkorb/").text
    assert take_out(client, visit).status_code == 404


def test_a_paper_its_founder_removed_lies_in_the_staffs_bin_and_not_in_the_founders(
    sign_in, organisation, advisor
):
    founder = make_founder(organisation)
    paper = make_document(organisation, founder)
    paper.withdraw(by=founder)

    assert paper.title in sign_in(advisor).get("/papierkorb/").text
    assert sign_in(founder).get("/papierkorb/").status_code == 403


def test_a_restored_visit_bars_contact_again(organisation, advisor):
    visit = make_visit(organisation=organisation, do_not_contact=True)
    visit.withdraw(by=advisor)
    assert not organisation.visits.barring().exists()

    visit.restore(by=advisor)

    assert organisation.visits.barring().exists()
