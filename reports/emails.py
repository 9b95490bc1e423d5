"""The letters about reports, each once and in the reader's language.

A leaf: it takes a version as it is and imports no model of this app. No letter says what a query
asks or an answer says: mail is read over shoulders.
"""

from best_portal.letters import written
from best_portal.outbox.post import post


def tell(what, version, people, *, key, **context):
    """Post the letter `emails/report_<what>.txt` to each of these accounts, under one key each."""
    report = version.report
    send(f"report_{what}", people, key=key, version=version, report=report, **context)


def send(template, people, *, key, not_after=None, **context):
    """Post one letter to each of these accounts; the same key is the same letter."""
    for person in people:
        subject, text = written(template, language=person.language, name=person.name, **context)
        post(
            key=f"{key}:{person.pk}",
            recipient=person.email,
            recipient_name=person.name,
            reader=f"{person._meta.label_lower}:{person.pk}",
            language=person.language,
            subject=subject,
            text=text,
            not_after=not_after,
        )
