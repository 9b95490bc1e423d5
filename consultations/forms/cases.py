"""Forms of a support case: opening, closing, reopening, whom it supports, handing it over."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row, Submit
from django import forms
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role, User
from best_portal.widgets import DateInput
from consultations.models import Project, SupportCase, SupportTarget
from consultations.models.cases import FACT, results_since
from enterprises.forms.accounted import AsksBeforeAccounted

# Funding rules, ESF Plus: a person or an undertaking is counted, never both for the same support.
TARGET_RULE = _(
    "The person: personal advice, for example before founding or for somebody self-employed. "
    "The enterprise: advice to the business, for example on accounts, law or organisation. "
    "Only one of them is counted in the reports, never both at the same time."
)


def told(case):
    """A case among others of its file: the project, and from when to when."""
    end = f" – {case.closed_on:%d.%m.%Y}" if case.closed_on else ""
    return f"{case.project} ({case.opened_on:%d.%m.%Y}{end})"


class TargetField(forms.ChoiceField):
    """Person or enterprise, asked with the rule behind it; nothing is chosen beforehand."""

    def __init__(self):
        super().__init__(
            label=_("Who is supported?"),
            choices=SupportTarget,
            widget=forms.RadioSelect,
            help_text=TARGET_RULE,
        )


class AsksOfCase(AsksBeforeAccounted):
    """Results of an enterprise are counted a year after its last case in a project was closed."""

    fact = FACT
    organisation = None  # given by the view; the mixin would ask a row


class CaseForm(AsksOfCase, forms.Form):
    """Open a case for one organisation; asks where its day lies in what was accepted."""

    project = forms.ModelChoiceField(Project.objects.none(), label=_("Project"))
    advisor = forms.ModelChoiceField(User.objects.none(), label=_("Responsible"))
    opened_on = forms.DateField(label=_("Opened on"), widget=DateInput, initial=timezone.localdate)
    support_target = TargetField()
    goal = forms.CharField(label=_("Goal"), max_length=300, required=False)
    carried_on_from = forms.ModelChoiceField(
        SupportCase.objects.none(),
        label=_("Carries on an earlier case"),
        required=False,
        empty_label=_("no, it is a new one"),
        help_text=_("Such as one of the project before; the file shows where it comes from."),
    )

    def __init__(self, *args, organisation, by, **kwargs):
        super().__init__(*args, **kwargs)
        earlier = SupportCase.objects.visible_to(by).filter(organisation=organisation).for_list()
        if earlier:
            self.fields["carried_on_from"].queryset = earlier.order_by("-opened_on", "-pk")
            self.fields["carried_on_from"].label_from_instance = told
        else:
            del self.fields["carried_on_from"]
        self.organisation, self.by = organisation, by
        projects = Project.objects.loggable_by(by)
        self.fields["project"].queryset = projects
        self.fields["project"].initial = projects.running_on(timezone.localdate()).first()
        self.fields["advisor"].queryset = User.objects.staff()
        self.fields["advisor"].label_from_instance = lambda user: user.name or user.email
        self.fields["advisor"].initial = by
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Row(Column("project"), Column("advisor"), Column("opened_on")),
            "support_target",
            "goal",
            *[name for name in ("carried_on_from",) if name in self.fields],
        )
        self.helper.render_unmentioned_fields = True
        self.helper.add_input(Submit("open", _("Open the case")))

    @property
    def project_of_fact(self):
        return self.cleaned_data["project"]

    def changes_since(self):
        """A running case takes back the results of those before, which ended earlier or later."""
        project, on = self.cleaned_data["project"], self.cleaned_data["opened_on"]
        closed = SupportCase.objects.closed().filter(
            organisation=self.organisation, project=project
        )
        last = closed.aggregate(day=Max("closed_on"))["day"]
        return min(on, results_since(project, last)) if last else on

    @transaction.atomic
    def open(self):
        answers = dict(self.cleaned_data)
        case = SupportCase.objects.open_for(
            self.organisation, by=self.by, on=answers.pop("opened_on"), **answers
        )
        self.note_why(case, by=self.by)
        return case


class OfCase(AsksOfCase, forms.Form):
    """What changes the last day of a case: asks where results of it were accepted otherwise."""

    button = ("", "")

    def __init__(self, *args, case, **kwargs):
        super().__init__(*args, **kwargs)
        self.case, self.organisation = case, case.organisation
        self.helper = FormHelper()
        self.helper.add_input(Submit(*self.button))

    @property
    def project_of_fact(self):
        return self.case.project


class CloseForm(OfCase):
    """Close a case; refuses a day on which it cannot have ended."""

    button = ("close", _("Close the case"))

    on = forms.DateField(label=_("Closed on"), widget=DateInput, initial=timezone.localdate)
    outcome = forms.CharField(
        label=_("Outcome"),
        max_length=300,
        help_text=_("What became of it. Results of the support are counted a year later."),
    )

    def __init__(self, *args, case, **kwargs):
        super().__init__(*args, case=case, **kwargs)
        self.fields["outcome"].initial = case.outcome

    def clean_on(self):
        on = self.cleaned_data["on"]
        self.case.check_closing(on)
        return on

    def changes_since(self):
        is_running = self.case.closed_on is None
        return results_since(self.case.project, self.cleaned_data["on"]) if is_running else None

    @transaction.atomic
    def close(self, *, by):
        self.case.close(by=by, **self.cleaned_data)
        self.note_why(self.case, by=by)


class ReopenForm(OfCase):
    """Take back that a case was closed."""

    button = ("reopen", _("Reopen the case"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.periods = self._periods()
        if self.periods:
            self._ask()

    def changes_since(self):
        closed_on = self.case.closed_on
        return results_since(self.case.project, closed_on) if closed_on else None

    @transaction.atomic
    def reopen(self, *, by):
        self.case.reopen(by=by)
        self.note_why(self.case, by=by)


class TargetForm(forms.Form):
    """Settle or correct whom a case supports."""

    support_target = TargetField()

    def __init__(self, *args, case, **kwargs):
        super().__init__(*args, initial={"support_target": case.support_target}, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("aim", _("Save")))


class HandOverForm(forms.Form):
    """Make a colleague of the project's team responsible for a case."""

    to = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Who is responsible from now on?"),
        help_text=_("Whoever it is gets the open promises of this case, too."),
    )
    with_appointments = forms.BooleanField(
        label=_("Pass on what is booked, too"),
        required=False,
        help_text=_(
            "Whoever comes to them is told who will be there. An appointment at a time at which "
            "the colleague has something else stays."
        ),
    )

    def __init__(self, *args, case, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = case.project.team.staff()
        self.booked = case.booked_with_advisor()
        if by.role != Role.MANAGER or not self.booked:
            del self.fields["with_appointments"]
        self.helper = FormHelper()
        self.helper.add_input(Submit("hand-over", _("Hand over")))
