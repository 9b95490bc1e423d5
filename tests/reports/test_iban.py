"""Account numbers: what is taken, what has a slip in it, and how they are printed."""

import pytest
from django.core.exceptions import ValidationError

from reports.iban import check_iban, plain, printed


@pytest.mark.parametrize(
    "iban",
    ["DE89370400440532013000", "DE12500105170648489890", "GB82WEST12345698765432"],
)
def test_an_iban_whose_check_digits_fit_is_taken(iban):
    check_iban(iban)


@pytest.mark.parametrize(
    ("iban", "words"),
    [
        ("DE89370400440532013001", "Prüfziffern"),
        ("DE98370400440532013000", "Prüfziffern"),
        ("DE8937040044053201300", "22 Stellen"),
        ("de89370400440532013000", "zwei Buchstaben"),
        ("1234", "zwei Buchstaben"),
        ("DE89370400440532013000\n", "zwei Buchstaben"),
    ],
)
def test_a_slip_is_refused(iban, words):
    with pytest.raises(ValidationError, match=words):
        check_iban(iban)


def test_it_is_typed_with_blanks_and_printed_in_groups():
    assert plain(" de89 3704 0044\u00a00532 0130 00 ") == "DE89370400440532013000"
    assert printed("DE89370400440532013000") == "DE89 3704 0044 0532 0130 00"
