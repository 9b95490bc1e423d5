"""NextSteps: which next steps of consultations still stand."""

from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from enterprises.models import Stage


class NextStepsMixin:
    """What the QuerySet of consultations knows of their next steps."""

    def with_open_step(self, on=None):
        """Those whose next step still stands: nobody was advised since, and the project runs.

        What the next consultation leaves to do is its own next step.
        """
        later = (
            self.model._base_manager.filter(
                organisation=OuterRef("organisation"), withdrawn_at=None
            )
            .filter(
                Q(held_on__gt=OuterRef("held_on"))
                | Q(held_on=OuterRef("held_on"), pk__gt=OuterRef("pk"))
            )
            .order_by()
        )
        return (
            self.valid()
            .filter(project__ends_on__gte=on or timezone.localdate())
            .exclude(next_step="")
            .exclude(organisation__stage=Stage.GIVEN_UP)
            .filter(~Exists(later))
        )

    def step_due_until(self, day):
        return self.filter(next_step_on__lte=day)

    def soonest_step_first(self):
        return self.order_by(F("next_step_on").asc(nulls_last=True), "pk")
