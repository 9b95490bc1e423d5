"""The portal against the hand-kept logs beside the project, where they are there."""

import csv
import json
from datetime import date
from pathlib import Path

import pytest

from consultations.logbook.areas import Area, Areas
from consultations.logbook.columns import find_table, propose
from consultations.logbook.rows import read_log
from consultations.logbook.sheet import read_sheets

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
        table = find_table(read_sheets(file, name), areas)

    figures = read_log(
        table,
        propose(table, areas),
        areas,
        starts_on=date(2002, 12, 1),
        ends_on=date(2004, 12, 31),
    ).figures()

    figures["problems"] = [(line["row"], line["problem"]) for line in figures["problems"]]
    assert figures == truth_of(name)
