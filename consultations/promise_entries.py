"""What the case file tells of promises: when each was made and settled, and those still open."""

from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from best_portal.db import BerlinMidnight
from enterprises.timeline import Entry, Kind, Panel


def made(promise, user):
    due = promise.due_on and _("by %(day)s") % {"day": f"{promise.due_on:%d.%m.%Y}"}
    return Entry(
        promise.what,
        href=promise.get_absolute_url() if user.is_staff_member else "",
        who=f"{promise.from_whom} → {promise.to_whom}",
        text=due or _("without a date"),
        status=_("promised"),
        tone="info",
    )


def settled(promise, user):
    return Entry(
        promise.what,
        href=promise.get_absolute_url() if user.is_staff_member else "",
        who=promise.from_whom,
        text=promise.dropped_because,
        status=str(promise.state),
        tone="success" if promise.kept_at else "neutral",
    )


def visible(organisation, user):
    return organisation.promises.visible_to(user)


def shown(rows, user):
    return rows.for_list()


def open_promises(organisation, user):
    """Those this reader may mark as kept, and the others; no panel for founders without any."""
    promises = visible(organisation, user).open().for_list().soonest_first()
    own = list(promises.keepable_by(user))
    others = [promise for promise in promises if promise not in own]
    return {"own": own, "others": others} if own or others or user.is_staff_member else None


KINDS = [
    Kind(
        name="promise",
        label=gettext_lazy("Promises"),
        rows=visible,
        moment=BerlinMidnight("made_on"),
        for_page=shown,
        entry=made,
        advisors="advisor",
        people="person",
    ),
    Kind(
        name="promise_settled",
        label=gettext_lazy("Promises"),
        family="promise",
        rows=lambda organisation, user: visible(organisation, user).settled(),
        moment=Coalesce("kept_at", "dropped_at"),
        for_page=shown,
        entry=settled,
        advisors="advisor",
        people="person",
    ),
]
PANELS = [
    Panel(
        "promises", gettext_lazy("Promises"), "consultations/_promises_panel.html", open_promises
    ),
]
