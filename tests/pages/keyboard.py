"""A person without a mouse: they see where they are, and press what is there."""

from time import monotonic

from tests.pages.walk import FOLD

# Whether a ring, a shadow or a colour of its own shows where the focus is, and it is on the screen.
FOCUS_IS_SEEN = """
() => {
  const here = document.activeElement;
  const label = here.labels && here.labels[0];
  const marked = (style) =>
    (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0)
    || style.boxShadow !== "none";
  const places = [here, here.parentElement, label].filter(Boolean);
  const box = here.getBoundingClientRect();
  // The calendar button within a date field: the browser draws the ring, and the field has none.
  const browsersOwn = here.matches("input[type=date]:not(:focus)");
  return (browsersOwn || here.matches(":focus-visible"))
    && (browsersOwn || places.some((place) => [null, "::before", "::after"].some(
      (part) => marked(getComputedStyle(place, part)))))
    && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
}
"""
DESCRIBE = "document.activeElement.outerHTML.slice(0, 200)"
TOO_FAR = 80
PAUSE = 15  # ms between two keys
PATIENCE = 100


class Keyboard:
    """Presses keys on a way through pages and counts them; insists on seeing the focus at every
    step, and looks at every page that it comes to."""

    def __init__(self, way):
        self.way, self.page = way, way.page
        self.begin()

    def open(self, address):
        self.way.open(address)
        self.look()

    def look(self):
        """Look at the page as it is and leave it so; the clock of whoever types stands still."""
        began = monotonic()
        self.way.look(self.page.title())
        self.page.evaluate(FOLD)
        self.started += monotonic() - began

    def begin(self):
        self.strokes, self.started = 0, monotonic()

    @property
    def seconds(self):
        return monotonic() - self.started

    def type(self, text):
        self.page.keyboard.type(text, delay=PAUSE)
        self.strokes += len(text)

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
            self.strokes += 1

    def is_at(self, selector):
        return self.page.evaluate("(there) => document.activeElement.matches(there)", selector)

    def tab_to(self, selector):
        """Tab until there; every stop on the way shows where one is."""
        for _ in range(TOO_FAR):
            if self.is_at(selector):
                return
            self.press("Tab")
            self.assert_seen()
        raise AssertionError(f"{selector} is not reached by keyboard")

    def assert_seen(self):
        # The page may still be on its way to where the focus is.
        for _ in range(PATIENCE):
            if self.page.evaluate(FOCUS_IS_SEEN):
                return
            self.page.wait_for_timeout(PAUSE)
        raise AssertionError(f"the focus is not seen at {self.page.evaluate(DESCRIBE)}")

    def enter(self, selector=None):
        """Press Enter, there or where one is, and look at the page it leads to."""
        if selector:
            self.tab_to(selector)
        with self.page.expect_navigation():
            self.press("Enter")
        self.look()

    def send(self):
        """Send the form from the field where one is, as the page says one may."""
        with self.page.expect_navigation():
            self.press("Control+Enter")
        self.strokes += 1
        self.look()

    def fill(self, selector, text):
        self.tab_to(selector)
        self.type(text)
