"""`manage.py import_consultations`: figures without a trace, or everything at once."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from consultations.models import Consultation, ImportBatch
from tests.consultations.test_imports import ROW, log_file, make_district_once
from tests.factories import make_project


@pytest.fixture
def log(tmp_path):
    make_district_once()
    path = tmp_path / "log.csv"
    path.write_bytes(log_file(ROW, ROW, ROW.replace("05.02.", "31.02."), "Summe").getvalue())
    return path


def run(path, project, *options):
    out = io.StringIO()
    call_command("import_consultations", path, f"--project={project}", *options, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_without_commit_the_figures_are_told_and_nothing_is_written(log):
    key = make_project().key

    figures = json.loads(run(log, key, "--format=json"))

    assert figures == {
        "imported": 1,
        "duplicates": 1,
        "rejected": 1,
        "ignored": 1,
        "minutes": 90,
        "minutes_by_district": {"Musterplatz": 90},
        "consultations_by_kind": {"advice": 1, "accompaniment": 0, "training": 0},
        "organisations": 1,
        "problems": [{"row": 4, "column": "Datum", "problem": "impossible_date"}],
    }
    assert not Consultation.objects.exists()
    assert not ImportBatch.objects.exists()


@pytest.mark.django_db
def test_with_commit_the_figures_are_the_same_and_a_second_time_all_are_copies(log):
    key = make_project().key
    looked_at = run(log, key, "--format=json")

    assert run(log, key, "--format=json", "--commit") == looked_at
    again = json.loads(run(log, key, "--format=json", "--commit"))

    assert (again["imported"], again["duplicates"]) == (0, 2)
    assert Consultation.objects.count() == 1


@pytest.mark.django_db
def test_people_read_the_problems_as_sentences(log):
    assert "31.02.2024" in run(log, make_project().key)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "project", "code"),
    [
        ("log.csv", "nowhere", 2),
        ("nothing.csv", "", 1),
        ("empty.csv", "", 1),
        ("log.pdf", "", 1),
        (".", "", 1),
        ("columns.csv", "", 1),
    ],
)
def test_what_cannot_be_imported_gets_a_sentence_and_a_code(log, name, project, code):
    (log.parent / "empty.csv").touch()
    (log.parent / "log.pdf").write_bytes(b"%PDF-1.7")
    (log.parent / "columns.csv").write_text("Datum;Dauer;Sonstiges\n1.1.2024;2;x\n")

    with pytest.raises(CommandError) as refused:
        run(log.parent / name, project or make_project().key)

    assert refused.value.returncode == code
    assert str(refused.value).endswith(".")
