"""Person, their part in an organisation, and organisations that are members of others."""

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Language, Role
from best_portal.asked import Text
from best_portal.audit.models import Event
from best_portal.bin.models import Withdrawable, WithdrawableQuerySet, withdrawn_together
from best_portal.db import explained, fold, folded
from enterprises.models.mergeable import LiveManager, LooksAlike, Mergeable
from enterprises.models.organisation import SIMILAR_ENOUGH, Organisation

# What the search looks through.
KNOWN = Text(("name", "email", "phone"))


class InvolvementRole(models.TextChoices):
    FOUNDER = "founder", _("founder")
    MANAGEMENT = "management", _("management")
    MEMBER = "member", _("member")
    EMPLOYEE = "employee", _("employee")
    VOLUNTEER = "volunteer", _("volunteer")
    CONTACT = "contact", _("contact")


class PersonQuerySet(LooksAlike, models.QuerySet):
    def visible_to(self, user):
        """Staff know everyone; a founder knows themself."""
        match user.role:
            case Role.ADVISOR | Role.MANAGER:
                return self.all()
            case Role.FOUNDER:
                return self.filter(user=user)
            case _:
                return self.none()

    def part_of(self, organisation):
        return self.filter(pk__in=organisation.involvements.valid().values("person"))

    def matching(self, typed):
        """Names like what was typed, best first; an address or a number finds its person, too."""
        typed = " ".join(typed.split())
        like = fold(typed)
        return (
            self.annotate(likeness=TrigramWordSimilarity(like, "sort_name"))
            .filter(
                Q(likeness__gte=SIMILAR_ENOUGH)
                | Q(sort_name__contains=like)
                | Q(email__iexact=typed)
                | Q(phone=typed)
            )
            .order_by("-likeness", "sort_name", "pk")
        )

    def answering(self, asked, *, alike=False):
        """Those of whom every word is known, as a name, in an address or a number."""
        return (
            self.filter(*(word.within(KNOWN, alike=alike) for word in asked.words))
            .annotate(likeness=TrigramWordSimilarity(fold(asked.typed), "sort_name"))
            .order_by("-likeness", "sort_name", "pk")
        )

    def for_list(self):
        """Rows of a table, with the organisations each has a part in."""
        parts = Involvement.objects.valid().select_related("organisation")
        return self.prefetch_related(models.Prefetch("involvements", parts))

    def for_comparing(self):
        """Rows with all that tells two of them apart."""
        return self.for_list().select_related("user")

    def met(self, *, name, email="", phone="", language=Language.GERMAN):
        """Return the person of this name and e-mail address; a new one where there is none.

        The address alone is not enough: addresses are shared and mistyped.
        """
        name = " ".join(name.split())
        same = self.filter(sort_name=fold(name), email__iexact=email).exclude(email="").first()
        return same or self.create(name=name, email=email, phone=phone, language=language)

    @transaction.atomic
    def of_account(self, user):
        """Return the person this account belongs to; made from the account where there is none.

        Never one who only has the same e-mail address: addresses are shared and mistyped.
        """
        person, created = self.get_or_create(
            user=user,
            defaults={
                "name": user.name or user.email,
                "email": user.email,
                "phone": user.phone,
                "language": user.language,
            },
        )
        if created:
            Event.objects.record(actor=user, verb="person.registered", subject=person)
        return person


class PersonManager(LiveManager.from_queryset(PersonQuerySet)):
    pass


class Person(Mergeable):
    """Person: someone who founds, works or helps in an organisation, with or without an account."""

    name = models.CharField(_("name"), max_length=150)
    sort_name = folded("name")
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=Language, default=Language.GERMAN
    )
    # Asked only of participants: their questionnaire needs both.
    postcode = models.CharField(_("postcode"), max_length=5, blank=True)
    birth_on = models.DateField(_("date of birth"), null=True, blank=True)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="person",
        verbose_name=_("account"),
    )
    organisations = models.ManyToManyField(
        Organisation, through="enterprises.Involvement", related_name="people"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PersonManager()
    every = PersonQuerySet.as_manager()

    compared_fields = ("name", "email", "phone", "language")
    # Whether they have an account and when they were born is nothing to choose between.
    carried_fields = ("user", "postcode", "birth_on")

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["sort_name", "pk"]
        indexes = [
            GinIndex(
                OpClass(F("sort_name"), name="gin_trgm_ops"), name="enterprises_person_sort_name"
            ),
            *KNOWN.indexes("enterprises_person"),
        ]
        constraints = [
            models.CheckConstraint(
                name="enterprises_person_not_merged_into_itself",
                condition=~Q(merged_into=F("pk")),
                violation_error_message=_("These two are one already."),
            ),
            models.CheckConstraint(
                name="enterprises_person_has_a_name",
                condition=~Q(name=""),
                violation_error_message=_("Give the person a name."),
            ),
            models.CheckConstraint(
                name="enterprises_person_postcode_has_five_digits",
                condition=Q(postcode="") | Q(postcode__regex=r"^[0-9]{5}$"),
                violation_error_message=_("A postcode has five digits."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("enterprises:person", args=[self.pk])

    @property
    def number(self):
        """The number that stays when two of them are merged."""
        return f"P-{self.pk:05d}"

    @property
    def hint(self):
        """What tells two of the same name apart: the organisations they have a part in."""
        parts = [part for part in self.involvements.all() if part.withdrawn_at is None]
        names = dict.fromkeys(part.organisation.name for part in parts)
        return ", ".join(names)

    @transaction.atomic
    def identify(self, *, postcode, birth_on, by):
        """Note what tells participants apart; the log says that it changed, not to what."""
        changed = (self.postcode, self.birth_on) != (postcode, birth_on)
        self.postcode, self.birth_on = postcode, birth_on
        with explained(Person):
            self.save(update_fields=["postcode", "birth_on"])
        if changed:
            Event.objects.record(actor=by, verb="person.identified", subject=self)


class InvolvementQuerySet(WithdrawableQuerySet):
    def for_bin(self):
        return super().for_bin().select_related("person")


class Involvement(Withdrawable):
    """Mitwirkung: the part one person has in one organisation, from a day to a day."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="involvements")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="involvements"
    )
    role = models.CharField(
        _("part"), max_length=12, choices=InvolvementRole, default=InvolvementRole.FOUNDER
    )
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)

    objects = InvolvementQuerySet.as_manager()

    class Meta:
        verbose_name = _("part in an organisation")
        verbose_name_plural = _("parts in organisations")
        ordering = ["organisation", "person"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation", "role"],
                condition=Q(withdrawn_at=None),
                name="enterprises_involvement_once_per_part",
                violation_error_message=_("This person has this part already."),
            ),
            models.CheckConstraint(
                name="enterprises_involvement_role_is_known",
                condition=Q(role__in=InvolvementRole.values),
                violation_error_message=_("Choose one of the parts."),
            ),
            models.CheckConstraint(
                name="enterprises_involvement_ends_after_start",
                condition=Q(until=None) | Q(since=None) | Q(until__gte=F("since")),
                violation_error_message=_("This part cannot end before it starts."),
            ),
            withdrawn_together("enterprises_involvement_deleted_by_somebody"),
        ]

    def __str__(self):
        return f"{self.person} · {self.organisation}"

    bin_owner = None


class MembershipQuerySet(WithdrawableQuerySet):
    def for_bin(self):
        return self.select_related("group", "member", "withdrawn_by")


class Membership(Withdrawable):
    """Mitgliedschaft: one organisation as a member of a network or project group."""

    group = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    member = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships_elsewhere"
    )
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["group", "member"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "member"],
                condition=Q(withdrawn_at=None),
                name="enterprises_membership_once",
                violation_error_message=_("This organisation is a member already."),
            ),
            models.CheckConstraint(
                name="enterprises_membership_not_of_itself",
                condition=~Q(group=F("member")),
                violation_error_message=_("An organisation cannot be a member of itself."),
            ),
            models.CheckConstraint(
                name="enterprises_membership_ends_after_start",
                condition=Q(until=None) | Q(since=None) | Q(until__gte=F("since")),
                violation_error_message=_("A membership cannot end before it starts."),
            ),
            withdrawn_together("enterprises_membership_deleted_by_somebody"),
        ]

    def __str__(self):
        return f"{self.member} · {self.group}"

    bin_owner = None

    @property
    def home(self):
        return self.group.get_absolute_url()
