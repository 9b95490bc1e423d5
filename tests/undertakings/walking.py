"""Walk an undertaking in Chromium as its users do: click what stands there, fill in, look at it.

    with on_foot(make_user(Role.MANAGER)) as way:
        way.follow("Quartiere", "Umfragen", "Umfrage planen")
        way.fill({"Titel": "Was fehlt?", "Offen ab": "2026-11-27"})
        way.follow("Speichern")
        way.arrive("umfrage")

No address is typed but the first one, and those that stand in letters. Pictures of where a walk
arrives are kept in the folder that PICTURES names, light and dark, wide and narrow; without it none
is kept.
"""

import os
import re
from urllib.parse import urljoin, urlsplit

from tests.browser import assert_sound

PICTURES = os.environ.get("PICTURES")
SIGHTS = [(1280, "light"), (390, "dark")]
MORE_SIGHTS = [(1280, "dark"), (390, "light")]
PATIENCE = 10_000
FIELDS = "input:not([type=hidden]), select, textarea"
KIND = "field => field.getAttribute('role') || field.type"


class OnFoot:
    """Somebody's way through the pages, by what is to be read on them."""

    def __init__(self, page, seen):
        self.page, self.seen = page, seen
        page.set_default_timeout(PATIENCE)

    @property
    def main(self):
        return self.page.locator("main")

    def open(self, link):
        """Open a link that stood in a letter."""
        self.page.goto(urljoin(self.page.url, link))

    def follow(self, *names):
        """Click the links and buttons of these names, one after the other."""
        for name in names:
            self.named(name).click()
            self.page.wait_for_load_state()

    def named(self, name):
        """The link, the button or what unfolds of this name; in the page before its frame."""
        there = [self.within(place, name) for place in (self.main, self.page)]
        there[0].or_(there[1]).first.wait_for()
        return next(each for each in there if each.count()).first

    def within(self, place, name):
        found = place.get_by_role("link", name=name, exact=True)
        return found.or_(place.get_by_role("button", name=name, exact=True)).or_(
            place.locator("summary:visible").filter(has_text=name)
        )

    def pick(self, words):
        """Follow the first link of the line of a table in which these words stand."""
        self.main.get_by_role("row", name=words).get_by_role("link").first.click()
        self.page.wait_for_load_state()

    def confirm(self, name):
        """Unfold the question a button asks, and answer it with the same button."""
        self.main.locator("summary").filter(has_text=name).click()
        self.main.locator("details[open]").get_by_role("button", name=name, exact=True).click()
        self.page.wait_for_load_state()

    def fill(self, given):
        """Fill fields in by the beginning of their labels; True ticks a box or a choice."""
        for label, value in given.items():
            self.put(self.field(label), value)

    def field(self, label):
        labelled = self.main.get_by_label(re.compile(rf"^\s*{re.escape(label)}"))
        return self.main.locator(FIELDS).and_(labelled).first

    def put(self, field, value):
        match field.evaluate(KIND):
            case "radio" | "checkbox":
                field.check()
            case "select-one":
                field.select_option(label=value)
            case "combobox":
                field.fill(value)
                self.page.get_by_role("option", name=value).first.click()
            case _:
                field.fill(value)

    def see(self, *words):
        """Wait until these words are to be read on the page."""
        for each in words:
            self.main.get_by_text(each).locator("visible=true").first.wait_for()

    def arrive(self, name):
        """Look at the end of the walk, wide and narrow, light and dark, and keep the picture."""
        for width, theme in SIGHTS:
            self.look(name, width, theme)
            assert_sound(self.page, self.seen)
        for width, theme in MORE_SIGHTS if PICTURES else []:
            self.look(name, width, theme)
        self.page.set_viewport_size({"width": 1280, "height": 900})

    def look(self, name, width, theme):
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.emulate_media(color_scheme=theme)
        if PICTURES:
            path = f"{PICTURES}/{name}-{width}-{theme}.png"
            self.page.screenshot(path=path, full_page=True)


def link_in(letter):
    """The path of the first link of a letter."""
    [link, *_others] = [word for word in letter.body.split() if word.startswith("http")]
    return urlsplit(link).path
