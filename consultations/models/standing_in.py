"""Standing in: whose work is somebody's to see and do because the other one is away just now."""

from django.db.models import Q
from django.utils import timezone

from best_portal.accounts.models import User


def replaced_by(user):
    """The keys of those this person stands in for; it begins and ends with their absence."""
    now = timezone.now()
    away = User.objects.filter(
        absences__substitute=user, absences__starts_at__lte=now, absences__ends_at__gt=now
    )
    return away.order_by().values("pk")


def in_charge(user, name):
    """Rows whose `name` is this person, or somebody they stand in for."""
    return Q(**{name: user}) | Q(**{f"{name}__in": replaced_by(user)})
