"""From a version of a report to its frozen document: what is counted, and what is said about it."""

import re
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from os.path import commonprefix

from django.utils.translation import gettext_lazy as _

from reports import figures, german, splits
from reports.document import (
    OUTLINES,
    Change,
    Cover,
    Document,
    FinancingLine,
    Indicator,
    Logo,
    Notice,
    Rule,
    Section,
)
from reports.models import Report, VersionStatus

# Longer texts are shown in part where a version says what changed.
SHORT = 160


class UnknownRuleError(Exception):
    """An indicator names a counting rule this portal does not have."""

    sentence = _(
        "An indicator of the grant names a counting rule that this portal does not have. Choose "
        "another version of the indicator."
    )


def freeze(version, *, at):
    """Count and collect everything a version says, as of one moment of the database.

    Raises UnknownRuleError.
    """
    with figures.snapshot():
        report = Report.objects.select_related("grant__programme__fund", "grant__project").get(
            pk=version.report_id
        )
        grant = report.grant
        scope = figures.Scope.of(grant, report.starts_on, report.ends_on)
        targets = list(grant.targets.select_related("indicator"))
        counted = [count(target, scope) for target in targets]
        codes = [target.indicator.code for target in targets]
        document = Document(
            cover=cover(report, version.number),
            generated_at=at,
            narrative=narrative(report),
            indicators=tuple(
                line(target, *numbers, report.reasons.get(target.indicator.code, ""))
                for target, numbers in zip(targets, counted, strict=True)
            ),
            breakdowns=splits.breakdowns(scope),
            finances=finances(grant),
            annex=splits.annex(scope),
            rules=tuple(
                Rule(target.indicator.code, str(target.indicator.version), rule_text(target))
                for target in targets
            ),
            **evidence(scope, dict(zip(codes, counted, strict=True))),
            change_reason=version.change_note,
        )
        return replace(document, changes=changes(document, predecessor(version)))


def count(target, scope):
    """Return the figures of the period and since the grant's first day, each rounded once."""
    rule = figures.RULES.get(target.indicator.rule)
    if rule is None:
        raise UnknownRuleError(target.indicator.rule)
    decimals = target.indicator.decimals
    return rule(scope).rounded(decimals), rule(scope.cumulated).rounded(decimals)


def evidence(scope, counted):
    """Return the rows behind each figure of the period and behind the cumulated one, each once."""
    further = {
        code: cumulated
        for code, (in_period, cumulated) in counted.items()
        if cumulated != in_period
    }
    sessions = {pk for figure in further.values() if figure.rows is None for pk in figure.ids}
    return {
        "counted": {code: in_period.ids for code, (in_period, _) in counted.items()},
        "rows": {
            code: in_period.rows
            for code, (in_period, _) in counted.items()
            if in_period.rows is not None
        },
        "counted_since": {code: further[code].ids if code in further else None for code in counted},
        "rows_since": {
            code: figure.rows for code, figure in further.items() if figure.rows is not None
        },
        "earlier": splits.earlier(scope, sessions),
        "measures": {code: in_period.measure for code, (in_period, _) in counted.items()},
    }


def line(target, in_period, cumulated, reason):
    indicator = target.indicator
    percent = None
    if target.value:
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
    )


def rule_text(target):
    threshold = target.grant.minimum_hours
    if threshold is None or "Schwelle" not in target.indicator.rule_text:
        return target.indicator.rule_text
    return f"{target.indicator.rule_text} Schwelle: {german.number(threshold)} Stunden."


def cover(report, version):
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
            )
            for number, notice in enumerate(grant.notices.all())
        ),
        granted_total=grant.amount,
        paid_total=None,
        financing_kind=german.FINANCING[grant.financing],
        rate=grant.rate,
        granted_from=grant.starts_on,
        granted_to=grant.ends_on,
        period_from=report.starts_on,
        period_to=report.ends_on,
        started_on=project.starts_on,
        early_start=german.day(grant.early_start_on) if grant.early_start_on else "",
        areas=tuple(project.districts.order_by("name").values_list("name", flat=True)),
        logos=tuple(
            Logo(str(item.get("kind", "text")), str(item.get("text", "")), str(item.get("alt", "")))
            for item in grant.logos
        ),
    )


def narrative(report):
    """The sections of the funder's form; an empty line starts a new paragraph."""
    return tuple(
        Section(key, heading, paragraphs(report.narrative.get(key, "")))
        for key, heading in OUTLINES[report.grant.profile]
    )


def paragraphs(text):
    parts = re.split(r"\n\s*\n", text.replace("\r\n", "\n"))
    return tuple(part.strip() for part in parts if part.strip())


def finances(grant):
    return tuple(
        FinancingLine(item.kind, item.position, item.label, item.planned, item.eligible)
        for item in grant.plan_lines.all()
    )


def predecessor(version):
    """The version the funder has read last; its frozen document, or None."""
    released = version.report.versions.filter(
        status=VersionStatus.RELEASED, number__lt=version.number
    )
    return released.order_by("-number").values_list("frozen", flat=True).first()


def changes(document, earlier):
    """Say what the funder finds different from the version released before."""
    if earlier is None:
        return ()
    now, before = summary(document), summary_of(earlier)
    return tuple(
        Change(
            label,
            *from_difference(before.get(label, german.NOT_ASKED), now.get(label, german.NOT_ASKED)),
        )
        for label in {**now, **before}
        if now.get(label) != before.get(label)
    )


def summary(document):
    return summary_of(
        {
            "indicators": [vars(item) for item in document.indicators],
            "narrative": [vars(item) for item in document.narrative],
            "annex": [vars(item) for item in document.annex],
            "cover": vars(document.cover),
        }
    )


def summary_of(frozen):
    """Label -> what a frozen document says there, in the spelling of the paper."""
    said = {}
    for item in frozen.get("indicators", []):
        label = f"{item['code']} {item['name']}"
        said[f"{label}: Soll"] = german.number(item.get("target"))
        said[f"{label}: Ist im Zeitraum"] = german.number(item.get("in_period"))
        said[f"{label}: Ist kumuliert"] = german.number(item.get("cumulated"))
        said[f"{label}: Begründung"] = item.get("reason") or german.NOT_ASKED
    annex = frozen.get("annex", [])
    said["Beratungen in der Liste"] = german.number(len(annex))
    said["Minuten in der Liste"] = german.number(sum(row["minutes"] or 0 for row in annex))
    total = frozen.get("cover", {}).get("granted_total")
    said["Bewilligt insgesamt"] = german.number(total, 2)
    for section in frozen.get("narrative", []):
        said[f"Text: {section['heading']}"] = " ".join(section.get("paragraphs", ()))
    return said


def from_difference(before, now, lead=60):
    """Both texts shortened so that the place where they begin to differ is to be seen."""
    same = len(commonprefix([before, now]))
    start = same - lead if max(len(before), len(now)) > SHORT and same > lead else 0
    return shortened(before, start), shortened(now, start)


def shortened(text, start=0):
    if len(text) <= SHORT:
        return text
    end = "" if len(text) <= start + SHORT else " …"
    part = text[start : start + SHORT].strip()
    return f"{'… ' if start else ''}{part}{end} ({len(text)} Zeichen)"
