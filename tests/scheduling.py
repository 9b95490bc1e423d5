"""Which worker runs which test: who made something costly runs all that look at it."""

from xdist.scheduler.loadscope import LoadScopeScheduling

# xdist's own groups do not reach the scheduler under the pytest of today: it reads them from ids
# that pytest no longer lets it write.
MADE_ONCE = ("tests/test_demo_at_work.py",)
# Begun first, so that no worker is left alone with them at the end, and one of them makes the
# template of the databases while the other makes a data folder.
LONGEST = (*MADE_ONCE, "tests/start/")


def rank(item):
    """What to sort the tests by: those of LONGEST come first, in this order."""
    found = (place for place, path in enumerate(LONGEST) if item.nodeid.startswith(path))
    return next(found, len(LONGEST))


class Scheduling(LoadScopeScheduling):
    """Each test by itself to whoever is free; the tests of one file of MADE_ONCE together."""

    def _split_scope(self, nodeid):
        path = nodeid.partition("::")[0]
        return path if path in MADE_ONCE else nodeid
