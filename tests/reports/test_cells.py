"""Every cell of a breakdown opens the rows it counted, and these add up to it."""

import csv
import io
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from best_portal.audit.models import Event
from consultations.models import Consultation, ConsultationKind
from reports.document import Ids
from reports.freezing import freeze
from reports.models import ReportVersion
from reports.reading import Reading
from tests.factories import (
    YEAR,
    frozen,
    make_consultation,
    make_district,
    make_draft,
    make_enterprise,
    make_grant,
    make_organisation,
    make_project,
    make_released,
    make_report,
    make_task,
    make_topic,
    make_version,
    produced,
)
from tests.reports.pages import address, officer_of
from tests.reports.test_since_start import as_stored

pytestmark = pytest.mark.django_db

GERMAN_KINDS = {"advice": "Beratung", "accompaniment": "Begleitung", "training": "Qualifizierung"}
GROUPS = {
    "founding_initiative": "Gründungsinitiativen",
    "social_enterprise": "Sozialunternehmen",
    "local_business": "Lokale Betriebe",
    "association": "Vereine",
    "foundation": "Stiftungen",
    "public_body": "Öffentliche Stellen",
    "network": "Netzwerke",
    "project_group": "Projektgruppen",
    None: "Qualifizierung ohne Organisation",
}
# Table -> what its lines are named after, in SQL; each row is (name, column or NULL, id, minutes).
LINES = {
    "months": "to_char(c.held_on, 'MM/YYYY'), c.kind",
    "areas": "coalesce((SELECT name FROM districts_district d WHERE d.id = c.district_id), "
    "'ohne Gebiet'), NULL",
    "groups": "(SELECT kind FROM enterprises_organisation o WHERE o.id = c.organisation_id), NULL",
    "tasks": "coalesce((SELECT number || '. ' || title FROM consultations_projecttask t "
    "WHERE t.id = c.task_id), 'ohne Aufgabe'), NULL",
    "topics": "coalesce(t.name, 'ohne Thema'), NULL",
}
ROWS = """
    SELECT {names}, c.id, c.minutes
    FROM consultations_consultation c {topics}
    WHERE c.project_id = %s AND c.withdrawn_at IS NULL AND c.held_on BETWEEN %s AND %s
"""
TOPICS = """
    LEFT JOIN consultations_consultation_topics ct ON ct.consultation_id = c.id
    LEFT JOIN consultations_topic t ON t.id = ct.topic_id
"""


def rows_in_sql(table, report):
    """(name of the line, name of the column or None) -> {id: minutes}, asked of the tables."""
    sql = ROWS.format(names=LINES[table], topics=TOPICS if table == "topics" else "")
    with connection.cursor() as cursor:
        cursor.execute(sql, [report.grant.project_id, report.starts_on, report.ends_on])
        found = {}
        for name, kind, pk, minutes in cursor.fetchall():
            name = GROUPS[name] if table == "groups" else name
            found.setdefault((name, GERMAN_KINDS.get(kind)), {})[pk] = minutes
    return found


def expected_of(cell, line, table, in_sql):
    """Which consultations the cell counts, by SQL; the sum counts those of every line."""
    by_kind = table.key == "months"
    return {
        pk: minutes
        for (name, kind), rows in in_sql.items()
        if line.name == "summe" or name == line.label
        if not by_kind or kind == cell.column
        for pk, minutes in rows.items()
    }


def hours(minutes):
    return (Decimal(minutes) / 60).quantize(Decimal("0.01"), ROUND_HALF_UP)


def every_cell(table):
    for line in [*table.lines, *([table.sum] if table.sum else [])]:
        for cell in line.cells:
            yield line, cell


def assert_cells_add_up(version, open_cell):
    """Compare every cell with SQL; `open_cell` gives its rows. Return how many there were."""
    compared = 0
    for table in Reading(version.frozen).tables:
        in_sql = rows_in_sql(table.key, version.report)
        for line, cell in every_cell(table):
            expected = expected_of(cell, line, table, in_sql)
            evidence = open_cell(table.key, cell.line, cell.place)
            where = (table.key, line.label, cell.column)
            assert {row["id"]: row["minutes"] for row in evidence.rows} == expected, where
            assert len(evidence.rows) == len(expected), where
            by_minutes = cell.column == "Stunden"
            number = hours(sum(expected.values())) if by_minutes else len(expected)
            assert cell.value == evidence.value == evidence.total == number, where
            compared += 1
    return compared


def make_busy_report():
    """Work of every kind in two months, two areas, two tasks, with topics one, two and none."""
    project = make_project()
    places, topics = [make_district(), make_district()], [make_topic(), make_topic()]
    tasks = [make_task(project=project), make_task(project=project)]
    bodies = [make_organisation(name="Geheimname"), make_enterprise(name="Geheimname 2")]
    for position in range(12):
        make_consultation(
            project=project,
            kind=list(ConsultationKind)[position % 3],
            held_on=date(YEAR, 2 + position % 2, 1 + position),
            minutes=20 + position,
            organisation=bodies[position % 2],
            district=[*places, None][position % 3],
            task=[*tasks, None][position % 3],
            topics=topics[: position % 3],
            internal_note="Vertraulich",
            result="Ergebnis",
        )
    make_consultation(
        project=project, kind=ConsultationKind.TRAINING, organisation=None, minutes=50
    )
    make_consultation(project=project, withdrawn_at=timezone.now())
    make_consultation(held_on=date(YEAR, 2, 1))
    return make_report(grant=make_grant(project=project))


def made_of(report, make=make_draft):
    document = freeze(make_version(report=report), at=timezone.now())
    report.versions.all().delete()
    return make(produced(frozen=as_stored(document)), report=report)


def test_the_rows_of_every_cell_are_those_plain_sql_finds_and_add_up_to_it():
    version = made_of(make_busy_report())

    compared = assert_cells_add_up(version, Reading(version.frozen).evidence_of_cell)

    # 12 months, 3 areas, 3 groups, 3 tasks and the sum of each; 3 topics without a sum.
    assert compared == 13 * 3 + 4 * 2 + 4 * 2 + 4 * 2 + 3 * 2


def test_what_is_edited_later_changes_no_cell():
    version = made_of(make_busy_report(), make_released)
    reading = Reading(version.frozen)
    before = [reading.evidence_of_cell("areas", "1", place) for place in (1, 2)]

    Consultation.objects.update(minutes=5, district=None, withdrawn_at=timezone.now())

    again = Reading(ReportVersion.objects.get(pk=version.pk).frozen)
    assert [again.evidence_of_cell("areas", "1", place) for place in (1, 2)] == before


# --- pages ---


def test_the_funder_opens_a_cell_from_the_report_and_reads_no_names(sign_in):
    version = made_of(make_busy_report(), make_released)
    browser = sign_in(officer_of(version))

    overview = browser.get(address("detail", version.report.pk)).content.decode()
    links = [
        address("cell", version.pk, table.key, cell.line, cell.place)
        for table in Reading(version.frozen).tables
        for _line, cell in every_cell(table)
    ]
    assert [link for link in links if f'href="{link}"' not in overview] == []
    text = "".join(browser.get(link).content.decode() for link in links[::9])
    assert not [word for word in ("Geheim", "Vertraulich", "Ergebnis") if word in overview + text]


def test_a_cell_says_how_it_was_counted_and_what_its_rows_add_up_to(manager):
    version = made_of(make_busy_report())

    page = manager.get(address("cell", version.pk, "areas", "1", 2))

    evidence = page.context["evidence"]
    assert evidence.rule["text"] in page.content.decode()
    assert "einmal auf zwei Stellen gerundet" in evidence.rule["text"]
    assert evidence.rule["version"] == "1"
    assert (evidence.unit, evidence.place) == ("Stunden", "Stunden")


def test_a_cell_that_counted_nothing_says_so_and_is_no_unasked_one(manager):
    document = frozen()
    row = {"label": "Nirgends", "values": ["0", None], "counted": [""]}
    document["breakdowns"][0]["rows"].append(row)
    version = make_draft(produced(frozen=document))

    page = manager.get(address("cell", version.pk, "areas", "2", 1))

    assert (page.context["evidence"].rows, page.context["evidence"].total) == ([], 0)
    unasked = address("cell", version.pk, "areas", "2", 2)
    assert manager.get(unasked).status_code == 404
    overview = manager.get(address("detail", version.report.pk)).content.decode()
    assert unasked not in overview
    assert address("cell", version.pk, "areas", "2", 1) in overview


@pytest.mark.parametrize(
    "place",
    [
        ("areas", "0", 1),
        ("areas", "2", 1),
        ("areas", "01", 1),
        ("areas", "x\x00", 1),
        ("areas", "1", 0),
        ("areas", "1", 3),
        ("areas", "1", 10**30),
        ("planets", "1", 1),
    ],
)
@pytest.mark.parametrize(("name", "ending"), [("cell", []), ("cell_rows", ["csv"])])
def test_there_are_no_other_cells(manager, name, ending, place):
    assert manager.get(address(name, make_draft().pk, *place, *ending)).status_code == 404


def test_topics_have_no_sum_to_open():
    version = made_of(make_busy_report())

    assert Reading(version.frozen).evidence_of_cell("topics", "summe", 1) is None


def test_a_version_frozen_before_shows_its_tables_and_says_that_they_do_not_open(manager):
    document = frozen()
    table = document["breakdowns"][0]
    del table["measures"], table["rule"], table["rows"][0]["counted"]
    version = make_released(produced(frozen=document))

    overview = manager.get(address("detail", version.report.pk)).content.decode()

    assert "Leistungen nach Gebieten" in overview
    assert "2,25" in overview
    assert "aufschlagen" in overview
    assert "/tabellen/" not in overview
    assert manager.get(address("cell", version.pk, "areas", "1", 1)).status_code == 404


def test_another_programmes_funder_does_not_find_the_cell(sign_in):
    version, other = make_released(), make_released()

    page = sign_in(officer_of(other)).get(address("cell", version.pk, "areas", "1", 1))

    assert page.status_code == 404


def test_many_rows_come_in_pages_and_their_sum_stays_that_of_all(manager):
    rows = [
        {"id": n, "number": n, "on": "2024-03-01", "kind": "Beratung", "minutes": 6}
        for n in range(1, 1202)
    ]
    document = frozen(annex=rows)
    document["breakdowns"][0]["rows"][0] |= {"values": ["1201", "120.10"], "counted": ["1-1201"]}
    version = make_draft(produced(frozen=document))

    page = manager.get(address("cell", version.pk, "areas", "1", 2), {"page": "3"})

    assert len(page.context["page"]) == 201
    assert page.context["evidence"].total == Decimal("120.10")


# --- the rows as a file ---


def lines_of(answer):
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text), delimiter=";"))


def test_the_rows_of_a_cell_come_as_a_file_and_that_is_kept(sign_in):
    version = make_released()
    funder = officer_of(version)

    answer = sign_in(funder).get(address("cell_rows", version.pk, "areas", "1", 2, "csv"))

    heading, *rows = lines_of(answer)
    assert len(heading) == len(rows[0]) == 5
    assert rows[0] == ["01.03.2024", "Beratung", "60", "Musterplatz", "F-7"]
    assert sum(int(row[2]) for row in rows) == 135
    name = f'{version.file_stem}_areas-1-2.csv"'
    assert answer["Content-Disposition"].endswith(name)
    event = Event.objects.about(version).get(verb="report.rows_downloaded")
    assert (event.actor, event.details) == (funder, {"of": "areas-1-2"})


@pytest.mark.parametrize("name", ["figure_rows", "figure_cumulated_rows"])
def test_the_rows_of_a_figure_come_as_a_file(manager, name):
    document = frozen()
    document["annex"][0]["district"] = "=1+1"

    answer = manager.get(address(name, make_draft(produced(frozen=document)).pk, "BEST-BER", "csv"))

    rows = lines_of(answer)[1:]
    assert [row[0] for row in rows] == ["01.03.2024", "15.03.2024"]
    assert rows[0][3] == "'=1+1"


# --- keys in short ---


@given(st.sets(st.integers(1, 10**12) | st.integers(1, 40)))
def test_keys_survive_their_short_text(keys):
    ids = Ids.of(keys)

    assert Ids.read(ids.text) == ids == Ids.read(list(ids)) == tuple(sorted(keys))


def test_neighbouring_keys_are_written_as_a_run():
    assert Ids.of([9, 3, 5, 4, 12, 13]).text == "3-5 9 12-13"
    assert Ids().text == ""
