"""What makes an event of a group session: programme, documentation, and findings that are cited."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models, transaction
from django.db.models import Count, Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import STAFF_ROLES
from best_portal.audit.models import Event
from best_portal.db import explained
from consultations.models.consultation import Consultation
from consultations.models.groups import GroupSession
from consultations.models.project import Topic

LONGEST = 20_000


class ProgrammeItem(models.Model):
    """Programmpunkt: when, what, who speaks, in which room."""

    session = models.ForeignKey(GroupSession, on_delete=models.CASCADE, related_name="programme")
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    title = models.CharField(_("title"), max_length=200)
    speakers = models.CharField(
        _("speakers"),
        max_length=300,
        blank=True,
        help_text=_("Everyone reads their names; they must have agreed."),
    )
    room = models.CharField(_("room"), max_length=100, blank=True)

    class Meta:
        verbose_name = _("item of a programme")
        verbose_name_plural = _("items of programmes")
        ordering = ["starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="consultations_programmeitem_has_a_title",
                condition=~Q(title=""),
                violation_error_message=_("Give the item a title."),
            ),
            models.CheckConstraint(
                name="consultations_programmeitem_ends_after_start",
                condition=Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
                violation_error_message=_("An item cannot end before it starts."),
            ),
        ]

    def __str__(self):
        return self.title

    @transaction.atomic
    def remove(self, *, by):
        Event.objects.record(actor=by, verb="group_session.item_removed", subject=self.session)
        self.delete()


class Proceedings(models.Model):
    """Dokumentation: what was said and shown at an event, for everyone once it is public."""

    session = models.OneToOneField(
        GroupSession, on_delete=models.CASCADE, related_name="proceedings"
    )
    text = models.TextField(
        _("documentation"), blank=True, validators=[MaxLengthValidator(LONGEST)]
    )
    link = models.URLField(_("link to slides, pictures or papers"), blank=True)
    is_public = models.BooleanField(
        _("Everyone may read the documentation and the findings"), default=False
    )

    class Meta:
        verbose_name = _("documentation of an event")
        verbose_name_plural = _("documentations of events")

    def __str__(self):
        return str(self.session)


class FindingQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The staff know all of them; everyone else those that were made public."""
        if user.is_authenticated and user.role in STAFF_ROLES:
            return self.all()
        return self.filter(session__proceedings__is_public=True)

    def about(self, topic):
        return self.filter(topics=topic)

    def saying(self, words):
        rows = self
        for word in words.split()[:8]:
            rows = rows.filter(text__icontains=word)
        return rows

    def fitting(self, consultation):
        """Those on its topics first."""
        shared = self.model.objects.filter(topics__in=consultation.topics.all())
        fits = Exists(shared.filter(pk=OuterRef("pk")))
        return self.alias(fits=fits).order_by("-fits", "-session_id", "position", "pk")

    def for_list(self):
        return (
            self.select_related("session")
            .prefetch_related("topics")
            .annotate(cited=Count("citations"))
            .order_by("-session_id", "position", "pk")
        )


class Finding(models.Model):
    """Erkenntnis: one sentence an event came to, tagged by topics, cited from consultations."""

    session = models.ForeignKey(GroupSession, on_delete=models.PROTECT, related_name="findings")
    position = models.PositiveSmallIntegerField(_("position"), default=1)
    text = models.TextField(_("finding"), max_length=1_000)
    topics = models.ManyToManyField(
        Topic, related_name="findings", blank=True, verbose_name=_("topics")
    )

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["session", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="consultations_finding_says_something",
                condition=~Q(text=""),
                violation_error_message=_("Write what was found."),
            ),
        ]

    def __str__(self):
        return self.text

    @property
    def reference(self):
        """What stands behind it where it is cited."""
        return f"{self.session.title}, {self.position}"

    @transaction.atomic
    def cite(self, consultation, *, by):
        """Use it in a consultation; a second time is the first."""
        with explained(Citation):
            if consultation.citations.filter(finding=self).exists():
                raise ValidationError(_("It is cited there already."))
            citation = Citation.objects.create(consultation=consultation, finding=self, cited_by=by)
        Event.objects.record(
            actor=by, verb="finding.cited", subject=self, consultation=consultation.pk
        )
        return citation


class Citation(models.Model):
    """Zitat: this finding was of use in that consultation."""

    consultation = models.ForeignKey(
        Consultation, on_delete=models.CASCADE, related_name="citations"
    )
    finding = models.ForeignKey(Finding, on_delete=models.PROTECT, related_name="citations")
    cited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    cited_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("citation of a finding")
        verbose_name_plural = _("citations of findings")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "finding"],
                name="consultations_citation_once",
                violation_error_message=_("It is cited there already."),
            ),
        ]

    def __str__(self):
        return str(self.finding)

    @transaction.atomic
    def remove(self, *, by):
        Event.objects.record(actor=by, verb="finding.uncited", subject=self.finding)
        self.delete()
