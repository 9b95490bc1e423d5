"""Forms of confirmations: what an advisor asks, what the person answers, and the rule."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.contrib.postgres.forms import SimpleArrayField
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.widgets import DateInput
from enterprises.models import Confirmation, ConfirmationRule, Person, Reply
from enterprises.models.confirmation_rule import LONGEST_DAYS, LONGEST_MONTHS, MOST_TIMES

FOUNDING = "founding"


class AskForm(forms.Form):
    """About what an organisation is asked, and who of it."""

    button = _("Ask by e-mail")

    about = forms.ChoiceField(label=_("To be confirmed"), widget=forms.RadioSelect)
    person = forms.ModelChoiceField(
        Person.objects.none(),
        label=_("Who is asked"),
        help_text=_("By e-mail, so only people with an address stand here."),
    )

    def __init__(self, *args, organisation, **kwargs):
        super().__init__(*args, **kwargs)
        self.organisation = organisation
        self.jobs = {f"job-{job.pk}": job for job in organisation.jobs.valid()}
        choices = [(key, _("Job: %(job)s") % {"job": job}) for key, job in self.jobs.items()]
        if organisation.founded_on:
            day = f"{organisation.founded_on:%d.%m.%Y}"
            choices.insert(0, (FOUNDING, _("The founding on %(day)s") % {"day": day}))
        self.fields["about"].choices = choices
        people = Person.objects.part_of(organisation).exclude(email="")
        self.fields["person"].queryset = people

    def ask(self, *, by):
        return Confirmation.objects.ask(
            by=by,
            organisation=self.organisation,
            person=self.cleaned_data["person"],
            job=self.jobs.get(self.cleaned_data["about"]),
        )


class AnswerForm(forms.Form):
    """The words of somebody who says that it is different."""

    reply = forms.ChoiceField(choices=Reply, widget=forms.HiddenInput)
    words = forms.CharField(
        label=_("What is different?"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For example: the job is part-time, or it ended in March."),
    )

    def __init__(self, *args, action="", **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_action = action
        self.helper.add_input(
            Submit("send", Reply.DIFFERENT.label, css_class="kern-btn--secondary")
        )


class ConfirmationRuleForm(forms.Form):
    """When founders are asked again, and how often, from which day on."""

    starts_on = forms.DateField(label=_("Valid from"), widget=DateInput, initial=timezone.localdate)
    months = SimpleArrayField(
        forms.IntegerField(min_value=1, max_value=LONGEST_MONTHS),
        label=_("Asked again after (months)"),
        min_length=0,
        max_length=6,
        required=False,
        help_text=_("Separated by commas: 6, 12. Empty: only when an advisor asks."),
    )
    open_days = forms.IntegerField(
        label=_("A link opens for (days)"), min_value=1, max_value=LONGEST_DAYS, initial=30
    )
    again_days = forms.IntegerField(
        label=_("“Ask me later” means after (days)"),
        min_value=1,
        max_value=LONGEST_DAYS,
        initial=14,
    )
    times = forms.IntegerField(
        label=_("Asked at most (times)"), min_value=1, max_value=MOST_TIMES, initial=2
    )
    note = forms.CharField(
        label=_("Note"),
        max_length=300,
        required=False,
        help_text=_("Where the number comes from: own practice, or a rule and its source."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.add_input(Submit("settle", _("Save the rule")))

    def settle(self, *, by):
        return ConfirmationRule.objects.settle(by=by, **self.cleaned_data)
