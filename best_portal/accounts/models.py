"""User: who may enter, by e-mail address, wearing exactly one hat."""

from contextlib import suppress
from datetime import timedelta

from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import OuterRef, ProtectedError, Q
from django.db.models.functions import Cast, Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.leaving import in_hand
from best_portal.audit.models import Event
from best_portal.db import explained, worded


class Role(models.TextChoices):
    ADVISOR = "advisor", _("advisor")
    MANAGER = "manager", _("manager")
    FOUNDER = "founder", _("founder")
    FUNDER = "funder", _("funder")
    EVALUATOR = "evaluator", _("evaluator")


# What the triggers call their refusal; the verbs ask before, so this is for who was faster.
worded(
    "accounts_no_work_for_who_left",
    _("Somebody chosen here may not sign in any more and is given no work. Choose somebody else."),
)

STAFF_ROLES = (Role.ADVISOR, Role.MANAGER)
# Everyone who sees other people's data needs a second factor; founders see only their own.
SECOND_FACTOR_ROLES = (Role.ADVISOR, Role.MANAGER, Role.FUNDER, Role.EVALUATOR)
DEMO_DOMAIN = "@beispiel.example"
CONFIRM_WITHIN = timedelta(days=7)
# What everybody says about themselves.
PROFILE = {"name", "phone", "language", "has_shortcuts", "has_daily_mail"}


class Language(models.TextChoices):
    GERMAN = "de", _("German")
    ENGLISH = "en", _("English")


class UserQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Managers see every account, everyone else their own."""
        return self if user.role == Role.MANAGER else self.filter(pk=user.pk)

    def active(self):
        return self.filter(is_active=True)

    def wearing(self, role):
        """Those with this role who may sign in."""
        return self.active().filter(role=role)

    def advisors(self):
        return self.wearing(Role.ADVISOR)

    def staff(self):
        return self.active().filter(role__in=STAFF_ROLES)

    def employed(self):
        """Those who work for the agency, or did: their hours stay."""
        return self.filter(role__in=STAFF_ROLES)

    def having(self, keys):
        """Those of these keys, by name; whoever may not sign in any more is among them."""
        return self.filter(pk__in=keys).order_by("name", "pk")

    def colleagues_of(self, user):
        """This person and everyone who shares the team of a project with them."""
        shared = self.model.objects.filter(projects__team=user).values("pk")
        return self.filter(models.Q(pk=user.pk) | models.Q(pk__in=shared))

    def by_email(self, email):
        """The account with this address, or None."""
        return self.filter(email=email.lower()).first()

    def demo_people(self):
        """The invented people of the demo, who sign in with one click."""
        return self.active().filter(email__endswith=DEMO_DOMAIN)

    def unconfirmed(self):
        """Founders registered over a week ago, perhaps by others, who never typed a code."""
        registered = Event.objects.filter(
            verb="account.registered",
            subject_type=self.model._meta.label_lower,
            subject_id=Cast(OuterRef("pk"), models.CharField()),
        )
        return self.filter(
            models.Exists(registered),
            role=Role.FOUNDER,
            last_login=None,
            created_at__lt=timezone.now() - CONFIRM_WITHIN,
        )

    def with_daily_mail(self):
        return self.filter(has_daily_mail=True)

    def with_second_factor(self):
        """Add `has_second_factor`: whether an authenticator app is set up."""
        totp = Authenticator.objects.filter(user=OuterRef("pk"), type=Authenticator.Type.TOTP)
        return self.annotate(has_second_factor=models.Exists(totp))


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):
    def create_user(self, email, *, role, **fields):
        """Create an account without a password: people sign in with a code sent by e-mail."""
        user = self.model(email=self.normalize_email(email).lower(), role=role, **fields)
        user.set_unusable_password()
        user.save(using=self._db)
        return user

    @transaction.atomic
    def invite(self, *, by, email, name, role, language=Language.GERMAN):
        """Create an account for someone; `by` is None on the command line."""
        with explained(self.model):
            user = self.create_user(email, name=name, role=role, language=language)
        Event.objects.record(actor=by, verb="account.invited", subject=user, role=role)
        return user

    @transaction.atomic
    def register(self, *, email, name, language):
        """Create a founder's account at their own wish; the role cannot be chosen.

        Of two registrations at once, the second gets the account of the first.
        """
        try:
            with explained(self.model):
                user = self.create_user(email, name=name, role=Role.FOUNDER, language=language)
        except ValidationError:
            return self.by_email(email)
        Event.objects.record(actor=None, verb="account.registered", subject=user)
        return user

    def forget_unconfirmed(self):
        """Delete accounts nobody ever confirmed, but for those our own work refers to already."""
        for user in self.unconfirmed():
            with suppress(ProtectedError), transaction.atomic():
                user.delete()


class User(AbstractBaseUser):
    """Konto: one person's account; what they may see besides follows from the domain's own rows."""

    email = models.EmailField(_("e-mail"), max_length=254)
    name = models.CharField(_("name"), max_length=150)
    role = models.CharField(_("role"), max_length=10, choices=Role)
    language = models.CharField(
        _("language"), max_length=2, choices=Language, default=Language.GERMAN
    )
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    is_active = models.BooleanField(_("may sign in"), default=True)
    # Who dictates or types with a switch sets them off by accident (WCAG 2.1.4).
    has_shortcuts = models.BooleanField(_("shortcuts of one letter"), default=True)
    has_daily_mail = models.BooleanField(_("mail in the morning"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name", "role"]

    objects = UserManager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["email"],
                name="accounts_user_one_account_per_email",
                violation_error_message=_("There is an account with this e-mail address already."),
            ),
            models.CheckConstraint(
                name="accounts_user_email_is_lower_case",
                condition=Q(email=Lower("email")),
                violation_error_message=_("Write the e-mail address in lower case."),
            ),
            models.CheckConstraint(
                name="accounts_user_role_is_known",
                condition=Q(role__in=Role.values),
                violation_error_message=_("Choose one of the roles."),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_staff_member(self):
        return self.role in STAFF_ROLES

    @property
    def works_here(self):
        """Whether this person is of the staff today."""
        return self.is_active and self.is_staff_member

    @property
    def needs_second_factor(self):
        return self.role in SECOND_FACTOR_ROLES

    def choose_language(self, language):
        """Speak this language to the person from now on; refuse one we do not speak.

        Writes no event: a preference changes nothing anybody else can see.
        """
        if language not in Language.values:
            raise ValidationError(_("Choose one of the languages."))
        self.language = language
        self.save(update_fields=["language"])

    @transaction.atomic
    def change(self, *, by, name, role, is_active):
        """Change what a manager decides; a new role ends the person's sessions.

        Refuses to leave the portal without a manager who may sign in, and to let somebody go who
        still has work in hand.
        """
        # Locked, so that two managers cannot take the role from each other at the same moment.
        managers = list(
            User.objects.wearing(Role.MANAGER).select_for_update().values_list("pk", flat=True)
        )
        stays = role == Role.MANAGER and is_active
        if managers == [self.pk] and not stays:
            raise ValidationError(
                _("This is the last account that manages the portal. Name another manager first.")
            )
        # Locked, so that nobody is given work at the same moment.
        before = User.objects.select_for_update().get(pk=self.pk)
        if before.works_here and not (is_active and role in STAFF_ROLES):
            self._refuse_what_is_in_hand()
        self.name, self.role, self.is_active = name, role, is_active
        if (role, is_active) != (before.role, before.is_active):
            self._end_sessions()
        self.save(update_fields=["name", "role", "is_active", "password"])
        Event.objects.record(
            actor=by, verb="account.changed", subject=self, role=role, is_active=is_active
        )

    def _refuse_what_is_in_hand(self):
        """Nothing may stay with somebody who is not here any more."""
        if found := in_hand(self):
            kinds = ", ".join(f"{kind} ({number})" for kind, number in found)
            raise ValidationError(
                _("%(name)s still has work in hand: %(kinds)s. Hand it over first."),
                params={"name": self.name, "kinds": kinds},
            )

    @transaction.atomic
    def edit_profile(self, *, by, **details):
        """Change the own name, phone, language, shortcuts and mails; nothing else is taken."""
        for name in PROFILE & details.keys():
            setattr(self, name, details[name])
        self.save(update_fields=PROFILE)
        Event.objects.record(actor=by, verb="account.edited", subject=self)

    @transaction.atomic
    def remove_second_factor(self, *, by):
        """Forget the authenticator app, lost for instance; the next sign-in asks for a new one."""
        Authenticator.objects.filter(user=self).delete()
        self._end_sessions()
        self.save(update_fields=["password"])
        Event.objects.record(actor=by, verb="account.second_factor_removed", subject=self)

    @transaction.atomic
    def sign_out_everywhere(self, *, by):
        """End every session of this account, on whatever device."""
        self._end_sessions()
        self.save(update_fields=["password"])
        Event.objects.record(actor=by, verb="account.signed_out_everywhere", subject=self)

    def _end_sessions(self):
        # Sessions carry a hash of this field; nobody has a password, so it is ours to renew.
        self.set_unusable_password()
