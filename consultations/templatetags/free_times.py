"""What pages of free times and appointments need to shape their rows."""

from django import template
from django.conf import settings
from django.utils.translation import gettext as _

from consultations.converters import MomentConverter
from consultations.models import OfficeHours, free_times

register = template.Library()

SATURDAY = 5


@register.filter
def by_day(times):
    return free_times.by_day(times)


@register.filter
def is_weekend(day):
    return day.weekday() >= SATURDAY


@register.simple_tag
def whose_tabs(span, is_team=False):
    """One's own appointments or the team's, in the same days."""
    here = span.moved(0)
    return [
        (_("Mine"), f"?{here}", not is_team),
        (_("Team"), f"?{here}&wer=team", is_team),
    ]


@register.inclusion_tag("consultations/_by_agreement.html")
def by_agreement():
    """The office hours people cannot book here, with the number to call."""
    return {"rows": OfficeHours.objects.by_agreement().for_list(), "agency": settings.AGENCY}


@register.filter
def as_moment(at):
    """A moment as addresses and buttons spell it."""
    return MomentConverter().to_url(at)
