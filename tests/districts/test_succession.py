"""How areas go on in others: what is refused, what stays, and the way back."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from best_portal.accounts.models import Role
from best_portal.audit.models import Event
from consultations.models import Consultation
from districts.models import District, Succession
from tests.factories import (
    make_consultation,
    make_district,
    make_office_hours,
    make_organisation,
    make_project,
    make_user,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

ON = date(2024, 7, 1)
BEFORE = date(2024, 6, 30)


@pytest.fixture
def manager():
    return make_user(Role.MANAGER)


# --- the database ---


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("districts_succession_kind_is_known", {"kind": "eaten"}),
        ("districts_succession_of_two_areas", {"same": True}),
    ],
)
def test_a_succession_is_refused(constraint, fields):
    area = make_district()
    successor = area if fields.pop("same", False) else make_district()

    with pytest.raises(IntegrityError, match=constraint):
        area.successions.create(**{"successor": successor, "on": ON, "kind": "merge"} | fields)


def test_a_succession_stands_there_once():
    area, part = make_district(), make_district()
    area.successions.create(successor=part, on=ON, kind="split")

    with pytest.raises(IntegrityError, match="districts_succession_once"):
        area.successions.create(successor=part, on=ON, kind="split")


def test_a_whole_area_goes_on_in_one():
    area = make_district()
    area.successions.create(successor=make_district(), on=ON, kind="merge")

    with pytest.raises(IntegrityError, match="districts_succession_whole_into_one"):
        area.successions.create(successor=make_district(), on=ON, kind="renamed")


# --- the verbs ---


def test_a_merged_area_ends_the_day_before_and_is_found_in_the_other(manager):
    area, other = make_district(), make_district()

    area.merge_into(other, on=ON, by=manager)

    area.refresh_from_db()
    assert area.ends_on == BEFORE
    assert area.as_of(BEFORE) == area
    assert area.as_of(ON) == other
    assert other.as_of(BEFORE) == other
    assert set(District.objects.filter(pk=other.pk).lineage()) == {area, other}
    event = Event.objects.about(area).get(verb="district.succeeded")
    assert (event.actor, event.details["by"]) == (manager, [other.pk])


def test_a_split_area_is_nobody_knows_which_part(manager):
    area = make_district(name="Muster")

    north, south = area.split_into(["Muster Nord", " Muster  Süd "], on=ON, by=manager)

    assert (north.name, south.name) == ("Muster Nord", "Muster Süd")
    assert north.starts_on == ON
    assert north.borough == area.borough
    assert area.as_of(ON) is None
    assert north.as_of(BEFORE) is None
    assert set(District.objects.filter(pk=north.pk).lineage()) == {north}


def test_a_renamed_area_is_the_same_with_its_outline(manager):
    area = make_district(latitude="52.5", longitude="13.4", outline={"type": "Polygon"})

    renamed = area.rename("Neuer Platz", on=ON, by=manager)

    assert (renamed.latitude, renamed.outline) == (area.latitude, area.outline)
    assert area.as_of(ON) == renamed
    assert renamed.as_of(BEFORE) == area


def test_names_taken_get_another_address(manager):
    District.objects.begin(
        by=manager, name="Neu", starts_on=BEFORE, borough=make_district().borough
    )

    assert make_district(slug="neu-x").rename("Neu!", on=ON, by=manager).slug == "neu-2024"


@pytest.mark.parametrize("on", [date(1999, 1, 1), date(2031, 1, 1)])
def test_an_area_goes_on_only_from_a_day_of_its_time(manager, on):
    area = make_district(ends_on=date(2025, 12, 31))

    with pytest.raises(ValidationError, match="not there on the day before"):
        area.merge_into(make_district(), on=on, by=manager)

    area.refresh_from_db()
    assert area.ends_on == date(2025, 12, 31)


def test_an_area_goes_on_in_one_that_is_there(manager):
    area = make_district()

    with pytest.raises(ValidationError, match="is not there on that day"):
        area.merge_into(make_district(ends_on=date(2020, 1, 1)), on=ON, by=manager)
    with pytest.raises(ValidationError, match="is not there on that day"):
        area.merge_into(area, on=ON, by=manager)

    assert not Succession.objects.filter(predecessor=area).exists()
    area.refresh_from_db()
    assert area.ends_on is None


def test_an_area_goes_on_once(manager):
    area, other = make_district(), make_district()
    area.merge_into(other, on=ON, by=manager)

    with pytest.raises(ValidationError, match="recorded already"):
        area.rename("Anders", on=ON, by=manager)
    with pytest.raises(ValidationError):
        other.merge_into(area, on=ON + timedelta(days=9), by=manager)


def test_work_done_since_stands_against_it(manager):
    area = make_district()
    make_consultation(district=area, held_on=ON)

    with pytest.raises(ValidationError, match="Consultations were held"):
        area.merge_into(make_district(), on=ON, by=manager)
    area.merge_into(make_district(), on=ON + timedelta(days=1), by=manager)


@pytest.mark.parametrize("names", [[], ["Eins"], ["Eins", "eins"], ["", " "]])
def test_a_split_needs_two_names(manager, names):
    with pytest.raises(ValidationError, match="two names"):
        make_district().split_into(names, on=ON, by=manager)


def test_the_same_name_is_no_new_one(manager):
    with pytest.raises(ValidationError, match="called so already"):
        make_district(name="Muster").rename("Muster", on=ON, by=manager)


# --- the way back ---


def test_what_was_recorded_by_mistake_is_taken_back(manager):
    area = make_district(ends_on=date(2027, 12, 31))
    parts = area.split_into(["Teil A", "Teil B"], on=ON, by=manager)

    area.successions.first().take_back(by=manager)

    area.refresh_from_db()
    assert area.ends_on == date(2027, 12, 31)
    assert not District.objects.filter(pk__in=[part.pk for part in parts]).exists()
    assert not Succession.objects.filter(predecessor=area).exists()


def test_areas_in_use_stand_against_the_way_back(manager):
    area = make_district()
    [part, _other] = area.split_into(["Teil A", "Teil B"], on=ON, by=manager)
    make_organisation(district=part)
    row = area.successions.first()

    with pytest.raises(ValidationError, match="in use already"):
        row.take_back(by=manager)

    assert area.successions.count() == 2


def test_what_was_taken_back_is_not_taken_back_again(manager):
    area = make_district()
    area.merge_into(make_district(), on=ON, by=manager)
    row = area.successions.get()
    row.take_back(by=manager)

    with pytest.raises(ValidationError, match="taken back already"):
        row.take_back(by=manager)


# --- whatever happens, the past stays ---

STEPS = st.lists(
    st.tuples(st.sampled_from(["merge", "split", "rename", "consult"]), st.integers(0, 99)),
    min_size=1,
    max_size=12,
)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=STEPS)
def test_whatever_merges_and_splits_every_consultation_keeps_its_area(manager, steps):
    Consultation.objects.all().delete()
    project, day = make_project(), date(2024, 1, 1)
    areas, kept = [make_district(), make_district()], {}
    for number, (verb, choice) in enumerate(steps):
        day += timedelta(days=7)
        here = [area for area in areas if area.was_valid_on(day)]
        area = here[choice % len(here)]
        if verb == "consult":
            row = make_consultation(project=project, district=area, held_on=day, minutes=choice + 1)
            kept[row.pk] = (area.pk, row.minutes)
        elif verb == "merge" and len(here) > 1:
            area.merge_into(here[(choice + 1) % len(here)], on=day + timedelta(days=1), by=manager)
        elif verb == "split":
            names = [f"{area.pk} {number} {part}" for part in "ab"]
            areas += area.split_into(names, on=day + timedelta(days=1), by=manager)
        elif verb == "rename":
            areas.append(area.rename(f"{area.pk} {number}", on=day + timedelta(days=1), by=manager))

    rows = Consultation.objects.select_related("district")
    assert {row.pk: (row.district_id, row.minutes) for row in rows} == kept
    assert all(row.district.was_valid_on(row.held_on) for row in rows)
    by_area = [area.consultations.totals()["minutes"] for area in areas]
    assert sum(by_area) == sum(minutes for _area, minutes in kept.values())
    # Nothing is found in two places: on any day, of an area and its future at most one is valid.
    for area in areas:
        end = area.as_of(day + timedelta(days=2))
        assert end is None or end.was_valid_on(day + timedelta(days=2))


# --- the pages ---


def test_a_manager_merges_an_area_and_takes_it_back(sign_in, manager):
    area, other = make_district(), make_district(name="Zielgebiet")
    client, form = sign_in(manager), {"kind": "merge", "on": "2024-07-01", "successor": other.pk}

    response = client.post(f"{area.get_absolute_url()}nachfolge/", form)

    assert response.status_code == 302
    html = client.get(area.get_absolute_url()).text
    assert "Zielgebiet" in html
    assert area.name in client.get(other.get_absolute_url()).text
    client.post(f"{area.get_absolute_url()}nachfolge/zurueck/")
    area.refresh_from_db()
    assert area.ends_on is None


@pytest.mark.parametrize(
    "form",
    [
        {"kind": "merge"},
        {"kind": "split", "names": "Nur einer"},
        {"kind": "renamed", "names": "Zwei\nNamen"},
        {"kind": "renamed", "names": "X" * 121},
        {"kind": "renamed", "names": "Neu", "on": "1999-01-01"},
        {},
    ],
)
def test_what_does_not_fit_is_said_and_nothing_is_lost(sign_in, manager, form):
    area = make_district()

    response = sign_in(manager).post(
        f"{area.get_absolute_url()}nachfolge/", {"on": "2024-07-01"} | form
    )

    assert response.status_code == 200
    assert response.context["form"].errors
    assert not area.successions.exists()


def test_what_was_tied_to_a_merged_area_is_shown_with_the_other(client, sign_in, manager):
    area, other = make_district(), make_district()
    make_office_hours(district=area, place="Kiezladen")
    make_organisation(name="Mitgekommen", district=area)
    area.merge_into(other, on=ON, by=manager)

    assert "Kiezladen" in client.get(other.get_absolute_url()).text
    assert "Mitgekommen" in sign_in(manager).get(other.get_absolute_url()).text
