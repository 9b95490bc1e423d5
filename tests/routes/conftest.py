"""Two worlds and a client for each visitor."""

import logging
from copy import deepcopy

import pytest
from django.db import transaction
from django.test import Client

from best_portal.accounts.models import Role
from tests.factories import make_user
from tests.routes.matrix import ANONYMOUS
from tests.routes.world import World


@pytest.fixture(autouse=True)
def no_log_of_refusals():
    """Thousands of refusals are asked for here; only what breaks is worth a line."""
    loggers = [logging.getLogger(name) for name in ("django.request", "django.security")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    yield
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


@pytest.fixture(scope="module")
def worlds_of_the_file(django_db_setup, django_db_blocker):
    """Made once, in a transaction around those of the tests: what each changes is undone."""
    with django_db_blocker.unblock(), transaction.atomic():
        manager = make_user(Role.MANAGER)
        yield World("eigen", manager), World("fremd", manager)
        transaction.set_rollback(True)


@pytest.fixture
def worlds(worlds_of_the_file, db):
    """The own world and a foreign one; only the manager is the same."""
    # What a test reads again or changes in memory stays with it.
    return deepcopy(worlds_of_the_file)


@pytest.fixture
def visit(worlds, sign_in):
    """A client of the visitor with this role in the own world: `visit("founder")`."""
    own, _foreign = worlds

    def visit(visitor, **options):
        client = Client(raise_request_exception=False, **options)
        if visitor != ANONYMOUS:
            sign_in(own.people[Role(visitor)], client)
        return client

    return visit
