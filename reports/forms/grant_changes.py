"""Which notice says so: asked where a grant changes that a report has told of."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.models import Stipulation
from reports.models.grant_change import stipulations

# Stands for the notice that is typed anew in the table below.
NEW = "new"


class SaysWhichNotice:
    """Mixin for a grant's form: once a report was released, what the notice said is changed only
    together with the notice that says so and a few words on it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.before = stipulations(self.instance)
        self.is_told = bool(self.instance.pk) and self.instance.reports.released().exists()
        if self.is_told:
            notices = [(str(notice.pk), str(notice)) for notice in self.instance.notices.all()]
            self.fields["said_by"] = forms.ChoiceField(
                label=_("Which notice says so?"),
                choices=[("", "–"), *notices, (NEW, _("the one typed anew below at “Notices”"))],
                required=False,
                help_text=_(
                    "A report of this grant was released. Amount, rate, kind of financing, period "
                    "and hours change only with the notice that changes them."
                ),
            )
            self.fields["change_note"] = forms.CharField(
                label=_("What does it change?"),
                max_length=300,
                required=False,
                help_text=_("In a few words; later reports print it with the notice."),
            )

    @property
    def notice_fields(self):
        return ("said_by", "change_note") if self.is_told else ()

    @property
    def amended(self):
        """The fields that a notice must change, of those that were typed in order."""
        typed = self.cleaned_data
        names = Stipulation.values if self.is_told else ()
        return [name for name in names if name in typed and typed[name] != self.before[name]]

    def clean(self):
        cleaned = super().clean()
        if not self.is_told:
            return cleaned
        said_by, note = cleaned.get("said_by"), cleaned.get("change_note")
        if self.amended:
            names = ", ".join(str(Stipulation(name).label) for name in self.amended)
            if not said_by:
                refusal = _("Say which notice changes this: %(names)s.")
                error = forms.ValidationError(refusal, params={"names": names})
                self.add_error("said_by", error)
            if not note:
                self.add_error("change_note", _("Say in a few words what the notice changes."))
        elif (said_by or note) and not self.errors:
            self.add_error(
                "said_by", _("Nothing has changed that needs a notice. Leave both fields empty.")
            )
        return cleaned

    def check_notice(self, notices):
        """Refuse a notice that is not there: none or several typed anew, or one to be deleted."""
        said_by = self.cleaned_data.get("said_by") if self.amended else ""
        if said_by == NEW and len(new_rows(notices)) != 1:
            self.add_error("said_by", _("Type exactly one new notice at “Notices” below."))
        elif said_by in [str(form.instance.pk) for form in notices.deleted_forms]:
            self.add_error("said_by", _("This notice is to be deleted. Choose another one."))

    def notice_of(self, notices):
        """The notice that was meant, once the table is saved."""
        said_by = self.cleaned_data["said_by"]
        if said_by == NEW:
            return notices.new_objects[0]
        return self.instance.notices.get(pk=said_by)


def new_rows(notices):
    deleted = notices.deleted_forms
    return [form for form in notices.extra_forms if form.has_changed() and form not in deleted]
