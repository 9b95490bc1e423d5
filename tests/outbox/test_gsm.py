"""How a text message is counted, and what becomes of signs its alphabet lacks."""

import pytest

from best_portal.outbox.gsm import cut, parts, places, plain


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("Ä" * 160, 1),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("č" * 70, 1),
        ("č" * 71, 2),
        ("č" * 134, 2),
        ("č" * 135, 3),
        ("\N{GRINNING FACE}" * 35, 1),
        ("\N{GRINNING FACE}" * 36, 2),
    ],
)
def test_how_many_parts_a_gateway_makes(text, number):
    assert parts(text) == number


def test_signs_the_alphabet_lacks_become_ones_it_has():
    text = plain("Grüße – „Café Šárka“, Łódź … 10 € \N{GRINNING FACE}")

    assert text == 'Grüße - "Café Sarka", Lodz ... 10 € ?'
    assert places(text) == len(text) + 1


@pytest.mark.parametrize(
    ("text", "room", "short"),
    [
        ("Musterladen", 11, "Musterladen"),
        ("Musterladen, Hof", 14, "Musterladen..."),
        ("€€€€€€", 9, "€€€..."),
        ("Musterladen", 2, ""),
        ("Musterladen", -5, ""),
    ],
)
def test_what_is_too_long_is_cut_with_dots(text, room, short):
    assert cut(text, room) == short
