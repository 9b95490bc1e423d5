"""Idea and IdeaOwner: what somebody wants to do about a need, with whom, and what came of it."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.audit.models import Event
from best_portal.db import explained
from consultations.models.needs import GIVEN_UP, LONGEST, Need
from enterprises.models import Organisation, OrganisationKind, ServiceBlock


class EndReason(models.TextChoices):
    PEOPLE = "people", _("nobody to do it")
    MONEY = "money", _("no money")
    ROOM = "room", _("no room")
    LAW = "law", _("law or permission")
    MARKET = "market", _("nobody would pay or come")
    MET = "met", _("the need was met otherwise")
    OTHER = "other", _("another reason")


class IdeaQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(need__in=Need.objects.visible_to(user))

    def editable_by(self, user):
        return self.visible_to(user)

    def alive(self):
        """Those neither ended nor given up by their initiative."""
        return self.filter(ended_on=None).exclude(GIVEN_UP)

    def for_chain(self):
        """With all a chain shows of them."""
        return self.select_related("organisation").prefetch_related(
            "owners__organisation", "organisation__jobs", "blocks"
        )

    def ends_by_reason(self):
        """[(reason, how many)] of those that ended, the commonest first."""
        rows = self.exclude(ended_on=None).order_by().values_list("ended_because")
        counted = rows.annotate(number=models.Count("pk")).order_by("-number", "ended_because")
        return [(EndReason(reason).label, number) for reason, number in counted]

    @transaction.atomic
    def have(self, *, by, need, **fields):
        """Write down an idea for a need."""
        blocks = fields.pop("blocks", ())
        with explained(self.model):
            idea = self.create(need=need, noted_by=by, **fields)
            idea.blocks.set(blocks)
        Event.objects.record(actor=by, verb="idea.noted", subject=idea)
        return idea


class Idea(models.Model):
    """Idee: for one need, owned by several, on its way to an initiative or ended with a reason."""

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="ideas")
    title = models.CharField(_("idea"), max_length=150)
    text = models.TextField(_("details"), blank=True, validators=[MaxLengthValidator(LONGEST)])
    begun_on = models.DateField(_("since"), default=timezone.localdate)
    blocks = models.ManyToManyField(
        ServiceBlock,
        blank=True,
        related_name="ideas",
        verbose_name=_("built of"),
        help_text=_("Services that have been tried; the catalogue describes them."),
    )
    # The initiative it has become; the enterprise is the same file later.
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="ideas",
        verbose_name=_("initiative"),
    )
    ended_on = models.DateField(null=True, editable=False)
    ended_because = models.CharField(
        _("reason"), max_length=6, choices=EndReason, blank=True, editable=False
    )
    ended_note = models.CharField(_("in words"), max_length=300, blank=True, editable=False)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+"
    )

    objects = IdeaQuerySet.as_manager()

    class Meta:
        verbose_name = _("idea")
        verbose_name_plural = _("ideas")
        ordering = ["begun_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="consultations_idea_has_a_title",
                condition=~Q(title=""),
                violation_error_message=_("Say what the idea is."),
            ),
            models.CheckConstraint(
                name="consultations_idea_ended_with_reason",
                condition=Q(ended_on=None, ended_because="", ended_note="")
                | Q(ended_on__isnull=False, ended_because__in=EndReason.values),
                violation_error_message=_("Say why it has ended."),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return f"{reverse('consultations:need', args=[self.need_id])}#idea-{self.pk}"

    @property
    def is_given_up(self):
        return self.organisation is not None and self.organisation.stage == "given_up"

    @property
    def is_founded(self):
        """Whether the initiative has become an enterprise."""
        row = self.organisation
        return row is not None and (
            row.founded_on is not None or row.kind == OrganisationKind.SOCIAL_ENTERPRISE
        )

    @property
    def jobs(self):
        """The posts of its enterprise, those in the bin left out."""
        if self.organisation is None:
            return []
        return [job for job in self.organisation.jobs.all() if job.withdrawn_at is None]

    @transaction.atomic
    def share(self, *, by, organisation=None, name=""):
        """Let somebody own it, too: an organisation on file, or somebody by name."""
        same = self.owners.filter(organisation=organisation, name=name)
        if same.exists():
            raise ValidationError(_("They own it already."))
        with explained(IdeaOwner):
            owner = self.owners.create(organisation=organisation, name=name)
        Event.objects.record(actor=by, verb="idea.shared", subject=self)
        return owner

    @transaction.atomic
    def become(self, organisation, *, by):
        """It is an initiative now, with a file of its own."""
        free = Idea.objects.filter(pk=self.pk, organisation=None, ended_on=None)
        if not free.update(organisation=organisation):
            raise ValidationError(_("This idea has ended, or has become an initiative already."))
        self.refresh_from_db()
        Event.objects.record(
            actor=by, verb="idea.became", subject=self, organisation=organisation.pk
        )

    @transaction.atomic
    def found(self, name, *, by):
        """Open the file of a founding initiative for it."""
        organisation = Organisation.objects.register(
            by=by,
            name=name,
            kind=OrganisationKind.FOUNDING_INITIATIVE,
            purpose=self.title,
            district=self.need.district,
        )
        self.become(organisation, by=by)
        return organisation

    @transaction.atomic
    def end(self, *, by, because, note=""):
        """It goes on no more, and why."""
        alive = Idea.objects.filter(pk=self.pk, ended_on=None)
        with explained(Idea):
            ended = alive.update(
                ended_on=timezone.localdate(), ended_because=because, ended_note=note
            )
        if not ended:
            raise ValidationError(_("This has ended already."))
        self.refresh_from_db()
        Event.objects.record(actor=by, verb="idea.ended", subject=self, because=because)

    @transaction.atomic
    def reopen(self, *, by):
        """Somebody goes on with it."""
        ended = Idea.objects.exclude(ended_on=None).filter(pk=self.pk)
        if not ended.update(ended_on=None, ended_because="", ended_note=""):
            raise ValidationError(_("This has not ended."))
        self.refresh_from_db()
        Event.objects.record(actor=by, verb="idea.reopened", subject=self)


class IdeaOwner(models.Model):
    """Mitinhaber:in einer Idee: an organisation on file, or somebody by name."""

    idea = models.ForeignKey(Idea, on_delete=models.CASCADE, related_name="owners")
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="owned_ideas",
        verbose_name=_("organisation"),
    )
    name = models.CharField(_("name"), max_length=150, blank=True)

    class Meta:
        verbose_name = _("co-owner of an idea")
        verbose_name_plural = _("co-owners of ideas")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="consultations_ideaowner_is_one_of_both",
                condition=Q(organisation__isnull=False, name="")
                | Q(organisation=None) & ~Q(name=""),
                violation_error_message=_("Choose an organisation or write a name, not both."),
            ),
        ]

    def __str__(self):
        return str(self.organisation or self.name)

    @transaction.atomic
    def leave(self, *, by):
        """They own it no more."""
        Event.objects.record(actor=by, verb="idea.owner_left", subject=self.idea)
        self.delete()
