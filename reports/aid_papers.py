"""The papers of de minimis aid: the declaration to sign, and the certificate of an award.

Both are German whoever asks for them: the authority and the next giver of aid read them.
"""

from datetime import datetime, time

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from consultations.clock import BERLIN
from reports import german, pdf
from reports.document import printable
from reports.glyphs import legible
from reports.group_papers import LIMITS, Funding
from reports.models import Declaration, DeMinimisAward

FORMS = {
    "grant": "Zuschuss",
    "advice": "Beratung oder Dienstleistung",
    "loan": "Darlehen",
    "guarantee": "Bürgschaft",
    "other": "Sonstiges",
}


def certificate(award):
    """Print the certificate of an award: a draft until the grant's notice lets us issue it."""
    declared = Declaration.objects.of([award.organisation]).newest_first().first()
    return printed(
        "de_minimis_certificate",
        f"De-minimis-Bescheinigung {award.number}",
        {
            "award": award,
            "grant": award.grant,
            "declaration": declared,
            "hours": german.hours(award.minutes),
            "funding": Funding.of_grant(award.grant),
            "is_draft": not award.grant.de_minimis_delegated,
        },
        award.awarded_at,
    )


def declaration(declaration):
    """Print what was declared, with what our own certificates add, ready to be signed."""
    lines = list(declaration.aids.all())
    own = DeMinimisAward.objects.in_force().of([declaration.organisation]).for_list()
    ours = own.granted_between(declaration.speaks_from, declaration.signed_on)
    return printed(
        "de_minimis_declaration",
        f"De-minimis-Erklärung {declaration.organisation.number}",
        {
            "declaration": declaration,
            "organisation": declaration.organisation,
            "received": [line_of(each) for each in lines if each.granted_on],
            "applied_for": [line_of(each) for each in lines if not each.granted_on],
            "ours": ours,
        },
        datetime.combine(declaration.signed_on, time(12), BERLIN),
    )


def line_of(aid):
    return {"aid": aid, "form": FORMS[aid.form], "day": german.day(aid.granted_on)}


def printed(template, title, context, created):
    with translation.override("de"):
        html = render_to_string(
            f"reports/pdf/{template}.html",
            context | {"title": title, "agency": settings.AGENCY},
        )
    return pdf.render(
        legible(html),
        title=printable(title),
        identifier=html,
        created=timezone.localtime(created),
        limits=LIMITS,
    ).content
