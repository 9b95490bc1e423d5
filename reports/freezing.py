"""From a version of a report to its frozen document: what is counted, and what is said about it."""

import re
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from reports import german, splits
from reports.annexes import aid, inventory
from reports.changes import changes, predecessor, reasons
from reports.document import (
    Cover,
    Document,
    Ids,
    Indicator,
    IndicatorPart,
    Logo,
    Notice,
    Rule,
    Section,
)
from reports.figures import UnknownRuleError, count
from reports.findings import blocking, counted_for, open_codes
from reports.frozen_books import FrozenBooks
from reports.models import Report
from reports.models.grant_change import told_by
from reports.outlines import sections_of
from reports.scope import Scope, snapshot

__all__ = ["UnknownRuleError", "count", "freeze"]

NOTHING_STATED = "Dazu liegt noch keine Angabe vor."


def freeze(version, *, at):
    """Count and collect everything a version says, as of one moment of the database.

    Raises UnknownRuleError.
    """
    with snapshot():
        report = Report.objects.select_related("grant__programme__fund", "grant__project").get(
            pk=version.report_id
        )
        grant = report.grant
        scope = Scope.of(grant, report.starts_on, report.ends_on)
        targets = list(grant.targets.select_related("indicator"))
        counted = [count(target, scope) for target in targets]
        pairs = [(target, *numbers) for target, numbers in zip(targets, counted, strict=True)]
        codes = [target.indicator.code for target in targets]
        books = FrozenBooks.of(grant, report.starts_on, report.ends_on)
        document = Document(
            cover=cover(report, version.number, books),
            generated_at=at,
            narrative=narrative(report),
            indicators=tuple(
                line(target, *numbers, report.reasons.get(target.indicator.code, ""))
                for target, numbers in zip(targets, counted, strict=True)
            ),
            breakdowns=splits.breakdowns(scope),
            finances=books.lines,
            settlement=books.settlement,
            annex=splits.annex(scope),
            inventory=inventory(grant, report.ends_on),
            aid=aid(grant, report.starts_on, report.ends_on),
            rules=tuple(
                Rule(target.indicator.code, str(target.indicator.version), rule_text(target))
                for target in targets
            ),
            **evidence(scope, dict(zip(codes, counted, strict=True))),
            change_reason=version.change_note,
            blocked_by=open_codes(blocking(report, scope, counted_for(report, pairs))),
        )
        return replace(document, changes=changes(document, predecessor(version), reasons(version)))


def evidence(scope, counted):
    """Return the rows behind each figure of the period and behind the cumulated one, each once."""
    ids = {code: [Ids.of(figure.ids) for figure in both] for code, both in counted.items()}
    further = {
        code: cumulated
        for code, (in_period, cumulated) in counted.items()
        if (in_period.rows, ids[code][0]) != (cumulated.rows, ids[code][1])
    }
    sessions = {pk for figure in further.values() if figure.rows is None for pk in figure.ids}
    return {
        "counted": {code: ids[code][0] for code in counted},
        "rows": {
            code: in_period.rows
            for code, (in_period, _) in counted.items()
            if in_period.rows is not None
        },
        "counted_since": {code: ids[code][1] if code in further else None for code in counted},
        "rows_since": {
            code: figure.rows for code, figure in further.items() if figure.rows is not None
        },
        "earlier": splits.earlier(scope, sessions),
        "measures": {code: in_period.measure for code, (in_period, _) in counted.items()},
        "dated": {code: in_period.dated for code, (in_period, _) in counted.items()},
    }


def line(target, in_period, cumulated, reason):
    indicator = target.indicator
    percent = None
    if cumulated.value is None:
        # What is never measured says so in its rule; else nobody has stated anything yet.
        measured = indicator.rule != "not_measured"
        reason = reason or f"k. A.: {NOTHING_STATED if measured else indicator.rule_text}"
    elif target.value:
        percent = (100 * cumulated.value / target.value).quantize(Decimal("0.1"), ROUND_HALF_UP)
    return Indicator(
        code=indicator.code,
        name=indicator.name,
        unit=indicator.unit,
        target=target.value,
        in_period=in_period.value,
        cumulated=cumulated.value,
        percent=percent,
        reason=reason,
        parts=tuple(
            IndicatorPart(ours.label, ours.value, since.value, ours.is_within)
            for ours, since in zip(in_period.parts, cumulated.parts, strict=True)
        ),
        milestone=target.milestone,
        milestone_on=target.milestone_on,
    )


def rule_text(target):
    threshold = target.grant.minimum_hours
    if threshold is None or "Schwelle" not in target.indicator.rule_text:
        return target.indicator.rule_text
    return f"{target.indicator.rule_text} Schwelle: {german.number(threshold)} Stunden."


def cover(report, version, books):
    grant, project = report.grant, report.grant.project
    fund = grant.programme.fund
    return Cover(
        form=grant.profile,
        kind=report.kind,
        version=version,
        authority=grant.authority,
        authority_address="",
        grantee=grant.recipient,
        grantee_address=grant.recipient_address,
        grantee_contact=grant.recipient_contact,
        reference=grant.reference,
        programme=f"{grant.programme.name} ({fund.name}, {fund.period})",
        project=grant.title,
        purpose=grant.purpose,
        notices=tuple(
            Notice(
                notice.issued_on,
                notice.reference,
                notice.amount,
                "Änderungsbescheid" if number else "Zuwendungsbescheid",
                told_by(notice),
            )
            for number, notice in enumerate(grant.notices.prefetch_related("changes"))
        ),
        granted_total=grant.amount,
        paid_total=books.received,
        financing_kind=german.FINANCING[grant.financing],
        rate=grant.rate,
        granted_from=grant.starts_on,
        granted_to=grant.ends_on,
        period_from=report.starts_on,
        period_to=report.ends_on,
        started_on=project.starts_on,
        early_start=german.day(grant.early_start_on) if grant.early_start_on else "",
        areas=tuple(project.districts.order_by("name").values_list("name", flat=True)),
        logos=tuple(Logo.of(item) for item in grant.logos),
    )


def narrative(report):
    """The sections of the funder's form; an empty line starts a new paragraph."""
    return tuple(
        Section(each.key, each.heading, paragraphs(report.narrative.get(each.key, "")))
        for each in sections_of(report.grant)
    )


def paragraphs(text):
    parts = re.split(r"\n\s*\n", text.replace("\r\n", "\n"))
    return tuple(part.strip() for part in parts if part.strip())
