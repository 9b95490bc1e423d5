"""The findings of a report as they are now: what blocks first, then what deserves a look."""

from dataclasses import dataclass

from reports.figures import count
from reports.finding import Finding
from reports.findings import counted_for, findings
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


def check(report):
    """Count anew, within one moment of the database. Raises UnknownRuleError."""
    with snapshot():
        scope = Scope.of(report.grant, report.starts_on, report.ends_on)
        targets = report.grant.targets.select_related("indicator", "grant")
        counted = counted_for(report, [(target, *count(target, scope)) for target in targets])
        return Check(counted, findings(report, scope, counted))
