"""Query and Reply: what a funder asks about one part of a report, and what the agency answers."""

from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role, User
from best_portal.audit.models import Event
from best_portal.db import BerlinDay, explained, take_turns
from reports import emails

# No funder waits longer; a later day is a slip, and what was asked cannot be changed.
LONGEST = timedelta(days=366)


def turn_of(report_id):
    """Whatever moves a report between agency and funder happens one after the other."""
    take_turns(f"life of report {report_id}")


class QueryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The manager sees every query; funders those of own programmes."""
        match user.role:
            case Role.MANAGER:
                return self.all()
            case Role.FUNDER:
                return self.filter(version__report__grant__programme__officers=user)
            case _:
                return self.none()

    def of_report(self, report):
        return self.filter(version__report=report)

    def open(self):
        """Nobody has answered them yet."""
        return self.filter(~Exists(Reply.objects.filter(query=OuterRef("pk"))))

    def due_until(self, day):
        return self.filter(due_on__lte=day)

    def for_list(self):
        """Without what the version froze, which may be large."""
        return (
            self.select_related(
                "reply__replied_by",
                "asked_by",
                "version__report__grant__programme__fund",
                "version__report__grant__project",
            )
            .defer("version__frozen")
            .order_by("due_on", "pk")
        )

    @transaction.atomic
    def ask(self, version, *, by, section, heading, text, due_on):
        """Ask about one part of a submitted report, to be answered by a day.

        Refuses all but the programme's officers, a day that is over or more than a year ahead, a
        version that is not the newest one submitted, and a report that was accepted.
        """
        version.check_officer(by)
        turn_of(version.report_id)
        version.check_before_the_funder()
        if due_on < timezone.localdate():
            raise ValidationError({"due_on": _("This day is over. Leave time for the answer.")})
        if due_on > timezone.localdate() + LONGEST:
            raise ValidationError(
                {"due_on": _("That is more than a year away. Please check the year.")}
            )
        with explained(self.model):
            query = self.create(
                version=version,
                section=section,
                heading=heading,
                text=text.strip(),
                due_on=due_on,
                asked_by=by,
            )
        Event.objects.record(actor=by, verb="report.queried", subject=version, section=section)
        managers = User.objects.wearing(Role.MANAGER)
        emails.tell("query", version, managers, key=f"query:{query.pk}:asked", query=query)
        return query


class Query(models.Model):
    """Rückfrage: about one part of one version, with a day by which the answer is due.

    What was asked never changes; a trigger refuses it.
    """

    version = models.ForeignKey("ReportVersion", on_delete=models.PROTECT, related_name="queries")
    # A section of the form, the code of an indicator, a breakdown …; reading.py names them.
    section = models.CharField(_("part of the report"), max_length=60)
    # Its heading on the paper, in German.
    heading = models.CharField(max_length=300)
    text = models.TextField(_("question"))
    due_on = models.DateField(_("answer by"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(auto_now_add=True)

    objects = QueryQuerySet.as_manager()

    class Meta:
        verbose_name = _("query")
        verbose_name_plural = _("queries")
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="reports_query_asks_something",
                condition=~Q(text="") & ~Q(section=""),
                violation_error_message=_("Say what you ask, and about which part."),
            ),
            models.CheckConstraint(
                name="reports_query_leaves_time_for_the_answer",
                condition=Q(due_on__gte=BerlinDay("asked_at")),
                violation_error_message=_("An answer is not due before the question."),
            ),
        ]

    def __str__(self):
        return f"{self.heading} ({self.due_on:%d.%m.%Y})"

    def get_absolute_url(self):
        return f"{self.version.report.get_absolute_url()}#query-{self.pk}"

    @property
    def answer_url(self):
        return reverse("reports:reply", args=[self.pk])

    @property
    def is_answered(self):
        return hasattr(self, "reply")

    @property
    def is_overdue(self):
        return not self.is_answered and self.due_on < timezone.localdate()

    @transaction.atomic
    def answer(self, *, by, text):
        """Answer once and for all. Refuses all but the manager, and a second answer."""
        if by.role != Role.MANAGER:
            raise ValidationError(_("Only the manager answers queries."))
        turn_of(self.version.report_id)
        if Reply.objects.filter(query=self).exists():
            raise ValidationError(_("This query has been answered in the meantime."))
        with explained(Reply):
            reply = Reply.objects.create(query=self, text=text.strip(), replied_by=by)
        Event.objects.record(actor=by, verb="report.query_answered", subject=self.version)
        officers = self.version.report.grant.programme.officers.active()
        asked_by = officers.filter(pk=self.asked_by_id)
        to = asked_by if asked_by.exists() else officers
        emails.tell("reply", self.version, to, key=f"query:{self.pk}:answered", query=self)
        return reply


class Reply(models.Model):
    """Antwort auf eine Rückfrage; it never changes, a correction goes into a new version."""

    query = models.OneToOneField(Query, on_delete=models.PROTECT, related_name="reply")
    text = models.TextField(_("answer"))
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    replied_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("answer to a query")
        verbose_name_plural = _("answers to queries")
        constraints = [
            models.CheckConstraint(
                name="reports_reply_says_something",
                condition=~Q(text=""),
                violation_error_message=_("Write the answer."),
            ),
        ]

    def __str__(self):
        return str(self.query)
