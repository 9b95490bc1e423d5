"""The findings of a report as they are now: what blocks first, then what deserves a look."""

from dataclasses import dataclass

from reports import findings, version_findings
from reports.figures import count
from reports.finding import Finding
from reports.models import Target
from reports.scope import Scope, snapshot


@dataclass(frozen=True)
class Check:
    """What was found, apart by weight."""

    counted: list
    found: list[Finding]

    @property
    def open(self):
        return [each for each in self.found if each.is_open]

    @property
    def explained(self):
        return [each for each in self.found if each.explanation]

    @property
    def to_look_at(self):
        return [each for each in self.found if not each.blocks]


def check(report, version=None, by=None):
    """Count anew, within one moment of the database; with the version somebody is to let out.

    Raises UnknownRuleError.
    """
    with snapshot():
        scope, counted = counted_for(report)
        found = findings.findings(report, scope, counted)
        if version:
            found = [
                *version_findings.blocking(version, by, found),
                *found,
                *version_findings.to_look_at(version),
            ]
        return Check(counted, found)


def hindering(version, by):
    """Only what refuses the release of a version to this person, of all that `check` finds."""
    report = version.report
    with snapshot():
        found = findings.blocking(report, *counted_for(report))
        found = [*version_findings.blocking(version, by, found), *found]
        return [each for each in found if each.is_open]


def counted_for(report):
    scope = Scope.of(report.grant, report.starts_on, report.ends_on)
    targets = Target.objects.promised(report.grant, report.ends_on)
    pairs = [(target, *count(target, scope)) for target in targets]
    return scope, findings.counted_for(report, pairs)
