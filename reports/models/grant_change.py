"""GrantChange: what an Änderungsbescheid changed of a grant that a report has told of."""

from datetime import date
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
from reports.models.grant import FinancingKind, Grant, Notice

# What the trigger calls its refusal; the verb asks before.
worded(
    "reports_grantchange_by_own_notice",
    _("Choose a notice of this grant."),
)


class Stipulation(models.TextChoices):
    """What a notice says and reports are calculated by; each is a field of the grant."""

    AMOUNT = "amount", _("amount granted")
    FINANCING = "financing", _("kind of financing")
    RATE = "rate", _("rate")
    STARTS_ON = "starts_on", _("period from")
    ENDS_ON = "ends_on", _("period until")
    EARLY_START_ON = "early_start_on", _("approved early start")
    PAY_UNTIL = "pay_until", _("payments count until")
    MINIMUM_HOURS = "minimum_hours", _("hours from which an organisation counts")


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
}


def stipulations(grant):
    """Field -> what a grant says there now."""
    return {name: getattr(grant, name) for name in Stipulation.values}


class GrantChangeQuerySet(models.QuerySet):
    @transaction.atomic
    def keep(self, grant, *, by, before, notice, note):
        """Keep what a notice changed: everything that differs from `before`.

        Refuses all but the manager, a notice of another grant, and a change without a word on it.
        """
        if by.role != Role.MANAGER:
            raise ValidationError(_("Only the manager changes grants."))
        now = stipulations(Grant.objects.get(pk=grant.pk))
        with explained(self.model):
            kept = [
                self.create(
                    grant=grant,
                    notice=notice,
                    field=name,
                    before=plain(before[name]),
                    after=plain(value),
                    note=note.strip(),
                    changed_by=by,
                )
                for name, value in now.items()
                if value != before[name]
            ]
        Event.objects.record(
            actor=by, verb="grant.amended", subject=grant, fields=[each.field for each in kept]
        )
        return kept

    def for_list(self):
        return self.select_related("notice", "changed_by").order_by("changed_at", "pk")


def plain(value):
    return "" if value is None else str(value)


class GrantChange(models.Model):
    """Änderung: of one field of a grant, by the notice that says so; it never changes."""

    grant = models.ForeignKey(Grant, on_delete=models.PROTECT, related_name="changes")
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, related_name="changes")
    field = models.CharField(_("what"), max_length=15, choices=Stipulation)
    # As PostgreSQL would write it; empty where the notice named none.
    before = models.CharField(_("before"), max_length=20, blank=True)
    after = models.CharField(_("now"), max_length=20, blank=True)
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
                name="reports_grantchange_says_what",
                condition=~Q(note="") & ~Q(before=F("after")),
                violation_error_message=_("Say in a few words what the notice changes."),
            ),
        ]

    def __str__(self):
        return f"{self.get_field_display()}: {self.said_before} → {self.said_after}"

    @property
    def said_before(self):
        return self._said(self.before)

    @property
    def said_after(self):
        return self._said(self.after)

    def _said(self, value):
        kind = self.field == Stipulation.FINANCING
        return FinancingKind(value).label if kind else spelled(self.field, value)

    @property
    def on_paper(self):
        """In German, whoever prints it: Fördersatz bisher 40,5 %, jetzt 90 %."""
        before, after = (spelled(self.field, value) for value in (self.before, self.after))
        return f"{ON_PAPER[self.field]} bisher {before}, jetzt {after}"


def spelled(field, value):
    match field if value else None:
        case None:
            return german.NOT_ASKED
        case Stipulation.AMOUNT:
            return german.euro(value)
        case Stipulation.RATE:
            return german.percent(value)
        case Stipulation.MINIMUM_HOURS:
            return german.number(value)
        case Stipulation.FINANCING:
            return german.FINANCING[value]
        case _:
            return german.day(date.fromisoformat(value))


def told_by(notice):
    """What a notice changed, a sentence for each time it was entered."""
    return tuple(
        f"{'; '.join(each.on_paper for each in changes)} ({note})"
        for note, changes in groupby(notice.changes.all(), key=lambda change: change.note)
    )
