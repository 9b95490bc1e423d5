"""Outlines from a GeoJSON file: read, checked, matched to our areas; a sentence per fault."""

import json
import math
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from best_portal.db import fold
from districts.models import EAST, NORTH, SOUTH, WEST

LARGEST_FILE = 20 * 1024 * 1024
MOST_FEATURES = 1_000
MOST_POSITIONS = 20_000
NAMES = ("name", "NAME", "Name", "qm_name", "gebiet", "bezeichnung")
KEYS = ("lor_until_2020", "lor_planning_areas", "planning_areas", "plr_id", "PLR_ID", "lor")


class UnreadableFile(ValueError):  # noqa: N818 - its text is an answer to a person
    """The file as a whole is not what we can read; the text says why and what to do."""


@dataclass(frozen=True)
class Feature:
    """One outline of the file: what it is called, its planning areas, its geometry."""

    number: int
    name: str
    planning_areas: frozenset[str]
    geometry: dict


def read(path):
    """Return (features, faults) of a file; raises UnreadableFile where it is no GeoJSON at all."""
    collection = parsed(path)
    features, faults = [], []
    for number, raw in enumerate(collection, start=1):
        feature, fault = feature_of(number, raw)
        if fault:
            faults.append(fault)
        else:
            features.append(feature)
    return features, faults


def parsed(path):
    if not path.is_file():
        raise UnreadableFile(_("There is no file %(path)s.") % {"path": path})
    if path.stat().st_size > LARGEST_FILE:
        raise UnreadableFile(
            _("The file is larger than 20 MB. Simplify the outlines and try again.")
        )
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise UnreadableFile(_("The file is no GeoJSON: it cannot be read as JSON.")) from error
    if not isinstance(content, dict) or content.get("type") != "FeatureCollection":
        raise UnreadableFile(_("The file is no GeoJSON: a FeatureCollection is needed."))
    refuse_projection(content.get("crs"))
    features = content.get("features")
    if not isinstance(features, list) or not features:
        raise UnreadableFile(_("The file holds no areas."))
    if len(features) > MOST_FEATURES:
        raise UnreadableFile(_("The file holds more than 1,000 areas; Berlin has not as many."))
    return features


def refuse_projection(crs):
    """GeoJSON is WGS 84; older files may say otherwise."""
    name = str(crs)
    if crs and not any(word in name for word in ("CRS84", "EPSG::4326", "EPSG:4326")):
        raise UnreadableFile(
            _("The file names another projection (crs). Export it in WGS 84 (EPSG:4326).")
        )


def feature_of(number, raw):
    """Return (Feature, None) or (None, sentence)."""
    properties = raw.get("properties") if isinstance(raw, dict) else None
    if not isinstance(properties, dict):
        return None, _("Area %(number)d has no properties.") % {"number": number}
    name = next((str(properties[key]) for key in NAMES if properties.get(key)), "")
    keys = next((properties[key] for key in KEYS if properties.get(key)), ())
    keys = keys.split() if isinstance(keys, str) else [str(key) for key in list_of(keys)]
    called = name or ", ".join(keys) or _("without a name")
    geometry = raw.get("geometry")
    if fault := fault_of(geometry):
        return None, _("Area %(number)d (%(name)s): %(fault)s") % {
            "number": number,
            "name": called,
            "fault": fault,
        }
    clean = {"type": geometry["type"], "coordinates": geometry["coordinates"]}
    return Feature(number, name, frozenset(keys), clean), None


def list_of(value):
    return value if isinstance(value, list) else [value]


def fault_of(geometry):
    """What is wrong with a geometry, as a sentence; None for a good one."""
    if not isinstance(geometry, dict) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        return _("a Polygon or MultiPolygon is needed.")
    polygons = geometry.get("coordinates")
    polygons = [polygons] if geometry["type"] == "Polygon" else polygons
    if not isinstance(polygons, list) or not polygons:
        return _("the outline has no points.")
    count = 0
    for polygon in polygons:
        if not isinstance(polygon, list) or not polygon:
            return _("the outline has no points.")
        for ring in polygon:
            if fault := fault_of_ring(ring):
                return fault
            count += len(ring)
    if count > MOST_POSITIONS:
        return _("the outline has more than 20,000 points; simplify it.")
    return None


def fault_of_ring(ring):
    if not isinstance(ring, list) or len(ring) < 4 or ring[0] != ring[-1]:
        return _("an outline needs at least four points and must end where it began.")
    for position in ring:
        if not isinstance(position, list) or not 2 <= len(position) <= 3:
            return _("every point needs longitude and latitude.")
        if not all(is_number(value) for value in position):
            return _("every point needs longitude and latitude as numbers.")
        x, y = position[:2]
        if abs(x) > 180 or abs(y) > 90:
            return _("the points are metres, not degrees. Export the file in WGS 84 (EPSG:4326).")
        if not (WEST <= x <= EAST and SOUTH <= y <= NORTH):
            if WEST <= y <= EAST and SOUTH <= x <= NORTH:
                return _("longitude and latitude are swapped.")
            return _("the outline lies outside Berlin.")
    return None


def is_number(value):
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def matched(features, districts):
    """Return ({district: feature}, faults): by folded name first, else by planning areas."""
    by_name, by_keys = {}, {}
    for district in districts:
        by_name.setdefault(spelled(district.name), []).append(district)
        if keys := frozenset(district.planning_areas.split()):
            by_keys.setdefault(keys, []).append(district)
    pairs, faults = {}, []
    for feature in features:
        rows = by_name.get(spelled(feature.name)) or by_keys.get(feature.planning_areas) or []
        if not rows:
            faults.append(
                _("Area %(number)d (%(name)s) is none of our areas, by name or planning areas.")
                % {"number": feature.number, "name": feature.name or "–"}
            )
        for row in rows:
            if row in pairs:
                faults.append(
                    _("Area %(number)d (%(name)s) is in the file twice.")
                    % {"number": feature.number, "name": row.name}
                )
            pairs[row] = feature
    return pairs, faults


def spelled(name):
    """The name without what spelling changes."""
    return "".join(letter for letter in fold(name) if letter.isalnum())
