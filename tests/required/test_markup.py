"""Tests of best_portal.pages.markup: what may stand on a page a manager writes."""

import pytest
from django.utils.html import format_html

from best_portal.pages.markup import html_of


def test_headings_lists_bold_and_links_are_what_they_look_like():
    html = html_of("## Kontakt {#contact}\n\nEin **Wort** und [mehr](https://beispiel.example/a).")

    assert '<h2 class="kern-heading-medium" id="contact">Kontakt</h2>' in html
    assert "<strong>Wort</strong>" in html
    assert '<a class="kern-link" href="https://beispiel.example/a">mehr</a>' in html
    assert html_of("- eins\n- zwei") == "<ul><li>eins</li><li>zwei</li></ul>"


def test_lines_below_a_heading_are_a_paragraph():
    assert html_of("### Sprechzeit\nMontag\nDienstag") == (
        '<h3 class="kern-heading-small">Sprechzeit</h3><p class="kern-body">Montag<br>Dienstag</p>'
    )


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "[x](//feind.invalid)",
        "[x](data:text/html,y)",
        '[x](https://a" onclick="b)',
        "**<img src=x>**",
        "## <b>x</b>",
        "[[<i>]]",
    ],
)
def test_what_is_not_of_the_subset_stands_there_as_text(text):
    html = html_of(text)

    for risky in ("<script", "<img", "<b>", "<i>", 'onclick="', 'href="j', 'href="//', 'href="d'):
        assert risky not in html


def test_marks_are_put_in_and_unknown_ones_stay_as_they_are():
    html = html_of("Tel. [[phone]], [[unbekannt]]", {"phone": format_html("{}", "030")}.get)

    assert html == '<p class="kern-body">Tel. 030, [[unbekannt]]</p>'
