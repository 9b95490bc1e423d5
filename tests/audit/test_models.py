"""The log: written with every verb, changed by nobody."""

import pytest
from django.db import IntegrityError, connection, transaction

from best_portal.audit.models import Event
from tests.factories import make_user

REFUSED = "audit_event_is_append_only"


@pytest.fixture
def event(db):
    user = make_user()
    return Event.objects.record(actor=user, verb="account.invited", subject=user, role="advisor")


def test_a_line_says_who_did_what_to_what(event):
    assert Event.objects.about(event.actor).get().details == {"role": "advisor"}


def test_a_line_cannot_be_changed(event):
    with pytest.raises(IntegrityError, match=REFUSED), transaction.atomic():
        Event.objects.update(verb="account.changed")


def test_a_line_cannot_be_removed(event):
    with pytest.raises(IntegrityError, match=REFUSED), transaction.atomic():
        event.delete()


@pytest.mark.django_db
def test_the_log_cannot_be_emptied():
    with transaction.atomic(), connection.cursor() as cursor:
        # The tests' database goes without this trigger; here it is back for a moment.
        cursor.execute(
            "CREATE TRIGGER audit_event_is_not_emptied BEFORE TRUNCATE ON audit_event "
            "FOR EACH STATEMENT EXECUTE FUNCTION audit_event_refuse_change()"
        )
        with pytest.raises(IntegrityError, match=REFUSED), transaction.atomic():
            cursor.execute("TRUNCATE audit_event CASCADE")
        transaction.set_rollback(True)


def test_the_account_of_a_line_cannot_be_removed(event):
    with pytest.raises(IntegrityError):
        event.actor.delete()
