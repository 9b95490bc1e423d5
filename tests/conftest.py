"""Fixtures everybody shares; short enough to know by heart."""

import pytest
from allauth.account.internal.flows import login as allauth_login
from django.db import connection

NOT_EMPTIED = [
    ("audit_event_is_not_emptied", "audit_event"),
    ("reports_versions_are_not_emptied", "reports_reportversion"),
    ("reports_documents_are_not_emptied", "reports_document"),
    ("reports_downloads_are_not_emptied", "reports_download"),
]


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Let transactional tests empty the tables between them; only the tests' database allows it."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for trigger, table in NOT_EMPTIED:
            cursor.execute(f"DROP TRIGGER IF EXISTS {trigger} ON {table}")


@pytest.fixture
def sign_in(client):
    """Sign a person in, second factor included: `page = sign_in(make_user()).get("/")`."""

    def sign_in(user, client=client):
        client.force_login(user)
        session = client.session
        # What allauth leaves behind after the code of an authenticator app.
        session[allauth_login.AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "mfa", "at": 0}]
        session[allauth_login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
        session.save()
        return client

    return sign_in
