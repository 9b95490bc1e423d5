"""The letter that confirms an appointment on paper, for whoever has no e-mail.

It lives here for the reason the papers of group sessions do: the logos and notices of the grants
that pay for the project belong on it.
"""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from reports import pdf
from reports.document import printable
from reports.glyphs import legible
from reports.group_papers import LIMITS, Funding


def letter(appointment):
    """Print the letter, in the language of who reads it; a cancelled one says that."""
    now = timezone.now()
    day = timezone.localdate(appointment.starts_at)
    with translation.override(appointment.person.language):
        title = f"{_('Your appointment')} {appointment.reference}"
        html = render_to_string(
            "reports/pdf/appointment_letter.html",
            {
                "title": title,
                "appointment": appointment,
                "agency": settings.AGENCY,
                "funding": Funding.of(appointment.project, day, day),
                "today": timezone.localdate(now),
            },
        )
    return pdf.render(
        legible(html), title=printable(title), identifier=html, created=now, limits=LIMITS
    ).content
