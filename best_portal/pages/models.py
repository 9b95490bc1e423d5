"""PageVersion: what a required page says; Barrier: what somebody could not use; SmallCellRule."""

import uuid
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Language, Role
from best_portal.audit.models import Event
from best_portal.db import explained, take_turns
from best_portal.pages import letters

LONGEST_PAGE, LONGEST_TEXT = 30_000, 3_000
TEXTS = Path(settings.BASE_DIR) / "templates" / "pages" / "texts"
# The day on which the texts that come with the portal were checked.
BUILT_IN_CHECKED_ON = date(2026, 11, 27)
# After how many days the management is reminded that the statement must be checked once a year.
CHECK_AFTER = timedelta(days=335)


class Page(models.TextChoices):
    """The pages a public site must have, by the names of their addresses."""

    IMPRINT = "imprint", _("Legal notice")
    PRIVACY = "privacy", _("Privacy")
    ACCESSIBILITY = "accessibility", _("Accessibility statement")
    EASY_LANGUAGE = "easy_language", _("Easy language")


@cache
def built_in(page, language):
    """The text that comes with the portal, until a manager writes another one."""
    return (TEXTS / f"{page}.{language}.txt").read_text(encoding="utf-8")


class PageVersionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The versions there were: for the management, who writes them."""
        manages = user.is_authenticated and user.role == Role.MANAGER
        return self.all() if manages else self.none()

    def of(self, page, language):
        return self.filter(page=page, language=language)

    def newest_first(self):
        return self.select_related("written_by").order_by("-number")

    def current(self, page, language):
        """What the page says now: its newest version, or the text that comes with the portal."""
        newest = self.of(page, language).order_by("-number").first()
        return newest or self.model(
            page=page,
            language=language,
            number=0,
            text=built_in(page, language),
            checked_on=BUILT_IN_CHECKED_ON,
        )

    @transaction.atomic
    def write(self, *, by, page, language, text, checked_on, after):
        """Keep a new version; refused where somebody wrote one since number `after`."""
        take_turns(f"page {page} {language}")
        if self.current(page, language).number != after:
            raise ValidationError(
                _("Somebody else has changed this page in the meantime. Compare before saving.")
            )
        with explained(self.model):
            version = self.create(
                page=page,
                language=language,
                number=after + 1,
                text=text,
                checked_on=checked_on,
                written_by=by,
            )
        Event.objects.record(
            actor=by, verb="page.written", subject=version, page=page, language=language
        )
        return version

    def to_be_checked(self):
        """Whether the accessibility statement has not been checked for eleven months."""
        oldest = min(
            self.current(Page.ACCESSIBILITY, language).checked_on for language in Language.values
        )
        return oldest + CHECK_AFTER <= timezone.localdate()


class PageVersion(models.Model):
    """Fassung einer Seite: what it says in one language from a moment on; never changed."""

    page = models.CharField(_("page"), max_length=13, choices=Page)
    language = models.CharField(_("language"), max_length=2, choices=Language)
    number = models.PositiveIntegerField(_("version"))
    text = models.TextField(_("text"), validators=[MaxLengthValidator(LONGEST_PAGE)])
    checked_on = models.DateField(_("checked on"))
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("written by"),
    )
    written_at = models.DateTimeField(_("written at"), auto_now_add=True)

    objects = PageVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("version of a page")
        verbose_name_plural = _("versions of pages")
        ordering = ["page", "language", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["page", "language", "number"],
                name="pages_pageversion_one_per_number",
                violation_error_message=_(
                    "Somebody else has changed this page in the meantime. Compare before saving."
                ),
            ),
            models.CheckConstraint(
                name="pages_pageversion_page_is_known",
                condition=Q(page__in=Page.values),
                violation_error_message=_("Choose one of the pages."),
            ),
            models.CheckConstraint(
                name="pages_pageversion_language_is_known",
                condition=Q(language__in=Language.values),
                violation_error_message=_("Choose one of the languages."),
            ),
            models.CheckConstraint(
                name="pages_pageversion_says_something",
                condition=~Q(text=""),
                violation_error_message=_("Write what the page says."),
            ),
        ]

    def __str__(self):
        return f"{self.get_page_display()} ({self.get_language_display()}), {self.number}"


class BarrierQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The management answers; what is reported names people."""
        manages = user.is_authenticated and user.role == Role.MANAGER
        return self.all() if manages else self.none()

    def open(self):
        return self.filter(answered_at=None)

    def for_list(self):
        """The open ones first, the soonest due before the others."""
        return self.select_related("answered_by").order_by(
            models.F("answered_at").desc(nulls_first=True), "due_on", "pk"
        )

    @transaction.atomic
    def report(self, *, form_key, **fields):
        """Note what somebody could not use, and write to the agency; the same form is one."""
        take_turns(form_key)
        if earlier := self.filter(form_key=form_key).first():
            return earlier
        due_on = timezone.localdate() + timedelta(days=settings.BARRIER_ANSWER_DAYS)
        with explained(self.model):
            barrier = self.create(form_key=form_key, due_on=due_on, **fields)
        Event.objects.record(actor=None, verb="barrier.reported", subject=barrier)
        letters.tell_the_agency(barrier)
        return barrier


class Barrier(models.Model):
    """Gemeldete Barriere: what did not work for somebody, by when it is answered, and how."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    text = models.TextField(
        _("What does not work for you?"), validators=[MaxLengthValidator(LONGEST_TEXT)]
    )
    place = models.CharField(_("On which page?"), max_length=300, blank=True)
    name = models.CharField(_("Your name"), max_length=150, blank=True)
    email = models.EmailField(_("Your e-mail"), blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=Language, default=Language.GERMAN
    )
    reported_at = models.DateTimeField(_("reported at"), auto_now_add=True)
    due_on = models.DateField(_("to be answered by"), editable=False)
    answer = models.TextField(
        _("answer"), blank=True, validators=[MaxLengthValidator(LONGEST_TEXT)], editable=False
    )
    answered_at = models.DateTimeField(null=True, editable=False)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    form_key = models.UUIDField(unique=True, editable=False)

    objects = BarrierQuerySet.as_manager()

    class Meta:
        verbose_name = _("reported barrier")
        verbose_name_plural = _("reported barriers")
        ordering = ["-reported_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="pages_barrier_says_something",
                condition=~Q(text=""),
                violation_error_message=_("Say what does not work."),
            ),
            models.CheckConstraint(
                name="pages_barrier_answered_by_somebody",
                condition=Q(answered_at=None, answered_by=None, answer="")
                | Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer=""),
                violation_error_message=_("An answer has words, and somebody who gave it."),
            ),
        ]

    def __str__(self):
        return f"{self.reported_at:%d.%m.%Y} {self.place}".strip()

    def get_absolute_url(self):
        return reverse("pages:barrier", args=[self.pk])

    @property
    def letters_key(self):
        return f"barrier:{self.uid}"

    @property
    def is_late(self):
        return self.answered_at is None and self.due_on < timezone.localdate()

    @transaction.atomic
    def reply(self, words, *, by):
        """Answer once; whoever left an address gets the answer as a letter."""
        open_ones = Barrier.objects.filter(pk=self.pk, answered_at=None)
        with explained(Barrier):
            if not open_ones.update(answer=words, answered_at=timezone.now(), answered_by=by):
                raise ValidationError(_("Someone has answered this in the meantime."))
        self.refresh_from_db()
        Event.objects.record(actor=by, verb="barrier.answered", subject=self)
        letters.answer(self)


class SmallCellRuleQuerySet(models.QuerySet):
    def newest_first(self):
        return self.select_related("set_by").order_by("-starts_on")

    def fewest(self):
        """From which number on a figure is shown to everyone today; 1 shows every figure."""
        today = self.filter(starts_on__lte=timezone.localdate()).order_by("-starts_on")
        rule = today.first()
        return rule.fewest if rule else 1

    @transaction.atomic
    def set_rule(self, *, by, **fields):
        """Let another number hold from a day on; the former rules stay."""
        with explained(self.model):
            rule = self.create(set_by=by, **fields)
        Event.objects.record(actor=by, verb="small_cell_rule.set", subject=rule)
        return rule


class SmallCellRule(models.Model):
    """Regel für kleine Zahlen: below which number a public figure says only that it is small."""

    starts_on = models.DateField(_("from"))
    fewest = models.PositiveSmallIntegerField(_("smallest number shown"))
    note = models.CharField(_("where this is written"), max_length=300)
    # Nobody for the rule that comes with the portal.
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )

    objects = SmallCellRuleQuerySet.as_manager()

    class Meta:
        verbose_name = _("rule for small numbers")
        verbose_name_plural = _("rules for small numbers")
        ordering = ["-starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["starts_on"],
                name="pages_smallcellrule_one_per_day",
                violation_error_message=_("There is a rule from this day on already."),
            ),
            models.CheckConstraint(
                name="pages_smallcellrule_is_plausible",
                condition=Q(fewest__range=(1, 100)),
                violation_error_message=_("Give a number from 1 to 100."),
            ),
            models.CheckConstraint(
                name="pages_smallcellrule_has_a_reason",
                condition=~Q(note=""),
                violation_error_message=_("Say where this is written, or that you decided it."),
            ),
        ]

    def __str__(self):
        return f"{self.starts_on:%d.%m.%Y}: {self.fewest}"
