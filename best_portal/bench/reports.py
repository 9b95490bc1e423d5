"""Accounting for the money over a million consultations, against bare SQL."""

from best_portal.bench.crowd import Crowd
from best_portal.bench.figures import counting

ROWS = 1_000_000


def benchmarks():
    """Yield one Result after the other."""
    yield from counting(Crowd(ROWS))
