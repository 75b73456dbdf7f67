"""Communities of a network, and how far they are the official groupings."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Hashable, Sequence
from typing import Any

from geoties.graph.measures.matrix import Network
from geoties.graph.model import UserError


def louvain(network: Network, *, seed: int = 0, resolution: float = 1.0) -> list[int]:
    """The community of each node (Blondel et al. 2008), numbered from 1 by size.

    The same seed gives the same communities; of equal size the one with the first node leads.
    """
    import networkx as nx

    graph = network.graph(directed=False)
    found = nx.community.louvain_communities(
        graph, weight="weight", seed=seed, resolution=resolution
    )
    ordered = sorted(found, key=lambda members: (-len(members), min(members)))
    number = {node: place for place, members in enumerate(ordered, 1) for node in members}
    return [number[node] for node in network.nodes]


def adjusted_rand(a: Sequence[Hashable], b: Sequence[Hashable]) -> float:
    """Agreement of two groupings of the same items, corrected for chance; 1 if the same.

    Source: Hubert & Arabie (1985), doi:10.1007/BF01908075.

    Raises:
        UserError: when the groupings are of different lengths or empty.

    >>> adjusted_rand([1, 1, 2, 2], ["x", "x", "y", "y"])
    1.0
    """
    counts, by_chance, most = _rand(a, b)
    together = math.fsum(map(_pairs, counts.values()))
    return 1.0 if most == by_chance else (together - by_chance) / (most - by_chance)


def rand_parts(a: Sequence[Hashable], b: Sequence[Hashable]) -> dict[tuple[Any, Any], float]:
    """What every pair of groups adds to :func:`adjusted_rand`; under ("", "") what chance takes."""
    counts, by_chance, most = _rand(a, b)
    if most == by_chance:
        return {("", ""): 1.0}
    parts = {pair: _pairs(count) / (most - by_chance) for pair, count in counts.items()}
    return {("", ""): -by_chance / (most - by_chance), **parts}


def _rand(
    a: Sequence[Hashable], b: Sequence[Hashable]
) -> tuple[Counter[tuple[Any, Any]], float, float]:
    """The table of the two groupings, and the pairs together by chance and at most."""
    counts = _counted(a, b)
    rows, columns = (math.fsum(map(_pairs, Counter(groups).values())) for groups in (a, b))
    by_chance = rows * columns / _pairs(len(a)) if len(a) > 1 else 0.0
    return counts, by_chance, (rows + columns) / 2


def mutual_information(a: Sequence[Hashable], b: Sequence[Hashable]) -> float:
    """Normalised mutual information of two groupings, 0 to 1, by the mean of their entropies.

    Source: Danon et al. (2005), doi:10.1088/1742-5468/2005/09/P09008.

    >>> mutual_information([1, 1, 2, 2], ["x", "y", "x", "y"])
    0.0
    """
    return max(0.0, math.fsum(information_parts(a, b).values()))


def information_parts(a: Sequence[Hashable], b: Sequence[Hashable]) -> dict[tuple[Any, Any], float]:
    """What every pair of groups adds to :func:`mutual_information`."""
    counts, one, other = _counted(a, b), Counter(a), Counter(b)
    n = len(a)
    entropies = -math.fsum(c / n * math.log(c / n) for c in (*one.values(), *other.values()))
    if entropies == 0:
        return {("", ""): 1.0}
    return {
        (x, y): 2 * count / n * math.log(count * n / (one[x] * other[y])) / entropies
        for (x, y), count in counts.items()
    }


def _pairs(count: int) -> float:
    return count * (count - 1) / 2


def _counted(a: Sequence[Hashable], b: Sequence[Hashable]) -> Counter[tuple[Any, Any]]:
    """How many items fall in each pair of groups."""
    if len(a) != len(b) or not len(a):
        raise UserError("Two groupings of the same items are needed, and at least one item.")
    return Counter(zip(a, b, strict=True))
