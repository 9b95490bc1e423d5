"""Promises: the noun, its verbs, who may see, change and keep which."""

import uuid
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from consultations.models import Postponement, Promise
from enterprises.models import Involvement
from tests.factories import (
    make_case,
    make_consultation,
    make_founder,
    make_organisation,
    make_person,
    make_promise,
    make_user,
)

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def today(days=0):
    return timezone.localdate() + days * DAY


def make(**fields):
    """Through the verb, an advisor to an organisation."""
    fields.setdefault("advisor", fields.get("by") or make_user())
    fields.setdefault("by", fields["advisor"])
    fields.setdefault("promiser", "advisor")
    fields.setdefault("what", "Satzung gegenlesen")
    if "organisation" not in fields:
        fields["organisation"] = make_organisation()
    return Promise.objects.make(**fields)


def verbs(promise):
    return list(Event.objects.about(promise).order_by("pk").values_list("verb", flat=True))


# --- the noun ---


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"what": ""}, "consultations_promise_says_what"),
        ({"promiser": "owl"}, "consultations_promise_promiser_is_known"),
        (
            {"promiser": "person", "person": None},
            "consultations_promise_person_promises_by_name",
        ),
        (
            {"made_on": today(), "due_on": today(-1)},
            "consultations_promise_due_after_it_was_made",
        ),
        ({"kept_at": timezone.now()}, "consultations_promise_kept_by_somebody"),
        ({"dropped_at": timezone.now()}, "consultations_promise_dropped_with_reason"),
        ({"dropped_because": "Umzug"}, "consultations_promise_dropped_with_reason"),
        ({"taken_over_at": timezone.now()}, "consultations_promise_taken_over_from_somebody"),
    ],
)
def test_a_promise_is_whole(fields, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        make_promise(**fields)


def test_a_promise_is_kept_or_dropped():
    now = timezone.now()

    with pytest.raises(IntegrityError, match="consultations_promise_kept_or_dropped"):
        make_promise(kept_at=now, kept_by=make_user(), dropped_at=now, dropped_because="Umzug")


def test_one_form_is_one_promise():
    key = uuid.uuid4()
    make_promise(form_key=key)

    with pytest.raises(IntegrityError, match="consultations_promise_one_per_form"):
        make_promise(form_key=key)


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"reason": ""}, "consultations_postponement_has_a_reason"),
        ({"was_due_on": today(1)}, "consultations_postponement_is_to_another_day"),
    ],
)
def test_a_postponement_says_why_and_is_to_another_day(fields, constraint):
    whole = {"promise": make_promise(), "due_on": today(1), "reason": "Urlaub"}

    with pytest.raises(IntegrityError, match=constraint):
        Postponement.objects.create(**whole | fields)


# --- the verbs ---


def test_a_promise_is_made_with_who_did_it():
    advisor, case = make_user(), make_case()

    promise = make(
        by=advisor,
        organisation=case.organisation,
        case=case,
        what=" Satzung  lesen ",
        due_on=today(3),
    )

    promise.refresh_from_db()
    assert (promise.what, promise.made_on, promise.due_on) == ("Satzung lesen", today(), today(3))
    assert (promise.from_whom, promise.to_whom) == (advisor.name, case.organisation.name)
    assert verbs(promise) == ["promise.made"]


def test_a_person_of_the_organisation_promises_to_the_advisor():
    organisation = make_organisation()
    founder = make_founder(organisation)

    promise = make(organisation=organisation, promiser="person", person=founder.person)

    assert (promise.from_whom, promise.to_whom) == (founder.name, promise.advisor.name)


@pytest.mark.usefixtures("english")
def test_what_does_not_fit_is_refused_in_words():
    organisation = make_organisation()
    for fields, words in [
        ({"what": "  "}, "what was promised"),
        ({"made_on": today(1)}, "still to come"),
        ({"promiser": "person"}, "which person"),
        ({"person": make_person()}, "no part in"),
        ({"advisor": make_user(Role.FUNDER), "by": make_user()}, "works here"),
        ({"advisor": make_user(is_active=False), "by": make_user()}, "works here"),
        ({"consultation": make_consultation()}, "Choose the organisation"),
        ({"case": make_case()}, "Choose the organisation"),
        ({"due_on": today(-1)}, "before it was made"),
    ]:
        with pytest.raises(ValidationError, match=words):
            make(organisation=organisation, **fields)
    assert not Promise.objects.exists()


def test_the_same_form_sent_twice_is_one_promise():
    advisor, organisation, key = make_user(), make_organisation(), uuid.uuid4()

    first = make(by=advisor, organisation=organisation, form_key=key)

    assert make(by=advisor, organisation=organisation, form_key=key) == first
    assert verbs(first) == ["promise.made"]
    with pytest.raises(ValidationError):
        make(organisation=organisation, form_key=key)


def test_a_promise_is_kept_once_and_that_can_be_undone():
    advisor, promise = make_user(), make_promise()

    promise.keep(by=advisor)

    assert (promise.kept_by, promise.is_open) == (advisor, False)
    for verb in (promise.keep, lambda by: promise.drop(by=by, reason="Umzug")):
        with pytest.raises(ValidationError):
            verb(by=advisor)
    promise.reopen(by=advisor)
    assert promise.is_open
    with pytest.raises(ValidationError):
        promise.reopen(by=advisor)
    assert verbs(promise) == ["promise.kept", "promise.reopened"]


def test_a_promise_is_dropped_with_a_reason_only():
    advisor, promise = make_user(), make_promise()

    with pytest.raises(ValidationError):
        promise.drop(by=advisor, reason=" ")
    promise.drop(by=advisor, reason="Zieht weg")

    assert promise.dropped_because == "Zieht weg"
    assert verbs(promise) == ["promise.dropped"]


def test_a_due_date_moves_only_by_postponing_and_every_former_one_is_kept():
    advisor, promise = make_user(), make_promise(due_on=today(-2))

    promise.postpone(today(), reason="Krank", by=advisor)
    promise.postpone(today(5), reason="Urlaub", by=advisor)

    assert promise.due_on == today(5)
    assert list(promise.postponements.values_list("was_due_on", "due_on", "reason")) == [
        (today(-2), today(), "Krank"),
        (today(), today(5), "Urlaub"),
    ]
    assert verbs(promise) == ["promise.postponed"] * 2


def test_a_promise_without_a_date_gets_one():
    promise = make_promise()

    promise.postpone(today(1), reason="Jetzt verabredet", by=make_user())

    assert promise.postponements.get().was_due_on is None


def test_postponing_is_refused_to_the_past_the_same_day_without_reason_and_when_settled():
    advisor, promise = make_user(), make_promise(due_on=today(1))

    for to, reason in [(today(-1), "Urlaub"), (today(1), "Urlaub"), (today(2), " ")]:
        with pytest.raises(ValidationError):
            promise.postpone(to, reason=reason, by=advisor)
    promise.keep(by=advisor)
    with pytest.raises(ValidationError):
        promise.postpone(today(2), reason="Urlaub", by=advisor)

    assert not promise.postponements.exists()


def test_of_two_who_postpone_at_once_the_second_is_told():
    promise = make_promise(due_on=today(1))
    stale = Promise.objects.get(pk=promise.pk)
    promise.postpone(today(2), reason="Urlaub", by=make_user())

    with pytest.raises(ValidationError):
        stale.postpone(today(9), reason="Urlaub", by=make_user())

    assert Promise.objects.get().due_on == today(2)
    assert Postponement.objects.count() == 1


def test_a_promise_is_handed_over_once_and_its_day_stays():
    promise, successor, manager = (
        make_promise(due_on=today(4)),
        make_user(),
        make_user(Role.MANAGER),
    )
    former = promise.advisor

    promise.pass_on(to=successor, by=manager)

    assert (promise.advisor, promise.taken_over_from) == (successor, former)
    assert promise.due_on == today(4)
    assert list(Promise.objects.taken_over_since(timezone.now() - DAY)) == [promise]
    assert verbs(promise) == ["promise.passed_on"]
    for to in (successor, make_founder(), make_user(is_active=False)):
        with pytest.raises(ValidationError):
            promise.pass_on(to=to, by=manager)
    promise.keep(by=successor)
    with pytest.raises(ValidationError):
        promise.pass_on(to=former, by=manager)


# --- the adjectives ---


def test_overdue_begins_the_day_after():
    late, due = make_promise(due_on=today(-1)), make_promise(due_on=today())
    ahead, dateless = make_promise(due_on=today(1)), make_promise()
    make_promise(due_on=today(-9)).keep(by=make_user())

    assert list(Promise.objects.overdue()) == [late]
    assert list(Promise.objects.due_until(today()).soonest_first()) == [late, due]
    assert list(Promise.objects.without_date()) == [dateless]
    assert list(Promise.objects.open().soonest_first()) == [late, due, ahead, dateless]
    assert [promise.is_overdue for promise in (late, due, ahead, dateless)] == [
        True,
        False,
        False,
        False,
    ]


def test_promises_are_counted_by_advisor():
    advisor = make_user()
    make_promise(advisor=advisor, due_on=today(-1))
    make_promise(advisor=advisor)
    make_promise(advisor=advisor).keep(by=advisor)
    other = make_promise()

    assert Promise.objects.by_advisor() == {advisor.pk: (2, 1), other.advisor.pk: (1, 0)}


def test_founders_see_what_is_between_them_and_the_agency():
    organisation = make_organisation()
    founder, colleague = make_founder(organisation), make_founder(organisation)
    shared = {"organisation": organisation}
    mine = make_promise(promiser="person", person=founder.person, **shared)
    to_me = make_promise(person=founder.person, **shared)
    to_all = make_promise(**shared)
    theirs = make_promise(promiser="person", person=colleague.person, **shared)
    make_promise(person=colleague.person, **shared)
    make_promise()

    assert set(Promise.objects.visible_to(founder)) == {mine, to_me, to_all}
    assert set(Promise.objects.keepable_by(founder)) == {mine}
    assert set(Promise.objects.keepable_by(colleague)) == {theirs}


def test_who_has_left_an_organisation_sees_its_promises_no_more():
    organisation = make_organisation()
    founder = make_founder(organisation)
    make_promise(organisation=organisation, promiser="person", person=founder.person)
    Involvement.objects.update(until=today(-1))

    assert not Promise.objects.visible_to(founder).exists()
    assert not Promise.objects.keepable_by(founder).exists()


def test_staff_see_all_and_change_their_own():
    advisor, promise, other = make_user(), make_promise(), make_promise()
    promise.pass_on(to=advisor, by=advisor)

    for user, changes in [(advisor, {promise}), (make_user(Role.MANAGER), {promise, other})]:
        assert set(Promise.objects.visible_to(user)) == {promise, other}
        assert set(Promise.objects.editable_by(user)) == changes
        assert set(Promise.objects.keepable_by(user)) == changes
    for stranger in (make_user(Role.FUNDER), make_user(Role.EVALUATOR)):
        assert not Promise.objects.visible_to(stranger).exists()
        assert not Promise.objects.keepable_by(stranger).exists()
