"""What a form sent is kept until it has arrived: through ended sessions, refusals and errors."""

from urllib.parse import quote, urlsplit

from django.contrib import messages
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _

from best_portal.drafts.sheets import Sheet

DOORS = ("account_login", "mfa_activate_totp", "mfa_reauthenticate")


class DraftMiddleware:
    """Give each page its sheet; afterwards settle the draft of what was saved, keep all else."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.draft = sheet = Sheet(request)
        response = self.get_response(request)
        if request.method != "POST" or not sheet.slip:
            return response
        if self._is_door(response):
            return self._with_way_back(request, response) if sheet.rescue() else response
        if request.path == resolve_url("drafts:save"):
            return response
        if 300 <= response.status_code < 400:
            sheet.settle()
        else:
            sheet.rescue()
        return response

    def _is_door(self, response):
        target = urlsplit(response.headers.get("Location", "")).path
        return response.status_code == 302 and target in [resolve_url(name) for name in DOORS]

    def _with_way_back(self, request, response):
        """Lead to the door, and from there to the form, in which everything still stands."""
        messages.info(request, _("What you had written is kept as a draft. Sign in to go on."))
        door = urlsplit(response.headers["Location"]).path
        return redirect(f"{door}?next={quote(request.draft.slip.address)}")


def draft(request):
    """Context processor: `draft` for the forms of a page."""
    return {"draft": getattr(request, "draft", None)}
