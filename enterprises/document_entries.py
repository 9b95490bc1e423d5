"""What papers add to the case file: the panel of the newest, and each version in the timeline."""

from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from enterprises.models import DocumentVersion
from enterprises.timeline import Entry, Kind, Panel

LATEST = 20


def documents_of(organisation, user):
    documents = organisation.documents.visible_to(user).valid()
    newest = list(documents.for_list().newest_first()[: LATEST + 1])
    return {"documents": newest[:LATEST], "has_more": len(newest) > LATEST}


def versions_of(organisation, user):
    documents = organisation.documents.visible_to(user).valid()
    return DocumentVersion.objects.of(documents)


def version(row, user):
    return Entry(
        row.document.title,
        href=row.document.get_absolute_url(),
        who=row.uploaded_by.name,
        text=row.note,
        status=_("Version %(number)s") % {"number": row.number},
    )


KINDS = [
    Kind(
        name="paper",
        label=gettext_lazy("Papers"),
        rows=versions_of,
        moment=F("uploaded_at"),
        for_page=lambda rows, user: rows.for_list().select_related("document"),
        entry=version,
        advisors="uploaded_by",
    )
]
PANELS = [
    Panel(
        "documents",
        gettext_lazy("Papers"),
        "enterprises/_documents.html",
        documents_of,
        is_wide=True,
    )
]
