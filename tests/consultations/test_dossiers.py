"""The dossier of a case: written while there is time, read by the team, accepted by the next."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.outbox.models import Letter
from consultations.models import Dossier, Handover
from tests.factories import make_case, make_dossier, make_handover, make_project, make_user

pytestmark = pytest.mark.django_db

WRITTEN = {"state": "Der Mietvertrag liegt beim Amt.", "first_step": "Dort anrufen"}


@pytest.fixture
def case():
    team = [make_user(), make_user()]
    return make_case(project=make_project(team=team), advisor=team[0])


@pytest.fixture
def to(case):
    return case.project.team.exclude(pk=case.advisor_id).get()


def test_one_written_before_goes_with_the_case(case, to):
    giver = case.advisor
    dossier = Dossier.objects.begin(case, by=giver)
    dossier.write(by=giver, **WRITTEN)

    case.hand_over(to=to, by=giver)

    [after] = case.dossiers.all()
    assert (after.pk, after.to, after.state) == (dossier.pk, to, WRITTEN["state"])
    assert after.handover.giver == giver
    assert after.handover.moved == {"cases": 1, "promises": 0}
    assert list(Dossier.objects.to_accept_by(to)) == [after]
    [letter] = Letter.objects.filter(recipient=to.email)
    assert after.handover.get_absolute_url() in letter.text
    assert not Letter.objects.filter(recipient=giver.email).exists()


def test_an_unwritten_one_cannot_be_accepted(case, to):
    case.hand_over(to=to, by=case.advisor)
    [dossier] = case.dossiers.all()

    with pytest.raises(ValidationError, match=r"comes next|weitergeht"):
        dossier.accept(by=to)
    dossier.write(by=to, **WRITTEN)
    dossier.accept(by=to)

    assert not Dossier.objects.unaccepted().exists()
    verbs = list(Event.objects.about(dossier).order_by("pk").values_list("verb", flat=True))
    assert verbs == ["dossier.begun", "dossier.written", "dossier.accepted"]


def test_an_accepted_one_stays_as_it_is(case, to):
    case.hand_over(to=to, by=case.advisor)
    [dossier] = case.dossiers.all()
    dossier.write(by=to, **WRITTEN)
    dossier.accept(by=to)

    with pytest.raises(ValidationError):
        dossier.write(by=to, state="anders")
    with pytest.raises(ValidationError):
        dossier.accept(by=to)
    assert Dossier.objects.get().state == WRITTEN["state"]
    # The next handover has a dossier of its own.
    back = dossier.handover.giver
    case.hand_over(to=back, by=to)
    assert [each.to for each in case.dossiers.order_by("pk")] == [to, back]


def test_only_the_successor_accepts(case, to):
    giver = case.advisor
    case.hand_over(to=to, by=giver)
    [dossier] = case.dossiers.all()
    dossier.write(by=giver, **WRITTEN)

    for other in (giver, make_user(Role.MANAGER)):
        with pytest.raises(ValidationError):
            dossier.accept(by=other)


def test_who_sees_it(case, to):
    giver, stranger = case.advisor, make_user()
    handover = make_handover(giver=giver, to=to)
    handover.projects.add(case.project)
    case.project.team.set([to])
    dossier = make_dossier(case, handover=handover)

    def seen_by(user):
        return Dossier.objects.visible_to(user).contains(dossier)

    assert seen_by(to)
    assert seen_by(make_user(Role.MANAGER))
    assert seen_by(giver)
    Handover.objects.update(handed_at=timezone.now() - timedelta(days=31))
    assert not seen_by(giver)
    for user in (stranger, *(make_user(role) for role in ("founder", "funder", "evaluator"))):
        assert not seen_by(user)


def test_a_managers_look_at_what_was_confided_is_noted(case):
    dossier = make_dossier(case, trust_issues="Der Vorgänger hat sie versetzt.")
    manager = make_user(Role.MANAGER)

    dossier.read(by=case.advisor)
    assert not Event.objects.about(dossier).exists()
    dossier.read(by=manager)
    [event] = Event.objects.about(dossier)
    assert (event.verb, event.actor) == ("dossier.read", manager)


def test_begun_twice_it_is_one(case, to):
    assert Dossier.objects.begin(case, by=to) == Dossier.objects.begin(case, by=case.advisor)
    with pytest.raises(IntegrityError, match="consultations_dossier_one_open_per_case"):
        make_dossier(case)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("consultations_dossier_handed_to_somebody", {"to": True}),
        (
            "consultations_dossier_accepted_by_whoever_got_it",
            {"accepted": True, "state": "-", "first_step": "-"},
        ),
        (
            "consultations_dossier_accepted_when_written",
            {"accepted": True, "handed": True, "state": "-"},
        ),
        (
            "consultations_dossier_accepted_when_written",
            {"accepted": True, "handed": True, "first_step": "-"},
        ),
    ],
)
def test_the_database_refuses(case, to, constraint, fields):
    given = {name: fields[name] for name in ("state", "first_step") if name in fields}
    if "to" in fields:
        given["to"] = to
    if "handed" in fields:
        given["handover"] = make_handover(giver=case.advisor, to=to)
    if "accepted" in fields:
        given["accepted_at"] = timezone.now()
    with pytest.raises(IntegrityError, match=constraint):
        make_dossier(case, **given)
