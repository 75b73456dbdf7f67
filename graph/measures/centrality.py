"""Centrality on a matrix of weights, in numpy: the same numbers as networkx, many times faster."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Vector = NDArray[np.float64]


def degree(weights: Matrix, direction: str = "all") -> Vector:
    """The number of partners: those one sends to, receives from, or either.

    >>> degree(np.array([[0.0, 2.0], [0.0, 0.0]])).tolist()
    [1.0, 1.0]
    """
    linked = weights > 0
    if direction == "all":
        linked = linked | linked.T
    count: Vector = linked.sum(axis=0 if direction == "in" else 1).astype(np.float64)
    return count


def strength(weights: Matrix, direction: str = "all") -> Vector:
    """The sum of the weights of a node's ties (Barrat et al. 2004).

    >>> strength(np.array([[0.0, 2.0], [3.0, 0.0]]), "out").tolist()
    [2.0, 3.0]
    """
    out, into = weights.sum(axis=1), weights.sum(axis=0)
    total: Vector = {"out": out, "in": into, "all": out + into}[direction]
    return total


def pagerank(weights: Matrix, *, damping: float = 0.85) -> Vector:
    """PageRank (Brin & Page 1998) of a directed network, summing to 1.

    Solved exactly as a linear system; a node without outgoing ties passes on to all alike.

    >>> pagerank(np.array([[0.0, 1.0], [1.0, 0.0]])).tolist()
    [0.5, 0.5]
    """
    n = len(weights)
    out = weights.sum(axis=1, keepdims=True)
    passed = np.divide(weights, out, out=np.full_like(weights, 1 / n), where=out > 0)
    ranks: Vector = np.linalg.solve(np.eye(n) - damping * passed.T, np.full(n, (1 - damping) / n))
    shares: Vector = ranks / ranks.sum()
    return shares


def eigenvector(symmetric: Matrix) -> Vector:
    """Eigenvector centrality (Bonacich 1987) of an undirected network, of unit length."""
    _, vectors = np.linalg.eigh(symmetric)
    leading: Vector = np.abs(vectors[:, -1]) / np.linalg.norm(vectors[:, -1])
    return leading


def betweenness(weights: Matrix, *, weighted: bool = True) -> Vector:
    """Share of the shortest paths between others that pass through a node (Freeman; Brandes).

    Directed, normalised by (n - 1)(n - 2). The length of a tie is 1 / weight, or 1.
    """
    n = len(weights)
    if n < 3:
        return np.zeros(n)
    lengths = np.full_like(weights, np.inf)
    linked = weights > 0
    lengths[linked] = 1 / weights[linked] if weighted else 1.0
    between = sum((_dependency(lengths, source) for source in range(n)), np.zeros(n))
    return between / ((n - 1) * (n - 2))


def _dependency(lengths: Matrix, source: int) -> Vector:
    """Brandes' accumulation: how much the paths from one source depend on each node."""
    distance, order = _distances(lengths, source)
    # the ties that lie on a shortest path from the source
    through = distance[:, None] + lengths
    on_path = np.isfinite(through) & np.isclose(through, distance[None, :], rtol=1e-12, atol=0)
    paths = np.zeros(len(lengths))
    paths[source] = 1
    for node in order[1:]:
        paths[node] = paths[on_path[:, node]].sum()
    dependency = np.zeros(len(lengths))
    for node in order[:0:-1]:
        before = on_path[:, node]
        dependency[before] += paths[before] / paths[node] * (1 + dependency[node])
    dependency[source] = 0
    return dependency


def _distances(lengths: Matrix, source: int) -> tuple[Vector, list[int]]:
    """Dijkstra on a dense matrix: distances from the source, and the nodes reached, in order."""
    n = len(lengths)
    distance = np.full(n, np.inf)
    distance[source] = 0
    waiting = distance.copy()
    order: list[int] = []
    for _ in range(n):
        node = int(np.argmin(waiting))
        if not np.isfinite(waiting[node]):
            break
        order.append(node)
        waiting[node] = np.inf
        nearer = distance[node] + lengths[node] < distance
        distance[nearer] = (distance[node] + lengths[node])[nearer]
        waiting[nearer] = distance[nearer]
    return distance, order


def brokerage(weights: Matrix, first: NDArray[np.bool_], second: NDArray[np.bool_]) -> Vector:
    """How many pairs across two groups a node links that are not linked directly.

    Gould & Fernandez (1989): pairs a in the first, b in the second, with a tied to the node
    and the node tied to b (in either direction each), and a and b not tied.
    """
    linked = ((weights > 0) | (weights.T > 0)).astype(np.float64)
    open_pairs = (1 - linked) * np.outer(first, second)
    np.fill_diagonal(open_pairs, 0)
    counts: Vector = np.einsum("av,ab,bv->v", linked, open_pairs, linked, optimize=True)
    return counts
