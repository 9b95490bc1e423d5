"""What rules of a time have in common: which of them hold on a day."""

from django.db import models
from django.db.models import Q


class ValidQuerySet(models.QuerySet):
    def valid_on(self, day):
        return self.filter(Q(until=None) | Q(until__gte=day), since__lte=day)


class AlwaysQuerySet(models.QuerySet):
    """Of rules that hold all the time where they name no day."""

    def valid_on(self, day):
        return self.filter(Q(since=None) | Q(since__lte=day), Q(until=None) | Q(until__gte=day))
