"""The portal's daily work over a hundred thousand consultations, against bare SQL."""

import uuid

from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from best_portal.accounts.access import DEMO_SIGN_IN
from best_portal.bench.crowd import FIRST_DAY, Crowd
from best_portal.bench.figures import counting
from best_portal.bench.measure import compare

ROWS = 100_000
LIST = """
SELECT c.id, c.held_on, c.starts_at, c.kind, c.minutes, o.id, o.name, d.name, p.name,
       (SELECT string_agg(u.name, ', ')
        FROM consultations_consultation_advisors a JOIN accounts_user u ON u.id = a.user_id
        WHERE a.consultation_id = c.id)
FROM consultations_consultation c
JOIN consultations_project p ON p.id = c.project_id
LEFT JOIN enterprises_organisation o ON o.id = c.organisation_id
LEFT JOIN districts_district d ON d.id = c.district_id
WHERE c.withdrawn_at IS NULL {where}
ORDER BY c.held_on DESC, c.starts_at DESC, c.id DESC
LIMIT 50
"""
TOTALS = """
SELECT count(*), coalesce(sum(minutes), 0)
FROM consultations_consultation c WHERE c.withdrawn_at IS NULL {where}
"""
# What else the file of an organisation shows, a statement for each part of it.
FILE = (
    """SELECT o.*, d.name, b.name FROM enterprises_organisation o
    LEFT JOIN districts_district d ON d.id = o.district_id
    LEFT JOIN districts_borough b ON b.id = d.borough_id WHERE o.id = %s""",
    "SELECT * FROM enterprises_stagechange WHERE organisation_id = %s ORDER BY since",
    "SELECT * FROM enterprises_criterionassessment WHERE organisation_id = %s",
    "SELECT * FROM enterprises_incomemix WHERE organisation_id = %s ORDER BY year",
    "SELECT * FROM enterprises_job WHERE organisation_id = %s ORDER BY since",
    """SELECT i.*, p.* FROM enterprises_involvement i
    JOIN enterprises_person p ON p.id = i.person_id WHERE i.organisation_id = %s
    ORDER BY p.sort_name""",
    """SELECT m.*, o.* FROM enterprises_membership m
    JOIN enterprises_organisation o ON o.id = m.member_id WHERE m.group_id = %s""",
    """SELECT m.*, o.* FROM enterprises_membership m
    JOIN enterprises_organisation o ON o.id = m.group_id WHERE m.member_id = %s""",
    """SELECT a.*, p.name, u.name FROM consultations_appointment a
    JOIN consultations_project p ON p.id = a.project_id
    JOIN accounts_user u ON u.id = a.advisor_id
    WHERE a.organisation_id = %s AND a.starts_at > now()""",
    """SELECT s.*, p.name, u.name FROM consultations_supportcase s
    JOIN consultations_project p ON p.id = s.project_id
    LEFT JOIN accounts_user u ON u.id = s.advisor_id WHERE s.organisation_id = %s""",
)
INSERT = """
INSERT INTO consultations_consultation (
    project_id, kind, held_on, minutes, channel, place, district_id, organisation_id, headcount,
    advisor_as_written, internal_note, result, next_step, revision, logged_by_id, form_key,
    logged_at, updated_at
) VALUES (%s, 'advice', %s, 60, 'office', '', %s, %s, 1, '', '', 'Gemessen', '', 1, %s, %s,
    now(), now())
RETURNING id
"""
ADVISOR = """
INSERT INTO consultations_consultation_advisors (consultation_id, user_id) VALUES (%s, %s)
"""
EVENT = """
INSERT INTO audit_event (at, actor_id, verb, subject_type, subject_id, details)
VALUES (now(), %s, 'consultation.logged', 'consultations.consultation', %s, '{}')
"""


def fetch(sql, parameters=()):
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return cursor.fetchall()


def signed_in(user):
    """A client in whose session this person came through the demo's page."""
    client = Client(headers={"host": "localhost"})
    client.force_login(user)
    session = client.session
    session[DEMO_SIGN_IN] = user.pk
    session.save()
    return client


def get(client, address):
    response = client.get(address)
    if response.status_code != 200:
        raise RuntimeError(f"{address} answered {response.status_code}")


def benchmarks():
    """Yield one Result after the other."""
    crowd = Crowd(ROWS)
    client = signed_in(crowd.manager)
    advisor = crowd.advisors[0]
    yield from lists(client, crowd)
    yield saving(signed_in(advisor), advisor, crowd)
    yield from counting(crowd)


def lists(client, crowd):
    address = reverse("consultations:list")

    def bare(where="", parameters=()):
        fetch(LIST.format(where=where), parameters)
        fetch(TOTALS.format(where=where), parameters)

    yield compare("list page, unfiltered", lambda: get(client, address), bare)
    organisation = crowd.organisations[7].pk

    def bare_file():
        bare("AND c.organisation_id = %s", [organisation])
        for statement in FILE:
            fetch(statement, [organisation])

    yield compare(
        "list page, one kind and year",
        lambda: get(client, f"{address}?kind=training&since=2024-01-01&until=2024-12-31"),
        lambda: bare("AND c.kind = 'training' AND c.held_on BETWEEN '2024-01-01' AND '2024-12-31'"),
    )
    yield compare(
        "page of an organisation",
        lambda: get(client, reverse("enterprises:detail", args=[organisation])),
        bare_file,
    )


def saving(client, advisor, crowd):
    organisation = crowd.organisations[3]
    address = reverse("consultations:log")

    def portal():
        response = client.post(
            address,
            {
                "form_key": uuid.uuid4(),
                "organisation": organisation.name,
                "organisation_choice": organisation.pk,
                "length": "60",
                "held_on": FIRST_DAY.isoformat(),
                "kind": "advice",
                "project": crowd.project.pk,
                "district": organisation.district_id,
                "channel": "office",
                "advisors": [advisor.pk],
                "result": "Gemessen",
            },
        )
        if response.status_code != 302:
            raise RuntimeError(f"The consultation was not saved: {response.status_code}")

    @transaction.atomic
    def bare():
        [[pk]] = fetch(
            INSERT,
            [
                crowd.project.pk,
                FIRST_DAY,
                organisation.district_id,
                organisation.pk,
                advisor.pk,
                uuid.uuid4(),
            ],
        )
        with connection.cursor() as cursor:
            cursor.execute(ADVISOR, [pk, advisor.pk])
            cursor.execute(EVENT, [advisor.pk, str(pk)])

    return compare("saving a consultation", portal, bare)
