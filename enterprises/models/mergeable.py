"""Mergeable: a noun of which the same one may be on file twice, and the pointer that stays."""

import re

from django.contrib.postgres.search import TrigramSimilarity
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Right
from django.utils.translation import gettext_lazy as _

from best_portal.db import fold, folding

# From here on two names may mean the same: "Wäscherei am Platz" and "Wascherei am Platz e. V.".
ALIKE = 0.6
# What is compared of a phone number: its end, for its beginning is written in many ways.
END_OF_NUMBER, SHORTEST_NUMBER = 8, 6


class Digits(Func):
    """The digits of a text."""

    function = "REGEXP_REPLACE"
    template = r"%(function)s(%(expressions)s, '\D', '', 'g')"
    output_field = models.TextField()


def digits_of(text):
    return re.sub("[^0-9]", "", text)


class LooksAlike:
    """Mixed into the QuerySet of a Mergeable."""

    def looking_like(self, *, name="", email="", phone="", address=""):
        """Those that may be what is being typed, the likeliest first."""
        name, email, address = (" ".join(typed.split()) for typed in (name, email, address))
        number = digits_of(phone)[-END_OF_NUMBER:]
        rows = self.annotate(likeness=TrigramSimilarity("sort_name", fold(name)))
        # "Haus 1" and "Haus 2" are two.
        rows = rows.alias(figures=Digits(F("sort_name")))
        alike = Q(likeness__gte=ALIKE, figures=digits_of(name)) if name else Q(pk__in=[])
        if email:
            alike |= Q(email__iexact=email)
        if len(number) >= SHORTEST_NUMBER:
            rows = rows.alias(number=Right(Digits(F("phone")), END_OF_NUMBER))
            alike |= Q(number=number)
        if address:
            rows = rows.alias(folded_address=folding(F("address")))
            alike |= Q(folded_address=fold(address))
        return rows.filter(alike).order_by("-likeness", "sort_name", "pk")

    def known_as(self, key):
        """The one of this key, or the one it was merged into."""
        pointers = self.model.every.filter(pk=key).values("merged_into")
        return self.filter(Q(pk=key) | Q(pk__in=pointers))

    def survivors(self, keys):
        """By key the row itself, or the one it was merged into; asked of `every`."""
        rows = self.select_related("merged_into").in_bulk(keys)
        return {key: row.merged_into or row for key, row in rows.items()}


class LiveManager(models.Manager):
    """The rows that are no pointer to another one; mixed into the manager of a Mergeable."""

    def get_queryset(self):
        return super().get_queryset().filter(merged_into=None)


class Mergeable(models.Model):
    """One of which there may be two. Merged into the other it stays, with its number and its
    address, as a pointer that no list, search or count shows.

    `objects` leaves pointers out, `every` does not. Two are compared by `compared_fields`, and
    whoever merges chooses between them; `carried_fields` go along where the other has none.
    """

    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="merged",
        verbose_name=_("merged into"),
    )

    compared_fields = carried_fields = ()

    class Meta:
        abstract = True

    @property
    def is_merged(self):
        return self.merged_into_id is not None
