"""The map of the directory: a drawing for everyone, and what the script asks for."""

from django.urls import reverse
from django.utils import timezone

from districts.models import District
from districts.outline import picture, rings
from enterprises.public import shown

# More points than these make a map slow and a keyboard's way long: then the areas say how many.
MOST_POINTS = 200
# Of an outline on a small map, about ten metres are enough.
DIGITS = 4


def drawing(rows):
    """Outlines of today's areas and the places of entries, drawn without any script."""
    today = timezone.localdate()
    outlines = District.objects.valid_on(today).exclude(outline=None)
    places = rows.filter(shows_address=True).exclude(latitude=None).order_by("pk")
    points = [(float(x), float(y)) for x, y in places.values_list("longitude", "latitude")[:2000]]
    return picture(coarse(outlines.values_list("outline", flat=True)), others=points)


def coarse(outlines):
    for outline in outlines:
        yield {"type": "MultiPolygon", "coordinates": [[ring] for ring in simplified(outline)]}


def simplified(outline):
    """Rings with fewer digits, and without the points that then fall onto each other."""
    for ring in rings(outline):
        rounded = [[round(x, DIGITS), round(y, DIGITS)] for x, y in ring]
        yield [place for n, place in enumerate(rounded) if n == 0 or place != rounded[n - 1]]


def features(rows):
    """The areas with how many entries each has, and the entries with a place of their own."""
    numbers, today = rows.by_area(), timezone.localdate()
    areas = District.objects.valid_on(today) | District.objects.filter(pk__in=numbers)
    placed = rows.filter(shows_address=True).exclude(latitude=None)
    marked = placed.by_area() if placed.count() <= MOST_POINTS else {}
    areas = areas.distinct().order_by("sort_name")
    found = [area_feature(area, numbers.get(area.pk, 0), marked.get(area.pk, 0)) for area in areas]
    if marked:
        found += [entry_feature(entry) for entry in shown(placed.for_list())]
    return {"type": "FeatureCollection", "features": found}


def area_feature(area, number, marked):
    geometry = None
    if area.outline:
        polygons = [[ring] for ring in simplified(area.outline)]
        geometry = {"type": "MultiPolygon", "coordinates": polygons}
    return {
        "type": "Feature",
        "geometry": geometry,
        "properties": {
            "area": area.name,
            "number": number,
            # Those without a mark of their own.
            "rest": number - marked,
            "point": area.point,
            "href": f"{reverse('enterprises:directory')}?area={area.pk}",
        },
    }


def entry_feature(entry):
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": list(entry.point)},
        "properties": {"name": entry.name, "kind": entry.kind, "href": entry.href},
    }
