"""What must never be true of organisations, facts and people, broken by name."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import IntegrityError

from enterprises.models import (
    Criterion,
    CriterionAssessment,
    IncomeMix,
    Involvement,
    InvolvementRole,
    Job,
    JobKind,
    Membership,
    OrganisationKind,
    Stage,
    StageChange,
    UnpaidWorkRate,
)
from tests.factories import make_enterprise, make_organisation, make_person

pytestmark = pytest.mark.django_db

DAY, BEFORE = date(2024, 5, 2), date(2024, 5, 1)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("enterprises_organisation_kind_is_known", {"kind": "club"}),
        ("enterprises_organisation_stage_is_known", {"stage": "dream"}),
        ("enterprises_organisation_has_a_name", {"name": ""}),
        (
            "enterprises_organisation_enterprise_is_founded",
            {"kind": OrganisationKind.SOCIAL_ENTERPRISE},
        ),
        ("enterprises_organisation_initiative_is_not_founded", {"founded_on": DAY}),
    ],
)
def test_an_organisation_is_refused(constraint, fields):
    with pytest.raises(IntegrityError, match=constraint):
        make_organisation(**fields)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("enterprises_stagechange_stage_is_known", {"stage": "dream"}),
        ("enterprises_stagechange_giving_up_has_a_reason", {"stage": Stage.GIVEN_UP}),
    ],
)
def test_a_change_of_stage_is_refused(constraint, fields):
    with pytest.raises(IntegrityError, match=constraint):
        StageChange.objects.create(organisation=make_organisation(), since=DAY, **fields)


def assess(organisation, **fields):
    values = {"criterion": Criterion.COMMUNITY, "is_met": True, "assessed_on": DAY}
    values |= {"evidence": "Satzung"} | fields
    return CriterionAssessment.objects.create(organisation=organisation, **values)


def test_a_criterion_is_assessed_once_a_day():
    organisation = make_organisation()
    assess(organisation)

    with pytest.raises(IntegrityError, match="enterprises_criterionassessment_once_a_day"):
        assess(organisation)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("enterprises_criterionassessment_criterion_is_known", {"criterion": "fifth"}),
        ("enterprises_criterionassessment_has_evidence", {"evidence": ""}),
    ],
)
def test_an_assessment_is_refused(constraint, fields):
    with pytest.raises(IntegrityError, match=constraint):
        assess(make_organisation(), **fields)


def make_rate(starts_on, ends_on=None, euros="12.50"):
    return UnpaidWorkRate.objects.create(
        starts_on=starts_on, ends_on=ends_on, euros_per_hour=Decimal(euros), source="Muster"
    )


def test_an_unpaid_hour_has_a_value():
    with pytest.raises(IntegrityError, match="enterprises_unpaidworkrate_is_positive"):
        make_rate(DAY, euros="0")


def test_an_unpaid_hour_has_one_value_at_a_time():
    make_rate(BEFORE, DAY)

    with pytest.raises(IntegrityError, match="enterprises_unpaidworkrate_one_at_a_time"):
        make_rate(DAY)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("enterprises_incomemix_is_not_negative", {"public_contracts": -1}),
        ("enterprises_incomemix_is_not_negative", {"private_sales": -1}),
        ("enterprises_incomemix_is_not_negative", {"unpaid_hours": -1}),
        ("enterprises_incomemix_year_is_plausible", {"year": 24}),
        ("enterprises_incomemix_year_is_plausible", {"year": 2101}),
    ],
)
def test_an_income_mix_is_refused(constraint, fields):
    with pytest.raises(IntegrityError, match=constraint):
        IncomeMix.objects.create(organisation=make_organisation(), **({"year": 2024} | fields))


def test_a_year_is_recorded_once():
    organisation = make_organisation()
    organisation.income_mixes.create(year=2024)

    with pytest.raises(IntegrityError, match="enterprises_incomemix_once_a_year"):
        organisation.income_mixes.create(year=2024)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("enterprises_job_kind_is_known", {"kind": "old"}),
        ("enterprises_job_fte_is_plausible", {"fte": 0}),
        ("enterprises_job_fte_is_plausible", {"fte": Decimal("1.01")}),
        ("enterprises_job_ends_after_start", {"until": BEFORE}),
        ("enterprises_job_confirmation_is_whole", {"confirmed_on": DAY}),
        ("enterprises_job_confirmation_is_whole", {"confirmed_by": "Muster"}),
    ],
)
def test_a_job_is_refused(constraint, fields):
    values = {"title": "Leitung", "kind": JobKind.NEW, "fte": 1, "since": DAY} | fields

    with pytest.raises(IntegrityError, match=constraint):
        Job.objects.create(organisation=make_enterprise(), **values)


def test_a_person_has_a_name():
    with pytest.raises(IntegrityError, match="enterprises_person_has_a_name"):
        make_person(name="")


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("enterprises_involvement_role_is_known", {"role": "friend"}),
        ("enterprises_involvement_ends_after_start", {"since": DAY, "until": BEFORE}),
    ],
)
def test_a_part_is_refused(constraint, fields):
    with pytest.raises(IntegrityError, match=constraint):
        Involvement.objects.create(person=make_person(), organisation=make_organisation(), **fields)


def test_a_person_has_the_same_part_once():
    part = Involvement.objects.create(person=make_person(), organisation=make_organisation())

    with pytest.raises(IntegrityError, match="enterprises_involvement_once_per_part"):
        Involvement.objects.create(person=part.person, organisation=part.organisation)


def test_a_person_may_have_two_parts():
    part = Involvement.objects.create(person=make_person(), organisation=make_organisation())

    assert Involvement.objects.create(
        person=part.person, organisation=part.organisation, role=InvolvementRole.EMPLOYEE
    ).pk


def make_membership(**fields):
    if "group" not in fields:
        fields["group"] = make_organisation(kind=OrganisationKind.NETWORK)
    fields.setdefault("member", None)
    fields["member"] = fields["member"] or make_organisation()
    return Membership.objects.create(**fields)


def test_an_organisation_is_a_member_once():
    membership = make_membership()

    with pytest.raises(IntegrityError, match="enterprises_membership_once"):
        make_membership(group=membership.group, member=membership.member)


def test_an_organisation_is_no_member_of_itself():
    group = make_organisation(kind=OrganisationKind.NETWORK)

    with pytest.raises(IntegrityError, match="enterprises_membership_not_of_itself"):
        make_membership(group=group, member=group)


def test_a_membership_does_not_end_before_it_starts():
    with pytest.raises(IntegrityError, match="enterprises_membership_ends_after_start"):
        make_membership(since=DAY, until=BEFORE)
