"""The bell: one ring for what one transaction asks for, however often it does."""

import pytest
from django.db import transaction

from best_portal.outbox.tasks import deliver_letters, deliver_text_messages
from consultations.tasks import read_calendar

pytestmark = pytest.mark.django_db


def test_one_transaction_rings_once_for_the_same(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as bells:
        for _number in range(3):
            deliver_letters.delay_on_commit()
        deliver_text_messages.delay_on_commit()
        for pk in (1, 2, 1):
            read_calendar.delay_on_commit(pk)

    assert [(bell.task.name.split(".")[-1], bell.args) for bell in bells] == [
        ("deliver_letters", ()),
        ("deliver_text_messages", ()),
        ("read_calendar", (1,)),
        ("read_calendar", (2,)),
    ]


def test_what_is_undone_does_not_ring(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as bells:
        with transaction.atomic():
            deliver_letters.delay_on_commit()
            transaction.set_rollback(True)
        deliver_letters.delay_on_commit()

    assert len(bells) == 1
