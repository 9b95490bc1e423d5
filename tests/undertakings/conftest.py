"""Who walks through the undertakings."""

from contextlib import contextmanager

import pytest
from django.core.cache import cache
from django.test import Client

from tests.browser import visit
from tests.undertakings.walking import OnFoot


@pytest.fixture
def on_foot(browser, live_server, sign_in):
    """Set out from the home page as somebody or as a visitor: `with on_foot(user) as way`."""
    cache.clear()

    @contextmanager
    def on_foot(user=None):
        client = sign_in(user, client=Client()) if user else None
        with visit(browser, live_server, client=client) as (page, seen):
            page.goto(live_server.url)
            yield OnFoot(page, seen)

    return on_foot
