"""The letters of the directory, to whoever keeps an entry; each holds the links to it.

A leaf: it takes entries as they are. Entries without an address get none: staff call instead.
"""

from django.conf import settings
from django.urls import reverse

from best_portal.letters import written
from best_portal.outbox.post import post


def ask_to_confirm(entry, *, not_after):
    post_to(entry, "entry_confirm", key="confirm", not_after=not_after)


def told_published(entry):
    post_to(entry, "entry_published", key=f"published:{entry.published_at:%Y%m%d%H%M%S}")


def told_refused(entry, because):
    key = f"refused:{entry.updated_at:%Y%m%d%H%M%S}:{entry.status}"
    post_to(entry, "entry_refused", key=key, because=because)


def ask_whether_true(entry):
    """The yearly question with its three answers; the same year's letter is one."""
    post_to(
        entry,
        "entry_yearly",
        key=f"true:{entry.checked_on}",
        grey_days=settings.ENTRY_GREY_AFTER_DAYS,
        archive_days=settings.ENTRY_ARCHIVE_AFTER_DAYS,
    )


def post_to(entry, template, *, key, not_after=None, **context):
    """Post one letter to the keeper of an entry, in their language."""
    if not entry.keeper_email:
        return
    links = {
        name: reverse(f"enterprises:entry_{name}", args=[entry.token])
        for name in ("own", "change", "true", "end")
    }
    subject, text = written(
        template, language=entry.language, entry=entry, name=entry.keeper_name, **links, **context
    )
    post(
        key=f"{entry.letters_key}:{key}",
        recipient=entry.keeper_email,
        recipient_name=entry.keeper_name,
        language=entry.language,
        subject=subject,
        text=text,
        not_after=not_after,
    )
