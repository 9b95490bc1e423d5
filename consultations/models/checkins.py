"""CheckIn: whether somebody was there on a date, and how long."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.audit.models import Event
from best_portal.db import explained
from consultations.models.group_dates import GroupSessionDate
from consultations.models.group_states import EXPECTED, RegistrationStatus
from consultations.models.registrations import Registration
from enterprises.models import Person


class CheckInQuerySet(models.QuerySet):
    def present(self):
        return self.filter(is_present=True)

    @transaction.atomic
    def note(self, *, by, date, registration, is_present, late=0, early=0):
        """Note once for each person and date; noted again, the last word counts.

        Refuses somebody not expected, a date that is not today's or past, and one already logged.
        """
        date.session.take_turns()
        refuse_closed(date)
        if registration.session_id != date.session_id or registration.status not in EXPECTED:
            raise ValidationError(_("This person is not on the list of this session."))
        if is_present and late + early >= date.minutes:
            raise ValidationError(
                _("Nothing is left of %(minutes)d minutes. Note the person as absent instead."),
                params={"minutes": date.minutes},
            )
        with explained(self.model):
            noted, _created = self.update_or_create(
                date=date,
                registration=registration,
                defaults={
                    "is_present": is_present,
                    "late_minutes": late if is_present else 0,
                    "early_minutes": early if is_present else 0,
                    "noted_by": by,
                    "noted_at": timezone.now(),
                },
            )
        return noted

    @transaction.atomic
    def walk_in(self, *, by, date, person=None, contact=None, organisation=None):
        """Note somebody who just came: with a chair of their own, whatever seats were planned."""
        date.session.take_turns()
        refuse_closed(date)
        person = person or Person.objects.met(**contact)
        registration = date.session.registrations.active().filter(person=person).first()
        if registration is None:
            registration = Registration.objects.new(
                session=date.session,
                person=person,
                organisation=organisation,
                status=RegistrationStatus.WALKED_IN,
                registered_by=by,
            )
            with explained(Registration):
                registration.save(force_insert=True)
            Event.objects.record(actor=by, verb="registration.walked_in", subject=registration)
        elif registration.status == RegistrationStatus.WAITING:
            registration.walk_in(by=by)
        return self.note(by=by, date=date, registration=registration, is_present=True)


def refuse_closed(date):
    if date.is_cancelled or timezone.localdate() < date.day:
        raise ValidationError(_("This date is cancelled or still to come."))
    if date.consultations.valid().exists():
        raise ValidationError(
            _("This date is logged. Change the consultation, or withdraw it and note anew.")
        )


class CheckIn(models.Model):
    """Anwesenheit: one person on one date, noted by who leads it."""

    date = models.ForeignKey(GroupSessionDate, on_delete=models.CASCADE, related_name="check_ins")
    registration = models.ForeignKey(
        Registration, on_delete=models.CASCADE, related_name="check_ins"
    )
    is_present = models.BooleanField(_("present"))
    late_minutes = models.PositiveSmallIntegerField(_("came late (minutes)"), default=0)
    early_minutes = models.PositiveSmallIntegerField(_("left early (minutes)"), default=0)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    noted_at = models.DateTimeField(default=timezone.now)

    objects = CheckInQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendance noted")
        verbose_name_plural = _("attendances noted")
        ordering = ["date", "registration"]
        constraints = [
            models.UniqueConstraint(
                fields=["date", "registration"],
                name="consultations_checkin_once",
                violation_error_message=_("This person is noted for this date already."),
            ),
            models.CheckConstraint(
                name="consultations_checkin_absent_is_absent",
                condition=Q(is_present=True) | Q(late_minutes=0, early_minutes=0),
                violation_error_message=_("Who was absent was neither late nor left early."),
            ),
        ]

    def __str__(self):
        return f"{self.registration} · {self.date}"

    @property
    def minutes_missed(self):
        return self.late_minutes + self.early_minutes
