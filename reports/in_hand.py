"""What accounting asks of somebody before their account is closed: reviews not decided yet."""

from django.utils.translation import gettext_lazy as _

from reports.models import Review


def in_hand(user):
    """As [(name of the kind, number)]; a review is decided, or called back and asked of another."""
    number = Review.objects.of(user).open().count()
    return [(_("Reviews of reports"), number)] if number else []
