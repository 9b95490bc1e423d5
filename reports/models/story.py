"""Story: what became of a real case, told to everyone as long as those it tells of agree."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.db import explained
from consultations.models import SupportCase
from enterprises.models import ConsentWay, Organisation, Person

LONGEST_STORY = 8_000


class StoryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What the staff keep; everybody else reads `public()`."""
        return self.all() if user.is_authenticated and user.is_staff_member else self.none()

    def agreed(self):
        """Those to which everybody they tell of agrees now."""
        held = StoryConsent.objects.filter(story=OuterRef("pk"), revoked_at=None)
        by_the_person = Q(person=None) | Exists(held.filter(of=ConsentOf.PERSON))
        return self.filter(by_the_person, Exists(held.filter(of=ConsentOf.ORGANISATION)))

    def public(self):
        """Those approved and agreed to: every public page, feed, file and search starts here."""
        return self.exclude(approved_at=None).agreed()

    def gone(self):
        """Those that were public once and are not any more."""
        return self.exclude(published_at=None).exclude(pk__in=self.model.objects.public())

    def of(self, organisation):
        return self.filter(organisation=organisation)

    def saying(self, words):
        """Those with all of these words in title, summary or text."""
        rows = self
        for word in words.split()[:8]:
            told = Q(title__icontains=word) | Q(summary__icontains=word) | Q(text__icontains=word)
            rows = rows.filter(told)
        return rows

    def for_list(self):
        return (
            self.select_related("organisation__district", "project")
            .defer("organisation__district__outline")
            .order_by("-approved_at", "-pk")
        )

    def free_slug(self, title):
        """An address nobody has yet."""
        stem = slugify(title)[:60] or "geschichte"
        taken = set(self.filter(slug__startswith=stem).values_list("slug", flat=True))
        numbers = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
        return next(slug for slug in (stem, *numbers) if slug not in taken)

    @transaction.atomic
    def tell(self, *, by, case, **fields):
        """Write down a draft of what became of a case."""
        with explained(self.model):
            story = self.create(
                slug=self.free_slug(fields["title"]),
                case=case,
                organisation=case.organisation,
                project=case.project,
                written_by=by,
                **fields,
            )
        Event.objects.record(actor=by, verb="story.written", subject=story)
        return story


class Story(models.Model):
    """Erfolgsgeschichte: from a real case, approved by a manager, with the funders' notice."""

    slug = models.SlugField(max_length=70, unique=True, editable=False)
    case = models.ForeignKey(
        SupportCase, on_delete=models.PROTECT, related_name="stories", verbose_name=_("case")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="stories", editable=False
    )
    project = models.ForeignKey(
        "consultations.Project", on_delete=models.PROTECT, related_name="stories", editable=False
    )
    person = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="stories",
        verbose_name=_("person it tells of"),
        help_text=_("Whoever is named or can be recognised has to agree as well."),
    )
    title = models.CharField(_("title"), max_length=150)
    summary = models.CharField(_("summary"), max_length=300)
    text = models.TextField(_("story"), validators=[MaxLengthValidator(LONGEST_STORY)])
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+"
    )
    written_at = models.DateTimeField(auto_now_add=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    approved_at = models.DateTimeField(null=True, editable=False)
    # When it could first be read; from then on its address answers that it is gone.
    published_at = models.DateTimeField(null=True, editable=False)

    objects = StoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("success story")
        verbose_name_plural = _("success stories")
        ordering = ["-written_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="reports_story_says_something",
                condition=~Q(title="") & ~Q(summary="") & ~Q(text=""),
                violation_error_message=_("Give the story a title, a summary and a text."),
            ),
            models.CheckConstraint(
                name="reports_story_approved_by_somebody",
                condition=Q(approved_at=None, approved_by=None)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
                violation_error_message=_("An approval has its time and who approved."),
            ),
            models.CheckConstraint(
                name="reports_story_approved_means_published",
                condition=Q(approved_at=None) | Q(published_at__isnull=False),
                violation_error_message=_("What is approved was published."),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("reports:story", args=[self.slug])

    @property
    def manage_url(self):
        return reverse("reports:story_manage", args=[self.pk])

    @property
    def is_public(self):
        return Story.objects.public().filter(pk=self.pk).exists()

    @property
    def is_agreed(self):
        return Story.objects.agreed().filter(pk=self.pk).exists()

    @property
    def missing(self):
        """Whose consent is still needed, in words."""
        held = set(self.consents.filter(revoked_at=None).values_list("of", flat=True))
        needed = [ConsentOf.ORGANISATION, *([ConsentOf.PERSON] if self.person_id else [])]
        return [of.label for of in needed if of not in held]

    @transaction.atomic
    def approve(self, *, by):
        """Let everyone read it; for the management, and not before everybody agreed."""
        if by.role != Role.MANAGER:
            raise ValidationError(_("A manager approves stories."))
        if not self.is_agreed:
            raise ValidationError(_("Without the consent of all it tells of nothing is published."))
        now = timezone.now()
        waiting = Story.objects.filter(pk=self.pk, approved_at=None)
        published_at = self.published_at or now
        if not waiting.update(approved_at=now, approved_by=by, published_at=published_at):
            raise ValidationError(_("Someone approved this story in the meantime."))
        self.refresh_from_db()
        Event.objects.record(actor=by, verb="story.approved", subject=self)

    @transaction.atomic
    def take_down(self, *, by):
        """Show it to nobody any more; it can be approved again."""
        shown = Story.objects.filter(pk=self.pk).exclude(approved_at=None)
        if not shown.update(approved_at=None, approved_by=None):
            raise ValidationError(_("This story is not public."))
        self.refresh_from_db()
        Event.objects.record(actor=by, verb="story.taken_down", subject=self)

    @transaction.atomic
    def agree(self, *, by, of, given_by, given_on, way):
        """Note who agreed, when and how; refused while they agree already."""
        with explained(StoryConsent):
            consent = self.consents.create(
                of=of, given_by=given_by, given_on=given_on, way=way, recorded_by=by
            )
        Event.objects.record(actor=by, verb="story.agreed", subject=self, of=of)
        return consent


class ConsentOf(models.TextChoices):
    ORGANISATION = "organisation", _("the organisation")
    PERSON = "person", _("the person")


class StoryConsent(models.Model):
    """Einwilligung in eine Geschichte: since a day, until it is taken back."""

    story = models.ForeignKey(Story, on_delete=models.CASCADE, related_name="consents")
    of = models.CharField(_("who agrees"), max_length=12, choices=ConsentOf)
    given_by = models.CharField(_("name"), max_length=150)
    given_on = models.DateField(_("day"))
    way = models.CharField(_("how"), max_length=5, choices=ConsentWay)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )

    class Meta:
        verbose_name = _("consent to a story")
        verbose_name_plural = _("consents to stories")
        ordering = ["-given_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="reports_storyconsent_of_is_known",
                condition=Q(of__in=ConsentOf.values),
                violation_error_message=_("Say who agrees."),
            ),
            models.CheckConstraint(
                name="reports_storyconsent_way_is_known",
                condition=Q(way__in=ConsentWay.values),
                violation_error_message=_("Say how it was given."),
            ),
            models.CheckConstraint(
                name="reports_storyconsent_given_by_somebody",
                condition=~Q(given_by=""),
                violation_error_message=_("Say who agreed."),
            ),
            models.UniqueConstraint(
                fields=["story", "of"],
                condition=Q(revoked_at=None),
                name="reports_storyconsent_once_at_a_time",
                violation_error_message=_("There is a consent to this story already."),
            ),
        ]

    def __str__(self):
        return f"{self.get_of_display()} ({self.given_on:%d.%m.%Y})"

    @transaction.atomic
    def revoke(self, *, by):
        """Take it back: from this moment on no page, feed or search shows the story."""
        held = StoryConsent.objects.filter(pk=self.pk, revoked_at=None)
        if not held.update(revoked_at=timezone.now(), revoked_by=by):
            raise ValidationError(_("This consent was taken back already."))
        self.refresh_from_db()
        # To be approved anew, even if consent is given again.
        Story.objects.filter(pk=self.story_id).update(approved_at=None, approved_by=None)
        Event.objects.record(actor=by, verb="story.consent_revoked", subject=self.story)
