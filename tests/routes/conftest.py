"""Two worlds and a client for each visitor."""

import logging

import pytest
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


@pytest.fixture
def worlds(db):
    """The own world and a foreign one; only the manager is the same."""
    manager = make_user(Role.MANAGER)
    return World("eigen", manager), World("fremd", manager)


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
