"""What the tests of all routes share: expectations, addresses, and asking without traces."""

from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.urls import URLResolver, get_resolver, reverse

from best_portal.accounts.models import STAFF_ROLES, Role

FILE = Path(__file__).with_name("expectations.txt")
ANONYMOUS = "anonymous"
VISITORS = [ANONYMOUS, *Role.values]
GROUPS = {"everyone": VISITORS, "members": Role.values, "staff": STAFF_ROLES}
# The answers in words: the sign-in page, and the page on which the second factor is set up.
LOGIN, SECOND_FACTOR = "login", "second factor"


@dataclass(frozen=True)
class Expectation:
    """One line: a route, a method, the objects in the address, and each visitor's status."""

    route: str
    method: str
    objects: tuple
    # visitor → (status with an own object, status with a foreign one)
    statuses: dict

    def __str__(self):
        return " ".join([self.method, self.route, *self.objects])

    def of(self, visitor, *, own=True):
        refused = LOGIN if visitor == ANONYMOUS else "403"
        return self.statuses.get(visitor, (refused, refused))[0 if own else 1]

    def address(self, world):
        return reverse(self.route, kwargs=self.parameters(world))

    def parameters(self, world):
        """What the route calls its parameters, taken from the objects."""
        converters = ROUTES[self.route].pattern.converters
        return {
            name: converter.to_python(what[1:])
            if what.startswith("=")
            else key_of(world.objects[what], name)
            for (name, converter), what in zip(converters.items(), self.objects, strict=True)
        }


def key_of(subject, name):
    """What stands for an object in an address: its slug, its key … or the moment itself."""
    return getattr(subject, name, None) or getattr(subject, "pk", subject)


def read(line):
    route, method, objects, allowed = (part.strip() for part in line.split("|"))
    statuses = {}
    for entry in allowed.split(","):
        who, status = entry.split()
        own, _, foreign = status.partition("/")
        for visitor in GROUPS.get(who, [who]):
            assert visitor in VISITORS, f"{route}: unknown role {who}"
            statuses[str(visitor)] = (own, foreign or own)
    return Expectation(route, method, () if objects == "-" else tuple(objects.split()), statuses)


def expectations():
    lines = (line.strip() for line in FILE.read_text(encoding="utf-8").splitlines())
    return [read(line) for line in lines if line and not line.startswith("#")]


def routes(resolver=None, namespace=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern, inner)
        else:
            yield f"{namespace}{pattern.name}", pattern


ROUTES = dict(routes())
EXPECTED = expectations()


def ask(client, method, address, data=None, **options):
    """Send one request whose traces are undone: each meets the same world and the same session.

    A POST always carries something, for Django takes a form without any field as not sent.
    """
    if method == "POST" and data is None:
        data = {"sent": "1"}
    cookies = client.cookies.copy()
    try:
        with transaction.atomic():
            response = getattr(client, method.lower())(address, data, **options)
            transaction.set_rollback(True)
    finally:
        client.cookies = cookies
    return response


def outcome(response):
    """The status; a redirect to a door by the door's name."""
    doors = {LOGIN: "account_login", SECOND_FACTOR: "mfa_activate_totp"}
    target = response.headers.get("Location", "").partition("?")[0]
    for name, route in doors.items():
        if response.status_code == 302 and target == reverse(route):
            return name
    return str(response.status_code)
