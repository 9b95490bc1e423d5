"""Outlines from a file: what is loaded, and the sentence for each fault."""

import json

import pytest
from django.core.management import CommandError, call_command

from districts.models import District
from tests.factories import make_district

pytestmark = pytest.mark.django_db

SQUARE = [[13.40, 52.50], [13.41, 52.50], [13.41, 52.51], [13.40, 52.51], [13.40, 52.50]]


def feature(name="Musterplatz", geometry=None, **properties):
    return {
        "type": "Feature",
        "properties": {"name": name, **properties},
        "geometry": geometry or {"type": "Polygon", "coordinates": [SQUARE]},
    }


@pytest.fixture
def load(tmp_path):
    def load(*features, text=None, **more):
        path = tmp_path / "grenzen.geojson"
        collection = {"type": "FeatureCollection", "features": list(features), **more}
        path.write_text(json.dumps(collection) if text is None else text, encoding="utf-8")
        call_command("load_boundaries", str(path))

    return load


def test_an_outline_finds_its_area_by_name(load):
    area = make_district(name="Musterstraße (Süd)")

    load(feature("musterstrasse süd"))

    area.refresh_from_db()
    assert area.outline["type"] == "Polygon"
    assert area.outline_source == "grenzen.geojson"


def test_an_outline_finds_its_area_by_planning_areas(load):
    area = make_district(planning_areas="99990001 99990002")

    load(feature("Anders", lor_until_2020=["99990002", "99990001"]))

    area.refresh_from_db()
    assert area.outline


def moved(x=0.0, y=0.0):
    return {"type": "Polygon", "coordinates": [[[a + x, b + y] for a, b in SQUARE]]}


@pytest.mark.parametrize(
    ("geometry", "told"),
    [
        ({"type": "Point", "coordinates": [13.4, 52.5]}, "Polygon"),
        ({"type": "Polygon", "coordinates": []}, ""),
        ({"type": "Polygon", "coordinates": [[]]}, ""),
        ({"type": "Polygon", "coordinates": [SQUARE[:3]]}, ""),
        ({"type": "Polygon", "coordinates": [SQUARE[:-1]]}, ""),
        ({"type": "Polygon", "coordinates": [[["a", "b"]] * 4]}, ""),
        ({"type": "Polygon", "coordinates": [[[13.4]] * 4]}, ""),
        ({"type": "Polygon", "coordinates": "x"}, ""),
        (moved(x=5), "Berlin"),
        (moved(x=-400_000), "WGS 84"),
        ({"type": "Polygon", "coordinates": [[[y, x] for x, y in SQUARE]]}, ""),
    ],
)
def test_a_faulty_outline_is_named_and_nothing_is_loaded(load, geometry, told):
    good = make_district(name="Gut")
    make_district(name="Musterplatz")

    with pytest.raises(CommandError) as refusal:
        load(feature("Gut"), feature(geometry=geometry))

    good.refresh_from_db()
    assert good.outline is None
    assert told in str(refusal.value)
    assert "2" in str(refusal.value)
    assert "Musterplatz" in str(refusal.value)


def test_an_unknown_area_is_named_and_nothing_is_loaded(load):
    good = make_district(name="Gut")

    with pytest.raises(CommandError, match="Nirgendwo"):
        load(feature("Gut"), feature("Nirgendwo"))

    good.refresh_from_db()
    assert good.outline is None


def test_an_area_twice_in_a_file_is_refused(load):
    make_district(name="Musterplatz")

    with pytest.raises(CommandError):
        load(feature(), feature())


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", '{"type": "Feature"}', '{"type": "FeatureCollection"}', "[" * 100_000],
)
def test_what_is_no_geojson_gets_a_sentence(load, text):
    with pytest.raises(CommandError):
        load(text=text)


def test_a_feature_that_is_none_gets_a_sentence(load):
    with pytest.raises(CommandError):
        load("x", None, {"properties": None}, {"properties": {}, "geometry": None})


def test_another_projection_is_refused(load):
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25833"}}

    with pytest.raises(CommandError, match="WGS 84"):
        load(feature(), crs=crs)


def test_a_file_too_large_is_not_read(load, monkeypatch):
    monkeypatch.setattr("districts.boundaries.LARGEST_FILE", 10)

    with pytest.raises(CommandError, match="20 MB"):
        load(feature())


def test_an_outline_of_too_many_points_is_refused(load):
    area = make_district(name="Musterplatz")
    ring = [SQUARE[0], *([[13.4 + n / 1e6, 52.5] for n in range(20_000)]), SQUARE[0]]

    with pytest.raises(CommandError, match=r"20[.,]000"):
        load(feature(geometry={"type": "Polygon", "coordinates": [ring]}))

    area.refresh_from_db()
    assert area.outline is None


def test_more_areas_than_berlin_has_are_refused(load):
    make_district(name="Musterplatz")

    with pytest.raises(CommandError, match=r"1[.,]000"):
        load(*[feature() for _ in range(1_001)])


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999", "true", '"13.4"'])
def test_what_is_no_number_is_no_place(load, number):
    text = json.dumps({"type": "FeatureCollection", "features": [feature()]})
    make_district(name="Musterplatz")

    with pytest.raises(CommandError):
        load(text=text.replace("13.41", number, 1))

    assert not District.objects.exclude(outline=None).exists()


def test_a_file_in_another_encoding_gets_a_sentence(tmp_path):
    path = tmp_path / "grenzen.geojson"
    path.write_bytes('{"type": "FeatureCollection", "name": "Straße"}'.encode("latin-1"))

    with pytest.raises(CommandError):
        call_command("load_boundaries", str(path))


def test_if_one_outline_cannot_be_stored_none_is(load, monkeypatch):
    first, second = make_district(name="Erstes"), make_district(name="Zweites")
    save, calls = District.save, []

    def break_down(self, **options):
        calls.append(self)
        if len(calls) == 2:
            raise OSError("disk full")
        save(self, **options)

    monkeypatch.setattr(District, "save", break_down)
    with pytest.raises(OSError, match="disk full"):
        load(feature("Erstes"), feature("Zweites"))

    assert not District.objects.filter(pk__in=[first.pk, second.pk]).exclude(outline=None).exists()


def test_a_file_that_is_not_there_gets_a_sentence(tmp_path):
    with pytest.raises(CommandError):
        call_command("load_boundaries", str(tmp_path / "fehlt.geojson"))


def test_the_areas_the_portal_carries_have_names_of_their_own(load):
    names = list(District.objects.filter(ends_on=None).values_list("name", flat=True))

    load(*[feature(name) for name in names])

    assert not District.objects.filter(name__in=names, outline=None).exists()
