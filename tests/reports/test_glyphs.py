"""What the fonts of the paper cannot draw does not keep it from being printed."""

import pytest

from reports.glyphs import legible


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Müller, Ğülşah, Ελένη, Жанна – 5 €\n", "Müller, Ğülşah, Ελένη, Жанна – 5 €\n"),
        ("Danke 🙂", "Danke [?]"),
        ("👩\u200d👧", "[?][?]"),
        ("漢字", "[?][?]"),
        ("𝐀\u2028B", "A B"),
        ("e\u0301", "e\u0301"),
    ],
)
def test_a_sign_no_font_has_is_stood_in_for(typed, printed):
    assert legible(typed) == printed
