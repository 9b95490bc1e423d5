"""Forms of a support case: opening one, settling whom it supports, and handing it over."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Layout, Row, Submit
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import Role, User
from best_portal.widgets import DateInput
from consultations.models import Project, SupportCase, SupportTarget

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


class CaseForm(forms.Form):
    """Open a case for one organisation."""

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
        self.helper.add_input(Submit("open", _("Open the case")))

    def open(self):
        answers = dict(self.cleaned_data)
        return SupportCase.objects.open_for(
            self.organisation, by=self.by, on=answers.pop("opened_on"), **answers
        )


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
