"""Spellings of areas."""

from datetime import date

import pytest

from best_portal.imports.cells import Refused
from consultations.logbook.areas import Area, Areas

AREAS = [
    Area("Helmholtzplatz"),
    Area("Boxhagener Platz"),
    Area("Soldiner Straße/Wollankstraße"),
    Area("Brunnenstraße (Brunnenviertel)"),
    Area("Ackerstraße (Brunnenviertel)"),
    Area("Bülowstraße/Wohnen am Kleistpark (Schöneberger Norden)"),
]


@pytest.mark.parametrize(
    ("name", "spellings"),
    [
        (
            "Helmholtzplatz",
            "helmholtzplatz |Helmholtzpl.|QM Helmholtzplatz|HELMHOLTZ-PLATZ|QM-Gebiet Helmholtzpl.",
        ),
        (
            "Boxhagener Platz",
            " Boxhagener  Platz|Boxhagener Pl.|QM Boxhagener Platz|Boxhagenerplatz",
        ),
        (
            "Soldiner Straße/Wollankstraße",
            "Soldiner Str.|Soldiner Strasse|Wollankstr.|soldiner straße / wollankstraße",
        ),
        ("Brunnenstraße (Brunnenviertel)", "Brunnenstr.|QM Brunnenstrasse"),
        (
            "Bülowstraße/Wohnen am Kleistpark (Schöneberger Norden)",
            "Schoeneberger Norden|Bülowstr.|Buelowstrasse",
        ),
    ],
)
def test_an_area_is_found_by_every_usual_spelling(name, spellings):
    found = {Areas(AREAS).find(spelling).name for spelling in spellings.split("|")}

    assert found == {name}


def test_an_area_that_was_redrawn_is_the_one_of_that_day():
    old = Area("Falkplatz", key=1, ends_on=date(2003, 12, 31))
    new = Area("Falkplatz", key=2, starts_on=date(2004, 1, 1), ends_on=date(2009, 12, 31))

    assert Areas([old, new]).find("Falkpl.", date(2003, 12, 31)) == old
    assert Areas([old, new]).find("Falkpl.", date(2004, 1, 1)) == new
    with pytest.raises(Refused, match="area_not_valid"):
        Areas([old, new]).find("Falkpl.", date(2010, 1, 1))


def test_a_name_two_areas_share_is_refused_and_names_both():
    with pytest.raises(Refused) as refused:
        Areas(AREAS).find("Brunnenviertel")

    assert refused.value.params["near"] == [
        "Ackerstraße (Brunnenviertel)",
        "Brunnenstraße (Brunnenviertel)",
    ]


def test_an_unknown_area_is_refused_with_what_comes_near():
    with pytest.raises(Refused) as misspelt:
        Areas(AREAS).find("Helmholzplatz")
    with pytest.raises(Refused) as invented:
        Areas(AREAS).find("Lummerland")

    assert (misspelt.value.code, misspelt.value.params["near"][0]) == (
        "unknown_area",
        "Helmholtzplatz",
    )
    assert (invented.value.code, invented.value.params["near"]) == ("unknown_area", [])
