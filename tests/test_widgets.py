"""Fields every app may use understand what people write."""

from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import DjangoTemplates
from django.test.html import parse_html
from django.utils import translation

from best_portal.widgets import NumberField


@pytest.mark.parametrize(
    ("language", "typed", "number"),
    [
        ("de", "120.000,50", "120000.50"),
        ("de", "1.500", "1500"),
        ("de", "1,5", "1.5"),
        ("de", "37.5", "37.5"),
        ("de", "120000.50", "120000.50"),
        ("de", "1 200,00", "1200.00"),
        ("de", "50.000,00 €", "50000.00"),
        ("de", "100\N{NO-BREAK SPACE}%", "100"),
        ("de", "-3,25", "-3.25"),
        ("en", "120,000.50", "120000.50"),
        ("en", "1.500", "1.500"),
        ("en", "1,500", "1500"),
    ],
)
def test_numbers_are_read_as_people_write_them(language, typed, number):
    with translation.override(language):
        assert NumberField().clean(typed) == Decimal(number)


@pytest.mark.parametrize("typed", ["viel", "1,2,3", "12.34.56", "NaN", "∞"])
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(ValidationError):
        NumberField().clean(typed)


CHOICES = [("", "alle"), ("Pankow", [(1, "Ä & <b>"), ('x"y', "Zitat")]), (None, "nichts")]


@pytest.mark.parametrize("chosen", ["", "1", 'x"y', None, "unbekannt"])
@pytest.mark.parametrize("widget", [forms.Select, forms.SelectMultiple])
def test_a_list_of_choices_is_written_as_django_writes_it(widget, chosen):
    field = widget(attrs={"id": "id_ort", "required": True, "data-a": "<"}, choices=CHOICES)
    value = [chosen] if widget is forms.SelectMultiple else chosen

    ours = field.render("ort", value)

    djangos = field.render("ort", value, renderer=DjangoTemplates())
    assert parse_html(ours) == parse_html(djangos)


def test_an_empty_choice_says_what_to_do_and_shows_no_dashes():
    html = forms.Select(choices=[("", "---------"), ("1", "eins")]).render("ort", "")

    assert "bitte wählen" in html
    assert "---" not in html
