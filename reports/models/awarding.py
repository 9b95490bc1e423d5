"""Awarding: when a consultation is aid, whether there is room for it, and the verbs that grant it.

The ceiling is kept by turns: whoever awards waits for everybody who awards to the same
organisation or one linked with it, and only then adds up.
"""

from collections import defaultdict

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext_lazy as _

from best_portal.audit.models import Event
from best_portal.db import explained
from consultations.models import Consultation, ConsultationKind
from consultations.models.cases import supports_person
from enterprises.models import Undertaking
from reports.models.account import (
    NOTHING,
    Account,
    Entry,
    declared,
    value_of,
    working_days_after,
    years_after,
)
from reports.models.aid import DeMinimisRule, RuleKey
from reports.models.declaration import Declaration
from reports.models.grant import AidBasis


class Awarding:
    """What the manager of awards can do: accounts, and the two verbs."""

    # --- accounts ---

    def account(self, organisation, on):
        """The account of the organisation and those it counts as one with; None without a rule."""
        return next(iter(self.accounts([organisation], on)), None)

    def accounts(self, organisations, on):
        """The accounts of many, in as many questions as one's; none on a day without a rule."""
        rule = DeMinimisRule.objects.valid_on(on).filter(key=RuleKey.GENERAL).first()
        if rule is None:
            return []
        groups = Undertaking.objects.groups(organisations, on)
        everyone = {one for group in groups.values() for one in group}
        awards, declarations = defaultdict(list), defaultdict(list)
        for award in self.model.objects.in_force().of(everyone).for_list():
            awards[award.organisation_id].append(award)
        for declaration in Declaration.objects.of(everyone).for_list():
            declarations[declaration.organisation_id].append(declaration)
        return [
            self._account(each, groups[each.pk], on, rule, awards, declarations)
            for each in organisations
        ]

    def _account(self, organisation, members, on, rule, awards, declarations):
        said = [each for member in members for each in declarations[member.pk]]
        entries = declared(said, rule.years) + [
            Entry(
                each.granted_on,
                each.amount,
                each.grant.authority,
                each.number,
                each.organisation,
                years_after(each.granted_on, rule.years),
                each,
            )
            for member in members
            for each in awards[member.pk]
        ]
        own = [each.signed_on for each in said if each.organisation_id == organisation.pk]
        return Account(
            organisation=organisation,
            members=members,
            on=on,
            rule=rule,
            entries=tuple(sorted(entries, key=lambda entry: entry.on)),
            declared_on=max(own, default=None),
        )

    # --- verbs ---

    @transaction.atomic
    def award(self, consultation, *, grant, by, fee=NOTHING):
        """Grant the value of one consultation as de minimis aid; once, however often asked.

        Refuses in words what is no aid (`why_no_aid`), an undertaking that has declared nothing
        yet, and an amount that would pass the ceiling in any three years: then nothing of it.
        """
        with explained(self.model):
            held = Consultation.objects.valid().select_for_update(of=["self"])
            held = held.select_related("organisation", "project", "case").filter(pk=consultation.pk)
            consultation = held.first()
            if reason := why_no_aid(consultation, grant):
                raise ValidationError(reason)
            organisation, day = consultation.organisation, consultation.held_on
            Undertaking.objects.take_turns_with(organisation, day)
            if earlier := self.in_force().filter(consultation=consultation).first():
                return earlier
            account = self.account(organisation, day)
            rate = grant.aid_rates.valid_on(day).first()
            check_basis(account, rate, day)
            amount = value_of(consultation.minutes, rate.rate, fee)
            check_room(account, amount)
            award = self.create(
                organisation=organisation,
                grant=grant,
                consultation=consultation,
                granted_on=day,
                minutes=consultation.minutes,
                rate=rate.rate,
                fee=fee,
                amount=amount,
                recipient=", ".join(filter(None, [organisation.name, organisation.address])),
                awarded_by=by,
                **what_follows(account.rule, day),
            )
        Event.objects.record(
            actor=by, verb="deminimisaward.granted", subject=award, consultation=consultation.pk
        )
        return award

    @transaction.atomic
    def award_period(self, organisation, *, grant, first_day, last_day, by, fee=NOTHING):
        """Grant every consultation of these days that is aid and is not granted yet: all or none.

        Returns the new awards. A fee belongs to one consultation and is refused for several.
        """
        waiting = self.waiting(organisation, grant, first_day, last_day)
        if fee and len(waiting) != 1:
            raise ValidationError(
                _("A fee belongs to one consultation: choose the day on which it was held.")
            )
        return [self.award(each, grant=grant, by=by, fee=fee) for each in waiting]

    def waiting(self, organisation, grant, first_day, last_day):
        """The consultations of these days that are aid and are not granted yet, by time."""
        granted = self.in_force().filter(organisation=organisation).values("consultation")
        held = organisation.consultations.valid().of(grant.project).between(first_day, last_day)
        rows = held.exclude(pk__in=granted).select_related("organisation", "project", "case")
        return [each for each in rows.order_by("held_on", "pk") if not why_no_aid(each, grant)]


# --- what is aid ---


def why_no_aid(consultation, grant):
    """The reason why a consultation is no de minimis aid under a grant; nothing where it is."""
    if consultation is None:
        return _("This consultation was withdrawn.")
    if grant.aid_basis != AidBasis.DE_MINIMIS:
        return _("This grant does not give de minimis aid.")
    if consultation.project_id != grant.project_id or not (
        grant.accountable_from <= consultation.held_on <= grant.ends_on
    ):
        return _("This grant does not pay for that consultation.")
    if consultation.kind == ConsultationKind.TRAINING or consultation.group_date_id:
        return _("Training is not counted as aid to one enterprise.")
    founded_on = consultation.organisation.founded_on
    if founded_on is None or founded_on > consultation.held_on:
        return _("The enterprise was not founded yet on that day: advice before it is no aid.")
    if supports_person(consultation.case):
        return _("The support case is for the person: that is no aid to an enterprise.")
    return ""


# --- whether it may be granted ---


def check_basis(account, rate, day):
    """Refuse without a rule, a rate or a declaration."""
    params = {"day": date_format(day, "SHORT_DATE_FORMAT")}
    if account is None:
        refusal = _("No de minimis rule is known for %(day)s.")
    elif rate is None:
        refusal = _("The grant names no value of an hour of advice for %(day)s.")
    elif account.declared_on is None:
        refusal = _("There is no de minimis declaration of %(name)s yet. Ask for it first.")
        params["name"] = account.organisation
    else:
        return
    raise ValidationError(refusal, params=params)


def check_room(account, amount):
    """Refuse all of an amount for part of which there is no room."""
    if amount <= 0:
        raise ValidationError(_("The fee covers the value of the advice: that is no aid."))
    if amount > account.remaining:
        raise ValidationError(
            _(
                "%(amount)s EUR on %(day)s would pass the ceiling of %(ceiling)s EUR in "
                "%(years)s years: %(left)s EUR are left. Nothing of it may be granted as de "
                "minimis aid."
            ),
            params={
                "amount": money(amount),
                "day": date_format(account.on, "SHORT_DATE_FORMAT"),
                "ceiling": money(account.rule.ceiling),
                "years": account.rule.years,
                "left": money(account.remaining),
            },
        )


def what_follows(rule, day):
    """How long the proof is kept, and until when the register must know."""
    is_registered = rule.register_since and day >= rule.register_since
    return {
        "rule": rule,
        "retain_until": years_after(day, rule.retention_years),
        "register_due_on": working_days_after(day, rule.register_days) if is_registered else None,
    }


def money(amount):
    return number_format(amount, decimal_pos=2, force_grouping=True)
