"""What an account must not be closed with: asked by accounts through `settings.IN_HAND`."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from reports.models import CoordinatingTask, Review


def in_hand(user):
    """As [(name of the kind, number)]; a review is decided, or called back and asked of another.

    A coordinating task of a project that still runs gets another owner on its page.
    """
    today = timezone.localdate()
    tasks = CoordinatingTask.objects.filter(owner=user, project__ends_on__gte=today)
    found = [
        (_("Reviews of reports"), Review.objects.of(user).open().count()),
        (_("Coordinating tasks"), tasks.count()),
    ]
    return [(kind, number) for kind, number in found if number]
