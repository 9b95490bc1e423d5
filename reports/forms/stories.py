"""Forms of success stories: what became of a case, and who agrees that it is told."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from best_portal.audit.models import Event
from best_portal.conflicts import SeesConflicts
from best_portal.db import explained
from best_portal.widgets import DateInput, SearchChoiceField
from consultations.models import SupportCase
from districts.models import District
from enterprises.models import ConsentWay, Person
from reports.models import ConsentOf, Story


class StoryForm(SeesConflicts, forms.ModelForm):
    """What is told, and of whom."""

    person = SearchChoiceField(
        Person.objects.none(),
        search_url="consultations:person_search",
        label=_("Person it tells of"),
        required=False,
        help_text=_("Whoever is named or can be recognised has to agree as well."),
    )

    class Meta:
        model = Story
        fields = ["case", "title", "summary", "text", "person"]
        widgets = {
            "text": forms.Textarea(attrs={"rows": 14}),
            "summary": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        cases = SupportCase.objects.visible_to(by).for_list().order_by("-opened_on", "-pk")
        self.fields["case"].queryset = cases
        self.fields["case"].empty_label = _("please choose")
        self.fields["case"].label_from_instance = named
        # The case says whose story it is; another one would be another story.
        self.fields["case"].disabled = self.instance.pk is not None
        self.fields["person"].queryset = Person.objects.visible_to(by)

    @transaction.atomic
    def keep(self, *, by):
        """Save; what was public has to be approved anew."""
        if self.instance.pk is None:
            return Story.objects.tell(by=by, **self.cleaned_data)
        self.check()
        with explained(Story):
            self.instance.approved_at = self.instance.approved_by = None
            story = self.save()
        Event.objects.record_saved(actor=by, form=self, created=False)
        return story


def named(case):
    return f"{case.organisation} – {case.project} ({case.opened_on:%d.%m.%Y})"


class StoryConsentForm(forms.Form):
    """Who agreed, when and how."""

    of = forms.ChoiceField(label=_("Who agrees?"), choices=ConsentOf)
    given_by = forms.CharField(
        label=_("Name"), max_length=150, help_text=_("Who said so; not public.")
    )
    given_on = forms.DateField(label=_("When?"), widget=DateInput)
    way = forms.ChoiceField(
        label=_("How?"),
        choices=[choice for choice in ConsentWay.choices if choice[0] != ConsentWay.FORM],
    )

    def clean_given_on(self):
        day = self.cleaned_data["given_on"]
        if day.year < 1990 or day > timezone.localdate():
            raise ValidationError(_("Consent is given on a day that has been."))
        return day


class StoriesFilter(forms.Form):
    """Which stories are listed."""

    words = forms.CharField(label=_("Words"), required=False, max_length=200)
    area = forms.ModelChoiceField(
        District.objects.none(), label=_("Neighbourhood"), required=False, empty_label=_("all")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        public = Story.objects.public().values("organisation__district")
        areas = District.objects.filter(pk__in=public).order_by("sort_name").defer("outline")
        self.fields["area"].queryset = areas
        self.fields["area"].label_from_instance = lambda area: area.name

    @property
    def rows(self):
        """The public stories that fit; all of them where the question cannot be understood."""
        rows = Story.objects.public()
        if not self.is_valid():
            return rows
        if area := self.cleaned_data["area"]:
            rows = rows.filter(organisation__district=area)
        return rows.saying(self.cleaned_data["words"])
