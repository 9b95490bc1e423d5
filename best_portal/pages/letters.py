"""The letters about reported barriers: to the agency at once, to who reported with the answer.

A leaf: it takes barriers as they are.
"""

from django.conf import settings

from best_portal.accounts.models import Language, Role, User
from best_portal.letters import written
from best_portal.outbox.post import post


def tell_the_agency(barrier):
    """To the agency's own address, or to every manager where it has none."""
    recipients = [("", settings.AGENCY["email"])] if settings.AGENCY["email"] else managers()
    for number, (name, address) in enumerate(recipients):
        subject, text = written("barrier_reported", language=Language.GERMAN, barrier=barrier)
        post(
            key=f"{barrier.letters_key}:reported:{number}",
            recipient=address,
            recipient_name=name,
            language=Language.GERMAN,
            subject=subject,
            text=text,
        )


def managers():
    people = User.objects.filter(role=Role.MANAGER, is_active=True).order_by("pk")
    return list(people.values_list("name", "email"))


def answer(barrier):
    """To who reported it; nobody where no address was left."""
    if not barrier.email:
        return
    subject, text = written(
        "barrier_answered", language=barrier.language, barrier=barrier, name=barrier.name
    )
    post(
        key=f"{barrier.letters_key}:answered",
        recipient=barrier.email,
        recipient_name=barrier.name,
        language=barrier.language,
        subject=subject,
        text=text,
    )
