"""ContactRule: after how many days without contact a case of a stage has gone quiet, and which."""

from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models, transaction
from django.db.models import Case, F, Func, IntegerField, Max, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import STAFF_ROLES
from best_portal.audit.models import Event
from best_portal.db import BerlinDay, Days, explained
from enterprises.models import Organisation, Stage

# Nobody is nudged about a case they have only just opened.
FIRST_NUDGE = timedelta(days=3)
# Stages in which somebody is accompanied; whoever gave up need not be called.
ACCOMPANIED = [choice for choice in Stage.choices if choice[0] != Stage.GIVEN_UP]
MET = ("booked", "took_place")
LONGEST = 3650


class DaysBetween(Func):
    """How many days lie between two: PostgreSQL subtracts dates as whole days."""

    template = "(%(expressions)s)"
    arg_joiner = " - "
    output_field = IntegerField()


class ContactRuleQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.all() if user.role in STAFF_ROLES else self.none()

    def valid_on(self, day):
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)

    def for_list(self):
        """In the order in which an organisation goes through the stages, then by day."""
        stages = [When(stage=stage, then=n) for n, stage in enumerate(Stage.values)]
        return self.select_related("set_by").order_by(Case(*stages), "starts_on")

    @transaction.atomic
    def settle(self, *, by, stage, days, starts_on, note=""):
        """Let so many days count for a stage from a day on; the rule before ends the day before.

        A rule of the very same first day is corrected. Refuses a day before that of a later rule.
        """
        with explained(self.model):
            of_stage = self.filter(stage=stage).select_for_update()
            same = of_stage.filter(starts_on=starts_on).first()
            if same is None:
                of_stage.filter(starts_on__lt=starts_on, ends_on=None).update(
                    ends_on=starts_on - timedelta(days=1)
                )
            rule = same or self.model(stage=stage, starts_on=starts_on)
            rule.days, rule.note, rule.set_by = days, note.strip(), by
            rule.save()
        Event.objects.record(actor=by, verb="contact_rule.settled", subject=rule, days=days)
        return rule


class ContactRule(models.Model):
    """Kontaktfrist: how long nobody need be in touch with a case of this stage."""

    stage = models.CharField(_("stage"), max_length=15, choices=Stage)
    days = models.PositiveSmallIntegerField(_("days without contact"))
    starts_on = models.DateField(_("valid from"))
    ends_on = models.DateField(_("valid until"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    # Nobody where it came with the portal.
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("set by"),
    )

    objects = ContactRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact rule")
        verbose_name_plural = _("contact rules")
        ordering = ["stage", "starts_on"]
        constraints = [
            models.CheckConstraint(
                name="consultations_contactrule_stage_is_known",
                condition=Q(stage__in=[stage for stage, _words in ACCOMPANIED]),
                violation_error_message=_("Choose one of the stages."),
            ),
            models.CheckConstraint(
                name="consultations_contactrule_days_are_plausible",
                condition=Q(days__gte=1, days__lte=LONGEST),
                violation_error_message=_("Choose 1 to 3650 days."),
            ),
            models.CheckConstraint(
                name="consultations_contactrule_ends_after_start",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("A rule cannot end before it starts."),
            ),
            ExclusionConstraint(
                name="consultations_contactrule_one_at_a_time",
                expressions=[
                    ("stage", RangeOperators.EQUAL),
                    (Days("starts_on", "ends_on"), RangeOperators.OVERLAPS),
                ],
                violation_error_message=_(
                    "A later rule is noted for this stage already. Choose a day after it began."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.get_stage_display()}: {self.days}"


def latest(moment, **met):
    """The last day of something that ties an organisation to the agency."""
    return Subquery(
        Organisation.objects.filter(pk=OuterRef("organisation"))
        .order_by()
        .values("pk")
        .annotate(latest=Max(moment, filter=Q(**met)))
        .values("latest")
    )


class QuietMixin:
    """What the QuerySet of support cases knows of silence."""

    def with_contact(self, on=None):
        """Add `contact_on`, the last day somebody met the organisation or will, and `silent_for`.

        A consultation counts, a visit, a group session attended, and an appointment that was not
        cancelled or missed; a case nobody was met in counts from the day it was opened.
        """
        on = on or timezone.localdate()
        met = Greatest(
            latest("consultations__held_on", consultations__withdrawn_at=None),
            latest(
                "attendances__consultation__held_on", attendances__consultation__withdrawn_at=None
            ),
            latest("visits__visited_on", visits__withdrawn_at=None),
            latest(BerlinDay("appointments__starts_at"), appointments__status__in=MET),
        )
        return self.annotate(
            met_on=met,
            contact_on=Coalesce(F("met_on"), F("opened_on")),
            silent_for=DaysBetween(
                Value(on, output_field=models.DateField()), Coalesce(F("met_on"), F("opened_on"))
            ),
        )

    def quiet(self, on=None):
        """Running cases without contact for longer than the rule of their stage allows.

        Never before the third day after the opening; a stage without a rule is never quiet.
        """
        on = on or timezone.localdate()
        rule = ContactRule.objects.valid_on(on).filter(stage=OuterRef("organisation__stage"))
        return (
            self.running()
            .with_contact(on)
            .annotate(allowed_days=Subquery(rule.values("days")[:1]))
            .filter(silent_for__gt=F("allowed_days"), opened_on__lte=on - FIRST_NUDGE)
        )

    def longest_first(self):
        return self.order_by("-silent_for", "pk")

    def quiet_by_advisor(self):
        """How many have gone quiet with whom: {advisor's key: number}."""
        rows = self.quiet().order_by().values("advisor").annotate(number=models.Count("pk"))
        return {row["advisor"]: row["number"] for row in rows}
