"""The demo's awards to enterprises out of the EFRE grant, and what these introduced."""

from datetime import date, timedelta
from decimal import Decimal

from enterprises.models import InnovationKind
from reports.models import AwardKind, EnterpriseAward, FundCode

# (kind, amount, private money or None for not stated, days until completed or None)
AWARDS = [
    (AwardKind.GRANT, "4000.00", "2600.00", 150),
    (AwardKind.GRANT, "2500.00", None, 120),
    (AwardKind.INSTRUMENT, "6000.00", "6000.00", 200),
    (AwardKind.GRANT, "3000.00", None, None),
]
NEWS = [
    (InnovationKind.PRODUCT, "Mittagstisch zum Abonnieren", True),
    (InnovationKind.PROCESS, "Bestellung über das Telefonmenü", False),
    (InnovationKind.MARKETING, "Gemeinsamer Gutschein der Straße", True),
]


def award_to_enterprises(project, today):
    """Grants and a loan for four that have said how large they are; three bring something new."""
    grant = project.grants.filter(programme__fund__code=FundCode.EFRE).get()
    advised = project.consultations.filter(
        organisation__size_declarations__isnull=False, organisation__founded_on__lt=grant.starts_on
    )
    keys = advised.order_by("organisation").values_list("organisation", flat=True).distinct()
    enterprises = [
        project.consultations.filter(organisation=key)
        .select_related("organisation")
        .earliest("held_on", "pk")
        for key in keys[: len(AWARDS)]
    ]
    for first, (kind, amount, private, days) in zip(enterprises, AWARDS, strict=False):
        granted_on = max(first.held_on, grant.starts_on) + timedelta(days=30)
        completed_on = days and granted_on + timedelta(days=days)
        confirmed = {"confirmed_on": completed_on, "confirmed_by": "Erika Muster"}
        EnterpriseAward.objects.create(
            grant=grant,
            organisation=first.organisation,
            kind=kind,
            granted_on=granted_on,
            amount=Decimal(amount),
            completed_on=completed_on,
            private_amount=private and Decimal(private),
            proof="Muster: Bescheid und Abrechnung",
            **(confirmed if private else {}),
        )
    for first, (kind, what, is_in_house) in zip(enterprises, NEWS, strict=False):
        introduced_on = min(first.held_on + timedelta(days=90), today)
        first.organisation.innovations.create(
            kind=kind,
            what=what,
            introduced_on=introduced_on,
            is_in_house=is_in_house,
            evidence="Muster: Foto und Preisliste",
            confirmed_on=introduced_on,
            confirmed_by="Erika Muster",
        )
        for year, value in ((today.year - 3, 30_000), (today.year - 1, 45_000)):
            declared = first.organisation.size_declarations.filter(as_of=date(year, 12, 31))
            declared.update(value_added=Decimal(value))
