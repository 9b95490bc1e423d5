"""The papers of group sessions: the list people sign, and the certificate each of them gets.

They live here and not beside the sessions, because both must carry the logos and notices of the
grants that pay for the project on those days, and grants are known to reports alone (imports point
one way). The pages of consultations lead here by the names of the addresses, as those of
enterprises lead to consultations.
"""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from consultations.models import Attendance
from reports import german, pdf
from reports.cover import Logo
from reports.document import printable
from reports.glyphs import legible
from reports.models import Grant

MIB = 2**20
# Somebody waits for these while a page loads; even a list of 500 people is far below.
LIMITS = pdf.Limits(memory=1024 * MIB, cpu=20, wall=25)
# How many columns to sign fit beside a name, and from how many the paper lies on its side.
MOST_COLUMNS, PORTRAIT = 4, 1
# Lines for whoever just comes.
SPARE_LINES = 4


@dataclass(frozen=True)
class Funding:
    """Who pays: the row of logos, and a line with the notice of each grant."""

    logos: tuple[Logo, ...]
    lines: tuple[str, ...]
    recipient: str

    @classmethod
    def of(cls, project, first_day, last_day):
        """The grants that pay for a project's work on these days, each logo once, the EU's first.

        The European emblem stands once, however many grants bring it: no other EU logo may
        stand beside it.
        """
        paying = Grant.objects.paying_for(project, first_day, last_day)
        return cls._of(list(paying.for_papers()), last_day)

    @classmethod
    def of_all(cls, projects, first_day, last_day):
        """The same for several projects at once."""
        paying = Grant.objects.paying_for_any(projects, first_day, last_day)
        return cls._of(list(paying.for_papers()), last_day)

    @classmethod
    def of_grant(cls, grant):
        """One grant alone: a paper between it and its recipient, of today."""
        return cls._of([grant], timezone.localdate())

    @classmethod
    def _of(cls, grants, day):
        logos = {}
        for item in (item for grant in grants for item in grant.logos_on(day)):
            logo = Logo.of(item)
            key = "eu" if logo.kind == "eu" else logo.text
            # Where only one grant has the picture of a logo, it stands for the others, too.
            if key not in logos or (logo.image and not logos[key].image):
                logos[key] = logo
        return cls(
            tuple(sorted(logos.values(), key=lambda logo: logo.kind != "eu")),
            tuple(line_of(grant) for grant in grants),
            next((grant.recipient for grant in grants), ""),
        )


def line_of(grant):
    notices = ", ".join(
        f"Bescheid vom {german.day(each.issued_on)}" for each in grant.notices.all()
    )
    parts = (grant.programme.fund, grant.programme, grant.authority, f"Az. {grant.reference}")
    return " · ".join([*map(str, parts), *([notices] if notices else [])])


@dataclass(frozen=True)
class Column:
    """One date on a paper."""

    day: str
    time: str
    minutes: int

    @classmethod
    def of(cls, date):
        starts, ends = (timezone.localtime(at) for at in (date.starts_at, date.ends_at))
        return cls(german.day(starts.date()), f"{starts:%H:%M}–{ends:%H:%M} Uhr", date.minutes)

    @property
    def hours(self):
        return german.hours(self.minutes)


def attendance_list(session):
    """Print the list to sign: a column for each date, lines to spare for who just comes.

    Whoever is noted as absent finds that instead of a place to sign.
    """
    dates = session.held_dates
    people = [line_for(each, dates) for each in session.registrations.for_attendance_list()]
    spare = 0 if session.status == "held" else max(SPARE_LINES, session.seats - len(people))
    parts = [
        {
            "columns": [Column.of(date) for date in dates[start : start + MOST_COLUMNS]],
            "lines": [line | {"cells": line["cells"][start:][:MOST_COLUMNS]} for line in people],
            "spare": range(len(people) + 1, len(people) + 1 + spare),
        }
        for start in range(0, max(len(dates), 1), MOST_COLUMNS)
    ]
    context = about(session, dates) | {"parts": parts, "is_wide": len(dates) > PORTRAIT}
    return printed("attendance_list", f"Teilnahmeliste: {session.title}", context, timezone.now())


def line_for(registration, dates):
    marks = {mark.date_id: mark for mark in registration.check_ins.all()}
    absent = [date.pk in marks and not marks[date.pk].is_present for date in dates]
    return {
        "name": registration.who,
        "organisation": registration.organisation or "",
        "cells": ["nicht da" if is_absent else "" for is_absent in absent],
        "hours": german.hours(registration.attended) if registration.attended else "",
    }


def certificate(registration):
    """Print what one person attended, by the consultations logged; None where they never came."""
    attended = list(Attendance.objects.for_certificate(registration))
    if not attended:
        return None
    session = registration.session
    rows = [
        (Column.of(each.consultation.group_date), german.hours(each.counted)) for each in attended
    ]
    context = about(session, [each.consultation.group_date for each in attended]) | {
        "name": registration.who,
        "rows": rows,
        "total": german.hours(sum(each.counted for each in attended)),
        "contents": [line.strip() for line in session.contents.splitlines() if line.strip()],
    }
    newest = max(each.consultation.updated_at for each in attended)
    return printed("certificate", f"Teilnahmebescheinigung: {session.title}", context, newest)


def about(session, dates):
    """What both papers say of a session."""
    days = [date.day for date in dates] or [timezone.localdate()]
    project = session.project
    return {
        "session": session,
        "project": project,
        "agency": settings.AGENCY,
        "funding": Funding.of(project, min(days), max(days)),
        "dates": [Column.of(date) for date in dates],
        "leaders": ", ".join(leader.name for leader in session.leaders.all()),
        "place": ", ".join(filter(None, [session.place, str(session.district or "")])),
    }


def printed(template, title, context, created: datetime):
    html = render_to_string(f"reports/pdf/{template}.html", context | {"title": title})
    return pdf.render(
        legible(html),
        title=printable(title),
        identifier=html,
        created=created,
        limits=LIMITS,
    ).content
