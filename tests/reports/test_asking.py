"""Asking for a report and writing its words: each once, whoever asks at the same moment."""

import threading
import uuid
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from reports.models import Report, ReportKind, ReportVersion, VersionStatus
from tests.factories import YEAR, make_draft, make_grant, make_released, make_report, make_user
from tests.reports.threads import in_threads

pytestmark = pytest.mark.django_db

WHOLE_YEAR = {
    "kind": ReportKind.INTERIM,
    "starts_on": date(YEAR, 1, 1),
    "ends_on": date(YEAR, 12, 31),
}


# --- asking ---


def test_asking_queues_the_first_version_and_says_who_asked():
    manager = make_user(Role.MANAGER)

    version = Report.objects.request(by=manager, grant=make_grant(), **WHOLE_YEAR)

    assert (version.number, version.status) == (1, VersionStatus.QUEUED)
    assert Event.objects.about(version).get().actor == manager


def test_the_same_form_sent_twice_gives_the_same_version():
    asking = {"by": make_user(Role.MANAGER), "grant": make_grant(), "form_key": uuid.uuid4()}

    first = Report.objects.request(**asking, **WHOLE_YEAR)
    second = Report.objects.request(**asking, **WHOLE_YEAR)

    assert first == second
    assert ReportVersion.objects.count() == 1


def test_the_key_of_one_form_cannot_ask_for_another_report():
    asking = {"by": make_user(Role.MANAGER), "form_key": uuid.uuid4()}
    Report.objects.request(grant=make_grant(), **asking, **WHOLE_YEAR)

    with pytest.raises(ValidationError, match="schon abgeschickt"):
        Report.objects.request(grant=make_grant(), **asking, **WHOLE_YEAR)


@pytest.mark.django_db(transaction=True)
def test_the_same_form_sent_at_once_gives_the_same_version():
    asking = {"by": make_user(Role.MANAGER), "grant": make_grant(), "form_key": uuid.uuid4()}
    together = threading.Barrier(5)
    versions = []

    def ask():
        together.wait()
        versions.append(Report.objects.request(**asking, **WHOLE_YEAR).pk)
        connection.close()

    in_threads(ask, times=5)

    assert len(versions) == 5
    assert len(set(versions)) == 1


def test_a_second_version_waits_until_the_first_is_made():
    asking = {"by": make_user(Role.MANAGER), "grant": make_grant()}
    Report.objects.request(**asking, **WHOLE_YEAR)

    with pytest.raises(ValidationError, match="wird gerade erstellt"):
        Report.objects.request(**asking, **WHOLE_YEAR)


def test_another_version_of_a_draft_has_the_next_number():
    draft = make_draft()

    version = draft.report.add_version(by=make_user(Role.MANAGER))

    assert version.number == draft.number + 1


def test_a_correction_of_a_released_report_says_what_changed():
    released = make_released()
    manager = make_user(Role.MANAGER)

    with pytest.raises(ValidationError, match="mit der neuen Version"):
        released.report.add_version(by=manager, change_note=" ")

    version = released.report.add_version(by=manager, change_note="Zwei Beratungen nachgetragen.")
    assert version.change_note == "Zwei Beratungen nachgetragen."


@pytest.mark.parametrize(
    ("starts_on", "ends_on"),
    [
        (date(YEAR - 1, 12, 31), date(YEAR, 12, 31)),
        (date(YEAR, 1, 1), date(YEAR + 1, 1, 1)),
        (date(YEAR, 6, 1), date(YEAR, 5, 31)),
    ],
)
def test_a_period_outside_the_grant_is_refused(starts_on, ends_on):
    with pytest.raises(ValidationError):
        Report.objects.request(
            by=None,
            grant=make_grant(),
            kind=ReportKind.FINAL,
            starts_on=starts_on,
            ends_on=ends_on,
        )


def test_an_approved_early_start_may_be_accounted_for():
    grant = make_grant(early_start_on=date(YEAR - 1, 12, 1))

    version = Report.objects.request(
        by=None,
        grant=grant,
        kind=ReportKind.FINAL,
        starts_on=date(YEAR - 1, 12, 1),
        ends_on=date(YEAR, 12, 31),
    )

    assert version.report.starts_on == date(YEAR - 1, 12, 1)


# --- writing its words ---


def test_words_are_kept_and_logged_without_their_text():
    report = make_report()

    report.write(by=make_user(Role.MANAGER), narrative={"outlook": "Geheim"}, reasons={}, seen=None)

    assert Report.objects.get().narrative == {"outlook": "Geheim"}
    assert "Geheim" not in str(Event.objects.about(report).get().details)


def test_nobody_writes_over_what_somebody_else_just_wrote():
    report = make_report()
    report.write(by=make_user(Role.MANAGER), narrative={"outlook": "A"}, reasons={}, seen=None)

    with pytest.raises(ValidationError, match="Jemand anderes"):
        report.write(by=make_user(Role.MANAGER), narrative={"outlook": "B"}, reasons={}, seen=None)

    assert Report.objects.get().narrative == {"outlook": "A"}
