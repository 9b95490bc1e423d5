"""Operations of projects: whose money pays from when to when, said by the apps above.

How an app says it. Write a module with `operations(projects)` and name it in `settings.OPERATIONS`.
It gets primary keys of projects and yields (key of the project, first day, last day) of each
operation that counts who takes part; without any all the time of a project is one.
"""

from collections import defaultdict
from importlib import import_module

from django.conf import settings

from consultations.participation_rules import Operation


def operations_of(projects):
    """Project -> its operations, for projects given by their primary keys."""
    found = defaultdict(list)
    for path in settings.OPERATIONS:
        for project, *days in import_module(path).operations(projects):
            found[project].append(Operation(*days))
    return found
