"""Order the states of neighbouring columns so that the lines between them cross little.

Sugiyama's barycentre sweeps, then exchanges of neighbours while they help; a crossing weighs
the product of the two lines' strengths.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

Link = tuple[int, int, float]
"""Two node numbers and the strength of the line between them."""

SWEEPS = 12


def order_columns(columns: Sequence[Sequence[int]], links: Sequence[Link]) -> list[list[int]]:
    """The same columns, each in a better order from top to bottom.

    >>> order_columns([[0, 1], [2, 3]], [(0, 3, 1.0), (1, 2, 1.0)])
    [[1, 0], [2, 3]]
    """
    order = [list(column) for column in columns]
    column_of = {node: place for place, column in enumerate(columns) for node in column}
    near = _neighbours(column_of, links)
    best, best_cost = [list(column) for column in order], _cost(order, near)
    for _ in range(SWEEPS):
        for place in (*range(len(order)), *range(len(order) - 2, -1, -1)):
            _sort_by_barycentre(order, place, near)
        cost = _cost(order, near)
        if cost < best_cost - 1e-9:
            best, best_cost = [list(column) for column in order], cost
    return _exchanged(best, near)


Neighbours = Mapping[int, Sequence[tuple[int, float]]]


def _neighbours(column_of: Mapping[int, int], links: Sequence[Link]) -> Neighbours:
    """The ends of each node's lines to other columns."""
    near: dict[int, list[tuple[int, float]]] = {node: [] for node in column_of}
    for a, b, strength in links:
        if column_of[a] != column_of[b]:
            near[a].append((b, strength))
            near[b].append((a, strength))
    return near


def _heights(order: Sequence[Sequence[int]]) -> dict[int, float]:
    return {
        node: (rank + 0.5) / len(column) for column in order for rank, node in enumerate(column)
    }


def _sort_by_barycentre(order: list[list[int]], place: int, near: Neighbours) -> None:
    height = _heights(order)

    def barycentre(node: int) -> float:
        weight = sum(strength for _, strength in near[node])
        pull = sum(strength * height[other] for other, strength in near[node])
        return pull / weight if weight else height[node]

    order[place] = sorted(order[place], key=lambda node: (barycentre(node), height[node]))


def _cost(order: Sequence[Sequence[int]], near: Neighbours) -> float:
    """The crossings between lines that start in the same column, by product of strengths."""
    height = _heights(order)
    total = 0.0
    for column in order:
        for rank, upper in enumerate(column):
            for lower in column[rank + 1 :]:
                total += _crossings(near[upper], near[lower], height)
    return total


def _crossings(
    upper: Sequence[tuple[int, float]],
    lower: Sequence[tuple[int, float]],
    height: Mapping[int, float],
) -> float:
    return sum(first * second for a, first in upper for b, second in lower if height[a] > height[b])


def _exchanged(order: list[list[int]], near: Neighbours) -> list[list[int]]:
    """Exchange neighbours as long as that lowers the crossings, a few rounds at most."""
    for _ in range(SWEEPS):
        better = False
        for column in order:
            height = _heights(order)
            for rank in range(len(column) - 1):
                a, b = column[rank], column[rank + 1]
                if _crossings(near[b], near[a], height) < _crossings(near[a], near[b], height):
                    column[rank], column[rank + 1] = b, a
                    better = True
        if not better:
            break
    return order
