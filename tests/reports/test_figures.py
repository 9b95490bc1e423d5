"""Counting: every figure equals plain SQL that was written without looking at the rules."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from consultations.models import Channel, ConsultationKind
from enterprises.models import Job, JobKind, OrganisationKind
from reports import figures, german, splits
from reports.freezing import freeze
from reports.models import Indicator
from reports.scope import Scope, snapshot
from tests.factories import (
    YEAR,
    make_consultation,
    make_district,
    make_enterprise,
    make_grant,
    make_organisation,
    make_project,
    make_report,
    make_task,
    make_topic,
    make_version,
)
from tests.reports.eu_sql import ENTERPRISES, PEOPLE

pytestmark = pytest.mark.django_db

# Each returns one number for %(project)s from %(start)s to %(end)s under a grant since %(since)s.
WORK = """
    FROM consultations_consultation c
    WHERE c.project_id = %(project)s AND c.withdrawn_at IS NULL
      AND c.held_on BETWEEN %(start)s AND %(end)s
"""
BEFORE = """
    EXISTS (SELECT FROM consultations_consultation c
            WHERE c.organisation_id = o.id AND c.project_id = %(project)s
              AND c.withdrawn_at IS NULL AND c.held_on BETWEEN %(since)s AND {day})
"""
THRESHOLD = """
    SELECT count(*) FROM (
      SELECT organisation_id, min(held_on) FILTER (WHERE so_far >= %(minimum)s * 60) AS reached
      FROM (
        SELECT c.organisation_id, c.held_on,
               sum(c.minutes) OVER (PARTITION BY c.organisation_id ORDER BY c.held_on, c.id) so_far
        FROM (
          SELECT id, project_id, withdrawn_at, held_on, channel, organisation_id, minutes
            FROM consultations_consultation
          UNION ALL
          SELECT g.id, g.project_id, g.withdrawn_at, g.held_on, g.channel, a.organisation_id,
                 max(coalesce(a.minutes, g.minutes))
            FROM consultations_attendance a
            JOIN consultations_consultation g ON g.id = a.consultation_id
           WHERE g.organisation_id IS NULL
           GROUP BY g.id, a.organisation_id
        ) c JOIN enterprises_organisation o ON o.id = c.organisation_id
        WHERE c.project_id = %(project)s AND c.withdrawn_at IS NULL
          AND c.held_on BETWEEN %(since)s AND %(end)s
          AND o.kind IN ('social_enterprise', 'local_business')
          AND (o.founded_on IS NULL OR c.held_on >= o.founded_on) {more}
      ) sums GROUP BY organisation_id
    ) days WHERE reached >= %(start)s
"""
MEETINGS = """
    SELECT {what} FROM enterprises_meeting m JOIN enterprises_forum f ON f.id = m.forum_id
     WHERE f.kind IN ({kinds}) AND m.withdrawn_at IS NULL AND NOT m.is_cancelled
       AND m.starts_at < now()
       AND (m.starts_at AT TIME ZONE 'Europe/Berlin')::date BETWEEN %(start)s AND %(end)s
       AND f.id IN (SELECT forum_id FROM consultations_project_forums
                     WHERE project_id = %(project)s)
"""
SQL = {
    "consultations": f"SELECT count(*) {WORK}",
    "hours": f"SELECT round(coalesce(sum(c.minutes), 0) / 60.0, 2) {WORK}",
    "organisations": f"SELECT count(DISTINCT c.organisation_id) {WORK}",
    "initiatives": f"""
        SELECT count(*) FROM (SELECT c.organisation_id AS id, min(c.held_on) AS first {WORK}
                              GROUP BY c.organisation_id) f
        JOIN enterprises_organisation o USING (id)
        WHERE o.kind = 'founding_initiative' OR o.founded_on > f.first""",
    "foundings": f"""
        SELECT count(*) FROM enterprises_organisation o
        WHERE o.founded_on BETWEEN %(start)s AND %(end)s
          AND {BEFORE.format(day="o.founded_on")}""",
    "new_jobs": f"""
        SELECT coalesce(sum(j.fte), 0) FROM enterprises_job j
        JOIN enterprises_organisation o ON o.id = j.organisation_id
        WHERE j.kind = 'new' AND j.confirmed_on IS NOT NULL
          AND j.since BETWEEN %(start)s AND %(end)s AND {BEFORE.format(day="j.since")}""",
    "trainings": f"SELECT count(*) {WORK} AND c.kind = 'training'",
    "attendances": f"SELECT coalesce(sum(c.headcount), 0) {WORK} AND c.kind = 'training'",
    "forum_meetings": MEETINGS.format(what="count(*)", kinds="'forum', 'working_group'"),
    "forum_attendances": MEETINGS.format(
        what="coalesce(sum(m.guests + (SELECT count(*) FROM enterprises_meetingattendance a "
        "WHERE a.meeting_id = m.id)), 0)",
        kinds="'forum', 'working_group'",
    ),
    "network_meetings": MEETINGS.format(what="count(*)", kinds="'round'"),
    "agreements_signed": """
        SELECT count(*) FROM enterprises_agreement a
        WHERE a.signed_on BETWEEN %(start)s AND %(end)s
          AND a.id IN (SELECT agreement_id FROM consultations_project_agreements
                        WHERE project_id = %(project)s)""",
    "enterprises_supported": THRESHOLD.format(more=""),
    "enterprises_advised": THRESHOLD.format(more="AND c.channel NOT IN ('phone', 'email')"),
}


def ask(sql, scope):
    parameters = {
        "project": scope.project,
        "grant": scope.grant,
        "start": scope.starts_on,
        "end": scope.ends_on,
        "since": scope.since,
        # One for the whole time, as the grants of these tests have it.
        "minimum": scope.hours[0].value if scope.hours else 0,
    }
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        (value,) = cursor.fetchone()
        return None if value is None else Decimal(str(value))


def count(rule, scope):
    return figures.RULES[rule](scope).value


def make_scope(grant=None, **fields):
    grant = grant or make_grant()
    return Scope.of(
        grant, fields.get("starts_on", grant.starts_on), fields.get("ends_on", grant.ends_on)
    )


def test_every_rule_is_compared_with_sql_and_every_indicator_has_its_rule():
    assert {*SQL, *ENTERPRISES, *PEOPLE, "not_measured"} == set(figures.RULES)
    assert set(Indicator.objects.values_list("rule", flat=True)) <= set(figures.RULES)


def test_every_kind_has_a_german_word_on_paper():
    assert set(german.KINDS) == set(ConsultationKind.values)
    assert set(german.ORGANISATION) == set(german.ORGANISATIONS) == set(OrganisationKind.values)


def test_only_this_project_in_this_period_counts_and_nothing_withdrawn():
    grant = make_grant()
    mine = make_consultation(project=grant.project, held_on=date(YEAR, 3, 1))
    make_consultation(project=grant.project, held_on=date(YEAR, 7, 1))
    make_consultation(held_on=date(YEAR, 3, 1))
    make_consultation(project=grant.project, held_on=date(YEAR, 3, 1), withdrawn_at=timezone.now())

    counted = figures.RULES["consultations"](make_scope(grant, ends_on=date(YEAR, 6, 30)))

    assert counted.value == 1
    assert counted.ids == (mine.pk,)


def test_first_and_last_day_of_the_period_count():
    grant = make_grant()
    for day in (date(YEAR, 2, 28), date(YEAR, 3, 1), date(YEAR, 3, 31), date(YEAR, 4, 1)):
        make_consultation(project=grant.project, held_on=day)

    scope = make_scope(grant, starts_on=date(YEAR, 3, 1), ends_on=date(YEAR, 3, 31))

    assert count("consultations", scope) == 2


def test_five_sessions_of_one_organisation_are_one_organisation():
    grant, body = make_grant(), make_organisation()
    for _ in range(5):
        make_consultation(project=grant.project, organisation=body)

    assert count("organisations", make_scope(grant)) == 1


def test_hours_are_rounded_once():
    grant = make_grant()
    for _ in range(3):
        make_consultation(project=grant.project, minutes=20)

    assert figures.RULES["hours"](make_scope(grant)).rounded(2).value == Decimal("1.00")


def test_a_founding_counts_only_after_advice():
    grant = make_grant()
    advised = make_enterprise(founded_on=date(YEAR, 5, 1))
    too_late = make_enterprise(founded_on=date(YEAR, 5, 1))
    make_consultation(project=grant.project, organisation=advised, held_on=date(YEAR, 5, 1))
    make_consultation(project=grant.project, organisation=too_late, held_on=date(YEAR, 5, 2))

    assert figures.RULES["foundings"](make_scope(grant)).ids == (advised.pk,)


@pytest.mark.parametrize(
    ("changed", "counted"),
    [
        ({}, Decimal("0.5")),
        ({"kind": JobKind.KEPT}, 0),
        ({"confirmed_on": None, "confirmed_by": ""}, 0),
        ({"since": date(YEAR, 2, 28)}, 0),
        ({"since": date(YEAR + 1, 1, 1)}, 0),
    ],
    ids=["new", "kept", "not confirmed", "before the advice", "after the period"],
)
def test_only_new_confirmed_jobs_after_advice_count(changed, counted):
    grant, body = make_grant(), make_enterprise()
    make_consultation(project=grant.project, organisation=body, held_on=date(YEAR, 3, 1))
    fields = {
        "title": "Küche",
        "kind": JobKind.NEW,
        "fte": Decimal("0.5"),
        "since": date(YEAR, 3, 1),
        "confirmed_on": date(YEAR, 4, 1),
        "confirmed_by": "Erika Muster",
    }

    Job.objects.create(organisation=body, **fields | changed)

    assert count("new_jobs", make_scope(grant)) == counted


def test_attendances_count_heads_and_not_persons():
    project = make_project()
    for heads in (5, 7):
        make_consultation(
            project=project, kind=ConsultationKind.TRAINING, headcount=heads, organisation=None
        )
    make_consultation(project=project, headcount=9)
    scope = make_scope(make_grant(project=project))

    assert count("attendances", scope) == 12
    assert count("trainings", scope) == 2


def test_an_enterprise_counts_on_the_day_it_reaches_the_threshold():
    grant = make_grant(minimum_hours=Decimal("2.00"))
    shop = make_organisation(kind=OrganisationKind.LOCAL_BUSINESS)
    for month in (2, 9):
        make_consultation(project=grant.project, organisation=shop, held_on=date(YEAR, month, 1))
    first = make_scope(grant, ends_on=date(YEAR, 6, 30))
    second = make_scope(grant, starts_on=date(YEAR, 7, 1))

    assert count("enterprises_supported", first) == 0
    assert count("enterprises_supported", second) == 1
    assert count("enterprises_supported", second.cumulated) == 1


@pytest.mark.parametrize("channel", [Channel.PHONE, Channel.EMAIL])
def test_calls_and_letters_are_no_advice_to_an_enterprise(channel):
    grant, shop = make_grant(), make_enterprise()
    make_consultation(project=grant.project, organisation=shop, channel=channel)

    assert count("enterprises_advised", make_scope(grant)) == 0
    assert count("enterprises_supported", make_scope(grant)) == 1


def test_hours_before_the_founding_do_not_make_an_enterprise():
    grant = make_grant()
    body = make_enterprise(founded_on=date(YEAR, 6, 1))
    make_consultation(project=grant.project, organisation=body, held_on=date(YEAR, 5, 31))

    assert count("enterprises_supported", make_scope(grant)) == 0


def test_an_approved_early_start_counts_too():
    project = make_project(starts_on=date(YEAR, 1, 1))
    grant = make_grant(project=project, starts_on=date(YEAR, 3, 1), early_start_on=date(YEAR, 2, 1))
    for month in (1, 2, 3):
        make_consultation(project=project, held_on=date(YEAR, month, 15))

    assert count("consultations", make_scope(grant, starts_on=date(YEAR, 3, 1))) == 1
    assert count("consultations", make_scope(grant).cumulated) == 2


def test_months_without_work_are_zero_and_not_missing():
    grant = make_grant()
    make_consultation(project=grant.project, held_on=date(YEAR, 3, 1))

    months = splits.by_month(make_scope(grant, ends_on=date(YEAR, 4, 30)))

    assert [row.label for row in months.rows] == [f"{n:02}/{YEAR}" for n in (1, 2, 3, 4)]
    assert [sum(row.values) for row in months.rows] == [0, 0, 1, 0]


def test_the_annex_names_nobody_and_says_what_was_reportable():
    project = make_project()
    body = make_organisation(name="Geheimname gGmbH")
    make_consultation(
        project=project,
        organisation=body,
        district=make_district(name="Beispielplatz"),
        task=make_task(project=project, title="Foren"),
        topics=[make_topic("Räume"), make_topic("Ämter")],
        internal_note="Vertraulich",
        result="Satzung besprochen",
    )

    (row,) = splits.annex(make_scope(make_grant(project=project)))

    assert row.case_number == body.number
    assert row.topic == "Ämter, Räume"
    assert (row.district, row.task, row.result) == ("Beispielplatz", "Foren", "Satzung besprochen")
    assert "Geheimname" not in repr(row)
    assert "Vertraulich" not in repr(row)


@pytest.mark.parametrize("rows", [1, 30])
def test_freezing_costs_the_same_however_much_there_is(rows, django_assert_max_num_queries):
    grant = make_grant()
    for _ in range(rows):
        make_consultation(project=grant.project, topics=[make_topic()], district=make_district())
    version = make_version(report=make_report(grant=grant))

    with django_assert_max_num_queries(39):
        document = freeze(version, at=timezone.now())

    assert len(document.annex) == rows


@pytest.mark.django_db(transaction=True)
def test_a_report_sees_one_moment_whatever_is_saved_meanwhile():
    with snapshot(), connection.cursor() as cursor:
        cursor.execute("SHOW transaction_isolation")
        assert cursor.fetchone() == ("repeatable read",)
        cursor.execute("SHOW transaction_read_only")
        assert cursor.fetchone() == ("on",)
