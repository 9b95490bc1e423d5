"""Declined requests by place and topic: the argument for going city-wide, on a list and a map.

The map shows points of areas only, drawn by us; a place that is none of our areas stands in the
list.
"""

from dataclasses import dataclass

from django.db.models import Count

from consultations.models import Topic
from districts.models import District
from districts.outline import picture

SMALLEST, LARGEST = 5, 22


@dataclass(frozen=True)
class Dot:
    """An area on the map: where, how large, what it stands for."""

    x: float
    y: float
    radius: float
    words: str


def by_place(rows):
    """[(place, area or None, number)], the most asked-for first."""
    counted = rows.order_by().values("place", "district").annotate(number=Count("pk"))
    areas = District.objects.defer("outline").in_bulk({row["district"] for row in counted} - {None})
    merged = {}
    for row in counted:
        area = areas.get(row["district"])
        key = (area.name if area else row["place"], area)
        merged[key] = merged.get(key, 0) + row["number"]
    ranked = sorted(merged.items(), key=lambda each: (-each[1], each[0][0].lower()))
    return [(place, area, number) for (place, area), number in ranked]


def by_topic(rows):
    """[(topic or None, number)], the most asked-for first."""
    counted = dict(rows.order_by().values_list("topic").annotate(Count("pk")))
    topics = Topic.objects.in_bulk(set(counted) - {None})
    found = [(topics.get(key), number) for key, number in counted.items()]
    return sorted(found, key=lambda each: (-each[1], str(each[0] or "")))


def drawing(places):
    """The areas as dots among all areas of Berlin, the larger the more asked; None for none."""
    asked = [(area, number) for _place, area, number in places if area and area.latitude]
    if not asked:
        return None
    points = [(float(area.longitude), float(area.latitude)) for area, _number in asked]
    # Drawn together with all others, so that the frame is that of the whole city.
    frame = picture([], others=[*points, *District.objects.points()])
    most = max(number for _area, number in asked)
    dots = [
        Dot(x, y, radius_of(number, most), f"{area.name}: {number}")
        for (area, number), (x, y) in zip(asked, frame.others, strict=False)
    ]
    return {"frame": frame, "others": frame.others[len(points) :], "dots": dots}


def radius_of(number, most):
    """The area of a dot grows with its number."""
    return round(SMALLEST + (LARGEST - SMALLEST) * (number / most) ** 0.5, 1)
