"""What must not stay with an account that ends: asked of the apps that know of work.

How an app adds what it knows. It writes a module with `in_hand(user)`, which returns what somebody
still has as [(name of the kind, number)] and leaves out what there is none of, and names the
module in `settings.IN_HAND`. So this app need not know those above it.
"""

from importlib import import_module

from django.conf import settings


def in_hand(user):
    """What somebody still has that belongs to the work, as [(name of the kind, number)]."""
    modules = [import_module(name) for name in settings.IN_HAND]
    return [found for module in modules for found in module.in_hand(user)]
