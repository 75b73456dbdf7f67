"""The equal-earth projection, centred where the map wants its middle, cut where it ends."""

from __future__ import annotations

import math
from collections.abc import Iterable

Point = tuple[float, float]

CENTRE = 150.0
"""Degrees east: the Pacific lies in the middle and the map ends at 30° W, in the Atlantic."""

# Šavrič, Patterson & Jenny (2019), "The Equal Earth map projection", IJGIS 33:454–465.
A1, A2, A3, A4 = 1.340264, -0.081106, 0.000893, 0.003796
ROOT = math.sqrt(3) / 2
STEP = 10.0
"""Degrees between two points of a line that must bend."""


def project(longitude: float, latitude: float, centre: float = CENTRE) -> Point:
    """A place on the plane, in units of the earth's radius; y grows to the south, as on screens.

    >>> [round(value, 3) + 0.0 for value in project(150, 0)]
    [0.0, 0.0]
    >>> project(-71, -33)[0] > project(104, 35)[0]
    True
    """
    return _equal_earth(shifted(longitude, centre), latitude)


def shifted(longitude: float, centre: float = CENTRE) -> float:
    """Degrees east of the centre, in [-180, 180).

    >>> shifted(-30), shifted(-31)
    (-180.0, 179.0)
    """
    return (longitude - centre + 180.0) % 360.0 - 180.0


def _equal_earth(degrees: float, latitude: float) -> Point:
    t = math.asin(ROOT * math.sin(math.radians(latitude)))
    t2, t6 = t * t, t**6
    slope = A1 + 3 * A2 * t2 + t6 * (7 * A3 + 9 * A4 * t2)
    x = math.radians(degrees) * math.cos(t) / (ROOT * slope)
    y = t * (A1 + A2 * t2 + t6 * (A3 + A4 * t2))
    return x, -y


def outline(south: float = -90.0, north: float = 90.0) -> list[Point]:
    """The edge of the map, from its north to its south and back."""
    within = [90 - STEP / 2 * i for i in range(37) if south < 90 - STEP / 2 * i < north]
    steps = [north, *within, south]
    left = [_equal_earth(-180, latitude) for latitude in steps]
    return left + [(-x, y) for x, y in reversed(left)]


def ring(points: Iterable[Point], centre: float = CENTRE) -> list[list[Point]]:
    """A closed ring of longitudes and latitudes on the plane, split where it leaves the map.

    The ring is first laid out without jumps, then cut at both edges of the map and at their
    copies a full turn away, so that nothing is drawn across it.

    >>> square = [(-40.0, 0.0), (-20.0, 0.0), (-20.0, 10.0), (-40.0, 10.0)]
    >>> [len(part) for part in ring(square)]
    [4, 4]
    """
    unrolled = _unroll([(shifted(longitude, centre), latitude) for longitude, latitude in points])
    parts = []
    for turn in (-360.0, 0.0, 360.0):
        moved = [(degrees + turn, latitude) for degrees, latitude in unrolled]
        inside = _clip(_clip(moved, -180.0, keep_above=True), 180.0, keep_above=False)
        if len(inside) > 2:
            parts.append([_equal_earth(degrees, latitude) for degrees, latitude in inside])
    return parts


def _unroll(points: list[Point]) -> list[Point]:
    result = points[:1]
    for degrees, latitude in points[1:]:
        last = result[-1][0]
        result.append((degrees + 360.0 * round((last - degrees) / 360.0), latitude))
    return result


def _clip(points: list[Point], edge: float, keep_above: bool) -> list[Point]:
    """The part of a ring on one side of a meridian (Sutherland and Hodgman)."""
    result: list[Point] = []
    for (ax, ay), (bx, by) in zip([points[-1], *points] if points else [], points, strict=False):
        a_in, b_in = ((x >= edge) == keep_above for x in (ax, bx))
        if a_in != b_in:
            part = (edge - ax) / (bx - ax)
            result.append((edge, ay + part * (by - ay)))
        if b_in:
            result.append((bx, by))
    return result
