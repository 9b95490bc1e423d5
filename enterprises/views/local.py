"""What the pages of forums, networks and partnerships share: one form, one verb, one answer."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from best_portal.conflicts import refuse


def form_page(request, form, title, verb, *, steps, back, deletes=None):
    """Answer with the form until the verb has been done, then with the page it leads to.

    `steps` are (label, address) of the pages above, `back` where one goes without saving and,
    unless the verb returns something with a page, after it; `deletes` the row that may be deleted.
    """
    if form.is_valid():
        try:
            done = verb()
        except ValidationError as refusal:
            refuse(refusal, form)
        else:
            messages.success(request, _("Saved."))
            return redirect(back or done)
    context = {"form": form, "title": title, "steps": steps, "back": back, "deletes": deletes}
    context["cancel"] = back or steps[-1][1]
    return render(request, "enterprises/local_form.html", context)


def do(request, verb, told, *, back):
    """Answer a button: do the verb, say so, and go back to the page it stood on."""
    try:
        verb()
    except ValidationError as refusal:
        messages.error(request, refusal.messages[0])
    else:
        messages.success(request, told)
    return redirect(back)
