"""Forms of papers: files brought in one go, a new version, what is known of them."""

import uuid

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from best_portal.files.fields import FilesField, OneFile, PhotoField
from best_portal.files.guard import check
from best_portal.files.names import stem_of
from best_portal.widgets import DateInput
from enterprises.forms.base import NounForm
from enterprises.models import Document, DocumentKind, DocumentVersion

MOST_AT_ONCE = 10
SEVERAL = _(
    "PDF, Word (.docx), Excel (.xlsx), OpenDocument, JPEG, PNG or plain text, at most %(most)s MB "
    "each. Up to ten files at once; each becomes a paper of its own."
)
ONE = _(
    "PDF, Word (.docx), Excel (.xlsx), OpenDocument, JPEG, PNG or plain text, at most %(most)s MB."
)


class BringForm(forms.Form):
    """Files for an organisation; each becomes a paper of its own, and a bad one stops no other."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    files = FilesField(
        label=_("Files"),
        most=MOST_AT_ONCE,
        required=False,
    )
    photo = PhotoField(
        label=_("Or take a photo"),
        required=False,
        help_text=_("On a phone this opens the camera. Place and time are not kept with it."),
    )
    # Whoever does not choose has said nothing wrong.
    kind = forms.ChoiceField(
        label=_("Kind of paper"), choices=DocumentKind, initial=DocumentKind.OTHER
    )
    title = forms.CharField(
        label=_("Title"),
        max_length=120,
        required=False,
        help_text=_("Left empty, the paper is called like its file."),
    )
    valid_until = forms.DateField(label=_("Valid until"), required=False, widget=DateInput)
    note = forms.CharField(
        label=_("What is it?"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Whoever sees the paper reads this, too."),
    )
    is_shared = forms.BooleanField(label=_("The founders may see it"), required=False)
    retention_note = forms.CharField(
        label=_("How long to keep it, and why"), max_length=200, required=False
    )

    def __init__(self, *args, by, organisation, **kwargs):
        super().__init__(*args, **kwargs)
        self.by, self.organisation = by, organisation
        self.brought = []
        self.fields["files"].help_text = SEVERAL % {"most": settings.FILES_MAX_MB}
        if not by.is_staff_member:
            del self.fields["is_shared"], self.fields["retention_note"]

    def clean(self):
        cleaned = super().clean()
        self.chosen = [*cleaned.get("files", []), *filter(None, [cleaned.get("photo")])]
        if not self.chosen and not self.errors:
            self.add_error("files", _("Choose at least one file."))
        return cleaned

    def bring(self):
        """Keep every file that may be kept, and note in the form why another may not."""
        about = {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ("files", "photo", "title")
        }
        for file in self.chosen:
            try:
                checked = check(file, file.name)
                self.brought.append(
                    Document.objects.bring(
                        by=self.by,
                        organisation=self.organisation,
                        file=checked,
                        title=self.title_of(checked),
                        **about,
                    )
                )
            except ValidationError as refusal:
                self.add_error("files", named(file, refusal))

    def title_of(self, file):
        """The title given; where it is given to several, each name follows it."""
        title = self.cleaned_data["title"]
        return f"{title}: {stem_of(file.name)}"[:200] if title and len(self.chosen) > 1 else title


class RenewForm(forms.Form):
    """A new version of a paper; the earlier ones stay."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    file = OneFile(label=_("File"))
    note = forms.CharField(
        label=_("What has changed?"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Whoever sees the paper reads this, too."),
    )
    valid_until = forms.DateField(
        label=_("Now valid until"),
        required=False,
        widget=DateInput,
        help_text=_("Left empty, the day on file stays."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = ONE % {"most": settings.FILES_MAX_MB}

    def renew(self, document, *, by):
        fields = dict(self.cleaned_data)
        file = fields.pop("file")
        try:
            checked = check(file, file.name)
        except ValidationError as refusal:
            raise ValidationError(named(file, refusal)) from refusal
        document.renew(by=by, file=checked, **fields)


class DocumentForm(NounForm):
    """What is known of a paper; one a founder has brought stays visible to the founders."""

    class Meta:
        model = Document
        fields = ["kind", "title", "valid_until", "is_shared", "retention_note"]
        widgets = {"valid_until": DateInput}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.must_stay_shared:
            self.fields["is_shared"].disabled = True
            self.fields["is_shared"].help_text = _("A founder has brought it.")


class VersionForm(NounForm):
    """What somebody says of a version."""

    class Meta:
        model = DocumentVersion
        fields = ["note"]
        widgets = {"note": forms.Textarea(attrs={"rows": 4})}
        help_texts = {"note": _("Whoever sees the paper reads this, too.")}


def named(file, refusal):
    """The refusal with the name of the file it is about."""
    return [
        _("%(file)s: %(reason)s") % {"file": file.name, "reason": reason}
        for reason in refusal.messages
    ]
