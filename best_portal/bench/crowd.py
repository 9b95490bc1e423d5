"""A hundred thousand consultations: what the benchmarks look at, filled in by plain SQL."""

from datetime import date

from django.db import connection

from best_portal.accounts.models import Role, User
from consultations.models import Project, Topic
from districts.models import District
from enterprises.models import Organisation
from reports.models import Fund, Grant, Indicator, Programme

ORGANISATIONS, ADVISORS = 800, 12
FIRST_DAY, LAST_DAY = date(2021, 1, 1), date(2025, 12, 31)

FILL = """
INSERT INTO consultations_consultation (
    project_id, kind, held_on, minutes, channel, place, district_id, organisation_id, headcount,
    advisor_as_written, internal_note, result, next_step, revision, logged_at, updated_at
)
SELECT
    %(project)s,
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
                founded_on=date(2020, 1, 1) if n % 3 else None,
                district=districts[n % len(districts)],
            )
            for n in range(ORGANISATIONS)
        )
        Topic.objects.create(name="Messen")
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
        for position, code in enumerate(("BEST-BER", "BEST-STD", "BEST-ORG", "BEST-TN"), start=1):
            indicator = Indicator.objects.valid_on(FIRST_DAY).get(code=code)
            grant.targets.create(indicator=indicator, position=position, value=100)
        return grant

    def fill(self, districts):
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 0")
            cursor.execute(
                FILL,
                {
                    "project": self.project.pk,
                    "first": FIRST_DAY,
                    "days": (LAST_DAY - FIRST_DAY).days + 1,
                    "districts": [district.pk for district in districts],
                    "organisations": [organisation.pk for organisation in self.organisations],
                    "rows": self.rows,
                },
            )
            cursor.execute(ADVISED, {"advisors": [advisor.pk for advisor in self.advisors]})

    def tidy(self):
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE")
