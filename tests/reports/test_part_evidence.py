"""The parts of figures open their rows, too: as many as plain SQL counts, and nobody's secrets."""

import json
import random
from datetime import date
from decimal import Decimal

import pytest
from django.utils import timezone

from best_portal.accounts.models import Role, User
from best_portal.audit.models import Event
from reports.eu_enterprises import NO_SIZE
from reports.eu_people import UNASKED, WITHHELD
from reports.freezing import freeze
from reports.models import Indicator
from reports.reading import Reading
from reports.tables import sheets_of
from tests.factories import (
    YEAR,
    make_grant,
    make_project,
    make_released,
    make_report,
    make_target,
    make_user,
    make_version,
    produced,
)
from tests.reports.eu import take_part
from tests.reports.eu_sql import (
    AFTER,
    ANY_WAY,
    AS_ENTERPRISE,
    AWARDED,
    DOCUMENTED,
    HAS_JOBS,
    IN_PERIOD,
    PEOPLE,
    SIZE,
)
from tests.reports.pages import address, officer_of
from tests.reports.test_cells import lines_of
from tests.reports.test_eu_figures import make_random_enterprises, make_random_people
from tests.reports.test_figures import ask, make_scope

pytestmark = pytest.mark.django_db

SIZES = {
    "Kleinstunternehmen": "micro",
    "kleine Unternehmen": "small",
    "mittlere Unternehmen": "medium",
    "große Unternehmen": "large",
}
GENDERS = {"Frauen": "woman", "Männer": "man", "nicht-binär": "non_binary"}
LARGE, NO_CLASS = "nicht gezählt: großes Unternehmen", f"nicht gezählt: {NO_SIZE}"


def of_size(source):
    """Label → SQL of those of a class, and of those without one."""
    counted = f"SELECT count(*) FROM {source} r WHERE {IN_PERIOD} AND {SIZE}"
    return {
        **{label: f"{counted} = '{size}'" for label, size in SIZES.items()},
        NO_SIZE: f"{counted} IS NULL",
        LARGE: f"{counted} = 'large'",
        NO_CLASS: f"{counted} IS NULL",
    }


def still_running(kind):
    awards = AWARDED.format(more=f"AND w.kind = '{kind}'")
    sql = f"SELECT count(*) FROM ({awards}) r WHERE coalesce(r.completed > %(end)s, true)"
    return {"nicht gezählt: noch nicht abgeschlossen": sql}


# Rule → label of a part → plain SQL that counts it.
ENTERPRISES = {
    "small_enterprises": of_size(f"({AS_ENTERPRISE})"),
    "enterprises_by_size": of_size(f"({DOCUMENTED})"),
    "enterprises_in_any_way": of_size(ANY_WAY),
    "enterprises_with_grants": still_running("grant"),
    "enterprises_with_instruments": still_running("instrument"),
    "private_investments": {
        "k. A. (Förderungen)": """SELECT count(*) FROM reports_enterpriseaward w
            JOIN enterprises_organisation o ON o.id = w.organisation_id
           WHERE w.grant_id = %(grant)s AND w.withdrawn_at IS NULL
             AND w.granted_on BETWEEN %(since)s AND %(end)s
             AND o.kind IN ('social_enterprise', 'local_business')
             AND (o.founded_on IS NULL OR w.granted_on >= o.founded_on)
             AND w.completed_on BETWEEN %(start)s AND %(end)s AND w.private_amount IS NULL"""
    },
    "jobs_created": {
        "k. A. (Unternehmen)": f"""SELECT count(*) FROM {AFTER} r
            WHERE r.after BETWEEN %(start)s AND %(end)s AND NOT {HAS_JOBS}"""
    },
}
OF_PEOPLE = {
    rule: {label: f"{sql} AND gender = '{gender}'" for label, gender in GENDERS.items()}
    for rule, sql in PEOPLE.items()
}


def indicators(rules):
    return {each.code: each for each in Indicator.objects.filter(rule__in=rules).order_by("pk")}


def frozen_of(grant, rules, starts_on, ends_on):
    for indicator in indicators(rules).values():
        make_target(grant=grant, indicator=indicator)
    report = make_report(grant=grant, starts_on=starts_on, ends_on=ends_on)
    document = freeze(make_version(report=report), at=timezone.now())
    report.versions.all().delete()
    return report, json.loads(document.to_json())


def agrees_with_sql(grant, rules, starts_on, ends_on):
    """Compare each part with its SQL and with its rows; returns how many rows there were."""
    _report, frozen = frozen_of(grant, rules, starts_on, ends_on)
    reading, rows = Reading(frozen), 0
    scopes = {
        False: make_scope(grant, starts_on=starts_on, ends_on=ends_on),
        True: make_scope(grant, ends_on=ends_on),
    }
    for code, indicator in indicators(rules).items():
        figure = reading.figure(code)
        for part in figure.parts:
            sql = rules[indicator.rule].get(part.label)
            if sql is None:
                assert part.is_withheld
                continue
            for cumulated, scope in scopes.items():
                evidence = reading.evidence_of_part(code, part.number, cumulated=cumulated)
                told = part.cumulated if cumulated else part.in_period
                assert evidence.total == evidence.value == told == ask(sql, scope), (code, part)
                whole = reading.evidence(code, cumulated=cumulated).rows
                assert part.is_within == all(row in whole for row in evidence.rows) or not told
                assert evidence.rule["text"] == reading.rule(code)["text"]
                rows += len(evidence.rows)
        for cumulated in scopes:
            within = [
                row["id"]
                for part in figure.parts
                if part.is_within
                for row in reading.evidence_of_part(code, part.number, cumulated=cumulated).rows
            ]
            whole = reading.evidence(code, cumulated=cumulated).rows
            assert not within or sorted(within) == sorted(row["id"] for row in whole)
    return rows


@pytest.mark.parametrize("seed", [1, 2])
def test_parts_of_people_open_as_many_rows_as_plain_sql_counts(seed):
    project = make_project()
    make_random_people(project, random.Random(seed))

    rows = agrees_with_sql(
        make_grant(project=project), OF_PEOPLE, date(YEAR, 4, 1), date(YEAR, 10, 31)
    )

    assert rows > 50


@pytest.mark.parametrize("seed", [3, 4, 5])
def test_parts_of_enterprises_open_as_many_rows_as_plain_sql_counts(seed):
    project = make_project(starts_on=date(YEAR, 1, 1), ends_on=date(YEAR + 2, 12, 31))
    grant = make_grant(project=project, minimum_hours=Decimal("1.00"))
    for number in range(3):
        make_random_enterprises(grant, random.Random(10 * seed + number))

    rows = agrees_with_sql(grant, ENTERPRISES, date(YEAR, 3, 1), date(YEAR + 1, 8, 31))

    assert rows > 20


# --- what an answer about health or origin must not give away ---


@pytest.fixture
def version():
    """A released report: three women and a man, what they said and did not say of themselves."""
    grant = make_grant(project=make_project(asks_participants=True))
    for month, gender, disability in (
        (2, "woman", "yes"),
        (3, "woman", "no"),
        (8, "woman", "yes"),
        (9, "man", None),
    ):
        take_part(grant.project, date(YEAR, month, 1), gender=gender, disability=disability)
    rules = ["people_eeco01", "people_eeco12"]
    report, frozen = frozen_of(grant, rules, date(YEAR, 7, 1), grant.ends_on)
    return make_released(produced(frozen=frozen), report=report)


def place_of(version, code, label):
    parts = Reading(version.frozen).figure(code).parts
    return next(part.number for part in parts if part.label == label)


def test_rows_of_a_part_about_health_have_neither_day_nor_number(version):
    place = place_of(version, "EECO12", "Frauen")

    evidence = Reading(version.frozen).evidence_of_part("EECO12", place, cumulated=True)

    assert [(row["on"], row["case_number"], row["kind"]) for row in evidence.rows] == [
        (None, "", "Teilnahme, Frau")
    ] * 2
    # Numbered anew in each figure: no key of a person stands in the rows.
    assert {row["id"] for row in evidence.rows} == {1, 2}


@pytest.mark.parametrize("label", [WITHHELD, UNASKED])
def test_who_said_nothing_about_health_is_not_listed_and_the_page_says_so(sign_in, version, label):
    reading = Reading(version.frozen)
    place = place_of(version, "EECO12", label)
    officer = officer_of(version)
    User.objects.filter(pk=officer.pk).update(language="en")
    client = sign_in(officer)

    page = client.get(address("detail", version.report_id))

    assert reading.evidence_of_part("EECO12", place) is None
    item = next(each for each in version.frozen["indicators"] if each["code"] == "EECO12")
    part = item["parts"][place - 1]
    assert [part[name] for name in ("counted", "counted_since", "rows", "rows_since")] == [None] * 4
    assert page.text.count("its rows are not shown") == 2
    assert "Art. 9 GDPR" in page.text
    for name in ("figure_part", "figure_part_cumulated"):
        assert address(name, version.pk, "EECO12", place) not in page.text
        assert client.get(address(name, version.pk, "EECO12", place)).status_code == 404
    assert not reading.lacks_rows


# --- the pages and files ---


def test_the_funder_opens_a_part_and_takes_its_rows_along(sign_in, version):
    officer = officer_of(version)
    User.objects.filter(pk=officer.pk).update(language="en")
    client = sign_in(officer)
    place = place_of(version, "EECO01", "Frauen")

    detail = client.get(address("detail", version.report_id))
    for name, number in (("figure_part", 1), ("figure_part_cumulated", 3)):
        link = address(name, version.pk, "EECO01", place)
        assert f'href="{link}"' in detail.text
        page = client.get(link)
        assert page.context["evidence"].total == page.context["evidence"].value == number
        assert Reading(version.frozen).rule("EECO01")["text"] in page.text
        assert "of the rule" in page.text
        file = client.get(address(f"{name}_rows", version.pk, "EECO01", place, "csv"))
        assert len(lines_of(file)) == 1 + number
        sheet = client.get(address(f"{name}_rows", version.pk, "EECO01", place, "xlsx"))
        assert sheet.status_code == 200
    taken = Event.objects.about(version).filter(verb="report.rows_downloaded", actor=officer)
    assert {each.details["of"] for each in taken} == {
        f"EECO01-teil-{place}",
        f"EECO01-teil-{place}-seit-beginn",
    }


def test_a_part_opens_for_whoever_may_read_its_report(sign_in, version):
    addresses = [
        address("figure_part", version.pk, "EECO01", 1),
        address("figure_part_rows", version.pk, "EECO01", 1, "csv"),
        address("figure_part_cumulated", version.pk, "EECO01", 1),
        address("figure_part_cumulated_rows", version.pk, "EECO01", 1, "xlsx"),
    ]
    people = {
        200: [make_user(Role.MANAGER), officer_of(version)],
        403: [make_user(Role.FOUNDER), make_user(Role.EVALUATOR)],
        404: [make_user(Role.ADVISOR), officer_of(make_released())],
    }
    for status, users in people.items():
        for user in users:
            client = sign_in(user)
            assert {client.get(each).status_code for each in addresses} == {status}, user.role
    client = sign_in(people[200][0])
    for code, place in (("EECO01", 0), ("EECO01", 4), ("EECO99", 1)):
        assert client.get(address("figure_part", version.pk, code, place)).status_code == 404


def test_the_sheet_of_figures_says_what_the_pages_say(version):
    reading = Reading(version.frozen)
    _title, _headings, rows = next(iter(sheets_of(version.frozen)))
    told = {row[1]: row[4:6] for row in rows}

    for figure in reading.figures:
        for part in figure.parts:
            numbers = told[f"{figure.name}: {part.label}"]
            assert numbers == (part.in_period, part.cumulated)
            if part.can_be_opened:
                for cumulated, number in enumerate(numbers):
                    opened = reading.evidence_of_part(
                        figure.code, part.number, cumulated=bool(cumulated)
                    )
                    assert len(opened.rows) == number


def test_a_version_of_before_shows_its_parts_and_says_why_they_do_not_open(sign_in, version):
    frozen = json.loads(json.dumps(version.frozen))
    for item in frozen["indicators"]:
        item["parts"] = [
            {name: part[name] for name in ("label", "in_period", "cumulated", "is_within")}
            for part in item["parts"]
        ]
    old = make_released(produced(frozen=frozen))
    client = sign_in(officer_of(old))

    page = client.get(address("detail", old.report_id))

    assert page.status_code == 200
    assert "Diese Version entstand, bevor jede Kennzahl" in " ".join(page.text.split())
    assert address("figure_part", old.pk, "EECO01", 1) not in page.text
    assert client.get(address("figure_part", old.pk, "EECO01", 1)).status_code == 404
    assert client.get(address("figure", old.pk, "EECO01")).status_code == 200
