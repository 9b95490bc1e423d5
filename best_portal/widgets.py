"""Form fields and widgets every app may use: dates and times, numbers, search as you type.

A leaf like best_portal.db: it imports nothing of ours. `best_portal.templatetags.kern` and
templates/kern/ give these and Django's own widgets their look.
"""

import re
import unicodedata
from difflib import SequenceMatcher
from typing import NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

SUGGESTIONS = 6
# From here on a name differs by a typo or two; below it may be another name.
ALL_BUT_THE_SAME = 0.85


class BrowserInput:
    """An input the browser has a field of its own for; shows as text what does not fit it."""

    pattern = r""

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        shown = context["widget"]["value"]
        # The browser would empty its field, and what was typed would be lost.
        if shown and not re.fullmatch(self.pattern, shown):
            context["widget"]["type"] = "text"
        return context


class DateInput(BrowserInput, forms.DateInput):
    """The browser's own date field: keyboard and screen reader know it; dd.mm.yyyy is read too."""

    input_type = "date"
    pattern = r"\d{4}-\d\d-\d\d"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%d")


class TimeInput(BrowserInput, forms.TimeInput):
    input_type = "time"
    pattern = r"\d\d:\d\d(:\d\d)?"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%H:%M")


class DateTimeInput(BrowserInput, forms.DateTimeInput):
    input_type = "datetime-local"
    pattern = r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?"

    def __init__(self, attrs=None):
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class SplitDateTime(forms.SplitDateTimeWidget):
    """A day and a time side by side; each gets its own label."""

    labels = (_("Date"), _("Time"))
    use_fieldset = True

    def __init__(self, attrs=None):
        forms.MultiWidget.__init__(self, [DateInput(), TimeInput()], attrs)


class DecimalInput(forms.TextInput):
    """A number with a decimal comma; use it with `localize=True` on the field."""

    def __init__(self, attrs=None):
        super().__init__({"inputmode": "decimal", **(attrs or {})})


class NumberField(forms.DecimalField):
    """A number as people write it: 120.000,50 and 1,5, also 120000.50; a lone 1.500 is 1500.

    In English the comma groups and the point divides. A € or % behind it is no mistake.
    """

    widget = DecimalInput

    def __init__(self, **kwargs):
        super().__init__(localize=True, **kwargs)

    def to_python(self, value):
        if isinstance(value, str):
            digits = value.strip().removesuffix("€").removesuffix("%")
            value = self._plain(digits.replace("\N{NO-BREAK SPACE}", "").replace(" ", ""))
        return super().to_python(value)

    @staticmethod
    def _plain(text):
        group, point = (",", ".") if get_language() == "en" else (".", ",")
        grouped = re.fullmatch(rf"[-+]?\d{{1,3}}(\{group}\d{{3}})+(\{point}\d*)?", text)
        if grouped:
            text = text.replace(group, "")
        return text.replace(",", ".")


class SuggestedInput(forms.TextInput):
    """A text field whose words the browser completes; anything else may be typed as well."""

    template_name = "components/suggested.html"
    suggestions = ()

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["attrs"]["list"] = f"id_{name}_list"
        context["widget"]["suggestions"] = list(dict.fromkeys(self.suggestions))
        return context


class Picked(NamedTuple):
    """What came out of a Combobox: the key of a row, the text typed, or both."""

    pk: str
    text: str


class Combobox(forms.Widget):
    """A text field that suggests rows while you type.

    `search_url` names a view that answers `?q=…` with components/options.html. Without
    JavaScript the text itself is sent, and the field asks back where it fits several rows.
    """

    template_name = "components/combobox.html"

    def __init__(self, search_url, attrs=None):
        super().__init__(attrs)
        self.search_url = search_url
        self.suggestions = ()

    def value_from_datadict(self, data, files, name):
        if choice := data.get(f"{name}_choice"):
            return Picked(str(choice), "")
        return Picked(data.get(name) or "", (data.get(f"{name}_text") or "").strip())

    def value_omitted_from_data(self, data, files, name):
        return name not in data and f"{name}_text" not in data

    def format_value(self, value):
        return value if isinstance(value, Picked) else Picked("", "")

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["search_url"] = reverse(self.search_url)
        context["widget"]["suggestions"] = [
            (getattr(row, "pk", row), str(row)) for row in self.suggestions
        ]
        return context


class SearchChoiceField(forms.ModelChoiceField):
    """One row of a queryset that has `.matching(text)`, found by typing.

    Takes the row picked; else the one row the text fits, up to a typo. Refuses a text that fits
    none or several, or one that is only alike, and then offers those for choice.
    """

    default_error_messages = {
        "unknown": _("Nothing is called “%(text)s”. Check the spelling or leave out a word."),
        "similar": _("Nothing is called “%(text)s”, but something alike. Is it what you mean?"),
        "ambiguous": _("“%(text)s” fits several. Choose one of them."),
    }

    def __init__(self, queryset, *, search_url, **kwargs):
        super().__init__(queryset, widget=Combobox(search_url), **kwargs)

    def prepare_value(self, value):
        if isinstance(value, Picked):
            return value
        row = value if hasattr(value, "_meta") else self._row(value)
        return Picked(str(row.pk), str(row)) if row else Picked("", "")

    def _row(self, pk):
        try:
            return self.queryset.filter(pk=pk).first() if pk else None
        except (ValueError, TypeError):
            return None

    def clean(self, value):
        picked = value if isinstance(value, Picked) else Picked(str(value or ""), "")
        if not picked.text and not picked.pk:
            return super().clean(None)
        row = self._row(picked.pk)
        # A text changed after picking is what the person means.
        if row and picked.text in ("", str(row)):
            return row
        return self._found(picked.text or picked.pk)

    def _found(self, text):
        ProhibitNullCharactersValidator()(text)
        rows = list(self.queryset.matching(text)[:SUGGESTIONS])
        same = [row for row in rows if str(row).casefold() == text.casefold()]
        if len(same) == 1:
            return same[0]
        if len(rows) == 1 and is_named(rows[0], text):
            return rows[0]
        self.widget.suggestions = rows
        code = ("unknown", "similar")[len(rows)] if len(rows) < 2 else "ambiguous"
        raise ValidationError(self.error_messages[code], code=code, params={"text": text})

    def has_changed(self, initial, data):
        before = self.prepare_value(initial).pk
        return before != (data.pk if isinstance(data, Picked) else str(data or ""))


def is_named(row, text):
    """Whether the text is a part of the row's name or the name with a typo, not merely alike."""
    name, typed = plain(str(row)), plain(text)
    if all(word in name for word in typed.split()):
        return True
    return SequenceMatcher(None, typed, name).ratio() >= ALL_BUT_THE_SAME


def plain(text):
    """Lower case without accents; ä, ae and a are the same here."""
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
