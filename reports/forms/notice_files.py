"""The letter of a notice: one PDF, checked like every file somebody brings."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from best_portal.files.fields import LONGEST_NAME
from best_portal.files.guard import check
from best_portal.files.kinds import PDF


class NoticeFileForm(forms.Form):
    file = forms.FileField(
        label=_("File"),
        max_length=LONGEST_NAME,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _("PDF, at most %(most)s MB.") % {
            "most": settings.FILES_MAX_MB
        }

    def clean_file(self):
        file = self.cleaned_data["file"]
        checked = check(file, file.name)
        if checked.kind != PDF:
            raise ValidationError(_("Bring the notice as a PDF."))
        return checked
