"""Reading the settlement of a frozen report: how each of its amounts comes about, step by step.

Everything is taken from what was frozen: the lines of the plan, the terms and the payments. The
formulas are those of settlement.py (funding.md §1.1 and §7), here one step after the other.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from best_portal.templatetags.figures import number
from reports.cents import WHOLE, cents
from reports.document import typed
from reports.models import FinancingKind
from reports.money_reading import MoneyReading
from reports.money_rows import Terms

ZERO = Decimal("0.00")
# Name of an amount → how its address and its heading call it.
AMOUNTS = {
    "spent": ("ausgaben", gettext_lazy("Expenses since the start")),
    "eligible": ("zuwendungsfaehig", gettext_lazy("Eligible expenses")),
    "own": ("eigenmittel", gettext_lazy("Own funds")),
    "third": ("dritte", gettext_lazy("Money of third parties")),
    "other_grants": ("andere-zuwendungen", gettext_lazy("Other grants")),
    "received": ("ausgezahlt", gettext_lazy("Received of this grant")),
    "balance": ("saldo", gettext_lazy("Income less expenses")),
    "due": ("zuwendung", gettext_lazy("Of the grant by what was spent so far")),
    "further": ("abzurufen", gettext_lazy("May still be asked for")),
    "surplus": ("ueberfinanzierung", gettext_lazy("Over-financed: more income than expenses")),
    "repayment": ("rueckzahlung", gettext_lazy("To pay back by what was spent so far")),
    "own_share": ("zu-tragen", gettext_lazy("To be borne by the recipient")),
}
NAMES = {address: name for name, (address, _title) in AMOUNTS.items()}
ORIGINS = {"own": "own", "third": "third", "other_grants": "other_grant"}
AT_LEAST = gettext_lazy("Never less than nothing.")
WORDS = {
    "spent": gettext_lazy(
        "All expenses of the financing plan since the grant's first day, whoever paid for them: "
        "the whole is accounted for, not only the funded part (Nr. 6 ANBest-P)."
    ),
    "eligible": gettext_lazy(
        "What of the expenses counts for the grant: payments on the days that count, as far as "
        "their vouchers are eligible, and what came back, however late; hours, flat rates and "
        "results by the rule that is named with their line."
    ),
    "own": gettext_lazy("The incomes of the plan that are the recipient's own money."),
    "third": gettext_lazy("The incomes of the plan that come from third parties."),
    "other_grants": gettext_lazy("The incomes of the plan that come from other grants."),
    "received": gettext_lazy(
        "What the authority has paid on payment requests until the last day of the period; all "
        "of it in a report that ends with the grant."
    ),
    "balance": gettext_lazy("All income less all expenses since the grant's first day."),
    "further": format_lazy(
        "{} {}",
        gettext_lazy(
            "What of the grant is not paid yet, but never more than the expenses nobody has paid "
            "for: other income that already pays for them leaves nothing to ask for (Nr. 2 "
            "ANBest-P)."
        ),
        AT_LEAST,
    ),
    "surplus": gettext_lazy(
        "By how much more has come in than was spent; nothing, where it has not."
    ),
    "repayment": format_lazy(
        "{} {}", gettext_lazy("What was received and may not be kept."), AT_LEAST
    ),
    "own_share": format_lazy(
        "{} {}", gettext_lazy("The expenses that nobody else pays for."), AT_LEAST
    ),
}
CAPPED = gettext_lazy("Never more than was granted, never less than nothing.")
DUE = {
    "share": gettext_lazy(
        "The share of the eligible expenses that the notice names, rounded to the cent. What came "
        "in beyond the plan lowers them first: so the grant shrinks in proportion (Nr. 2 ANBest-P)."
    ),
    "gap": gettext_lazy(
        "The eligible expenses less all other income: the grant shrinks by the full amount of what "
        "was saved or came in besides (Nr. 2 ANBest-P)."
    ),
    # Not confirmed by a source (funding.md §1.1, Nr. 2).
    "fixed": gettext_lazy(
        "A fixed amount stays whole while the eligible expenses reach it. This is how the agency "
        "understands it; the notice decides."
    ),
}
DUE["full"] = DUE["gap"]


@dataclass(frozen=True)
class Step:
    """One line of a sum: an amount that is added, or an amount `in_between` to go on with.

    It opens a `line` of the plan, by its number, or another amount of the settlement, by its name.
    """

    label: str
    amount: Decimal
    detail: str = ""
    line: int | None = None
    opens: str = ""
    in_between: bool = False


@dataclass(frozen=True)
class Amount:
    """One amount of the settlement on the page of the report."""

    address: str
    title: str
    value: Decimal
    can_be_opened: bool


@dataclass(frozen=True)
class Settled:
    """How an amount comes about: in words, by its steps, and what these come to."""

    address: str
    title: str
    value: Decimal
    words: str
    steps: tuple[Step, ...]
    total: Decimal


class SettlementReading:
    """What the pages show of the settlement of one frozen document."""

    def __init__(self, frozen):
        self.frozen = frozen or {}
        money = MoneyReading(self.frozen)
        self.lines, self.kept = money.lines, money.settlement
        terms = self.frozen.get("terms")
        self.terms = typed(Terms, terms) if terms else None

    @property
    def financing(self):
        return FinancingKind(self.terms.financing).label

    def value(self, name):
        if name == "surplus":
            return max(self.kept["balance"], ZERO)
        return self.kept[name]

    @property
    def amounts(self):
        """Those of the paper, in its order; each can be opened where its terms were kept."""
        if not self.kept:
            return []
        return [
            Amount(address, title, self.value(name), self.terms is not None)
            for name, (address, title) in AMOUNTS.items()
        ]

    def opened(self, address):
        """How the amount of this address comes about; None where there is none, or nobody kept
        it."""
        name = NAMES.get(address)
        if name is None or not self.kept or self.terms is None:
            return None
        steps, total = getattr(self, f"_{name}")()
        words = WORDS.get(name) or f"{DUE[self.terms.financing]} {CAPPED}"
        title = AMOUNTS[name][1]
        return Settled(address, title, self.value(name), words, tuple(steps), total)

    # --- what the lines and the payments add up to ---

    def _spent(self):
        return self._sum(self._of_kind("expense"), "since_start")

    def _eligible(self):
        return self._sum(self._of_kind("expense"), "since_start_eligible")

    def _own(self):
        return self._sum(self._from("own"), "since_start")

    def _third(self):
        return self._sum(self._from("third"), "since_start")

    def _other_grants(self):
        return self._sum(self._from("other_grants"), "since_start")

    def _received(self):
        return added(
            [
                Step(
                    _("Payment request %(number)s") % {"number": each.number},
                    each.amount,
                    _("asked for on %(asked)s, paid on %(paid)s")
                    % {"asked": day(each.requested_on), "paid": day(each.paid_on)},
                )
                for each in self.terms.payments
            ]
        )

    # --- what follows from these ---

    def _balance(self):
        incomes = [self._step(name) for name in (*ORIGINS, "received")]
        return added([*incomes, self._less("spent")])

    def _due(self):
        steps, kept = {
            "share": self._due_of_share,
            "gap": self._due_of_gap,
            "full": self._due_of_gap,
            "fixed": self._due_of_fixed,
        }[self.terms.financing]()
        granted = Step(_("At most: the grant by the notice"), self.terms.amount, in_between=True)
        return [*steps, granted], max(min(self.terms.amount, kept), ZERO)

    def _due_of_gap(self):
        return self._go_on(
            [self._step("eligible"), *(self._less(name) for name in ORIGINS)],
            _("Eligible expenses less other income"),
        )

    def _due_of_share(self):
        other = [self._step(name) for name in ORIGINS]
        planned = [
            Step(_("Less by the plan: %(label)s") % {"label": line.label}, -line.planned)
            for line in self.lines
            if line.kind == "income" and line.origin != "grant"
        ]
        steps, beyond = self._go_on([*other, *planned], _("Other income beyond the plan"))
        further = max(beyond, ZERO)
        base = self._step("eligible")
        steps += [base, Step(_("Less other income beyond the plan"), -further)]
        counted = base.amount - further
        kept = cents(self.terms.rate * counted / WHOLE)
        steps.append(Step(_("Eligible expenses that count"), counted, in_between=True))
        share = _("%(rate)s %% of these") % {"rate": number(self.terms.rate)}
        return [*steps, Step(share, kept, in_between=True)], kept

    def _due_of_fixed(self):
        return added([self._step("eligible")])

    def _further(self):
        steps, unpaid = self._go_on(
            [self._step("due"), self._less("received")], _("Of the grant not paid yet")
        )
        open_ = -self.value("balance")
        steps.append(
            Step(
                _("At most: expenses less income"),
                open_,
                opens=AMOUNTS["balance"][0],
                in_between=True,
            )
        )
        return steps, max(min(unpaid, open_), ZERO)

    def _surplus(self):
        steps, balance = added([self._step("balance")])
        return steps, max(balance, ZERO)

    def _repayment(self):
        steps, over = added([self._step("received"), self._less("due")])
        return steps, max(over, ZERO)

    def _own_share(self):
        less = [self._less(name) for name in ("due", "third", "other_grants")]
        steps, rest = added([self._step("spent"), *less])
        return steps, max(rest, ZERO)

    # --- steps ---

    def _of_kind(self, kind):
        return [line for line in self.lines if line.kind == kind]

    def _from(self, name):
        return [line for line in self._of_kind("income") if line.origin == ORIGINS[name]]

    def _sum(self, lines, column):
        return added(
            [
                Step(line.label, getattr(line, column), line.position, line=line.number)
                for line in lines
            ]
        )

    def _step(self, name):
        address, title = AMOUNTS[name]
        return Step(str(title), self.value(name), opens=address)

    def _less(self, name):
        address, title = AMOUNTS[name]
        return Step(_("Less: %(amount)s") % {"amount": title}, -self.value(name), opens=address)

    def _go_on(self, steps, label):
        """The steps and what they come to, as one more of them."""
        _steps, total = added(steps)
        return [*steps, Step(label, total, in_between=True)], total


def added(steps):
    return steps, sum((step.amount for step in steps), ZERO)


def day(value: date):
    return f"{value:%d.%m.%Y}"
