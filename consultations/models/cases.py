"""SupportCase: months of accompaniment of one organisation within one project."""

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Max, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role, User
from best_portal.audit.models import Event
from best_portal.bin.models import Withdrawable, WithdrawableQuerySet, withdrawn_together
from best_portal.db import Days, explained, take_turns, worded
from consultations.models.contact import QuietMixin
from consultations.models.period_lock import PeriodLock
from consultations.models.project import Project, teams_of
from consultations.participation_rules import months_after
from enterprises.accounted import accounted
from enterprises.models import Organisation, OrganisationKind

# What reports call a case among the facts they read; see enterprises.forms.accounted.
FACT = "case"

TWO_TARGETS = _(
    "This organisation has a case with the other target in the project at that time. Person and "
    "enterprise are never counted together: close that case first."
)

# What the trigger calls its refusal; the verb asks before, for its sentence names the lock.
worded(
    "consultations_locked_aims_stay",
    _(
        "Consultations of this case are counted in a period that is locked. Ask the management to "
        "open the period first."
    ),
)


class SupportTarget(models.TextChoices):
    PERSON = "person", _("the person")
    ENTERPRISE = "enterprise", _("the enterprise")


def supports_person(case):
    """Whether the hours of a case count for a person and not for the enterprise."""
    return (
        case is not None
        and case.support_target == SupportTarget.PERSON
        and case.withdrawn_at is None
    )


class SupportCaseQuerySet(QuietMixin, WithdrawableQuerySet):
    def visible_to(self, user):
        """The cases a person may know of; never deleted ones."""
        valid = self.valid()
        match user.role:
            case Role.ADVISOR | Role.MANAGER:
                return valid
            case Role.FOUNDER:
                return valid.filter(organisation__in=Organisation.objects.visible_to(user))
            case _:
                return self.none()

    def withdrawable_by(self, user):
        return self.editable_by(user)

    def for_bin(self):
        return super().for_bin().select_related("project")

    def editable_by(self, user):
        """The manager's are all; an advisor's those of their projects."""
        rows = self.visible_to(user)
        if user.role == Role.ADVISOR:
            return rows.filter(project__in=teams_of(user))
        return rows if user.role == Role.MANAGER else self.none()

    def of_advisor(self, user):
        return self.filter(advisor=user)

    def running(self):
        return self.valid().filter(closed_on=None)

    def closed(self):
        return self.valid().exclude(closed_on=None)

    def without_target(self):
        """Cases from before the question was asked."""
        return self.valid().filter(support_target="")

    def for_list(self):
        return self.select_related("project", "organisation", "advisor")

    def running_for(self, organisation, project, day):
        """The case a session of that day belongs to, or None."""
        return (
            self.running()
            .filter(organisation=organisation, project=project, opened_on__lte=day)
            .first()
        )

    @transaction.atomic
    def open_for(self, organisation, *, by, project, advisor, on, support_target, **fields):
        """Open a case; one organisation has at most one running in a project.

        Refused without a target: the person or the enterprise is counted, never both; and where it
        carries on a case of somebody else.
        """
        check_target(support_target, organisation, on)
        origin = fields.get("carried_on_from")
        if origin and origin.organisation_id != organisation.pk:
            raise ValidationError(_("Only an earlier case of the same file is carried on."))
        with explained(self.model):
            case = self.create(
                organisation=organisation,
                project=project,
                advisor=advisor,
                opened_on=on,
                support_target=support_target,
                **fields,
            )
        Event.objects.record(actor=by, verb="case.opened", subject=case)
        return case


def results_since(project, closed_on):
    """The first day from which reports tell results of support that ended on this day.

    That is a year later; after the project's last day nobody was supported any more.
    """
    return months_after(min(closed_on, project.ends_on), 12)


def check_target(target, organisation, day):
    """Refuse what cannot be supported on that day: nothing, or an enterprise before its start."""
    if target not in SupportTarget.values:
        raise ValidationError(_("Choose whether the person or the enterprise is supported."))
    is_initiative = organisation.kind == OrganisationKind.FOUNDING_INITIATIVE
    starts_later = organisation.founded_on is not None and organisation.founded_on > day
    if target == SupportTarget.ENTERPRISE and (is_initiative or starts_later):
        raise ValidationError(
            _("There is no enterprise yet on that day: before the founding, choose the person.")
        )


class SupportCase(Withdrawable):
    """Begleitung: opened and closed, with who is responsible and which case it carries on."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="cases")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="cases")
    advisor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="cases",
        verbose_name=_("responsible"),
    )
    # Empty: from before the question was asked, not settled yet.
    support_target = models.CharField(
        _("who is supported"), max_length=10, choices=SupportTarget, blank=True
    )
    goal = models.CharField(_("goal"), max_length=300, blank=True)
    opened_on = models.DateField(_("opened on"))
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=300, blank=True)
    carried_on_from = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="carried_on_as",
        verbose_name=_("carries on"),
    )

    objects = SupportCaseQuerySet.as_manager()

    noun = "case"
    bin_owner = None
    # A closed case has an outcome.
    emptied = {"goal": "", "outcome": "–"}

    class Meta:
        verbose_name = _("support case")
        verbose_name_plural = _("support cases")
        ordering = ["-opened_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "organisation"],
                condition=Q(closed_on=None, withdrawn_at=None),
                name="consultations_supportcase_one_running",
                violation_error_message=_(
                    "There is a running case for this organisation in the project already."
                ),
            ),
            models.CheckConstraint(
                name="consultations_supportcase_closes_after_opening",
                condition=Q(closed_on=None) | Q(closed_on__gte=F("opened_on")),
                violation_error_message=_("A case cannot close before it was opened."),
            ),
            models.CheckConstraint(
                name="consultations_supportcase_closed_with_outcome",
                condition=Q(closed_on=None) | ~Q(outcome=""),
                violation_error_message=_("Say with which outcome the case was closed."),
            ),
            models.CheckConstraint(
                name="consultations_supportcase_target_is_known",
                condition=Q(support_target__in=["", *SupportTarget.values]),
                violation_error_message=_(
                    "Choose whether the person or the enterprise is supported."
                ),
            ),
            ExclusionConstraint(
                name="consultations_supportcase_one_target_at_a_time",
                expressions=[
                    ("project", RangeOperators.EQUAL),
                    ("organisation", RangeOperators.EQUAL),
                    ("support_target", RangeOperators.NOT_EQUAL),
                    (Days("opened_on", "closed_on"), RangeOperators.OVERLAPS),
                ],
                condition=~Q(support_target="") & Q(withdrawn_at=None),
                violation_error_message=TWO_TARGETS,
            ),
            withdrawn_together("consultations_supportcase_deleted_by_somebody"),
        ]

    def __str__(self):
        return f"{self.organisation} · {self.project}"

    @transaction.atomic
    def close(self, *, on, outcome, by):
        """Close a running case; a second closing is refused, and a day that cannot be."""
        self.check_closing(on)
        with explained(SupportCase):
            closed = (
                SupportCase.objects.running()
                .filter(pk=self.pk)
                .update(closed_on=on, outcome=outcome)
            )
        if not closed:
            raise ValidationError(_("This case is closed already."))
        self.closed_on, self.outcome = on, outcome
        Event.objects.record(actor=by, verb="case.closed", subject=self, on=on.isoformat())

    def check_closing(self, on):
        """Refuse to close on a day to come, before the opening or before the last consultation."""
        if on > timezone.localdate():
            raise ValidationError(_("A case cannot be closed on a day to come."))
        if on < self.opened_on:
            raise ValidationError(_("A case cannot close before it was opened."))
        last = self.consultations.valid().aggregate(day=Max("held_on"))["day"]
        if last and on < last:
            raise ValidationError(
                _("The last consultation of this case was on %(day)s; it closes then or later."),
                params={"day": f"{last:%d.%m.%Y}"},
            )

    @transaction.atomic
    def reopen(self, *, by):
        """Take the closing back; its outcome stays in the row for the next one.

        Refuses a case that runs, and one beside which another was opened since.
        """
        was = self.closed_on
        if was is None:
            raise ValidationError(_("This case is running already."))
        with explained(SupportCase):
            rows = SupportCase.objects.closed().filter(pk=self.pk, closed_on=was)
            reopened = rows.update(closed_on=None)
        if not reopened:
            raise ValidationError(_("Someone changed this case in the meantime."))
        self.closed_on = None
        Event.objects.record(actor=by, verb="case.reopened", subject=self, before=was.isoformat())

    @property
    def _accounted(self):
        """The accepted periods that told results of it, in words; none while it runs."""
        if self.closed_on is None:
            return []
        since = results_since(self.project, self.closed_on)
        return accounted(self.organisation, since, FACT, self.project)

    @transaction.atomic
    def withdraw(self, *, by):
        """Put it into the bin; refused where results of it were accepted."""
        if self._accounted:
            raise ValidationError(
                _("Results of this case were accepted. Reopen it first and say why.")
            )
        super().withdraw(by=by)

    @transaction.atomic
    def restore(self, *, by):
        """Take it out of the bin; refused where results were accepted without it."""
        if self._accounted:
            raise ValidationError(
                _("Reports were accepted without this. Enter it anew and say why.")
            )
        super().restore(by=by)

    @transaction.atomic
    def hand_over(self, *, to, by, with_appointments=False):
        """Make a colleague responsible, who gets what is still promised in this case with it.

        The management may pass on what is booked with the organisation as well. Both are told,
        and the case's dossier waits for the colleague; returns the handover. Refuses a case that
        is closed, whoever is responsible already, and somebody who could not work on it: neither
        of the project's team nor a manager.
        """
        if with_appointments:
            self._wait_for_calendars(to, by)
        if to == self.advisor:
            raise ValidationError(_("%(name)s is responsible already."), params={"name": to})
        if not to.is_active or not SupportCase.objects.editable_by(to).contains(self):
            raise ValidationError(_("Only somebody of the project’s team can be responsible."))
        was = self.advisor
        with explained(SupportCase):
            self.advance(to=to, by=by)
        promises = list(self.promises.open().of_advisor(was))
        for promise in promises:
            promise.pass_on(to=to, by=by)
        return apps.get_model("consultations.Handover").objects.of_case(
            self,
            giver=was,
            to=to,
            promises=len(promises),
            by=by,
            with_appointments=with_appointments,
        )

    def booked_with_advisor(self):
        """What whoever is responsible has booked with the organisation, the next first."""
        rows = self.organisation.appointments.of_advisor(self.advisor).upcoming()
        return rows.order_by("starts_at", "pk")

    def _wait_for_calendars(self, to, by):
        """Let whoever books with the two finish first; refuse who does not manage, and who could
        not meet people."""
        if by.role != Role.MANAGER:
            raise ValidationError(_("Only the management passes appointments on."))
        if not User.objects.advisors().contains(to):
            raise ValidationError(_("Only another advisor who may sign in can take over."))
        with explained(SupportCase):
            # In the same order for everybody, so that no two wait for each other.
            for pk in sorted({self.advisor_id, to.pk}):
                take_turns(f"advisor-{pk}")

    def advance(self, *, to, by):
        """Make somebody responsible for what is not closed, also where it lies in the bin."""
        was = self.advisor
        rows = SupportCase.objects.filter(pk=self.pk, advisor=was, closed_on=None)
        if not rows.filter(withdrawn_at=self.withdrawn_at).update(advisor=to):
            raise ValidationError(_("Someone changed this case in the meantime."))
        self.advisor = to
        Event.objects.record(
            actor=by, verb="case.handed_over", subject=self, before=was.pk, to=to.pk
        )

    @transaction.atomic
    def aim_at(self, target, *, by):
        """Settle or correct who is supported.

        Refused where the other one is at the same time, and where it would change what a locked
        period counted of the enterprise.
        """
        check_target(target, self.organisation, self.opened_on)
        if SupportTarget.PERSON in (self.support_target, target) and target != self.support_target:
            days = self.consultations.valid().order_by().values_list("held_on", flat=True)
            PeriodLock.objects.refuse(self.project, *days.distinct())
        before, self.support_target = self.support_target, target
        with explained(SupportCase):
            self.save(update_fields=["support_target"])
        if before != target:
            Event.objects.record(
                actor=by, verb="case.aimed", subject=self, before=before, target=target
            )
