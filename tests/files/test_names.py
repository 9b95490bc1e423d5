"""Names of files: what people gave, without what could lead or mislead anybody."""

import pytest

from best_portal.files.names import LONGEST, safe_name


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("Satzung 2026.pdf", "Satzung 2026.pdf"),
        ("Größe & Maß – Übersicht.pdf", "Größe & Maß – Übersicht.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Eigene Dateien\\Plan.xlsx", "Plan.xlsx"),
        ("rechnung\u202efdp.exe", "rechnungfdp.exe"),
        ("a\r\nSet-Cookie: b.pdf", "aSet-Cookie_ b.pdf"),
        ("a\0b.txt", "ab.txt"),
        ('x".pdf', "x_.pdf"),
        (" .pdf", "pdf"),
        ("", ""),
    ],
)
def test_a_name_is_made_safe(given, kept):
    assert safe_name(given) == kept


def test_a_long_name_keeps_its_ending():
    name = safe_name("x" * 400 + ".pdf")

    assert len(name) == LONGEST
    assert name.endswith("x.pdf")
