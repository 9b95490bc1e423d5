"""`manage.py import_operations`: figures without a trace, or everything at once."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from enterprises.models import Operation, OperationImport
from tests.enterprises.published import efre_file, esf_file, row

pytestmark = pytest.mark.django_db


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "esf.csv"
    rows = row(), row(), row("Andere e.V."), row(start="31.02.2022"), "Summe,,,,,12,,,,"
    path.write_bytes(esf_file(*rows).getvalue())
    return path


def run(path, *options):
    out = io.StringIO()
    call_command("import_operations", path, "--fund=esf", *options, stdout=out)
    return out.getvalue()


def test_without_commit_the_figures_are_told_and_nothing_is_written(path):
    figures = json.loads(run(path, "--format=json"))

    assert figures == {
        "imported": 2,
        "duplicates": 1,
        "rejected": 1,
        "ignored": 1,
        "problems": [{"row": 5, "column": "Datum des Beginns", "problem": "impossible_date"}],
        "operations": 2,
        "beneficiaries": 2,
        "total": 182200.32,
    }
    assert not Operation.objects.exists()
    assert not OperationImport.objects.exists()


def test_with_commit_the_figures_are_the_same_and_a_second_time_all_are_copies(path):
    looked_at = run(path, "--format=json")

    assert run(path, "--format=json", "--commit") == looked_at
    again = json.loads(run(path, "--format=json", "--commit"))

    assert (again["imported"], again["duplicates"], again["total"]) == (0, 3, 0)
    assert Operation.objects.count() == 2


def test_a_workbook_is_brought_likewise(tmp_path):
    path = tmp_path / "efre_berlin_2021_2027.xlsx"
    path.write_bytes(efre_file().getvalue())

    run(path, "--commit")

    assert Operation.objects.get().period == "2021–2027"


def test_people_read_the_problems_as_sentences(path):
    told = run(path)

    assert "31.02.2022" in told
    assert "182200.32" in told


@pytest.mark.parametrize("name", ["nothing.csv", "empty.csv", "list.pdf", ".", "columns.csv"])
def test_what_cannot_be_imported_gets_a_sentence_and_a_code(path, name):
    (path.parent / "empty.csv").touch()
    (path.parent / "list.pdf").write_bytes(b"%PDF-1.7")
    (path.parent / "columns.csv").write_text("Bezeichnung des Vorhabens;Beginn;x\nA;1.1.2022;x\n")

    with pytest.raises(CommandError) as refused:
        run(path.parent / name)

    assert refused.value.returncode == 1
    assert str(refused.value).endswith(".")


def test_the_fund_must_be_named(path):
    with pytest.raises(CommandError, match="fund"):
        call_command("import_operations", path)
    with pytest.raises(CommandError, match="fund"):
        call_command("import_operations", path, "--fund=land")
