"""Organisation: whoever is advised, from the first idea to the enterprise, in one file."""

import re

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import TrigramWordSimilarity
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from best_portal.asked import Text
from best_portal.audit.models import Event
from best_portal.db import explained, fold, folded
from districts.models import District
from enterprises.models.mergeable import LiveManager, LooksAlike, Mergeable

# Below this, a name is another name; at it, "Waescherei" still finds "Wäscherei".
SIMILAR_ENOUGH = 0.4
# The number as `number` writes it, its zeros left out or not.
FILE_NUMBER = r"(?i)v-?0*(\d{1,9})"
# What the search looks through.
ON_FILE = Text(("name", "purpose", "address", "email", "phone", "website"))


class OrganisationKind(models.TextChoices):
    FOUNDING_INITIATIVE = "founding_initiative", _("founding initiative")
    SOCIAL_ENTERPRISE = "social_enterprise", _("social enterprise")
    LOCAL_BUSINESS = "local_business", _("local business")
    ASSOCIATION = "association", _("association")
    FOUNDATION = "foundation", _("foundation")
    PUBLIC_BODY = "public_body", _("public body")
    NETWORK = "network", _("network")
    PROJECT_GROUP = "project_group", _("project group")


KINDS_WITH_MEMBERS = (OrganisationKind.NETWORK, OrganisationKind.PROJECT_GROUP)


class Stage(models.TextChoices):
    IDEA = "idea", _("idea")
    CONCEPT = "concept", _("concept")
    FOUNDING = "founding", _("founding")
    BUILD_UP = "build_up", _("build-up")
    CONSOLIDATION = "consolidation", _("consolidation")
    GIVEN_UP = "given_up", _("given up")


class LegalForm(models.TextChoices):
    NONE = "", _("none yet")
    SOLE_TRADER = "sole_trader", _("sole trader")
    GBR = "gbr", "GbR"
    EV = "ev", "e. V."
    NOT_REGISTERED = "not_registered", _("association without registration")
    EG = "eg", "eG"
    UG = "ug", "UG (haftungsbeschränkt)"
    GUG = "gug", "gUG (haftungsbeschränkt)"
    GMBH = "gmbh", "GmbH"
    GGMBH = "ggmbh", "gGmbH"
    FOUNDATION = "foundation", _("foundation")
    PUBLIC = "public", _("public law")
    OTHER = "other", _("other")


class OrganisationQuerySet(LooksAlike, models.QuerySet):
    def visible_to(self, user):
        """Staff know every organisation, founders those they have a part in, nobody else any."""
        match user.role:
            case Role.ADVISOR | Role.MANAGER:
                return self.all()
            case Role.FOUNDER:
                return self.filter(
                    Q(involvements__until=None) | Q(involvements__until__gte=timezone.localdate()),
                    involvements__person__user=user,
                    involvements__withdrawn_at=None,
                ).distinct()
            case _:
                return self.none()

    def editable_by(self, user):
        return self.all() if user.is_staff_member else self.none()

    def partners(self):
        """Those who offer something, are party to an agreement, or are a network."""
        offering = Q(pk__in=self.filter(resources__side="offer", resources__withdrawn_at=None))
        agreed = Q(pk__in=self.exclude(agreement_parties=None))
        return self.filter(offering | agreed | Q(kind=OrganisationKind.NETWORK))

    def named(self, name):
        """Those of this very name, however it is spelled in case, accents and blanks."""
        return self.filter(sort_name=fold(" ".join(name.split())))

    def matching(self, typed):
        """Names like what was typed, best first: umlauts, word order and typos are forgiven."""
        typed = fold(" ".join(typed.split()))
        return (
            self.annotate(likeness=TrigramWordSimilarity(typed, "sort_name"))
            .filter(Q(likeness__gte=SIMILAR_ENOUGH) | Q(sort_name__contains=typed))
            .order_by("-likeness", "sort_name", "pk")
        )

    def answering(self, asked, *, alike=False):
        """Those in whose file every word stands, names first; a file number finds its file."""
        conditions = [word.within(ON_FILE, alike=alike) for word in asked.words]
        rows = self.filter(*conditions)
        if number := re.fullmatch(FILE_NUMBER, asked.typed):
            rows = self.known_as(number[1])
        return rows.annotate(
            likeness=TrigramWordSimilarity(fold(asked.typed), "sort_name")
        ).order_by("-likeness", "sort_name", "pk")

    def naming(self, word):
        """The keys of those whose name holds a word."""
        return self.filter(word.part_of(F("sort_name"))).order_by().values_list("pk", flat=True)

    def for_comparing(self):
        """Rows with all that tells two of them apart."""
        return self.select_related("district").defer("district__outline")

    def for_directory(self):
        return self.select_related("district").order_by("sort_name", "pk")

    @transaction.atomic
    def register(self, *, by, name, kind, stage=Stage.IDEA, since=None, **fields):
        """Open the file of an organisation and note the stage it is in."""
        with explained(self.model):
            organisation = self.create(
                name=" ".join(name.split()), kind=kind, stage=stage, **fields
            )
        organisation.stages.create(stage=stage, since=since or timezone.localdate(), noted_by=by)
        Event.objects.record(actor=by, verb="organisation.registered", subject=organisation)
        return organisation


class OrganisationManager(LiveManager.from_queryset(OrganisationQuerySet)):
    pass


class Organisation(Mergeable):
    """Organisation: one file for a founding initiative and the enterprise it becomes, and for
    every other body the agency works with."""

    name = models.CharField(_("name"), max_length=200)
    sort_name = folded("name")
    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind)
    stage = models.CharField(
        _("stage"), max_length=15, choices=Stage, default=Stage.IDEA, editable=False
    )
    legal_form = models.CharField(
        _("legal form"), max_length=15, choices=LegalForm, default=LegalForm.NONE, blank=True
    )
    founded_on = models.DateField(_("founded on"), null=True, blank=True)
    district = models.ForeignKey(
        District,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="organisations",
        verbose_name=_("neighbourhood"),
    )
    address = models.CharField(_("address"), max_length=250, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    website = models.URLField(_("website"), blank=True)
    purpose = models.TextField(
        _("purpose"), blank=True, help_text=_("Two sentences that may be shown to others.")
    )
    members = models.ManyToManyField(
        "self",
        through="enterprises.Membership",
        symmetrical=False,
        related_name="member_of",
        verbose_name=_("members"),
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = OrganisationManager()
    every = OrganisationQuerySet.as_manager()

    compared_fields = (
        "name",
        "kind",
        "stage",
        "legal_form",
        "founded_on",
        "district",
        "address",
        "email",
        "phone",
        "website",
        "purpose",
    )

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["sort_name", "pk"]
        indexes = [
            GinIndex(
                OpClass(F("sort_name"), name="gin_trgm_ops"), name="enterprises_org_sort_name"
            ),
            models.Index(fields=["sort_name"], name="enterprises_org_by_name"),
            *ON_FILE.indexes("enterprises_org"),
        ]
        constraints = [
            models.CheckConstraint(
                name="enterprises_organisation_kind_is_known",
                condition=Q(kind__in=OrganisationKind.values),
                violation_error_message=_("Choose one of the kinds."),
            ),
            models.CheckConstraint(
                name="enterprises_organisation_stage_is_known",
                condition=Q(stage__in=Stage.values),
                violation_error_message=_("Choose one of the stages."),
            ),
            models.CheckConstraint(
                name="enterprises_organisation_not_merged_into_itself",
                condition=~Q(merged_into=F("pk")),
                violation_error_message=_("These two are one already."),
            ),
            models.CheckConstraint(
                name="enterprises_organisation_has_a_name",
                condition=~Q(name=""),
                violation_error_message=_("Give the organisation a name."),
            ),
            models.CheckConstraint(
                name="enterprises_organisation_enterprise_is_founded",
                condition=~Q(kind=OrganisationKind.SOCIAL_ENTERPRISE) | Q(founded_on__isnull=False),
                violation_error_message=_("A social enterprise needs the day it was founded."),
            ),
            models.CheckConstraint(
                name="enterprises_organisation_initiative_is_not_founded",
                condition=~Q(kind=OrganisationKind.FOUNDING_INITIATIVE) | Q(founded_on=None),
                violation_error_message=_(
                    "A founding initiative has no founding day yet; use “Record the founding”."
                ),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("enterprises:detail", args=[self.pk])

    @property
    def number(self):
        """The file number that stands for the name wherever the name must not be seen."""
        return f"V-{self.pk:05d}"

    @property
    def hint(self):
        """What tells it from others of a like name."""
        area = f" · {self.district}" if self.district else ""
        return f"{self.get_kind_display()}{area}"

    @property
    def compared(self):
        """Everything that tells it from others, in one line."""
        form = self.get_legal_form_display() if self.legal_form else ""
        told = (self.number, self.hint, form, self.address)
        return " · ".join(str(part) for part in (self.name, *told) if part)

    @property
    def has_members(self):
        return self.kind in KINDS_WITH_MEMBERS

    def stage_on(self, day):
        """The stage the organisation was in on that day; None before its file was opened."""
        change = self.stages.filter(since__lte=day).order_by("-since", "-pk").first()
        return change.stage if change else None

    @transaction.atomic
    def move_to(self, stage, *, on, by, reason=""):
        """Note a new stage from that day on; giving up needs the reason."""
        latest = self.stages.order_by("-since", "-pk").first()
        if latest and on < latest.since:
            raise ValidationError(
                _("The last stage was noted for %(day)s; choose that day or a later one."),
                params={"day": f"{latest.since:%d.%m.%Y}"},
            )
        with explained(StageChange):
            self.stages.create(stage=stage, since=on, reason=reason, noted_by=by)
        self.stage = stage
        self.save(update_fields=["stage", "updated_at"])
        Event.objects.record(
            actor=by, verb="organisation.moved", subject=self, stage=stage, on=on.isoformat()
        )

    @transaction.atomic
    def found(self, on, legal_form, by):
        """Turn the founding initiative into a social enterprise: same file, same history.

        Refuses whatever is not a founding initiative, a founding without a legal form, and a day
        in the future.
        """
        if on > timezone.localdate():
            raise ValidationError(_("Record a founding once it has happened, not before."))
        if not legal_form:
            raise ValidationError(_("Choose the legal form the enterprise was founded in."))
        # The database decides, so a stale page cannot found twice.
        founded = Organisation.objects.filter(
            pk=self.pk, kind=OrganisationKind.FOUNDING_INITIATIVE
        ).update(kind=OrganisationKind.SOCIAL_ENTERPRISE, founded_on=on, legal_form=legal_form)
        if not founded:
            raise ValidationError(_("Only a founding initiative can be founded."))
        self.refresh_from_db()
        self.move_to(Stage.BUILD_UP, on=on, by=by)
        Event.objects.record(
            actor=by,
            verb="organisation.founded",
            subject=self,
            on=on.isoformat(),
            legal_form=legal_form,
        )


class FoundingInitiativeManager(OrganisationManager):
    def get_queryset(self):
        return super().get_queryset().filter(kind=OrganisationKind.FOUNDING_INITIATIVE)


class FoundingInitiative(Organisation):
    """Gründungsinitiative: the enterprise before it is founded."""

    objects = FoundingInitiativeManager()

    class Meta:
        proxy = True
        verbose_name = _("founding initiative")
        verbose_name_plural = _("founding initiatives")


class SocialEnterpriseManager(OrganisationManager):
    def get_queryset(self):
        return super().get_queryset().filter(kind=OrganisationKind.SOCIAL_ENTERPRISE)


class SocialEnterprise(Organisation):
    """Sozialunternehmen: founded, with the day it was founded."""

    objects = SocialEnterpriseManager()

    class Meta:
        proxy = True
        verbose_name = _("social enterprise")
        verbose_name_plural = _("social enterprises")


class StageChange(models.Model):
    """Phasenwechsel: from this day on the organisation was in this stage."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="stages")
    stage = models.CharField(_("stage"), max_length=15, choices=Stage)
    since = models.DateField(_("since"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    noted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        verbose_name = _("change of stage")
        verbose_name_plural = _("changes of stage")
        ordering = ["since", "pk"]
        constraints = [
            models.CheckConstraint(
                name="enterprises_stagechange_stage_is_known",
                condition=Q(stage__in=Stage.values),
                violation_error_message=_("Choose one of the stages."),
            ),
            models.CheckConstraint(
                name="enterprises_stagechange_giving_up_has_a_reason",
                condition=~Q(stage=Stage.GIVEN_UP) | ~Q(reason=""),
                violation_error_message=_("Say why it was given up."),
            ),
        ]

    def __str__(self):
        return f"{self.get_stage_display()} ({self.since:%d.%m.%Y})"
