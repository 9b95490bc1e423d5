"""Which pages there are and who reads them, and what is looked at on each of them."""

from contextlib import contextmanager
from urllib.parse import urlsplit

from django.test import Client

from best_portal.accounts.models import Role
from tests.browser import AXE, AXE_RUN, RULES, sideways, visit
from tests.factories import make_user
from tests.routes.matrix import ANONYMOUS, EXPECTED, VISITORS, ask
from tests.routes.world import World

OK = "200"
# The page's own form, if it asks for anything.
OWN_FORM = """
  const here = location.pathname;
  const form = [...document.querySelectorAll("main form[method=post]")].find(
    (form) => new URL(form.action, location).pathname === here
      && form.querySelector("input:not([type=hidden]), select, textarea"));
"""
ASKS = f"() => {{ {OWN_FORM} return Boolean(form); }}"
# Emptied and sent without the browser's own checks, by its first button.
SEND_EMPTY = f"""
() => {{
  {OWN_FORM}
  for (const field of form.querySelectorAll("input:not([type=hidden]), select, textarea")) {{
    if (field.type === "checkbox" || field.type === "radio") field.checked = false;
    else field.value = "";
  }}
  form.noValidate = true;
  form.requestSubmit(form.querySelector("button:not([type=button])"));
}}
"""
# What the names in a world begin with.
SEARCHED = "zk"
UNFOLD = """
document.querySelectorAll("main details:not([open])").forEach((each) => {
  each.open = true;
  each.dataset.unfolded = "";
});
"""
FOLD = """
document.querySelectorAll("details[data-unfolded]").forEach((each) => {
  each.open = false;
  delete each.dataset.unfolded;
});
"""
# A style of its own, as a field gets that is dragged larger or that a program of the reader's
# marks; a fragment that takes the field's place must not ask for it.
TOUCH = """
document.querySelectorAll("input, select, textarea").forEach((each) => {
  each.style.setProperty("--touched", "1");
});
"""
ALL = {"type": "tag", "values": RULES}
# Another theme changes colours and nothing else.
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
VIEWS = [
    (1280, "light", ALL),
    (1280, "dark", COLOURS),
    (320, "dark", ALL),
    (320, "light", COLOURS),
]
FRAME = """
() => ({
  language: document.documentElement.lang,
  headings: document.querySelectorAll("h1").length,
  title: document.title,
  violations: window.violations,
})
"""


def owners(expectation):
    """Whoever reads the page; where an advisor does, the manager reads the same."""
    readers = [visitor for visitor in VISITORS if expectation.of(visitor) == OK]
    if ANONYMOUS in readers and expectation.route != "home":
        return [ANONYMOUS]
    if len(readers) == len(Role.values):
        return [Role.ADVISOR]
    alike = Role.ADVISOR in readers and expectation.route != "home"
    return [each for each in readers if not (alike and each == Role.MANAGER)]


def pages_of(visitor):
    """Each GET route with an answer of its own, as the expectation that names it."""
    return [each for each in EXPECTED if each.method == "GET" and visitor in owners(each)]


def shows_itself_again(expectation, visitor):
    """Whether an empty form sent there comes back with what is wrong."""
    return any(
        (each.method, each.route, each.objects) == ("POST", expectation.route, expectation.objects)
        and each.of(visitor) == OK
        for each in EXPECTED
    )


def make_world(**options):
    return World("eigen", make_user(Role.MANAGER), **options)


def html_of(client, address):
    """The page at an address; empty where there is none."""
    response = ask(client, "GET", address)
    # A fragment for htmx has no frame; it is looked at where it was swapped in.
    is_page = response.status_code == 200 and b"<!DOCTYPE html>" in response.getvalue()
    return response.content.decode() if is_page else ""


def is_page(client, address):
    return bool(html_of(client, address))


class Walk:
    """A way through pages; what is wrong is collected, one line for each page and fault."""

    def __init__(self, page, seen, base, wrong):
        self.page, self.seen, self.base, self.wrong = page, seen, base, wrong

    def open(self, address):
        response = self.page.goto(self.base + address)
        if urlsplit(self.page.url).path != urlsplit(address).path:
            self.wrong.append(f"{address} led to {self.page.url}")
        return response.status

    def look(self, name, widths=(1280, 320)):
        """Look at the page as it is now: both themes, both widths, without loading it again."""
        page = self.page
        page.evaluate(UNFOLD)
        page.evaluate(AXE.read_text(encoding="utf-8"))
        for width, theme, rules in VIEWS:
            if width not in widths:
                continue
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=theme)
            where = f"{name} ({width}, {theme})"
            self.note_axe(where, rules)
            if rules is ALL:
                self.note_width(where)
        page.set_viewport_size({"width": 1280, "height": 900})
        self.note_frame(name)

    def note_axe(self, where, rules):
        for violation in self.page.evaluate(AXE_RUN, rules):
            for node in violation["nodes"]:
                why = f"{node['html'][:150]} {node['failureSummary'][:200]}"
                self.wrong.append(f"{where}: {violation['id']} {why}")

    def note_width(self, where):
        if (pixels := sideways(self.page)) > 0:
            self.wrong.append(f"{where}: {pixels} px too wide")

    def note_frame(self, name):
        frame = self.page.evaluate(FRAME)
        if frame["language"] != "de":
            self.wrong.append(f"{name}: its language is {frame['language']!r}")
        if frame["headings"] != 1:
            self.wrong.append(f"{name}: {frame['headings']} h1")
        if not frame["title"].split(" – ")[0].strip():
            self.wrong.append(f"{name}: no title")
        self.note_faults(name, frame["violations"])

    def note_silence(self, name):
        self.note_faults(name, self.page.evaluate("window.violations"))

    def note_faults(self, name, violations):
        """Nothing was refused by the CSP, said on the console, or asked of another host."""
        for fault in (*violations, *self.seen.errors, *self.seen.foreign):
            self.wrong.append(f"{name}: {fault}")
        self.seen.errors.clear()
        self.seen.foreign.clear()

    def look_up(self, name):
        """Search in each field that suggests while one types, and take the first suggestion."""
        page = self.page
        for combobox in page.locator("main .combobox").all():
            field = combobox.locator("input[role=combobox]")
            if not field.is_visible():
                continue
            page.evaluate(TOUCH)
            field.fill(SEARCHED)
            combobox.locator("[data-combobox-status]:not(:empty)").wait_for(state="attached")
            field.press("ArrowDown")
            field.press("Tab")
            page.wait_for_load_state("networkidle")
        self.note_silence(f"{name}, looked up")

    def send_empty(self, name):
        """Send the page's form empty, if it asks for anything, and look at what comes back."""
        # Otherwise the page would come back as it was looked at before.
        if self.page.evaluate(ASKS):
            with self.page.expect_navigation():
                self.page.evaluate(SEND_EMPTY)
            self.look(f"{name}, sent empty")


@contextmanager
def walk(browser, live_server, wrong, client=None):
    """Set out as `client`; what is wrong on the way is added to the list `wrong`."""
    with visit(browser, live_server, client=client, reduced_motion="reduce") as (page, seen):
        yield Walk(page, seen, live_server.url, wrong)


def signed_in(sign_in, world, visitor):
    client = Client()
    return client if visitor == ANONYMOUS else sign_in(world.people[Role(visitor)], client)
