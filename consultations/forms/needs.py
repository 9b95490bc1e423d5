"""Forms of the chain from need to job: a need, an idea, its owners, what it becomes or why not."""

import uuid

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from best_portal.audit.models import Event
from best_portal.conflicts import SeesConflicts
from best_portal.db import explained
from best_portal.widgets import DateInput, SearchChoiceField
from consultations.models import (
    ChainStage,
    EndReason,
    Idea,
    Need,
    NeedSource,
    Topic,
)
from districts.models import District
from enterprises.models import Organisation, ServiceBlock

SEARCH = "consultations:organisation_search"


class NeedForm(SeesConflicts, forms.ModelForm):
    """What is lacking, where, and where it was heard."""

    form_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4, required=False)

    class Meta:
        model = Need
        fields = ["title", "text", "district", "topic", "source", "heard_where", "noted_on"]
        widgets = {"text": forms.Textarea(attrs={"rows": 5}), "noted_on": DateInput}
        help_texts = {"text": _("No names, please: nobody here needs to know who said so.")}

    def __init__(self, *args, origin=None, **kwargs):
        super().__init__(*args, **kwargs)
        # What it comes from: {"visit": row}, {"consultation": row}, {"reply": row} or nothing.
        self.origin = origin or {}
        areas = District.objects.order_by("sort_name").defer("outline")
        self.fields["district"].queryset = areas
        self.fields["district"].label_from_instance = lambda area: area.name_with_end
        self.fields["district"].empty_label = _("everywhere, or elsewhere")
        self.fields["topic"].empty_label = _("none of them")
        if self.origin or (self.instance.pk and self.instance.source in FROM_A_ROW):
            del self.fields["source"]
        if self.instance.pk:
            del self.fields["form_key"]

    @transaction.atomic
    def keep(self, *, by):
        if self.instance.pk is None:
            fields = self.cleaned_data | self.origin
            if self.origin:
                fields["source"] = SOURCES[next(iter(self.origin))]
            return Need.objects.note(by=by, **fields)
        self.check()
        with explained(Need):
            need = self.save()
        Event.objects.record_saved(actor=by, form=self, created=False)
        return need


SOURCES = {
    "visit": NeedSource.VISIT,
    "consultation": NeedSource.CONSULTATION,
    "reply": NeedSource.SURVEY,
}
FROM_A_ROW = tuple(SOURCES.values())


class IdeaForm(SeesConflicts, forms.ModelForm):
    class Meta:
        model = Idea
        fields = ["title", "text", "blocks", "begun_on"]
        widgets = {
            "text": forms.Textarea(attrs={"rows": 5}),
            "blocks": forms.CheckboxSelectMultiple,
            "begun_on": DateInput,
        }

    def __init__(self, *args, need, **kwargs):
        super().__init__(*args, **kwargs)
        self.need = need
        # One in the bin stays with the ideas built of it.
        chosen = self.instance.blocks.all() if self.instance.pk else ServiceBlock.objects.none()
        blocks = ServiceBlock.objects.filter(Q(withdrawn_at=None) | Q(pk__in=chosen))
        self.fields["blocks"].queryset = blocks.order_by("name")
        if not blocks.exists():
            del self.fields["blocks"]

    @transaction.atomic
    def keep(self, *, by):
        if self.instance.pk is None:
            return Idea.objects.have(by=by, need=self.need, **self.cleaned_data)
        self.check()
        with explained(Idea):
            idea = self.save()
        Event.objects.record_saved(actor=by, form=self, created=False)
        return idea


class OwnerForm(forms.Form):
    """Somebody who owns an idea, too."""

    organisation = SearchChoiceField(
        Organisation.objects.none(), search_url=SEARCH, label=_("Organisation"), required=False
    )
    name = forms.CharField(label=_("Or somebody by name"), max_length=150, required=False)

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.visible_to(by)

    def clean(self):
        cleaned = super().clean()
        given = [bool(cleaned.get("organisation")), bool(cleaned.get("name"))]
        if not self.errors and sum(given) != 1:
            raise ValidationError(_("Choose an organisation or write a name, not both."))
        return cleaned


class InitiativeForm(forms.Form):
    """The file of the initiative an idea has become: one there is, or a new one."""

    organisation = SearchChoiceField(
        Organisation.objects.none(),
        search_url=SEARCH,
        label=_("File that is there already"),
        required=False,
    )
    name = forms.CharField(
        label=_("Or the name of a new founding initiative"), max_length=200, required=False
    )

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = Organisation.objects.visible_to(by)

    def clean(self):
        cleaned = super().clean()
        given = [bool(cleaned.get("organisation")), bool(cleaned.get("name"))]
        if not self.errors and sum(given) != 1:
            raise ValidationError(_("Choose a file or write a name, not both."))
        return cleaned

    def become(self, idea, *, by):
        if row := self.cleaned_data["organisation"]:
            return idea.become(row, by=by)
        return idea.found(" ".join(self.cleaned_data["name"].split()), by=by)


class IdeaEndForm(forms.Form):
    because = forms.ChoiceField(label=_("Why does it end?"), choices=EndReason)
    note = forms.CharField(
        label=_("In words"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("So that the next ones can learn from it."),
    )


class NeedEndForm(forms.Form):
    because = forms.CharField(
        label=_("Why is it no need any more?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class NeedFilter(forms.Form):
    """Which needs are listed."""

    words = forms.CharField(label=_("Words"), required=False, max_length=200)
    stage = forms.ChoiceField(
        label=_("How far"), choices=[("", _("all")), *ChainStage.choices], required=False
    )
    district = forms.ModelChoiceField(
        District.objects.none(), label=_("Neighbourhood"), required=False, empty_label=_("all")
    )
    source = forms.ChoiceField(
        label=_("Heard in"), choices=[("", _("all")), *NeedSource.choices], required=False
    )
    topic = forms.ModelChoiceField(
        Topic.objects.all(), label=_("Topic"), required=False, empty_label=_("all")
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.needs = Need.objects.visible_to(user)
        used = self.needs.exclude(district=None).order_by().values("district")
        areas = District.objects.filter(pk__in=used).order_by("sort_name").defer("outline")
        self.fields["district"].queryset = areas
        self.fields["district"].label_from_instance = lambda area: area.name

    @property
    def rows(self):
        """Those asked for; none for a faulty question."""
        if not self.is_bound:
            return self.needs.for_list()
        if not self.is_valid():
            return self.needs.none()
        asked = self.cleaned_data
        rows = self.needs.for_list()
        for name in ("stage", "district", "source", "topic"):
            if asked[name]:
                rows = rows.filter(**{name: asked[name]})
        for word in asked["words"].split()[:8]:
            rows = rows.filter(Q(title__icontains=word) | Q(text__icontains=word))
        return rows
