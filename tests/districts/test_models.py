"""Boroughs and areas: what must never be true, and which area was valid when."""

from datetime import date

import pytest
from django.db import IntegrityError

from districts.models import Borough, District
from tests.factories import make_district

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("key", ["00", "13", "1a"])
def test_a_borough_has_an_official_key(key):
    with pytest.raises(IntegrityError, match="districts_borough_key_is_official"):
        Borough.objects.create(key=key, name="Musterbezirk")


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("districts_district_ends_after_start", {"ends_on": date(1998, 12, 31)}),
        ("districts_district_point_is_whole", {"latitude": "52.5"}),
        ("districts_district_point_is_whole", {"longitude": "13.4"}),
        ("districts_district_point_is_in_berlin", {"latitude": "13.4", "longitude": "52.5"}),
        ("districts_district_point_is_in_berlin", {"latitude": "52.5", "longitude": "14.9"}),
        ("districts_district_point_is_in_berlin", {"latitude": "48.1", "longitude": "13.4"}),
    ],
)
def test_an_area_is_refused(constraint, fields):
    with pytest.raises(IntegrityError, match=constraint):
        make_district(**fields)


def test_an_area_of_a_name_is_valid_once_at_a_time():
    make_district(name="Musterplatz", ends_on=date(2005, 12, 31))

    with pytest.raises(IntegrityError, match="districts_district_one_of_a_name_at_a_time"):
        make_district(name="Musterplatz", starts_on=date(2005, 12, 31))


def test_a_redrawn_area_is_found_by_the_day():
    old = make_district(name="Musterplatz", ends_on=date(2005, 12, 31))
    new = make_district(name="Musterplatz", starts_on=date(2006, 1, 1))

    assert old.as_of(date(2005, 12, 31)) == old
    assert old.as_of(date(2006, 1, 1)) == new
    assert new.as_of(date(1998, 1, 1)) is None


def test_the_areas_of_a_year_are_those_valid_on_one_of_its_days():
    District.objects.all().update(starts_on=date(1900, 1, 1), ends_on=date(1900, 1, 2))
    ended = make_district(ends_on=date(2005, 1, 1))
    begun = make_district(starts_on=date(2005, 12, 31))
    make_district(starts_on=date(2006, 1, 1))

    assert set(District.objects.valid_in(2005)) == {ended, begun}


def test_an_ended_area_says_until_when_it_was_one():
    assert "31.12.2005" in make_district(ends_on=date(2005, 12, 31)).name_with_end
