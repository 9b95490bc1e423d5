"""Which worker runs which test: who made something costly runs all that look at it."""

from xdist.scheduler.loadscope import LoadScopeScheduling

# xdist's own groups do not reach the scheduler under the pytest of today: it reads them from ids
# that pytest no longer lets it write.
MADE_ONCE = ("tests/test_demo_at_work.py",)


class Scheduling(LoadScopeScheduling):
    """Each test by itself to whoever is free; the tests of one file of MADE_ONCE together."""

    def _split_scope(self, nodeid):
        path = nodeid.partition("::")[0]
        return path if path in MADE_ONCE else nodeid
