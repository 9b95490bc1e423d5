"""What duplicates add to the case file: who else it may be, and what was merged into it."""

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.duplicates import alike_to
from enterprises.models import Merge
from enterprises.timeline import Entry, Kind, Panel


def alike_of(organisation, user):
    """Only for staff, and only where there is something to compare."""
    alike = alike_to(organisation, user)
    return {"alike": alike} if alike else None


def merged(row, user):
    status, tone = (_("undone"), "neutral") if row.undone_at else ("", "neutral")
    return Entry(
        _("Merged: %(name)s") % {"name": row.gone_name},
        href=row.get_absolute_url(),
        who=row.merged_by.name if row.merged_by else "",
        status=status,
        tone=tone,
    )


KINDS = [
    Kind(
        name="merge",
        label=gettext_lazy("Merges"),
        rows=lambda organisation, user: Merge.objects.visible_to(user).into(organisation),
        moment=F("merged_at"),
        for_page=lambda rows, user: rows.for_list(),
        entry=merged,
        advisors="merged_by",
    )
]
PANELS = [
    Panel("alike", gettext_lazy("Perhaps on file twice"), "enterprises/_alike_panel.html", alike_of)
]
