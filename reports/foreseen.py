"""Accounts as they will be once the advice already given is granted: to warn in time."""

from collections import defaultdict

from django.db.models import Exists, OuterRef

from consultations.models import Consultation
from reports.models import AidBasis, DeMinimisAward, Grant
from reports.models.account import NOTHING, Entry, value_of, years_after
from reports.models.awarding import why_no_aid


def foreseen(organisations, on, without=None):
    """The accounts of many, with what waits to be granted as if it were; none without a rule.

    `without` is the key of a consultation that is not to count, for it is about to change.
    """
    accounts = DeMinimisAward.objects.accounts(organisations, on)
    everyone = {member for account in accounts for member in account.members}
    waiting = waiting_of(everyone, accounts[0].rule, without) if accounts else {}
    return [
        account.with_more(entry for member in account.members for entry in waiting[member.pk])
        for account in accounts
    ]


def waiting_of(organisations, rule, without=None):
    """{organisation's key: its consultations that are aid and not granted yet, as entries}."""
    grants, found = aid_grants(), defaultdict(list)
    granted = DeMinimisAward.objects.in_force().filter(consultation=OuterRef("pk"))
    rows = Consultation.objects.valid().filter(
        ~Exists(granted),
        organisation__in=organisations,
        project__in={grant.project_id for grant in grants},
    )
    for held in rows.exclude(pk=without).select_related("organisation", "project", "case"):
        grant, value = worth(held, grants)
        if value > 0:
            ends = years_after(held.held_on, rule.years)
            entry = Entry(
                held.held_on, value, grant.authority, "", held.organisation, ends, is_waiting=True
            )
            found[held.organisation_id].append(entry)
    return found


def aid_grants():
    rows = Grant.objects.filter(aid_basis=AidBasis.DE_MINIMIS).order_by("pk")
    return list(rows.prefetch_related("aid_rates"))


def worth(consultation, grants):
    """(grant, value) of a consultation as aid; (None, 0) where it is none, or has no rate."""
    for grant in grants:
        if why_no_aid(consultation, grant):
            continue
        day = consultation.held_on
        for rate in grant.aid_rates.all():
            if rate.since <= day and (rate.until is None or day <= rate.until):
                return grant, value_of(consultation.minutes, rate.rate, NOTHING)
    return None, NOTHING
