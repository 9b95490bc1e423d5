"""The cumulated figure opens the rows it counted, those before the period included."""

import json
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from best_portal.accounts.models import Role, User
from consultations.models import ConsultationKind
from enterprises.models import Job, JobKind, OrganisationKind
from reports import paper
from reports.annex_rows import AnnexRow
from reports.document import Document
from reports.freezing import freeze
from reports.reading import Reading
from reports.scope import Scope
from tests.factories import (
    YEAR,
    frozen,
    make_agreement,
    make_consultation,
    make_enterprise,
    make_forum,
    make_grant,
    make_indicator,
    make_meeting,
    make_network,
    make_organisation,
    make_project,
    make_released,
    make_report,
    make_target,
    make_topic,
    make_user,
    make_version,
    produced,
)
from tests.reports.pages import address, officer_of
from tests.reports.samples import make_document
from tests.reports.test_figures import SQL, ask

pytestmark = pytest.mark.django_db

HALF = date(YEAR, 7, 1)
# Rule -> the code of its indicator.
CODES = {rule: f"BEST-R{position}" for position, rule in enumerate(sorted(SQL))}


def build_locally(project):
    """A forum and a network that met, and agreements that were signed, before and since July."""
    for forum in (make_forum(), make_forum(kind="round", organisation=make_network())):
        project.forums.add(forum)
        for month in (3, 10):
            moment = datetime(YEAR, month, 5, 18, tzinfo=ZoneInfo("Europe/Berlin"))
            make_meeting(forum=forum, starts_at=moment, guests=month)
            signed = make_agreement(name=f"Geheim {month}", signed_on=moment.date())
            project.agreements.add(signed)


def make_busy_grant():
    """A grant with an indicator for each rule, and work of every kind before and since July."""
    project = make_project()
    grant = make_grant(project=project, minimum_hours=Decimal("1.00"))
    for position, (rule, code) in enumerate(CODES.items()):
        decimals = 2 if rule in ("hours", "new_jobs") else 0
        indicator = make_indicator(code=code, rule=rule, decimals=decimals)
        make_target(grant=grant, indicator=indicator, position=position)
    build_locally(project)
    for founded in (date(YEAR, 4, 1), date(YEAR, 9, 1), date(YEAR - 1, 1, 1)):
        body = make_enterprise(name="Geheimname", founded_on=founded)
        job = {"kind": JobKind.NEW, "confirmed_on": date(YEAR, 12, 1), "confirmed_by": "Geheim"}
        for month, fte in ((5, "0.50"), (10, "0.75")):
            day = date(YEAR, month, 1)
            Job.objects.create(organisation=body, title="Küche", fte=fte, since=day, **job)
        for month in (2, 5, 8, 11):
            make_consultation(
                project=project,
                organisation=body,
                minutes=50,
                held_on=date(YEAR, month, 3),
                topics=[make_topic()],
                result="Vorher besprochen" if month < 7 else "Nachher besprochen",
                internal_note="Vertraulich",
            )
    for month, heads in ((3, 7), (6, 4), (9, 5)):
        make_consultation(
            project=project,
            kind=ConsultationKind.TRAINING,
            organisation=None,
            headcount=heads,
            held_on=date(YEAR, month, 9),
        )
    early = make_organisation(kind=OrganisationKind.FOUNDING_INITIATIVE)
    make_consultation(project=project, organisation=early, held_on=date(YEAR, 1, 9))
    make_consultation(project=project, held_on=date(YEAR, 1, 9), withdrawn_at=timezone.now())
    make_consultation(held_on=date(YEAR, 1, 9))
    return grant


def frozen_document(grant, starts_on=HALF, at=None):
    version = make_version(report=make_report(grant=grant, starts_on=starts_on))
    return freeze(version, at=at or timezone.now())


def as_stored(document):
    return json.loads(document.to_json())


def added_up(rule, rows):
    """Add the rows by hand, without asking the document how."""
    if rule == "hours":
        hours = Decimal(sum(row["minutes"] for row in rows)) / 60
        return hours.quantize(Decimal("0.01"), ROUND_HALF_UP)
    if rule in ("attendances", "forum_attendances"):
        return sum(row["people"] for row in rows)
    if rule == "new_jobs":
        return sum(Decimal(row["fte"]) for row in rows)
    return len(rows)


@pytest.mark.parametrize("starts_on", [HALF, date(YEAR, 1, 1)], ids=["half a year", "all of it"])
def test_the_rows_of_each_cumulated_figure_add_up_to_plain_sql(starts_on):
    grant = make_busy_grant()
    reading = Reading(as_stored(frozen_document(grant, starts_on)))
    period = Scope.of(grant, starts_on, grant.ends_on)

    for rule, code in CODES.items():
        figure = reading.figure(code)
        for evidence, scope in (
            (reading.evidence(code), period),
            (reading.evidence(code, cumulated=True), period.cumulated),
        ):
            expected = ask(SQL[rule], scope)
            assert expected > 0, rule
            assert evidence.value == expected, rule
            assert added_up(rule, evidence.rows) == expected, rule
            assert evidence.total == expected, rule
        if starts_on == HALF:
            assert figure.cumulated > figure.in_period, rule


def test_rows_before_the_period_stay_out_of_the_printed_list_and_say_nothing_of_the_talk():
    document = frozen_document(make_busy_grant())

    assert {row.on < HALF for row in document.earlier} == {True}
    assert {row.on >= HALF for row in document.annex} == {True}
    assert {(row.topic, row.result, row.task) for row in document.earlier} == {("", "", "")}
    assert "Vorher besprochen" not in document.to_json()
    assert "Nachher besprochen" in document.to_json()


def test_nothing_is_frozen_twice_where_period_and_cumulated_are_the_same():
    document = frozen_document(make_busy_grant(), starts_on=date(YEAR, 1, 1))

    assert set(document.counted_since.values()) == {None}
    assert (document.rows_since, document.earlier) == ({}, ())


def test_only_consultations_a_cumulated_figure_counts_are_frozen_from_before_the_period():
    grant = make_busy_grant()
    grant.targets.exclude(indicator__rule="trainings").delete()

    document = frozen_document(grant)

    assert [row.kind for row in document.earlier] == ["Qualifizierung"] * 2


def test_a_period_that_begins_before_the_grant_does_opens_what_the_grant_pays_for():
    grant = make_grant(starts_on=date(YEAR, 3, 1))
    make_target(grant=grant, indicator=make_indicator(code="BEST-R0"))
    for month in (2, 3):
        make_consultation(project=grant.project, held_on=date(YEAR, month, 1))

    reading = Reading(as_stored(frozen_document(grant, starts_on=date(YEAR, 1, 1))))

    figure = reading.figure("BEST-R0")
    assert (figure.in_period, figure.cumulated) == (2, 1)
    assert [row["on"].month for row in reading.evidence("BEST-R0", cumulated=True).rows] == [3]


def test_the_same_work_freezes_to_the_same_bytes_and_comes_back_whole():
    grant = make_busy_grant()
    version = make_version(report=make_report(grant=grant, starts_on=HALF))
    at = timezone.now()

    text = freeze(version, at=at).to_json()

    assert freeze(version, at=at).to_json() == text
    assert Document.from_json(text).to_json() == text


def test_the_paper_does_not_grow_and_its_json_carries_the_rows():
    document = make_document(rows=3)
    before = tuple(
        AnnexRow(id=900 + n, number=n, on=date(2002, 11, n), kind="Vorlauf", minutes=977)
        for n in range(1, 10)
    )
    longer = make_document(rows=3, earlier=before, counted_since={"BEST-BER": (1, 2, 3, 901)})

    # The paper names the digest of all it stands for; that alone is another.
    html = paper.typeset(longer).html.replace(longer.digest, document.digest)
    assert html == paper.typeset(document).html
    files = {item.name: item.content for item in paper.attachments(longer)}
    others = {item.name: item.content for item in paper.attachments(document)}
    assert b"Vorlauf" in files.pop("bericht.json")
    others.pop("bericht.json")
    assert files == others


# --- pages ---


def old_document():
    """As it was frozen before cumulated figures brought rows."""
    document = frozen()
    for key in ("counted_since", "measures"):
        del document[key]
    return document


def released_half_year():
    grant = make_busy_grant()
    report = make_report(grant=grant, starts_on=HALF)
    document = freeze(make_version(report=report), at=timezone.now())
    report.versions.all().delete()
    return make_released(produced(frozen=as_stored(document)), report=report)


@pytest.mark.parametrize("code", CODES.values(), ids=CODES)
def test_the_funder_opens_the_rows_since_the_start_and_reads_no_names(sign_in, code):
    version = released_half_year()
    officer = officer_of(version)
    User.objects.filter(pk=officer.pk).update(language="en")
    browser = sign_in(officer)
    link = address("figure_cumulated", version.pk, code)

    overview = browser.get(address("detail", version.report.pk)).content.decode()
    page = browser.get(link)

    assert f'href="{link}"' in overview
    evidence = page.context["evidence"]
    assert evidence.total == evidence.value == page.context["figure"].cumulated
    assert min(row["on"] for row in evidence.rows) < HALF
    text = page.content.decode()
    assert "since the start" in text
    assert "sum of the rows" in text
    assert not [word for word in ("Geheim", "Vertraulich", "besprochen") if word in text]


def test_another_programmes_funder_does_not_find_the_rows_since_the_start(sign_in):
    version, other = make_released(), make_released()

    page = sign_in(officer_of(other)).get(address("figure_cumulated", version.pk, "BEST-BER"))

    assert page.status_code == 404


def test_a_document_frozen_before_still_opens_without_that_link(sign_in):
    version = make_released(produced(frozen=old_document()))
    browser = sign_in(make_user(Role.MANAGER))
    link = address("figure_cumulated", version.pk, "BEST-BER")

    overview = browser.get(address("detail", version.report.pk)).content.decode()
    page = browser.get(address("figure", version.pk, "BEST-BER"))

    assert link not in overview
    assert address("figure", version.pk, "BEST-BER") in overview
    assert [row["id"] for row in page.context["evidence"].rows] == [1, 3]
    assert page.context["evidence"].total is None
    assert link not in page.content.decode()
    assert browser.get(link).status_code == 404


def test_the_json_of_a_document_frozen_before_can_still_be_read():
    old = json.loads(make_document().to_json())
    for key in ("counted_since", "rows_since", "earlier", "measures"):
        del old[key]
    for row in old["annex"]:
        del row["people"], row["fte"]

    document = Document.from_json(json.dumps(old))

    assert document == make_document()
    assert (document.counted_since, document.earlier) == ({}, ())
