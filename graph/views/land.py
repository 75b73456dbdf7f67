"""The outline of the world's land, from Natural Earth, made small enough to ride in a page.

The outline shows land and water only, no border: where a border runs is not this page's claim.
`python -m geoties.graph.views.land land-110m.json` writes the table that the page uses.
"""

from __future__ import annotations

import json
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

Ring = list[tuple[float, float]]

DATA = Path(__file__).parent / "data" / "land.json"
SOUTHERNMOST = -60.0
"""Degrees: rings wholly south of it are Antarctica, which no map of ties between states needs."""
SMALLEST = 0.8
"""Square degrees: islands smaller than this are specks at the size of a page."""


def rings_of(topology: dict[str, Any]) -> list[Ring]:
    """The outer rings of a TopoJSON's `land`, as longitudes and latitudes in degrees.

    >>> arcs = [[[0, 0], [10, 0], [0, 10]], [[10, 10], [-10, 0], [0, -10]]]
    >>> shape = {"type": "Polygon", "arcs": [[0, 1]]}
    >>> grid = {"scale": [1, 1], "translate": [0, 0]}
    >>> rings_of({"arcs": arcs, "transform": grid, "objects": {"land": shape}})
    [[(0, 0), (10, 0), (10, 10), (0, 10), (0, 0)]]
    """
    arcs = [_unpack(arc, topology["transform"]) for arc in topology["arcs"]]
    polygons = _polygons(topology["objects"]["land"])
    return [_join(polygon[0], arcs) for polygon in polygons]


def _unpack(arc: list[list[int]], transform: dict[str, list[float]]) -> Ring:
    (across, up), (left, bottom) = transform["scale"], transform["translate"]
    x = y = 0
    points = []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        points.append((x * across + left, y * up + bottom))
    return points


def _polygons(shape: dict[str, Any]) -> list[list[list[int]]]:
    if shape["type"] == "GeometryCollection":
        return [part for member in shape["geometries"] for part in _polygons(member)]
    return [shape["arcs"]] if shape["type"] == "Polygon" else list(shape["arcs"])


def _join(indices: list[int], arcs: list[Ring]) -> Ring:
    ring: Ring = []
    for index in indices:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring.extend(arc[1:] if ring else arc)
    return ring


def simplify(rings: list[Ring]) -> list[Ring]:
    """Rings without Antarctica and specks, rounded to a tenth of a degree."""
    kept = []
    for ring in rings:
        if max(lat for _, lat in ring) < SOUTHERNMOST or abs(_area(ring)) < SMALLEST:
            continue
        rounded = [(round(lon, 1), round(lat, 1)) for lon, lat in ring]
        points = [rounded[0], *(b for a, b in pairwise(rounded) if a != b)]
        kept.append(points)
    return sorted(kept, key=lambda ring: (-len(ring), ring))


def _area(ring: Ring) -> float:
    pairs = zip(ring, [*ring[1:], ring[0]], strict=True)
    return sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairs) / 2


def read() -> list[Ring]:
    """The embedded outline.

    >>> len(read()) > 30
    True
    """
    rings = json.loads(DATA.read_text(encoding="utf-8"))
    return [list(zip(flat[::2], flat[1::2], strict=True)) for flat in rings]


def main(source: Path) -> None:
    """Write the embedded outline from world-atlas's `land-110m.json`."""
    rings = simplify(rings_of(json.loads(source.read_text(encoding="utf-8"))))
    flat = [[number for point in ring for number in point] for ring in rings]
    DATA.write_text(json.dumps(flat, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
