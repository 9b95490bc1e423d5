"""Consultation: advice, accompaniment or training that has happened, with its minutes and notes."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Extract
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.audit.models import Event
from best_portal.db import BerlinDay, explained
from consultations.models.cases import SupportCase
from consultations.models.consultation_queries import (
    Channel,
    ConsultationKind,
    ConsultationQuerySet,
)
from consultations.models.project import Project, ProjectTask, Topic
from districts.models import District
from enterprises.models import Organisation, Person

LONGEST_MINUTES = 24 * 60


class Consultation(models.Model):
    """Beratung: belongs to exactly one project, so that no hour is billed to two."""

    project = models.ForeignKey(
        Project, on_delete=models.PROTECT, related_name="consultations", verbose_name=_("project")
    )
    task = models.ForeignKey(
        ProjectTask,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="consultations",
        verbose_name=_("task"),
    )
    kind = models.CharField(_("kind"), max_length=15, choices=ConsultationKind)
    held_on = models.DateField(_("date"))
    starts_at = models.DateTimeField(_("start"), null=True, blank=True)
    ends_at = models.DateTimeField(_("end"), null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(
        _("minutes"), validators=[MinValueValidator(1), MaxValueValidator(LONGEST_MINUTES)]
    )
    channel = models.CharField(_("how"), max_length=8, choices=Channel, default=Channel.OFFICE)
    place = models.CharField(_("place"), max_length=150, blank=True)
    district = models.ForeignKey(
        District,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="consultations",
        verbose_name=_("neighbourhood"),
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="consultations",
        verbose_name=_("organisation"),
    )
    people = models.ManyToManyField(
        Person,
        through="consultations.Attendance",
        related_name="consultations",
        blank=True,
        verbose_name=_("people attending"),
    )
    headcount = models.PositiveSmallIntegerField(
        _("number of people"), default=1, validators=[MinValueValidator(1)]
    )
    advisors = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        related_name="consultations",
        blank=True,
        verbose_name=_("advisors"),
    )
    # Logs kept by hand name teams and initials that are no accounts.
    advisor_as_written = models.CharField(_("advisor as written"), max_length=120, blank=True)
    topics = models.ManyToManyField(
        Topic, related_name="consultations", blank=True, verbose_name=_("topics")
    )
    internal_note = models.TextField(
        _("only for advice"), blank=True, help_text=_("Never leaves the team.")
    )
    result = models.TextField(
        _("goes into reports"), blank=True, help_text=_("Funders read this. No names, please.")
    )
    next_step = models.CharField(_("next step"), max_length=300, blank=True)
    next_step_on = models.DateField(_("by"), null=True, blank=True)
    case = models.ForeignKey(
        SupportCase,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="consultations",
        verbose_name=_("support case"),
    )
    batch = models.ForeignKey(
        "consultations.ImportBatch",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="consultations",
    )
    batch_row = models.PositiveIntegerField(null=True, editable=False)
    # What makes an imported row the same row when it comes again.
    fingerprint = models.CharField(max_length=64, null=True, editable=False)  # noqa: DJ001 - many rows have none, and only NULLs are distinct
    form_key = models.UUIDField(null=True, unique=True, editable=False)
    revision = models.PositiveIntegerField(default=1, editable=False)
    logged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    logged_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    objects = ConsultationQuerySet.as_manager()

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        ordering = ["-held_on", "-pk"]
        indexes = [
            models.Index(
                F("held_on").desc(),
                F("starts_at").desc(),
                F("id").desc(),
                name="consultations_newest_first",
                condition=Q(withdrawn_at=None),
                # So that the list's totals need the index alone.
                include=["minutes"],
            ),
            models.Index(
                fields=["project", "held_on"],
                name="consultations_by_project",
                include=["kind", "minutes", "headcount", "district", "organisation"],
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="consultations_consultation_kind_is_known",
                condition=Q(kind__in=ConsultationKind.values),
                violation_error_message=_("Choose advice, accompaniment or training."),
            ),
            models.CheckConstraint(
                name="consultations_consultation_channel_is_known",
                condition=Q(channel__in=Channel.values),
                violation_error_message=_("Choose how the consultation was held."),
            ),
            models.CheckConstraint(
                name="consultations_consultation_minutes_are_plausible",
                condition=Q(minutes__gte=1, minutes__lte=LONGEST_MINUTES),
                violation_error_message=_("A consultation takes 1 to 1440 minutes."),
            ),
            models.CheckConstraint(
                name="consultations_consultation_someone_came",
                condition=Q(headcount__gte=1),
                violation_error_message=_("At least one person attends a consultation."),
            ),
            models.CheckConstraint(
                name="consultations_consultation_end_needs_start",
                condition=Q(ends_at=None) | Q(starts_at__isnull=False),
                violation_error_message=_("Give the start as well as the end."),
            ),
            models.CheckConstraint(
                name="consultations_consultation_ends_after_start",
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("A consultation must end after it starts."),
            ),
            models.CheckConstraint(
                name="consultations_consultation_minutes_agree",
                condition=Q(ends_at=None)
                | Q(minutes=Extract(F("ends_at") - F("starts_at"), "epoch") / 60),
                violation_error_message=_("The minutes do not agree with start and end."),
            ),
            models.CheckConstraint(
                name="consultations_consultation_starts_on_its_day",
                condition=Q(starts_at=None) | Q(held_on=BerlinDay("starts_at")),
                violation_error_message=_("The start is on another day than the consultation."),
            ),
            models.CheckConstraint(
                name="consultations_consultation_names_who_was_advised",
                condition=Q(kind=ConsultationKind.TRAINING) | Q(organisation__isnull=False),
                violation_error_message=_("Say who was advised: choose the organisation."),
            ),
            models.CheckConstraint(
                name="consultations_consultation_deadline_needs_step",
                condition=Q(next_step_on=None) | ~Q(next_step=""),
                violation_error_message=_("Say what the next step is, not only by when."),
            ),
            models.UniqueConstraint(
                fields=["project", "fingerprint"],
                name="consultations_consultation_imported_once",
                violation_error_message=_("This row was imported already."),
            ),
        ]

    def __str__(self):
        return f"{self.held_on:%d.%m.%Y} · {self.organisation or self.get_kind_display()}"

    def get_absolute_url(self):
        return reverse("consultations:detail", args=[self.pk])

    def check_day(self):
        """Refuse a day the project did not cover, a future one, and an area of another time."""
        if self.held_on > timezone.localdate():
            raise ValidationError(
                {"held_on": _("This day is still to come. Log a consultation once it was held.")}
            )
        if not self.project.covers(self.held_on):
            raise ValidationError(
                {
                    "held_on": ValidationError(
                        _("“%(project)s” ran from %(start)s to %(end)s; choose a day in it."),
                        params={
                            "project": self.project,
                            "start": f"{self.project.starts_on:%d.%m.%Y}",
                            "end": f"{self.project.ends_on:%d.%m.%Y}",
                        },
                    )
                }
            )
        if self.district and not self.district.was_valid_on(self.held_on):
            raise ValidationError(
                {"district": _("This neighbourhood was not a funded area on that day.")}
            )

    @transaction.atomic
    def amend(self, *, by, revision, advisors=None, topics=None, people=None, **fields):
        """Change what was logged; refused where someone else changed it since `revision`."""
        for name, value in fields.items():
            setattr(self, name, value)
        self.check_day()
        mine = Consultation.objects.filter(pk=self.pk, revision=revision)
        if not mine.valid().update(revision=F("revision") + 1):
            raise ValidationError(
                _("Someone changed this consultation in the meantime. Compare before saving.")
            )
        self.revision = revision + 1
        with explained(Consultation):
            self.save()
        for name, rows in {"advisors": advisors, "topics": topics, "people": people}.items():
            if rows is not None:
                getattr(self, name).set(rows)
        Event.objects.record(
            actor=by, verb="consultation.amended", subject=self, fields=sorted(fields)
        )

    @transaction.atomic
    def read_note(self, *, by):
        """Return the internal note; a reading by somebody outside the team is noted in the log."""
        if not Consultation.objects.editable_by(by).filter(pk=self.pk).exists():
            raise ValidationError(_("This note is for the team only."))
        if self.internal_note and not self.is_own_of(by):
            Event.objects.record(actor=by, verb="note.read", subject=self)
        return self.internal_note

    def is_own_of(self, user):
        """Whether this person held it or belongs to the project's team."""
        return Consultation.objects.own_of(user).filter(pk=self.pk).exists()

    @transaction.atomic
    def withdraw(self, *, by):
        """Take a consultation logged by mistake out of every list and count; the row stays."""
        if not Consultation.objects.filter(pk=self.pk).valid().update(withdrawn_at=timezone.now()):
            raise ValidationError(_("This consultation was withdrawn already."))
        Event.objects.record(actor=by, verb="consultation.withdrawn", subject=self)

    @transaction.atomic
    def restore(self, *, by):
        """Undo a withdrawal."""
        if not Consultation.objects.filter(pk=self.pk, withdrawn_at__isnull=False).update(
            withdrawn_at=None
        ):
            raise ValidationError(_("This consultation is not withdrawn."))
        Event.objects.record(actor=by, verb="consultation.restored", subject=self)


class Attendance(models.Model):
    """Teilnahme: one person at one consultation."""

    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="attendances"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="attendances")

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "person"],
                name="consultations_attendance_once",
                violation_error_message=_("This person is on the list already."),
            ),
        ]

    def __str__(self):
        return f"{self.person} · {self.consultation}"
