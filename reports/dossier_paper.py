"""The dossier of a case on paper, for whoever takes it over; it says that it is confidential.

It lives here because the press does. Nothing of the funders stands on it: it goes to no one but
the two colleagues.
"""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from reports import pdf
from reports.document import printable
from reports.glyphs import legible
from reports.group_papers import LIMITS


def paper(dossier):
    """Print it as it is now, in German like every paper of the house."""
    now = timezone.now()
    title = f"Übergabedossier: {dossier.case.organisation.name}"
    html = render_to_string(
        "reports/pdf/dossier.html",
        {
            "title": title,
            "dossier": dossier,
            "case": dossier.case,
            "promises": dossier.promises,
            "people": dossier.people,
            "agency": settings.AGENCY,
            "today": timezone.localdate(now),
        },
    )
    return pdf.render(
        legible(html), title=printable(title), identifier=html, created=now, limits=LIMITS
    ).content
