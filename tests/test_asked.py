"""What is typed into a search box is found however it is written, and nothing else is."""

import pytest

from best_portal.asked import LONGEST, Asked, Text, forgive_typos, spellings
from enterprises.models import Organisation
from tests.factories import make_organisation

pytestmark = pytest.mark.django_db
WHAT_FOR = Text(("purpose",))


def is_found(purpose, typed, *, alike=False):
    forgive_typos()
    make_organisation(purpose=purpose)
    conditions = [word.within(WHAT_FOR, alike=alike) for word in Asked(typed).words]
    return bool(conditions) and Organisation.objects.filter(*conditions).exists()


@pytest.mark.parametrize(
    ("purpose", "typed"),
    [
        ("Der Zuwendungsbescheid kam gestern.", "bescheid"),
        ("Der Zuwendungsbescheid kam gestern.", "Bescheide"),
        ("Zwei Anträge sind gestellt.", "Antrag"),
        ("Ein Antrag ist gestellt.", "anträge"),
        ("Die Pflegegenossenschaft trifft sich.", "Genossenschaften"),
        ("Die Häuser der Wäscherei", "Wascherei"),
        ("Die Häuser der Wäscherei", "Waescherei"),
        ("Die Mühle am Fluss", "Muehle"),
        ("Die Muehle am Fluss", "Mühle"),
        ("In der Großen Straße", "strasse"),
        ("In der Grossen Strasse", "Straße"),
        ("Förderung beantragt", "FÖRDERUNG"),
        ("Miete und Strom geklärt", "strom miete"),
        ("Miete und Strom geklärt", "Miete für den Strom"),
        ("Die UG ist gegründet.", "ug"),
        ("Zu 100% gefördert", "100%"),
        ("Die Frauen treffen sich.", "Frauen"),
    ],
)
def test_a_word_is_found_however_it_is_written(purpose, typed):
    assert is_found(purpose, typed)


@pytest.mark.parametrize(
    ("purpose", "typed"),
    [
        ("Miete geklärt", "Miete Strom"),
        ("Der Zug ist weg.", "ug"),
        ("Alles ist gefördert.", "100%"),
        ("Was das Finanzamt wissen will", "waschrei"),
        ("Irgendwas", "der die das"),
        ("Irgendwas", "… ?!"),
        ("Irgendwas", "\0"),
    ],
)
def test_another_word_is_not_found(purpose, typed):
    assert not is_found(purpose, typed, alike=True)


@pytest.mark.parametrize("typed", ["Genosenschaft", "Genossenschfat", "Gennossenschaft"])
def test_a_typo_is_forgiven_where_asked_for(typed):
    assert not is_found("Eine Genossenschaft entsteht.", typed)
    assert is_found("Eine Genossenschaft entsteht.", typed, alike=True)


def test_an_endless_question_is_cut():
    asked = Asked("wort " * 1000 + "x" * 100_000)

    assert len(asked.typed) <= LONGEST
    assert [word.typed for word in asked.words] == ["wort"]


def test_two_vowels_that_are_no_umlaut_stay():
    assert spellings("Neue") == ["neue"]
    assert set(spellings("Tür")) == {"tur", "tuer"}
    assert set(spellings("Tuer")) == {"tuer", "tur"}
