"""SupportCase: months of accompaniment of one organisation within one project."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.db import explained
from consultations.models.project import Project
from enterprises.models import Organisation


class SupportCaseQuerySet(models.QuerySet):
    def visible_to(self, user):
        match user.role:
            case Role.ADVISOR | Role.MANAGER:
                return self.all()
            case Role.FOUNDER:
                return self.filter(organisation__in=Organisation.objects.visible_to(user))
            case _:
                return self.none()

    def running(self):
        return self.filter(closed_on=None)

    def running_for(self, organisation, project, day):
        """The case a session of that day belongs to, or None."""
        return (
            self.running()
            .filter(organisation=organisation, project=project, opened_on__lte=day)
            .first()
        )

    @transaction.atomic
    def open_for(self, organisation, *, by, project, advisor, on, **fields):
        """Open a case; one organisation has at most one running in a project."""
        with explained(self.model):
            case = self.create(
                organisation=organisation, project=project, advisor=advisor, opened_on=on, **fields
            )
        Event.objects.record(actor=by, verb="case.opened", subject=case)
        return case


class SupportCase(models.Model):
    """Begleitung: opened and closed, with who is responsible and which case it carries on."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="cases")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="cases")
    advisor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="cases",
        verbose_name=_("responsible"),
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

    class Meta:
        verbose_name = _("support case")
        verbose_name_plural = _("support cases")
        ordering = ["-opened_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "organisation"],
                condition=Q(closed_on=None),
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
        ]

    def __str__(self):
        return f"{self.organisation} · {self.project}"

    @transaction.atomic
    def close(self, *, on, outcome, by):
        """Close a running case; a second closing is refused."""
        with explained(SupportCase):
            closed = SupportCase.objects.filter(pk=self.pk, closed_on=None).update(
                closed_on=on, outcome=outcome
            )
        if not closed:
            raise ValidationError(_("This case is closed already."))
        self.closed_on, self.outcome = on, outcome
        Event.objects.record(actor=by, verb="case.closed", subject=self, on=on.isoformat())
