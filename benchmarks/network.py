"""Centralities of the trade of one year, against plain networkx, with the same values.

Lengths are 1 / weight on both sides. What is timed is the computing, from a matrix and from a
networkx graph that are made already. PageRank is networkx's own in Python: the one that it offers
needs scipy, which is not a dependency.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.curves import curve
from benchmarks.timing import Quantity, cpu_of

YEAR = 2023
SIZES = (60, 120, 240)


def measure(store: Path, repeat: int) -> list[Quantity]:
    """Ratios of CPU time; ends the program where the values differ."""
    import networkx as nx
    import numpy as np
    from networkx.algorithms.link_analysis.pagerank_alg import (  # type: ignore[attr-defined]
        _pagerank_python,
    )

    from geoties.graph.measures import centrality
    from geoties.graph.measures.matrix import network_of
    from geoties.knowledge import load

    graph = load(store)
    network = network_of(graph.frames, YEAR, f"{YEAR}-12-31")
    theirs, both = network.graph(), network.graph(directed=False)
    for _, _, edge in theirs.edges(data=True):
        edge["length"] = 1 / edge["weight"]
    pairs: dict[str, tuple[Callable[[], Any], Callable[[], Mapping[str, float]]]] = {
        "betweenness": (
            lambda: centrality.betweenness(network.weights),
            lambda: nx.betweenness_centrality(theirs, weight="length"),
        ),
        "PageRank": (
            lambda: centrality.pagerank(network.weights),
            lambda: _pagerank_python(theirs, weight="weight", tol=1e-12, max_iter=1000),
        ),
        "eigenvector": (
            lambda: centrality.eigenvector(network.both_ways()),
            lambda: nx.eigenvector_centrality(both, weight="weight", max_iter=5000, tol=1e-9),
        ),
    }
    found = []
    for name, (ours, plain) in pairs.items():
        ours()  # warms what is loaded once
        (mine, values), (other, expected) = cpu_of(ours, repeat), cpu_of(plain, min(repeat, 3))
        if not np.allclose(values, [expected[node] for node in network.nodes], atol=1e-6):
            raise SystemExit(f"{name}: the values are not those of networkx.")
        ratios = [min(other) / run for run in mine]
        least = 20 if name == "betweenness" else None
        found.append(Quantity(f"networkx / {name} of {YEAR}, CPU", "×", ratios, least=least))
        found.append(Quantity(f"{name} of {YEAR}, CPU", "s", mine))
    return found + [quantity for name in pairs for quantity in _growth(name, repeat)]


def _growth(name: str, repeat: int) -> list[Quantity]:
    """Networks in which every state trades with every other; no path of a build, so no target."""
    import numpy as np

    from geoties.graph.measures import centrality

    runs = {}
    for size in SIZES:
        weights = np.random.default_rng(7).lognormal(16, 2, (size, size))
        np.fill_diagonal(weights, 0)
        match name:
            case "betweenness":
                work = partial(centrality.betweenness, weights)
            case "PageRank":
                work = partial(centrality.pagerank, weights)
            case _:
                work = partial(centrality.eigenvector, weights + weights.T)
        runs[size * (size - 1)] = cpu_of(work, repeat)[0]
    return curve(f"{name}, CPU", "s", "flows", runs, most=None)
