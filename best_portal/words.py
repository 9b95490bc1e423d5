"""Words of Django itself that the portal says differently: its catalogue comes before Django's."""

from django.utils.translation import gettext_noop

DIFFERENTLY = [
    gettext_noop("This field is required."),
    gettext_noop("Enter a valid date."),
    gettext_noop("Enter a valid time."),
    gettext_noop("Enter a whole number."),
    gettext_noop("Enter a number."),
    gettext_noop("Enter a valid email address."),
    gettext_noop("Enter a valid value."),
]
