"""Sheet: `request.draft`, what a page with a form knows of the drafts begun there."""

import uuid
from functools import cached_property

from django.core.exceptions import BadRequest, SuspiciousOperation, ValidationError
from django.db import DatabaseError
from django.forms import BaseFormSet
from django.http import UnreadablePostError

from best_portal.drafts import slips
from best_portal.drafts.models import Draft

OURS = ("csrfmiddlewaretoken", "draft", "draft_step", "draft_title", "draft_words")
LONGEST_STEP = 15
# `?entwurf=` names a draft to go on with, or says that a new sheet is wanted.
CHOICE, BLANK = "entwurf", "neu"
OTHERS = 5


class Sheet:
    """The form on the page: filled with what was typed before, and kept while it is typed."""

    def __init__(self, request):
        self.request = request
        self.is_used = False
        self.is_filled = False
        self.is_kept = False
        self.window = uuid.uuid4()

    # --- what the page shows ---

    @cached_property
    def address(self):
        """Where the form is opened again: the page's address without the choice of a draft."""
        asked = self.request.GET.copy()
        asked.pop(CHOICE, None)
        query = f"?{asked.urlencode()}" if asked else ""
        return f"{self.request.path}{query}"

    @cached_property
    def _begun(self):
        user = self.request.user
        is_opened = self.is_used and self.request.method in ("GET", "HEAD")
        if not is_opened or not user.is_authenticated:
            return []
        mine = Draft.objects.visible_to(user).open().on_page(self.request.path)
        return list(mine.newest_first().defer("fields"))

    @cached_property
    def draft(self):
        """The draft to go on with: the one chosen, else the newest of this very address."""
        chosen = self.request.GET.get(CHOICE, "")
        if chosen == BLANK:
            return None
        fitting = [draft for draft in self._begun if draft.address == self.address]
        named = [draft for draft in self._begun if str(draft.pk) == chosen]
        return next(iter(named + fitting), None)

    @property
    def others(self):
        """Further drafts begun on this page, where it has a form at all."""
        if not self.is_used:
            return []
        return [draft for draft in self._begun if draft != self.draft][:OTHERS]

    @property
    def blank_url(self):
        mark = "&" if "?" in self.address else "?"
        return f"{self.address}{mark}{CHOICE}={BLANK}"

    @property
    def token(self):
        """What the form's hidden field says; empty where nothing is kept."""
        user, before = self.request.user, self.slip
        is_kept = self.is_used and user.is_authenticated
        if not is_kept or len(self.address) > slips.LONGEST_ADDRESS:
            return ""
        address, follows, step = self.address, None, 0
        if before and before.user_id == user.pk:
            # The form comes back with what is wrong: this window goes on from what was sent.
            address, follows, step = before.address, before.window, self.posted_step
        elif self.is_filled:
            address, follows, step = self.draft.address, self.draft.window, self.draft.step
        return slips.Slip(user.pk, address, self.window, follows, step).written(user)

    def fill(self, form, *more):
        """Keep the form from now on, and put into it what was typed before; return the form.

        `more` are forms or formsets beside it. A form with fields that follow from others has
        `resumed()` to load them.
        """
        self.is_used = True
        if self.draft and not form.is_bound:
            typed = self.draft.typed
            for each in (form, *more):
                put_back = resume_rows if isinstance(each, BaseFormSet) else resume
                put_back(each, typed)
            self.is_filled = True
        return form

    # --- what was sent ---

    @cached_property
    def posted(self):
        """The fields of the form that was sent; nothing where they cannot be read."""
        if self.request.method != "POST":
            return {}
        try:
            return self.request.POST
        except (BadRequest, SuspiciousOperation, UnreadablePostError):
            return {}

    @cached_property
    def slip(self):
        return slips.read(self.posted.get("draft", ""))

    @property
    def posted_step(self):
        typed = self.posted.get("draft_step", "")
        return int(typed) if typed.isdecimal() and len(typed) <= LONGEST_STEP else 0

    def keep(self):
        """Keep what was sent as a draft of whose form it is; may refuse with ValidationError."""
        lists = self.posted.lists()
        fields = {clean(name): [clean(v) for v in vs] for name, vs in lists if name not in OURS}
        return Draft.objects.keep(
            self.slip,
            fields,
            step=self.posted_step,
            title=clean(self.posted.get("draft_title", ""))[:200],
            words=clean(self.posted.get("draft_words", ""))[:100],
        )

    def rescue(self):
        """Keep what was sent and did not arrive, as far as that is possible; say whether it was."""
        if self.slip and not self.is_kept:
            try:
                self.keep()
            except (ValidationError, DatabaseError):
                return False
            self.is_kept = True
        return self.is_kept

    def settle(self):
        """What was sent has arrived: there is no draft of it any more."""
        if self.slip:
            Draft.objects.settle(self.slip)


def clean(text):
    """Text as PostgreSQL takes it."""
    return text.replace("\0", "")


def resume(form, typed):
    """Let an unsent form start from what was typed, as each of its widgets reads it."""
    # A copy: the page may go on using what it gave the form.
    form.initial = dict(form.initial)
    for name, field in form.fields.items():
        key = form.add_prefix(name)
        if not field.disabled and not field.widget.value_omitted_from_data(typed, {}, key):
            form.initial[name] = field.widget.value_from_datadict(typed, {}, key)
    if hasattr(form, "resumed"):
        form.resumed()


def resume_rows(formset, typed):
    """The same for rows: saved ones by their key, new ones in their order."""
    column = "pk" if "pk" in formset.empty_form.fields else "id"
    prefixes = {form.prefix: typed.get(f"{form.prefix}-{column}", "") for form in formset}
    for form in formset:
        key = str(form[column].value() or "")
        source = next((prefix for prefix, typed_key in prefixes.items() if typed_key == key), None)
        if source is None:
            continue
        del prefixes[source]
        own, form.prefix = form.prefix, source
        resume(form, typed)
        form.prefix = own
