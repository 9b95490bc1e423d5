"""Names in what funders read: found as words, forgiven where they are none."""

import pytest

from consultations.names import names_in
from enterprises.models import Person


@pytest.mark.parametrize(
    ("text", "is_named"),
    [
        ("Mit Erika Muster gesprochen.", True),
        ("MUSTER war da.", True),
        ("Erikas Plan liegt vor.", True),
        ("Termin bei Muster-Beispiel.", True),
        ("Frau von Muster, Müllerstr.", True),
        ("Das Mustergeschäft läuft.", False),
        ("Die Satzung von der Gruppe.", False),
        ("", False),
        ("☃ \0 '", False),
    ],
)
def test_a_name_is_found_as_a_word(text, is_named):
    assert names_in(text, [Person(name="Erika von Muster")]) == (
        ["Erika von Muster"] if is_named else []
    )


def test_umlauts_and_short_names_are_compared_as_people_write_them():
    people = [Person(name="Jürgen Groß"), Person(name="Li Wu")]

    assert names_in("jurgen und GROSS", people) == ["Jürgen Groß"]
    assert names_in("Li kam mit Wu.", people) == []


def test_nothing_is_no_text():
    assert names_in(None, [Person(name="Erika Muster")]) == []
