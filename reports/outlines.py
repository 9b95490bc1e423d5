"""Which sections the Sachbericht of a grant has, and what was written under former ones."""

from django.utils.translation import gettext as _

from reports.models import Outline, OutlineSection


def sections_of(grant):
    """The sections in the order of the form; none where no outline fits the grant."""
    outline = Outline.objects.of(grant)
    return outline.parts_for(grant.project) if outline else []


def left_over(report):
    """[(heading, text)] of what stands under sections that the outline does not have (any more).

    It is kept, and printed nowhere.
    """
    sections = {part.key for part in sections_of(report.grant)}
    texts = {
        key: text for key, text in report.narrative.items() if text.strip() and key not in sections
    }
    known = OutlineSection.objects.filter(key__in=texts).exclude(heading="").order_by("pk")
    headings = dict(known.values_list("key", "heading"))
    return [(headings.get(key) or _("Former section"), text) for key, text in texts.items()]
