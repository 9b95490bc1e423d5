"""The rule of the waiting list, in one place and without a query.

1. Whoever has waited longest is asked first: of everyone whose wishes a time fits, the first who
   has had no offer in the last 24 hours. Whether by mail or on the phone makes no difference.
2. A time that was taken and is given back (cancelled, moved away, an offer declined or run out) is
   the list's before anybody else can see it, as long as somebody on it fits and can still be asked
   in time. What nobody was offered a quarter of an hour after asking began is everybody's.
3. Every other free time (new office hours, an absence withdrawn) is everybody's at once: the public
   page shows it, the list is offered it, and whoever is first has it.
4. An offer holds its time for four hours, and these lie between 8 and 20 on a working day, so that
   it passes in nobody's sleep and whoever is only called can be called. When they are over, the
   lead time of the office hours is still kept.
5. Nobody is offered a time twice, nor one they have or gave back themselves. Declining costs
   nothing; three offers in a row without an answer end the entry.
"""

from datetime import UTC, time, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from consultations.models.free_times import BERLIN, is_working_day, moment

OFFER_LASTS = timedelta(hours=4)
BETWEEN_OFFERS = timedelta(hours=24)
# How long after asking began a time given back still waits for the sweep.
KEPT_FOR_THE_SWEEP = timedelta(minutes=15)
OPENS, CLOSES = time(8), time(20)
NOON, EVENING = time(12), time(17)
MOST_UNANSWERED = 3
DAY = timedelta(days=1)


class WaitingStatus(models.TextChoices):
    UNCONFIRMED = "unconfirmed", _("not confirmed yet")
    WAITING = "waiting", _("on the list")
    BOOKED = "booked", _("booked")
    STOPPED = "stopped", _("taken off the list")
    EXPIRED = "expired", _("ended without an appointment")


ACTIVE = (WaitingStatus.UNCONFIRMED, WaitingStatus.WAITING)


class ReachedBy(models.TextChoices):
    MAIL = "mail", _("by e-mail")
    PHONE = "phone", _("by phone")


class OfferStatus(models.TextChoices):
    OPEN = "open", _("waiting for an answer")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    EXPIRED = "expired", _("not answered")
    WITHDRAWN = "withdrawn", _("withdrawn")


# Those that have an appointment: held while the offer is open, booked once it is accepted.
WITH_A_TIME = (OfferStatus.OPEN, OfferStatus.ACCEPTED)


class DayPart(models.TextChoices):
    MORNING = "morning", _("in the morning, before 12")
    AFTERNOON = "afternoon", _("in the afternoon, 12 to 17")
    EVENING = "evening", _("in the evening, from 17")


def day_part(clock):
    if clock < NOON:
        return DayPart.MORNING
    return DayPart.AFTERNOON if clock < EVENING else DayPart.EVENING


def asking_time(now):
    """Return the next moment at which somebody may be offered a time: `now` itself if it is one."""
    # In UTC: with a time zone, Python adds hours as the clock on the wall shows them.
    now = now.astimezone(UTC)
    day = now.astimezone(BERLIN).date()
    while True:
        if is_working_day(day) and now <= moment(day, CLOSES) - OFFER_LASTS:
            return max(now, moment(day, OPENS))
        day += DAY


def may_ask(now):
    return asking_time(now) == now


def offer_ends(now):
    """Four hours later, whatever the clocks do."""
    return now.astimezone(UTC) + OFFER_LASTS


def is_early_enough(time, at):
    """Whether an offer made at a moment would end before the lead time of its office hours."""
    return time.starts_at >= offer_ends(at) + timedelta(hours=time.office_hours.lead_hours)


def fits(wishes, time, areas):
    """Whether a time is what somebody waits for; what they left open does not count.

    `time` says when, in whose office hours and who is free then; `areas` holds the areas of each
    project, for office hours serve the whole project, as on the page of free times.
    """
    hours = time.office_hours
    met = [advisor.pk for advisor in time.advisors]
    starts = time.starts_at.astimezone(BERLIN)
    return (
        wishes.project_id in (None, hours.project_id)
        and (wishes.advisor_id is None or wishes.advisor_id in met)
        and wishes.channel in ("", hours.channel)
        and (
            wishes.district_id in (None, hours.district_id)
            or wishes.district_id in areas.get(hours.project_id, ())
        )
        and (not wishes.weekdays or starts.isoweekday() in wishes.weekdays)
        and (not wishes.day_parts or day_part(starts.time()) in wishes.day_parts)
        and (wishes.earliest_on is None or wishes.earliest_on <= starts.date())
    )
