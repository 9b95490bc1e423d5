"""The directory of areas: by borough, those of today before those that have ended."""

from itertools import groupby


def directory(districts, today):
    """Return [(borough, current areas, ended or future areas)] in the order of the boroughs."""
    groups = []
    for borough, areas in groupby(districts, key=lambda district: district.borough):
        areas = list(areas)
        current = [area for area in areas if area.was_valid_on(today)]
        groups.append((borough, current, [area for area in areas if area not in current]))
    return groups
