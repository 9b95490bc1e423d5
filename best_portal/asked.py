"""What somebody typed into a search box, taken apart into words, and texts that are searched.

A leaf like best_portal.db. Every word must be found: by its German stem ("Anträge" finds
"Antrag"), as a part of a compound ("bescheid" finds "Zuwendungsbescheid"), with ä as ae and ß as
ss or the other way round, and with a typo where the caller asks for what is alike.
"""

import re
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.lookups import TrigramStrictWordSimilar
from django.contrib.postgres.search import (
    SearchQuery,
    SearchRank,
    SearchVectorExact,
    SearchVectorField,
)
from django.db import connection
from django.db.models import F, Func, GeneratedField, Q, TextField, Value
from django.db.models.functions import Concat
from django.db.models.lookups import Contains

from best_portal.db import fold, folding

LANGUAGE = "german"
LONGEST, MOST_WORDS = 200, 8
# Trigrams find parts of a word from here on, and tell a typo from another word from there on.
SHORTEST_PART, SHORTEST_STEM, SHORTEST_ALIKE = 3, 4, 5
# What one letter changed in a word of six reaches; pg_trgm's own threshold is 0.5.
ALIKE = 0.4

# Each word that is not a stop word, with its stem where it is one word alone.
TELLING = f"""
SELECT typed, array_to_string(tsvector_to_array(to_tsvector('{LANGUAGE}', folded)), ' ')
FROM unnest(%s::text[], %s::text[]) WITH ORDINALITY AS asked (typed, folded, place)
WHERE numnode(plainto_tsquery('{LANGUAGE}', lower(typed))) > 0
ORDER BY place
"""

UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue"}
# "ue" is no ü in "neue", "Frauen" and "Quelle".
SPELLED_OUT = re.compile(r"ae|oe|(?<![aeq])ue")


class Stems(Func):
    """The German stems of a text."""

    function = "TO_TSVECTOR"
    template = f"%(function)s('{LANGUAGE}'::regconfig, %(expressions)s)"
    output_field = SearchVectorField()


@dataclass(frozen=True)
class Text:
    """Columns searched as one text.

    Where there are very many rows it is `stored` in a column of that name, for every row an index
    finds is looked at again; lists leave that column out.
    """

    columns: tuple
    stored: str = ""

    @property
    def plain(self):
        return F(self.stored) if self.stored else self.expression

    @property
    def expression(self):
        first, *others = self.columns
        parts = [part for column in others for part in (Value(" "), column)]
        whole = Concat(first, *parts, output_field=TextField()) if parts else first
        return folding(whole)

    @property
    def stems(self):
        return Stems(self.plain)

    def column(self):
        return GeneratedField(
            expression=self.expression,
            output_field=TextField(),
            db_persist=True,
            editable=False,
        )

    def indexes(self, name):
        return [
            GinIndex(OpClass(self.plain, name="gin_trgm_ops"), name=f"{name}_parts"),
            GinIndex(self.stems, name=f"{name}_stems"),
        ]


def spellings(word):
    """The ways a word may be written, without accents: "Mühle" is muhle and muehle."""
    word = word.lower()
    spelled_out = reduce(lambda text, pair: text.replace(*pair), UMLAUTS.items(), word)
    shortened = SPELLED_OUT.sub(lambda found: found[0][0], word)
    return list(dict.fromkeys(fold(way) for way in (word, spelled_out, shortened)))


@dataclass(frozen=True)
class Word:
    """One word: where it stands in a text."""

    typed: str
    stem: str = ""

    @property
    def spellings(self):
        """As typed and as it may be spelled, then its stem, which compounds hold as well."""
        stem = [self.stem] if len(self.stem) >= SHORTEST_STEM else []
        return list(dict.fromkeys([*spellings(self.typed), *stem]))

    @property
    def parts(self):
        """What a text must hold one of; a form that holds another one needs no asking."""
        ways = [way for way in self.spellings if len(way) >= SHORTEST_PART]
        return [way for way in ways if not any(part != way and part in way for part in ways)]

    @property
    def query(self):
        return reduce(or_, [SearchQuery(way, config=LANGUAGE) for way in self.spellings])

    def part_of(self, column):
        """The condition that a folded column holds it in one of its spellings."""
        ways = self.parts or self.spellings
        return reduce(or_, [Q(Contains(column, way)) for way in ways])

    def within(self, text, *, alike=False):
        """The condition that it stands in a Text, as a whole word where it is very short.

        Every form of a word holds its stem, so that its parts find what its stem would find.
        """
        if not self.parts:
            return Q(SearchVectorExact(text.stems, self.query))
        found = self.part_of(text.plain)
        if alike and len(self.typed) >= SHORTEST_ALIKE:
            found |= Q(TrigramStrictWordSimilar(text.plain, fold(self.typed)))
        return found


class Asked:
    """The words typed, but for those that stand in every German sentence."""

    def __init__(self, typed):
        self.typed = " ".join(typed.replace("\0", " ").split())[:LONGEST].strip()

    def __bool__(self):
        return bool(self.words)

    @cached_property
    def words(self):
        parts = (part.strip(".,;:!?\"'()„“”»«…") for part in self.typed.split())
        parts = [part for part in dict.fromkeys(parts) if any(map(str.isalnum, part))]
        return self._telling(parts)[:MOST_WORDS] if parts else []

    def _telling(self, parts):
        with connection.cursor() as cursor:
            cursor.execute(TELLING, [parts, [fold(part) for part in parts]])
            return [Word(typed, stem) for typed, stem in cursor.fetchall()]

    def rank(self, text):
        """How well a text answers: more of the words, and nearer to each other, is more."""
        return SearchRank(text.stems, reduce(or_, [word.query for word in self.words]))


def forgive_typos():
    """Let `alike=True` find words with two letters changed; counts until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pg_trgm.strict_word_similarity_threshold', %s, true)", [str(ALIKE)]
        )
