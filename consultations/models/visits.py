"""Visit: what a trader told us at the door, and whether we may come again."""

import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.audit.models import Event
from best_portal.bin.models import Withdrawable, withdrawn_together
from best_portal.db import BerlinDay, explained
from consultations.models.project import Project
from consultations.models.visit_queries import Mood, VisitQuerySet, WantsToJoin
from districts.models import District
from enterprises.models import Alliance, Membership, Organisation

NOT_LIFTED = Q(lifted_at=None, lifted_by=None, lifted_because="")
LIFTED = Q(
    ~Q(lifted_because=""), do_not_contact=True, lifted_at__isnull=False, lifted_by__isnull=False
)


class Visit(Withdrawable):
    """Besuch: a first contact in the street; no consultation, and counted in no report."""

    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="visits", verbose_name=_("project")
    )
    district = models.ForeignKey(
        District,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="visits",
        verbose_name=_("neighbourhood"),
    )
    visited_on = models.DateField(_("date"), default=timezone.localdate)
    visited_at = models.DateTimeField(_("time"), null=True, blank=True)
    advisor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="visits",
        verbose_name=_("visited by"),
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="visits",
        verbose_name=_("organisation"),
    )
    # As told at the door, as long as there is no file.
    name = models.CharField(_("name"), max_length=200, blank=True)
    address = models.CharField(_("address"), max_length=250, blank=True)
    trader_name = models.CharField(_("who was there"), max_length=150, blank=True)
    trader_phone = models.CharField(_("phone"), max_length=40, blank=True)
    has_consented = models.BooleanField(_("agreed to be noted"), default=False)
    situation = models.TextField(_("situation"), blank=True)
    need = models.TextField(_("need"), blank=True)
    mood = models.PositiveSmallIntegerField(_("mood"), choices=Mood, null=True, blank=True)
    condition = models.CharField(_("condition for joining"), max_length=300, blank=True)
    wants_to_join = models.CharField(
        _("wants to join a network"),
        max_length=7,
        choices=WantsToJoin,
        default=WantsToJoin.UNASKED,
        blank=True,
    )
    # What came of it: the membership that began with this first contact.
    membership = models.ForeignKey(
        Membership,
        on_delete=models.SET_NULL,
        null=True,
        editable=False,
        related_name="first_contacts",
    )
    do_not_contact = models.BooleanField(_("do not contact again"), default=False)
    lifted_at = models.DateTimeField(null=True, editable=False)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    lifted_because = models.CharField(_("reason"), max_length=300, blank=True, editable=False)
    note = models.TextField(_("only for the team"), blank=True)
    # Made by the phone, so that an entry sent twice is one visit.
    client_key = models.UUIDField(default=uuid.uuid4, editable=False)
    # What the phone sent last, and which revision that has become.
    sent_digest = models.CharField(max_length=64, blank=True, editable=False)
    sent_revision = models.PositiveIntegerField(default=1, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)
    logged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+"
    )
    logged_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = VisitQuerySet.as_manager()

    bin_owner = None

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        ordering = ["-visited_on", "-pk"]
        indexes = [
            models.Index(
                F("visited_on").desc(),
                F("visited_at").desc(),
                F("id").desc(),
                name="consultations_visits_newest",
                condition=Q(withdrawn_at=None),
            ),
            models.Index(
                fields=["organisation"],
                name="consultations_visits_barring",
                condition=Q(do_not_contact=True, lifted_at=None, withdrawn_at=None),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="consultations_visit_is_to_one_place",
                condition=Q(organisation=None) & ~Q(name="")
                | Q(organisation__isnull=False) & Q(name=""),
                violation_error_message=_("Say whom you visited."),
            ),
            models.CheckConstraint(
                name="consultations_visit_mood_is_known",
                condition=Q(mood=None) | Q(mood__in=Mood.values),
                violation_error_message=_("Choose one of the five moods, or none."),
            ),
            models.CheckConstraint(
                name="consultations_visit_answer_is_known",
                condition=Q(wants_to_join__in=WantsToJoin.values),
                violation_error_message=_("Choose whether they want to join."),
            ),
            models.CheckConstraint(
                name="consultations_visit_person_has_consented",
                condition=Q(trader_name="", trader_phone="") | Q(has_consented=True),
                violation_error_message=_(
                    "Note name and phone number of a person only if they agreed."
                ),
            ),
            models.CheckConstraint(
                name="consultations_visit_starts_on_its_day",
                condition=Q(visited_at=None) | Q(visited_on=BerlinDay("visited_at")),
                violation_error_message=_("The time is on another day than the visit."),
            ),
            models.CheckConstraint(
                name="consultations_visit_bar_is_lifted_with_a_reason",
                condition=NOT_LIFTED | LIFTED,
                violation_error_message=_("Say why the person may be contacted again."),
            ),
            models.UniqueConstraint(
                fields=["client_key"],
                name="consultations_visit_one_per_entry",
                violation_error_message=_("This visit is stored already."),
            ),
            withdrawn_together("consultations_visit_deleted_by_somebody"),
        ]

    def __str__(self):
        return f"{self.visited_on:%d.%m.%Y} · {self.whom}"

    def get_absolute_url(self):
        return reverse("consultations:visit", args=[self.pk])

    @property
    def whom(self):
        """The organisation's name, or the one told at the door."""
        return str(self.organisation) if self.organisation else self.name

    @property
    def home(self):
        return reverse("consultations:visits")

    @property
    def is_barring(self):
        return self.do_not_contact and self.lifted_at is None

    def check_day(self):
        """Refuse a day the project did not cover, a future one, and an area of another time."""
        if self.visited_on > timezone.localdate():
            raise ValidationError({"visited_on": _("This day is still to come.")})
        self.project.check_work(on=self.visited_on, district=self.district, field="visited_on")

    def check_sender(self, user):
        """Refuse an entry somebody else has sent under the same key."""
        if self.logged_by_id != user.pk:
            raise ValidationError(_("This entry belongs to another account."))

    @transaction.atomic
    def amend(self, *, by, revision, sent_digest=None, **fields):
        """Change what was noted; refused where someone else changed it since `revision`.

        That somebody wants no contact is never unticked, only lifted with a reason.
        """
        if self.do_not_contact and not fields.get("do_not_contact", True):
            raise ValidationError(
                {"do_not_contact": _("Open the visit and lift this there, with the reason.")}
            )
        if sent_digest:
            fields |= {"sent_digest": sent_digest, "sent_revision": revision + 1}
        for name, value in fields.items():
            setattr(self, name, value)
        self.check_day()
        self._take_turn(revision)
        with explained(Visit):
            self.save()
        Event.objects.record(actor=by, verb="visit.amended", subject=self, fields=sorted(fields))

    def _take_turn(self, revision):
        mine = Visit.objects.filter(pk=self.pk, revision=revision).valid()
        if not mine.update(revision=revision + 1):
            raise ValidationError(
                _("Someone changed this visit in the meantime. Compare before saving.")
            )
        self.revision = revision + 1

    @transaction.atomic
    def open_file(self, *, by, kind):
        """Turn who was visited into an organisation of ours; refused where there is a file."""
        if self.organisation or Organisation.objects.named(self.name).exists():
            raise ValidationError(_("There is a file of this name already. Choose it instead."))
        organisation = Organisation.objects.register(
            by=by,
            name=self.name,
            kind=kind,
            district=self.district,
            address=self.address,
            since=self.visited_on,
        )
        self._belong_to(organisation, by=by)
        return organisation

    @transaction.atomic
    def belong_to(self, organisation, *, by):
        """Take the visit into a file that exists; refused where it is in one."""
        if self.organisation:
            raise ValidationError(_("This visit is in a file already."))
        self._belong_to(organisation, by=by)

    def _belong_to(self, organisation, *, by):
        self._take_turn(self.revision)
        self.organisation, self.name = organisation, ""
        self.save(update_fields=["organisation", "name", "updated_at"])
        Event.objects.record(
            actor=by, verb="visit.filed", subject=self, organisation=organisation.pk
        )

    @transaction.atomic
    def join(self, alliance, *, by, since):
        """Make who was visited a member of a network; the visit stays its first contact.

        Refused where there is no file yet, nobody is to call again, or they are a member.
        """
        if self.organisation is None:
            raise ValidationError(_("Take the visit into a file first."))
        if self.is_barring:
            raise ValidationError(_("They do not want to be contacted again."))
        if since < self.visited_on:
            raise ValidationError({"since": _("They cannot join before the first visit.")})
        if not Alliance.objects.contains(alliance):
            raise ValidationError(_("Choose a network or a project group."))
        with explained(Membership):
            membership = alliance.memberships.create(member=self.organisation, since=since)
        Visit.objects.filter(pk=self.pk).update(membership=membership)
        self.membership = membership
        Event.objects.record(actor=by, verb="visit.joined", subject=self, network=alliance.pk)
        return membership

    @transaction.atomic
    def lift_bar(self, *, by, reason):
        """Allow contact again, because the person came back to us; the reason is kept."""
        with explained(Visit):
            lifted = (
                Visit.objects.filter(pk=self.pk)
                .barring()
                .update(
                    lifted_at=timezone.now(),
                    lifted_by=by,
                    lifted_because=" ".join(reason.split()),
                    revision=F("revision") + 1,
                )
            )
        if not lifted:
            raise ValidationError(_("Nothing bars further contact here."))
        self.refresh_from_db()
        Event.objects.record(actor=by, verb="visit.bar_lifted", subject=self)

    @transaction.atomic
    def read_note(self, *, by):
        """Return the note; a reading by somebody outside the team is noted in the log."""
        if not Visit.objects.editable_by(by).filter(pk=self.pk).exists():
            raise ValidationError(_("This note is for the team only."))
        if self.note and not self.is_own_of(by):
            Event.objects.record(actor=by, verb="note.read", subject=self)
        return self.note

    def is_own_of(self, user):
        """Whether this person made the visit or belongs to the project's team."""
        return Visit.objects.own_of(user).filter(pk=self.pk).exists()

    def is_readable_by(self, user):
        """Whether its note is this person's to read, unasked and unnoted."""
        return Visit.objects.readable_by(user).filter(pk=self.pk).exists()
