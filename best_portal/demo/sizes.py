"""The demo's declarations of size: most enterprises have one, a few still owe it."""

import random
from datetime import date
from decimal import Decimal

from enterprises.models import Organisation, OrganisationKind

ENTERPRISES = (OrganisationKind.SOCIAL_ENTERPRISE, OrganisationKind.LOCAL_BUSINESS)
# One in so many has not said how large it is.
SILENT_EVERY = 6


def declare_sizes(project, today):
    """Last year's numbers and those of the year before of whoever the project advises."""
    dice = random.Random("sizes")
    advised = Organisation.objects.filter(consultations__project=project, kind__in=ENTERPRISES)
    for number, organisation in enumerate(advised.distinct().order_by("pk"), start=1):
        if number % SILENT_EVERY == 0:
            continue
        people, turnover = Decimal(dice.randint(1, 14)) / 2, Decimal(dice.randint(20, 300)) * 1000
        for year in (today.year - 3, today.year - 1):
            organisation.size_declarations.create(
                as_of=date(year, 12, 31),
                employees=people,
                turnover=turnover,
                source="Muster: unterschriebene Erklärung",
            )
            people, turnover = people + Decimal("0.5"), turnover + dice.randint(-20, 60) * 1000
