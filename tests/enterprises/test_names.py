"""Names compared: what is the same name, what comes near, which legal form."""

import pytest

from enterprises.names import ALIKE, form_of, key_of, likeness, trigrams


@pytest.mark.parametrize(
    "spellings",
    [
        ("Muster Träger gGmbH", "MUSTER TRAEGER gemeinnützige GmbH", "Muster-Träger GmbH"),
        ("Beispiel e.V.", "Beispiel e. V.", "Beispiel eV", "Beispiel (eingetragener Verein)"),
        ("Küche eG", "Kueche e.G.", "Küche", "Küche eingetragene Genossenschaft"),
        ("Muster UG (haftungsbeschränkt)", "Muster gUG", "Muster gemeinnützige UG"),
        ("Bildung und Arbeit GmbH", "Bildung undArbeit GmbH", "Bildung - und Arbeit"),
        ("Muster GmbH & Co. KG", "Muster GmbH und Co KG"),
        ("Muster Gesellschaft für Beispiele mbH", "Muster Gesellschaft für Beispiele"),
    ],
)
def test_a_name_has_one_key_in_every_spelling_and_legal_form(spellings):
    assert len({key_of(name) for name in spellings}) == 1


def test_names_that_differ_have_keys_that_differ():
    names = ["Muster Nord", "Muster Süd", "Muster", "Eva Gbr Muster", "Musterag", "Seeg", "Bauek"]

    assert len({key_of(name) for name in names}) == len(names)


def test_a_name_of_a_legal_form_alone_keeps_it():
    assert key_of("GmbH") == "gmbh"
    assert key_of("AG") == "ag"


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("Muster gGmbH", "gmbh"),
        ("Muster gemeinnützige Gesellschaft mit beschränkter Haftung", "gmbh"),
        ("Muster Gesellschaft mbH", "gmbh"),
        ("Muster GmbH & Co. KG", "gmbh_kg"),
        ("Muster gUG (haftungsbeschränkt)", "ug"),
        ("Muster e. V.", "ev"),
        ("Muster eG", "eg"),
        ("Muster Aktiengesellschaft", "ag"),
        ("Muster GbR", "gbr"),
        ("Bezirksamt Musterstadt", ""),
    ],
)
def test_the_family_of_the_legal_form_is_told(name, form):
    assert form_of(name) == form


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nachbarschaftswerkstatt Muster e.V.", "Nachbarschaftwerkstatt Muster"),
        ("Beispielhaus", "Stadtteilzentrum Beispielhaus gGmbH"),
        ("Kulturcafé Leerstand", "Kulturcafe im Leerstand"),
    ],
)
def test_slips_and_names_within_names_come_near(one, other):
    assert likeness(trigrams(one), trigrams(other)) >= ALIKE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ABC Berlin e.V.", "XYZ Berlin e.V."),
        ("Bildungswerk Kreuzberg e.V.", "Bildungsverein Wedding e.V."),
        ("Muster gGmbH", "Beispiel gGmbH"),
    ],
)
def test_what_many_names_share_brings_nobody_near(one, other):
    assert likeness(trigrams(one), trigrams(other)) < ALIKE
