"""The worked examples of Signorino & Ritter (1999), used by the cards' reference values.

Commitments of European states in 1914 (0 none, 1 entente, 2 neutrality, 3 defence) towards
the twenty states of :data:`STATES_1914`, and roll calls of the UN General Assembly in 1947
(1 no, 2 abstain, 3 yes). Source: Signorino, C. S. & Ritter, J. M. (1999), Tau-b or Not
Tau-b, International Studies Quarterly 43:115-144, doi:10.1111/0020-8833.00113.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

ALLIANCE_LEVELS = (0, 1, 2, 3)
VOTE_LEVELS = (1, 2, 3)

STATES_1914 = (
    "GMY", "RUS", "UK", "FRN", "AUH", "ITA", "BEL", "SPN", "TUR", "NTH",
    "SWD", "RUM", "POR", "SWZ", "GRC", "DEN", "YUG", "BUL", "NOR", "ALB",
)  # fmt: skip
CAPABILITY_1914 = (
    0.25, 0.21, 0.2, 0.08, 0.08, 0.05, 0.03, 0.03, 0.02, 0.01,
    0.01, 0.01, 0.01, 0.01, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0,
)  # fmt: skip
GERMANY_1914 = (3, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0)
RUSSIA_1914 = (0, 3, 1, 3, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)

USA_1947 = (
    3, 3, 3, 1, 1, 1, 3, 3, 3, 1, 3, 3, 1, 1, 2, 3,
    3, 3, 3, 3, 3, 3, 3, 1, 3, 1, 3, 3, 3, 3, 3, 3,
)  # fmt: skip
UK_1947 = (
    3, 3, 3, 1, 1, 1, 3, 2, 1, 1, 3, 3, 1, 1, 3, 1,
    3, 3, 3, 3, 3, 3, 3, 3, 3, 1, 3, 3, 1, 1, 2, 2,
)  # fmt: skip
FRANCE_1947 = (
    3, 3, 3, 1, 1, 1, 3, 3, 3, 1, 3, 3, 1, 1, 1, 3,
    3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 1, 3, 3, 3, 3, 3,
)  # fmt: skip
USSR_1947 = (
    1, 1, 1, 3, 3, 3, 1, 3, 3, 3, 1, 1, 3, 3, 1, 3,
    1, 1, 1, 1, 1, 1, 3, 3, 3, 3, 1, 3, 1, 1, 2, 3,
)  # fmt: skip

#: Three nodes in a row, with ties of 2 and 3 in both directions.
PATH_OF_THREE = np.array([[0.0, 2, 0], [2, 0, 3], [0, 3, 0]])
FIRST_OF_THREE = np.array([True, False, False])
LAST_OF_THREE = np.array([False, False, True])

#: A pair of states: the one sells 40 of its 100 to the other and buys all of its 100 from it; its
#: GDP is 1,000, that of the other 4,000. The other has no trade but this.
PAIR: dict[str, float] = {
    "exports": 40, "exports_total": 100, "imports": 100, "imports_total": 100,
    "trade": 140, "trade_total": 200, "trade_total_with": 140, "gdp_of": 1000, "gdp_with": 4000,
}  # fmt: skip


def of_pair(formula: str) -> float:
    """A formula of :mod:`geoties.graph.measures.dependency` on :data:`PAIR`.

    >>> of_pair("export_share")
    0.4
    """
    import polars as pl

    from geoties.graph.measures import dependency

    known = {f"{flow}{end}": 0 for flow in ("exports", "imports", "trade")
             for end in ("_missing", "_missing_high", "_high", "_missing_with",
                         "_missing_high_with")}  # fmt: skip
    gaps = {f"{flow}_gap": False for flow in ("exports", "imports", "trade")}
    row: dict[str, Any] = {**known, **gaps, **PAIR}
    return float(getattr(dependency, formula)(pl.DataFrame([row]))["value"].item())


def of_points(*points: float) -> float:
    """Net alignment of a state between two poles: its ideal point and those of the poles."""
    import polars as pl

    from geoties.graph.measures.ideal_points import net_alignment

    rows = pl.DataFrame({"entity": ["state", "first", "second"], "value": list(points)})
    rows = rows.with_columns(year=pl.lit(2019), source=pl.lit("source"))
    return float(net_alignment(rows, "first", "second")["value"].item())


def of_domains(scores: dict[str, float], weights: dict[str, float]) -> float:
    """The balance of one state from its score in each domain."""
    import polars as pl

    from geoties.graph.measures.balance import combined

    rows = pl.DataFrame({"domain": list(scores), "value": list(scores.values())})
    rows = rows.with_columns(of=pl.lit("state"), year=pl.lit(2019))
    return float(combined(rows, weights)["value"].item())


def turned(first: Callable[[int], float], second: Callable[[int], float], k: int) -> int:
    """The turning year of two series, 2000 to 2023 without 2021."""
    from geoties.graph.measures.turning import turn

    rows = [(year, first(year), second(year)) for year in range(2000, 2024) if year != 2021]
    return turn(rows, k).year or 0


def of_two_points(one: float, other: float) -> float:
    """The distance of two ideal points."""
    import polars as pl

    from geoties.graph.measures.ideal_points import distances

    rows = pl.DataFrame({"entity": ["one", "other"], "value": [one, other]})
    rows = rows.with_columns(year=pl.lit(2019), source=pl.lit("source"))
    return float(distances(rows)["value"].to_list()[0])


def of_project(amount: float, gdp: float) -> float:
    """Finance over GDP, of one project."""
    import polars as pl

    from geoties.graph.measures.finance import PRICE_YEAR, finance_over_gdp

    ends = {"from": "financier", "to": "recipient", "source": "source"}
    project = pl.DataFrame([{**ends, "year": 2010, "value": float(amount)}])
    known = pl.DataFrame([{"entity": "recipient", "year": PRICE_YEAR, "value": float(gdp)}])
    return float(finance_over_gdp(project, known)["value"].item())


def rank_of(scores: list[float], place: int) -> float:
    """The rank of one of several states, each with its score in one domain."""
    from geoties.graph.measures.balance import rank_spread

    return float(rank_spread(np.array(scores)[:, None], np.ones(1), draws=1)[0][place])


def core_of(weights: Any, node: int) -> float:
    """The core number of a node."""
    import networkx as nx

    return float(nx.core_number(nx.from_numpy_array(weights))[node])


def community_of(weights: Any, node: int) -> int:
    """The number of the community of a node."""
    from geoties.graph.measures.communities import louvain
    from geoties.graph.measures.matrix import Network

    names = tuple(f"n{place:03}" for place in range(len(weights)))
    return louvain(Network(names, weights, "source", ""))[node]


#: Two groups of three, each tied to all of its own, and one weak tie between the groups.
TWO_CLIQUES = np.kron(np.eye(2), np.ones((3, 3)) - np.eye(3))
TWO_CLIQUES[2, 3] = TWO_CLIQUES[3, 2] = 0.1
