"""Which group sessions: who may see and change them, and the columns a page needs."""

from django.db import models, transaction
from django.db.models import Count, Exists, F, Max, Min, OuterRef, Q
from django.utils import timezone

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from best_portal.db import explained
from consultations.models.group_dates import GroupSessionDate
from consultations.models.group_states import GroupStatus, OpenTo, RegistrationStatus, theirs


class GroupSessionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Staff know all of them; everybody else what was published for everyone.

        A founder knows those they are registered for besides.
        """
        role = getattr(user, "role", None)
        if role in (Role.ADVISOR, Role.MANAGER):
            return self.all()
        public = Q(open_to=OpenTo.EVERYONE)
        if role == Role.FOUNDER:
            public |= Q(registrations__person__user=user)
        return self.filter(public).exclude(status=GroupStatus.DRAFT).distinct()

    def editable_by(self, user):
        """Its leaders', its project's team's; the manager's are all."""
        visible = self.visible_to(user)
        match user.role:
            case Role.MANAGER:
                return visible
            case Role.ADVISOR:
                return visible.filter(theirs(user)).distinct()
            case _:
                return self.none()

    def published(self):
        return self.filter(status=GroupStatus.PUBLISHED)

    def upcoming(self):
        """Those with a date that is not over yet."""
        to_come = GroupSessionDate.objects.held().filter(
            session=OuterRef("pk"), ends_at__gt=timezone.now()
        )
        return self.filter(Exists(to_come)).exclude(status=GroupStatus.CANCELLED)

    def not_upcoming(self):
        return self.exclude(pk__in=self.model.objects.upcoming().values("pk"))

    def documented(self):
        """Those whose documentation everyone may read."""
        return self.filter(proceedings__is_public=True)

    def with_dates(self):
        """Add `first_starts_at` and `last_ends_at` of the dates that are held."""
        held = Q(dates__cancelled_at=None)
        return self.annotate(
            first_starts_at=Min("dates__starts_at", filter=held),
            last_ends_at=Max("dates__ends_at", filter=held),
        )

    def with_places(self):
        """Add `taken` and `waiting`: how many seats are given, how many people wait for one."""

        def count(status):
            of_status = Q(registrations__status=status)
            return Count("registrations", filter=of_status, distinct=True)

        return self.annotate(
            taken=count(RegistrationStatus.REGISTERED), waiting=count(RegistrationStatus.WAITING)
        )

    def for_list(self):
        return (
            self.select_related("project", "district")
            .defer("district__outline", "project__purpose")
            .prefetch_related("dates", "leaders", "topics")
            .with_dates()
            .with_places()
            .order_by(F("first_starts_at").asc(nulls_first=True), "pk")
        )

    @transaction.atomic
    def plan(self, *, by, times, leaders=(), topics=(), **fields):
        """Write down a session as a draft; `times` are the (start, end) of its dates."""
        with explained(self.model):
            session = self.create(planned_by=by, **fields)
        session.leaders.set(leaders)
        session.topics.set(topics)
        with explained(GroupSessionDate):
            for starts_at, ends_at in times:
                session.dates.create(starts_at=starts_at, ends_at=ends_at)
        Event.objects.record(actor=by, verb="group_session.planned", subject=session)
        return session
