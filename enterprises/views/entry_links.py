"""The directory without an account: entering oneself, and the pages behind the links of the mails.

Opening a page changes nothing, so the scanners of mail programs may open it: only buttons act.
"""

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from enterprises.forms.entries import AskForm, ChangeForm
from enterprises.models import Entry, EntryPart

reads_and_writes = require_http_methods(["GET", "HEAD", "POST"])


@login_not_required
@never_cache
@reads_and_writes
def new(request):
    """Five minutes: what one does, who one is, what everyone may see; then look into the mail."""
    form = AskForm(request.POST or None)
    if form.is_valid():
        if form.is_by_a_robot:
            return redirect("enterprises:entry_sent")
        if not ratelimit.consume(request, action="guest_contact"):
            form.add_error(None, _("Too many at once. Please try again in an hour, or call us."))
        else:
            form.ask(language=get_language()[:2])
            return redirect("enterprises:entry_sent")
    return render(request, "enterprises/entry_ask.html", {"form": form})


@login_not_required
@never_cache
@require_safe
def sent(request):
    return render(request, "enterprises/entry_sent.html")


def entry_of(token):
    return get_object_or_404(Entry.objects.by_token(token))


@login_not_required
@never_cache
@require_safe
def own(request, token):
    """What the link opens: to be confirmed, waiting, public with all one can do, or over."""
    entry = entry_of(token)
    held = set(entry.consents.filter(revoked_at=None).values_list("part", flat=True))
    context = {
        "entry": entry,
        "token": token,
        "parts": [(part, part.label, part in held) for part in EntryPart],
    }
    return render(request, "enterprises/entry_own.html", context)


@login_not_required
@require_POST
def confirm(request, token):
    told = _("Thank you. An advisor looks at your entry within two days.")
    return done(request, token, entry_of(token).confirm, told)


@login_not_required
@never_cache
@reads_and_writes
def change(request, token):
    """Write anew; the entry stays as it is until an advisor has looked at it."""
    entry = entry_of(token)
    if entry.status != "published":
        return redirect("enterprises:entry_own", token)
    form = ChangeForm(request.POST or None, instance=entry)
    if form.is_valid():
        told = _("Thank you. An advisor looks at the change within two days.")
        written = form.written()
        # The form has written into the row it was given.
        row = entry_of(token)
        return done(
            request,
            token,
            lambda: row.propose(written) if written else row.still_true(by=None),
            told if written else _("Thank you. Nothing was changed; we noted that all is true."),
        )
    return render(request, "enterprises/entry_change.html", {"form": form, "token": token})


@login_not_required
@never_cache
@reads_and_writes
def true(request, token):
    entry = entry_of(token)
    if request.method != "POST":
        return asked(request, entry, token, "true")
    told = _("Thank you. We ask again in a year.")
    return done(request, token, lambda: entry.still_true(by=None), told)


@login_not_required
@never_cache
@reads_and_writes
def end(request, token):
    entry = entry_of(token)
    if request.method != "POST":
        return asked(request, entry, token, "end")
    told = _("Your entry is not in the directory any more.")
    return done(request, token, lambda: entry.archive(by=None), told)


def asked(request, entry, token, what):
    if entry.status != "published":
        return redirect("enterprises:entry_own", token)
    context = {"entry": entry, "token": token, "what": what}
    return render(request, "enterprises/entry_asked.html", context)


@login_not_required
@require_POST
def restore(request, token):
    entry = entry_of(token)
    told = _("Your entry is in the directory again.")
    return done(request, token, lambda: entry.restore(by=None), told)


@login_not_required
@require_POST
def consent(request, token, part):
    """Take back what was agreed to, or agree to it: gone or there at once."""
    entry = entry_of(token)
    get_object_or_404(Entry.objects.filter(pk=entry.pk, status__in=("submitted", "published")))
    if part not in EntryPart.values:
        return redirect("enterprises:entry_own", token)
    if "agree" in request.POST:
        given = {"given_by": entry.keeper_name, "given_on": timezone.localdate(), "way": "form"}
        return done(
            request, token, lambda: entry.agree([part], by=None, **given), _("Noted. Thank you.")
        )
    told = _("Taken back: nobody sees it any more.")
    return done(request, token, lambda: entry.take_back(part, by=None), told)


def done(request, token, verb, success):
    """Let the verb act, say what came of it, and show the entry."""
    try:
        verb()
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, success)
    return redirect("enterprises:entry_own", token)
