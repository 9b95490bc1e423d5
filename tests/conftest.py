"""Fixtures everybody shares; short enough to know by heart."""

import pytest
from allauth.account.internal.flows import login as allauth_login
from django.db import connection


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Let transactional tests empty the log between them; only the tests' database allows it."""
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER audit_event_is_not_emptied ON audit_event")


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
