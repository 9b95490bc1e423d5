"""Outlines as pictures: from degrees to the coordinates of an SVG, no map tiles from outside."""

from dataclasses import dataclass
from math import cos, radians

WIDTH = 600
MARGIN = 12
# Where there is no outline: a circle of about 300 m around the point.
AROUND = 0.004


@dataclass(frozen=True)
class Picture:
    """What an <svg> needs: its size, the path of each outline, the point, the points around."""

    width: int
    height: int
    paths: tuple[str, ...]
    point: tuple[float, float] | None = None
    others: tuple[tuple[float, float], ...] = ()


def rings(geometry):
    """Yield every ring of a Polygon or MultiPolygon as a list of (longitude, latitude)."""
    if not geometry:
        return
    polygons = geometry["coordinates"]
    if geometry["type"] == "Polygon":
        polygons = [polygons]
    for polygon in polygons:
        for ring in polygon:
            yield [(position[0], position[1]) for position in ring]


def picture(geometries, point=None, others=(), width=WIDTH):
    """Draw outlines, a point and the points around it into one frame; None for nothing to draw."""
    drawn = [list(rings(geometry)) for geometry in geometries if geometry]
    others = list(others)
    places = [place for outline in drawn for ring in outline for place in ring] + others
    if point:
        x, y = point
        places += [(x - AROUND, y - AROUND / 2), (x + AROUND, y + AROUND / 2)]
    if not places:
        return None
    west, east = min(x for x, _ in places), max(x for x, _ in places)
    south, north = min(y for _, y in places), max(y for _, y in places)
    # Degrees of longitude are shorter than degrees of latitude, in Berlin by two fifths.
    shrink = cos(radians((south + north) / 2))
    scale = (width - 2 * MARGIN) / max((east - west) * shrink, 1e-6)
    height = min(round((north - south) * scale) + 2 * MARGIN, 2 * width)
    scale = min(scale, (height - 2 * MARGIN) / max(north - south, 1e-6))

    def place(x, y):
        return round(MARGIN + (x - west) * shrink * scale, 1), round(
            MARGIN + (north - y) * scale, 1
        )

    paths = tuple(
        "".join("M" + "L".join("{} {}".format(*place(*p)) for p in ring) + "Z" for ring in outline)
        for outline in drawn
    )
    return Picture(
        width,
        height,
        paths,
        place(*point) if point else None,
        tuple(place(*other) for other in others),
    )
