"""Withdrawable: a row that can be deleted and brought back.

How a noun joins: it subclasses `Withdrawable`, its QuerySet `WithdrawableQuerySet`, its Meta lists
`withdrawn_together(…)` among the constraints, and every list and figure of it asks `valid()`. Undo,
the page of the bin and the nightly sweep find it by themselves. A unique constraint that a deleted
row must not stand in the way of takes `condition=Q(withdrawn_at=None)`.
"""

from contextlib import suppress
from datetime import timedelta

from django.apps import apps
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.db.models.deletion import ProtectedError, RestrictedError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role, User
from best_portal.audit.models import Event
from best_portal.db import explained

KEPT = timedelta(days=30)


def withdrawn_together(name):
    """The constraint that nobody deleted what is not deleted."""
    return models.CheckConstraint(
        name=name,
        condition=Q(withdrawn_at__isnull=False) | Q(withdrawn_by=None),
        violation_error_message=_("Only what is deleted was deleted by somebody."),
    )


class WithdrawableQuerySet(models.QuerySet):
    def valid(self):
        """Those that are not deleted: what every list and figure counts."""
        return self.filter(withdrawn_at=None)

    def withdrawable_by(self, user):
        """Those this person may delete; whoever may change a row may delete it."""
        return self.valid() if user.is_staff_member else self.none()

    def in_bin(self):
        """Those deleted not so long ago that nobody could take them out again."""
        return self.filter(withdrawn_at__gt=timezone.now() - KEPT)

    def restorable_by(self, user):
        """Those in the bin that this person may take out: what their team deleted."""
        match user.role:
            case Role.MANAGER:
                return self.in_bin()
            case Role.ADVISOR:
                return self.in_bin().filter(withdrawn_by__in=User.objects.colleagues_of(user))
            case _:
                return self.none()

    def for_bin(self):
        """Rows of the page of the bin, with all that it says of them."""
        return self.select_related("organisation", "withdrawn_by")

    def run_out(self):
        return self.filter(withdrawn_at__lte=timezone.now() - KEPT)

    def purge(self):
        """Forget what has lain in the bin for 30 days; returns how many rows.

        One that cannot go stops none of the others.
        """
        gone = 0
        for row in self.run_out().exclude(**self.model.emptied or {"pk": None}):
            with suppress(ProtectedError, RestrictedError):
                row.purge()
                gone += 1
        return gone


class Withdrawable(models.Model):
    """Papierkorb: deleted it counts nowhere, and for 30 days it can be brought back."""

    # What its texts become once the 30 days are over; None where the whole row goes.
    emptied = None

    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
    )

    objects = WithdrawableQuerySet.as_manager()

    class Meta:
        abstract = True

    # What the log calls it; empty: the name of the model.
    noun = ""

    @property
    def bin_name(self):
        """What its addresses call it."""
        return self._meta.model_name

    @property
    def bin_kind(self):
        return self._meta.verbose_name

    @property
    def bin_owner(self):
        """Whose it is; None where its own words say so."""
        return self.organisation

    @property
    def kept_until(self):
        return self.withdrawn_at + KEPT

    @property
    def home(self):
        """The page it stands on while it is not deleted."""
        return self.organisation.get_absolute_url()

    @transaction.atomic
    def withdraw(self, *, by):
        """Put it into the bin; refused a second time, and where something counts on it."""
        now = timezone.now()
        with explained(type(self)):
            standing = self._same().filter(withdrawn_at=None)
            if not standing.update(withdrawn_at=now, withdrawn_by=by):
                raise ValidationError(_("This was deleted already."))
        self.withdrawn_at, self.withdrawn_by = now, by
        Event.objects.record(actor=by, verb=f"{self.noun or self.bin_name}.withdrawn", subject=self)

    @transaction.atomic
    def restore(self, *, by):
        """Take it out of the bin; refused where another row has taken its place since."""
        with explained(type(self)):
            restored = self._same().filter(withdrawn_at__gt=timezone.now() - KEPT)
            if not restored.update(withdrawn_at=None, withdrawn_by=None):
                raise ValidationError(_("This does not lie in the bin any more."))
        self.withdrawn_at = self.withdrawn_by = None
        Event.objects.record(actor=by, verb=f"{self.noun or self.bin_name}.restored", subject=self)

    @transaction.atomic
    def purge(self):
        """Forget its texts, or all of it where nothing else is built on such rows."""
        Event.objects.record(actor=None, verb=f"{self.noun or self.bin_name}.purged", subject=self)
        if self.emptied is None:
            self.delete()
        else:
            self._same().update(**self.emptied)

    def _same(self):
        return type(self)._base_manager.filter(pk=self.pk)


def nouns():
    """Every model whose rows can lie in the bin, by the name its addresses use."""
    return {
        model._meta.model_name: model
        for model in apps.get_models()
        if issubclass(model, Withdrawable) and not model._meta.proxy
    }


def purge_all():
    """Empty the bin of every noun."""
    return sum(model.objects.purge() for model in nouns().values())
