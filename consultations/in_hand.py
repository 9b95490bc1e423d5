"""What an account must not be closed with: asked by accounts through `settings.IN_HAND`."""

from consultations.models.belongings import Belongings


def in_hand(user):
    """As [(name of the kind, number)]; nothing for whoever has no work here."""
    return Belongings(user).counted()
