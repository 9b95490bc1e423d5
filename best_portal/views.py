"""Pages of the portal itself: home, language, theme, the texts every public site must have."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from best_portal.back import back
from best_portal.home import dashboard_for
from best_portal.navigation import THEME_COOKIE, THEMES

YEAR = 365 * 24 * 60 * 60


@login_not_required
@require_safe
def home(request):
    if not request.user.is_authenticated:
        return render(request, "home/welcome.html")
    return render(request, "home/dashboard.html", dashboard_for(request.user))


@login_not_required
@require_POST
def set_language(request):
    """Switch the language: for good where somebody is signed in, else for this browser."""
    language = request.POST.get("language")
    if language not in dict(settings.LANGUAGES):
        raise BadRequest
    if request.user.is_authenticated:
        request.user.choose_language(language)
    response = back(request)
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=YEAR,
        httponly=True,
        secure=settings.HTTPS,
        samesite="Lax",
    )
    return response


@login_not_required
@require_POST
def set_theme(request):
    """Switch between light, dark and what the device prefers."""
    theme = request.POST.get("theme")
    if theme not in THEMES:
        raise BadRequest
    response = back(request)
    response.set_cookie(
        THEME_COOKIE, theme, max_age=YEAR, httponly=True, secure=settings.HTTPS, samesite="Lax"
    )
    return response


def cookies_we_set():
    """Every cookie of the portal: name, what it is for, how long it stays. All are needed."""
    return [
        (settings.SESSION_COOKIE_NAME, _("keeps you signed in"), _("up to 12 hours")),
        (settings.CSRF_COOKIE_NAME, _("protects your entries from being forged"), _("one year")),
        (settings.LANGUAGE_COOKIE_NAME, _("remembers your language"), _("one year")),
        (THEME_COOKIE, _("remembers light or dark"), _("one year")),
    ]


@login_not_required
@require_safe
def text_page(request, name):
    return render(request, f"pages/{name}.html", {"cookies": cookies_we_set()})
