"""What everyone is shown of a story: its pages, feed and panels get it through here only."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from reports.models import Grant

EU = "Kofinanziert von der Europäischen Union"


@dataclass(frozen=True)
class PublicStory:
    """A story as everyone may read it: of the case nothing but the organisation's name."""

    title: str
    summary: str
    text: str
    organisation: str
    district: object
    href: str
    published_at: datetime
    # The funders' notice: one line for each who pays.
    notices: tuple[str, ...] = ()
    is_eu: bool = False


def shown(rows, *, with_notices=False):
    """PublicStory of each row of `Story.objects.public()`."""
    return [one(row, notices(row.project) if with_notices else ((), False)) for row in rows]


def one(row, noticed):
    lines, is_eu = noticed
    return PublicStory(
        title=row.title,
        summary=row.summary,
        text=row.text,
        organisation=row.organisation.name,
        district=row.organisation.district,
        href=row.get_absolute_url(),
        published_at=row.published_at,
        notices=lines,
        is_eu=is_eu,
    )


def notices(project):
    """Who paid for the project, as their grants say: (lines, whether the European Union did)."""
    lines, is_eu = [], False
    for grant in Grant.objects.filter(project=project).for_papers():
        logos = grant.logos_on(timezone.localdate())
        words = [logo["text"] for logo in logos if logo.get("text")]
        is_eu |= any(logo.get("kind") == "eu" for logo in logos)
        lines += words or [grant.programme.fund.name]
    return tuple(dict.fromkeys(lines)), is_eu
