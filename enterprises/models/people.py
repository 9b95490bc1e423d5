"""Person, their part in an organisation, and organisations that are members of others."""

from django.conf import settings
from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Language, Role
from best_portal.audit.models import Event
from best_portal.db import fold, folded
from enterprises.models.organisation import SIMILAR_ENOUGH, Organisation


class InvolvementRole(models.TextChoices):
    FOUNDER = "founder", _("founder")
    MANAGEMENT = "management", _("management")
    MEMBER = "member", _("member")
    EMPLOYEE = "employee", _("employee")
    VOLUNTEER = "volunteer", _("volunteer")
    CONTACT = "contact", _("contact")


class PersonQuerySet(models.QuerySet):
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
        return self.filter(pk__in=organisation.involvements.values("person"))

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


class Person(models.Model):
    """Person: someone who founds, works or helps in an organisation, with or without an account."""

    name = models.CharField(_("name"), max_length=150)
    sort_name = folded("name")
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=Language, default=Language.GERMAN
    )
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

    objects = PersonQuerySet.as_manager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["sort_name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="enterprises_person_has_a_name",
                condition=~Q(name=""),
                violation_error_message=_("Give the person a name."),
            ),
        ]

    def __str__(self):
        return self.name


class Involvement(models.Model):
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

    class Meta:
        verbose_name = _("part in an organisation")
        verbose_name_plural = _("parts in organisations")
        ordering = ["organisation", "person"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "organisation", "role"],
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
        ]

    def __str__(self):
        return f"{self.person} · {self.organisation}"


class Membership(models.Model):
    """Mitgliedschaft: one organisation as a member of a network or project group."""

    group = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="memberships")
    member = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="memberships_elsewhere"
    )
    since = models.DateField(_("since"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["group", "member"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "member"],
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
        ]

    def __str__(self):
        return f"{self.member} · {self.group}"
