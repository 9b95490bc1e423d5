"""The portal against the hand-kept logs beside the project, where they are there."""

import csv
import io
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Sum

from best_portal.imports.columns import find_table, propose
from best_portal.imports.sheet import read_sheets
from consultations.logbook.areas import Area, Areas
from consultations.logbook.columns import LogColumns
from consultations.logbook.rows import read_log
from consultations.models import Consultation, ImportBatch
from districts.models import District
from enterprises.models import Operation, Organisation
from tests.factories import make_project

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
LOGS = ["consultation_log.xlsx", "consultation_log_2.csv"]

pytestmark = pytest.mark.skipif(
    not DATA.is_dir(),
    reason="../shared/data is absent: the logs kept by hand lie beside the project, not in it",
)


def truth_of(name):
    """What a correct import makes of a log, under the names the command prints."""
    truth = json.loads((DATA / name).with_suffix(".truth.json").read_text())
    return {
        "imported": truth["import"],
        "duplicates": truth["duplicates"],
        "rejected": truth["rejected"],
        "ignored": truth["ignored"],
        "minutes": truth["minutes"],
        "minutes_by_district": truth["minutes_by_area"],
        "consultations_by_kind": truth["sessions_by_kind"],
        "organisations": truth["clients"],
        "problems": [(fault["row"], fault["fault"]) for fault in truth["faults"]],
    }


@pytest.mark.parametrize("name", LOGS)
def test_a_log_kept_by_hand_is_read_as_its_truth_says(name):
    with (DATA / "qm_areas.csv").open(encoding="utf-8") as lines:
        areas = Areas([Area(row["name"]) for row in csv.DictReader(lines)])
    with (DATA / name).open("rb") as file:
        table = find_table(read_sheets(file, name), LogColumns(areas))

    figures = read_log(
        table,
        propose(table, LogColumns(areas)),
        areas,
        starts_on=date(2002, 12, 1),
        ends_on=date(2004, 12, 31),
    ).figures()

    figures["problems"] = [(line["row"], line["problem"]) for line in figures["problems"]]
    assert figures == truth_of(name)


def printed(name, *options):
    out = io.StringIO()
    call_command(
        "import_consultations",
        DATA / name,
        "--project=best-modell",
        "--format=json",
        *options,
        stdout=out,
    )
    return json.loads(out.getvalue())


@pytest.mark.django_db
@pytest.mark.parametrize("name", LOGS)
def test_the_command_agrees_with_the_truth_and_a_second_commit_adds_nothing(name):
    make_project(key="best-modell", starts_on=date(2002, 12, 1), ends_on=date(2004, 12, 31))

    looked_at = printed(name)
    assert not Consultation.objects.exists()
    assert not ImportBatch.objects.exists()
    committed = printed(name, "--commit")
    again = printed(name, "--commit")

    truth = truth_of(name)
    told = [(line["row"], line["problem"]) for line in committed["problems"]]
    assert {**committed, "problems": told} == truth
    assert looked_at == committed
    assert Consultation.objects.count() == truth["imported"]
    assert Consultation.objects.aggregate(Sum("minutes"))["minutes__sum"] == truth["minutes"]
    assert Organisation.objects.count() == truth["organisations"]
    assert (again["imported"], again["organisations"], again["minutes"]) == (0, 0, 0)
    assert again["duplicates"] == truth["imported"] + truth["duplicates"]


# Berlin's lists of 2016: operations, names as printed, total of the eligible expenditure.
PUBLISHED = {
    "esf": ("esf_berlin_2014_2020.csv", 336, 133, Decimal("84009108.53")),
    "efre": ("efre_berlin_2014_2020.xlsx", 386, 252, Decimal("270151489.67")),
}


def brought(fund, *options):
    out = io.StringIO()
    path = DATA / "published" / PUBLISHED[fund][0]
    call_command("import_operations", path, f"--fund={fund}", "--format=json", *options, stdout=out)
    return json.loads(out.getvalue())


@pytest.mark.django_db
@pytest.mark.parametrize("fund", PUBLISHED)
def test_the_published_lists_are_read_to_the_cent_and_a_second_import_adds_nothing(fund):
    _name, operations, beneficiaries, total = PUBLISHED[fund]

    looked_at = brought(fund)
    assert not Operation.objects.exists()
    committed = brought(fund, "--commit")
    again = brought(fund, "--commit")

    assert looked_at == committed
    assert committed["imported"] == committed["operations"] == operations
    assert committed["beneficiaries"] == beneficiaries
    assert Decimal(str(committed["total"])) == total
    assert [committed[left] for left in ("duplicates", "rejected", "ignored")] == [0, 0, 0]
    totals = Operation.objects.current().totals()
    assert (totals["count"], totals["beneficiaries"], totals["total"]) == (
        operations,
        beneficiaries,
        total,
    )
    assert set(Operation.objects.values_list("period", flat=True)) == {"2014–2020"}
    assert not Organisation.objects.exists()
    assert (again["imported"], again["operations"], again["total"]) == (0, 0, 0)
    assert again["duplicates"] == operations


@pytest.mark.django_db
def test_the_outlines_beside_the_project_find_their_areas():
    name = "qm_areas_outlines.geojson"
    features = json.loads((DATA / name).read_text())["features"]

    call_command("load_boundaries", str(DATA / name), stdout=io.StringIO())

    drawn = District.objects.exclude(outline=None)
    assert drawn.count() == len({feature["properties"]["name"] for feature in features}) == 46


@pytest.mark.django_db
def test_outlines_of_something_else_beside_the_project_are_refused_whole():
    """The twelve boroughs are none of our areas: a sentence for each, and nothing is loaded."""
    with pytest.raises(CommandError, match="Reinickendorf"):
        call_command("load_boundaries", str(DATA / "berlin_boroughs.geojson"))

    assert not District.objects.exclude(outline=None).exists()
