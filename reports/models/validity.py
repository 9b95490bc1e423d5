"""What rules of a time have in common: which of them hold on a day, and their days in words."""

from django.db import models
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _


class ValidQuerySet(models.QuerySet):
    def valid_on(self, day):
        return self.filter(Q(until=None) | Q(until__gte=day), since__lte=day)


class AlwaysQuerySet(models.QuerySet):
    """Of rules that hold all the time where they name no day."""

    def valid_on(self, day):
        return self.filter(Q(since=None) | Q(since__lte=day), Q(until=None) | Q(until__gte=day))


class SaysDays:
    """Of what may have a first and a last day, `since` and `until`."""

    @property
    def days(self):
        """The days it holds, in words; empty where it holds all the time."""
        said = []
        if self.since:
            said.append(_("from %(day)s") % {"day": date_format(self.since, "SHORT_DATE_FORMAT")})
        if self.until:
            said.append(_("until %(day)s") % {"day": date_format(self.until, "SHORT_DATE_FORMAT")})
        return " ".join(said)
