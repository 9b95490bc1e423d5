"""Walk pages in Chromium: open them as somebody, look for what axe, the CSP and the console say.

    def test_the_list_is_accessible(browser, live_server, theme, width):
        with visit(browser, live_server, theme=theme, width=width) as (page, seen):
            page.goto(f"{live_server.url}/beratungen/")
            assert_sound(page, seen)

`theme` and `width` come from the decorators `themes` and `widths`. Somebody signed in is
`visit(…, client=sign_in(make_user()))`.
"""

from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Condition
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.test.client import ClientHandler

# What a browser does on its own must not look like a request of the page.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = settings.NODE_MODULES / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
# Only what is wrong comes back: everything that passed is far more than the pages themselves.
# Nothing is loaded again, which only a rule that is still an experiment and one about sound ask
# for, and no selectors are made up: its HTML says where a fault is.
AXE_RUN = """
(only) => axe.run(document, {
  runOnly: only, resultTypes: ["violations"], preload: false, selectors: false,
}).then((result) => result.violations)
"""
REPORT_VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => {
  window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`);
});
"""

themes = pytest.mark.parametrize("theme", ["light", "dark"])
widths = pytest.mark.parametrize("width", [1280, 320])


class UnderWay:
    """The requests the portal is answering now; what a page still asks must not meet the next
    test, whose tables are other ones."""

    def __init__(self):
        self.number, self.changed = 0, Condition()
        request_started.connect(self.more, weak=False)
        request_finished.connect(self.less, weak=False)

    def more(self, sender, **kwargs):
        self.count(sender, 1)

    def less(self, sender, **kwargs):
        self.count(sender, -1)

    def count(self, sender, change):
        # A test's own client, which Django names at the beginning only: no browser asked, and a
        # file left unread would be under way for ever.
        if sender in (ClientHandler, None):
            return
        with self.changed:
            self.number = max(0, self.number + change)
            self.changed.notify_all()

    def wait(self, seconds=10):
        """Return once nothing is under way, or after this time."""
        with self.changed:
            self.changed.wait_for(lambda: not self.number, seconds)
            self.number = 0


UNDER_WAY = UnderWay()


@dataclass
class Seen:
    """What went wrong while pages were open."""

    errors: list = field(default_factory=list)
    foreign: list = field(default_factory=list)


def watch(page, host):
    """Collect console errors, dialogs, requests that leave `host`; the page keeps violations."""
    seen = Seen()

    def requested(request):
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob", "about") and address.netloc != host:
            seen.foreign.append(request.url)

    def spoken(dialog):
        seen.errors.append(f"a dialog: {dialog.message}")
        dialog.dismiss()

    page.add_init_script(REPORT_VIOLATIONS)
    page.on("dialog", spoken)
    page.on("request", requested)
    page.on("pageerror", lambda error: seen.errors.append(str(error)))
    page.on("console", lambda said: seen.errors.append(said.text) if said.type == "error" else None)
    return seen


@contextmanager
def visit(browser, live_server, *, theme="light", width=1280, client=None, **options):
    """Open a fresh page, signed in as `client` is, and hand it over with what it does wrong."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=theme, locale="de-DE", **options
    )
    if client and settings.SESSION_COOKIE_NAME in client.cookies:
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])
    page = context.new_page()
    try:
        yield page, watch(page, urlsplit(live_server.url).netloc)
    finally:
        # A draft that a page sends as it closes would come when the test is over.
        context.route("**/entwuerfe/**", lambda route: route.abort())
        context.close()
        UNDER_WAY.wait()


def axe_violations(page):
    """Return what axe finds on the page, one line for each rule and place."""
    # Evaluated by the debugger, not by the page, so that the CSP may stay as strict as it is.
    page.evaluate(AXE.read_text(encoding="utf-8"))
    violations = page.evaluate(AXE_RUN, {"type": "tag", "values": RULES})
    return [
        f"{violation['id']}: {node['html'][:200]} ({node['failureSummary'][:300]})"
        for violation in violations
        for node in violation["nodes"]
    ]


def sideways(page):
    """Return by how many pixels the page is wider than the window."""
    return page.evaluate("document.documentElement.scrollWidth - window.innerWidth")


def assert_sound(page, seen):
    """Axe finds nothing, nothing is cut off sideways, the CSP holds, nothing left the machine."""
    assert axe_violations(page) == []
    assert sideways(page) <= 0
    assert page.evaluate("window.violations") == []
    assert seen.errors == []
    assert seen.foreign == []
