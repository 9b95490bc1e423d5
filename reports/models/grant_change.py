"""GrantChange: what an Änderungsbescheid changed of a grant that a report has told of."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.db import explained, worded
from reports import german
from reports.models.financing import Costing, FinancingPlanLine, LineKind, Origin
from reports.models.grant import FinancingKind, Grant, Notice
from reports.models.threshold import ThresholdKey

LONGEST_LINE, SAID = 220, 150
PLAIN_NUMBER = re.compile(r"\d+(\.\d+)?$")

# What the trigger calls its refusal; the verb asks before.
worded(
    "reports_grantchange_by_own_notice",
    _("Choose a notice of this grant."),
)


class Stipulation(models.TextChoices):
    """What a notice says and reports are calculated by: fields of the grant, and of its plan."""

    AMOUNT = "amount", _("amount granted")
    FINANCING = "financing", _("kind of financing")
    RATE = "rate", _("rate")
    STARTS_ON = "starts_on", _("period from")
    ENDS_ON = "ends_on", _("period until")
    EARLY_START_ON = "early_start_on", _("approved early start")
    PAY_UNTIL = "pay_until", _("payments count until")
    MINIMUM_HOURS = "minimum_hours", _("hours from which an organisation counts")
    PEOPLE_HOURS = "people_hours", _("hours from which a participant counts")
    NEW_AGE = "new_age", _("months in which an enterprise counts as new")
    PLANNED = "planned", _("planned amount")
    ELIGIBLE = "eligible", _("planned amount, of it eligible")
    KIND = "kind", _("kind")
    COSTING = "costing", _("made of")
    METHOD = "method", _("cost method")
    ORIGIN = "origin", _("whose money")


AMOUNTS = (Stipulation.PLANNED, Stipulation.ELIGIBLE)
# What a line is; how it is called and where it stands decides nothing.
MAKING = (Stipulation.KIND, Stipulation.COSTING, Stipulation.METHOD, Stipulation.ORIGIN)
OF_PLAN = AMOUNTS + MAKING
# By what figures count: each is told whole, with all the days it holds.
THRESHOLDS = {
    ThresholdKey.HOURS: Stipulation.MINIMUM_HOURS,
    ThresholdKey.PARTICIPANT: Stipulation.PEOPLE_HOURS,
    ThresholdKey.NEW_AGE: Stipulation.NEW_AGE,
}
OF_COUNTING = tuple(THRESHOLDS.values())
OF_GRANT = tuple(name for name in Stipulation if name not in (*OF_PLAN, *OF_COUNTING))

# The same on paper.
ON_PAPER = {
    Stipulation.AMOUNT: "Bewilligter Betrag",
    Stipulation.FINANCING: "Finanzierungsart",
    Stipulation.RATE: "Fördersatz",
    Stipulation.STARTS_ON: "Bewilligungszeitraum von",
    Stipulation.ENDS_ON: "Bewilligungszeitraum bis",
    Stipulation.EARLY_START_ON: "Vorzeitiger Maßnahmebeginn",
    Stipulation.PAY_UNTIL: "Zahlungen zählen bis",
    Stipulation.MINIMUM_HOURS: "Schwelle in Stunden",
    Stipulation.PEOPLE_HOURS: "Schwelle in Stunden für Teilnehmende",
    Stipulation.NEW_AGE: "Höchstalter neuer Unternehmen in Monaten",
    Stipulation.PLANNED: "Finanzierungsplan, {line}",
    Stipulation.ELIGIBLE: "Finanzierungsplan, {line}, davon zuwendungsfähig",
    Stipulation.KIND: "Finanzierungsplan, {line}, Art",
    Stipulation.COSTING: "Finanzierungsplan, {line}, ermittelt durch",
    Stipulation.METHOD: "Finanzierungsplan, {line}, Kostenmethode",
    Stipulation.ORIGIN: "Finanzierungsplan, {line}, Herkunft der Mittel",
}

# Values that are one of a list: their words on the screen, and those on paper.
CHOICES = {
    Stipulation.FINANCING: FinancingKind,
    Stipulation.KIND: LineKind,
    Stipulation.COSTING: Costing,
    Stipulation.ORIGIN: Origin,
}
CHOICES_ON_PAPER = {
    Stipulation.FINANCING: german.FINANCING,
    Stipulation.KIND: german.PLAN_KINDS,
    Stipulation.COSTING: german.COSTINGS,
    Stipulation.ORIGIN: german.ORIGINS,
}


def stipulations(grant):
    """Field -> what a grant says there now, its plan aside."""
    return {name: getattr(grant, name) for name in OF_GRANT}


@dataclass(frozen=True)
class Planned:
    """A line of the plan as a notice has it; what is not planned at all has neither amount."""

    line: str = ""
    planned: Decimal | None = None
    eligible: Decimal | None = None
    kind: str = ""
    costing: str = ""
    method: str = ""
    origin: str = ""

    @classmethod
    def of(cls, line):
        return cls(
            line=f"{line.position} {line.label}".strip(),
            planned=line.planned,
            eligible=line.planned if line.eligible is None else line.eligible,
            kind=line.kind,
            costing=line.costing,
            method=valid_method(line.method) if line.method else "",
            origin=line.origin,
        )

    def differs(self, now):
        """(field, before, now) of all that is not the same in `now`, in the order of OF_PLAN.

        A line that is new, or gone, has its amounts told, and not what it is made of.
        """
        # Where all of it is eligible, before and now, that need not be said.
        is_whole = self.eligible == self.planned and now.eligible == now.planned
        names = AMOUNTS[:1] if is_whole else AMOUNTS
        if self.line and now.line:
            names += MAKING
        pairs = [(name, getattr(self, name), getattr(now, name)) for name in names]
        return [(name, was, value) for name, was, value in pairs if was != value]


def valid_method(method):
    """Methods of one name follow each other: the day tells them apart."""
    return f"{method}, gültig ab {german.day(method.since)}"


def plan_of(grant):
    """Key of a line -> what is planned there now."""
    lines = FinancingPlanLine.objects.filter(grant=grant.pk).select_related("method")
    return {line.pk: Planned.of(line) for line in lines} if grant.pk else {}


def thresholds_of(grant):
    """What the grant says now of the numbers that figures count by."""
    return said_thresholds(grant.thresholds.all() if grant.pk else ())


def said_thresholds(rows):
    """Field -> all its numbers with the days they hold, as a paper says them."""
    said = dict.fromkeys(OF_COUNTING, "")
    for row in sorted(rows, key=lambda row: (row.since or date.min, row.value)):
        if row.key in THRESHOLDS:
            name = THRESHOLDS[row.key]
            said[name] = "; ".join(filter(None, (said[name], german.threshold(row))))
    return {name: shortened_to(SAID, words) for name, words in said.items()}


def shortened_to(length, words):
    return words if len(words) <= length else f"{words[: length - 1]}…"


class GrantChangeQuerySet(models.QuerySet):
    @transaction.atomic
    def keep(self, grant, *, by, before, notice, note, plan=None, thresholds=None):
        """Keep what a notice changed: everything that differs from what was said before.

        That is what `stipulations`, `plan_of` and `thresholds_of` said. Refuses all but the
        manager, a notice of another grant, and a change without a word on it.
        """
        if by.role != Role.MANAGER:
            raise ValidationError(_("Only the manager changes grants."))
        now = stipulations(Grant.objects.get(pk=grant.pk))
        differing = [
            (name, "", before[name], now[name]) for name in now if now[name] != before[name]
        ]
        if thresholds is not None:
            says = thresholds_of(grant)
            differing += [
                (name, "", thresholds[name], says[name])
                for name in OF_COUNTING
                if thresholds[name] != says[name]
            ]
        if plan is not None:
            differing += differences(plan, plan_of(grant))
        with explained(self.model):
            kept = [
                self.create(
                    grant=grant,
                    notice=notice,
                    field=name,
                    line=line[:LONGEST_LINE],
                    before=plain(was),
                    after=plain(value),
                    note=note.strip(),
                    changed_by=by,
                )
                for name, line, was, value in differing
            ]
        Event.objects.record(
            actor=by, verb="grant.amended", subject=grant, fields=[each.field for each in kept]
        )
        return kept

    def for_list(self):
        return self.select_related("notice", "changed_by").order_by("changed_at", "pk")


def differences(before, now):
    """(field, line, before, now) where two plans differ, in the order of the newer one."""
    for key in [*now, *(key for key in before if key not in now)]:
        old, new = before.get(key, Planned()), now.get(key, Planned())
        for name, was, value in old.differs(new):
            yield name, new.line or old.line, was, value


def plain(value):
    return "" if value is None else str(value)


class GrantChange(models.Model):
    """Änderung: of one field of a grant or of its plan, by the notice that says so; it stays."""

    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="changes")
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="changes")
    field = models.CharField(_("what"), max_length=15, choices=Stipulation)
    # Of the plan: the position and what it is for, as they were called then.
    line = models.CharField(_("line of the plan"), max_length=LONGEST_LINE, blank=True)
    # As PostgreSQL would write it; empty where the notice named none.
    before = models.CharField(_("before"), max_length=SAID, blank=True)
    after = models.CharField(_("now"), max_length=SAID, blank=True)
    note = models.CharField(_("what the notice changes"), max_length=300)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField(auto_now_add=True)

    objects = GrantChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of a grant")
        verbose_name_plural = _("changes of grants")
        ordering = ["changed_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="reports_grantchange_field_is_known",
                condition=Q(field__in=Stipulation.values),
                violation_error_message=_("Unknown field of a grant."),
            ),
            models.CheckConstraint(
                name="reports_grantchange_of_the_plan_names_the_line",
                condition=Q(field__in=OF_PLAN) & ~Q(line="") | ~Q(field__in=OF_PLAN) & Q(line=""),
                violation_error_message=_("A change of the plan is about one of its lines."),
            ),
            models.CheckConstraint(
                name="reports_grantchange_says_what",
                condition=~Q(note="") & ~Q(before=F("after")),
                violation_error_message=_("Say in a few words what the notice changes."),
            ),
        ]

    def __str__(self):
        return f"{self.what}: {self.said_before} → {self.said_after}"

    @property
    def what(self):
        name = str(self.get_field_display())
        return f"{self.line}, {name}" if self.line else name

    @property
    def said_before(self):
        return self._said(self.before)

    @property
    def said_after(self):
        return self._said(self.after)

    def _said(self, value):
        is_chosen = value and self.field in CHOICES
        return CHOICES[self.field](value).label if is_chosen else spelled(self.field, value)

    @property
    def on_paper(self):
        """In German, whoever prints it: Fördersatz bisher 40,5 %, jetzt 90 %."""
        before, after = (spelled(self.field, value) for value in (self.before, self.after))
        if self.field in AMOUNTS:
            before = before if self.before else "nicht vorgesehen"
            after = after if self.after else "gestrichen"
        name = ON_PAPER[self.field].format(line=self.line)
        return f"{name} bisher {before}, jetzt {after}"


def spelled(field, value):
    match field if value else None:
        case None:
            return german.NOT_ASKED
        case Stipulation.AMOUNT | Stipulation.PLANNED | Stipulation.ELIGIBLE:
            return german.euro(value)
        case Stipulation.RATE:
            return german.percent(value)
        case Stipulation.METHOD | Stipulation.PEOPLE_HOURS | Stipulation.NEW_AGE:
            return value
        case Stipulation.MINIMUM_HOURS:
            # Those of the time before thresholds had days are a number alone.
            return german.number(value) if PLAIN_NUMBER.match(value) else value
        case chosen if chosen in CHOICES_ON_PAPER:
            return CHOICES_ON_PAPER[chosen][value]
        case _:
            return german.day(date.fromisoformat(value))


def told_by(notice):
    """What a notice changed, a sentence for each time it was entered."""
    return tuple(
        f"{'; '.join(each.on_paper for each in changes)} ({note})"
        for note, changes in groupby(notice.changes.all(), key=lambda change: change.note)
    )
