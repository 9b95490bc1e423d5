"""Agreement: what several bodies promise each other for a time, in stages, reviewed and ended."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Least
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.audit.models import Event
from best_portal.db import explained, folded
from districts.models import District
from enterprises.models.organisation import Organisation

# How long before its review or its end an agreement is called to mind.
REMIND = timedelta(days=60)


class AgreementQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.all() if user.is_authenticated and user.is_staff_member else self.none()

    def editable_by(self, user):
        return self.visible_to(user)

    def kept_by(self, user):
        """Those this person of the staff looks after."""
        return self.filter(advisor=user)

    def in_areas(self, keys):
        return self.filter(districts__in=keys).distinct()

    def in_force(self, day=None):
        """Begun, and neither over nor ended early."""
        return self.current(day).filter(starts_on__lte=day or timezone.localdate())

    def current(self, day=None):
        """In force or still to come."""
        day = day or timezone.localdate()
        return self.filter(Q(ended_on=None) | Q(ended_on__gt=day), ends_on__gte=day)

    def over(self):
        today = timezone.localdate()
        return self.filter(Q(ends_on__lt=today) | Q(ended_on__lte=today))

    def valid_between(self, first, last):
        """Those in force on one of these days."""
        return self.filter(
            Q(ended_on=None) | Q(ended_on__gt=first), starts_on__lte=last, ends_on__gte=first
        )

    def to_remind(self):
        """Those whose review is due or overdue, or whose end is near, the first one first."""
        soon = timezone.localdate() + REMIND
        rows = self.current().filter(Q(review_on__lte=soon) | Q(ends_on__lte=soon))
        return rows.annotate(first=Least("review_on", "ends_on")).order_by("first", "pk")

    def for_list(self):
        areas = District.objects.defer("outline")
        parties = self.model._meta.get_field("parties").related_model.objects.valid()
        parties = parties.select_related("organisation").order_by("organisation__sort_name", "pk")
        return (
            self.select_related("advisor", "alliance")
            .prefetch_related(
                models.Prefetch("districts", areas),
                models.Prefetch("parties", parties),
            )
            .order_by("-starts_on", "sort_name", "pk")
        )


class Agreement(models.Model):
    """Kooperationsvereinbarung: parties, what each brings in, stages, review and end."""

    name = models.CharField(_("name"), max_length=200)
    sort_name = folded("name")
    purpose = models.TextField(_("what it is for"), blank=True)
    alliance = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="agreements",
        verbose_name=_("network or project group"),
        help_text=_("That works on it."),
    )
    districts = models.ManyToManyField(
        District, blank=True, related_name="agreements", verbose_name=_("neighbourhoods")
    )
    advisor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="agreements",
        verbose_name=_("looked after by"),
    )
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    starts_on = models.DateField(_("in force from"))
    ends_on = models.DateField(_("in force until"))
    review_on = models.DateField(
        _("to be reviewed on"),
        null=True,
        blank=True,
        help_text=_("Two months before, it stands on the first page of whoever looks after it."),
    )
    ended_on = models.DateField(_("ended on"), null=True, editable=False)
    ended_because = models.CharField(_("reason"), max_length=300, blank=True, editable=False)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("cooperation agreement")
        verbose_name_plural = _("cooperation agreements")
        ordering = ["-starts_on", "sort_name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="enterprises_agreement_has_a_name",
                condition=~Q(name=""),
                violation_error_message=_("Give the agreement a name."),
            ),
            models.CheckConstraint(
                name="enterprises_agreement_ends_after_start",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("An agreement cannot end before it starts."),
            ),
            models.CheckConstraint(
                name="enterprises_agreement_reviewed_while_in_force",
                condition=Q(review_on=None)
                | Q(review_on__gte=F("starts_on"), review_on__lte=F("ends_on")),
                violation_error_message=_("It is reviewed while it is in force."),
            ),
            models.CheckConstraint(
                name="enterprises_agreement_ended_with_reason",
                condition=Q(ended_on=None, ended_because="")
                | (Q(ended_on__isnull=False) & ~Q(ended_because="")),
                violation_error_message=_("Say why the agreement ended early."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("enterprises:agreement", args=[self.pk])

    @property
    def last_day(self):
        """The day it ends on, or has ended on early."""
        return self.ended_on or self.ends_on

    @property
    def is_current(self):
        today = timezone.localdate()
        return self.ends_on >= today and (self.ended_on is None or self.ended_on > today)

    @property
    def state(self):
        """Where it stands, in one word."""
        today = timezone.localdate()
        if not self.is_current:
            return _("ended early") if self.ended_on else _("ended")
        return _("in force") if self.starts_on <= today else _("to come")

    @property
    def is_review_overdue(self):
        return bool(self.is_current and self.review_on and self.review_on < timezone.localdate())

    @property
    def areas(self):
        """Its areas as one text."""
        return ", ".join(district.name for district in self.districts.all())

    @property
    def party_names(self):
        """Its parties as one text."""
        return ", ".join(str(party.organisation) for party in self.parties.all())

    def stage_on(self, day):
        """The stage it is in on that day; None between stages."""
        stages = self.stages.valid().filter(starts_on__lte=day, ends_on__gte=day)
        return stages.order_by("starts_on", "pk").first()

    @transaction.atomic
    def review(self, *, by, held_on, result, next_on=None):
        """Note what a review found, and when the next one is; only while it is current."""
        self._refuse_over()
        if held_on > timezone.localdate():
            raise ValidationError({"held_on": _("This day is still to come.")})
        with explained(self.reviews.model):
            review = self.reviews.create(held_on=held_on, result=result.strip(), by=by)
        with explained(Agreement):
            Agreement.objects.filter(pk=self.pk).update(review_on=next_on)
        self.review_on = next_on
        Event.objects.record(actor=by, verb="agreement.reviewed", subject=self)
        return review

    @transaction.atomic
    def end(self, *, by, on, because):
        """End it early; only once, and within its time."""
        self._refuse_over()
        if not self.starts_on <= on <= self.ends_on:
            raise ValidationError({"on": _("Choose a day within the time of the agreement.")})
        with explained(Agreement):
            Agreement.objects.filter(pk=self.pk).update(
                ended_on=on, ended_because=" ".join(because.split())
            )
        self.refresh_from_db()
        Event.objects.record(actor=by, verb="agreement.ended", subject=self)

    def _refuse_over(self):
        if not Agreement.objects.current().filter(pk=self.pk, ended_on=None).exists():
            raise ValidationError(_("This agreement is over."))

    @transaction.atomic
    def pass_on(self, *, to, by):
        """Let a colleague look after it from now on."""
        Agreement.objects.filter(pk=self.pk).update(advisor=to)
        self.advisor = to
        Event.objects.record(actor=by, verb="agreement.passed_on", subject=self, to=to.pk)
