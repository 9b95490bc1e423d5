"""The error pages: what went wrong, what to do now, whom to ask."""

import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

RETRY_AFTER_SECONDS = 30


def bare(status, template):
    """Render a page that asks neither the session nor the database."""
    html = render_to_string(template, {"agency": settings.AGENCY})
    return HttpResponse(html, status=status)


def bad_request(request, exception):
    return bare(400, "400.html")


def permission_denied(request, exception):
    return render(request, "403.html", status=403)


def csrf_failure(request, reason=""):
    """Refuse what may have been forged; a form of ours proves itself by its slip and is kept."""
    request.draft.rescue()
    return render(request, "403_csrf.html", status=403)


def page_not_found(request, exception):
    return render(request, "404.html", status=404)


def server_error(request):
    """Answer 503 with Retry-After while the database is away or too busy, else 500."""
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        response = bare(503, "503.html")
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
        return response
    return bare(500, "500.html")
