"""The logo row of a grant: its lines in the grant's form, and the picture of one logo."""

import re

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from best_portal.files.fields import OneFile
from best_portal.files.guard import check
from best_portal.files.kinds import ACCEPT_PHOTO
from reports import german
from reports.logos import logo_of
from reports.models.logo_row import said_days

EU_PREFIX, PICTURE_PREFIX = "EU:", "BILD:"
# What is read aloud for a logo unless somebody says better, German as on the paper.
EMBLEM, STAND_IN = "Emblem der Europäischen Union", "Platzhalter für das Logo: {}"
PICTURE = "Logo: {}"
ACCEPT = f".png,.jpg,.jpeg,{ACCEPT_PHOTO}"


DAY = r"\d\d\.\d\d\.\d{4}"
DAYS = re.compile(rf"(?:(?:ab|from) (?P<since>{DAY}))? ?(?:(?:bis|until) (?P<until>{DAY}))?")


class LogosField(forms.CharField):
    """The logo row, a line each: a line that begins with "EU:" gets the European emblem, one that
    begins with "BILD:" keeps the picture of its text."""

    widget = forms.Textarea(attrs={"rows": 4})
    pictures = {}

    def keep(self, logos):
        """Say which logos of the row have pictures, so that their lines can keep them."""
        self.pictures = {each["text"]: each["image"] for each in logos if each.get("image")}

    def prepare_value(self, value):
        if not isinstance(value, list):
            return value
        return "\n".join(self._line(logo) for logo in value)

    @staticmethod
    def _line(logo):
        """As it is typed: what is printed, and behind a bar what is read aloud where it differs."""
        prefix, usual = "", STAND_IN.format(logo["text"])
        if logo["kind"] == "eu":
            prefix, usual = f"{EU_PREFIX} ", EMBLEM
        elif logo.get("image"):
            prefix, usual = f"{PICTURE_PREFIX} ", PICTURE.format(logo["text"])
        typed, days = f"{prefix}{logo['text']}", said_days(logo)
        if logo["alt"] != usual or days:
            typed += f" | {'' if logo['alt'] == usual else logo['alt']}".rstrip()
        return f"{typed} | {days}" if days else typed

    def clean(self, value):
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        return [self._logo(line) for line in lines]

    def _logo(self, line):
        text, alt, days = (part.strip() for part in f"{line}||".split("|", 2))
        return self._named(text, alt) | self._days(days.strip("| "), text)

    def _named(self, text, alt):
        if text.upper().startswith(EU_PREFIX):
            text = text[len(EU_PREFIX) :].strip() or "Europäische Union"
            return {"kind": "eu", "text": text, "alt": alt or EMBLEM}
        if text.upper().startswith(PICTURE_PREFIX):
            text = text[len(PICTURE_PREFIX) :].strip()
            logo = {"kind": "text", "text": text, "alt": alt or PICTURE.format(text)}
            return logo | {"image": self._picture(text)}
        return {"kind": "text", "text": text, "alt": alt or STAND_IN.format(text)}

    def _days(self, said, text):
        """{"since", "until"} as they are typed: ab 01.01.2026 bis 31.12.2026."""
        if not said:
            return {}
        found = DAYS.fullmatch(said)
        days = {name: day for name, day in found.groupdict().items() if day} if found else {}
        try:
            days = {name: german.day_of(day).isoformat() for name, day in days.items()}
        except ValueError:
            days = {}
        if not days or days.get("since", "") > days.get("until", "9999"):
            raise forms.ValidationError(
                _(
                    "“%(said)s” behind the logo “%(text)s” is no time. Write “ab 01.01.2026”, "
                    "“bis 31.12.2026” or both."
                ),
                params={"said": said, "text": text},
            )
        return days

    def _picture(self, text):
        """The picture of a logo; refuses a line that would lose it unseen."""
        if text not in self.pictures:
            raise forms.ValidationError(
                _(
                    "“%(text)s” has no picture. Leave its text as it was, or save the line without "
                    "“BILD:” and upload the picture of this logo."
                ),
                params={"text": text},
            )
        return self.pictures[text]


class LogoForm(forms.Form):
    """The picture of one logo, what the logo is called in the row, and what is read aloud."""

    picture = OneFile(label=_("Picture"), widget=forms.FileInput(attrs={"accept": ACCEPT}))
    text = forms.CharField(
        label=_("Whose logo it is"),
        max_length=120,
        help_text=_("A logo of this name in the row gets the picture; else it becomes the last."),
    )
    alt = forms.CharField(
        label=_("What is read aloud"),
        max_length=200,
        required=False,
        help_text=_("Left empty, “Logo:” and its name are read."),
    )

    def __init__(self, *args, grant, **kwargs):
        super().__init__(*args, **kwargs)
        self.grant = grant
        self.fields["picture"].help_text = _(
            "PNG or JPEG, at most %(most)s MB; it is made small enough for the paper."
        ) % {"most": settings.FILES_MAX_MB}

    def clean_picture(self):
        file = self.cleaned_data["picture"]
        return logo_of(check(file, file.name))

    def clean_text(self):
        """What the lines of the grant's form would read as something else is no name."""
        text = self.cleaned_data["text"]
        if "|" in text or text.upper().startswith((EU_PREFIX, PICTURE_PREFIX)):
            raise forms.ValidationError(
                _("A name has no bar (|) and does not begin with “EU:” or “BILD:”.")
            )
        return text

    def clean_alt(self):
        alt = " ".join(self.cleaned_data["alt"].split())
        return alt or PICTURE.format(self.cleaned_data.get("text", ""))

    def keep(self, *, by):
        logo = self.cleaned_data
        self.grant.bring_logo(by=by, text=logo["text"], alt=logo["alt"], image=logo["picture"])
