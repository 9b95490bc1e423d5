"""Very many consultations: what the benchmarks look at, filled in by plain SQL."""

from datetime import date, timedelta
from decimal import Decimal

from django.db import connection

from best_portal.accounts.models import Role, User
from consultations.models import Project, Topic
from districts.models import District
from enterprises.models import Job, JobKind, Organisation
from reports.models import Fund, Grant, Indicator, Programme, ThresholdKey

ORGANISATIONS, ADVISORS, TOPICS, TASKS = 800, 12, 10, 4
FIRST_DAY, LAST_DAY = date(2021, 1, 1), date(2025, 12, 31)

FILL = """
INSERT INTO consultations_consultation (
    project_id, task_id, kind, held_on, minutes, channel, place, district_id, organisation_id,
    headcount, advisor_as_written, internal_note, result, next_step, revision, logged_at, updated_at
)
SELECT
    %(project)s,
    (%(tasks)s)[1 + n %% array_length(%(tasks)s, 1)],
    (ARRAY['advice', 'advice', 'accompaniment', 'training'])[1 + n %% 4],
    %(first)s::date + n %% %(days)s,
    15 * (1 + n %% 8),
    (ARRAY['office', 'on_site', 'phone'])[1 + n %% 3],
    'Stadtteilbüro',
    (%(districts)s)[1 + n %% array_length(%(districts)s, 1)],
    (%(organisations)s)[1 + n %% array_length(%(organisations)s, 1)],
    1 + n %% 5,
    '', 'Notiz ' || n, 'Ergebnis ' || n, '', 1, now(), now()
FROM generate_series(1, %(rows)s) AS n
"""
ADVISED = """
INSERT INTO consultations_consultation_advisors (consultation_id, user_id)
SELECT id, (%(advisors)s)[1 + id %% array_length(%(advisors)s, 1)]
FROM consultations_consultation
"""
# One topic each, two for every third, none for every tenth.
DISCUSSED = """
INSERT INTO consultations_consultation_topics (consultation_id, topic_id)
SELECT id, (%(topics)s)[1 + (id + more) %% array_length(%(topics)s, 1)]
FROM consultations_consultation
CROSS JOIN generate_series(0, 1) AS more
WHERE id %% 10 > 0 AND (more = 0 OR id %% 3 = 0)
"""
# The counting rules that the bare SQL beside them answers, too (figures.py).
COMPARED = (
    *("consultations", "hours", "organisations", "initiatives", "foundings", "new_jobs"),
    *("trainings", "attendances", "enterprises_supported", "enterprises_advised"),
)


class Crowd:
    """One project with its grant, and as many consultations as asked for."""

    def __init__(self, rows):
        self.rows = rows
        self.manager = User.objects.create_user(
            "bench@beispiel.example", name="Maria Muster", role=Role.MANAGER
        )
        self.advisors = [
            User.objects.create_user(
                f"bench{n}@beispiel.example", name=f"Muster {n}", role=Role.ADVISOR
            )
            for n in range(ADVISORS)
        ]
        self.project = Project.objects.create(
            key="bench", name="Messprojekt", starts_on=FIRST_DAY, ends_on=LAST_DAY
        )
        self.project.team.set(self.advisors)
        districts = list(District.objects.valid_on(FIRST_DAY)[:8])
        self.project.districts.set(districts)
        self.organisations = Organisation.objects.bulk_create(
            Organisation(
                name=f"Muster-Organisation {n}",
                kind="social_enterprise" if n % 3 else "founding_initiative",
                # Founded one after the other, before the project and in it.
                founded_on=date(2019, 1, 1) + timedelta(days=3 * n) if n % 3 else None,
                district=districts[n % len(districts)],
            )
            for n in range(ORGANISATIONS)
        )
        Job.objects.bulk_create(
            Job(
                organisation=organisation,
                title="Musterstelle",
                kind=JobKind.NEW,
                fte=Decimal("0.75"),
                since=FIRST_DAY + timedelta(days=4 * n),
                confirmed_on=LAST_DAY,
                confirmed_by="Maria Muster",
            )
            for n, organisation in enumerate(self.organisations[::2])
        )
        self.topics = [Topic.objects.create(name=f"Messen {n}") for n in range(TOPICS)]
        self.tasks = [
            self.project.tasks.create(number=n, title=f"Aufgabe {n}") for n in range(1, TASKS + 1)
        ]
        self.grant = self.give_grant()
        self.fill(districts)
        self.tidy()

    def give_grant(self):
        fund = Fund.objects.create(code="ESF", period="2021–2027", name="ESF Plus")
        programme = Programme.objects.create(fund=fund, name="Messprogramm")
        grant = Grant.objects.create(
            ref="bench",
            project=self.project,
            programme=programme,
            profile="esf",
            authority="Musterbehörde",
            reference="Az. 1",
            title="Messprojekt",
            purpose="Messen",
            recipient="Musterverein e. V.",
            amount=100_000,
            financing="gap",
            starts_on=FIRST_DAY,
            ends_on=LAST_DAY,
        )
        grant.thresholds.create(key=ThresholdKey.HOURS, value=8)
        indicators = Indicator.objects.valid_on(FIRST_DAY).filter(rule__in=COMPARED, task=None)
        for position, indicator in enumerate(indicators, start=1):
            grant.targets.create(indicator=indicator, position=position, value=100)
        return grant

    def fill(self, districts):
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            cursor.execute(
                FILL,
                {
                    "project": self.project.pk,
                    "tasks": [task.pk for task in self.tasks],
                    "first": FIRST_DAY,
                    "days": (LAST_DAY - FIRST_DAY).days + 1,
                    "districts": [district.pk for district in districts],
                    "organisations": [organisation.pk for organisation in self.organisations],
                    "rows": self.rows,
                },
            )
            cursor.execute(ADVISED, {"advisors": [advisor.pk for advisor in self.advisors]})
            cursor.execute(DISCUSSED, {"topics": [topic.pk for topic in self.topics]})

    def tidy(self):
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
