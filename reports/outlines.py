"""Which sections the Sachbericht of a grant has: those of its outline."""

from reports.models import Outline


def sections_of(grant):
    """The sections in the order of the form; none where no outline fits the grant."""
    outline = Outline.objects.of(grant)
    return outline.parts_for(grant.project) if outline else []
