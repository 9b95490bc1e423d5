"""The demo's declined requests: who asked in vain in the last two months."""

import random
from datetime import timedelta

from consultations.models import DeclinedRequest, DeclineReason, RequestChannel, Topic
from districts.models import District

OUTSIDE = ("Potsdam", "Teltow", "Bernau", "Köpenick", "Zehlendorf", "Falkensee")
NAMED = ("Wirtschaftsförderung des Bezirks", "IHK Musterstadt", "Lotsendienst Beispielland")
DAYS = 56


def decline_requests(project, people, today):
    """Every few days somebody from elsewhere, now and then one for whom no time was free."""
    dice = random.Random("declined")
    topics = list(Topic.objects.order_by("pk"))
    areas = list(District.objects.filter(projects=project).order_by("pk"))
    for back in range(DAYS, 0, -3):
        on = today - timedelta(days=back)
        if dice.random() < 0.4:
            DeclinedRequest.objects.note(
                by=None, place=dice.choice(OUTSIDE), topic=dice.choice(topics), on=on
            )
        else:
            is_full = dice.random() < 0.3
            DeclinedRequest.objects.note(
                by=dice.choice(people.team),
                place=dice.choice(areas).name if is_full else dice.choice(OUTSIDE),
                topic=dice.choice([None, *topics]),
                reason=DeclineReason.NO_TIME if is_full else DeclineReason.OUTSIDE,
                referred_to=dice.choice(NAMED),
                channel=dice.choice([RequestChannel.PHONE, RequestChannel.VISIT]),
                on=on,
            )
