"""Confirmation: what a founder is asked to confirm by one tap, and what they said."""

import hashlib
import hmac
import uuid
from contextlib import suppress
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.db import explained
from best_portal.outbox.models import Letter
from enterprises.confirmation_letters import ask_by_letter
from enterprises.models.confirmation_rule import ConfirmationRule, months_before
from enterprises.models.facts import Job
from enterprises.models.organisation import Organisation, Stage
from enterprises.models.people import InvolvementRole, Person

# Who speaks for an organisation, the first of them first.
SPEAKING = (InvolvementRole.FOUNDER, InvolvementRole.MANAGEMENT, InvolvementRole.CONTACT)
ASKED_ALREADY = _("This is being asked already; the answer is still to come.")


class Subject(models.TextChoices):
    JOB = "job", _("a job")
    FOUNDING = "founding", _("the founding")


class ConfirmationStatus(models.TextChoices):
    OPEN = "open", _("asked")
    LATER = "later", _("asks to be asked later")
    CONFIRMED = "confirmed", _("confirmed")
    DIFFERENT = "different", _("says it is different")
    EXPIRED = "expired", _("no answer")
    REVOKED = "revoked", _("withdrawn")


WAITING = (ConfirmationStatus.OPEN, ConfirmationStatus.LATER)
ANSWERED = (ConfirmationStatus.CONFIRMED, ConfirmationStatus.DIFFERENT)


class Reply(models.TextChoices):
    YES = "yes", _("Yes, that is right")
    DIFFERENT = "different", _("No, it is different")
    LATER = "later", _("Ask me later")


def digest_of(token):
    return hashlib.sha256(token.encode()).hexdigest()


def token_for(uid, key=None):
    """256 bits nobody can guess; the same again from the key, so that only its digest is stored."""
    return salted_hmac(
        "enterprises.confirmation", str(uid), secret=key or settings.SECRET_KEY, algorithm="sha256"
    ).hexdigest()


def speaker_of(organisation):
    """Who is asked by mail for an organisation; None where nobody has an address."""
    rank = {role: place for place, role in enumerate(SPEAKING)}
    parts = (
        organisation.involvements.valid()
        .filter(
            Q(until=None) | Q(until__gte=timezone.localdate()),
            person__merged_into=None,
            role__in=SPEAKING,
        )
        .exclude(person__email="")
        .select_related("person")
        .order_by("pk")
    )
    part = min(parts, key=lambda each: rank[each.role], default=None)
    return part and part.person


class ConfirmationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff see all, founders what they are asked themselves."""
        match user.role:
            case Role.ADVISOR | Role.MANAGER:
                return self.all()
            case Role.FOUNDER:
                return self.filter(person__user=user)
            case _:
                return self.none()

    def editable_by(self, user):
        return self.all() if user.is_staff_member else self.none()

    def waiting(self):
        return self.filter(status__in=WAITING)

    def to_answer(self):
        """Those whose link opens now."""
        return self.waiting().filter(expires_at__gt=timezone.now())

    def answered(self):
        return self.filter(status__in=ANSWERED).order_by("-answered_at")

    def to_settle(self):
        """Those who said it is different, and nobody has looked after it."""
        return self.filter(status=ConfirmationStatus.DIFFERENT, settled_at=None)

    def by_token(self, token):
        """The one this link opens: to be answered, or answered while the link still lives."""
        return (
            self.for_list()
            .filter(token_digest=digest_of(token), expires_at__gt=timezone.now())
            .filter(status__in=(*WAITING, *ANSWERED))
        )

    def for_list(self):
        return self.select_related("organisation", "job", "person", "asked_by")

    def newest_first(self):
        return self.order_by("-asked_at", "-pk")

    @transaction.atomic
    def ask(self, *, by, organisation, person, job=None, months=0):
        """Ask a person by mail about a job, or without one about the founding.

        Refuses who has no e-mail address or is not to be contacted, a founding without its day,
        and what is being asked already. `by=None` is the sweep, `months` after how many.
        """
        if not person.email:
            raise ValidationError(_("There is no e-mail address of this person."))
        if organisation.visits.barring().exists():
            raise ValidationError(_("They do not want to be contacted again."))
        if job is None and organisation.founded_on is None:
            raise ValidationError(_("Record the founding first; then it can be confirmed."))
        now, uid = timezone.now(), uuid.uuid4()
        with explained(self.model):
            confirmation = self.create(
                uid=uid,
                token_digest=digest_of(token_for(uid)),
                organisation=organisation,
                person=person,
                about=Subject.FOUNDING if job is None else Subject.JOB,
                job=job,
                months=months,
                asked_by=by,
                asked_at=now,
                expires_at=now + timedelta(days=rule_of_today().open_days),
            )
        ask_by_letter(confirmation)
        Event.objects.record(actor=by, verb="confirmation.asked", subject=confirmation)
        return confirmation

    def ask_due(self, today):
        """Ask what the rule says is due, each once however often this runs; returns how many.

        One that cannot be asked stops none of the others. What was due before the rule began is
        not asked, and of two dates that have passed only the later one.
        """
        rule = ConfirmationRule.objects.on(today)
        if rule is None:
            return 0
        asked = 0
        for months in sorted(rule.months, reverse=True):
            days = (months_before(rule.starts_on, months), months_before(today, months))
            for organisation, job in [*jobs_due(days, months), *foundings_due(days, months)]:
                if person := speaker_of(organisation):
                    with suppress(ValidationError):
                        self.ask(
                            by=None,
                            organisation=organisation,
                            person=person,
                            job=job,
                            months=months,
                        )
                        asked += 1
        return asked

    def ask_again_due(self, now):
        """Ask those again who wished so or did not answer, up to the rule's number of times."""
        later = Q(status=ConfirmationStatus.LATER, ask_again_on__lte=timezone.localdate(now))
        silent = Q(status=ConfirmationStatus.OPEN, expires_at__lte=now)
        for pk in self.filter(later | silent).order_by("pk").values_list("pk", flat=True):
            with transaction.atomic():
                row = self.filter(later | silent, pk=pk).select_for_update(
                    skip_locked=True, of=("self",)
                )
                if found := row.for_list().first():
                    found.ask_again()


def jobs_due(days, months):
    """Jobs begun between two days and filled still, not asked about at this time or a later one."""
    jobs = (
        Job.objects.valid()
        .filter(Q(until=None) | Q(until__gte=timezone.localdate()), since__range=days)
        .exclude(organisation__stage=Stage.GIVEN_UP)
        .exclude(confirmations__months__gte=months)
    )
    return [(job.organisation, job) for job in jobs.select_related("organisation").order_by("pk")]


def foundings_due(days, months):
    """Those founded between two days, not asked about it at this time or a later one."""
    founded = (
        Organisation.objects.filter(founded_on__range=days)
        .exclude(stage=Stage.GIVEN_UP)
        .exclude(
            pk__in=Confirmation.objects.filter(about=Subject.FOUNDING, months__gte=months).values(
                "organisation"
            )
        )
    )
    # Lists know the founding day of bodies the agency has never advised.
    return [(each, None) for each in founded.filter(stages__stage=Stage.BUILD_UP).distinct()]


def rule_of_today():
    """Refuses where no rule holds yet: then nobody knows how long a link lives."""
    rule = ConfirmationRule.objects.on(timezone.localdate())
    if rule is None:
        raise ValidationError(_("No rule of confirmations holds today. Ask the management."))
    return rule


class Confirmation(models.Model):
    """Bestätigung: one question to one person, its link, and the answer with its day."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="confirmations"
    )
    about = models.CharField(_("about"), max_length=8, choices=Subject)
    job = models.ForeignKey(
        Job,
        on_delete=models.CASCADE,
        null=True,
        related_name="confirmations",
        verbose_name=_("job"),
    )
    # Who is asked; the answer is theirs.
    person = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        related_name="confirmations",
        verbose_name=_("person"),
    )
    # 0 where an advisor asks, else after how many months.
    months = models.PositiveSmallIntegerField(_("months after"), default=0)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )
    asked_at = models.DateTimeField(_("asked"))
    times = models.PositiveSmallIntegerField(_("asked so many times"), default=1)
    expires_at = models.DateTimeField(_("the link opens until"))
    ask_again_on = models.DateField(_("ask again on"), null=True, blank=True)
    token_digest = models.CharField(max_length=64, unique=True, editable=False)
    status = models.CharField(
        _("status"),
        max_length=9,
        choices=ConfirmationStatus,
        default=ConfirmationStatus.OPEN,
        editable=False,
    )
    words = models.TextField(_("what is different"), max_length=2000, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, editable=False)
    answered_by = models.CharField(_("answered by"), max_length=150, blank=True)
    settled_at = models.DateTimeField(null=True, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )

    objects = ConfirmationQuerySet.as_manager()

    class Meta:
        verbose_name = _("confirmation")
        verbose_name_plural = _("confirmations")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="enterprises_confirmation_status_is_known",
                condition=Q(status__in=ConfirmationStatus.values),
                violation_error_message=_("Unknown status of a confirmation."),
            ),
            models.CheckConstraint(
                name="enterprises_confirmation_about_a_job_or_the_founding",
                condition=Q(about=Subject.JOB, job__isnull=False)
                | Q(about=Subject.FOUNDING, job=None),
                violation_error_message=_("Ask about a job, or about the founding."),
            ),
            models.CheckConstraint(
                name="enterprises_confirmation_different_has_words",
                condition=Q(status=ConfirmationStatus.DIFFERENT) & ~Q(words="")
                | ~Q(status=ConfirmationStatus.DIFFERENT) & Q(words=""),
                violation_error_message=_("Only who says it is different says how."),
            ),
            models.CheckConstraint(
                name="enterprises_confirmation_answered_by_somebody",
                condition=Q(status__in=ANSWERED, answered_at__isnull=False) & ~Q(answered_by="")
                | ~Q(status__in=ANSWERED) & Q(answered_at=None, answered_by=""),
                violation_error_message=_("An answer has its time and who gave it."),
            ),
            models.CheckConstraint(
                name="enterprises_confirmation_later_has_its_day",
                condition=Q(status=ConfirmationStatus.LATER, ask_again_on__isnull=False)
                | ~Q(status=ConfirmationStatus.LATER) & Q(ask_again_on=None),
                violation_error_message=_("Who is asked later is asked on a day."),
            ),
            models.CheckConstraint(
                name="enterprises_confirmation_settled_where_different",
                condition=Q(settled_at=None, settled_by=None)
                | Q(
                    status=ConfirmationStatus.DIFFERENT,
                    settled_at__isnull=False,
                    settled_by__isnull=False,
                ),
                violation_error_message=_("Only another answer needs looking after."),
            ),
            models.UniqueConstraint(
                fields=["job", "months"],
                condition=Q(months__gt=0, job__isnull=False),
                name="enterprises_confirmation_once_per_job_and_time",
                violation_error_message=ASKED_ALREADY,
            ),
            models.UniqueConstraint(
                fields=["organisation", "months"],
                condition=Q(months__gt=0, about=Subject.FOUNDING),
                name="enterprises_confirmation_once_per_founding_and_time",
                violation_error_message=ASKED_ALREADY,
            ),
            models.UniqueConstraint(
                fields=["organisation", "about", "job"],
                condition=Q(status__in=WAITING),
                nulls_distinct=False,
                name="enterprises_confirmation_asked_once_at_a_time",
                violation_error_message=ASKED_ALREADY,
            ),
        ]
        indexes = [
            models.Index(
                fields=["expires_at"],
                name="enterprises_confirmation_due",
                condition=Q(status__in=WAITING),
            ),
        ]

    def __str__(self):
        return f"{self.organisation} · {self.get_about_display()}"

    @property
    def token(self):
        """The link's secret, made anew; empty where the key it was made with is gone."""
        for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
            token = token_for(self.uid, key)
            if hmac.compare_digest(digest_of(token), self.token_digest):
                return token
        return ""

    @property
    def link(self):
        """The page that opens without an account."""
        return reverse("enterprises:confirmation_link", args=[self.token])

    @property
    def letters_key(self):
        """What the keys of all letters about it begin with."""
        return f"confirmation:{self.uid}"

    @property
    def is_waiting(self):
        return self.status in WAITING

    @property
    def is_confirmed(self):
        return self.status == ConfirmationStatus.CONFIRMED

    @property
    def is_different(self):
        return self.status == ConfirmationStatus.DIFFERENT

    @property
    def is_moot(self):
        """Whether what it asks about is gone, or nobody is to be written to any more."""
        deleted = self.job is not None and self.job.withdrawn_at is not None
        undone = self.job is None and self.organisation.founded_on is None
        return deleted or undone or self.organisation.visits.barring().exists()

    @transaction.atomic
    def answer(self, reply, *, by=None, words=""):
        """Keep what the person said; the same said twice is said once.

        A yes confirms a job that nobody has confirmed before. Refuses what was answered
        otherwise, revoked or has run out, and “different” without words.
        """
        words = words.strip()
        if reply == Reply.DIFFERENT and not words:
            raise ValidationError({"words": _("Please write what is different.")})
        row = self._locked()
        now, today = timezone.now(), timezone.localdate()
        if row.is_confirmed and reply == Reply.YES or row.is_different and row.words == words:
            return
        if not row.is_waiting or row.expires_at <= now:
            raise ValidationError(_("This question has been answered or has run out."))
        row.ask_again_on = None
        if reply == Reply.LATER:
            row.status = ConfirmationStatus.LATER
            row.ask_again_on = today + timedelta(days=rule_of_today().again_days)
            # Whoever changes their mind may answer until they are asked again.
            row.expires_at = max(row.expires_at, now + timedelta(days=rule_of_today().again_days))
        else:
            row.answered_at, row.answered_by = now, row.person.name
            row.status = (
                ConfirmationStatus.CONFIRMED if reply == Reply.YES else ConfirmationStatus.DIFFERENT
            )
            row.words = words if reply == Reply.DIFFERENT else ""
        with explained(Confirmation):
            row.save()
        if row.is_confirmed and row.job_id:
            Job.objects.filter(pk=row.job_id, confirmed_on=None).update(
                confirmed_on=today, confirmed_by=row.person.name
            )
        Letter.objects.withdraw(row.letters_key)
        Event.objects.record(
            actor=by, verb="confirmation.answered", subject=self, status=row.status
        )
        self.refresh_from_db()

    @transaction.atomic
    def revoke(self, *, by):
        """Take the question back: its link opens no more, its letter does not go out."""
        revoked = Confirmation.objects.waiting().filter(pk=self.pk)
        if not revoked.update(status=ConfirmationStatus.REVOKED, ask_again_on=None):
            raise ValidationError(_("This question has been answered or has run out."))
        self.refresh_from_db()
        Letter.objects.withdraw(self.letters_key)
        Event.objects.record(actor=by, verb="confirmation.revoked", subject=self)

    @transaction.atomic
    def settle(self, *, by):
        """Say that somebody has looked after an answer that says it is different."""
        mine = Confirmation.objects.to_settle().filter(pk=self.pk)
        if not mine.update(settled_at=timezone.now(), settled_by=by):
            raise ValidationError(_("Someone changed this in the meantime. Please look again."))
        self.refresh_from_db()
        Event.objects.record(actor=by, verb="confirmation.settled", subject=self)

    def ask_again(self):
        """Write once more, or give up after the rule's number of times; for the sweep."""
        rule = rule_of_today()
        if self.is_moot or not self.person.email:
            return self.revoke(by=None)
        self.ask_again_on = None
        if self.times >= rule.times:
            self.status = ConfirmationStatus.EXPIRED
            self.save()
            return Event.objects.record(actor=None, verb="confirmation.expired", subject=self)
        self.times += 1
        self.status = ConfirmationStatus.OPEN
        self.expires_at = timezone.now() + timedelta(days=rule.open_days)
        self.save()
        ask_by_letter(self)
        return Event.objects.record(actor=None, verb="confirmation.asked", subject=self)

    def _locked(self):
        rows = Confirmation.objects.select_for_update(of=("self",)).select_related("person")
        return rows.get(pk=self.pk)
