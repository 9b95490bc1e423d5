"""A list too long for the report: bound in volumes, each row once, nothing printed twice."""

import hashlib
import io
import json
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import page
import pypdf
import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from best_portal.accounts.models import Role
from consultations.models import Consultation
from reports import paper, volumes
from reports.document import FinancingLine, VoucherRow
from reports.genuine import genuine
from reports.models import Download, LeaseLostError
from reports.press_room import PressRoom
from reports.work import work_on
from tests.factories import (
    bound,
    let_out,
    make_consultation,
    make_draft,
    make_grant,
    make_officer,
    make_project,
    make_report,
    make_user,
    make_version,
    produced,
)
from tests.reports.samples import make_cover, make_document

PROFILES = (page.ValidationProfile.PDF_UA_1, page.ValidationProfile.PDF_A_3A)
DAY = date(2024, 3, 1)


@pytest.fixture(autouse=True)
def short_lists(settings):
    settings.REPORT_LONGEST_LIST = 5
    settings.REPORT_VOLUME_ROWS = 3


def text_of(content):
    reader = pypdf.PdfReader(io.BytesIO(content))
    return "\n".join(sheet.extract_text() for sheet in reader.pages)


def printed(document, kept=(), carry_on=lambda: None):
    written = volumes.manuscripts(document)
    with PressRoom() as room:
        return volumes.bind(written, room=room, kept=dict(kept), carry_on=carry_on)


def make_line(position, vouchers, first=1):
    rows = tuple(
        VoucherRow(
            number=number,
            voucher=f"B-{position}-{number}",
            invoiced_on=None,
            paid_on=DAY + timedelta(days=number),
            payee="Muster GmbH",
            reason="Miete",
            amount=Decimal("100.00"),
            eligible=Decimal("90.00"),
        )
        for number in range(first, first + vouchers)
    )
    return FinancingLine("expense", position, "Miete", Decimal("900.00"), vouchers=rows)


def test_a_list_that_fits_is_printed_in_the_report():
    assert volumes.manuscripts(make_document(rows=5)) == []


def test_every_row_of_a_longer_one_stands_in_one_volume_and_the_report_names_each(tmp_path):
    document = make_document("esf", rows=8)
    rows = [replace(row, result=f"Zeile{row.number}Ende") for row in document.annex]
    document = replace(document, annex=tuple(rows))

    made = printed(document)
    report = text_of(paper.produce(document, made).content).replace("\n", "")

    assert [each.manuscript.rows for each in made] == [3, 3, 2]
    texts = [text_of(each.pdf) for each in made]
    for row in rows:
        assert [row.result in text for text in texts].count(True) == 1
        assert row.result not in report
    for each in made:
        assert each.sha256 == hashlib.sha256(each.pdf).hexdigest()
        assert each.sha256 in report
        file = tmp_path / "volume.pdf"
        file.write_bytes(each.pdf)
        for profile in PROFILES:
            verdict = page.validate_pdf(str(file), profile=profile)
            assert [failure.message for failure in verdict.failures] == []


@pytest.mark.parametrize("kind", ["narrative", "indicators", "status"])
def test_a_paper_that_prints_no_list_has_no_volumes(kind):
    document = make_document(rows=8, cover=make_cover(kind=kind), finances=(make_line("2.1", 9),))

    assert volumes.manuscripts(document) == []


def test_vouchers_go_on_in_the_next_volume_and_are_summed_where_the_position_ends():
    lines = (make_line("2.1", 4), make_line("2.2", 2))
    document = make_document(rows=0, cover=make_cover(kind="vouchers"), finances=lines)

    first, second = [text_of(each.pdf) for each in printed(document)]

    assert "Anlagenband 1: Belegliste" in first
    assert [f"B-2.1-{number}" in first for number in (1, 2, 3, 4)] == [True, True, True, False]
    assert "Summe" not in first
    assert "B-2.1-4" in second
    assert "B-2.2-2" in second
    assert second.count("Summe") == 2
    assert "400,00" in second
    assert "180,00" in second


def test_equal_rows_give_equal_bytes_whatever_else_the_report_says():
    document = make_document(rows=6)
    later = replace(
        document,
        generated_at=document.generated_at + timedelta(days=40),
        cover=replace(document.cover, version=2),
        indicators=document.indicators[:1],
    )

    assert [each.pdf for each in printed(document)] == [each.pdf for each in printed(later)]


def test_what_was_printed_before_is_taken_as_it_is_and_only_the_change_is_printed():
    document = make_document(rows=7)
    kept = {each.key: (b"kept", 9) for each in volumes.manuscripts(document)}
    changed = list(document.annex)
    changed[4] = replace(changed[4], minutes=999)

    first, second, third = printed(replace(document, annex=tuple(changed)), kept=kept)

    assert (first.pdf, first.pages) == (third.pdf, third.pages) == (b"kept", 9)
    assert "999" in text_of(second.pdf)


def test_who_lost_the_lease_in_between_prints_no_more(settings):
    settings.PDF_PRESSES = 1
    settings.REPORT_VOLUME_ROWS = 1
    asked = []

    def lost():
        asked.append(1)
        raise LeaseLostError

    with pytest.raises(LeaseLostError):
        printed(make_document(rows=30), carry_on=lost)
    assert len(asked) == 1


# --- what is stored ---


@pytest.fixture
def grant():
    grant = make_grant(project=make_project())
    for number in range(8):
        make_consultation(
            project=grant.project, held_on=grant.starts_on + timedelta(days=number), minutes=30
        )
    return grant


def make_one(grant, **fields):
    report = grant.reports.first() or make_report(
        grant=grant, starts_on=grant.starts_on, ends_on=grant.ends_on
    )
    version = make_version(report=report, **fields)
    claimed = type(version).objects.claim(version.pk)
    work_on(claimed)
    claimed.refresh_from_db()
    return claimed


@pytest.mark.django_db
def test_a_version_keeps_its_volumes_and_the_next_one_prints_only_what_changed(grant):
    first = make_one(grant)
    row = Consultation.objects.order_by("held_on")[4]
    Consultation.objects.filter(pk=row.pk).update(minutes=45)

    second = make_one(grant, number=2)

    assert [(each.number, each.rows) for each in first.volumes.all()] == [(1, 3), (2, 3), (3, 2)]
    before, after = ([each.sha256 for each in each.volumes.all()] for each in (first, second))
    assert [old == new for old, new in zip(before, after, strict=True)] == [True, False, True]
    days = first.volumes.first()
    assert (days.first_day, days.last_day) == (grant.starts_on, grant.starts_on + timedelta(days=2))


@pytest.mark.django_db
def test_everything_comes_in_one_archive_with_the_hash_of_each_file(sign_in, grant):
    version = make_one(grant)
    client = sign_in(make_user(Role.MANAGER))

    response = client.get(reverse("reports:everything", args=[version.pk]))

    archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    manifest = json.loads(archive.read("manifest.json"))["files"]
    assert len(manifest) == 7
    for entry in manifest:
        assert hashlib.sha256(archive.read(entry["file"])).hexdigest() == entry["sha256"]
    named = {entry["sha256"] for entry in manifest}
    assert named >= {each.sha256 for each in version.volumes.all()}
    assert Download.objects.filter(version=version, format="vol").count() == 3


@pytest.mark.django_db
def test_a_funder_takes_one_volume_from_the_page_of_the_report(sign_in, grant):
    version = let_out(make_one(grant))
    client = sign_in(make_officer(version))
    address = reverse("reports:volume", args=[version.pk, 2])

    listed = client.get(version.report.get_absolute_url()).content.decode()
    taken = client.get(address)

    volume = version.volumes.get(number=2)
    assert address in listed
    assert volume.sha256[:32] in listed
    assert taken.content == bytes(volume.pdf)
    assert taken["Content-Type"] == "application/pdf"
    assert f"_v{version.number}_anlagenband-2.pdf" in taken["Content-Disposition"]
    assert client.get(reverse("reports:volume", args=[version.pk, 4])).status_code == 404


@pytest.mark.django_db
def test_a_volume_of_a_draft_is_not_there_for_its_funder(sign_in, grant):
    version = make_one(grant)
    client = sign_in(make_officer(version))

    assert client.get(reverse("reports:volume", args=[version.pk, 1])).status_code == 404


@pytest.mark.django_db
def test_anybody_learns_that_a_volume_is_genuine_once_it_is_released():
    version = make_draft(produced(volumes=[bound(pdf=b"%PDF echt")]))
    digest = hashlib.sha256(b"%PDF echt").hexdigest()

    assert genuine(digest) is None
    let_out(version)
    found = genuine(digest)

    assert (found.number, found.format) == (version.number, "PDF, Anlagenband 1")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE reports_volume SET pages = 7",
        "DELETE FROM reports_volume",
        "INSERT INTO reports_volume (version_id, kind, number, rows, first_day, last_day, pages,"
        " key, pdf) SELECT version_id, kind, 2, rows, first_day, last_day, pages, key, pdf"
        " FROM reports_volume",
    ],
)
def test_the_database_refuses_to_change_the_volumes_of_a_released_version(change):
    let_out(make_draft(produced(volumes=[bound()])))

    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(IntegrityError, match="reports_released_versions_never_change"):
            cursor.execute(change)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"kind": "nothing"}, "reports_volume_kind_is_known"),
        ({"first_day": date(9999, 1, 1)}, "reports_volume_days_in_order"),
        ({"number": 1}, "reports_volume_one_per_number"),
    ],
)
def test_the_database_knows_what_a_volume_is(fields, name):
    version = make_draft(produced(volumes=[bound(1), bound(2)]))

    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        version.volumes.filter(number=2).update(**fields)
