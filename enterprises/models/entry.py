"""Entry: an enterprise in the public directory, as it wishes to be seen and no further."""

import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Language
from best_portal.audit.models import Event
from best_portal.db import explained, fold, folded
from districts.models import EAST, NORTH, SOUTH, WEST, District
from enterprises.models.entry_care import Care, CaredFor
from enterprises.models.facts import Criterion, CriterionAssessment
from enterprises.models.organisation import Organisation, OrganisationKind

LONGEST_TEXT = 1_500


class EntryStatus(models.TextChoices):
    UNCONFIRMED = "unconfirmed", _("not confirmed yet")
    SUBMITTED = "submitted", _("waiting for an advisor")
    PUBLISHED = "published", _("public")
    REFUSED = "refused", _("refused")
    ARCHIVED = "archived", _("archived")


class EntryPart(models.TextChoices):
    """What an enterprise agrees to by itself, part by part."""

    ENTRY = "entry", _("the entry: name, kind, text and neighbourhood")
    ADDRESS = "address", _("address and place on the map")
    CONTACT = "contact", _("e-mail, phone and website")
    CRITERIA = "criteria", _("which criteria of a social enterprise are met")
    INCOME_MIX = "income_mix", _("the shares of the sources of income")


class ConsentWay(models.TextChoices):
    FORM = "form", _("in the form")
    MAIL = "mail", _("by e-mail")
    PAPER = "paper", _("on paper")


class EntryQuerySet(CaredFor):
    def visible_to(self, user):
        """What the staff keep; everybody else reads `public()`."""
        return self.all() if user.is_authenticated and user.is_staff_member else self.none()

    def public(self):
        """Those published that still agree to be, with `shows_…` for each other part.

        Asked anew for every page: what an enterprise takes back is gone at once.
        """
        agreed = {
            f"shows_{part}": Exists(EntryConsent.objects.given(part).filter(entry=OuterRef("pk")))
            for part in EntryPart.values
        }
        return self.filter(status=EntryStatus.PUBLISHED).annotate(**agreed).filter(shows_entry=True)

    def gone(self):
        """Those that were public once and are not any more."""
        return self.filter(published_at__isnull=False).exclude(pk__in=self.public().values("pk"))

    def answering(self, typed):
        """Those in whose name or text every word stands; nothing else is looked through."""
        rows = self
        for word in typed.split():
            rows = rows.filter(
                Q(sort_name__contains=fold(word))
                | Q(text__icontains=word)
                | Q(text_en__icontains=word)
            )
        return rows

    def meeting_all_criteria(self):
        """Those that let everybody know that each of the four was met when last assessed."""
        met = CriterionAssessment.objects.as_of(timezone.localdate()).filter(is_met=True)
        rows = self.filter(shows_criteria=True)
        for criterion in Criterion.values:
            one = met.filter(criterion=criterion, organisation=OuterRef("organisation"))
            rows = rows.filter(Exists(one))
        return rows

    def in_areas(self, keys):
        """Those of any of these areas, and of what went wholly into them."""
        return self.filter(district__in=District.objects.filter(pk__in=keys).lineage())

    def by_area(self):
        """How many there are in each area: {key of the area: number}."""
        rows = self.order_by().values("district").annotate(number=models.Count("pk"))
        return dict(rows.values_list("district", "number"))

    def for_list(self):
        return (
            self.select_related("district", "organisation")
            .defer("district__outline")
            .order_by("sort_name", "pk")
        )

    @transaction.atomic
    def record(self, *, by, organisation, parts, given_by, given_on, way, **fields):
        """Publish the entry of an enterprise on file, with what it agreed to and when.

        Refuses an entry without the consent to it, and a second one of the same organisation.
        """
        with explained(self.model):
            entry = self.create(
                organisation=organisation,
                slug=free_slug(fields["name"]),
                published_at=timezone.now(),
                checked_on=given_on,
                **fields,
            )
        if EntryPart.ENTRY not in parts:
            raise ValidationError(_("Without consent to the entry nothing is published."))
        entry.agree(parts, by=by, given_by=given_by, given_on=given_on, way=way)
        Event.objects.record(actor=by, verb="entry.published", subject=entry)
        return entry


def free_slug(name):
    """A readable address that tells two of a name apart and is never used again."""
    plain = slugify(fold(name))[:80].strip("-") or "eintrag"
    return f"{plain}-{uuid.uuid4().hex[:6]}"


class Entry(Care, models.Model):
    """Eintrag im Verzeichnis: what an enterprise says of itself, apart from its file.

    The file is never shown: name, text, address and contact are the entry's own, and of the file
    only the criteria and the income mix are read, where the enterprise agreed.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    slug = models.SlugField(_("address"), max_length=100, unique=True, editable=False)
    organisation = models.OneToOneField(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="entry",
        verbose_name=_("organisation"),
    )
    name = models.CharField(_("name"), max_length=200)
    sort_name = folded("name")
    kind = models.CharField(_("kind"), max_length=20, choices=OrganisationKind)
    text = models.TextField(
        _("what you do"),
        validators=[MaxLengthValidator(LONGEST_TEXT)],
        help_text=_("What people find with you, in a few sentences everyone understands."),
    )
    text_en = models.TextField(
        _("the same in English"), blank=True, validators=[MaxLengthValidator(LONGEST_TEXT)]
    )
    district = models.ForeignKey(
        District,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="entries",
        verbose_name=_("neighbourhood"),
    )
    address = models.CharField(_("street and number"), max_length=250, blank=True)
    latitude = models.DecimalField(
        _("latitude"), max_digits=7, decimal_places=5, null=True, blank=True
    )
    longitude = models.DecimalField(
        _("longitude"), max_digits=7, decimal_places=5, null=True, blank=True
    )
    email = models.EmailField(_("e-mail for customers"), blank=True)
    phone = models.CharField(_("phone for customers"), max_length=40, blank=True)
    website = models.URLField(_("website"), blank=True)
    # Whoever looks after it, and is asked once a year whether it is true; never public.
    keeper_name = models.CharField(
        _("who looks after the entry"), max_length=150, blank=True, help_text=_("Not public.")
    )
    keeper_email = models.EmailField(
        _("their e-mail"),
        blank=True,
        help_text=_("Not public. The link for changes goes there, and once a year a question."),
    )
    language = models.CharField(
        _("language"), max_length=2, choices=Language, default=Language.GERMAN
    )
    token_digest = models.CharField(max_length=64, blank=True, editable=False)
    form_key = models.UUIDField(null=True, unique=True, editable=False)
    status = models.CharField(
        _("status"),
        max_length=11,
        choices=EntryStatus,
        default=EntryStatus.PUBLISHED,
        editable=False,
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    published_at = models.DateTimeField(_("public since"), null=True, editable=False)
    archived_at = models.DateTimeField(null=True, editable=False)
    submitted_at = models.DateTimeField(_("waiting since"), null=True, editable=False)
    refused_because = models.CharField(_("reason"), max_length=500, blank=True, editable=False)
    # What the enterprise wrote anew by its link, by field, until an advisor has looked at it.
    proposed = models.JSONField(_("proposed change"), null=True, editable=False)
    # When it was asked whether all is true, while it has not answered.
    asked_at = models.DateTimeField(_("asked"), null=True, editable=False)
    # When the enterprise last said that all of it is true.
    checked_on = models.DateField(_("confirmed on"), null=True, editable=False)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry in the directory")
        verbose_name_plural = _("entries in the directory")
        ordering = ["sort_name", "pk"]
        indexes = [models.Index(fields=["sort_name", "id"], name="enterprises_entry_by_name")]
        constraints = [
            models.CheckConstraint(
                name="enterprises_entry_kind_is_known",
                condition=Q(kind__in=OrganisationKind.values),
                violation_error_message=_("Choose one of the kinds."),
            ),
            models.CheckConstraint(
                name="enterprises_entry_status_is_known",
                condition=Q(status__in=EntryStatus.values),
                violation_error_message=_("Unknown status of an entry."),
            ),
            models.CheckConstraint(
                name="enterprises_entry_has_name_and_text",
                condition=~Q(name="") & ~Q(text=""),
                violation_error_message=_("An entry needs a name and a text."),
            ),
            models.CheckConstraint(
                name="enterprises_entry_published_with_time",
                condition=~Q(status=EntryStatus.PUBLISHED) | Q(published_at__isnull=False),
                violation_error_message=_("An entry is public since a time."),
            ),
            models.CheckConstraint(
                name="enterprises_entry_archived_with_time",
                condition=Q(status=EntryStatus.ARCHIVED, archived_at__isnull=False)
                | (~Q(status=EntryStatus.ARCHIVED) & Q(archived_at=None)),
                violation_error_message=_("An entry is archived since a time."),
            ),
            models.UniqueConstraint(
                fields=["token_digest"],
                condition=~Q(token_digest=""),
                name="enterprises_entry_link_of_its_own",
                violation_error_message=_("Every link opens one entry."),
            ),
            models.CheckConstraint(
                name="enterprises_entry_waiting_since_a_time",
                condition=(~Q(status=EntryStatus.SUBMITTED) & Q(proposed__isnull=True))
                | Q(submitted_at__isnull=False),
                violation_error_message=_("What waits for an advisor waits since a time."),
            ),
            models.CheckConstraint(
                name="enterprises_entry_refused_with_reason",
                condition=~Q(status=EntryStatus.REFUSED) | ~Q(refused_because=""),
                violation_error_message=_("Say why it is not published."),
            ),
            models.CheckConstraint(
                name="enterprises_entry_point_is_whole",
                condition=Q(latitude=None, longitude=None)
                | Q(latitude__isnull=False, longitude__isnull=False),
                violation_error_message=_("Give both latitude and longitude, or neither."),
            ),
            models.CheckConstraint(
                name="enterprises_entry_point_is_in_berlin",
                condition=Q(latitude=None)
                | Q(
                    latitude__gte=SOUTH,
                    latitude__lte=NORTH,
                    longitude__gte=WEST,
                    longitude__lte=EAST,
                ),
                violation_error_message=_(
                    "This point is not in Berlin; check latitude and longitude."
                ),
            ),
        ]

    def __str__(self):
        return self.name

    free_slug = staticmethod(free_slug)

    def get_absolute_url(self):
        """The public page."""
        return reverse("enterprises:entry", args=[self.slug])

    @property
    def staff_url(self):
        return reverse("enterprises:entry_manage", args=[self.pk])

    @property
    def text_and_language(self):
        """What it does, in the reader's language where there is one, and which language it is."""
        if get_language() == "en" and self.text_en:
            return self.text_en, "en"
        return self.text, "de"

    @property
    def is_public(self):
        return Entry.objects.public().filter(pk=self.pk).exists()

    @transaction.atomic
    def agree(self, parts, *, by, given_by, given_on, way):
        """Note what the enterprise agreed to; refuses a day to come, and what holds already."""
        if given_on > timezone.localdate():
            raise ValidationError(_("Consent is given on a day that has been."))
        with explained(EntryConsent):
            for part in parts:
                self.consents.create(
                    part=part, given_by=given_by, given_on=given_on, way=way, recorded_by=by
                )
        Event.objects.record(
            actor=by, verb="entry.consent_given", subject=self, parts=sorted(map(str, parts))
        )

    @transaction.atomic
    def take_back(self, part, *, by):
        """Note that the enterprise does not agree any more: it is gone from everywhere at once."""
        taken = self.consents.filter(part=part, revoked_at=None).update(
            revoked_at=timezone.now(), revoked_by=by
        )
        if not taken:
            raise ValidationError(_("This consent was taken back already."))
        Event.objects.record(actor=by, verb="entry.consent_taken_back", subject=self, part=part)

    @transaction.atomic
    def archive(self, *, by):
        """Take it out of the directory; its address says that it is gone. Can be undone."""
        self._move(EntryStatus.PUBLISHED, EntryStatus.ARCHIVED, archived_at=timezone.now())
        Event.objects.record(actor=by, verb="entry.archived", subject=self)

    @transaction.atomic
    def restore(self, *, by):
        """Put it back into the directory, as far as the enterprise still agrees."""
        self._move(EntryStatus.ARCHIVED, EntryStatus.PUBLISHED, archived_at=None)
        Event.objects.record(actor=by, verb="entry.restored", subject=self)

    def _move(self, before, after, **fields):
        if not Entry.objects.filter(pk=self.pk, status=before).update(status=after, **fields):
            raise ValidationError(_("Someone has decided about this entry in the meantime."))
        self.refresh_from_db()


class EntryConsentQuerySet(models.QuerySet):
    def given(self, part):
        """Those that hold today."""
        return self.filter(part=part, revoked_at=None)


class EntryConsent(models.Model):
    """Einwilligung: one part an enterprise lets everyone see, since a day, until taken back."""

    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="consents")
    part = models.CharField(_("part"), max_length=10, choices=EntryPart)
    given_on = models.DateField(_("given on"), default=timezone.localdate)
    given_by = models.CharField(_("given by"), max_length=150)
    way = models.CharField(_("how"), max_length=5, choices=ConsentWay)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(_("taken back at"), null=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = EntryConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent to a part of an entry")
        verbose_name_plural = _("consents to parts of entries")
        ordering = ["given_on", "pk"]
        constraints = [
            models.CheckConstraint(
                name="enterprises_entryconsent_part_is_known",
                condition=Q(part__in=EntryPart.values),
                violation_error_message=_("Choose one of the parts."),
            ),
            models.CheckConstraint(
                name="enterprises_entryconsent_way_is_known",
                condition=Q(way__in=ConsentWay.values),
                violation_error_message=_("Say how it was given."),
            ),
            models.CheckConstraint(
                name="enterprises_entryconsent_given_by_somebody",
                condition=~Q(given_by=""),
                violation_error_message=_("Say who agreed."),
            ),
            models.UniqueConstraint(
                fields=["entry", "part"],
                condition=Q(revoked_at=None),
                name="enterprises_entryconsent_once_at_a_time",
                violation_error_message=_("The enterprise agreed to this already."),
            ),
        ]

    def __str__(self):
        return f"{self.get_part_display()} ({self.given_on:%d.%m.%Y})"
