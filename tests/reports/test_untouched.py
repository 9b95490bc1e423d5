"""A released report survives whatever becomes of its sources: same bytes, same rows.

REPORT_EDITS says how many random edits are made, 300 unless told.
"""

import os
import random
from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from best_portal.accounts.models import Role
from consultations.models import Consultation, PeriodLock, Project, Topic
from districts.models import District
from enterprises.models import Agreement, Job, Meeting, Merge, Organisation, Person
from reports.models import (
    Acceptance,
    FinancingPlanLine,
    Grant,
    Indicator,
    ProgrammeRule,
    ReportVersion,
    Target,
    Threshold,
)
from reports.production import produce
from reports.reading import Reading
from tests.factories import (
    let_out,
    make_consultation,
    make_district,
    make_indicator,
    make_milestone,
    make_officer,
    make_organisation,
    make_person,
    make_programme_rule,
    make_report,
    make_submitted,
    make_user,
)
from tests.reports.test_since_start import HALF, make_busy_grant

pytestmark = pytest.mark.django_db

EDITS = int(os.environ.get("REPORT_EDITS", "300"))


def one_of(model, chance):
    keys = model._base_manager.order_by("pk").values_list("pk", flat=True)
    return chance.choice([*keys] or [None])


def change(model, chance, **values):
    model._base_manager.filter(pk=one_of(model, chance)).update(**values)


def merge_two(chance):
    own = list(Organisation.objects.filter(merged_into=None).order_by("pk"))
    gone, kept = chance.sample([*own, make_organisation(), make_organisation()], 2)
    Merge.objects.merge(gone, kept, by=make_user(Role.MANAGER))


def withdraw_or_restore(chance):
    row = Consultation._base_manager.get(pk=one_of(Consultation, chance))
    (row.restore if row.withdrawn_at else row.withdraw)(by=make_user(Role.MANAGER))


def erase_person(chance):
    """All that tells who somebody is."""
    change(Person, chance, name="gelöscht", email="", phone="")


def log_more(chance):
    some = Consultation._base_manager.get(pk=one_of(Consultation, chance))
    make_consultation(project=some.project, held_on=some.held_on, minutes=chance.randint(1, 300))


# What people, imports and migrations may do to the sources of a report, at any time.
WAYS = [
    lambda chance: change(Consultation, chance, minutes=chance.randint(1, 500), ends_at=None),
    lambda chance: change(Consultation, chance, kind="training", result=f"Text {chance.random()}"),
    lambda chance: change(Consultation, chance, headcount=chance.randint(1, 90)),
    lambda chance: change(Consultation, chance, held_on=HALF, starts_at=None, ends_at=None),
    withdraw_or_restore,
    log_more,
    lambda chance: change(Organisation, chance, name=f"Beispiel {chance.random()}"),
    lambda chance: change(Job, chance, fte="0.10"),
    lambda chance: change(District, chance, name=f"Gebiet {chance.random()}"),
    lambda chance: change(Topic, chance, name=f"Thema {chance.random()}"),
    lambda chance: change(Project, chance, name=f"Projekt {chance.random()}"),
    lambda chance: change(Grant, chance, title=f"Titel {chance.random()}"),
    lambda chance: change(Target, chance, value=chance.randint(1, 999)),
    lambda chance: change(ProgrammeRule, chance, version=f"Fassung {chance.random()}"),
    lambda chance: change(Threshold, chance, value=chance.randint(1, 99)),
    lambda chance: change(Meeting, chance, guests=chance.randint(0, 90)),
    lambda chance: change(Agreement, chance, signed_on=HALF),
    lambda chance: make_milestone(
        grant=Grant.objects.get(), indicator=make_indicator(), value=chance.randint(1, 99)
    ),
    lambda chance: change(Indicator, chance, rule_text=f"Anders {chance.random()}"),
    lambda chance: FinancingPlanLine.objects.all().delete(),
    erase_person,
    merge_two,
]


# What the database says of a locked period, and what a verb says of it.
REFUSALS = (IntegrityError, ValidationError)


def with_savepoint(way, chance):
    with transaction.atomic():
        way(chance)


def kept_of(version):
    """Everything that was released, as it stands in the database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT v.frozen::text, v.sha256, v.pages, v.number, v.status, d.pdf, d.csv, d.json, "
            "d.pdf_sha256 FROM reports_reportversion v "
            "JOIN reports_document d ON d.version_id = v.id WHERE v.id = %s",
            [version.pk],
        )
        return [bytes(each) if isinstance(each, memoryview) else each for each in cursor.fetchone()]


def rows_of(version):
    """What each number opens, and what its rows add up to."""
    reading = Reading(version.frozen)
    found = {}
    for figure in reading.figures:
        for cumulated in (False, True):
            evidence = reading.evidence(figure.code, cumulated=cumulated)
            assert evidence.total == evidence.value, figure.code
            found[figure.code, cumulated] = evidence.rows
            for number, _part in enumerate(figure.parts, start=1):
                part = reading.evidence_of_part(figure.code, number, cumulated=cumulated)
                found[figure.code, cumulated, number] = part and part.rows
    for table in reading.tables:
        for line in [*table.lines, *([table.sum] if table.sum else [])]:
            for cell in line.cells:
                evidence = reading.evidence_of_cell(table.key, cell.line, cell.place)
                found[table.key, cell.line, cell.place] = evidence and evidence.rows
    return found


def test_random_edits_erasures_and_another_layout_change_nothing_of_it(monkeypatch):
    grant, chance = make_busy_grant(), random.Random(1)
    Consultation.objects.update(district=make_district())
    make_organisation(), make_person(), make_programme_rule(programme=grant.programme)
    report = make_report(grant=grant, starts_on=HALF)
    drafted = report.add_version(by=make_user(Role.MANAGER))
    version = ReportVersion.objects.claim(drafted.pk)
    version.finish(produce(version, lambda step: None), seconds=1)
    version = ReportVersion.objects.get(pk=version.pk)
    let_out(version)
    before, rows = kept_of(version), rows_of(version)

    done = 0
    while done < EDITS:
        # Some the portal itself refuses, as merging an initiative with an enterprise.
        with suppress(*REFUSALS):
            with_savepoint(chance.choice(WAYS), chance)
            done += 1
    monkeypatch.setattr("reports.document.TEMPLATE_VERSION", "2")

    version = ReportVersion.objects.get(pk=version.pk)
    assert kept_of(version) == before
    assert rows_of(version) == rows
    assert version.download(by=make_user(Role.FUNDER), format="pdf") == before[5]


def test_an_accepted_report_can_be_counted_again_with_the_same_figures():
    """The lock keeps what and when: whatever else is edited, the period counts as it did."""
    grant, chance = make_busy_grant(), random.Random(2)
    version = make_submitted(report=make_report(grant=grant, starts_on=HALF))
    Acceptance.objects.accept(version, by=make_officer(version))
    lock = PeriodLock.objects.get()
    work = Consultation.objects.valid().filter(
        project=grant.project, held_on__gte=lock.starts_on, held_on__lte=lock.ends_on
    )
    before = list(work.order_by("pk").values_list("pk", "held_on", "minutes", "kind"))

    refused = 0
    for _edit in range(EDITS):
        try:
            with_savepoint(chance.choice(WAYS[:6]), chance)
        except REFUSALS:
            refused += 1

    assert refused
    assert list(work.order_by("pk").values_list("pk", "held_on", "minutes", "kind")) == before
