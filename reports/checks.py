"""What a manager is offered and told when a report is asked for: periods and hints, no refusals."""

from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from reports import duties
from reports.models import ReportKind
from reports.models.duty import years_of


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
            starts_on,
            ends_on,
        )
        for year, starts_on, ends_on in reversed(list(years_of(grant)))
        if year <= today.year
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


def is_final_in_part(grant, kind, starts_on, ends_on):
    whole = (grant.accountable_from, grant.ends_on)
    return kind == ReportKind.FINAL and (starts_on, ends_on) != whole


def final_in_part():
    return _("A final report usually covers the whole period of the grant.")


def hints(grant, kind, starts_on, ends_on, today):
    """Say what is unusual about a report of this kind and period, in sentences."""
    found = []
    if ends_on >= today:
        found.append(_("The period has not ended yet. Its figures will still change."))
    if is_final_in_part(grant, kind, starts_on, ends_on):
        found.append(final_in_part())
    found += [
        _("Some of these days are in another report already: %(report)s.") % {"report": other}
        for other in grant.reports.beside(kind, starts_on, ends_on)
    ]
    if not grant.project.consultations.valid().between(starts_on, ends_on).exists():
        found.append(_("No consultation of the project is logged in this period."))
    return found
