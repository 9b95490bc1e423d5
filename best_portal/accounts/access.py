"""The doors: which roles may come through which view, and with how many factors."""

from functools import wraps

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.utils.http import url_has_allowed_host_and_scheme

DEMO_SIGN_IN = "signed_in_on_the_demo_page"


def role_required(*roles):
    """Let only these roles in; everyone else signed in gets a 403, strangers the sign-in page."""

    def door(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if request.user.role not in roles:
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.roles = roles
        return guarded

    return door


def second_factor_passed(request):
    """Whether this session showed the second factor; the demo's one click counts, in demos only."""
    if settings.DEMO and request.session.get(DEMO_SIGN_IN) == request.user.pk:
        return True
    records = get_authentication_records(request, request.user)
    return any(record["method"] == "mfa" for record in records)


def is_own_address(request, url):
    """Whether an address someone handed us is a path within this portal.

    Stricter than Django's check: browsers drop tabs and line ends before they read an address.
    """
    return (
        url.startswith("/")
        and url.isprintable()
        and url_has_allowed_host_and_scheme(url, allowed_hosts={request.get_host()})
    )
