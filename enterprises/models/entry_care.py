"""How an entry comes into the directory, stays true, and leaves it: the verbs of its enterprise."""

import hashlib
import hmac
import logging
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from best_portal.audit.models import Event
from best_portal.db import explained, take_turns
from enterprises import entry_letters

logger = logging.getLogger(__name__)

# Who never opens the mail within this time is forgotten, and the link with them.
CONFIRM_WITHIN = timedelta(days=2)
# Within how many days an advisor looks at what waits; the pages and letters promise it.
DECIDE_DAYS = 2
# What an enterprise writes itself, and changes by its link.
WRITTEN = ("name", "kind", "text", "text_en", "district", "address", "email", "phone", "website")


def days(number):
    return timedelta(days=number)


def digest_of(token):
    return hashlib.sha256(token.encode()).hexdigest()


def token_for(entry, key=None):
    """256 bits nobody can guess; the same again from the key, so that only its digest is stored."""
    text = f"{entry.uid}:{entry.keeper_email}"
    return salted_hmac(
        "enterprises.entry", text, secret=key or settings.SECRET_KEY, algorithm="sha256"
    ).hexdigest()


class CaredFor(models.QuerySet):
    """Mixed into the QuerySet of entries."""

    def by_token(self, token):
        """The entry this link opens."""
        return self.filter(token_digest=digest_of(token))

    def waiting(self):
        """Those an advisor has to look at, new or changed, who has waited longest first."""
        waits = Q(status="submitted") | Q(status="published", proposed__isnull=False)
        return self.filter(waits).order_by("submitted_at", "pk")

    def to_ask(self):
        """Public ones nobody has said for a year that they are true, and that were not asked."""
        since = timezone.localdate() - days(settings.ENTRY_ASK_AFTER_DAYS)
        return self.public().filter(checked_on__lte=since, asked_at=None)

    def silent(self):
        """Public ones whose enterprise has not answered for so long that they leave."""
        since = timezone.now() - days(settings.ENTRY_ARCHIVE_AFTER_DAYS)
        return self.filter(status="published", asked_at__lte=since)

    @transaction.atomic
    def ask(self, *, parts, form_key, **fields):
        """Note what an enterprise wrote without an account, and ask by mail to confirm it.

        The same form sent twice is one entry and one letter. Nothing is public yet.
        """
        take_turns(form_key)
        if earlier := self.filter(form_key=form_key).first():
            return earlier
        with explained(self.model):
            entry = self.create(
                slug=self.model.free_slug(fields["name"]),
                status="unconfirmed",
                form_key=form_key,
                **fields,
            )
        entry.agree(
            parts, by=None, given_by=entry.keeper_name, given_on=timezone.localdate(), way="form"
        )
        entry_letters.ask_to_confirm(entry, not_after=entry.created_at + CONFIRM_WITHIN)
        return entry

    def forget_unconfirmed(self):
        """Delete what nobody confirmed; who wrote it may do so again."""
        since = timezone.now() - CONFIRM_WITHIN
        return self.filter(status="unconfirmed", created_at__lte=since).delete()[0]

    def ask_whether_true(self):
        """Send the yearly letters that are due, each once; one that fails stops no other."""
        return each(self.to_ask().exclude(keeper_email=""), "ask_whether_true")

    def archive_silent(self):
        """Archive those that have not answered; one that fails stops no other."""
        return each(self.silent(), "archive_silent")


def each(rows, verb):
    """Let each row do something by itself; returns how many did."""
    done = 0
    for row in rows.order_by("pk"):
        try:
            done += bool(getattr(row, verb)())
        except Exception:
            logger.exception("Entry %s: %s failed", row.pk, verb)
    return done


class Care:
    """What an entry knows of its keeper, and what becomes of it."""

    def save(self, *args, **kwargs):
        # Another keeper gets another link; the old one opens nothing any more.
        if self.keeper_email and not self.token:
            self.token_digest = digest_of(token_for(self))
        super().save(*args, **kwargs)

    @property
    def token(self):
        """The link's secret, made anew; empty where there is none, or its key is gone."""
        for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS):
            token = token_for(self, key)
            if hmac.compare_digest(digest_of(token), self.token_digest):
                return token
        return ""

    @property
    def letters_key(self):
        return f"entry:{self.uid}"

    @property
    def is_doubtful(self):
        """Whether the enterprise was asked and has not answered for a while: shown greyed."""
        since = timezone.now() - days(settings.ENTRY_GREY_AFTER_DAYS)
        return self.asked_at is not None and self.asked_at <= since

    @property
    def waited_days(self):
        return (timezone.now() - self.submitted_at).days if self.submitted_at else 0

    @property
    def is_late(self):
        """Whether an advisor should have looked at it by now."""
        return self.waited_days >= DECIDE_DAYS

    @transaction.atomic
    def confirm(self):
        """The address is the enterprise's own; an advisor looks at it now. Twice is once."""
        now = timezone.now()
        rows = type(self).objects.filter(pk=self.pk, status="unconfirmed")
        if rows.update(status="submitted", submitted_at=now, checked_on=timezone.localdate()):
            Event.objects.record(actor=None, verb="entry.submitted", subject=self)
        self.refresh_from_db()

    @transaction.atomic
    def publish(self, *, by):
        """Let everyone see it, and tell the enterprise; refused without its consent."""
        if not self.consents.filter(part="entry", revoked_at=None).exists():
            raise ValidationError(_("Without consent to the entry nothing is published."))
        self._move("submitted", "published", published_at=timezone.now())
        Event.objects.record(actor=by, verb="entry.published", subject=self)
        entry_letters.told_published(self)

    @transaction.atomic
    def refuse(self, because, *, by):
        """Do not publish it, and tell the enterprise why."""
        self._move("submitted", "refused", refused_because=because)
        Event.objects.record(actor=by, verb="entry.refused", subject=self)
        entry_letters.told_refused(self, because)

    @transaction.atomic
    def propose(self, written):
        """What the enterprise writes anew; the public sees it once an advisor has looked at it."""
        rows = type(self).objects.filter(pk=self.pk, status="published")
        if not rows.update(proposed=written, submitted_at=timezone.now()):
            raise ValidationError(_("This entry is not public, so it cannot be changed here."))
        self.refresh_from_db()
        self.still_true(by=None)

    @transaction.atomic
    def accept(self, *, by):
        """Publish the changes the enterprise proposed."""
        row = type(self).objects.select_for_update().get(pk=self.pk)
        if row.proposed is None:
            raise ValidationError(_("Someone has decided about this entry in the meantime."))
        if row.proposed.get("address", row.address) != row.address:
            # The point was that of the old address.
            row.latitude = row.longitude = None
        for name, value in row.proposed.items():
            if name in WRITTEN:
                setattr(row, "district_id" if name == "district" else name, value)
        row.proposed = row.submitted_at = None
        with explained(type(self)):
            row.save()
        self.refresh_from_db()
        Event.objects.record(actor=by, verb="entry.change_accepted", subject=self)

    @transaction.atomic
    def decline(self, because, *, by):
        """Leave the entry as it is, and tell the enterprise why."""
        rows = type(self).objects.filter(pk=self.pk, proposed__isnull=False)
        if not rows.update(proposed=None, submitted_at=None):
            raise ValidationError(_("Someone has decided about this entry in the meantime."))
        self.refresh_from_db()
        Event.objects.record(actor=by, verb="entry.change_declined", subject=self)
        entry_letters.told_refused(self, because)

    @transaction.atomic
    def still_true(self, *, by):
        """The enterprise says that all of it is true; the next question comes in a year."""
        rows = type(self).objects.filter(pk=self.pk, status="published")
        if not rows.update(checked_on=timezone.localdate(), asked_at=None):
            raise ValidationError(_("This entry is not public any more."))
        self.refresh_from_db()
        Event.objects.record(actor=by, verb="entry.confirmed", subject=self)

    @transaction.atomic
    def ask_whether_true(self):
        """Send the yearly letter; True where this call, not another one, did."""
        rows = type(self).objects.filter(pk=self.pk, status="published", asked_at=None)
        if not rows.update(asked_at=timezone.now()):
            return False
        self.refresh_from_db()
        entry_letters.ask_whether_true(self)
        return True

    def archive_silent(self):
        self.archive(by=None)
        return True

    @transaction.atomic
    def belong_to(self, organisation, *, by):
        """Say whose file it is; refused where the organisation has an entry already."""
        with explained(type(self)):
            if type(self).objects.filter(organisation=organisation).exclude(pk=self.pk).exists():
                raise ValidationError(_("This organisation has an entry already."))
            type(self).objects.filter(pk=self.pk).update(organisation=organisation)
        self.refresh_from_db()
        Event.objects.record(
            actor=by, verb="entry.linked", subject=self, organisation=organisation.pk
        )
