"""What a refused file is called, and the sentences several checks share."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


class RefusedFile(ValidationError):  # noqa: N818 - named for the reader of a sentence
    """The file is not kept; the message says why and what to do."""


HAS_MACROS = _(
    "This file contains macros, and files with macros are not accepted. Save it without macros or "
    "as PDF and upload that file."
)
DAMAGED = _("This file is damaged. Open it in its program, save it again and upload that file.")
