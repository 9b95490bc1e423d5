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
from best_portal.bin.models import Withdrawable, withdrawn_together
from best_portal.db import BerlinDay, explained
from consultations.models.cases import SupportCase, supports_person
from consultations.models.consultation_queries import (
    NOTE,
    OPEN,
    Channel,
    ConsultationKind,
    ConsultationManager,
)
from consultations.models.period_lock import PeriodLock
from consultations.models.project import Project, ProjectTask, Topic
from districts.models import District
from enterprises.models import Organisation, Person

LONGEST_MINUTES = 24 * 60
# What reports count of a consultation: what and when, for whom, where.
COUNTED = (
    "held_on",
    "project_id",
    "minutes",
    "kind",
    "channel",
    "headcount",
    "district_id",
    "task_id",
    "organisation_id",
)


class Consultation(Withdrawable):
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
    # No part of the consultation, but of the working time it took.
    preparation_minutes = models.PositiveSmallIntegerField(
        _("preparation"), default=0, db_default=0, validators=[MaxValueValidator(LONGEST_MINUTES)]
    )
    travel_minutes = models.PositiveSmallIntegerField(
        _("travel"), default=0, db_default=0, validators=[MaxValueValidator(LONGEST_MINUTES)]
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
    # The date of a group session it is the log of.
    group_date = models.ForeignKey(
        "consultations.GroupSessionDate",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="consultations",
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

    bin_owner = None
    emptied = {
        "internal_note": "",
        "result": "",
        "place": "",
        "next_step": "",
        "next_step_on": None,
    }

    # What is searched (best_portal.asked).
    open_text = OPEN.column()
    note_text = NOTE.column()

    objects = ConsultationManager()

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
                fields=["withdrawn_at"],
                name="consultations_in_bin",
                condition=Q(withdrawn_at__isnull=False),
            ),
            models.Index(
                fields=["project", "held_on"],
                name="consultations_by_project",
                include=["kind", "minutes", "headcount", "district", "organisation"],
            ),
            *OPEN.indexes("consultations_open"),
            *NOTE.indexes("consultations_note"),
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
                name="consultations_consultation_preparation_is_plausible",
                condition=Q(preparation_minutes__lte=LONGEST_MINUTES),
                violation_error_message=_("Preparing takes 1440 minutes at most."),
            ),
            models.CheckConstraint(
                name="consultations_consultation_travel_is_plausible",
                condition=Q(travel_minutes__lte=LONGEST_MINUTES),
                violation_error_message=_("Travelling takes 1440 minutes at most."),
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
                condition=Q(withdrawn_at=None),
                violation_error_message=_("This row was imported already."),
            ),
            models.UniqueConstraint(
                fields=["group_date"],
                condition=Q(withdrawn_at=None),
                name="consultations_consultation_one_per_group_date",
                violation_error_message=_("The consultation of this date is logged already."),
            ),
            withdrawn_together("consultations_consultation_deleted_by_somebody"),
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
        self.project.check_work(on=self.held_on, district=self.district, field="held_on")

    def refuse_locked(self, field=None):
        """Refuse work of a day that is accounted for; the trigger says so to whoever is faster."""
        PeriodLock.objects.refuse(self.project, self.held_on, field=field)

    def refuse_change_of_counted(self, topics, people):
        """Refuse to change what figures count where the old day or the new one is locked.

        Texts and advisors may change; whose it was by a merge alone; and the case, as long as the
        same one of person and enterprise is supported.
        """
        was = Consultation.objects.get(pk=self.pk)
        differs = any(getattr(self, name) != getattr(was, name) for name in COUNTED)
        for name, rows in {"topics": topics, "people": people}.items():
            if rows is not None:
                now = {getattr(row, "pk", row) for row in rows}
                differs |= now != set(getattr(was, name).values_list("pk", flat=True))
        if differs:
            was.refuse_locked("held_on")
            self.refuse_locked("held_on")
        if supports_person(self.case) != supports_person(was.case):
            was.refuse_locked("case")

    @transaction.atomic
    def amend(self, *, by, revision, advisors=None, topics=None, people=None, **fields):
        """Change what was logged; refused where someone else changed it since `revision`."""
        for name, value in fields.items():
            setattr(self, name, value)
        self.check_day()
        self.refuse_change_of_counted(topics, people)
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
        """Put it into the bin; refused where a report has accounted for its day."""
        self.refuse_locked()
        with explained(Consultation):
            super().withdraw(by=by)

    @transaction.atomic
    def restore(self, *, by):
        """Take it out of the bin; refused where a report was accepted without it."""
        self.refuse_locked()
        super().restore(by=by)

    def is_readable_by(self, user):
        """Whether its note is this person's to read, unasked and unnoted."""
        return Consultation.objects.readable_by(user).filter(pk=self.pk).exists()

    @property
    def home(self):
        return reverse("consultations:list")
