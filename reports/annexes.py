"""The lists that belong to a report beside its figures (funding.md §1.6, Anlagen)."""

from reports import german
from reports.annex_rows import AidRow, InventoryRow, ProgrammeRuleRow, PublicityRow
from reports.models import DeMinimisAward, InventoryItem


def inventory(grant, until):
    """What was bought with the grant's money up to a day, and what of it was gone by then."""
    things = InventoryItem.objects.of(grant).filter(bought_on__lte=until).for_list()
    return tuple(
        InventoryRow(
            number=number,
            name=thing.name,
            mark=thing.mark,
            bought_on=thing.bought_on,
            price=thing.price,
            voucher=thing.voucher.number if thing.voucher else "",
            place=thing.place,
            **gone(thing, until),
        )
        for number, thing in enumerate(things, start=1)
    )


def gone(thing, until):
    if thing.gone_on is None or thing.gone_on > until:
        return {}
    return {"gone_on": thing.gone_on, "gone_because": thing.gone_because}


def publicity(grant, starts_on, ends_on):
    """What the public learned of the project in the period, by day."""
    rows = grant.publicity.filter(published_on__range=(starts_on, ends_on))
    return tuple(
        PublicityRow(
            number=number,
            on=row.published_on,
            kind=german.PUBLICITY[row.kind],
            medium=row.medium,
            title=row.title,
            url=row.url,
            kept_at=row.kept_at,
        )
        for number, row in enumerate(rows.order_by("published_on", "pk"), start=1)
    )


def programme_rules(grant, day):
    """What holds for the programme on a day, by name; what is open of it stays in the house."""
    return tuple(
        ProgrammeRuleRow(
            name=rule.name,
            version=rule.version,
            since=rule.since,
            until=rule.until,
            source=rule.source,
            is_confirmed=rule.is_confirmed,
        )
        for rule in grant.programme.rules.valid_on(day).order_by("name", "pk")
    )


def aid(grant, starts_on, ends_on):
    """The de minimis aids granted in the period that are in force, by day."""
    awards = DeMinimisAward.objects.in_force().filter(
        grant=grant, granted_on__range=(starts_on, ends_on)
    )
    return tuple(
        AidRow(
            number=number,
            certificate=award.number,
            granted_on=award.granted_on,
            case_number=award.organisation.number,
            minutes=award.minutes,
            rate=award.rate,
            fee=award.fee,
            amount=award.amount,
            registered_on=award.registered_on,
        )
        for number, award in enumerate(awards.for_list().order_by("granted_on", "pk"), start=1)
    )
