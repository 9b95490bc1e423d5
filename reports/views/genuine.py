"""The public page that tells whether a file is a released document, and nothing else."""

from allauth.core import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from reports.forms.genuine import GenuineForm
from reports.genuine import genuine

TOO_OFTEN = 429


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request):
    """Whoever has no file learns nothing: there is no list, and a SHA-256 cannot be guessed."""
    if request.method != "POST":
        return render(request, "reports/genuine.html", {"form": GenuineForm()})
    form = GenuineForm(request.POST, request.FILES)
    if not ratelimit.consume(request, action="check_document"):
        return render(
            request, "reports/genuine.html", {"form": form, "too_often": True}, status=TOO_OFTEN
        )
    context = {"form": form}
    if form.is_valid():
        digest = form.digest
        context |= {"digest": digest, "found": genuine(digest), "is_answered": True}
    return render(request, "reports/genuine.html", context)
