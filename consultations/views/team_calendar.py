"""The page of the team's calendar: a week or a day, of everybody or some; made to be printed."""

from django.shortcuts import render
from django.utils.http import urlencode

from consultations.agenda import Span
from consultations.forms.team_calendar import TeamCalendarFilter
from consultations.team_calendar import TeamCalendar


def team_calendar(request, **more):
    """Answer the agenda's address for the whole team; every choice is a part of the address."""
    form = TeamCalendarFilter(request.GET)
    span = asked_span(request, form)
    days = calendar_of(request.user, span, form).days()
    kept = {"wer": "team"} | form.query
    context = {
        "form": form,
        "span": span,
        "days": [day for day in days if span.is_day or day.entries or not day.is_weekend],
        "number": sum(day.appointments for day in days),
        "chosen": form.chosen.values(),
        "kept": f"&{urlencode(kept)}",
        "reset": f"?{span.moved(0)}&wer=team",
    }
    return render(request, "consultations/team_calendar.html", context | more)


def asked_span(request, form):
    span = Span.asked_for(request.GET)
    return span.around(form.day) if form.day else span


def calendar_of(user, span, form):
    return TeamCalendar(user, span.start, span.end, **form.chosen)


def asked_calendar(request):
    """The calendar that the address asks for."""
    form = TeamCalendarFilter(request.GET)
    return calendar_of(request.user, asked_span(request, form), form)
