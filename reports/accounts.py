"""Accounts of de minimis aid as pages show them: all of them, or one with what belongs to it."""

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from enterprises.models import Operation, Organisation, UndertakingMember
from reports.foreseen import foreseen
from reports.models import Declaration, DeMinimisAward, Grant

# More than that nobody reads in one table.
LATEST = 50


def known(user):
    """The organisations that have declared or received anything."""
    mine = {"organisation": OuterRef("pk")}
    return Organisation.objects.visible_to(user).filter(
        Q(Exists(DeMinimisAward.objects.in_force().filter(**mine)))
        | Q(Exists(Declaration.objects.filter(**mine)))
    )


def accounts(user, day, *, show=""):
    """The accounts of all organisations that have declared or received anything, fullest first."""
    found = DeMinimisAward.objects.accounts(list(known(user)), day)
    match show:
        case "near":
            found = [account for account in found if account.is_near]
        case "undeclared":
            found = [account for account in found if account.declared_on is None]
    return sorted(found, key=lambda each: (each.remaining, each.organisation.sort_name))


def near_ceiling(user, day):
    """The accounts near the ceiling or beyond it, with what waits to be granted, fullest first.

    Of those who count as one, one is named.
    """
    found, named = [], set()
    for account in sorted(foreseen(list(known(user)), day), key=lambda each: -each.used):
        if account.is_near and named.isdisjoint(account.members):
            found.append(account)
        named.update(account.members)
    return found


def account_page(organisation, user, day):
    """One account as far as the reader may see it; founders see no other organisation's part."""
    account = DeMinimisAward.objects.account(organisation, day)
    awards = DeMinimisAward.objects.visible_to(user).of([organisation])
    declarations = Declaration.objects.visible_to(user).of([organisation]).newest_first()
    context = {
        "organisation": organisation,
        "account": account,
        "foreseen": next(iter(foreseen([organisation], day)), None),
        "day": day,
        "is_today": day == timezone.localdate(),
        "is_staff": user.is_staff_member,
        "declarations": declarations.for_list()[:LATEST],
        "declaration": declarations.for_list().first(),
        "known": known_to(user, account.members if account else [organisation]),
    }
    if user.is_staff_member:
        context["links"] = UndertakingMember.objects.visible_to(user).ever_with(organisation)
        context["grants"] = Grant.objects.giving_aid_to(organisation)
        context["revoked"] = awards.exclude(revoked_at=None).newest_first().for_list()[:LATEST]
    return context


def known_to(user, organisations):
    """The keys of those whose names this person may read."""
    keys = [each.pk for each in organisations]
    return set(
        Organisation.objects.visible_to(user).filter(pk__in=keys).values_list("pk", flat=True)
    )


def public_money(organisation, user):
    """What published lists say the organisation has begun to receive in the last three years."""
    today = timezone.localdate()
    visible = Operation.objects.visible_to(user).current().received_by([organisation])
    rows = visible.begun_in_three_years_before(today)
    return {"funding": rows.for_list().newest_first()[:LATEST], "funding_totals": rows.totals()}


def waiting(organisation):
    """(grant, consultations not granted yet) of each grant under which there may be aid."""
    return [
        (
            grant,
            DeMinimisAward.objects.waiting(
                organisation, grant, grant.accountable_from, timezone.localdate()
            ),
        )
        for grant in Grant.objects.giving_aid_to(organisation).for_list()
    ]
