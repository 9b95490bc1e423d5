"""Awards to sister firms in the same moment, in real threads: the ceiling is never passed."""

from collections import Counter
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Sum
from django.utils import translation

from consultations.models import Consultation
from enterprises.models import Undertaking
from reports.models import DeMinimisAward, Grant
from tests.factories import (
    make_aid_grant,
    make_consultation,
    make_declaration,
    make_enterprise,
    make_undertaking,
    make_user,
)
from tests.server import at_once

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

DAY = date(2026, 6, 15)
ROOM = 3
SESSIONS = 12


def sisters(grant):
    """Two enterprises with the ceiling less room for three hours, and their consultations."""
    both = [make_enterprise(founded_on=date(2020, 1, 1)) for _each in range(2)]
    make_declaration((date(2026, 1, 1), "299800.00"), organisation=both[0], signed_on=DAY)
    make_declaration(organisation=both[1], signed_on=DAY)
    held = [
        make_consultation(project=grant.project, organisation=both[n % 2], held_on=DAY)
        for n in range(SESSIONS)
    ]
    return both, held


def award(consultation, grant, by):
    """Award in a thread and a connection of its own; returns the amount, or a word."""

    def run():
        with translation.override("en"):
            try:
                held = Consultation.objects.get(pk=consultation.pk)
                paying = Grant.objects.get(pk=grant.pk)
                return DeMinimisAward.objects.award(held, grant=paying, by=by).amount
            except ValidationError as refusal:
                [words] = refusal.messages
                known = {"would pass the ceiling": "refused", "has just been changed": "changed"}
                return next((word for part, word in known.items() if part in words), words)
            finally:
                connection.close()

    return run


@pytest.mark.parametrize("round_", range(3))
def test_of_twelve_at_once_for_sister_firms_as_many_are_granted_as_there_is_room(round_):
    grant, by = make_aid_grant(), make_user()
    both, held = sisters(grant)
    make_undertaking(*both)

    answers = Counter(at_once(*[award(each, grant, by) for each in held]))

    assert answers == {60: ROOM, "refused": SESSIONS - ROOM}
    assert DeMinimisAward.objects.aggregate(total=Sum("amount"))["total"] == 60 * ROOM


def test_one_consultation_at_once_is_granted_once():
    grant, by = make_aid_grant(), make_user()
    _both, held = sisters(grant)

    answers = at_once(*[award(held[0], grant, by)] * 10)

    assert answers == [60] * 10
    assert DeMinimisAward.objects.count() == 1


def test_whoever_becomes_a_sister_meanwhile_is_counted():
    """A link and awards in the same moment: after it, nobody awards beyond the ceiling."""
    grant, by = make_aid_grant(), make_user()
    both, held = sisters(grant)

    def link():
        try:
            Undertaking.objects.join(*both, by=by, link="majority", since=date(2020, 1, 1))
            return "linked"
        finally:
            connection.close()

    answers = Counter(at_once(link, *[award(each, grant, by) for each in held[2:]]))

    assert answers.pop("linked") == 1
    assert sum(answers.values()) == SESSIONS - 2
    assert set(answers) <= {60, "refused", "changed"}
    granted = DeMinimisAward.objects.aggregate(total=Sum("amount"))["total"] or 0
    last = award(held[1], grant, by)()
    assert last == ("refused" if granted > 140 else 60)
