"""The demo's de minimis aid: an enterprise near the ceiling, two that count as one, and drafts."""

from datetime import timedelta
from decimal import Decimal

from enterprises.models import Organisation, Undertaking
from reports.models import Declaration, DeMinimisAward, DeMinimisRule, Grant

NEAR = "Beispiel-Elektroladen"
SHOP, SISTER = "Muster-Blumenladen Rixdorf", "Muster-Späti Donaustraße"
GENERAL = "Verordnung (EU) 2023/2831"
# How far back consultations are granted, and from when on the register still waits for them.
SINCE, UNREGISTERED = timedelta(days=240), timedelta(days=35)


def grant_aid(people, today):
    """Let three shops declare what they received, and grant their advice of the last months."""
    if not DeMinimisRule.objects.valid_on(today).exists():
        return
    grant = Grant.objects.get(ref="best-heute-efre")
    grant.aid_rates.create(
        rate=Decimal("58.00"), since=grant.starts_on, source="Vollkostenrechnung (erfunden)"
    )
    near, shop, sister = (Organisation.objects.named(name).get() for name in (NEAR, SHOP, SISTER))
    Undertaking.objects.join(
        shop, sister, by=people.manager, link="contract", since=grant.starts_on
    )
    said_on = today - SINCE
    declare(people, near, said_on, ("Investitionsbank Musterland", 240, "281500.00", "grant"))
    declare(people, shop, said_on, ("Musteramt für Wirtschaft", 500, "18000.00", "grant"))
    declare(people, sister, said_on, ("Bürgschaftsbank Beispiel", 900, "42000.00", "guarantee"))
    for organisation in (near, shop, sister):
        DeMinimisAward.objects.award_period(
            organisation,
            grant=grant,
            first_day=max(said_on, grant.starts_on),
            last_day=today,
            by=people.team[0],
        )
    for award in DeMinimisAward.objects.to_register():
        if award.granted_on < today - UNREGISTERED:
            award.register(by=people.manager)


def declare(people, organisation, said_on, aid):
    giver, days_before, value, form = aid
    Declaration.objects.record(
        by=people.team[0],
        organisation=organisation,
        signed_on=said_on,
        signed_by="Inhaberin Beispiel",
        nace="47.89",
        aids=[
            {
                "granted_on": said_on - timedelta(days=days_before),
                "giver": giver,
                "reference": f"Muster {organisation.number}",
                "form": form,
                "amount": Decimal(value),
                "value": Decimal(value),
                "regulation": GENERAL,
            }
        ],
    )
