"""The ceiling of de minimis aid is warned of before advice is logged, on the file and at home."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from best_portal.accounts.models import Role
from consultations.models import Consultation, ConsultationKind, SupportTarget
from reports.accounts import near_ceiling
from reports.foreseen import foreseen
from reports.models import DeMinimisAward
from tests.consultations.views.conftest import typed
from tests.factories import (
    make_aid_grant,
    make_case,
    make_consultation,
    make_declaration,
    make_enterprise,
    make_undertaking,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

LOG, PREVIEW = reverse("consultations:log"), reverse("consultations:log_preview")
PASSES, NEAR = "This passes the ceiling", "Near the ceiling"


def today():
    return timezone.localdate()


def enterprise(value, **fields):
    """An enterprise that has declared aid of this value, granted a year ago."""
    organisation = make_enterprise(**{"founded_on": date(2020, 1, 1)} | fields)
    if value:
        aid = (today() - timedelta(days=365), value)
        make_declaration(aid, organisation=organisation, signed_on=today())
    return organisation


@pytest.fixture
def advisor():
    return make_user(language="en")


@pytest.fixture
def grant(advisor):
    """An hour of advice is worth 60 EUR."""
    grant = make_aid_grant()
    grant.project.team.add(advisor)
    return grant


@pytest.fixture
def page(sign_in, advisor):
    return sign_in(advisor)


def sent(grant, organisation, **fields):
    return typed(grant.project, organisation, held_on=str(today()), length="1:00", **fields)


# --- before saving ---


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ("200000.00", None),
        ("239939.99", None),
        ("239940.00", NEAR),
        ("299940.00", NEAR),
        ("299940.01", PASSES),
        ("300000.00", PASSES),
    ],
)
def test_the_preview_warns_while_one_types(page, grant, declared, said):
    text = page.post(PREVIEW, sent(grant, enterprise(declared))).text

    assert [words for words in (PASSES, NEAR) if words in text] == ([said] if said else [])
    assert not Consultation.objects.exists()


def test_what_passes_the_ceiling_is_logged_on_purpose_only(page, grant):
    organisation = enterprise("299990.00")
    form = sent(grant, organisation, internal_note="Bleibt stehen.")

    answer = page.post(LOG, form)

    assert "cautions_confirmed" in answer.context["form"].errors
    assert PASSES in answer.text
    assert "10.00\N{NO-BREAK SPACE}€ of 300,000.00\N{NO-BREAK SPACE}€ are left" in answer.text
    assert "Bleibt stehen." in answer.text
    assert not Consultation.objects.exists()
    page.post(LOG, form | {"cautions_confirmed": "on"})
    assert Consultation.objects.get().internal_note == "Bleibt stehen."


def changed(consultation, **fields):
    """The form of a consultation on file, with some of it typed anew."""
    sent = typed(consultation.project, consultation.organisation, held_on=str(consultation.held_on))
    return sent | {"length": "1:00", "revision": 1} | fields


def test_a_change_that_passes_the_ceiling_is_saved_on_purpose_only(page, grant, advisor):
    held = make_consultation(
        project=grant.project,
        organisation=enterprise("299940.00"),
        held_on=today(),
        minutes=60,
        advisors=[advisor],
    )
    address = reverse("consultations:edit", args=[held.pk])

    answer = page.post(address, changed(held, length="1:30", internal_note="Bleibt stehen."))

    assert "cautions_confirmed" in answer.context["form"].errors
    assert PASSES in answer.text
    assert "Bleibt stehen." in answer.text
    held.refresh_from_db()
    assert held.minutes == 60
    page.post(address, changed(held, length="1:30", cautions_confirmed="on"))
    held.refresh_from_db()
    assert held.minutes == 90


def test_nothing_is_asked_where_a_change_is_worth_no_more(page, grant, advisor):
    held = make_consultation(
        project=grant.project,
        organisation=enterprise("300000.00"),
        held_on=today(),
        minutes=60,
        advisors=[advisor],
    )

    page.post(
        reverse("consultations:edit", args=[held.pk]), changed(held, internal_note="Nur das.")
    )

    held.refresh_from_db()
    assert held.internal_note == "Nur das."


def test_what_comes_near_is_logged_without_a_question(page, grant):
    page.post(LOG, sent(grant, enterprise("250000.00")))

    assert Consultation.objects.count() == 1


def test_advice_that_waits_to_be_granted_counts(page, grant):
    organisation = enterprise("299910.00")
    make_consultation(project=grant.project, organisation=organisation, held_on=today(), minutes=60)

    assert PASSES in page.post(PREVIEW, sent(grant, organisation)).text


def test_a_sister_firms_aid_counts(page, grant):
    organisation, sister = enterprise("180000.00"), enterprise("119990.00")
    make_undertaking(organisation, sister)

    assert PASSES in page.post(PREVIEW, sent(grant, organisation)).text


def test_what_is_no_aid_is_not_warned_of(page, grant):
    full = enterprise("300000.00")
    case = make_case(organisation=full, project=grant.project, support_target=SupportTarget.PERSON)
    later = enterprise("300000.00", founded_on=today() + timedelta(days=1))

    for form in (
        sent(grant, full, kind=ConsultationKind.TRAINING),
        sent(grant, full, case=case.pk),
        sent(grant, later),
    ):
        assert PASSES not in page.post(PREVIEW, form).text


def test_a_page_that_changes_a_consultation_counts_nothing_twice(page, grant):
    form = sent(grant, enterprise("300000.00"))
    del form["form_key"]

    assert PASSES not in page.post(PREVIEW, form).text


def test_half_a_form_is_not_warned_of(page, grant):
    full = enterprise("300000.00")

    for missing in ("organisation", "held_on", "length", "project", "kind"):
        form = sent(grant, full) | {"organisation_text": ""}
        del form[missing]
        assert PASSES not in page.post(PREVIEW, form).text


# --- on the file ---


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        ("239999.99", None),
        ("240000.00", "Near the ceiling of de minimis aid"),
        ("300000.01", "The ceiling of de minimis aid is passed"),
    ],
)
def test_the_case_file_says_so_above_everything(page, declared, words):
    text = page.get(enterprise(declared).get_absolute_url()).text

    if words is None:
        assert "ceiling of de minimis aid" not in text
    else:
        assert text.index(words) < text.index('id="timeline"')


def test_the_notice_tells_what_waits_to_be_granted(page, grant):
    organisation = enterprise("299900.00")
    make_consultation(
        project=grant.project, organisation=organisation, held_on=today(), minutes=120
    )

    text = page.get(organisation.get_absolute_url()).text

    assert "The ceiling of de minimis aid is passed" in text
    assert "120.00\N{NO-BREAK SPACE}€ is advice that waits to be granted" in text


# --- at home ---


def test_the_managers_home_names_undertakings_near_the_ceiling_once(sign_in):
    one, sister, plenty = enterprise("200000.00"), enterprise("90000.00"), enterprise("1000.00")
    make_undertaking(one, sister)
    manager = make_user(Role.MANAGER, language="en")

    found = near_ceiling(manager, today())

    assert len(found) == 1
    assert set(found[0].members) == {one, sister}
    text = sign_in(manager).get(reverse("home")).text
    assert "290,000.00\N{NO-BREAK SPACE}€ of 300,000.00" in text
    assert "together with one other" in text
    assert str(plenty) not in text


def test_home_is_silent_while_there_is_room(sign_in):
    enterprise("1000.00")

    text = sign_in(make_user(Role.MANAGER, language="en")).get(reverse("home")).text

    assert "Near the ceiling" not in text


def test_many_accounts_cost_no_more_questions_than_one(django_assert_max_num_queries, grant):
    for _each in range(5):
        make_consultation(
            project=grant.project, organisation=enterprise("299900.00"), held_on=today()
        )
    manager = make_user(Role.MANAGER)

    with django_assert_max_num_queries(10):
        assert len(near_ceiling(manager, today())) == 5


# --- what is foreseen ---


def test_what_was_granted_waits_no_more(grant, advisor):
    organisation = enterprise("1000.00")
    held = make_consultation(
        project=grant.project, organisation=organisation, held_on=today(), minutes=90
    )

    assert foreseen([organisation], today())[0].waiting == Decimal("90.00")
    DeMinimisAward.objects.award(held, grant=grant, by=advisor)
    account = foreseen([organisation], today())[0]
    assert (account.waiting, account.used) == (0, Decimal("1090.00"))


def test_a_withdrawn_consultation_waits_for_nothing(grant, advisor):
    organisation = enterprise("1000.00")
    held = make_consultation(project=grant.project, organisation=organisation, held_on=today())
    held.withdraw(by=advisor)

    assert foreseen([organisation], today())[0].waiting == 0
