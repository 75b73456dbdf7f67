"""Where the states stand: pivot, lean and map, worked out here so that the page only draws.

Pivot and lean use a unit square that the page stretches to its own shape; the map keeps its
aspect. Everything is deterministic.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

from geoties.graph.views import land, projection
from geoties.graph.views.crossings import Link, order_columns
from geoties.graph.views.cut import Cut

LAYOUTS = ("pivot", "lean", "map")

DECIMALS = 4
BOW = 0.05
"""How far the outer columns of the pivot bow outwards, as a part of the width."""
LONGEST = 30
"""States in one column before it is set in two, staggered."""
STAGGER = 0.035
ROW = 1 / 34
"""Height of a row of the lean layout: 34 rows fill a page of 700 pixels."""
HEADING = 1
"""Rows of a lane that its name takes."""
LABEL = 0.062
"""Width that a dot and its label take in the lean layout."""
NORTH, SOUTH = 82.0, -56.0
ROOM, LEAST_VIEW = 0.07, 0.35
"""Room around the outermost states on the map; the least part of it that is shown."""
APART = 0.0105
"""Least distance of two dots on the map, as a part of its width: Europe stays legible."""


def pivot(cut: Cut, links: Sequence[Link]) -> dict[str, list[float]]:
    """Columns side by side, each in the order that keeps crossings of `links` low."""
    columns = [[cut.index[member] for member in column.members] for column in cut.columns]
    x, y = [0.0] * len(cut.ids), [0.0] * len(cut.ids)
    for place, column in enumerate(order_columns(columns, links)):
        for rank, node in enumerate(column):
            y[node] = round((rank + 0.5) / len(column), DECIMALS)
            x[node] = round(_pivot_x(place, len(columns), rank, len(column), y[node]), DECIMALS)
    return {"x": x, "y": y}


def _pivot_x(place: int, columns: int, rank: int, size: int, y: float) -> float:
    if columns == 1:
        return 0.5
    base = place / (columns - 1)
    bow = BOW * (1 - (2 * y - 1) ** 2)
    outward = -1 if place == 0 else 1 if place == columns - 1 else 0
    inset = base + (BOW if outward < 0 else -BOW if outward > 0 else 0)
    return inset + outward * bow + _stagger(rank, size)


def _stagger(rank: int, size: int) -> float:
    """Long columns become two or three, so that labels keep their room."""
    lanes = -(-size // LONGEST)
    return 0.0 if lanes == 1 else STAGGER * (rank % lanes - (lanes - 1) / 2)


def lean(cut: Cut, score: Mapping[str, Any]) -> dict[str, list[list[float]]]:
    """Heights of the states for each year of a score, in one lane per column; x is the score.

    A state keeps its row from one year to the next where it can; states without a value are
    stacked in the lane for the page to set aside.
    """
    rows = _lane_rows(cut)
    last: dict[int, int] = {}
    heights: dict[str, list[list[float]]] = {}
    low, span = score["low"], score["high"] - score["low"]
    for year, row in score["values"].items():
        values = [None if value is None else (value - low) / span for value in row]
        y = [0.0] * len(cut.ids)
        for (top, size), column in zip(rows, cut.columns, strict=True):
            members = [cut.index[member] for member in column.members]
            for node, row in _lane(members, values, size - HEADING, last).items():
                y[node] = round((top + HEADING + row + 0.5) * ROW, DECIMALS)
        heights[year] = [y]
    return heights


def lanes(cut: Cut) -> list[list[float]]:
    """Top and bottom of each column's lane in the lean layout."""
    return [
        [round(top * ROW, DECIMALS), round((top + size) * ROW, DECIMALS)]
        for top, size in _lane_rows(cut)
    ]


def _lane_rows(cut: Cut) -> list[tuple[int, int]]:
    """First row and number of rows of each lane, by its number of states."""
    total = round(1 / ROW)
    weights = [len(column.members) ** 0.7 for column in cut.columns]
    sizes = [max(2 + HEADING, int(total * weight / (sum(weights) or 1))) for weight in weights]
    sizes[cut.middle] += max(0, total - sum(sizes))
    tops = [sum(sizes[:place]) for place in range(len(sizes))]
    return list(zip(tops, sizes, strict=True))


def _lane(
    members: Sequence[int], values: Sequence[float | None], size: int, last: dict[int, int]
) -> dict[int, int]:
    """A row for each state: near the lane's middle, not on another's label."""
    taken: list[list[float]] = [[] for _ in range(size)]
    known = [(value, node) for node in members if (value := values[node]) is not None]
    chosen: dict[int, int] = {}
    for value, node in sorted(known):
        row = _free_row(taken, value, last.get(node))
        taken[row].append(value)
        chosen[node] = last[node] = row
    unknown = [node for node in members if values[node] is None]
    for place, node in enumerate(unknown):
        chosen[node] = int(place * size / len(unknown))
    return chosen


def _free_row(taken: Sequence[Sequence[float]], x: float, last: int | None) -> int:
    middle = (len(taken) - 1) / 2
    rows = sorted(range(len(taken)), key=lambda row: (row != last, abs(row - middle), row))
    for row in rows:
        if all(abs(x - other) >= LABEL for other in taken[row]):
            return row
    return max(rows, key=lambda row: min(abs(x - other) for other in taken[row]))


def world_map(cut: Cut) -> dict[str, Any]:
    """Places on an equal-earth map with the Pacific in the middle, and the land under them.

    `x` and `y` are parts of the map's width; `aspect` is height over width; `land` and `grid`
    are lists of flat x, y lists in thousandths of the width. States without a place have none.
    """
    left, top, width, height = _frame()
    dots = [_dot(cut.nodes[id].longitude, cut.nodes[id].latitude) for id in cut.ids]
    placed = [
        None if dot is None else ((dot[0] - left) / width, (dot[1] - top) / width) for dot in dots
    ]
    spread = _push_apart(placed)

    def flat(points: Sequence[projection.Point]) -> list[int]:
        scaled = [
            (round(1000 * (x - left) / width), round(1000 * (y - top) / width)) for x, y in points
        ]
        kept = [scaled[0], *(b for a, b in pairwise(scaled) if a != b)]
        return [number for point in kept for number in point]

    parts = [part for ring in land.read() for part in projection.ring(ring)]
    return {
        "x": [None if dot is None else round(dot[0], DECIMALS) for dot in spread],
        "y": [None if dot is None else round(dot[1], DECIMALS) for dot in spread],
        "aspect": round(height / width, DECIMALS),
        "land": [flat(part) for part in parts],
        "edge": flat(projection.outline(south=SOUTH, north=NORTH)),
        "view": _view([dot for dot in spread if dot is not None], height / width),
    }


def _view(dots: Sequence[projection.Point], aspect: float) -> list[float]:
    """Left, top, right and bottom of the part of the map that holds the states, with some room."""
    if not dots:
        return [0.0, 0.0, 1.0, round(aspect, DECIMALS)]
    sides = []
    for axis, whole in ((0, 1.0), (1, aspect)):
        low, high = min(dot[axis] for dot in dots), max(dot[axis] for dot in dots)
        lacking = max(0.0, LEAST_VIEW * whole - (high - low))
        low, high = low - ROOM - lacking / 2, high + ROOM + lacking / 2
        sides.append((max(0.0, low), min(whole, high)))
    (left, right), (top, bottom) = sides
    return [round(side, DECIMALS) for side in (left, top, right, bottom)]


def _frame() -> tuple[float, float, float, float]:
    """Left, top, width and height of the part of the map that is shown."""
    right = max(x for x, _ in projection.outline())
    top = projection.project(projection.CENTRE, NORTH)[1]
    bottom = projection.project(projection.CENTRE, SOUTH)[1]
    return -right, top, 2 * right, bottom - top


def _dot(longitude: float | None, latitude: float | None) -> projection.Point | None:
    if longitude is None or latitude is None:
        return None
    return projection.project(longitude, latitude)


def _push_apart(dots: Sequence[projection.Point | None]) -> list[projection.Point | None]:
    """Move dots that lie on each other just far enough to be told apart."""
    moved = list(dots)
    for _ in range(60):
        calm = True
        for a in range(len(moved)):
            for b in range(a + 1, len(moved)):
                calm &= not _nudge(moved, a, b)
        if calm:
            break
    return moved


def _nudge(dots: list[projection.Point | None], a: int, b: int) -> bool:
    first, second = dots[a], dots[b]
    if first is None or second is None:
        return False
    dx, dy = second[0] - first[0], second[1] - first[1]
    if abs(dx) >= APART or abs(dy) >= APART:
        return False
    distance = (dx * dx + dy * dy) ** 0.5
    if distance >= APART:
        return False
    ux, uy = (dx / distance, dy / distance) if distance else (1.0, 0.0)
    push = (APART - distance) / 2 + 1e-4
    dots[a] = (first[0] - ux * push, first[1] - uy * push)
    dots[b] = (second[0] + ux * push, second[1] + uy * push)
    return True
