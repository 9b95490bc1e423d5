"""Back to the page a form stood on, for small forms that stand on every page."""

from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme


def back(request):
    """Redirect to the page the form was on, never to another site."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        target = "home"
    return redirect(target)
