"""Communities of a network, and how far they are the official groupings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Sequence

import numpy as np

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
    table = _table(a, b)
    together, rows, columns = (_pairs(x) for x in (table, table.sum(axis=1), table.sum(axis=0)))
    by_chance = rows * columns / _pairs(np.array([len(a)])) if len(a) > 1 else 0.0
    most = (rows + columns) / 2
    return 1.0 if most == by_chance else (together - by_chance) / (most - by_chance)


def mutual_information(a: Sequence[Hashable], b: Sequence[Hashable]) -> float:
    """Normalised mutual information of two groupings, 0 to 1, by the mean of their entropies.

    Source: Danon et al. (2005), doi:10.1088/1742-5468/2005/09/P09008.

    >>> mutual_information([1, 1, 2, 2], ["x", "y", "x", "y"])
    0.0
    """
    joint = _table(a, b) / len(a)
    one, other = joint.sum(axis=1), joint.sum(axis=0)
    known = joint > 0
    shared = float((joint[known] * np.log((joint / np.outer(one, other))[known])).sum())
    entropies = -float((one * np.log(one)).sum() + (other * np.log(other)).sum())
    return 1.0 if entropies == 0 else max(0.0, 2 * shared / entropies)


def _pairs(counts: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
    return float((counts * (counts - 1) / 2).sum())


def _table(
    a: Sequence[Hashable], b: Sequence[Hashable]
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """How many items fall in each pair of groups."""
    if len(a) != len(b) or not len(a):
        raise UserError("Two groupings of the same items are needed, and at least one item.")
    rows, columns = (sorted(set(groups), key=repr) for groups in (a, b))
    counts = Counter(zip(a, b, strict=True))
    return np.array([[counts[(x, y)] for y in columns] for x in rows], dtype=np.float64)
