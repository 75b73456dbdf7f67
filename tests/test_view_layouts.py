"""Places: deterministic, in their frames, with few crossings, and nothing across the map's edge."""

from __future__ import annotations

import random
from itertools import pairwise

import pytest
from view_samples import make_frames

from geoties.graph.frames import Frames
from geoties.graph.views import land, layouts, projection
from geoties.graph.views.crossings import order_columns
from geoties.graph.views.cut import Cut, make_cut


@pytest.fixture(scope="module")
def cut(tmp_path_factory: pytest.TempPathFactory) -> Cut:
    frames: Frames = make_frames(tmp_path_factory.mktemp("world") / "frames")
    return make_cut(frames)


def crossings(order: list[list[int]], links: list[tuple[int, int, float]]) -> int:
    rank = {node: place for column in order for place, node in enumerate(column)}
    return sum(
        (rank[a] - rank[c]) * (rank[b] - rank[d]) < 0
        for i, (a, b, _) in enumerate(links)
        for c, d, _ in links[i + 1 :]
    )


def test_a_tangle_that_can_be_undone_is_undone() -> None:
    left, right = list(range(12)), list(range(12, 24))
    shuffled = right[:]
    random.Random(1).shuffle(shuffled)
    links = [(a, b, 1.0) for a, b in zip(left, shuffled, strict=True)]
    order = order_columns([left, right], links)
    assert crossings([left, right], links) > 20
    assert crossings(order, links) == 0
    assert sorted(order[0]) == left


def test_order_is_the_same_whatever_order_the_links_come_in() -> None:
    columns = [[0, 1, 2], [3, 4, 5], [6, 7, 8]]
    links = [(0, 4, 0.5), (1, 3, 0.5), (2, 5, 0.2), (3, 7, 0.9), (4, 6, 0.1), (5, 8, 0.3)]
    assert order_columns(columns, links) == order_columns(columns, sorted(links, reverse=True))


def test_pivot_stays_in_the_unit_square_and_sets_columns_apart(cut: Cut) -> None:
    places = layouts.pivot(cut, [])
    assert all(0 <= value <= 1 for axis in places.values() for value in axis)
    left, middle, right = (
        [places["x"][cut.index[member]] for member in column.members] for column in cut.columns
    )
    assert max(left) < min(middle) <= max(middle) < min(right)


def test_lean_keeps_labels_apart_in_their_lane(cut: Cut) -> None:
    values = [float(place) for place in range(len(cut.ids))]
    heights = layouts.lean(cut, {"low": 0, "high": 100, "values": {"2020": values}})["2020"][0]
    for column in cut.columns:
        members = [cut.index[member] for member in column.members]
        assert len({heights[node] for node in members}) == len(members)


def test_lanes_follow_each_other_down_the_page(cut: Cut) -> None:
    lanes = layouts.lanes(cut)
    assert lanes[0][0] == 0
    assert all(above[1] == below[0] for above, below in pairwise(lanes))
    assert lanes[-1][1] <= 1.001


def test_the_pacific_lies_in_the_middle_of_the_map(cut: Cut) -> None:
    places = layouts.world_map(cut)
    x = {id.split("/")[1]: places["x"][cut.index[id]] for id in cut.ids}
    assert x["FRA"] < x["CHN"] < 0.5 < x["USA"] < x["BRA"]


def test_dots_on_the_map_do_not_hide_each_other() -> None:
    apart = layouts._push_apart([(0.5, 0.2), (0.5, 0.2), (0.501, 0.2), None])
    dots = [dot for dot in apart if dot is not None]
    for i, (ax, ay) in enumerate(dots):
        for bx, by in dots[i + 1 :]:
            assert (ax - bx) ** 2 + (ay - by) ** 2 >= (0.99 * layouts.APART) ** 2


def test_nothing_streaks_across_the_edge_of_the_map() -> None:
    """No side of any outline is longer than a few degrees, but for those on the edge itself."""
    right = max(x for x, _ in projection.outline())
    for ring in land.read():
        for part in projection.ring(ring):
            for (ax, ay), (bx, by) in pairwise(part):
                on_edge = abs(abs(ax) - right) < 0.9 and abs(abs(bx) - right) < 0.9
                assert abs(ax - bx) < 0.35 or on_edge, (ax, ay, bx, by)


def test_projection_keeps_areas() -> None:
    """Equal-earth: a cell of ten degrees has the area of its cell on the sphere."""
    import math

    def area(points: list[projection.Point]) -> float:
        pairs = zip(points, [*points[1:], points[0]], strict=True)
        return abs(sum(ax * by - bx * ay for (ax, ay), (bx, by) in pairs)) / 2

    for south in (0, 40, 70):
        sphere = math.radians(1) * (
            math.sin(math.radians(south + 1)) - math.sin(math.radians(south))
        )
        corners = [(150, south), (151, south), (151, south + 1), (150, south + 1)]
        assert area([projection.project(*c) for c in corners]) == pytest.approx(sphere, rel=2e-3)


def test_a_ring_over_the_edge_is_cut_in_two() -> None:
    parts = projection.ring([(-40.0, 60.0), (-20.0, 60.0), (-20.0, 70.0), (-40.0, 70.0)])
    assert len(parts) == 2
    assert {max(x for x, _ in part) > 0 for part in parts} == {True, False}
