"""Attendance: who was at a consultation, how long, and for which organisation."""

from django.db import models
from django.db.models import Exists, F, Max, Min, OuterRef, Q, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from consultations.models.cases import SupportTarget
from consultations.models.consultation import LONGEST_MINUTES, Consultation
from consultations.models.participation import Participation
from consultations.models.project import Project
from consultations.operations import operations_of
from consultations.participation_rules import asking, enters_anew
from enterprises.models import Organisation, Person


class AttendanceQuerySet(models.QuerySet):
    def valid(self):
        return self.filter(consultation__withdrawn_at=None)

    def of_user(self, user):
        return self.filter(person__user=user)

    def of_people(self, people):
        """All that these people attended, whichever organisation they came for."""
        return self.model.objects.filter(person__in=people)

    def in_project(self, project):
        return self.filter(consultation__project=project)

    def first_day_of(self, person):
        """When this person came first, after their last exit; None for who never came since."""
        if person is None:
            return None
        came = self.valid().filter(person=person).since_exit()
        return came.aggregate(day=Min("consultation__held_on"))["day"]

    def since_exit(self):
        """Without what somebody attended while they took part, or before that."""
        takes_part = Participation.objects.filter(
            Q(left_on=None) | Q(left_on__gte=OuterRef("consultation__held_on")),
            person=OuterRef("person"),
            project=OuterRef("consultation__project"),
        )
        return self.exclude(Exists(takes_part))

    def in_groups(self):
        return self.filter(consultation__group_date__isnull=False)

    def for_certificate(self, registration):
        """What one person attended of one session, date by date."""
        return (
            self.valid()
            .filter(
                person=registration.person_id,
                consultation__group_date__session=registration.session_id,
            )
            .select_related("consultation__group_date")
            .with_minutes()
            .order_by("consultation__starts_at")
        )

    def with_minutes(self):
        """Add `counted`: the minutes this person was there."""
        return self.annotate(counted=Coalesce("minutes", "consultation__minutes"))

    def longest_of_each_organisation(self):
        """One (organisation, founded on, day, consultation, how, minutes) for whom people came."""
        return (
            self.with_minutes()
            .order_by()
            .values_list("organisation", "organisation__founded_on", "consultation__held_on")
            .annotate(longest=Max("counted"))
            .values_list(
                "organisation",
                "organisation__founded_on",
                "consultation__held_on",
                "consultation",
                "consultation__channel",
                "longest",
            )
            .order_by("consultation__held_on", "consultation")
        )

    def of_people_between(self, project, first_day, last_day):
        """One (person, day, minutes) for each time of somebody in a project, in order of the days.

        Time in cases that support the enterprise counts for no person.
        """
        rows = self.valid().filter(
            consultation__project=project, consultation__held_on__range=(first_day, last_day)
        )
        return (
            rows.for_the_person()
            .order_by("consultation__held_on", "consultation")
            .values_list(
                "person",
                "consultation__held_on",
                Coalesce("minutes", "consultation__minutes"),
            )
        )

    def for_the_person(self):
        """Without the time in cases that support the enterprise."""
        return self.exclude(
            consultation__case__support_target=SupportTarget.ENTERPRISE,
            consultation__case__withdrawn_at=None,
        )

    def to_be_asked(self, user):
        """Whose questionnaire is needed, or soon will be, in the projects of this person.

        One dictionary per person and project: their hours come near the threshold, and they do
        not take part yet. Whoever has left is asked again where they came under another grant.
        Time in cases that support the enterprise counts for no person.
        """
        projects = Project.objects.with_participants(user)
        threshold = F("consultation__project__participant_hours")
        near = threshold - F("consultation__project__participant_hours_near")
        rows = (
            self.valid()
            .filter(consultation__project__in=projects)
            .for_the_person()
            .since_exit()
            .order_by()
            .values("person", "consultation__project")
            .annotate(
                name=F("person__name"),
                project=F("consultation__project__name"),
                key=F("consultation__project__key"),
                threshold=threshold,
                near=F("consultation__project__participant_hours_near"),
                minutes=Sum(Coalesce("minutes", "consultation__minutes")),
                since=Min("consultation__held_on"),
                until=Max("consultation__held_on"),
            )
            .filter(minutes__gte=Coalesce(near, Value(0), output_field=models.DecimalField()) * 60)
            .order_by("-minutes", "person__sort_name", "person")
        )
        entries = Participation.objects.entries_of({row["person"] for row in rows})
        operations = operations_of({project for _person, project in entries})
        found = []
        for row in rows:
            project = row["consultation__project"]
            entered = [day for day, _is_erased in entries[row["person"], project]]
            if enters_anew(row["until"], entered, operations[project]):
                row["asking"] = asking(row["minutes"], row["threshold"], row["near"])
                found.append(row)
        return found

    def total_minutes(self):
        return self.with_minutes().aggregate(total=Coalesce(Sum("counted"), 0))["total"]


class Attendance(models.Model):
    """Teilnahme: one person at one consultation, for one organisation of several."""

    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="attendances"
    )
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="attendances")
    # In group sessions each came for their own; elsewhere it is the consultation's.
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="attendances",
        verbose_name=_("organisation"),
    )
    # Empty: from the beginning to the end.
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "person"],
                name="consultations_attendance_once",
                violation_error_message=_("This person is on the list already."),
            ),
            models.CheckConstraint(
                name="consultations_attendance_lasts",
                condition=Q(minutes=None) | Q(minutes__gte=1, minutes__lte=LONGEST_MINUTES),
                violation_error_message=_("Who attended was there for 1 to 1440 minutes."),
            ),
        ]

    def __str__(self):
        return f"{self.person} · {self.consultation}"
