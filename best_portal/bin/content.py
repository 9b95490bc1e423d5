"""What lies in the bin for one person: rows of every noun, what was deleted last first."""

from collections import defaultdict

from django.db.models import Value

from best_portal.bin.models import nouns


class Content:
    """A list a Paginator can go through: one statement for the order, one for each noun shown."""

    def __init__(self, user):
        self.nouns = list(nouns().values())
        rows = [
            model.objects.restorable_by(user)
            .order_by()
            .annotate(noun_rank=Value(rank))
            .values_list("withdrawn_at", "noun_rank", "pk")
            for rank, model in enumerate(self.nouns)
        ]
        self.places = (
            rows[0].union(*rows[1:], all=True).order_by("-withdrawn_at", "noun_rank", "pk")
        )

    def count(self):
        return self.places.count()

    def __getitem__(self, part):
        places = list(self.places[part])
        keys = defaultdict(list)
        for _at, rank, pk in places:
            keys[rank].append(pk)
        rows = {
            (rank, row.pk): row
            for rank, pks in keys.items()
            for row in self.nouns[rank].objects.for_bin().filter(pk__in=pks)
        }
        return [rows[rank, pk] for _at, rank, pk in places if (rank, pk) in rows]
