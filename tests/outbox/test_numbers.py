"""Mobile numbers as people write them."""

import pytest
from django.core.exceptions import ValidationError

from best_portal.outbox.numbers import international


@pytest.mark.parametrize(
    "typed",
    [
        "0170 1234567",
        "0170/123 45 67",
        "0170-1234567",
        "(0170) 1234567",
        "+49 170 1234567",
        "+49 (0)170 1234567",
        "+490170 1234567",
        "0049 170 1234567",
        " 0170\N{NO-BREAK SPACE}1234567\n",
    ],
)
def test_a_german_number_however_it_is_written(typed):
    assert international(typed) == "+491701234567"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0151 23456789", "+4915123456789"),
        ("+48 501 234 567", "+48501234567"),
        ("00905321234567", "+905321234567"),
    ],
)
def test_other_lengths_and_other_countries(typed, number):
    assert international(typed) == number


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("030 1234567", "not_mobile"),
        ("+49 30 1234567", "not_mobile"),
        ("0170 12345", "not_mobile"),
        ("0170 123456789012", "no_number"),
        ("110", "no_number"),
        ("anrufen!", "no_number"),
        ("+", "no_number"),
        ("\N{ARABIC-INDIC DIGIT ONE}" * 11, "no_number"),
        ("0170\x001234567", "no_number"),
    ],
)
def test_what_no_text_message_reaches_gets_a_sentence(typed, code):
    with pytest.raises(ValidationError) as refusal:
        international(typed)

    assert refusal.value.code == code
    assert refusal.value.messages[0].endswith(".")
