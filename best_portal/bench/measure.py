"""Time two ways to the same result in turn, and keep the median of each."""

import gc
from dataclasses import dataclass
from statistics import median
from time import perf_counter

WARM_UP, RUNS = 2, 11


@dataclass(frozen=True)
class Result:
    """Seconds of both ways: medians of as many runs, taken in turn."""

    name: str
    portal: float
    reference: float
    # How many of the same one run does.
    per_run: int = 1
    # The most memory one process of the portal took, where that was measured.
    peak_mib: int | None = None

    @property
    def ratio(self):
        return self.portal / self.reference

    def as_dict(self):
        return {
            "name": self.name,
            "portal_ms": round(self.portal * 1000, 2),
            "reference_ms": round(self.reference * 1000, 2),
            "ratio": round(self.ratio, 2),
        } | self.besides

    @property
    def besides(self):
        pace = {"per_second": round(self.per_run / self.portal, 1)} if self.per_run > 1 else {}
        return pace | ({"peak_mib": self.peak_mib} if self.peak_mib else {})


def seconds(work):
    gc.collect()
    begun = perf_counter()
    work()
    return perf_counter() - begun


def compare(name, portal, reference, runs=RUNS, per_run=1):
    """Run both in turn, so that a slow moment of the machine meets both."""
    for _ in range(WARM_UP):
        portal()
        reference()
    pairs = [(seconds(portal), seconds(reference)) for _ in range(runs)]
    return Result(name, median(a for a, _ in pairs), median(b for _, b in pairs), per_run)
