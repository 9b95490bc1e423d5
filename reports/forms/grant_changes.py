"""Which notice says so: asked where a grant changes that a report has told of."""

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.models import Stipulation
from reports.models.grant_change import (
    OF_COUNTING,
    OF_GRANT,
    OF_PLAN,
    Planned,
    plan_of,
    said_thresholds,
    stipulations,
    thresholds_of,
)

# Stands for the notice that is typed anew in the table below.
NEW = "new"


class SaysWhichNotice:
    """Mixin for a grant's form: once a report was released, what the notice said is changed only
    together with the notice that says so and a few words on it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.before, self.plan_before = stipulations(self.instance), plan_of(self.instance)
        self.thresholds_before = thresholds_of(self.instance)
        self.is_told = bool(self.instance.pk) and self.instance.reports.released().exists()
        if self.is_told:
            notices = [(str(notice.pk), str(notice)) for notice in self.instance.notices.all()]
            self.fields["said_by"] = forms.ChoiceField(
                label=_("Which notice says so?"),
                choices=[("", "–"), *notices, (NEW, _("the one typed anew below at “Notices”"))],
                required=False,
                help_text=_(
                    "A report of this grant was released. Amount, rate, kind of financing, period, "
                    "hours and the lines of the plan, but for their words, change only with the "
                    "notice that changes them."
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

    def amended(self, plan, thresholds):
        """What a notice must change, of the fields and the tables that were typed, in order."""
        if not self.is_told:
            return []
        typed = self.cleaned_data
        names = [name for name in OF_GRANT if name in typed and typed[name] != self.before[name]]
        typed_thresholds = said_thresholds(
            form.instance
            for form in thresholds.forms
            if form not in thresholds.deleted_forms and form.instance.value is not None
        )
        names += [
            name for name in OF_COUNTING if typed_thresholds[name] != self.thresholds_before[name]
        ]
        return names + amended_lines(plan, self.plan_before)

    def check_notice(self, notices, plan, thresholds):
        """Refuse a change that no notice says, and a notice that is not there or changes nothing.

        That is: none or several typed anew, or one to be deleted.
        """
        if not self.is_told:
            return
        said_by, note = self.cleaned_data.get("said_by"), self.cleaned_data.get("change_note")
        amended = self.amended(plan, thresholds)
        if not amended:
            mistakes = plan.total_error_count() + thresholds.total_error_count()
            if (said_by or note) and not (self.errors or mistakes):
                self.add_error(
                    "said_by",
                    _("Nothing has changed that needs a notice. Leave both fields empty."),
                )
            return
        for name in self.notice_fields:
            self.fields[name].required = True
        if not note:
            self.add_error("change_note", _("Say in a few words what the notice changes."))
        if not said_by:
            names = ", ".join(str(Stipulation(name).label) for name in amended)
            refusal = _("Say which notice changes this: %(names)s.")
            self.add_error("said_by", forms.ValidationError(refusal, params={"names": names}))
        elif said_by == NEW and len(new_rows(notices)) != 1:
            self.add_error("said_by", _("Type exactly one new notice at “Notices” below."))
        elif said_by in [str(form.instance.pk) for form in notices.deleted_forms]:
            self.add_error("said_by", _("This notice is to be deleted. Choose another one."))

    def notice_of(self, notices):
        """The notice that was meant, once the table is saved."""
        said_by = self.cleaned_data["said_by"]
        if said_by == NEW:
            return notices.new_objects[0]
        return self.instance.notices.get(pk=said_by)


def amended_lines(plan, before):
    """What is typed otherwise than before in the lines of the plan, each once.

    A line that is new or to be deleted has its amount changed.
    """
    names = {
        name
        for form in plan.initial_forms
        if form.instance.pk in before
        for name, *_values in before[form.instance.pk].differs(Planned.of(form.instance))
    }
    if new_rows(plan) or any(form.instance.pk for form in plan.deleted_forms):
        names.add(Stipulation.PLANNED)
    return [name for name in OF_PLAN if name in names]


def new_rows(table):
    deleted = table.deleted_forms
    return [form for form in table.extra_forms if form.has_changed() and form not in deleted]
