"""Accountable: a fact of an organisation that reports count, and the reason when it changes."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from best_portal.audit.models import Event
from best_portal.bin.models import Withdrawable
from enterprises.accounted import accounted


class Accountable(Withdrawable):
    """What was accounted for with it is asked about before it changes, goes or comes back.

    Facts lie in no project, so that no lock keeps them: see enterprises.forms.accounted.
    """

    # What the apps above call it when they say in which reports it counts.
    fact = ""
    # The fields by which it counts; the others are words.
    counted_fields = ()

    class Meta:
        abstract = True

    @property
    def counts_from(self):
        """The first day from which it may have been counted; None where it is in no figure."""
        raise NotImplementedError

    def differs_since(self, **counted):
        """The first day from which reports count otherwise with these values, or None."""
        raise NotImplementedError

    @property
    def accounted(self):
        """The periods in which it may have been counted, in words."""
        since = self.counts_from
        return accounted(self.organisation, since, self.fact) if since else []

    @transaction.atomic
    def restore(self, *, by):
        """Take it out of the bin; refused where it was accounted for without it."""
        if self.accounted:
            raise ValidationError(
                _("Reports were accepted without this. Enter it anew and say why.")
            )
        super().restore(by=by)

    @transaction.atomic
    def withdraw(self, *, by, because=""):
        """Put it into the bin; where it was accounted for only with a reason, which is kept."""
        periods = self.accounted
        if periods and not because:
            raise ValidationError(
                _(
                    "This was counted in reports that were accepted. Open it and delete it there "
                    "with a reason."
                )
            )
        super().withdraw(by=by)
        if periods:
            Event.objects.record(
                actor=by,
                verb=f"{self.bin_name}.withdrawn_once_accepted",
                subject=self,
                reason=because,
                periods=periods,
            )
