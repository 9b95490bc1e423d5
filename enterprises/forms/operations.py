"""Forms of published lists: whose they are, who is meant, which organisation a name is."""

from django import forms
from django.utils.translation import gettext_lazy as _

from best_portal.imports.forms import FileForm, QuestionsForm
from best_portal.widgets import DateInput, SearchChoiceField
from enterprises.forms.organisation import RegisterForm
from enterprises.models import (
    OperationImport,
    Organisation,
    ProgrammingPeriod,
    PublishedFund,
    Stage,
)
from enterprises.models.directory import guessed
from enterprises.models.operation_import import NEW, NONE


class OperationFileForm(FileForm):
    fund = forms.ChoiceField(
        label=_("Fund"), choices=[("", _("please choose")), *PublishedFund.choices]
    )
    period = forms.ChoiceField(
        label=_("Programming period"),
        choices=[("", _("as the file tells")), *ProgrammingPeriod.choices],
        required=False,
    )
    published_on = forms.DateField(
        label=_("As of"),
        required=False,
        widget=DateInput,
        help_text=_("Leave it empty where the list itself says so."),
    )

    model = OperationImport
    field_order = ["fund", "file", "period", "published_on"]


class BeneficiariesForm(QuestionsForm):
    """Each doubtful name beside the files it may mean; who says nothing decides nothing."""

    title = _("Who are these beneficiaries?")

    def choices(self, question):
        return [
            *((str(near.pk), near.compared) for near in question.near),
            (NEW, _("somebody else: open a new file")),
            (NONE, _("somebody else: leave without a file")),
        ]


class LinkForm(forms.Form):
    organisation = SearchChoiceField(
        Organisation.objects.all(),
        search_url="consultations:organisation_search",
        label=_("Search for the organisation"),
    )


class BeneficiaryFileForm(RegisterForm):
    """A new file for a name on the lists, filled in with what the name tells."""

    def __init__(self, *args, beneficiary, **kwargs):
        kind, legal_form = guessed(beneficiary.name)
        told = {"name": beneficiary.name[:200], "kind": kind, "legal_form": legal_form}
        super().__init__(*args, initial={**told, "stage": Stage.CONSOLIDATION}, **kwargs)
        self.beneficiary = beneficiary

    def register(self, *, by):
        organisation = super().register(by=by)
        self.beneficiary.link(organisation, by=by)
        return organisation
