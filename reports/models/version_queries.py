"""Which versions there are to see, to make and to decide; the queue a worker takes one from."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, F, Max, Q
from django.db.models.functions import Now

from best_portal.accounts.models import Role
from reports.models.status import FROZEN, UNDER_WAY, VersionStatus


class ReportVersionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The manager sees every version; a funder the released ones of own programmes; an
        advisor those they were asked to review."""
        match user.role:
            case Role.MANAGER:
                return self.all()
            case Role.FUNDER:
                return self.filter(
                    status=VersionStatus.RELEASED, report__grant__programme__officers=user
                )
            case Role.ADVISOR:
                return self.filter(pk__in=user_reviews(self.model, user))
            case _:
                return self.none()

    def under_way(self):
        return self.filter(status__in=UNDER_WAY)

    def to_be_decided(self):
        """Drafts to release and failures to look at."""
        return self.filter(status__in=(VersionStatus.READY, VersionStatus.FAILED))

    def released(self):
        return self.filter(status=VersionStatus.RELEASED)

    def readable(self):
        return self.filter(status__in=FROZEN)

    def newest_of_each_report(self):
        newest = self.order_by("report_id", "-number").distinct("report_id")
        return self.model.objects.filter(pk__in=newest.values("pk"))

    def newest_first(self):
        """The versions of one report, without what they froze."""
        return self.defer("frozen").order_by("-number")

    def for_list(self):
        """Newest first, without the frozen figures, which may be large."""
        return (
            self.select_related("report__grant__programme__fund", "report__grant__project")
            .defer("frozen")
            .order_by("-released_at", "-pk")
        )

    def with_life(self):
        """With their submission and acceptance, where there are any."""
        return self.select_related("submission", "acceptance__accepted_by")

    def newer_than(self, version):
        """The newest of those made after it, or None."""
        later = self.filter(report=version.report_id, number__gt=version.number)
        return later.defer("frozen").order_by("-number").first()

    def with_downloads(self):
        return self.annotate(downloaded=Count("downloads"), last_download=Max("downloads__at"))

    def abandoned(self):
        """Whose worker has been silent for longer than a lease; the database's clock decides."""
        return self.filter(status=VersionStatus.WORKING, lease_until__lt=Now())

    def unheard(self):
        """Queued, and nobody came although it was rung for."""
        patience = timedelta(seconds=settings.REPORT_RING_AGAIN_SECONDS)
        rung_for = Q(rung_at=None) | Q(rung_at__lt=Now() - patience)
        return self.filter(rung_for, status=VersionStatus.QUEUED)

    def claim(self, pk):
        """Take a queued version under a fresh lease; None if it is not to be had (any more)."""
        token = uuid.uuid4()
        claimed = self.filter(pk=pk, status=VersionStatus.QUEUED).update(
            status=VersionStatus.WORKING,
            lease_token=token,
            lease_until=lease_end(),
            attempts=F("attempts") + 1,
            step=0,
        )
        return self.filter(pk=pk, lease_token=token).first() if claimed else None

    @transaction.atomic
    def sweep(self):
        """Take back what nobody works on any more; return the keys to ring for (again).

        Many sweeps at once do the work of one: rows another sweep holds are left to it, and a
        version is not rung for twice within REPORT_RING_AGAIN_SECONDS.
        """
        for version in self.abandoned().defer("frozen").select_for_update(skip_locked=True):
            version.give_back()
        unheard = self.unheard().select_for_update(skip_locked=True).order_by("requested_at")
        keys = list(unheard.values_list("pk", flat=True))
        self.filter(pk__in=keys).update(rung_at=Now())
        return keys


def user_reviews(versions, user):
    """The versions somebody was asked to review."""
    reviews = versions._meta.get_field("reviews").related_model
    return reviews.objects.of(user).values("version")


def lease_end():
    return Now() + timedelta(seconds=settings.REPORT_LEASE_SECONDS)
