"""What holds for every page: the person's language, the age of a session, the second factor."""

import time

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.access import second_factor_passed

SIGNED_IN_AT, SEEN_AT = "signed_in_at", "seen_at"
# Writing "seen" with every request would cost one more write per page.
SEEN_EVERY = 60
TOO_OLD = _("You were signed out because you had been signed in for half a day.")
TOO_QUIET = _("You were signed out because nothing happened for a while.")
# What somebody may reach who has shown only the first factor.
WITH_ONE_FACTOR = {
    "account_logout",
    "set_language",
    "set_theme",
    "imprint",
    "privacy",
    "accessibility",
    "help",
    "mfa_activate_totp",
    "mfa_reauthenticate",
}


class ReadableCookiesMiddleware:
    """Take no notice of cookies with a NUL in them: none is ours, and PostgreSQL refuses them."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.COOKIES = {
            name: value for name, value in request.COOKIES.items() if "\0" not in value
        }
        return self.get_response(request)


class LanguageMiddleware:
    """Activate the person's language, never the browser's.

    An office shares browsers, and a letter must come in the language of the one who reads it.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            language = request.user.language
        else:
            language = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        if language not in dict(settings.LANGUAGES):
            language = settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = language
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


class PrivatePagesMiddleware:
    """Keep pages of signed-in people out of every cache, and fragments out of sign-in pages."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        signed_in = request.user.is_authenticated
        response = self.get_response(request)
        if signed_in or request.user.is_authenticated:
            add_never_cache_headers(response)
        if "HX-Request" in request.headers and self._leads_to_sign_in(response):
            # htmx would put the sign-in page into the fragment; this makes it leave the page.
            return HttpResponse(status=204, headers={"HX-Redirect": response["Location"]})
        return response

    def _leads_to_sign_in(self, response):
        names = ("account_login", "mfa_activate_totp", "mfa_reauthenticate")
        doors = tuple(resolve_url(name) for name in names)
        return response.headers.get("Location", "").startswith(doors)


class SessionAgeMiddleware:
    """End a session at its greatest age, and one of staff sooner when nobody is there."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            now = int(time.time())
            started = request.session.setdefault(SIGNED_IN_AT, now)
            seen = request.session.setdefault(SEEN_AT, now)
            if now - started > settings.SESSION_COOKIE_AGE:
                return self._end(request, TOO_OLD)
            if request.user.needs_second_factor and now - seen > settings.SESSION_IDLE_SECONDS:
                return self._end(request, TOO_QUIET)
            if now - seen > SEEN_EVERY:
                request.session[SEEN_AT] = now
        return self.get_response(request)

    def _end(self, request, reason):
        logout(request)
        messages.info(request, reason)
        back = request.get_full_path() if request.method == "GET" else resolve_url("home")
        return redirect_to_login(back)


class SecondFactorMiddleware:
    """Show nothing to people who need a second factor until they have shown it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        user = request.user
        if (
            not user.is_authenticated
            or not user.needs_second_factor
            or request.resolver_match.view_name in WITH_ONE_FACTOR
            or second_factor_passed(request)
        ):
            return None
        # Set up on another device in the meantime: then the app is asked, not set up again.
        step = "mfa_reauthenticate" if is_mfa_enabled(user) else "mfa_activate_totp"
        return redirect(f"{resolve_url(step)}?{redirect_query(request)}")


def redirect_query(request):
    """Return `next=…` for the page asked for."""
    return redirect_to_login(request.get_full_path()).url.partition("?")[2]
