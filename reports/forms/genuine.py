"""The file, or its SHA-256, of which somebody wants to know whether it is genuine."""

import re

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from reports.genuine import sha256_of

SHA256 = re.compile(r"[0-9a-f]{64}")


class GenuineForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        required=False,
        allow_empty_file=True,
        help_text=_("It is not kept. With JavaScript it does not even leave your device."),
    )
    sha256 = forms.CharField(
        label=_("or its SHA-256"),
        required=False,
        max_length=200,
        help_text=_("64 digits and letters from a to f; blanks do not matter."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file and file.size > settings.FILES_MAX_MB * 2**20:
            raise ValidationError(
                _("The file is larger than %(most)s MB. Give its SHA-256 instead."),
                params={"most": settings.FILES_MAX_MB},
            )
        return file

    def clean_sha256(self):
        typed = "".join(self.cleaned_data["sha256"].split()).lower()
        if typed and not SHA256.fullmatch(typed):
            raise ValidationError(_("A SHA-256 has 64 digits and letters from a to f."))
        return typed

    def clean(self):
        given = super().clean()
        if not self.errors and not given.get("file") and not given.get("sha256"):
            raise ValidationError(_("Choose a file, or type its SHA-256."))
        return given

    @property
    def digest(self):
        """Of the file, where there is one, else what was typed."""
        file = self.cleaned_data["file"]
        return sha256_of(file) if file else self.cleaned_data["sha256"]
