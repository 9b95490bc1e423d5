"""The forms on a page as a browser would send them: field names with their values."""

from html.parser import HTMLParser

# Kinds of input that take words; from a field for numbers a browser sends nothing else.
TYPED = {"text", "search", "email", "tel", "url", "password", "date", "time", "datetime-local"}
TYPED_INTO = ("text", "search", "email", "url", "tel", "number", "textarea")


class Form(dict):
    """{name: [values]}; `typed` names the fields a person types into, `kinds` says what each is."""

    def __init__(self, attributes):
        self.method = attributes.get("method", "get").upper()
        self.action = attributes.get("action", "")
        self.typed = []
        self.kinds = {}

    @property
    def words(self):
        """The fields in which somebody writes words or numbers."""
        return [name for name, kind in self.kinds.items() if kind in TYPED_INTO]


class Forms(HTMLParser):
    """Collects each form."""

    def __init__(self):
        super().__init__()
        self.templates = 0
        self.forms = []
        self.form = self.select = self.textarea = None

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        # What waits in a template is sent by nobody until a script takes it out.
        self.templates += tag == "template"
        if self.templates:
            return
        if tag == "form":
            self.form = Form(attributes)
            self.forms.append(self.form)
        if self.form is None:
            return
        name = attributes.get("name")
        if name and tag in ("input", "select", "textarea"):
            kind = attributes.get("type", "text") if tag == "input" else tag
            self.form.kinds.setdefault(name, kind)
        if tag == "input" and name:
            values = self.form.setdefault(name, [])
            if attributes.get("type", "text") in TYPED and "disabled" not in attributes:
                self.form.typed.append(name)
            chosen = attributes.get("type") not in ("radio", "checkbox") or "checked" in attributes
            if chosen and attributes.get("type") != "file":
                is_box = attributes.get("type") in ("radio", "checkbox")
                values.append(attributes.get("value", "on" if is_box else "") or "")
        elif tag == "select" and name:
            self.select = self.form.setdefault(name, [])
        elif tag == "option" and self.select is not None and "selected" in attributes:
            self.select.append(attributes.get("value") or "")
        elif tag == "textarea" and name:
            self.form.typed.append(name)
            self.textarea = self.form.setdefault(name, [])
            self.textarea.append("")

    def handle_data(self, data):
        if self.textarea is not None:
            self.textarea[-1] += data

    def handle_endtag(self, tag):
        self.templates -= tag == "template"
        if self.templates:
            return
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            self.textarea = None


def forms_of(page, method="POST"):
    """The forms of a page but those of its frame (language, theme, signing out)."""
    parser = Forms()
    parser.feed(page)
    frame = ({"language"}, {"theme"}, set())
    names = [(form, set(form) - {"csrfmiddlewaretoken", "next"}) for form in parser.forms]
    return [form for form, fields in names if form.method == method and fields not in frame]
