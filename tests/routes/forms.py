"""The forms on a page as a browser would send them: field names with their values."""

from html.parser import HTMLParser


class Forms(HTMLParser):
    """Collects each form that is sent by POST: {name: [values]}."""

    def __init__(self):
        super().__init__()
        self.forms = []
        self.form = self.select = self.textarea = None

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            self.form = {}
            if attributes.get("method", "").lower() == "post":
                self.forms.append(self.form)
        if self.form is None:
            return
        name = attributes.get("name")
        if tag == "input" and name:
            values = self.form.setdefault(name, [])
            chosen = attributes.get("type") not in ("radio", "checkbox") or "checked" in attributes
            if chosen and attributes.get("type") != "file":
                values.append(attributes.get("value") or "")
        elif tag == "select" and name:
            self.select = self.form.setdefault(name, [])
        elif tag == "option" and self.select is not None and "selected" in attributes:
            self.select.append(attributes.get("value") or "")
        elif tag == "textarea" and name:
            self.textarea = self.form.setdefault(name, [])
            self.textarea.append("")

    def handle_data(self, data):
        if self.textarea is not None:
            self.textarea[-1] += data

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            self.textarea = None


def forms_of(page):
    """The forms of a page but those of its frame (language, theme, signing out)."""
    parser = Forms()
    parser.feed(page)
    frame = ({"language"}, {"theme"}, set())
    names = [(form, set(form) - {"csrfmiddlewaretoken", "next"}) for form in parser.forms]
    return [form for form, fields in names if fields not in frame]
