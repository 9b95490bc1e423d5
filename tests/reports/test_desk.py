"""The funder's desk: trays by programme, comparison with the period before, a year as one file."""

import hashlib
import io
import json
import zipfile
from datetime import date, timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.utils import timezone

from best_portal.accounts.models import Role
from reports.desk import compare, compare_money, trays
from reports.models import Acceptance, ReportState
from tests.factories import (
    YEAR,
    frozen,
    make_draft,
    make_grant,
    make_officer,
    make_programme,
    make_query,
    make_released,
    make_report,
    make_submitted,
    make_user,
    produced,
)
from tests.reports.pages import address

pytestmark = pytest.mark.django_db


def counted(number, **figure):
    document = frozen()
    document["indicators"][0] |= {"in_period": str(number), "cumulated": str(number)} | figure
    return produced(frozen=document, pdf=f"%PDF {number}".encode())


def test_what_waits_for_the_funder_lies_on_top():
    funder = make_user(Role.FUNDER)
    grant = make_grant(programme=make_programme(officers=[funder]))

    def ending(days):
        return make_report(grant=grant, ends_on=grant.ends_on - timedelta(days=days))

    accepted, submitted = make_submitted(report=ending(0)), make_submitted(report=ending(1))
    Acceptance.objects.accept(accepted, by=funder)
    asked = make_query(version=make_submitted(report=ending(2))).version
    released = make_released(report=ending(3))
    make_draft(report=ending(4))
    make_released()

    [tray] = trays(funder, timezone.localdate())

    assert [report.newest for report in tray.reports] == [submitted, asked, released, accepted]
    assert [report.state for report in tray.reports] == [
        ReportState.SUBMITTED,
        ReportState.QUERIED,
        ReportState.RELEASED,
        ReportState.ACCEPTED,
    ]


def test_a_programme_with_something_to_do_lies_above_the_others(sign_in):
    funder = make_user(Role.FUNDER)
    quiet, waiting = (
        make_grant(programme=make_programme(officers=[funder], name=name)) for name in "AB"
    )
    accepted = make_submitted(report=make_report(grant=quiet))
    Acceptance.objects.accept(accepted, by=funder)
    make_submitted(report=make_report(grant=waiting))
    for month in range(1, 8):
        waiting.deadlines.create(title=f"Frist {month}", due_on=date(2100, month, 1))

    found = trays(funder, timezone.localdate())
    page = sign_in(funder).get(address("list"))

    assert [tray.programme.name for tray in found] == ["B", "A"]
    assert [len(found[0].soon), len(found[0].later)] == [5, 2]
    assert "2 spätere Tage" in page.text
    assert page.text.index("eingereicht") < page.text.index("Frist 1")


def test_the_start_page_names_each_report_once_with_its_newest_version(sign_in):
    funder = make_user(Role.FUNDER)
    first = make_released(report=make_report(grant=make_grant(programme=make_programme([funder]))))
    second = make_released(report=first.report, number=2, change_note="Nachgetragen.")

    page = sign_in(funder).get("/")

    assert list(page.context["versions"]) == [second]


def test_a_programme_without_a_report_shows_its_deadlines(sign_in):
    funder = make_user(Role.FUNDER)
    grant = make_grant(programme=make_programme(officers=[funder]))
    today = timezone.localdate()
    grant.deadlines.create(title="Verwendungsnachweis", due_on=today)
    grant.deadlines.create(title="Längst vorbei", due_on=today - timedelta(days=1))

    page = sign_in(funder).get(address("list")).content.decode()

    assert "Verwendungsnachweis" in page
    assert "Längst vorbei" not in page


# --- compared ---


def test_a_figure_stands_beside_the_period_before_and_its_target(sign_in):
    grant = make_grant()
    halves = [(date(YEAR, 1, 1), date(YEAR, 6, 30)), (date(YEAR, 7, 1), date(YEAR, 12, 31))]
    before, now = (
        make_released(
            counted(number), report=make_report(grant=grant, starts_on=first, ends_on=last)
        )
        for number, (first, last) in zip((3, 5), halves, strict=True)
    )

    found, [row] = compare(now)

    assert found == before
    assert (row.before, row.difference, row.missing) == (3, 2, 5)
    assert compare(before)[0] is None
    page = sign_in(make_officer(now)).get(address("comparison", now.pk)).content.decode()
    assert before.report.get_absolute_url() in page


def test_the_period_before_is_of_any_report_with_figures_and_its_days_are_named(sign_in):
    grant = make_grant()

    def lasting(number, first, last, kind):
        days = {"starts_on": date(YEAR, *first), "ends_on": date(YEAR, *last)}
        report = make_report(grant=grant, kind=kind, **days)
        return make_released(counted(number), report=report)

    quarter = lasting(3, (4, 1), (6, 30), "interim")
    lasting(4, (1, 1), (6, 30), "status")
    lasting(5, (1, 1), (8, 31), "interim")
    lasting(6, (7, 1), (7, 31), "vouchers")
    now = lasting(9, (8, 1), (12, 31), "final")

    found, [row] = compare(now)

    assert (found, row.before) == (quarter, 3)
    page = sign_in(make_officer(now)).get(address("comparison", now.pk)).content.decode()
    assert f"01.04.{YEAR}–30.06.{YEAR}" in page
    assert f"01.08.{YEAR}–31.12.{YEAR}" in page


def test_a_report_about_all_the_time_stands_beside_the_last_one_within_it():
    grant = make_grant(starts_on=date(YEAR, 1, 1), ends_on=date(YEAR, 12, 31))

    def lasting(number, first, last, kind="interim"):
        days = {"starts_on": date(YEAR, *first), "ends_on": date(YEAR, *last)}
        report = make_report(grant=grant, kind=kind, **days)
        return make_released(counted(number), report=report)

    first = lasting(2, (1, 1), (4, 30))
    second = lasting(3, (5, 1), (8, 31))
    whole = lasting(9, (1, 1), (12, 31), kind="final")

    assert compare(whole)[0] == second
    assert compare(second)[0] == first
    assert compare(first)[0] is None


def test_lines_of_the_plan_stand_beside_the_period_before(sign_in):
    grant = make_grant()
    line = {"kind": "expense", "position": "1", "label": "Honorare", "planned": "1000.00"}

    def spent(actual, since_start, first, last, *more):
        lines = [line | {"actual": actual, "since_start": since_start}, *more]
        days = {"starts_on": date(YEAR, *first), "ends_on": date(YEAR, *last)}
        report = make_report(grant=grant, **days)
        return make_released(produced(frozen=frozen(finances=lines)), report=report)

    new = {"kind": "expense", "position": "2", "label": "Miete", "planned": "500.00"}
    before = spent("300.00", "300.00", (1, 1), (6, 30))
    now = spent("450.00", "750.00", (7, 1), (12, 31), new)

    fees, rent = compare_money(now, before)

    assert (fees.before, fees.line.actual, fees.left) == (300, 450, 250)
    assert (rent.before, rent.line.actual, rent.left) == (None, None, None)
    page = sign_in(make_officer(now)).get(address("comparison", now.pk)).text
    for amount in ("300,00", "450,00", "750,00", "250,00"):
        assert amount in page


def test_a_target_that_is_met_misses_nothing_and_none_has_no_rest():
    for target, missing in (("4", Decimal(0)), (None, None)):
        [row] = compare(make_released(counted(5, target=target)))[1]
        assert row.missing == missing
        assert row.difference is None


# --- a year as one file ---


def archive_of(client, year):
    answer = client.get(address("year", year))
    return zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))


def test_a_year_comes_with_every_format_and_its_hashes(sign_in):
    old = make_released(counted(1))
    new = make_released(counted(2), report=old.report, change_note="Neu")
    make_draft(counted(3), report=old.report, change_note="Entwurf")
    year = old.report.ends_on.year
    client = sign_in(make_officer(old))

    archive = archive_of(client, year)

    assert archive.testzip() is None
    names = [new.file_name(ending) for ending in ("pdf", "csv", "json", "xlsx")]
    tables = ("finanzierungsplan", "belege", "ergebnis")
    names += [f"{new.file_stem}_{table}.csv" for table in tables]
    assert archive.namelist() == [*names, "SHA256SUMS", "manifest.json"]
    assert archive.read(names[0]) == b"%PDF 2"
    manifest = json.loads(archive.read("manifest.json"))["files"]
    for each in manifest:
        assert each["sha256"] == hashlib.sha256(archive.read(each["file"])).hexdigest()
    assert f"{new.sha256}  {names[0]}\n" in archive.read("SHA256SUMS").decode()
    assert new.downloads.count() == 4


def test_a_year_holds_only_what_the_funder_may_see(sign_in):
    mine, other = make_released(), make_released()
    year = mine.report.ends_on.year
    client = sign_in(make_officer(mine))

    assert not any(
        name.startswith(other.report.grant.ref) for name in archive_of(client, year).namelist()
    )
    assert client.get(address("year", year + 7)).status_code == 404


def test_the_year_stands_on_the_desk(sign_in):
    mine = make_released()

    page = sign_in(make_officer(mine)).get(address("list")).content.decode()

    assert address("year", mine.report.ends_on.year) in page


# --- Excel ---


def test_the_figures_are_in_the_excel_file_and_each_time_the_same_bytes(sign_in):
    version = make_released(counted(2, name="=1+1"))
    client = sign_in(make_officer(version))

    first, second = (client.get(address("download", version.pk, "xlsx")) for _ in range(2))

    assert first.content == second.content
    book = openpyxl.load_workbook(io.BytesIO(first.content))
    assert book.sheetnames == [
        *("Indikatoren", "Leistungen nach Gebieten"),
        *("Finanzierungsplan", "Belege", "Ergebnis", "Beratungen"),
    ]
    figures = list(book["Indikatoren"].values)[1]
    assert figures == ("BEST-BER", "=1+1", "Anzahl", 10, 2, 2, 20)
    assert book["Indikatoren"]["B2"].data_type == "s"
    assert [row[1].date() for row in list(book["Beratungen"].values)[1:]] == [
        date(2024, 3, 1),
        date(2024, 3, 8),
        date(2024, 3, 15),
    ]
    assert version.downloads.filter(format="xlsx").count() == 2
