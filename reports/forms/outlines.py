"""An outline with its sections: what a funder's form of the Sachbericht asks for."""

from crispy_forms.helper import FormHelper
from django import forms
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from best_portal.audit.models import Event
from best_portal.conflicts import SeesConflicts
from best_portal.widgets import DateInput
from reports.forms.sheets import Sheet
from reports.models import Outline, OutlineSection, Report

# What queries call the other parts of a report; no section is called so.
PARTS_OF_REPORTS = (
    "cover",
    "finances",
    "vouchers",
    "annex",
    "inventory",
    "aid",
    "publicity",
    "programme_rules",
)
# Room for a number behind a key that is taken: the column has 40.
KEY_LENGTH = 36


class OutlineForm(SeesConflicts, forms.ModelForm):
    class Meta:
        model = Outline
        fields = ["name", "profile", "since", "until", "source"]
        widgets = {
            "since": DateInput,
            "until": DateInput,
            "source": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.error_summary = False


class SectionForm(SeesConflicts, forms.ModelForm):
    class Meta:
        model = OutlineSection
        fields = ["position", "heading", "hint", "task", "for_each_task"]
        labels = {"task": _("Tells of which task of the project (its number)")}
        # The heads of the table say it for every row.
        help_texts = {"task": ""}


class SectionTable(forms.BaseInlineFormSet):
    """The sections; one under which something is written in a report cannot be deleted."""

    caption = _("Sections")

    def clean(self):
        super().clean()
        for form in self.deleted_forms:
            if form.instance.pk and is_written(form.instance):
                raise forms.ValidationError(
                    _(
                        "Reports have a text under “%(section)s”. Let this outline end and set up "
                        "a new one without the section."
                    ),
                    params={"section": form.instance},
                )
        kept = [form for form in self.forms if form not in self.deleted_forms]
        if not any(form.has_changed() or form.instance.pk for form in kept):
            raise forms.ValidationError(_("An outline has one section at least."))

    def save_new(self, form, commit=True):
        form.instance.key = self.free_key(form.instance)
        return super().save_new(form, commit=commit)

    def free_key(self, section):
        """Made of the heading; the key of a section never changes, for texts are kept under it."""
        taken = {*PARTS_OF_REPORTS, *self.instance.sections.values_list("key", flat=True)}
        wanted = "tasks" if section.for_each_task else slugify(section.heading)[:KEY_LENGTH]
        if not wanted[:1].isalpha() or wanted.startswith("task-"):
            wanted = f"section-{wanted}"[:KEY_LENGTH].strip("-")
        key, number = wanted, 1
        while key in taken:
            number += 1
            key = f"{wanted}-{number}"
        return key


def is_written(section):
    """Whether any report of the form has a text that would lose its heading."""
    reports = Report.objects.filter(grant__profile=section.outline.profile)
    if section.for_each_task:
        return any(
            text
            for narrative in reports.values_list("narrative", flat=True)
            for key, text in narrative.items()
            if key.startswith("task-")
        )
    written = reports.filter(narrative__has_key=section.key)
    return written.exclude(**{f"narrative__{section.key}": ""}).exists()


Sections = forms.inlineformset_factory(
    Outline, OutlineSection, form=SectionForm, formset=SectionTable, extra=2, can_delete=True
)


class OutlineSetup(Sheet):
    """An outline and its sections, saved as one."""

    def __init__(self, data=None, instance=None):
        form = OutlineForm(data, instance=instance)
        super().__init__(form, [Sections(data, instance=form.instance, prefix="sections")])

    @transaction.atomic
    def save(self, *, by):
        """Store both; refuses what changed meanwhile."""
        is_new = self.form.instance.pk is None
        outline = self.store()
        Event.objects.record_saved(actor=by, form=self.form, created=is_new)
        return outline
