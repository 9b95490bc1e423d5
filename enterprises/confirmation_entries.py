"""What confirmations add to the case file: a panel of questions, answers in the timeline."""

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.timeline import Entry, Kind, Panel

LATEST = 10


def visible(organisation, user):
    return organisation.confirmations.visible_to(user)


def asked_of(organisation, user):
    """The newest; founders get those still to be answered, by the page of each."""
    rows = visible(organisation, user).for_list().newest_first()
    if user.is_staff_member:
        return {"confirmations": rows[:LATEST]}
    to_answer = list(rows.to_answer())
    return {"confirmations": to_answer} if to_answer else None


def answer(row, user):
    return Entry(
        _("Job: %(job)s") % {"job": row.job.title} if row.job else _("The founding"),
        who=row.answered_by,
        text=row.words,
        status=row.get_status_display(),
        tone="success" if row.is_confirmed else "warning",
    )


KINDS = [
    Kind(
        name="confirmation",
        label=gettext_lazy("Confirmations"),
        rows=visible,
        moment=F("answered_at"),
        for_page=lambda rows, user: rows.for_list(),
        entry=answer,
        people="person",
    )
]
PANELS = [
    Panel(
        "confirmations", gettext_lazy("Confirmations"), "enterprises/_confirmations.html", asked_of
    ),
]
