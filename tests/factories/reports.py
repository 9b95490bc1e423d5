"""Money and what is reported about it: grants, aid, indicators, reports and their versions."""

import uuid
from datetime import date, timedelta
from decimal import Decimal

from django.utils import timezone

from best_portal.accounts.models import Role
from reports.models import (
    AidBasis,
    AidRate,
    Declaration,
    DeMinimisAward,
    DeMinimisRule,
    FinancingKind,
    Fund,
    FundCode,
    Grant,
    Indicator,
    IndicatorSet,
    Milestone,
    Outline,
    Profile,
    Programme,
    ProgrammeRule,
    Query,
    Report,
    ReportDuty,
    ReportKind,
    ReportVersion,
    Review,
    Rhythm,
    RuleKey,
    Submission,
    SubmissionWay,
    Target,
    Threshold,
    ThresholdKey,
    VolumeKind,
    working_days_after,
)
from reports.production import Produced
from reports.volumes import Bound, Manuscript
from tests.factories.base import YEAR, make_user, number
from tests.factories.consultations import make_consultation, make_project
from tests.factories.enterprises import make_enterprise
from tests.factories.settled import PART, SETTLEMENT, TERMS


def make_programme(officers=(), code=FundCode.ESF, **fields):
    if "fund" not in fields:
        fields["fund"] = Fund.objects.get_or_create(
            code=code, period="2021-2027", defaults={"name": str(code)}
        )[0]
    fields.setdefault("name", f"Musterprogramm {next(number)}")
    programme = Programme.objects.create(**fields)
    programme.officers.set(officers)
    return programme


def make_programme_rule(**fields):
    """A confirmed one, unless it says what is open."""
    if "programme" not in fields:
        fields["programme"] = make_programme()
    fields.setdefault("name", "Muster-Richtlinie")
    fields.setdefault("is_confirmed", not fields.get("note"))
    return ProgrammeRule.objects.create(**fields)


# What a notice names, and the threshold that keeps it.
NUMBERS = {
    "minimum_hours": ThresholdKey.HOURS,
    "participant_hours": ThresholdKey.PARTICIPANT,
    "new_enterprise_months": ThresholdKey.NEW_AGE,
    "inventory_from": ThresholdKey.INVENTORY,
    "keep_years": ThresholdKey.KEEPING,
}


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
    named = {key: fields.pop(name, None) for name, key in NUMBERS.items()}
    note = fields.pop("keep_note", "")
    grant = Grant.objects.create(**fields)
    for key, value in named.items():
        if value is None:
            continue
        grant.thresholds.create(
            key=key, value=value, source=note if key == ThresholdKey.KEEPING else ""
        )
    return grant


def make_rule(**fields):
    """The general rule as the migrations bring it; tests that empty the tables lose it."""
    return DeMinimisRule.objects.get_or_create(
        key=RuleKey.GENERAL,
        defaults={
            "ceiling": Decimal("300000.00"),
            "years": 3,
            "regulation": "Verordnung (EU) 2023/2831",
            "journal": "ABl. L, 2023/2831, 15.12.2023",
            "retention_years": 10,
            "register_since": date(2026, 1, 1),
            "register_days": 20,
            "source": "-",
            "since": date(2024, 1, 1),
            "until": date(2030, 12, 31),
        }
        | fields,
    )[0]


def make_aid_grant(rate="60.00", **fields):
    """A grant under which advice is de minimis aid, an hour at 60 EUR."""
    make_rule()
    if "project" not in fields:
        fields["project"] = make_project(starts_on=date(2020, 1, 1), ends_on=date(2029, 12, 31))
    grant = make_grant(aid_basis=AidBasis.DE_MINIMIS, **fields)
    AidRate.objects.create(
        grant=grant, rate=Decimal(rate), since=grant.starts_on, source="Kostenrechnung"
    )
    return grant


def make_declaration(*aids, **fields):
    """Signed on the last day of YEAR; each of `aids` is (day, value) with a number of its own."""
    if "organisation" not in fields:
        fields["organisation"] = make_enterprise()
    if "recorded_by" not in fields:
        fields["recorded_by"] = make_user()
    fields.setdefault("signed_on", date(YEAR, 12, 31))
    fields.setdefault("signed_by", "Maria Muster")
    declaration = Declaration.objects.create(**fields)
    for day, value in aids:
        declaration.aids.create(
            granted_on=day,
            giver="Musteramt",
            reference=f"Az. {next(number)}",
            amount=Decimal(value),
            value=Decimal(value),
            regulation="Verordnung (EU) 2023/2831",
        )
    return declaration


def make_award(**fields):
    """An hour of advice at 60 EUR, granted on the day it was held."""
    if "grant" not in fields:
        fields["grant"] = make_aid_grant()
    if "organisation" not in fields:
        fields["organisation"] = make_enterprise()
    if "consultation" not in fields:
        fields["consultation"] = make_consultation(
            project=fields["grant"].project, organisation=fields["organisation"]
        )
    fields.setdefault("rule", make_rule())
    fields.setdefault("granted_on", fields["consultation"].held_on)
    fields.setdefault("minutes", 60)
    fields.setdefault("rate", Decimal("60.00"))
    fields.setdefault("amount", Decimal("60.00"))
    fields.setdefault("recipient", fields["organisation"].name)
    fields.setdefault("retain_until", fields["granted_on"] + timedelta(days=3652))
    fields.setdefault("register_due_on", working_days_after(fields["granted_on"], 20))
    if "awarded_by" not in fields:
        fields["awarded_by"] = make_user()
    return DeMinimisAward.objects.create(**fields)


def make_indicator_set(**fields):
    fields.setdefault("name", f"Mustersatz {next(number)}")
    return IndicatorSet.objects.create(**fields)


def make_indicator(**fields):
    n = next(number)
    if "set" not in fields:
        fields["set"] = make_indicator_set()
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
    milestone, due_on = fields.pop("milestone", None), fields.pop("milestone_on", None)
    if milestone is not None:
        make_milestone(
            grant=fields["grant"], indicator=fields["indicator"], value=milestone, due_on=due_on
        )
    return Target.objects.create(**fields)


def make_milestone(**fields):
    if "grant" not in fields:
        fields["grant"] = make_grant()
    if "indicator" not in fields:
        fields["indicator"] = make_indicator()
    fields.setdefault("value", 1)
    fields.setdefault("due_on", fields["grant"].ends_on)
    return Milestone.objects.create(**fields)


def make_threshold(**fields):
    if "grant" not in fields:
        fields["grant"] = make_grant()
    fields.setdefault("key", ThresholdKey.HOURS)
    fields.setdefault("value", 8)
    return Threshold.objects.create(**fields)


def make_duty(**fields):
    if "grant" not in fields:
        fields["grant"] = make_grant()
    fields.setdefault("kind", ReportKind.INTERIM)
    fields.setdefault("rhythm", Rhythm.YEARS)
    fields.setdefault("months", 2)
    return ReportDuty.objects.create(**fields)


def make_outline(**fields):
    sections = fields.pop("sections", [{"key": "what", "heading": "Was war"}])
    fields.setdefault("profile", "senate")
    fields.setdefault("name", f"Muster {next(number)}")
    fields.setdefault("since", date(2020, 1, 1))
    fields.setdefault("source", "Bescheid")
    outline = Outline.objects.create(**fields)
    for position, section in enumerate(sections, start=1):
        outline.sections.create(position=position, **section)
    return outline


# In a section of the outline that grants of tests have.
WORDS = {"summary": "Beraten."}


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


VOUCHER = {
    "number": 1,
    "voucher": "B-1",
    "invoiced_on": None,
    "paid_on": "2024-03-05",
    "payee": "Muster Bürobedarf",
    "reason": "Papier",
    "note": "",
}


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
        "parts": [dict(PART)],
    }
    return {
        "indicators": [figure],
        "narrative": [{"key": "summary", "heading": "Zusammenfassung", "paragraphs": []}],
        "annex": [row | {"district": "Musterplatz", "case_number": "F-7"} for row in rows],
        "finances": [
            {
                "kind": "expense",
                "position": "2.1",
                "label": "Sachausgaben",
                "planned": "1000.00",
                "eligible": "1000.00",
                "actual": "100.00",
                "actual_eligible": "90.00",
                "since_start": "150.00",
                "since_start_eligible": "140.00",
                "vouchers": [VOUCHER | {"amount": "100.00", "eligible": "90.00"}],
                "earlier": [VOUCHER | {"amount": "50.00", "eligible": "50.00"}],
            },
            {"kind": "expense", "position": "2.2", "label": "Miete", "planned": "500.00"},
        ],
        "settlement": dict(SETTLEMENT),
        "terms": dict(TERMS),
        "counted": {"BEST-BER": [1, 3]},
        "counted_since": {"BEST-BER": None},
        "measures": {"BEST-BER": "rows"},
        "rules": [{"key": "BEST-BER", "version": "1", "text": "Jede Beratung zählt einmal."}],
        "breakdowns": [
            {
                "key": "areas",
                "title": "Leistungen nach Gebieten",
                "label": "Gebiet",
                "columns": ["Anzahl", "Stunden"],
                "rows": [{"label": "Musterplatz", "values": ["3", "2.25"], "counted": ["1-3"]}],
                "total": ["3", "2.25"],
                "chart": "bars",
                "note": "",
                "measures": ["rows", "minutes"],
                "rule": {"key": "areas", "version": "1", "text": "Jede Beratung zählt einmal."},
            }
        ],
    } | fields


def produced(**fields):
    """What a production hands over, small but whole."""
    fields.setdefault("frozen", frozen())
    fields.setdefault("pdf", b"%PDF-1.7 Muster")
    fields.setdefault("csv", "Schlüssel;Wert\r\n".encode("utf-8-sig"))
    fields.setdefault("json", b"{}")
    fields.setdefault("pages", 3)
    return Produced(**fields)


def bound(number=1, **fields):
    """A printed volume with a voucher in it."""
    manuscript = Manuscript(
        kind=VolumeKind.VOUCHERS,
        number=number,
        title=f"Anlagenband {number}: Belegliste",
        rows=1,
        first_day=date(YEAR, 1, 1),
        last_day=date(YEAR, 1, 1),
        html="",
    )
    return Bound(manuscript, fields.get("pdf", b"%PDF-1.7 Band"), pages=1)


def make_draft(result=None, **fields):
    """A finished version that nobody has released yet."""
    version = ReportVersion.objects.claim(make_version(**fields).pk)
    version.finish(result or produced(), seconds=1.5)
    version.refresh_from_db()
    return version


def make_releasable(result=None, **fields):
    """A draft of a report with words in it: nothing blocks its release."""
    grant = fields.pop("grant", None) or make_grant()
    fields.setdefault("report", make_report(grant=grant, narrative=WORDS))
    return make_draft(result, **fields)


def excuse(version):
    """Say why, of whatever the check of its data has found."""
    version.refresh_from_db()
    reasons = dict.fromkeys(version.frozen.get("blocked_by", []), "Muster")
    Report.objects.filter(pk=version.report_id).update(exceptions=reasons)


def let_out(version, by=None):
    """Release a version whatever the check of its data has found."""
    excuse(version)
    version.publish(by=by or make_user(Role.MANAGER), found=())
    return version


def make_released(result=None, **fields):
    return let_out(make_draft(result, **fields))


def make_officer(version=None):
    """The one who asks about it and accepts it."""
    version = version or make_draft()
    programme = version.report.grant.programme
    officer = programme.officers.first() or make_user(Role.FUNDER)
    programme.officers.add(officer)
    return officer


def make_review(**fields):
    """A draft that waits for what a second manager says."""
    version = fields.pop("version", None) or make_draft()
    fields.setdefault("by", make_user(Role.MANAGER))
    fields.setdefault("reviewer", make_user(Role.MANAGER))
    return Review.objects.ask(version, **fields)


def make_submitted(result=None, **fields):
    """A released version that was handed in today."""
    version = make_released(result, **fields)
    Submission.objects.hand_in(
        version,
        by=make_user(Role.MANAGER),
        submitted_on=timezone.localdate(),
        way=SubmissionWay.PORTAL,
    )
    return version


def make_query(**fields):
    """An open query about the only indicator of a submitted report."""
    version = fields.pop("version", None) or make_submitted()
    fields.setdefault("by", make_officer(version))
    fields.setdefault("section", "BEST-BER")
    fields.setdefault("heading", "BEST-BER Beratungen")
    fields.setdefault("text", "Warum nur zwei?")
    fields.setdefault("due_on", timezone.localdate() + timedelta(days=14))
    return Query.objects.ask(version, **fields)
