"""From a version of a report to its frozen document: what is counted, and what is said about it."""

import re
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from reports import german, splits
from reports.annexes import aid, inventory, programme_rules, publicity
from reports.changes import changes, predecessor, reasons
from reports.cover import Cover, Logo, Notice
from reports.document import Document, Ids, Indicator, IndicatorPart, Milestone, Rule, Section
from reports.figures import UnknownRuleError, count
from reports.findings import blocking, counted_for, open_codes
from reports.frozen_books import FrozenBooks
from reports.models import Report, Target, ThresholdKey
from reports.models.grant_change import told_by
from reports.outlines import sections_of
from reports.rule_words import on_paper
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
        targets = Target.objects.promised(grant, report.ends_on)
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
            terms=books.terms,
            annex=splits.annex(scope),
            inventory=inventory(grant, report.ends_on),
            aid=aid(grant, report.starts_on, report.ends_on),
            publicity=publicity(grant, report.starts_on, report.ends_on),
            programme_rules=programme_rules(grant, report.ends_on),
            rules=tuple(
                Rule(
                    target.indicator.code,
                    str(target.indicator.version),
                    rule_text(target),
                    on_paper(target.indicator),
                )
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
            frozen_part(ours, since)
            for ours, since in zip(in_period.parts, cumulated.parts, strict=True)
        ),
        milestones=tuple(Milestone(each.value, each.due_on) for each in target.milestones),
    )


def frozen_part(ours, since):
    """A part of a figure with its rows, in the period and since the start."""
    return IndicatorPart(
        ours.label,
        ours.value,
        since.value,
        ours.is_within,
        counted=None if ours.ids is None else Ids.of(ours.ids),
        counted_since=None if since.ids is None else Ids.of(since.ids),
        rows=ours.rows,
        rows_since=since.rows,
        dated=ours.dated,
        is_withheld=ours.is_withheld,
    )


def rule_text(target):
    """How it is counted, and the threshold it is counted by with the days it holds."""
    text, is_person = target.indicator.rule_text, target.indicator.rule.startswith("people_")
    key = ThresholdKey.PARTICIPANT if is_person else ThresholdKey.HOURS
    steps = target.grant.steps(key)
    if not steps or not (is_person or "Schwelle" in text):
        return text
    said = "; ".join(german.threshold(step, " Stunden") for step in steps)
    return f"{text} Schwelle: {said}."


def cover(report, version, books):
    grant, project = report.grant, report.grant.project
    fund = grant.programme.fund
    return Cover(
        form=grant.profile,
        kind=report.kind,
        version=version,
        authority=grant.authority,
        authority_address=grant.authority_address,
        intermediate_body=grant.intermediate_body,
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
        # A further grant of a project pays for what begins with it.
        started_on=max(project.starts_on, grant.accountable_from),
        early_start=german.day(grant.early_start_on) if grant.early_start_on else "",
        early_start_reference=grant.early_start_reference,
        input_tax=german.INPUT_TAX[grant.input_tax],
        areas=tuple(project.districts.order_by("name").values_list("name", flat=True)),
        logos=tuple(Logo.of(item) for item in grant.logos_on(report.ends_on)),
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
