"""Pairs of files that may be one, found by the database."""

from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from enterprises.models import NotTheSame
from enterprises.models.mergeable import ALIKE, END_OF_NUMBER, SHORTEST_NUMBER

MOST = 200
# By what a row looks like another one, and how many of those are named in its file.
TYPED, FEW = ("name", "email", "phone", "address"), 3

# Each way to suspect a pair by itself, so that each finds its rows by a join of its own.
PAIRS = """
WITH live AS MATERIALIZED (
    SELECT id, sort_name, lower(email) AS email, {address} AS address,
           right(regexp_replace(phone, '\\D', '', 'g'), {end}) AS number
    FROM {table} WHERE merged_into_id IS NULL
), suspected (one, other, likeness, by) AS (
    -- "Haus 1" and "Haus 2" are two.
    SELECT a.id, b.id, similarity(a.sort_name, b.sort_name), 'name'
    FROM live a JOIN {table} b ON b.sort_name %% a.sort_name AND b.id > a.id
    WHERE b.merged_into_id IS NULL
      AND regexp_replace(a.sort_name, '\\D', '', 'g') = regexp_replace(b.sort_name, '\\D', '', 'g')
    UNION ALL
    SELECT a.id, b.id, 0, 'email' FROM live a JOIN live b USING (email)
    WHERE b.id > a.id AND email <> ''
    UNION ALL
    SELECT a.id, b.id, 0, 'phone' FROM live a JOIN live b USING (number)
    WHERE b.id > a.id AND length(number) >= {shortest}
    UNION ALL
    SELECT a.id, b.id, 0, 'address' FROM live a JOIN live b USING (address)
    WHERE b.id > a.id AND address <> ''
)
SELECT one, other, max(likeness), array_agg(by ORDER BY by) FROM suspected
WHERE NOT EXISTS (
    SELECT FROM {apart} apart
    WHERE apart.noun = %s AND apart.one_key = one AND apart.other_key = other
)
GROUP BY one, other
ORDER BY count(*) DESC, max(likeness) DESC, one, other
LIMIT %s
"""
BECAUSE = {
    "name": _("the names are alike"),
    "email": _("the same e-mail address"),
    "phone": _("the same phone number"),
    "address": _("the same address"),
}


@dataclass(frozen=True)
class Pair:
    """Two that may be one, the older first, and why."""

    one: object
    other: object
    because: list


@transaction.atomic
def pairs(noun, user):
    """The pairs somebody should look at, the likeliest first; nobody but staff sees any."""
    visible = noun.model.objects.visible_to(user)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(ALIKE)])
        cursor.execute(statement(noun.model), [noun.value, MOST])
        found = cursor.fetchall()
    rows = visible.for_comparing().in_bulk({key for pair in found for key in pair[:2]})
    return [
        Pair(rows[one], rows[other], [BECAUSE[way] for way in ways])
        for one, other, _likeness, ways in found
        if one in rows and other in rows
    ]


def statement(model):
    has_address = any(field.name == "address" for field in model._meta.concrete_fields)
    return PAIRS.format(
        table=connection.ops.quote_name(model._meta.db_table),
        apart=connection.ops.quote_name(NotTheSame._meta.db_table),
        address="lower(btrim(address))" if has_address else "''",
        end=END_OF_NUMBER,
        shortest=SHORTEST_NUMBER,
    )


def alike_to(row, user):
    """A few others this row may be, where somebody may compare them."""
    if not user.is_staff_member:
        return []
    typed = {name: getattr(row, name) for name in TYPED if hasattr(row, name)}
    others = type(row).objects.visible_to(user).exclude(pk=row.pk)
    others = others.exclude(pk__in=NotTheSame.objects.keys_beside(row))
    return list(others.for_comparing().looking_like(**typed)[:FEW])
