"""Fixtures everybody shares; short enough to know by heart."""

import os
from contextlib import contextmanager, nullcontext
from threading import current_thread, main_thread

import pytest
from allauth.account.internal.flows import login as allauth_login
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from playwright.sync_api import sync_playwright
from whitenoise.middleware import WhiteNoiseMiddleware

from best_portal.outbox.sms import MemoryBackend
from reports.press_room import PressRoom
from tests import template
from tests.browser import ARGUMENTS
from tests.chromium import HOW_TO_GET_IT, find_chromium
from tests.scheduling import Scheduling, rank

# Emptied as TRUNCATE would, but only where there is something: most tests leave most tables empty.
EMPTY = """
DO $$
DECLARE
    name text;
    is_full boolean;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOREACH name IN ARRAY ARRAY[{names}] LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM %I)', name) INTO is_full;
        IF is_full THEN
            EXECUTE format('DELETE FROM %I', name);
        END IF;
    END LOOP;
END $$
"""
NOT_EMPTIED = [
    ("audit_event_is_not_emptied", "audit_event"),
    ("reports_versions_are_not_emptied", "reports_reportversion"),
    ("reports_documents_are_not_emptied", "reports_document"),
    ("reports_volumes_are_not_emptied", "reports_volume"),
    ("reports_downloads_are_not_emptied", "reports_download"),
    ("reports_reviews_are_not_emptied", "reports_review"),
    ("reports_query_is_not_emptied", "reports_query"),
    ("reports_reply_is_not_emptied", "reports_reply"),
    ("reports_submission_is_not_emptied", "reports_submission"),
    ("reports_acceptance_is_not_emptied", "reports_acceptance"),
    ("reports_grantchange_is_not_emptied", "reports_grantchange"),
]


def pytest_configure(config):
    """Name the browser in CHROMIUM; where CI says that nothing may be missing, refuse without."""
    if chromium := find_chromium():
        os.environ["CHROMIUM"] = chromium
    elif os.environ.get("CI", "").lower() in ("1", "true"):
        raise pytest.UsageError(f"CI=true, but there is no Chromium. {HOW_TO_GET_IT}")
    else:
        os.environ.pop("CHROMIUM", None)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return Scheduling(config, log)


def pytest_collection_modifyitems(items):
    items.sort(key=rank)
    if "CHROMIUM" not in os.environ:
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason="no Chromium"))


def pytest_terminal_summary(terminalreporter):
    skipped = terminalreporter.stats.get("skipped", [])
    if missed := sum("no Chromium" in str(report.longrepr) for report in skipped):
        terminalreporter.write_line(f"{missed} browser tests were skipped. {HOW_TO_GET_IT}")


@pytest.fixture(scope="session")
def django_db_setup(
    request,
    django_db_modify_db_settings,
    django_db_use_migrations,
    django_db_keepdb,
    django_db_createdb,
    django_db_blocker,
):
    """Copy the database, and let transactional tests empty its tables between them."""
    keep = django_db_keepdb and not django_db_createdb
    copied = template.copied(connection, keep=keep) if django_db_use_migrations else nullcontext()
    with django_db_blocker.unblock(), copied:
        request.getfixturevalue("django_db_setup")
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        for trigger, table in NOT_EMPTIED:
            cursor.execute(f"DROP TRIGGER IF EXISTS {trigger} ON {table}")


@pytest.fixture(scope="session", autouse=True)
def emptied_quickly():
    """After a transactional test Django empties all tables; a superuser can do it in a moment."""

    def sql_flush(self, style, tables, **kwargs):
        return [EMPTY.format(names=", ".join(f"'{table}'" for table in sorted(tables)))]

    with pytest.MonkeyPatch.context() as patch:
        # Of the class: beside Playwright's event loop Django opens a connection of its own.
        patch.setattr(type(connection.ops), "sql_flush", sql_flush)
        yield


@pytest.fixture(scope="session", autouse=True)
def static_files_looked_up_once():
    """Each client of a test makes the middleware anew; a process that serves makes it once."""
    look_up, files = WhiteNoiseMiddleware.add_files_from_finders, {}

    def looked_up_once(self):
        if not files:
            look_up(self)
            files.update(self.files)
        self.files = files

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", looked_up_once)
        yield


@pytest.fixture(scope="session", autouse=True)
def press_shared():
    """Whoever prints one paper has a press of its own, and most of the time goes into loading its
    libraries; the tests' papers come from one, each in a fork of its own as ever."""
    shared = PressRoom()

    @contextmanager
    def lent():
        # A press ends with the thread that started it, and those of a served page are short.
        with nullcontext(shared) if current_thread() is main_thread() else PressRoom() as room:
            room.staff(1)
            yield room

    with shared, pytest.MonkeyPatch.context() as patch:
        patch.setattr("reports.pdf.PressRoom", lent)
        patch.setattr("reports.production.PressRoom", lent)
        yield


@pytest.fixture
def press_of_its_own(monkeypatch):
    """A press that begins and ends with the paper, as outside the tests."""
    monkeypatch.setattr("reports.pdf.PressRoom", PressRoom)
    monkeypatch.setattr("reports.production.PressRoom", PressRoom)


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


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all tests marked `browser`; each test opens its own pages in it."""
    # Playwright keeps an event loop in this thread, and Django would refuse the database beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=os.environ["CHROMIUM"], args=ARGUMENTS
        )
        yield chromium
        chromium.close()


@pytest.fixture
def count_queries():
    """Count the queries of one call: `count_queries(client.get, address)`."""

    def count(call, *args, **kwargs):
        # The first call may write the session; what is counted is what every call costs.
        call(*args, **kwargs)
        with CaptureQueriesContext(connection) as captured:
            call(*args, **kwargs)
        return len(captured)

    return count


@pytest.fixture
def text_messages():
    """The text messages that went out."""
    MemoryBackend.sent.clear()
    return MemoryBackend.sent


@pytest.fixture
def english():
    """Let refusals be in the language the code is written in."""
    with translation.override("en"):
        yield
