"""The form's part: one field for several files, and one that opens a phone's camera."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from best_portal.files.kinds import ACCEPT, ACCEPT_PHOTO

LONGEST_NAME = 255


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once; comes out as a list, empty where none was chosen."""

    widget = SeveralFiles

    def __init__(self, *, most, **kwargs):
        self.most = most
        super().__init__(max_length=LONGEST_NAME, allow_empty_file=True, **kwargs)

    def widget_attrs(self, widget):
        return {**super().widget_attrs(widget), "accept": ACCEPT}

    def clean(self, data, initial=None):
        files = [super(FilesField, self).clean(file, initial) for file in data or []]
        if self.required and not files:
            super().clean(None, initial)
        if len(files) > self.most:
            raise ValidationError(
                _("Choose at most %(most)s files at a time."), params={"most": self.most}
            )
        return files


class OneFile(forms.FileField):
    widget = forms.FileInput(attrs={"accept": ACCEPT})

    def __init__(self, **kwargs):
        # The guard says what to do about an empty one.
        super().__init__(max_length=LONGEST_NAME, allow_empty_file=True, **kwargs)


class PhotoField(OneFile):
    """On a phone the camera opens; elsewhere it is one more way to choose a file."""

    widget = forms.FileInput(attrs={"accept": ACCEPT_PHOTO, "capture": "environment"})
