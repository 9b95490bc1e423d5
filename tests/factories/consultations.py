"""Projects and the work in them: consultations, cases, appointments, groups, hours."""

import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from django.utils import timezone

from consultations.models import (
    Absence,
    Answer,
    Appointment,
    Assignment,
    BusyCalendar,
    BusyPeriod,
    CalendarFeed,
    ChangedDay,
    Consultation,
    ConsultationKind,
    ContactRule,
    Dossier,
    Employment,
    GroupSession,
    GroupStatus,
    Handover,
    OfferStatus,
    OfficeHours,
    Participation,
    Project,
    ProjectTask,
    Promise,
    Promiser,
    Question,
    Registration,
    RegistrationStatus,
    SupportCase,
    SupportTarget,
    TimeEntry,
    TimeKind,
    Topic,
    Visit,
    WaitingEntry,
    WaitingOffer,
    WaitingStatus,
    Weekday,
)
from consultations.models.calendars import digest_of
from consultations.models.waiting import new_identity
from enterprises.models import (
    Stage,
)
from tests.factories.base import BERLIN, YEAR, make_user, number
from tests.factories.enterprises import make_organisation, make_person

QUESTIONS = Path(__file__).parents[2] / "consultations" / "fixtures" / "questions.json"


def make_project(team=(), districts=(), evaluators=(), **fields):
    n = next(number)
    fields.setdefault("key", f"muster-{n}")
    fields.setdefault("name", f"Musterprojekt {n}")
    fields.setdefault("starts_on", date(YEAR, 1, 1))
    fields.setdefault("ends_on", date(YEAR, 12, 31))
    project = Project.objects.create(**fields)
    project.team.set(team)
    project.districts.set(districts)
    project.evaluators.set(evaluators)
    return project


def make_task(**fields):
    fields.setdefault("project", None)
    fields["project"] = fields["project"] or make_project()
    fields.setdefault("number", fields["project"].tasks.count() + 1)
    fields.setdefault("title", f"Musteraufgabe {fields['number']}")
    return ProjectTask.objects.create(**fields)


def make_topic(name=None):
    return Topic.objects.create(name=name or f"Musterthema {next(number)}")


def make_consultation(advisors=(), topics=(), **fields):
    fields.setdefault("project", None)
    fields["project"] = fields["project"] or make_project(team=advisors)
    fields.setdefault("kind", ConsultationKind.ADVICE)
    fields.setdefault("held_on", fields["project"].starts_on)
    fields.setdefault("minutes", 60)
    if "organisation" not in fields:
        fields["organisation"] = make_organisation()
    consultation = Consultation.objects.create(**fields)
    consultation.advisors.set(advisors)
    consultation.topics.set(topics)
    return consultation


def make_case(**fields):
    fields.setdefault("project", None)
    fields["project"] = fields["project"] or make_project()
    fields.setdefault("opened_on", fields["project"].starts_on)
    fields.setdefault("support_target", SupportTarget.PERSON)
    if "organisation" not in fields:
        fields["organisation"] = make_organisation()
    if "advisor" not in fields:
        fields["advisor"] = make_user()
    return SupportCase.objects.create(**fields)


def carried_questions():
    """The questions as the migration brings them, where a test has emptied the table."""
    if not Question.objects.exists():
        for row in json.loads(QUESTIONS.read_text(encoding="utf-8")):
            Question.objects.create(**row["fields"])
    return {question.code: question for question in Question.objects.all()}


def make_participation(project=None, **fields):
    carried_questions()
    fields["project"] = project or make_project(asks_participants=True)
    fields.setdefault("entered_on", fields["project"].starts_on)
    if "person" not in fields:
        fields["person"] = make_person(birth_on=date(1990, 5, 17), postcode="13357")
    return Participation.objects.create(**fields)


# The first part, complete.
COMPLETE = {"gender": "woman", "status": "inactive", "isced": "3-4"}


def write_answers(participation, by=None, consents=(), **given):
    """Let a participant say this; a value of None is "keine Angabe"."""
    questions = carried_questions()
    replies = {
        code: ("withheld", "") if value is None else ("given", value)
        for code, value in given.items()
    }
    Answer.objects.write_down(
        participation,
        replies,
        by=by or make_user(),
        questions=[questions[code] for code in given],
        consents=consents,
    )


def make_promise(**fields):
    """Made today by an advisor, without a date."""
    fields.setdefault("what", f"Musterzusage {next(number)}")
    fields.setdefault("promiser", Promiser.ADVISOR)
    fields.setdefault("made_on", min(timezone.localdate(), fields.get("due_on") or date.max))
    if "organisation" not in fields:
        fields["organisation"] = make_organisation()
    if "advisor" not in fields:
        fields["advisor"] = make_user()
    if fields["promiser"] == Promiser.PERSON and "person" not in fields:
        fields["person"] = make_person()
    return Promise.objects.create(**fields)


def make_contact_rule(**fields):
    """30 days for an idea, instead of whatever came with the portal."""
    fields.setdefault("stage", Stage.IDEA)
    fields.setdefault("days", 30)
    fields.setdefault("starts_on", date(2000, 1, 1))
    ContactRule.objects.filter(stage=fields["stage"]).delete()
    return ContactRule.objects.create(**fields)


def make_office_hours(**fields):
    """Mondays 9 to 12 without end, an hour each."""
    if "advisor" not in fields:
        fields["advisor"] = make_user()
    if "project" not in fields:
        fields["project"] = make_project(
            team=[fields["advisor"]], starts_on=date(2020, 1, 1), ends_on=date(2099, 12, 31)
        )
    fields.setdefault("weekday", Weekday.MONDAY)
    fields.setdefault("starts_at", "09:00")
    fields.setdefault("ends_at", "12:00")
    fields.setdefault("starts_on", date(2020, 1, 1))
    office_hours = OfficeHours.objects.create(**fields)
    office_hours.refresh_from_db()
    return office_hours


def make_team_hours(number=3, **fields):
    """Mondays 9 to 12 with a team of so many advisors, all on duty."""
    members = fields.pop("members", None) or [make_user() for _each in range(number)]
    if "project" not in fields:
        fields["project"] = make_project(
            team=members, starts_on=date(2020, 1, 1), ends_on=date(2099, 12, 31)
        )
    fields.setdefault("team", "Team Musterkiez")
    office_hours = make_office_hours(advisor=None, **fields)
    office_hours.members.set(members)
    return office_hours


def make_employment(**fields):
    """39.4 hours a week, since 2020."""
    if "user" not in fields:
        fields["user"] = make_user()
    fields.setdefault("function", "Beratung")
    fields.setdefault("weekly_hours", Decimal("39.40"))
    fields.setdefault("starts_on", date(2020, 1, 1))
    return Employment.objects.create(**fields)


def make_assignment(**fields):
    if "user" not in fields:
        fields["user"] = make_user()
    if "project" not in fields:
        fields["project"] = make_project(team=[fields["user"]])
    fields.setdefault("percent", Decimal("50.00"))
    fields.setdefault("starts_on", date(2099, 1, 1))
    return Assignment.objects.create(**fields)


def make_time_entry(**fields):
    """An hour for a project on a Monday."""
    if "user" not in fields:
        fields["user"] = make_user()
    fields.setdefault("kind", TimeKind.PROJECT)
    if fields["kind"] == TimeKind.PROJECT and "project" not in fields:
        fields["project"] = make_project(team=[fields["user"]])
    fields.setdefault("day", date(YEAR, 6, 3))
    fields.setdefault("minutes", 60)
    fields.setdefault("activity", "Teambesprechung")
    return TimeEntry.objects.create(**fields)


def make_absence(**fields):
    """The day of NINE."""
    fields.setdefault("starts_at", datetime(2030, 6, 3, tzinfo=BERLIN))
    fields.setdefault("ends_at", datetime(2030, 6, 4, tzinfo=BERLIN))
    if "advisor" not in fields:
        fields["advisor"] = make_user()
    return Absence.objects.create(**fields)


def make_changed_day(**fields):
    """The Monday of NINE, cancelled."""
    fields.setdefault("day", date(2030, 6, 3))
    if "office_hours" not in fields:
        fields["office_hours"] = make_office_hours()
    return ChangedDay.objects.create(**fields)


def make_calendar_feed(token="geheim", **fields):
    if "advisor" not in fields:
        fields["advisor"] = make_user()
    fields.setdefault("token_digest", digest_of(token))
    fields.setdefault("renewed_at", timezone.now())
    return CalendarFeed.objects.create(**fields)


def make_busy_calendar(**fields):
    if "advisor" not in fields:
        fields["advisor"] = make_user()
    fields.setdefault("address", "https://kalender.example/geheim.ics")
    return BusyCalendar.objects.create(**fields)


def make_busy_period(**fields):
    if "calendar" not in fields:
        fields["calendar"] = make_busy_calendar()
    fields.setdefault("starts_at", NINE)
    fields.setdefault("ends_at", fields["starts_at"] + timedelta(hours=1))
    return BusyPeriod.objects.create(**fields)


NINE = datetime(2030, 6, 3, 9, 0, tzinfo=BERLIN)  # a Monday


def make_appointment(**fields):
    fields.setdefault("starts_at", NINE)
    fields.setdefault("ends_at", fields["starts_at"] + timedelta(hours=1))
    if "advisor" not in fields:
        fields["advisor"] = make_user()
    if "project" not in fields:
        fields["project"] = make_project(team=[fields["advisor"]])
    if "person" not in fields:
        fields["person"] = make_person()
    return Appointment.objects.create(**fields)


def make_group_session(times=((NINE, NINE + timedelta(hours=2)),), leaders=None, **fields):
    """Announced, on the Monday of NINE, for two hours; a date for each (start, end)."""
    leaders = [make_user()] if leaders is None else leaders
    if "project" not in fields:
        fields["project"] = make_project(
            team=leaders, starts_on=date(2020, 1, 1), ends_on=date(2099, 12, 31)
        )
    if "planned_by" not in fields:
        fields["planned_by"] = leaders[0] if leaders else make_user()
    fields.setdefault("title", f"Musterkurs {next(number)}")
    fields.setdefault("status", GroupStatus.PUBLISHED)
    session = GroupSession.objects.create(**fields)
    session.leaders.set(leaders)
    for starts_at, ends_at in times:
        session.dates.create(
            starts_at=starts_at, ends_at=ends_at, agreed_at=timezone.now() - timedelta(days=30)
        )
    return session


def make_registration(**fields):
    """With the next seat of the session, asked for a month ago."""
    if "session" not in fields:
        fields["session"] = make_group_session()
    if "person" not in fields:
        n = next(number)
        fields["person"] = make_person(name=f"Beispiel {n}", email=f"p{n}@muster.example")
    fields.setdefault("status", RegistrationStatus.REGISTERED)
    if fields["status"] == RegistrationStatus.REGISTERED:
        session = fields["session"]
        fields.setdefault("seat", (session.registrations.free_seats(session.seats) or [1])[0])
        fields.setdefault("seated_at", timezone.now() - timedelta(days=30))
    fields.setdefault("queued_at", timezone.now() - timedelta(days=30))
    registration = Registration.objects.new(**fields)
    registration.save()
    return registration


def make_visit(**fields):
    """Today, to somebody who has no file."""
    if "advisor" not in fields:
        fields["advisor"] = make_user()
    if "project" not in fields:
        fields["project"] = make_project(
            team=[fields["advisor"]], starts_on=date(2020, 1, 1), ends_on=date(2099, 12, 31)
        )
    if "organisation" not in fields:
        fields.setdefault("name", f"Musterladen {next(number)}")
    fields.setdefault("logged_by", fields["advisor"])
    return Visit.objects.create(**fields)


def make_waiting_entry(**fields):
    """Somebody who waits for anything, by mail, since now."""
    if "person" not in fields and "name" not in fields:
        n = next(number)
        fields["person"] = make_person(
            email=f"warten-{n}@beispiel.example", phone=f"030 5550 {n:04}"
        )
    if fields.setdefault("status", WaitingStatus.WAITING) != WaitingStatus.UNCONFIRMED:
        fields.setdefault("joined_at", timezone.now())
    return WaitingEntry.objects.create(**new_identity() | fields)


def make_waiting_offer(**fields):
    """NINE, held two days before it until noon."""
    if "entry" not in fields:
        fields["entry"] = make_waiting_entry()
    if "office_hours" not in fields:
        fields["office_hours"] = make_office_hours()
    fields.setdefault("starts_at", NINE)
    fields.setdefault("ends_at", fields["starts_at"] + timedelta(hours=1))
    fields.setdefault("offered_at", fields["starts_at"] - timedelta(hours=49))
    fields.setdefault("until", fields["offered_at"] + timedelta(hours=4))
    fields.setdefault("next_from", fields["offered_at"] + timedelta(hours=24))
    if fields.setdefault("status", OfferStatus.OPEN) != OfferStatus.OPEN:
        fields.setdefault("answered_at", fields["until"])
    elif "appointment" not in fields:
        fields["appointment"] = make_appointment(
            person=None,
            status="held",
            held_until=fields["until"],
            advisor=fields["office_hours"].advisor,
            project=fields["office_hours"].project,
            office_hours=fields["office_hours"],
            starts_at=fields["starts_at"],
        )
    return WaitingOffer.objects.create(**fields)


def make_dossier(case=None, **fields):
    """Of a case that is still where it was; with `handover` of one that went to somebody."""
    case = case or make_case()
    if "handover" in fields:
        fields.setdefault("to", fields["handover"].to)
    return Dossier.objects.create(case=case, **fields)


def make_handover(**fields):
    if "giver" not in fields:
        fields["giver"] = make_user()
    if "to" not in fields:
        fields["to"] = make_user()
    fields.setdefault("handed_by", fields["giver"])
    return Handover.objects.create(**fields)
