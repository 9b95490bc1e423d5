"""The snippet shows what was asked for, in its surroundings, and nothing is lost from a name."""

from best_portal.asked import Word
from best_portal.search.snippets import LONGEST, marked, snippet


def shown(pieces):
    return "".join(f"[{text}]" if is_asked else text for text, is_asked in pieces)


def test_words_their_forms_parts_and_typos_are_marked():
    words = [Word("bescheid"), Word("Antrag"), Word("Genosenschaft")]

    pieces = marked("Zuwendungsbescheid, Anträge, Genossenschaft und Verein", words)

    assert shown(pieces) == "[Zuwendungsbescheid], [Anträge], [Genossenschaft] und Verein"
    assert "".join(text for text, _ in pieces) == (
        "Zuwendungsbescheid, Anträge, Genossenschaft und Verein"
    )


def test_the_text_that_answers_most_is_shown():
    assert shown(snippet(["Miete", "Strom und Miete"], [Word("Strom"), Word("Miete")])) == (
        "[Strom] und [Miete]"
    )


def test_a_long_text_is_cut_around_the_word():
    text = "anfang " * 100 + "Bescheid " + "ende " * 100

    piece = shown(snippet([text], [Word("bescheid")]))

    assert "[Bescheid]" in piece
    assert piece.startswith("… ")
    assert piece.endswith(" …")
    assert len(piece) < LONGEST + 10


def test_without_a_hit_the_beginning_is_shown_or_nothing():
    assert shown(snippet(["Miete"], [Word("Strom")])) == "Miete"
    assert snippet(["Miete"], [Word("Strom")], or_beginning=False) == []
    assert snippet(["", None], [Word("Strom")]) == []


def test_one_endless_word_is_cut_too():
    assert len(shown(snippet(["x" * 5000], [Word("Strom")]))) < LONGEST + 10
