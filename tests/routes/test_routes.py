"""The doors, all of them: who gets what at which address, against a file written by hand."""

import re

import pytest
from django.db import connection, reset_queries
from django.test.utils import CaptureQueriesContext

from best_portal.accounts.middleware import WITH_ONE_FACTOR
from best_portal.accounts.models import SECOND_FACTOR_ROLES, Role
from tests.routes.matrix import (
    ANONYMOUS,
    EXPECTED,
    LOGIN,
    ROUTES,
    SECOND_FACTOR,
    VISITORS,
    ask,
    outcome,
)

WRONG_METHOD, REFUSED, NOWHERE = "405", "403", "404"
OTHER_METHODS = ("PUT", "DELETE", "HEAD", "OPTIONS")
# A session that is looked at may be written, and tries are counted in the cache.
MAY_BE_WRITTEN = ("django_session", "portal_cache")
WRITES = re.compile(r'^(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')


def test_every_route_has_its_line():
    written = {expectation.route for expectation in EXPECTED}

    assert set(ROUTES) - written == set(), "write their lines into expectations.txt"
    assert written - set(ROUTES) == set(), "these routes are gone"


def test_every_route_is_written_once_per_method_and_object():
    written = [str(expectation) for expectation in EXPECTED]

    assert len(written) == len(set(written))


@pytest.mark.slow
@pytest.mark.parametrize("visitor", VISITORS)
def test_everyone_gets_what_is_theirs(visitor, worlds, visit):
    own, foreign = worlds
    client, wrong = visit(visitor), []

    for expectation in EXPECTED:
        # Without an object there is nothing foreign in the address.
        sides = [(own, True), (foreign, False)][: 2 if expectation.objects else 1]
        for world, is_own in sides:
            expected = expectation.of(visitor, own=is_own)
            got = outcome(ask(client, expectation.method, expectation.address(world)))
            if got != expected:
                side = "own" if is_own else "foreign"
                wrong.append(f"{expectation} ({side}): expected {expected}, got {got}")

    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
@pytest.mark.parametrize("visitor", VISITORS)
def test_what_is_not_written_is_refused(visitor, worlds, visit):
    """GET or POST without a line does nothing: it is refused, or leads nowhere."""
    own, _foreign = worlds
    client, acted = visit(visitor), []
    written = {(expectation.route, expectation.method) for expectation in EXPECTED}

    for expectation in EXPECTED:
        for method in ("GET", "POST"):
            if (expectation.route, method) not in written:
                got = outcome(ask(client, method, expectation.address(own)))
                if got not in (WRONG_METHOD, REFUSED, NOWHERE, LOGIN):
                    acted.append(f"{method} {expectation.route}: {got}")

    assert not acted, "\n".join(acted)


@pytest.mark.slow
@pytest.mark.parametrize("visitor", [Role.MANAGER, Role.FOUNDER])
def test_no_other_method_changes_anything(visitor, worlds, visit):
    own, _foreign = worlds
    client, written = visit(visitor), []
    addresses = {expectation.address(own) for expectation in EXPECTED}

    for address in sorted(addresses):
        for method in OTHER_METHODS:
            # Django keeps no more than 9,000, over all of them together.
            reset_queries()
            with CaptureQueriesContext(connection) as queries:
                response = ask(client, method, address)
            tables = {found[1] for query in queries if (found := WRITES.match(query["sql"]))}
            if response.status_code >= 500 or tables - set(MAY_BE_WRITTEN):
                written.append(f"{method} {address}: {response.status_code}, {tables}")

    assert not written, "\n".join(written)


@pytest.mark.slow
@pytest.mark.parametrize("role", SECOND_FACTOR_ROLES)
def test_without_the_second_factor_no_page_opens(role, worlds, client):
    own, _foreign = worlds
    client.force_login(own.people[role])
    opened = []

    for expectation in EXPECTED:
        if expectation.route not in WITH_ONE_FACTOR:
            got = outcome(ask(client, expectation.method, expectation.address(own)))
            if got != SECOND_FACTOR:
                opened.append(f"{expectation}: {got}")

    assert not opened, "\n".join(opened)


@pytest.mark.slow
@pytest.mark.parametrize("visitor", [role for role in VISITORS if role != ANONYMOUS])
def test_an_object_is_found_only_below_its_own(visitor, worlds, visit):
    """The own organisation's address with a foreign one's fact leads nowhere; so do others."""
    own, foreign = worlds
    client, found = visit(visitor), []

    for expectation in EXPECTED:
        owner, *below = [each for each in expectation.objects if each[0] != "="] or ["-"]
        if owner not in ("organisation", "appointment") or not below:
            continue
        address = expectation.address(foreign).replace(
            f"/{foreign.objects[owner].pk}/", f"/{own.objects[owner].pk}/", 1
        )
        got = outcome(ask(client, expectation.method, address))
        if got not in (NOWHERE, REFUSED):
            found.append(f"{expectation}: {got}")

    assert not found, "\n".join(found)
