"""Forms of a handover: who takes over what, and the dossier of a case."""

import uuid

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Submit
from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from best_portal.accounts.models import User
from best_portal.conflicts import SeesConflicts
from consultations.models import Handover
from consultations.models.belongings import Belongings

TEXTS = ("state", "trust_issues", "contacts", "keys_held")
STEPS = ("first_step", "second_step", "third_step")


class HandoverForm(forms.Form):
    """Everything to one colleague; a case or office hours to somebody else where it says so."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    to = forms.ModelChoiceField(
        User.objects.none(),
        label=_("Who takes over?"),
        empty_label=_("please choose"),
        help_text=_("Everything for which nothing else is chosen below."),
    )

    def __init__(self, *args, giver, **kwargs):
        super().__init__(*args, **kwargs)
        self.giver = giver
        self.colleagues = User.objects.advisors().exclude(pk=giver.pk)
        self.fields["to"].queryset = self.colleagues
        belongings = Belongings(giver)
        cases = belongings.cases.valid().for_list().order_by("organisation__sort_name", "pk")
        hours = belongings.office_hours.for_list()
        self.cases = self._offer("case", cases)
        self.hours = self._offer("hours", hours)
        parts = [(_("Support cases"), self.cases), (_("Office hours"), self.hours)]
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "form_key", "to", *(Fieldset(title, *names) for title, names in parts if names)
        )
        self.helper.add_input(Submit("hand-over", _("Hand everything over")))

    def _offer(self, kind, rows):
        """Add a choice for each row; return {name of the field: key of the row}."""
        names = {}
        for row in rows:
            label = f"{row}, {row.project}" if kind == "hours" else str(row)
            self.fields[f"{kind}_{row.pk}"] = forms.ModelChoiceField(
                self.colleagues,
                label=label,
                required=False,
                empty_label=_("whoever takes over everything else"),
            )
            names[f"{kind}_{row.pk}"] = row.pk
        return names

    def _chosen(self, names):
        answers = {pk: self.cleaned_data[name] for name, pk in names.items()}
        return {pk: to for pk, to in answers.items() if to}

    def hand_over(self, *, by):
        return Handover.objects.hand_over(
            by=by,
            giver=self.giver,
            to=self.cleaned_data["to"],
            form_key=self.cleaned_data["form_key"],
            cases=self._chosen(self.cases),
            office_hours=self._chosen(self.hours),
        )


class DossierForm(SeesConflicts, forms.Form):
    """What the next advisor must know; after its first words, bit by bit."""

    state = forms.CharField(
        label=_("How do things stand?"),
        max_length=8_000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Where the plan is, what is decided, what is open, which day matters."),
    )
    trust_issues = forms.CharField(
        label=_("What does trust depend on here?"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "What hurt before, what was confided, how they want to be spoken to. Only the team of "
            "the project and whoever takes over read this; a reading by the management is noted."
        ),
    )
    contacts = forms.CharField(
        label=_("Further contacts"),
        required=False,
        max_length=4_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Who is not in the file: the landlord, an office, a bank."),
    )
    keys_held = forms.CharField(
        label=_("Keys and accesses"),
        required=False,
        max_length=2_000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What is in your hands, and to whom you give it. No passwords."),
    )
    first_step = forms.CharField(label=_("Next step"), required=False, max_length=300)
    second_step = forms.CharField(label=_("Second step"), required=False, max_length=300)
    third_step = forms.CharField(label=_("Third step"), required=False, max_length=300)

    def __init__(self, *args, dossier, **kwargs):
        self.dossier = dossier
        super().__init__(*args, initial=self.stored(dossier), **kwargs)
        self.helper = FormHelper()
        self.helper.render_hidden_fields = True
        self.helper.layout = Layout(*TEXTS, Fieldset(_("What comes next"), *STEPS))
        self.helper.add_input(Submit("write", _("Save the dossier")))

    @property
    def row(self):
        return self.dossier

    def stored(self, row):
        return {name: getattr(row, name) for name in (*TEXTS, *STEPS)}

    @transaction.atomic
    def write(self, *, by):
        self.check()
        self.dossier.write(by=by, **self.cleaned_data)
