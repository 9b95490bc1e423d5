"""User: who may enter, by e-mail address, wearing exactly one hat."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    ADVISOR = "advisor", _("advisor")
    MANAGER = "manager", _("manager")
    FOUNDER = "founder", _("founder")
    FUNDER = "funder", _("funder")
    EVALUATOR = "evaluator", _("evaluator")


STAFF_ROLES = (Role.ADVISOR, Role.MANAGER)
# Everyone who sees other people's data needs a second factor; founders see only their own.
SECOND_FACTOR_ROLES = (Role.ADVISOR, Role.MANAGER, Role.FUNDER, Role.EVALUATOR)


class Language(models.TextChoices):
    GERMAN = "de", _("German")
    ENGLISH = "en", _("English")


class UserManager(BaseUserManager):
    def create_user(self, email, *, role, **fields):
        """Create an account without a password: people sign in with a code sent by e-mail."""
        user = self.model(email=self.normalize_email(email).lower(), role=role, **fields)
        user.set_unusable_password()
        user.save(using=self._db)
        return user

    def active(self):
        return self.filter(is_active=True)

    def advisors(self):
        return self.active().filter(role=Role.ADVISOR)

    def staff(self):
        return self.active().filter(role__in=STAFF_ROLES)


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
