"""The page of an area: what the apps above add to it.

How an app adds a part. Write a module with `PANELS` and name it in `settings.DISTRICT_PAGE`; the
page shows them in that order, the narrow ones beside the others:

    PANELS = [
        Panel("forum", _("Forum"), "forums/_of_district.html", forum_of, is_aside=True)
    ]

`forum_of(area, user)` returns the context of the panel's template, or None where this reader gets
none: nothing empty is shown. `area.keys` are the area and all that went wholly into it; the number
of queries must not grow with what there is. `user` may be anonymous.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from django.conf import settings


@dataclass(frozen=True)
class Panel:
    """A part of the page of an area that another app fills."""

    name: str
    title: str
    template: str
    context: Callable
    # Beside the others, in the narrow column.
    is_aside: bool = False


@dataclass(frozen=True)
class Area:
    """What the panels are asked about: the area, and whose past is its own, by their keys."""

    district: object
    keys: tuple


@cache
def registered():
    """All PANELS of the modules that settings name, in their order."""
    modules = [import_module(path) for path in settings.DISTRICT_PAGE]
    return [panel for module in modules for panel in module.PANELS]


def panels(area, user):
    """(panel, context of its template) for each panel this reader gets."""
    found = [(panel, panel.context(area, user)) for panel in registered()]
    return [(panel, context) for panel, context in found if context is not None]
