"""Mobile numbers: as people write them, and as gateways want them (E.164)."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

E164 = r"^\+[1-9][0-9]{6,14}$"
GERMANY = "+49"
# 015…, 016… and 017…: ten or eleven digits without the zero.
GERMAN_MOBILE = r"^\+491[567][0-9]{8,9}$"
BETWEEN = r"[\s().\-–/\u00a0]"


def international(typed):
    """Return a mobile number in E.164: "0170 123 45 67" is "+491701234567".

    Raises ValidationError where it is none; a number without a country is a German one.
    """
    digits = re.sub(BETWEEN, "", typed.replace("(0)", ""))
    digits = re.sub(r"^00", "+", digits)
    digits = re.sub(r"^(\+49)?0", GERMANY, digits)
    if not re.match(E164, digits):
        raise ValidationError(
            _("Write the number with digits only, such as 0170 1234567 or +48 501 234 567."),
            code="no_number",
        )
    if digits.startswith(GERMANY) and not re.match(GERMAN_MOBILE, digits):
        raise ValidationError(
            _("This is no mobile number: German ones begin with 015, 016 or 017."),
            code="not_mobile",
        )
    return digits
