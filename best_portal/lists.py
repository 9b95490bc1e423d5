"""A list on a page as a file: its columns are declared once, its rows are those of the page.

A column is a heading and where its value comes from: the way to it from the row, like
"organisation.name", or a function of the row. Whoever takes a list that is not everybody's leaves
a line in the log: which list, as which file, with which filters, never what they looked for.
"""

import re
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from best_portal.accounts.access import role_required
from best_portal.audit.models import Event
from best_portal.export import ENDINGS, file_response

CHUNK = 1000


class UnclearQuestionError(Exception):
    """The filters in the address cannot be understood; the list's page says why."""


def understood(filters):
    """The filters, where they make a question that can be answered."""
    if filters.is_valid():
        return filters
    raise UnclearQuestionError


def list_file(name, columns, *, page, roles=None, subject=None):
    """Make the view of a list's files out of the function that gives its rows.

    `name` is the file's, as words or as a function of what the address names; `page` the route of
    the list. Without `roles` the list is everybody's, and nothing is logged. The log entry is about
    whoever took the file, or about what `subject` finds for the address.
    """

    def make(rows_of):
        # No HEAD: who took a list is kept, and HEAD takes none.
        @require_GET
        @wraps(rows_of)
        def view(request, ending, **address):
            if ending not in ENDINGS:
                raise Http404
            try:
                rows = rows_of(request, **address)
            except UnclearQuestionError:
                return redirect(f"{reverse(page, kwargs=address)}?{request.GET.urlencode()}")
            if roles:
                about = subject(request, **address) if subject else request.user
                note(request, page, ending, about)
            words = name(**address) if callable(name) else name
            headings = [heading for heading, _source in columns]
            return file_response(ending, words, headings, cells_of(rows, columns))

        view = role_required(*roles)(view) if roles else login_not_required(view)
        view.list_page = page
        return view

    return make


NAME = re.compile(r"[a-z_]{1,30}", re.ASCII)


def note(request, page, ending, about):
    """Keep who took which list; of the filters only which were set, for names may be typed in."""
    Event.objects.record(
        actor=request.user,
        verb="list.exported",
        subject=about,
        list=page,
        ending=ending,
        filters=sorted(
            name
            for name, value in request.GET.items()
            # What is not a name of ours was typed by hand, too.
            if value and name != "page" and NAME.fullmatch(name)
        ),
    )


def cells_of(rows, columns):
    """The rows as lists of cells, fetched piece by piece."""
    pieces = rows.iterator(chunk_size=CHUNK) if hasattr(rows, "iterator") else rows
    return ([value_of(row, source) for _heading, source in columns] for row in pieces)


def value_of(row, source):
    """What stands in a column; on the way to it, nothing leads to nothing."""
    if callable(source):
        return source(row)
    for step in source.split("."):
        row = getattr(row, step)
        if callable(row):
            row = row()
        if row is None:
            break
    return row
