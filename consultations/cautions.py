"""What to know before a consultation is saved: said by the apps above, shown by the form.

How an app says something. Write a module with `cautions(consultation)` and name it in
`settings.LOG_CAUTIONS`. It gets a consultation that is not saved, with organisation, project, case,
kind, day and minutes as they are typed, and its key where it is on file already, and returns a list
of `Caution`.
"""

from dataclasses import dataclass
from importlib import import_module

from django.conf import settings


@dataclass(frozen=True)
class Caution:
    """A sentence for whoever is about to save; `asks` wants it confirmed first."""

    title: str
    text: str
    link_url: str = ""
    link_text: str = ""
    asks: bool = False


def cautions(consultation):
    modules = [import_module(path) for path in settings.LOG_CAUTIONS]
    return [caution for module in modules for caution in module.cautions(consultation)]
