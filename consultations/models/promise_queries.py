"""Which promises: who may see and change them, which rows a page needs, and how one is made."""

from django.db import models, transaction
from django.db.models import Count, F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.db import explained, take_turns
from consultations.models.standing_in import in_charge
from enterprises.models import Organisation


class Promiser(models.TextChoices):
    ADVISOR = "advisor", _("the agency")
    PERSON = "person", _("a person of the organisation")


OPEN = Q(kept_at=None, dropped_at=None)


class PromiseQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff know all of them; founders those between the agency and themselves.

        What was promised to their organisation is theirs, too; what it was to a certain colleague,
        or what that colleague promised, is not.
        """
        match user.role:
            case Role.ADVISOR | Role.MANAGER:
                return self.all()
            case Role.FOUNDER:
                return self.filter(
                    Q(person=None) | Q(person__user=user),
                    organisation__in=Organisation.objects.visible_to(user),
                )
            case _:
                return self.none()

    def editable_by(self, user):
        """Advisors their own and those of whom they stand in for; the manager's are all."""
        match user.role:
            case Role.MANAGER:
                return self.all()
            case Role.ADVISOR:
                return self.in_charge_of(user)
            case _:
                return self.none()

    def keepable_by(self, user):
        """Those this person may mark as kept: founders what they promised themselves."""
        if user.role == Role.FOUNDER:
            return self.visible_to(user).filter(promiser=Promiser.PERSON, person__user=user)
        return self.editable_by(user)

    def of_advisor(self, user):
        """On the agency's side this advisor's, whoever of the two promised."""
        return self.filter(advisor=user)

    def in_charge_of(self, user):
        """Their own, and those of whom they stand in for."""
        return self.filter(in_charge(user, "advisor"))

    def by_the_agency(self):
        return self.filter(promiser=Promiser.ADVISOR)

    def by_people(self):
        return self.filter(promiser=Promiser.PERSON)

    def open(self):
        return self.filter(OPEN)

    def settled(self):
        return self.exclude(OPEN)

    def kept(self):
        return self.filter(kept_at__isnull=False)

    def dropped(self):
        return self.filter(dropped_at__isnull=False)

    def due_until(self, day):
        """Open, and to be kept by that day."""
        return self.open().filter(due_on__lte=day)

    def overdue(self, on=None):
        return self.open().filter(due_on__lt=on or timezone.localdate())

    def without_date(self):
        return self.open().filter(due_on=None)

    def taken_over_since(self, moment):
        """Open ones that a colleague handed over."""
        return self.open().filter(taken_over_at__gte=moment)

    def soonest_first(self):
        return self.order_by(F("due_on").asc(nulls_last=True), "pk")

    def latest_first(self):
        """Settled ones, what was settled last at the top."""
        return self.order_by(Coalesce("kept_at", "dropped_at").desc(), "-pk")

    def for_list(self):
        return self.select_related(
            "organisation", "advisor", "person", "taken_over_from", "kept_by"
        ).defer("organisation__purpose")

    def by_advisor(self):
        """How many are open and overdue with whom: {advisor's key: (open, overdue)}."""
        late = Count("pk", filter=Q(due_on__lt=timezone.localdate()))
        rows = self.open().order_by().values("advisor").annotate(number=Count("pk"), late=late)
        return {row["advisor"]: (row["number"], row["late"]) for row in rows}

    @transaction.atomic
    def make(
        self, *, by, organisation, advisor, promiser, what, form_key=None, made_on=None, **fields
    ):
        """Write down what was promised; the same form sent twice gives the first one back.

        Refuses a day still to come, somebody on the agency's side who is not of its staff, a
        person who has no part in the organisation, and a consultation or case of another one.
        """
        made_on = made_on or timezone.localdate()
        with explained(self.model):
            if form_key:
                take_turns(form_key)
                if earlier := self.filter(form_key=form_key, noted_by=by).first():
                    return earlier
            promise = self.model(
                organisation=organisation,
                advisor=advisor,
                promiser=promiser,
                what=" ".join(what.split()),
                made_on=made_on,
                form_key=form_key,
                noted_by=by,
                **fields,
            )
            promise.check_sides()
            promise.save(force_insert=True)
        Event.objects.record(actor=by, verb="promise.made", subject=promise)
        return promise
