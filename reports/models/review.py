"""Review: a second person looks at a draft before it is released."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import STAFF_ROLES, Role, User
from best_portal.audit.models import Event
from best_portal.db import explained
from reports import emails


class Verdict(models.TextChoices):
    PASSED = "passed", _("in order")
    OBJECTED = "objected", _("to be changed")
    WITHDRAWN = "withdrawn", _("called back")


class ReviewQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those asked of this person; the manager's are all."""
        match user.role:
            case Role.MANAGER:
                return self.all()
            case Role.ADVISOR:
                return self.filter(reviewer=user)
            case _:
                return self.none()

    def open(self):
        return self.filter(verdict="")

    def decided(self):
        return self.exclude(verdict="").order_by("decided_at")

    def of(self, user):
        return self.filter(reviewer=user)

    def passed_without(self, user):
        """In order, said somebody else than this person."""
        return self.filter(verdict=Verdict.PASSED).exclude(reviewer=user)

    def for_list(self):
        """Without what the version froze, which may be large."""
        return (
            self.select_related(
                "version__report__grant__programme__fund",
                "version__report__grant__project",
                "reviewer",
                "asked_by",
            )
            .defer("version__frozen")
            .order_by("asked_at", "pk")
        )

    @transaction.atomic
    def ask(self, version, *, by, reviewer):
        """Give a draft to a second person; until they decide it cannot be released.

        Refuses all but the manager, whoever asks themself, and a person who may not review it.
        """
        if by.role != Role.MANAGER:
            raise ValidationError(_("Only the manager has reports reviewed."))
        if not self.reviewers_of(version, by).filter(pk=reviewer.pk).exists():
            raise ValidationError(
                _("Choose another manager, or an advisor from the team of the project.")
            )
        version.move_in_review()
        with explained(self.model):
            review = self.create(version=version, asked_by=by, reviewer=reviewer)
        Event.objects.record(
            actor=by, verb="report.review_asked", subject=version, reviewer=reviewer.pk
        )
        emails.tell("review", version, [reviewer], key=f"review:{review.pk}:asked", review=review)
        return review

    @staticmethod
    def reviewers_of(version, by):
        """Whom the manager may ask: other managers, and the advisors of the project."""
        project = version.report.grant.project_id
        staff = User.objects.active().filter(
            Q(role=Role.MANAGER) | Q(role__in=STAFF_ROLES, projects=project)
        )
        return staff.exclude(pk=by.pk).distinct().order_by("name", "pk")


class Review(models.Model):
    """Prüfung vor der Freigabe; once it is decided, a trigger refuses every change."""

    version = models.ForeignKey("ReportVersion", on_delete=models.PROTECT, related_name="reviews")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("second person"),
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    verdict = models.CharField(_("result"), max_length=10, choices=Verdict, blank=True)
    remark = models.TextField(_("remark"), blank=True)
    decided_at = models.DateTimeField(null=True, editable=False)

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("review")
        verbose_name_plural = _("reviews")
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="reports_review_by_a_second_person",
                condition=~Q(reviewer=F("asked_by")),
                violation_error_message=_("Ask somebody else: four eyes see more than two."),
            ),
            models.CheckConstraint(
                name="reports_review_verdict_is_known",
                condition=Q(verdict="") | Q(verdict__in=Verdict.values),
                violation_error_message=_("Say whether the version is in order."),
            ),
            models.CheckConstraint(
                name="reports_review_decided_at_a_time",
                condition=Q(verdict="", decided_at=None)
                | (~Q(verdict="") & Q(decided_at__isnull=False)),
                violation_error_message=_("A decided review has its time."),
            ),
            models.CheckConstraint(
                name="reports_review_objection_says_why",
                condition=~Q(verdict=Verdict.OBJECTED) | ~Q(remark=""),
                violation_error_message=_("Say what should be changed."),
            ),
            models.UniqueConstraint(
                fields=["version"],
                condition=Q(verdict=""),
                name="reports_review_one_at_a_time",
                violation_error_message=_("Somebody is reviewing this version already."),
            ),
        ]

    def __str__(self):
        return f"{self.version} · {self.reviewer}"

    def get_absolute_url(self):
        return reverse("reports:review", args=[self.pk])

    @property
    def is_open(self):
        return not self.verdict

    @transaction.atomic
    def decide(self, *, by, verdict, remark=""):
        """Say how the draft looks; it is then a draft again. Refuses all but who was asked."""
        if by.pk != self.reviewer_id:
            raise ValidationError(_("Somebody else was asked to review this version."))
        if verdict not in (Verdict.PASSED, Verdict.OBJECTED):
            raise ValidationError({"verdict": _("Say whether the version is in order.")})
        self._end(verdict, remark.strip(), by=by)
        if self.asked_by.is_active:
            key = f"review:{self.pk}:decided"
            emails.tell("reviewed", self.version, [self.asked_by], key=key, review=self)

    @transaction.atomic
    def call_back(self, *, by):
        """Ask no longer. Refuses all but the manager."""
        if by.role != Role.MANAGER:
            raise ValidationError(_("Only the manager calls a review back."))
        self._end(Verdict.WITHDRAWN, "", by=by)

    def _end(self, verdict, remark, *, by):
        open_one = Review.objects.open().filter(pk=self.pk)
        with explained(Review):
            ended = open_one.update(verdict=verdict, remark=remark, decided_at=Now())
        if not ended:
            raise ValidationError(_("This review has been decided in the meantime."))
        self.refresh_from_db()
        self.version.move_back_to_draft()
        Event.objects.record(
            actor=by, verb="report.reviewed", subject=self.version, verdict=self.verdict
        )
