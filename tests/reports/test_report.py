"""What must never be true of a report, its versions and documents, whoever asks the database."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.utils import timezone

from best_portal.accounts.models import Role
from reports.models import Document, Download, Report, ReportVersion, VersionStatus
from tests.factories import make_draft, make_released, make_report, make_user, make_version

pytestmark = pytest.mark.django_db

NEVER = "reports_released_versions_never_change"


def refuses(name):
    return pytest.raises(IntegrityError, match=name)


# --- constraints ---


def test_a_report_is_there_once_per_grant_kind_and_period():
    report = make_report()

    with refuses("reports_report_one_per_period"):
        make_report(grant=report.grant)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("reports_report_kind_is_known", {"kind": "letter"}),
        (
            "reports_report_ends_after_start",
            {"starts_on": date(2024, 6, 2), "ends_on": date(2024, 6, 1)},
        ),
    ],
)
def test_the_database_refuses_an_impossible_report(constraint, fields):
    with refuses(constraint):
        make_report(**fields)


def test_a_version_has_a_number_of_its_own():
    draft = make_draft()

    with refuses("reports_reportversion_one_per_number"):
        make_version(report=draft.report, number=draft.number)


@pytest.mark.parametrize("status", [VersionStatus.QUEUED, VersionStatus.WORKING])
def test_one_version_of_a_report_is_made_at_a_time(status):
    version = make_version()
    if status == VersionStatus.WORKING:
        ReportVersion.objects.claim(version.pk)

    with refuses("reports_reportversion_one_under_way"):
        make_version(report=version.report)


def half_leases():
    token, until = "5f0c8a52-3d6c-4d8e-9f58-111111111111", timezone.now()
    yield {"status": VersionStatus.WORKING, "lease_token": token}
    yield {"status": VersionStatus.WORKING, "lease_until": until}
    for status in set(VersionStatus) - {VersionStatus.WORKING}:
        yield {"status": status, "error": "x", "lease_token": token}
        yield {"status": status, "error": "x", "lease_until": until}


@pytest.mark.parametrize("fields", list(half_leases()))
def test_a_lease_is_whole_and_only_where_work_goes_on(fields):
    with refuses(
        "reports_reportversion_working_under_lease|reports_reportversion_finished_with_result"
        "|reports_reportversion_released_by_someone"
    ):
        make_version(**fields)


def test_work_without_a_lease_is_refused_by_name():
    with refuses("reports_reportversion_working_under_lease"):
        make_version(status=VersionStatus.WORKING)


def test_a_status_is_known():
    with refuses("reports_reportversion_status_is_known"):
        make_version(status="lost")


RESULT = {"frozen": {}, "pages": 1, "sha256": "0" * 64, "finished_at": timezone.now()}
NOTHING = {"frozen": None, "pages": None, "sha256": "", "finished_at": None}


@pytest.mark.parametrize("missing", list(RESULT))
def test_a_draft_without_a_part_of_its_result_is_refused(missing):
    with refuses("reports_reportversion_finished_with_result"):
        make_version(status=VersionStatus.READY, **RESULT | {missing: NOTHING[missing]})


@pytest.mark.parametrize("early", list(RESULT))
def test_a_result_before_the_end_is_refused(early):
    with refuses("reports_reportversion_finished_with_result"):
        make_version(**{early: RESULT[early]})


def test_a_failure_says_why():
    with refuses("reports_reportversion_failed_with_reason"):
        make_version(status=VersionStatus.FAILED)


@pytest.mark.parametrize(
    "half", [{"released_at": timezone.now()}, {"released_by": Role.MANAGER}, {}]
)
def test_a_release_without_time_or_person_is_refused(half):
    if "released_by" in half:
        half = {"released_by": make_user(half["released_by"])}

    with refuses("reports_reportversion_released_by_someone"):
        make_version(status=VersionStatus.RELEASED, **RESULT, **half)


@pytest.mark.parametrize("early", ["released_at", "released_by"])
def test_a_draft_bears_no_trace_of_a_release(early):
    trace = {"released_at": timezone.now(), "released_by": make_user(Role.MANAGER)}

    with refuses("reports_reportversion_released_by_someone"):
        make_version(status=VersionStatus.READY, **RESULT, **{early: trace[early]})


def test_a_download_has_a_known_format():
    with refuses("reports_download_format_is_known"):
        Download.objects.create(version=make_released(), user=make_user(Role.FUNDER), format="xml")


# --- what was released stays ---


@pytest.mark.parametrize(
    "change",
    [
        {"change_note": "anders"},
        {"frozen": {"indicators": []}},
        {"sha256": "f" * 64},
        {"status": VersionStatus.READY, "released_at": None, "released_by": None},
    ],
)
def test_a_released_version_is_never_changed(change):
    make_released()

    with refuses(NEVER), transaction.atomic():
        ReportVersion.objects.update(**change)


def test_a_released_version_is_never_removed():
    version = make_released()

    with refuses(NEVER), transaction.atomic():
        ReportVersion.objects.filter(pk=version.pk)._raw_delete("default")


def test_a_released_document_is_never_changed():
    make_released()

    with refuses(NEVER), transaction.atomic():
        Document.objects.update(pdf=b"another")


def test_a_released_document_is_never_removed():
    make_released()

    with refuses(NEVER), transaction.atomic():
        Document.objects.all().delete()


def test_a_report_with_versions_is_never_removed():
    released = make_released()

    with pytest.raises(ProtectedError):
        Report.objects.filter(pk=released.report.pk).delete()


def test_a_draft_may_still_be_removed():
    draft = make_draft()

    draft.delete()

    assert not Document.objects.exists()


@pytest.mark.parametrize("change", ["update", "delete"])
def test_a_download_stays_as_it_was_recorded(change):
    make_released().download(by=make_user(Role.FUNDER), format="pdf")

    with refuses(NEVER), transaction.atomic():
        if change == "update":
            Download.objects.update(format="csv")
        else:
            Download.objects.all()._raw_delete("default")


@pytest.mark.parametrize(
    ("trigger", "table"),
    [
        ("reports_versions_are_not_emptied", "reports_reportversion"),
        ("reports_documents_are_not_emptied", "reports_document"),
        ("reports_volumes_are_not_emptied", "reports_volume"),
        ("reports_downloads_are_not_emptied", "reports_download"),
    ],
)
def test_what_was_released_cannot_be_emptied(trigger, table):
    with transaction.atomic(), connection.cursor() as cursor:
        # The tests' database goes without this trigger; here it is back for a moment.
        cursor.execute(
            f"CREATE TRIGGER {trigger} BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION reports_refuse_change()"
        )
        with refuses(NEVER), transaction.atomic():
            cursor.execute(f"TRUNCATE {table} CASCADE")
        transaction.set_rollback(True)


def test_work_on_consultations_does_not_touch_what_was_released():
    released = make_released()
    before = (released.sha256, bytes(released.document.pdf), released.frozen)
    released.report.write(by=None, narrative={"outlook": "Neu"}, reasons={"X": "Y"}, seen=None)

    again = ReportVersion.objects.get(pk=released.pk)

    assert (again.sha256, bytes(again.document.pdf), again.frozen) == before
