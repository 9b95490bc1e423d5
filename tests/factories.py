"""The smallest valid instances of our nouns: plain functions, every field can be given."""

import uuid
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from zoneinfo import ZoneInfo

from django.utils import timezone

from best_portal.accounts.models import Role, User
from best_portal.outbox.models import Letter
from consultations.models import (
    Absence,
    Appointment,
    BusyCalendar,
    BusyPeriod,
    CalendarFeed,
    ChangedDay,
    Consultation,
    ConsultationKind,
    OfficeHours,
    Project,
    ProjectTask,
    SupportCase,
    Topic,
    Weekday,
)
from consultations.models.calendars import digest_of
from districts.models import Borough, District
from enterprises.models import (
    Involvement,
    Organisation,
    OrganisationKind,
    Person,
)
from reports.models import (
    FinancingKind,
    Fund,
    FundCode,
    Grant,
    Indicator,
    Profile,
    Programme,
    Report,
    ReportKind,
    ReportVersion,
    Target,
)
from reports.production import Produced

BERLIN = ZoneInfo("Europe/Berlin")
# The year in which the tests' projects run: past, so that consultations may be logged in it.
YEAR = 2024

number = count(1)

# --- accounts ---


def make_user(role=Role.ADVISOR, **fields):
    n = next(number)
    fields.setdefault("email", f"{role}-{n}@beispiel.example")
    fields.setdefault("name", f"Muster {n}")
    return User.objects.create_user(role=role, **fields)


# --- outbox ---


def make_letter(**fields):
    n = next(number)
    fields.setdefault("key", f"muster:{n}:hallo")
    fields.setdefault("recipient", f"empfang-{n}@beispiel.example")
    fields.setdefault("subject", "Musterbrief")
    fields.setdefault("text", "Guten Tag\n")
    return Letter.objects.create(**fields)


# --- districts ---


def make_borough(key="03", name="Pankow"):
    return Borough.objects.get_or_create(key=key, defaults={"name": name})[0]


def make_district(**fields):
    n = next(number)
    fields.setdefault("name", f"Musterplatz {n}")
    fields.setdefault("slug", f"musterplatz-{n}")
    fields.setdefault("borough", make_borough())
    fields.setdefault("starts_on", date(1999, 1, 1))
    return District.objects.create(**fields)


# --- enterprises ---


def make_organisation(**fields):
    fields.setdefault("name", f"Muster-Initiative {next(number)}")
    fields.setdefault("kind", OrganisationKind.FOUNDING_INITIATIVE)
    return Organisation.objects.create(**fields)


def make_enterprise(**fields):
    fields.setdefault("kind", OrganisationKind.SOCIAL_ENTERPRISE)
    fields.setdefault("founded_on", date(YEAR, 1, 1))
    return make_organisation(**fields)


def make_person(**fields):
    fields.setdefault("name", f"Beispiel {next(number)}")
    return Person.objects.create(**fields)


def make_founder(organisation=None, **fields):
    """An account of a founder, with the person and their part in an organisation."""
    user = make_user(Role.FOUNDER, **fields)
    person = make_person(name=user.name, email=user.email, user=user)
    if organisation:
        Involvement.objects.create(person=person, organisation=organisation)
    return user


# --- consultations ---


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
    if "organisation" not in fields:
        fields["organisation"] = make_organisation()
    if "advisor" not in fields:
        fields["advisor"] = make_user()
    return SupportCase.objects.create(**fields)


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


# --- reports ---


def make_programme(officers=(), code=FundCode.ESF, **fields):
    if "fund" not in fields:
        fields["fund"] = Fund.objects.get_or_create(
            code=code, period="2021-2027", defaults={"name": str(code)}
        )[0]
    fields.setdefault("name", f"Musterprogramm {next(number)}")
    programme = Programme.objects.create(**fields)
    programme.officers.set(officers)
    return programme


def make_grant(**fields):
    n = next(number)
    if "project" not in fields:
        fields["project"] = make_project()
    if "programme" not in fields:
        fields["programme"] = make_programme()
    fields.setdefault("ref", f"zuwendung-{n}")
    fields.setdefault("profile", Profile.ESF)
    fields.setdefault("authority", "Musterbehörde")
    fields.setdefault("reference", f"Az. {n}")
    fields.setdefault("title", "Musterprojekt")
    fields.setdefault("purpose", "Beratung im Muster-Quartier.")
    fields.setdefault("recipient", "Musterverein e. V.")
    fields.setdefault("amount", Decimal("100000.00"))
    fields.setdefault("financing", FinancingKind.GAP)
    fields.setdefault("starts_on", fields["project"].starts_on)
    fields.setdefault("ends_on", fields["project"].ends_on)
    return Grant.objects.create(**fields)


def make_indicator(**fields):
    n = next(number)
    fields.setdefault("code", f"BEST-{n}")
    fields.setdefault("name", f"Musterindikator {n}")
    fields.setdefault("unit", "Anzahl")
    fields.setdefault("rule", "consultations")
    fields.setdefault("rule_text", "Jede Beratung zählt einmal.")
    fields.setdefault("starts_on", date(2000, 1, 1))
    return Indicator.objects.create(**fields)


def make_target(**fields):
    if "grant" not in fields:
        fields["grant"] = make_grant()
    if "indicator" not in fields:
        fields["indicator"] = make_indicator()
    return Target.objects.create(**fields)


def make_report(**fields):
    if "grant" not in fields:
        fields["grant"] = make_grant()
    fields.setdefault("kind", ReportKind.INTERIM)
    fields.setdefault("starts_on", fields["grant"].starts_on)
    fields.setdefault("ends_on", fields["grant"].ends_on)
    return Report.objects.create(**fields)


def make_version(**fields):
    """A version still waiting for a worker."""
    if "report" not in fields:
        fields["report"] = make_report()
    fields.setdefault("number", fields["report"].next_number())
    fields.setdefault("form_key", uuid.uuid4())
    fields.setdefault("requested_by", make_user(Role.MANAGER))
    return ReportVersion.objects.create(**fields)


def frozen(**fields):
    """A small frozen document: ten consultations promised, two held, and nothing written."""
    rows = [
        {"id": 1, "number": 1, "on": "2024-03-01", "kind": "Beratung", "minutes": 60},
        {"id": 2, "number": 2, "on": "2024-03-08", "kind": "Begleitung", "minutes": 45},
        {"id": 3, "number": 3, "on": "2024-03-15", "kind": "Beratung", "minutes": 30},
    ]
    figure = {
        "code": "BEST-BER",
        "name": "Beratungen",
        "unit": "Anzahl",
        "target": "10",
        "in_period": "2",
        "cumulated": "2",
        "percent": "20.0",
        "reason": "",
    }
    return {
        "indicators": [figure],
        "narrative": [{"key": "summary", "heading": "Zusammenfassung", "paragraphs": []}],
        "annex": [row | {"district": "Musterplatz", "case_number": "F-7"} for row in rows],
        "counted": {"BEST-BER": [1, 3]},
        "counted_since": {"BEST-BER": None},
        "measures": {"BEST-BER": "rows"},
        "rules": [{"key": "BEST-BER", "version": "1", "text": "Jede Beratung zählt einmal."}],
    } | fields


def produced(**fields):
    """What a production hands over, small but whole."""
    fields.setdefault("frozen", frozen())
    fields.setdefault("pdf", b"%PDF-1.7 Muster")
    fields.setdefault("csv", "Schlüssel;Wert\r\n".encode("utf-8-sig"))
    fields.setdefault("json", b"{}")
    fields.setdefault("pages", 3)
    return Produced(**fields)


def make_draft(result=None, **fields):
    """A finished version that nobody has released yet."""
    version = ReportVersion.objects.claim(make_version(**fields).pk)
    version.finish(result or produced(), seconds=1.5)
    version.refresh_from_db()
    return version


def make_released(result=None, **fields):
    version = make_draft(result, **fields)
    version.release(by=make_user(Role.MANAGER))
    return version
