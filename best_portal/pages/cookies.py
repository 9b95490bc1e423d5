"""Every cookie the portal sets, as the privacy page tells of it."""

from django.conf import settings
from django.utils.translation import gettext as _


def cookies_we_set():
    """Name, what it is for, how long it stays, of each. All are needed."""
    return [
        (settings.SESSION_COOKIE_NAME, _("keeps you signed in"), _("up to 12 hours")),
        (settings.CSRF_COOKIE_NAME, _("protects your entries from being forged"), _("one year")),
        (settings.LANGUAGE_COOKIE_NAME, _("remembers your language"), _("one year")),
        (settings.THEME_COOKIE, _("remembers light or dark"), _("one year")),
    ]
