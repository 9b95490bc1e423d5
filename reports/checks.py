"""What a manager should look at before a report goes out: presets and hints, never refusals."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from best_portal.templatetags.figures import number
from reports import duties, milestones
from reports.models import ReportKind
from reports.money_reading import MoneyReading


@dataclass(frozen=True)
class Preset:
    """A period that reports of a grant usually have."""

    key: str
    label: str
    kind: str
    starts_on: date
    ends_on: date


def presets(grant, today):
    """Offer what the notice asks for and is not there yet, each year begun, the whole period.

    What is due next comes first.
    """
    first, last = grant.accountable_from, grant.ends_on
    whole = Preset("whole", _("the whole period"), ReportKind.FINAL, first, last)
    years = [
        Preset(
            str(year),
            _("the year %(year)s") % {"year": year},
            ReportKind.INTERIM,
            max(first, date(year, 1, 1)),
            min(last, date(year, 12, 31)),
        )
        for year in range(min(last, today).year, first.year - 1, -1)
    ]
    usual = [whole, *years] if last < today else [*years, whole]
    return asked_for(grant, today) + usual


def asked_for(grant, today):
    return [
        Preset(
            due.preset,
            _("%(report)s, due on %(day)s")
            % {"report": due.title, "day": date_format(due.due_on, "SHORT_DATE_FORMAT")},
            due.kind,
            due.starts_on,
            due.ends_on,
        )
        for due in duties.of_grants([grant], today)
        if due.is_report and due.report is None and due.starts_on <= today
    ]


def hints(grant, kind, starts_on, ends_on, today):
    """Say what is unusual about a report of this kind and period, in sentences."""
    found = []
    if ends_on >= today:
        found.append(_("The period has not ended yet. Its figures will still change."))
    if kind == ReportKind.FINAL and (starts_on, ends_on) != (grant.accountable_from, grant.ends_on):
        found.append(_("A final report usually covers the whole period of the grant."))
    found += [
        _("Some of these days are in another report already: %(report)s.") % {"report": other}
        for other in grant.reports.beside(kind, starts_on, ends_on)
    ]
    if not grant.project.consultations.valid().between(starts_on, ends_on).exists():
        found.append(_("No consultation of the project is logged in this period."))
    return found


def missed(figure, elapsed):
    """The sentence about a target, or a milestone on the way to it, that is missed."""
    if figure.is_behind and figure.percent is not None and figure.percent >= elapsed:
        # What is missing is less than what the printed percent shows.
        return _("%(code)s %(name)s: %(value)s of %(target)s, and no reason is given.") % {
            "code": figure.code,
            "name": figure.name,
            "value": number(figure.cumulated),
            "target": number(figure.target),
        }
    if figure.is_behind:
        return _(
            "%(code)s %(name)s: %(reached)s percent of the target after %(elapsed)s percent of "
            "the time, and no reason is given."
        ) % {
            "code": figure.code,
            "name": figure.name,
            "reached": number_format(figure.percent),
            "elapsed": elapsed,
        }
    return milestones.without_reason(
        figure.code, figure.name, figure.cumulated, figure.milestone, figure.milestone_on
    )


def before_release(version, reading):
    """Say what the funder would ask back about this very version."""
    report = version.report
    found = [missed(figure, reading.elapsed_percent) for figure in reading.missed_without_reason]
    found += MoneyReading(version.frozen).concerns
    if newer := report.versions.newer_than(version):
        found.append(
            _("There is a newer version of this report: version %(number)s.")
            % {"number": newer.number}
        )
    if empty := reading.empty_sections:
        found.append(
            ngettext(
                "One section has no text: %(sections)s.",
                "%(count)d sections have no text: %(sections)s.",
                len(empty),
            )
            % {"count": len(empty), "sections": ", ".join(empty)}
        )
    if report.written_at and report.written_at > (reading.made_at or version.requested_at):
        found.append(
            _("The texts have been changed since this version was made. It shows the old ones.")
        )
    return found
