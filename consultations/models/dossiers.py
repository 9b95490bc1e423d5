"""Dossier: what whoever takes a case over must know, written down before it is forgotten."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.db import explained, take_turns
from consultations.models.cases import SupportCase
from consultations.models.project import teams_of
from consultations.models.reading_on import READS_FOR

NOT_WRITTEN = _("Before it can be accepted, the dossier says how things stand and what comes next.")


class DossierQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The case's team, whoever gets the case, and the predecessor for 30 days."""
        match user.role:
            case Role.MANAGER:
                return self.all()
            case Role.ADVISOR:
                return self.filter(
                    Q(case__project__in=teams_of(user))
                    | Q(to=user)
                    | Q(handover__giver=user, handover__handed_at__gt=timezone.now() - READS_FOR)
                )
            case _:
                return self.none()

    def editable_by(self, user):
        """Whoever sees it may write it until it is accepted, the predecessor, too."""
        return self.visible_to(user).open()

    def open(self):
        return self.filter(accepted_at=None)

    def handed_over(self):
        return self.filter(handover__isnull=False)

    def unaccepted(self):
        """Those whose case goes on with a new advisor who has not accepted them yet."""
        return self.open().handed_over().filter(case__closed_on=None, case__withdrawn_at=None)

    def to_accept_by(self, user):
        return self.unaccepted().filter(to=user)

    def for_list(self):
        return self.select_related(
            "case__organisation", "case__project", "case__advisor", "handover__giver", "to"
        ).defer("case__organisation__purpose", "case__project__purpose")

    def longest_first(self):
        return self.order_by("handover__handed_at", "pk")

    @transaction.atomic
    def begin(self, case, *, by):
        """Return the case's dossier that is still written, a new one where there is none."""
        with explained(self.model):
            take_turns(f"dossier-{case.pk}")
            if earlier := self.open().filter(case=case).first():
                return earlier
            dossier = self.create(case=case)
        Event.objects.record(actor=by, verb="dossier.begun", subject=dossier)
        return dossier

    def hand(self, case, *, handover, to, by):
        """Pass the case's dossier on with it, still empty where nobody has written any."""
        dossier = self.begin(case, by=by)
        dossier.handover, dossier.to = handover, to
        dossier.save(update_fields=["handover", "to"])
        return dossier


class Dossier(models.Model):
    """Übergabedossier: of one case; the successor accepts it, then nobody changes it any more."""

    case = models.ForeignKey(SupportCase, on_delete=models.PROTECT, related_name="dossiers")
    # Both empty while it is prepared and the case still where it was.
    handover = models.ForeignKey(
        "consultations.Handover",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="dossiers",
    )
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="dossiers",
        verbose_name=_("successor"),
    )
    state = models.TextField(_("how things stand"), blank=True)
    trust_issues = models.TextField(_("what trust depends on"), blank=True)
    contacts = models.TextField(_("further contacts"), blank=True)
    keys_held = models.TextField(_("keys and accesses"), blank=True)
    first_step = models.CharField(_("next step"), max_length=300, blank=True)
    second_step = models.CharField(_("second step"), max_length=300, blank=True)
    third_step = models.CharField(_("third step"), max_length=300, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("written by"),
    )
    written_at = models.DateTimeField(_("written"), null=True, editable=False)
    accepted_at = models.DateTimeField(_("accepted"), null=True, editable=False)

    objects = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = _("dossier")
        verbose_name_plural = _("dossiers")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["case"],
                condition=Q(accepted_at=None),
                name="consultations_dossier_one_open_per_case",
                violation_error_message=_("Somebody writes a dossier of this case already."),
            ),
            models.CheckConstraint(
                name="consultations_dossier_handed_to_somebody",
                condition=Q(handover=None, to=None) | Q(handover__isnull=False, to__isnull=False),
                violation_error_message=_("A dossier is handed over to somebody."),
            ),
            models.CheckConstraint(
                name="consultations_dossier_accepted_by_whoever_got_it",
                condition=Q(accepted_at=None) | Q(to__isnull=False),
                violation_error_message=_("Only what was handed over can be accepted."),
            ),
            models.CheckConstraint(
                name="consultations_dossier_accepted_when_written",
                condition=Q(accepted_at=None) | ~Q(state="") & ~Q(first_step=""),
                violation_error_message=NOT_WRITTEN,
            ),
        ]

    def __str__(self):
        return str(self.case)

    def get_absolute_url(self):
        return reverse("consultations:dossier", args=[self.pk])

    @property
    def is_open(self):
        return self.accepted_at is None

    @property
    def is_written(self):
        return bool(self.state and self.first_step)

    @property
    def steps(self):
        """The next steps there are, in their order."""
        return [step for step in (self.first_step, self.second_step, self.third_step) if step]

    @property
    def promises(self):
        """What is still promised in the case, whoever of both promised it."""
        return self.case.promises.open().for_list().soonest_first()

    @property
    def people(self):
        """Who belongs to the organisation, each with what they are there."""
        parts = self.case.organisation.involvements.valid()
        return parts.select_related("person").order_by("person__name", "pk")

    @transaction.atomic
    def write(self, *, by, **texts):
        """Put down what is known; an accepted dossier is refused, as is a case that is closed."""
        texts = {name: text.strip() for name, text in texts.items()}
        with explained(Dossier):
            written = (
                Dossier.objects.open()
                .filter(pk=self.pk)
                .update(written_by=by, written_at=timezone.now(), **texts)
            )
        if not written:
            raise ValidationError(_("This dossier is accepted and stays as it is."))
        self.refresh_from_db()
        Event.objects.record(actor=by, verb="dossier.written", subject=self, fields=sorted(texts))

    @transaction.atomic
    def accept(self, *, by):
        """The successor knows what there is to know; refused for everybody else, and unwritten."""
        if by != self.to:
            raise ValidationError(_("Only whoever took the case over can accept its dossier."))
        mine = Dossier.objects.open().filter(pk=self.pk, to=by)
        with explained(Dossier):
            accepted = mine.update(accepted_at=timezone.now())
        if not accepted:
            raise ValidationError(_("This dossier is accepted already."))
        self.refresh_from_db()
        Event.objects.record(actor=by, verb="dossier.accepted", subject=self)

    def read(self, *, by):
        """Note a manager's look at what an advisor confided to the next one; nobody else's."""
        if self.trust_issues and by.role == Role.MANAGER and by != self.to:
            Event.objects.record(actor=by, verb="dossier.read", subject=self)
