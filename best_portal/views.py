"""Pages of the portal itself: home, language, theme, help."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.shortcuts import render
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


@login_not_required
@require_safe
def help_page(request):
    return render(request, "pages/help.html")
