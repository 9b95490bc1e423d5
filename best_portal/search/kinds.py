"""What can be found: each kind says which rows answer, and what is shown of one of them.

A further kind is a further class in KINDS. Its rows start from what the reader may see, and so
does every text a snippet is taken from.
"""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from best_portal.search.snippets import marked, snippet
from consultations.models import Consultation, Visit
from enterprises.models import Document, Organisation, Person


@dataclass(frozen=True)
class Hit:
    """One thing found: where it is, its name, what tells it from others, and the words found.

    `name` and `snippet` are pieces of (text, whether it was asked for).
    """

    address: str
    name: list
    hint: str = ""
    snippet: list = ()


class Kind:
    """A kind of thing: `key` stands in the address, `label` above its results."""

    key = label = ""
    # Whether its names are offered while somebody types.
    is_suggested = False

    def found(self, user, asked, *, alike):
        """The rows that answer, best first."""
        raise NotImplementedError

    def rows(self, user, keys, words=()):
        """These rows as `hit` needs them, with what stands around the words."""
        raise NotImplementedError

    def hit(self, row, words):
        raise NotImplementedError


class Organisations(Kind):
    key, label = "organisationen", _("Organisations")
    is_suggested = True

    def found(self, user, asked, *, alike):
        return Organisation.objects.visible_to(user).answering(asked, alike=alike)

    def rows(self, user, keys, words=()):
        visible = Organisation.objects.visible_to(user).select_related("district")
        return visible.defer("district__outline").in_bulk(keys)

    def hit(self, row, words):
        told = " · ".join(part for part in (row.purpose, row.address, row.email, row.phone) if part)
        return Hit(
            row.get_absolute_url(),
            marked(row.name, words),
            f"{row.hint} · {row.number}",
            snippet([told], words, or_beginning=False),
        )


class People(Kind):
    key, label = "personen", _("People")
    is_suggested = True

    def found(self, user, asked, *, alike):
        return Person.objects.visible_to(user).answering(asked, alike=alike)

    def rows(self, user, keys, words=()):
        return Person.objects.visible_to(user).for_list().in_bulk(keys)

    def hit(self, row, words):
        known = " · ".join(part for part in (row.email, row.phone) if part)
        return Hit(row.get_absolute_url(), marked(row.name, words), row.hint, marked(known, words))


class Consultations(Kind):
    key, label = "beratungen", _("Consultations")

    def found(self, user, asked, *, alike):
        visible = Consultation.objects.visible_to(user)
        return visible.answering(asked, user=user, alike=alike).best_first(asked)

    def rows(self, user, keys, words=()):
        return (
            Consultation.objects.visible_to(user)
            .with_own_note_for(user)
            .select_related("organisation", "project")
            .defer("internal_note", "project__purpose", "organisation__purpose")
            .in_bulk(keys)
        )

    def hit(self, row, words):
        day = date_format(row.held_on, "d.m.Y")
        return Hit(
            row.get_absolute_url(),
            marked(f"{day} · {row.organisation or row.get_kind_display()}", words),
            f"{row.get_kind_display()} · {row.project}",
            snippet([row.result, row.own_note or "", row.next_step, row.place], words),
        )


class Visits(Kind):
    key, label = "besuche", _("Visits")

    def found(self, user, asked, *, alike):
        return Visit.objects.visible_to(user).answering(asked, alike=alike).newest_first()

    def rows(self, user, keys, words=()):
        return Visit.objects.visible_to(user).for_list().in_bulk(keys)

    def hit(self, row, words):
        day = date_format(row.visited_on, "d.m.Y")
        return Hit(
            row.get_absolute_url(),
            marked(f"{day} · {row.whom}", words),
            f"{row.address or row.district or ''} · {row.project}".removeprefix(" · "),
            snippet([row.situation, row.need, row.condition], words),
        )


class Papers(Kind):
    key, label = "unterlagen", _("Papers")

    def found(self, user, asked, *, alike):
        return Document.objects.visible_to(user).answering(asked, alike=alike)

    def rows(self, user, keys, words=()):
        rows = Document.objects.visible_to(user).for_list()
        return (rows.with_piece(words) if words else rows).in_bulk(keys)

    def hit(self, row, words):
        return Hit(
            row.get_absolute_url(),
            marked(row.title, words),
            f"{row.get_kind_display()} · {row.organisation}",
            snippet([row.latest_name or "", row.piece or ""], words, or_beginning=False),
        )


KINDS = [Organisations(), People(), Consultations(), Visits(), Papers()]
