"""HasLogoRow: the logos on a grant's papers, of which some stand there for a time only."""

from datetime import date

from django.db import transaction

from best_portal.audit.models import Event
from reports import german


def said_days(logo):
    """The days a logo stands on papers, as they are typed; empty where it always does."""
    days = (logo.get(name) for name in ("since", "until"))
    return german.days(*(day and date.fromisoformat(day) for day in days))


def days_of(logo):
    return {name: logo[name] for name in ("since", "until") if logo.get(name)}


class HasLogoRow:
    """The part of a grant that knows its row of logos."""

    def logos_on(self, day):
        """The row of logos as it stands on papers of that day."""
        said = day.isoformat()
        return [
            logo
            for logo in self.logos
            if (logo.get("since") or said) <= said <= (logo.get("until") or said)
        ]

    @property
    def logo_row(self):
        """(text, days it stands on papers, empty where it always does) of each logo."""
        return [(logo.get("text", ""), said_days(logo)) for logo in self.logos]

    @transaction.atomic
    def bring_logo(self, *, by, text, alt, image):
        """Give the logo of this text its picture; one that is not in the row yet becomes its last.

        The European emblem is drawn and takes no picture.
        """
        row = type(self).objects.select_for_update().get(pk=self.pk).logos
        logo = {"kind": "text", "text": text, "alt": alt, "image": image}
        places = [
            place
            for place, each in enumerate(row)
            if each.get("kind") != "eu" and each.get("text") == text
        ]
        # One logo may stand there for several times: each gets the picture and keeps its days.
        self.logos = [
            {**logo, **days_of(each)} if place in places else each for place, each in enumerate(row)
        ]
        if not places:
            self.logos.append(logo)
        self.save(update_fields=["logos"])
        Event.objects.record(actor=by, verb="grant.logo_brought", subject=self, text=text)
