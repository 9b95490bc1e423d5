"""Vouchers, payment requests, the inventory, and the rules they follow."""

import io
from datetime import date, timedelta
from decimal import Decimal

import pikepdf
from django.utils import timezone

from best_portal.accounts.models import Role
from consultations.models import MonthSheet, SheetStatus
from reports.models import (
    AccountingRule,
    AwardKind,
    Costing,
    CostMethod,
    Deliverable,
    EnterpriseAward,
    FunderPaper,
    InventoryItem,
    LimitKey,
    LineKind,
    NoticeFile,
    Origin,
    PaymentRequest,
    StaffRate,
    Voucher,
)
from tests.factories.base import YEAR, make_user, number
from tests.factories.consultations import make_project
from tests.factories.enterprises import checked_file, make_enterprise
from tests.factories.reports import make_grant


def make_plan_line(**fields):
    """A position of 10,000 EUR that takes vouchers."""
    if "grant" not in fields:
        fields["grant"] = make_grant()
    fields.setdefault("kind", LineKind.EXPENSE)
    fields.setdefault("position", f"2.{next(number)}")
    fields.setdefault("label", "Sachausgaben")
    fields.setdefault("planned", Decimal("10000.00"))
    if fields["kind"] == LineKind.INCOME:
        fields.setdefault("origin", Origin.THIRD)
    return fields["grant"].plan_lines.create(**fields)


def make_voucher(**fields):
    """A paid bill of 100 EUR, all of it eligible."""
    if "line" not in fields:
        fields["line"] = make_plan_line()
    fields.setdefault("grant", fields["line"].grant)
    fields.setdefault("number", f"B-{next(number)}")
    fields.setdefault("payee", "Muster Bürobedarf")
    fields.setdefault("reason", "Papier")
    fields.setdefault("paid_on", fields["grant"].starts_on)
    fields.setdefault("amount", Decimal("100.00"))
    fields.setdefault("eligible", fields["amount"])
    return Voucher.objects.record(by=fields.pop("by", None) or make_user(Role.MANAGER), **fields)


def make_payment(**fields):
    """A request of 1,000 EUR that nobody has paid yet."""
    if "grant" not in fields:
        fields["grant"] = make_grant()
    fields.setdefault("starts_on", fields["grant"].starts_on)
    fields.setdefault("ends_on", fields["grant"].ends_on)
    fields.setdefault("amount", Decimal("1000.00"))
    fields.setdefault("requested_on", fields["grant"].starts_on)
    return PaymentRequest.objects.request(
        by=fields.pop("by", None) or make_user(Role.MANAGER), **fields
    )


def empty_page():
    """A PDF with nothing on it."""
    file, pdf = io.BytesIO(), pikepdf.new()
    pdf.add_blank_page()
    pdf.save(file, deterministic_id=True)
    return file.getvalue()


def make_funder_paper(**fields):
    """An extract of time sheets that was handed over; its paper is an empty page."""
    if "grant" not in fields:
        fields["grant"] = fields["payment"].grant if fields.get("payment") else make_grant()
    fields.setdefault("kind", "payment" if fields.get("payment") else "time")
    fields.setdefault("starts_on", fields["grant"].starts_on)
    fields.setdefault("ends_on", fields["grant"].ends_on)
    fields.setdefault("pdf", empty_page())
    by = fields.pop("by", None) or make_user(Role.MANAGER)
    return FunderPaper.objects.hand_over(by=by, **fields)


def make_notice_file(**fields):
    """The letter of a notice of a grant."""
    if "notice" not in fields:
        grant = make_grant()
        fields["notice"] = grant.notices.create(
            issued_on=grant.starts_on, reference="Muster-1", amount=grant.amount
        )
    fields.setdefault("file", checked_file("bescheid.txt"))
    by = fields.pop("by", None) or make_user(Role.MANAGER)
    return NoticeFile.objects.bring(by=by, **fields)


def make_thing(**fields):
    if "grant" not in fields:
        fields["grant"] = make_grant()
    fields.setdefault("name", "Muster-Laptop")
    fields.setdefault("bought_on", fields["grant"].starts_on)
    fields.setdefault("price", Decimal("900.00"))
    return InventoryItem.objects.create(**fields)


def make_enterprise_award(**fields):
    """A grant of 5,000 EUR to an enterprise, on the first day of the money, still running."""
    if "grant" not in fields:
        fields["grant"] = make_grant()
    if "organisation" not in fields:
        fields["organisation"] = make_enterprise()
    fields.setdefault("kind", AwardKind.GRANT)
    fields.setdefault("granted_on", fields["grant"].starts_on)
    fields.setdefault("amount", Decimal("5000.00"))
    fields.setdefault("proof", "Muster: Bescheid")
    if fields.get("private_amount") is not None:
        fields.setdefault("confirmed_on", fields["granted_on"])
        fields.setdefault("confirmed_by", "Erika Muster")
    return EnterpriseAward.objects.create(**fields)


def make_cost_method(**fields):
    """A flat rate of 15 percent of the direct staff costs."""
    fields.setdefault("name", f"Muster-Pauschale {next(number)}")
    fields.setdefault("base", "staff")
    if fields["base"] in ("staff", "direct"):
        fields.setdefault("rate", Decimal("15.00"))
    elif fields["base"] == "hours":
        fields.setdefault("year_hours", 1720)
    fields.setdefault("since", date(2000, 1, 1))
    fields.setdefault("source", "Muster")
    return CostMethod.objects.create(**fields)


def make_accounting_rule(**fields):
    """A rule of a time before the rules the migrations bring."""
    fields.setdefault("key", LimitKey.OVERRUN)
    fields.setdefault("value", Decimal("20.00"))
    fields.setdefault("since", date(1990, 1, 1))
    fields.setdefault("until", date(1999, 12, 31))
    fields.setdefault("source", "Muster")
    return AccountingRule.objects.create(**fields)


def make_hour_line(**fields):
    return make_plan_line(costing=Costing.HOURS, method=make_cost_method(base="hours"), **fields)


def make_staff_rate(**fields):
    """A person at 34,400 EUR a year: 20 EUR an hour."""
    if "line" not in fields:
        fields["line"] = make_hour_line()
    if "person" not in fields:
        fields["person"] = make_user()
    fields.setdefault("gross_year", Decimal("34400.00"))
    fields.setdefault("since", fields["line"].grant.starts_on)
    fields.setdefault("source", "Lohnkonto")
    return StaffRate.objects.create(**fields)


def make_deliverable(**fields):
    if "line" not in fields:
        fields["line"] = make_plan_line(
            costing=Costing.LUMP, method=make_cost_method(base="results")
        )
    fields.setdefault("title", "Musterkonzept")
    fields.setdefault("amount", Decimal("5000.00"))
    return Deliverable.objects.create(**fields)


def make_closed_sheet(user=None, project=None, *minutes, day=date(YEAR, 1, 2)):
    """A month somebody has closed, with minutes on a day and on those that follow it."""
    days = [
        {"day": (day + timedelta(days=number)).isoformat(), "own": part}
        for number, part in enumerate(minutes)
    ]
    return MonthSheet.objects.create(
        user=user or make_user(),
        project=project or make_project(),
        month=day.replace(day=1),
        status=SheetStatus.CLOSED,
        rows={"days": days, "own": sum(minutes)},
        sha256="0" * 64,
        closed_at=timezone.now(),
    )
