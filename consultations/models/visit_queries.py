"""Which visits: who may see and change them, which of them bar further contact, how they arrive."""

from functools import reduce
from operator import or_

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import STAFF_ROLES, Role
from best_portal.asked import Text
from best_portal.audit.models import Event
from best_portal.bin.models import WithdrawableQuerySet
from best_portal.db import explained, fold, take_turns
from consultations.models.project import teams_of
from consultations.models.reading_on import given_up
from enterprises.models import Organisation

# What all of the agency's staff may read of a visit.
TOLD = Text(("name", "address", "situation", "need", "condition"))


class Mood(models.IntegerChoices):
    """How somebody met us, in five words."""

    DISMISSIVE = 1, _("dismissive")
    SCEPTICAL = 2, _("sceptical")
    WAITING = 3, _("waits and sees")
    OPEN = 4, _("open")
    KEEN = 5, _("wants to take part")


class WantsToJoin(models.TextChoices):
    UNASKED = "", _("not asked")
    YES = "yes", _("yes")
    PERHAPS = "perhaps", _("perhaps")
    NO = "no", _("no")


class Arrival(models.TextChoices):
    """What became of an entry that was sent."""

    STORED = "stored", _("stored")
    STORED_BEFORE = "stored_before", _("stored before")
    CONFLICT = "conflict", _("changed by somebody else in the meantime")


class VisitQuerySet(WithdrawableQuerySet):
    def visible_to(self, user):
        """All of the agency's staff, with other teams' notes closed; never withdrawn ones."""
        return self.valid() if user.role in STAFF_ROLES else self.none()

    def editable_by(self, user):
        """Their own and their team's; the manager's are all."""
        return self._in_charge(self.valid(), user)

    def withdrawable_by(self, user):
        return self.editable_by(user)

    def restorable_by(self, user):
        """Those withdrawn by mistake that this person may bring back."""
        return self._in_charge(self.in_bin(), user)

    def for_bin(self):
        return super().for_bin().defer("note", "organisation__purpose")

    def _in_charge(self, rows, user):
        match user.role:
            case Role.MANAGER:
                return rows
            case Role.ADVISOR:
                return rows.filter(self._own(user))
            case _:
                return self.none()

    def with_note_for(self, user):
        """Add `readable_note`: the note where this person may read it, else None."""
        if user.role == Role.MANAGER:
            return self.annotate(readable_note=F("note"))
        return self.with_own_note_for(user).annotate(readable_note=F("own_note"))

    def with_own_note_for(self, user):
        """Add `own_note`: the note of one's own team; a manager's other readings are noted."""
        sealed = Value(None, output_field=models.TextField())
        return self.annotate(
            own_note=Case(When(self._readable(user), then=F("note")), default=sealed)
        )

    def own_of(self, user):
        """Those this person made and has not handed over, and those of their teams."""
        return self.filter(self._own(user))

    def readable_by(self, user):
        """Those whose notes are theirs to read: their own, and what they just handed over."""
        return self.filter(self._readable(user))

    def _own(self, user):
        return self._of_team(user) | Q(~given_up(user), advisor=user)

    def _readable(self, user):
        return self._of_team(user) | Q(~given_up(user, long_ago=True), advisor=user)

    def _of_team(self, user):
        return Q(project__in=teams_of(user))

    def to_win(self):
        """Those who said they would or might join a network, and may be called again."""
        rows = self.valid().filter(wants_to_join__in=(WantsToJoin.YES, WantsToJoin.PERHAPS))
        barred = self.model.objects.barring().exclude(organisation=None).values("organisation")
        return rows.exclude(pk__in=self.model.objects.barring()).exclude(organisation__in=barred)

    def outside(self, alliance):
        """Those to whoever is no member of this network."""
        members = alliance.memberships.valid().values("member")
        return self.exclude(organisation__in=members)

    def barring(self):
        """Those after which nobody is to call again, as long as that was not lifted."""
        return self.valid().filter(do_not_contact=True, lifted_at=None)

    def barring_contact_with(self, *, organisation=None, person=None):
        """The same for an organisation, and for a person in whose organisations it was said."""
        concerned = Q(organisation=organisation) if organisation else Q(pk=None)
        if person:
            concerned |= Q(organisation__involvements__in=person.involvements.valid())
        return self.barring().filter(concerned).distinct()

    def for_project(self, project):
        return self.filter(project=project)

    def in_period(self, start, end):
        """Made from one day to another, both included."""
        return self.filter(visited_on__range=(start, end))

    def mentioning(self, typed):
        """Those in whose texts this stands; the notes are not searched."""
        words = " ".join(typed.split())
        return self.filter(
            Q(organisation__sort_name__contains=fold(words))
            | Q(name__icontains=words)
            | Q(address__icontains=words)
            | Q(situation__icontains=words)
            | Q(need__icontains=words)
            | Q(condition__icontains=words)
        )

    def answering(self, asked, *, alike=False):
        """Those in whose texts the words stand, one of them at least; the others may be the
        organisation's name. Notes and the person who was there are not searched."""
        told = [word.within(TOLD, alike=alike) for word in asked.words]
        if len(told) < 2:
            return self.filter(*told)
        named = [
            word | Q(organisation__in=list(Organisation.objects.naming(asked_for)))
            for word, asked_for in zip(told, asked.words, strict=True)
        ]
        return self.filter(*named).filter(reduce(or_, told))

    def newest_first(self):
        return self.order_by("-visited_on", "-visited_at", "-pk")

    def for_list(self):
        """Rows of a table or a file: with what stands in their columns, without the notes."""
        return self.select_related("organisation", "district", "project", "advisor").defer(
            "note", "project__purpose", "district__outline", "organisation__purpose"
        )

    def for_page(self):
        """One visit with all that belongs to it; the note only by `with_note_for`."""
        return self.for_list().select_related("logged_by", "lifted_by", "membership__group")

    def last_logged_by(self, user):
        return self.valid().filter(logged_by=user).order_by("-pk").first()

    def sent_with(self, client_key):
        """The visit this very entry has become, withdrawn or not; None where it is new."""
        return self.filter(client_key=client_key).first()

    @transaction.atomic
    def log(self, *, by, advisor=None, **fields):
        """Record a visit; refuses days to come and days and areas the project did not cover."""
        visit = self.model(logged_by=by, advisor=advisor or by, **fields)
        visit.check_day()
        with explained(self.model):
            visit.save(force_insert=True)
        Event.objects.record(actor=by, verb="visit.logged", subject=visit)
        return visit

    @transaction.atomic
    def receive(self, *, by, client_key, digest, over=None, **fields):
        """Take an entry that may come more than once: what became of it, and the visit.

        The same words again change nothing. Other words under the same key replace the first
        ones, unless somebody has changed the visit since: then both stand, until the person
        chooses and says which revision the entry may go `over`.
        """
        take_turns(client_key)
        visit = self.sent_with(client_key)
        if visit is None:
            fields |= {"client_key": client_key, "sent_digest": digest}
            return Arrival.STORED, self.log(by=by, **fields)
        visit.check_sender(by)
        if visit.sent_digest == digest:
            return Arrival.STORED_BEFORE, visit
        if visit.withdrawn_at:
            told = _(
                "This visit was stored and withdrawn since. Bring it back, or discard this entry."
            )
            raise ValidationError(told)
        if visit.revision not in (visit.sent_revision, over):
            return Arrival.CONFLICT, visit
        visit.amend(by=by, revision=visit.revision, sent_digest=digest, **fields)
        return Arrival.STORED, visit
