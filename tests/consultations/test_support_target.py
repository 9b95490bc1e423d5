"""Whom a case supports: person or enterprise, asked for each new case, never both at one time."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.urls import reverse

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from consultations.models import SupportCase, SupportTarget
from tests.factories import (
    YEAR,
    make_case,
    make_enterprise,
    make_organisation,
    make_project,
    make_user,
)

pytestmark = pytest.mark.django_db

DAY = date(YEAR, 6, 3)
UNSETTLED = reverse("consultations:cases_without_target")


def open_case(organisation=None, **fields):
    advisor = make_user()
    fields.setdefault("project", make_project(team=[advisor]))
    fields.setdefault("support_target", SupportTarget.PERSON)
    return SupportCase.objects.open_for(
        organisation or make_enterprise(), by=advisor, advisor=advisor, on=DAY, **fields
    )


@pytest.mark.parametrize("target", ["", None, "both"])
def test_a_new_case_is_refused_without_a_target(target):
    with pytest.raises(ValidationError, match=r"person|Person"):
        open_case(support_target=target)

    assert not SupportCase.objects.exists()


def test_an_unknown_target_is_refused_by_the_database():
    with pytest.raises(IntegrityError, match="consultations_supportcase_target_is_known"):
        make_case(support_target="both")


def test_person_and_enterprise_are_never_supported_at_one_time():
    case = make_case(closed_on=DAY, outcome="Beendet.", opened_on=DAY - timedelta(days=30))

    with pytest.raises(IntegrityError, match="consultations_supportcase_one_target_at_a_time"):
        make_case(
            project=case.project,
            organisation=case.organisation,
            opened_on=DAY,
            support_target=SupportTarget.ENTERPRISE,
        )


def test_the_verb_says_why_the_other_target_is_refused():
    enterprise, project = make_enterprise(), make_project()
    make_case(project=project, organisation=enterprise, closed_on=DAY, outcome="Beendet.")

    with pytest.raises(ValidationError, match=r"."):
        open_case(enterprise, project=project, support_target=SupportTarget.ENTERPRISE)


def test_the_next_day_and_another_project_may_have_the_other_target():
    enterprise, project = make_enterprise(), make_project()
    day_before = DAY - timedelta(days=1)
    make_case(project=project, organisation=enterprise, closed_on=day_before, outcome="Beendet.")

    open_case(enterprise, project=project, support_target=SupportTarget.ENTERPRISE)
    open_case(enterprise, support_target=SupportTarget.PERSON)

    assert enterprise.cases.count() == 3


def test_a_case_from_before_the_question_stands_in_nobodys_way():
    case = make_case(support_target="", closed_on=DAY, outcome="Beendet.")

    open_case(case.organisation, project=case.project)

    assert SupportCase.objects.without_target().get() == case


@pytest.mark.parametrize(
    "organisation",
    [make_organisation, lambda: make_enterprise(founded_on=DAY + timedelta(days=1))],
)
def test_before_the_founding_only_the_person_is_supported(organisation):
    with pytest.raises(ValidationError, match=r"."):
        open_case(organisation(), support_target=SupportTarget.ENTERPRISE)

    assert open_case(organisation()).support_target == SupportTarget.PERSON


def test_on_the_day_of_founding_there_is_an_enterprise():
    case = open_case(make_enterprise(founded_on=DAY), support_target=SupportTarget.ENTERPRISE)

    assert case.support_target == SupportTarget.ENTERPRISE


def test_a_target_is_settled_and_corrected_on_record():
    manager = make_user(Role.MANAGER)
    case = make_case(support_target="", organisation=make_enterprise())

    case.aim_at(SupportTarget.PERSON, by=manager)
    case.aim_at(SupportTarget.ENTERPRISE, by=manager)
    case.aim_at(SupportTarget.ENTERPRISE, by=manager)

    case.refresh_from_db()
    assert case.support_target == SupportTarget.ENTERPRISE
    aims = [event.details for event in Event.objects.about(case).order_by("pk")]
    assert aims == [
        {"before": "", "target": "person"},
        {"before": "person", "target": "enterprise"},
    ]


# --- the pages ---


def test_an_advisor_opens_a_case_and_says_whom_it_supports(sign_in):
    advisor, enterprise = make_user(), make_enterprise()
    project = make_project(team=[advisor])
    address = reverse("consultations:case_new", args=[enterprise.pk])
    answers = {"project": project.pk, "advisor": advisor.pk, "opened_on": DAY.isoformat()}
    client = sign_in(advisor)

    refused = client.post(address, answers)
    client.post(address, answers | {"support_target": "enterprise"})

    assert "support_target" in refused.context["form"].errors
    assert enterprise.cases.get().support_target == SupportTarget.ENTERPRISE


def test_a_refusal_keeps_what_was_chosen(sign_in):
    advisor, initiative = make_user(), make_organisation()
    project = make_project(team=[advisor])

    page = sign_in(advisor).post(
        reverse("consultations:case_new", args=[initiative.pk]),
        {
            "project": project.pk,
            "advisor": advisor.pk,
            "opened_on": DAY.isoformat(),
            "support_target": "enterprise",
            "goal": "Musterziel",
        },
    )

    assert page.context["form"].non_field_errors()
    assert "Musterziel" in page.content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_the_manager_is_shown_what_is_not_settled(sign_in, rows, django_assert_num_queries):
    unsettled = {make_case(support_target="") for _each in range(rows)}
    make_case()
    client = sign_in(make_user(Role.MANAGER))
    client.get(UNSETTLED)

    with django_assert_num_queries(5):
        page = client.get(UNSETTLED)

    assert set(page.context["page"]) == unsettled


def test_an_advisor_settles_the_cases_of_their_projects_only(sign_in):
    advisor = make_user()
    own = make_case(support_target="", project=make_project(team=[advisor]))
    foreign = make_case(support_target="")
    client = sign_in(advisor)

    def answer(case):
        address = reverse("consultations:case_target", args=[case.pk])
        return client.post(address, {"support_target": "person"}).status_code

    assert list(client.get(UNSETTLED).context["page"]) == [own]
    assert (answer(own), answer(foreign)) == (302, 404)
    own.refresh_from_db()
    assert own.support_target == SupportTarget.PERSON
