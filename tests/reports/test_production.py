"""Making a report: from the database to the bytes, frozen once and never different again."""

import csv
import hashlib
import io
import json
from datetime import date
from decimal import Decimal

import pikepdf
import pypdf
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from consultations.models import Consultation
from enterprises.models import OrganisationKind
from reports.document import Document
from reports.freezing import freeze
from reports.models import Grant, LineKind, ReportVersion, VersionStatus
from reports.production import produce
from reports.reading import Reading
from reports.work import work_on
from tests.factories import (
    YEAR,
    let_out,
    make_consultation,
    make_grant,
    make_indicator,
    make_organisation,
    make_project,
    make_report,
    make_target,
    make_topic,
    make_version,
)

pytestmark = pytest.mark.django_db


def make_accounted_grant(sessions=3, **fields):
    """A grant with work, two indicators, a notice and a financing plan."""
    project = make_project(name="Beispielprojekt")
    grant = make_grant(project=project, rate=Decimal("40.00"), **fields)
    grant.notices.create(issued_on=date(YEAR, 1, 2), reference="B-1", amount="90000.00")
    grant.notices.create(issued_on=date(YEAR, 5, 2), reference="B-2", amount="10000.00")
    grant.plan_lines.create(
        kind=LineKind.EXPENSE, position="2.1", label="Personal", planned="80000.00"
    )
    body = make_organisation(
        name="Geheimname", kind=OrganisationKind.SOCIAL_ENTERPRISE, founded_on=date(YEAR, 1, 1)
    )
    for number in range(sessions):
        make_consultation(
            project=project,
            organisation=body,
            minutes=50,
            held_on=date(YEAR, 2, 1 + number),
            topics=[make_topic()],
            internal_note="Vertraulich",
        )
    rules = {"BEST-A": "consultations", "BEST-B": "hours", "BEST-C": "organisations"}
    for position, (code, rule) in enumerate(rules.items()):
        indicator = make_indicator(code=code, rule=rule, decimals=2 if rule == "hours" else 0)
        make_target(grant=grant, indicator=indicator, position=position, value=Decimal(4))
    return grant


def produced_version(report, **fields):
    """A version made the way a worker makes it."""
    version = ReportVersion.objects.claim(make_version(report=report, **fields).pk)
    work_on(version)
    version.refresh_from_db()
    return version


def text_of(content):
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)


def test_a_version_is_counted_frozen_printed_and_stored():
    report = make_report(grant=make_accounted_grant())

    version = produced_version(report)

    assert version.status == VersionStatus.READY, version.error
    content = bytes(version.document.pdf)
    assert version.sha256 == hashlib.sha256(content).hexdigest()
    assert version.pages == len(pypdf.PdfReader(io.BytesIO(content)).pages)
    document = Document.from_json(bytes(version.document.json).decode())
    assert json.loads(document.to_json()) == version.frozen
    numbers = {item.code: (item.in_period, item.percent) for item in document.indicators}
    assert numbers == {
        "BEST-A": (3, Decimal("75.0")),
        "BEST-B": (Decimal("2.50"), Decimal("62.5")),
        "BEST-C": (1, Decimal("25.0")),
    }


def test_paper_page_and_attachments_tell_the_same_figures():
    version = produced_version(make_report(grant=make_accounted_grant()))

    text = text_of(bytes(version.document.pdf))
    assert "BEST-B" in text
    assert "2,5" in text
    with pikepdf.open(io.BytesIO(bytes(version.document.pdf))) as opened:
        files = {name: item.get_file().read_bytes() for name, item in opened.attachments.items()}
    assert files["bericht.json"] == bytes(version.document.json)
    assert files["kennzahlen.csv"] == bytes(version.document.csv)
    table = csv.reader(io.StringIO(files["kennzahlen.csv"].decode("utf-8-sig")), delimiter=";")
    values = {(row[1], row[3]): row[4] for row in table}
    assert values["BEST-B", "Ist im Zeitraum"] == "2,50"
    figures = {figure.code: figure.in_period for figure in Reading(version.frozen).figures}
    assert figures["BEST-B"] == Decimal("2.50")


def test_every_figure_opens_to_the_rows_it_counted():
    version = produced_version(make_report(grant=make_accounted_grant()))

    reading = Reading(version.frozen)

    assert all(figure.can_be_opened for figure in reading.figures)
    assert [row["minutes"] for row in reading.rows_of("BEST-A")] == [50, 50, 50]
    (organisation,) = reading.rows_of("BEST-C")
    assert organisation["case_number"].startswith("V-")
    assert organisation["minutes"] == 150
    assert reading.rule("BEST-A")["text"] == "Jede Beratung zählt einmal."


def test_no_name_and_no_internal_note_leaves_the_house():
    version = produced_version(make_report(grant=make_accounted_grant()))

    for file in (version.document.json, version.document.csv):
        assert b"Geheimname" not in bytes(file)
        assert b"Vertraulich" not in bytes(file)
    assert "Geheimname" not in text_of(bytes(version.document.pdf))


def test_a_made_version_stays_as_it_is_whatever_happens_to_the_work():
    grant = make_accounted_grant()
    version = produced_version(make_report(grant=grant))
    before = bytes(version.document.pdf)

    Consultation.objects.update(minutes=5)
    Grant.objects.update(title="Ganz anders")

    again = ReportVersion.objects.get(pk=version.pk)
    assert bytes(again.document.pdf) == before
    assert again.frozen == version.frozen


def test_the_next_version_says_what_changed_since_the_released_one():
    grant = make_accounted_grant()
    report = make_report(grant=grant, narrative={"summary": "Alt."})
    let_out(produced_version(report))
    make_consultation(project=grant.project, minutes=30, held_on=date(YEAR, 3, 1))
    report.narrative = {"summary": "Neu."}
    report.save()

    second = produced_version(report, change_note="Ein Fall nachgetragen")

    changes = {item["label"]: (item["before"], item["after"]) for item in second.frozen["changes"]}
    assert changes["Beratungen in der Liste"] == ("3", "4")
    name = Reading(second.frozen).figure("BEST-A").name
    assert changes[f"BEST-A {name}: Ist im Zeitraum"] == ("3", "4")
    assert changes["Text: Zusammenfassung"] == ("Alt.", "Neu.")
    assert "Ein Fall nachgetragen" in text_of(bytes(second.document.pdf))


def test_a_changed_digit_deep_in_a_long_text_is_told_where_it_stands():
    grant = make_accounted_grant()
    long = "Wort " * 60
    report = make_report(grant=grant, narrative={"summary": f"{long}27 Stellen. {long}"})
    let_out(produced_version(report))
    report.narrative = {"summary": f"{long}28 Stellen. {long}"}
    report.save()

    second = freeze(make_version(report=report, number=2), at=timezone.now())

    (change,) = second.changes
    assert "27 Stellen" in change.before
    assert "28 Stellen" in change.after
    assert len(change.after) < 200


def test_a_first_version_has_no_changes():
    version = make_version(report=make_report(grant=make_accounted_grant()))

    assert freeze(version, at=timezone.now()).changes == ()


def test_the_cover_says_what_the_grant_says():
    grant = make_accounted_grant(
        financing="share", logos=[{"kind": "text", "text": "Bezirk", "alt": "Bezirk"}]
    )
    version = make_version(report=make_report(grant=grant))

    cover = freeze(version, at=timezone.now()).cover

    assert cover.financing_kind == "Anteilfinanzierung"
    assert cover.rate == Decimal("40.00")
    assert [notice.kind for notice in cover.notices] == ["Zuwendungsbescheid", "Änderungsbescheid"]
    assert cover.granted_total == grant.amount
    assert cover.paid_total is None
    assert cover.logos[0].text == "Bezirk"


def test_texts_become_paragraphs_under_the_headings_of_the_form():
    report = make_report(
        grant=make_accounted_grant(), narrative={"outlook": "Eins.\r\n\r\nZwei\nDrei.\n\n\n"}
    )

    document = freeze(make_version(report=report), at=timezone.now())

    sections = {section.key: section for section in document.narrative}
    assert sections["outlook"].heading == "Nächste Schritte"
    assert sections["outlook"].paragraphs == ("Eins.", "Zwei\nDrei.")
    assert sections["summary"].paragraphs == ()


def test_a_rule_nobody_knows_fails_with_a_sentence():
    grant = make_grant()
    make_target(grant=grant, indicator=make_indicator(rule="fortune_telling"))

    version = produced_version(make_report(grant=grant))

    assert version.status == VersionStatus.FAILED
    assert "counting rule" in version.error


@pytest.mark.usefixtures("press_of_its_own")
def test_a_server_without_pango_fails_the_report_with_the_cure(monkeypatch, tmp_path):
    (tmp_path / "sitecustomize.py").write_text(
        "import cffi\n"
        "def dlopen(self, name, flags=0):\n"
        "    raise OSError(f'cannot load library {name!r}')\n"
        "cffi.FFI.dlopen = dlopen\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    version = produced_version(make_report(grant=make_accounted_grant()))

    assert version.status == VersionStatus.FAILED
    assert "libpango-1.0-0" in version.error


def test_the_steps_come_in_their_order():
    version = make_version(report=make_report(grant=make_accounted_grant(sessions=1)))
    steps = []

    produce(version, steps.append)

    assert steps == [1, 2, 3, 4]


# --- manage.py produce_report ---


def command(grant, output, **options):
    stdout = io.StringIO()
    words = {"kind": "interim", "starts_on": f"{YEAR}-01-01", "ends_on": f"{YEAR}-12-31"} | options
    call_command(
        "produce_report",
        f"--grant={grant}",
        f"--kind={words['kind']}",
        f"--from={words['starts_on']}",
        f"--to={words['ends_on']}",
        f"--output={output}",
        stdout=stdout,
    )
    return json.loads(stdout.getvalue())


def test_the_command_makes_the_files_and_says_so_in_json(tmp_path):
    grant = make_accounted_grant()

    said = command(grant.ref, tmp_path / "neu", ends_on=f"31.12.{YEAR}")

    content = (tmp_path / "neu" / said["files"]["pdf"].rsplit("/", 1)[-1]).read_bytes()
    assert content.startswith(b"%PDF-")
    assert said["sha256"] == hashlib.sha256(content).hexdigest()
    assert said["version"] == 1
    assert said["figures"]["BEST-B"] == {"in_period": 2.5, "cumulated": 2.5}
    assert (said["consultations"], said["minutes"]) == (3, 150)
    assert ReportVersion.objects.get().status == VersionStatus.READY


def test_the_command_knows_what_to_do_about_an_unknown_grant(tmp_path):
    make_grant(ref="zuwendung-muster")

    with pytest.raises(CommandError, match="zuwendung-muster"):
        command("unbekannt", tmp_path)


@pytest.mark.parametrize(
    "options", [{"starts_on": "1999-01-01"}, {"ends_on": f"{YEAR}-00-31"}, {"kind": "weekly"}]
)
def test_the_command_refuses_days_and_kinds_that_are_not_to_be_had(options, tmp_path):
    grant = make_grant()

    with pytest.raises(CommandError):
        command(grant.ref, tmp_path, **options)

    assert not ReportVersion.objects.exists()


def test_the_command_refuses_a_file_for_a_folder(tmp_path):
    (tmp_path / "datei").write_text("")

    with pytest.raises(CommandError):
        command(make_grant().ref, tmp_path / "datei")


def test_the_cover_says_where_the_authority_is_and_by_which_letter_work_began_early():
    project = make_project(starts_on=date(YEAR, 1, 1), ends_on=date(YEAR, 12, 31))
    grant = make_grant(
        project=project,
        starts_on=date(YEAR, 7, 1),
        ends_on=date(YEAR, 12, 31),
        early_start_on=date(YEAR, 6, 1),
        early_start_reference="II B 7",
        authority_address="Musterstraße 1\n10000 Berlin",
        intermediate_body="Musterbank Berlin",
        input_tax="none",
    )

    version = produced_version(make_report(grant=grant))

    cover = version.frozen["cover"]
    assert cover["authority_address"] == "Musterstraße 1\n10000 Berlin"
    # A further grant begins with the days it pays for, and not with the project.
    assert cover["started_on"] == f"{YEAR}-06-01"
    text = " ".join(text_of(bytes(version.document.pdf)).split())
    assert "Musterstraße 1" in text
    assert f"01.06.{YEAR} (Az. II B 7)" in text
    assert "§ 15 UStG berechtigt X nicht berechtigt" in text
