"""Muster: every component and form field in every state, on one page; the look's test bed."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Column, Fieldset, Layout, Row, Submit
from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from best_portal.widgets import (
    Combobox,
    DateInput,
    DateTimeInput,
    DecimalInput,
    SplitDateTime,
    TimeInput,
)

KINDS = [
    ("advice", _("Advice")),
    ("accompaniment", _("Accompaniment")),
    ("training", _("Training")),
]

ENTERPRISES = ["Café Beispiel", "Kiezküche Muster", "Nähwerkstatt Beispiel", "Radwerkstatt Muster"]


class PatternForm(forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Name", max_length=80)
    email = forms.EmailField(
        label="E-Mail",
        help_text="Wir schreiben Ihnen nur wegen dieses Termins.",
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    enterprise = forms.Field(label="Betrieb", widget=Combobox("pattern_search"))
    day = forms.DateField(label="Tag", widget=DateInput)
    time = forms.TimeField(label="Uhrzeit", widget=TimeInput, required=False)
    moment = forms.DateTimeField(label="Zeitpunkt", widget=DateTimeInput, required=False)
    begins = forms.SplitDateTimeField(
        label="Beginn", widget=SplitDateTime, help_text="Tag und Uhrzeit"
    )
    people = forms.IntegerField(label="Teilnehmende", min_value=0, required=False)
    amount = forms.DecimalField(
        label="Betrag", localize=True, widget=DecimalInput, required=False, help_text="In Euro"
    )
    kind = forms.ChoiceField(label="Art", choices=KINDS, widget=forms.RadioSelect)
    place = forms.ChoiceField(label="Ort", choices=[("", "Bitte wählen"), *KINDS])
    topics = forms.MultipleChoiceField(
        label="Themen",
        choices=KINDS,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Mehrere sind möglich.",
    )
    several = forms.MultipleChoiceField(label="Mehrfachauswahl", choices=KINDS, required=False)
    note = forms.CharField(label="Notiz", widget=forms.Textarea(attrs={"rows": 4}), required=False)
    document = forms.FileField(label="Datei", required=False, help_text="PDF, höchstens 10 MB")
    consent = forms.BooleanField(label="Ich bin einverstanden.", help_text="Sie können widerrufen.")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_action = "/muster/"
        self.helper.cancel_url = "/muster/"
        self.helper.add_input(Submit("save", "Speichern"))
        self.helper.layout = Layout(
            Row(Column("name"), Column("email")),
            "enterprise",
            Row(Column("day"), Column("time"), Column("moment")),
            "begins",
            Row(Column("people"), Column("amount")),
            Fieldset("Nur für die Beratung", "kind", "note", css_class="fieldset--internal"),
            Fieldset("Geht in den Bericht", "place", "topics", css_class="fieldset--report"),
            "several",
            "document",
            "consent",
        )


class PatternFilter(forms.Form):
    q = forms.CharField(label="Suche", required=False)
    kind = forms.ChoiceField(label="Art", choices=[("", "Alle"), *KINDS], required=False)
    since = forms.DateField(label="Seit", widget=DateInput, required=False)


class PatternRow(forms.Form):
    indicator = forms.CharField(label="Kennzahl")
    target = forms.IntegerField(label="Soll")


@login_not_required
@require_safe
def pattern(request):
    """Show the components; only where the portal is tried out."""
    if not settings.DEMO:
        raise Http404
    rows = forms.formset_factory(PatternRow, extra=2)(prefix="rows")
    helper = FormHelper()
    helper.form_tag = False
    helper.template = "kern/table_inline_formset.html"
    wrong = PatternForm(
        {"email": "keine", "day": "31.02.", "kind": "x", "enterprise_text": "Muster"},
        auto_id="wrong_%s",
    )
    wrong.add_error("enterprise", "„Muster“ passt auf mehrere. Wählen Sie einen Eintrag aus.")
    wrong.fields["enterprise"].widget.suggestions = ENTERPRISES[1::2]
    context = {
        "form": PatternForm(auto_id="id_%s"),
        "wrong": wrong,
        "filter": PatternFilter(request.GET or {"q": "Café"}, auto_id="filter_%s"),
        "page": Paginator(range(200), 10).get_page(request.GET.get("page", 7)),
        "rows": rows,
        "rows_helper": helper,
        "tabs": [
            ("Übersicht", "#a", True),
            ("Beratungen", "#b", False),
            ("Dokumente", "#c", False),
        ],
        "pairs": [
            ("Rechtsform", "Genossenschaft"),
            ("Gegründet", "01.04.2024"),
            ("Aufgegeben", ""),
        ],
        "tones": ["neutral", "info", "success", "warning", "danger"],
    }
    return render(request, "pattern/pattern.html", context)


@login_not_required
@require_safe
def pattern_search(request):
    """Answer the pattern's combobox the way every search view does."""
    text = request.GET.get("q", "").casefold()
    options = [(name, name, "Pankow") for name in ENTERPRISES if text in name.casefold()]
    return render(request, "components/options.html", {"options": options})
