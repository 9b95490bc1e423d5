"""Text blocks: the form that keeps one, and the choice of one in the log form."""

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from best_portal.audit.models import Event
from best_portal.conflicts import SeesConflicts
from best_portal.db import explained
from consultations.known import row_of
from consultations.models import TextBlock, TextPart


class TextBlockForm(SeesConflicts, forms.ModelForm):
    class Meta:
        model = TextBlock
        fields = ["part", "title", "text"]
        widgets = {"part": forms.RadioSelect, "text": forms.Textarea(attrs={"rows": 5})}
        help_texts = {"text": _("Put into the field as it stands here. No names, please.")}

    @transaction.atomic
    def keep(self, *, by):
        """Save; refused over what somebody else saved, and for a title there is already."""
        is_new = self.instance.pk is None
        self.check()
        with explained(TextBlock):
            block = self.save()
        Event.objects.record_saved(actor=by, form=self, created=is_new)
        return block


class BlockSelect(forms.Select):
    """Carries each block's text, so that a press puts it at the cursor."""

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        if block := getattr(value, "instance", None):
            option["attrs"]["data-text"] = block.text
        return option


class BlockField(forms.ModelChoiceField):
    def __init__(self, **kwargs):
        super().__init__(
            TextBlock.objects.none(), widget=BlockSelect, label=_("Text block"), **kwargs
        )

    def label_from_instance(self, block):
        return f"{block.title} ({block.project})"


class InsertsBlocks(forms.Form):
    """Mixin for the log form: one of the project's text blocks into one of the two texts."""

    block_internal_note = BlockField()
    block_result = BlockField()

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, by=by, **kwargs)
        for part in TextPart.values:
            blocks = TextBlock.objects.visible_to(by).into(part).for_choice()
            self.fields[f"block_{part}"].queryset = blocks

    def clean(self):
        cleaned = super().clean()
        # A choice nobody inserted, of a block that may be gone, is no reason not to log.
        for part in TextPart.values:
            self._errors.pop(f"block_{part}", None)
        return cleaned

    def insert(self, part):
        """Put the block chosen behind what stands in the text; for a form that is not sent."""
        field = f"block_{part}"
        if block := row_of(self.fields[field].queryset, self.initial.get(field)):
            typed = (self.initial.get(part) or "").rstrip()
            self.initial[part] = f"{typed}\n{block.text}" if typed else block.text
        self.initial[field] = None
        self.fields[part].widget.attrs["autofocus"] = True
