"""One grant of the demo, with everything its notice says."""

from decimal import Decimal

from best_portal.demo.rules import RULES
from reports.models import CostMethod, Fund, Grant, Indicator, LineKind, Programme

# What a method is taken of → what a line by it is made of.
COSTINGS = {"staff": "flat", "direct": "flat", "hours": "hours", "results": "lump"}
RECIPIENT = {
    "recipient": "Muster-Trägerverein e. V.",
    "recipient_address": "Beispielstraße 1, 10000 Berlin",
    "account_holder": "Muster-Trägerverein e. V.",
    # No bank has this number; only its check digits are right.
    "iban": "DE97999999990000012345",
    "bank": "Musterbank Berlin",
    "recipient_contact": "Maria Muster, Telefon 030 5550 100, leitung@beispiel.example",
}


def give_grant(
    *,
    ref,
    officer,
    fund,
    programme,
    notice_on,
    deadlines,
    plan,
    targets,
    milestones=(),
    duties=(),
    thresholds=(),
    publicity=(),
    **fields,
):
    code, period, name = fund
    fund, _ = Fund.objects.get_or_create(code=code, period=period, defaults={"name": name})
    programme, is_new = Programme.objects.get_or_create(name=programme, defaults={"fund": fund})
    programme.officers.add(officer)
    for rule in RULES[programme.name] if is_new else ():
        programme.rules.create(**rule)
    grant = Grant.objects.create(ref=ref, programme=programme, **RECIPIENT, **fields)
    grant.notices.create(issued_on=notice_on, reference=grant.reference, amount=grant.amount)
    for kind, rhythm, months, source in duties:
        grant.duties.create(kind=kind, rhythm=rhythm, months=months, source=source)
    for key, value, source in thresholds:
        grant.thresholds.create(key=key, value=Decimal(value), source=source)
    for on, kind, medium, title, kept_at in publicity:
        grant.publicity.create(
            published_on=on, kind=kind, medium=medium, title=title, kept_at=kept_at
        )
    for title, due_on in deadlines:
        grant.deadlines.create(title=title, due_on=due_on)
    for kind, position, label, planned, *made_of in plan:
        grant.plan_lines.create(
            kind=kind,
            position=position,
            label=label,
            planned=planned,
            eligible=planned,
            **made_of_what(kind, grant, *made_of),
        )
    indicators = {
        indicator.code: indicator
        for indicator in Indicator.objects.valid_on(grant.starts_on).filter(code__in=targets)
    }
    for position, (code, value) in enumerate(targets.items(), start=1):
        promised = None if value is None else Decimal(value)
        grant.targets.create(indicator=indicators[code], position=position, value=promised)
    for code, value, day in milestones:
        grant.milestones.create(indicator=indicators[code], value=value, due_on=day)
    return grant


def made_of_what(kind, grant, what=""):
    """Whose money an income is; of an expense what makes it: "staff", or the name of a method."""
    if kind == LineKind.INCOME:
        return {"origin": what}
    method = CostMethod.objects.valid_on(grant.starts_on).filter(name=what).first()
    if method is None:
        return {"costing": what or "real"}
    return {"costing": COSTINGS[method.base], "method": method}
