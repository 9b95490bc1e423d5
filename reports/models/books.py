"""KeepsBooks: what a grant's vouchers, hours, results and payments hand to the settlement."""

from collections import defaultdict
from itertools import chain

from django.db import connection
from django.utils.translation import gettext_lazy as _

from best_portal.db import worded
from consultations.models import MonthSheet
from reports import oddities, settlement, worked
from reports.models.costs import AccountingRule, LimitKey

# What the triggers call their refusal to touch the books of a report that was accepted.
worded("reports_accepted_books_stay", oddities.CLOSED)
worded(
    "reports_accepted_results_stay",
    _(
        "A report that was accepted counts this result, or its period holds the day. Open the "
        "period first, with a reason."
    ),
)
worded(
    "reports_accepted_rates_stay",
    _(
        "A report that was accepted counts days of this rate. Let it end after them and add a new "
        "one, or open the period first, with a reason."
    ),
)
worded(
    "reports_accepted_methods_stay",
    _(
        "A report that was accepted is made out with this method. Add a new one, or open the "
        "period first, with a reason."
    ),
)
worded(
    "reports_accepted_plan_stays",
    _(
        "A report that was accepted counts this line as it is made up now. Open the period first, "
        "with a reason."
    ),
)
worded(
    "reports_accepted_hours_stay",
    _(
        "A report that was accepted counts hours of this month. The management has to open the "
        "period first, with a reason."
    ),
)


class KeepsBooks:
    """The part of a grant that accounts for its money."""

    @property
    def last_payment_day(self):
        """Until this day a bill may be paid and still count."""
        return self.pay_until or self.ends_on

    def limit(self, key):
        """The value of a rule of accounting as it was valid when the grant began, or None."""
        rule = AccountingRule.objects.valid_on(self.starts_on).filter(key=key).first()
        return rule and rule.value

    @property
    def names_other_grants(self):
        """Whether the plan has the money of another grant as income: then it shows all costs."""
        return self.plan_lines.filter(origin="other_grant").exists()

    def shares_costs_with(self, other):
        """Whether each plan names the other's money, so that both rightly list one expense."""
        return self.pk != other.pk and self.names_other_grants and other.names_other_grants

    @property
    def terms(self):
        return settlement.Terms(
            amount=self.amount,
            financing=self.financing,
            rate=self.rate,
            first_day=self.accountable_from,
            last_day=self.ends_on,
            pay_until=self.last_payment_day,
            overrun=self.limit(LimitKey.OVERRUN),
        )

    @property
    def plan(self):
        return [
            settlement.PlanLine(
                id=line.pk,
                kind=line.kind,
                position=line.position,
                label=line.label,
                planned=line.planned,
                eligible=line.eligible,
                costing=line.costing,
                origin=line.origin,
                base=line.method.base if line.method else "",
                rate=line.method.rate if line.method else None,
            )
            for line in self.plan_lines.select_related("method")
        ]

    @property
    def books(self):
        return settlement.Books(
            postings=tuple(self._postings()),
            work=tuple(self._work()),
            results=tuple(self._results()),
            payments=tuple(
                settlement.Payment(each.paid_on, each.paid_amount)
                for each in self.payment_requests.paid()
            ),
        )

    def bounds(self, starts_on, ends_on):
        """The days whose payments a period of the grant accounts for."""
        return settlement.Bounds.of(self.accountable_from, self.ends_on, starts_on, ends_on)

    @property
    def closed_days(self):
        """Ranges of days whose payments reports account for that were accepted and not opened."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT counted FROM reports_accepted_periods(%s)", [self.pk])
            return [days for (days,) in cursor.fetchall()]

    def accounts(self, starts_on=None, ends_on=None):
        """The settlement of a period; without days, of the whole time."""
        return settlement.account(self.terms, self.plan, self.books, starts_on, ends_on)

    def _postings(self):
        paid = self.vouchers.valid().paid().order_by("paid_on", "pk")
        for pk, line, on, amount, eligible in paid.values_list(
            "pk", "line_id", "paid_on", "amount", "eligible"
        ):
            yield settlement.Posting(line, on, amount, eligible, pk)

    def _results(self):
        for line in self.plan_lines.all():
            for each in line.deliverables.all():
                if each.proven_on:
                    yield settlement.Result(line.pk, each.proven_on, each.amount, each.pk)

    def paid_hours(self):
        """Yield (rate, day, minutes): the closed hours of everybody a line pays by the hour."""
        yield from self._hours_at(list(self._rates()))

    def year_minutes(self, person, year):
        """The minutes of a calendar year that may be declared of a person paid by the hour."""
        return limit_of(self._rates().filter(person=person), year)

    def _rates(self):
        rates = self.staff_rates.filter(line__costing="hours")
        return rates.select_related("line__method", "person")

    def _hours_at(self, rates):
        sheets = defaultdict(list)
        closed = MonthSheet.objects.closed().filter(project=self.project_id)
        for sheet in closed.filter(user__in={rate.person_id for rate in rates}):
            sheets[sheet.user_id].append(sheet)
        for rate in rates:
            for sheet in sheets[rate.person_id]:
                for day in sheet.days:
                    if rate.covers(day["day"]) and self._pays_for(day["day"]):
                        yield rate, day["day"], day["own"]

    def _work(self):
        rates, limits = defaultdict(list), {}
        for rate in self._rates():
            rates[rate.person_id].append(rate)
        settled = self._settled_periods() if rates else ()
        for rate, on, minutes in self._hours_at([*chain.from_iterable(rates.values())]):
            year = rate.person_id, on.year
            if year not in limits:
                limits[year] = limit_of(rates[rate.person_id], on.year)
            yield worked.Work(
                line=rate.line_id,
                person=rate.person_id,
                on=on,
                minutes=minutes,
                rate=rate.hourly,
                year_minutes=limits[year],
                is_settled=any(first <= on <= last for first, last in settled),
            )

    def _settled_periods(self):
        """[(first day, last day)] of the reports that were accepted."""
        accepted = self.reports.filter(versions__acceptance__isnull=False)
        return list(accepted.order_by().values_list("starts_on", "ends_on").distinct())

    def _pays_for(self, day):
        return self.accountable_from <= day <= self.ends_on


def limit_of(rates, year):
    return worked.year_minutes(
        [(rate.since, rate.until, rate.year_minutes) for rate in rates], year
    )
