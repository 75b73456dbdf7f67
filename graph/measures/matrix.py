"""A cut of the graph as a matrix of weights between states: what the network measures read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from geoties.graph.measures.holdings import holdings_on, shared_on
from geoties.graph.measures.inputs import Frames
from geoties.graph.model import UserError
from geoties.graph.periods import IN_FORCE, status_on
from geoties.ontology.kinds import Kind, kinds

if TYPE_CHECKING:
    import networkx as nx

Matrix = NDArray[np.float64]


class NoTies(UserError):
    """A cut of the graph in which no tie is left."""


@dataclass(frozen=True)
class Network:
    """Nodes in order, and ``weights[i, j]``: the tie from node i to node j, 0 for none."""

    nodes: tuple[str, ...]
    weights: Matrix
    source: str
    unit: str
    directed: bool = True

    def both_ways(self) -> Matrix:
        """The weights of both directions added up: an undirected network."""
        return self.weights + self.weights.T if self.directed else self.weights

    def graph(self, *, directed: bool = True) -> nx.Graph[str]:
        """The same network as a networkx graph, with ``weight`` on its edges."""
        import networkx as nx

        matrix = self.weights if directed else self.both_ways()
        made: Any = nx.DiGraph() if directed else nx.Graph()
        made.add_nodes_from(self.nodes)
        rows, columns = np.nonzero(matrix)
        for i, j in zip(rows.tolist(), columns.tolist(), strict=True):
            if directed or i < j:
                made.add_edge(self.nodes[i], self.nodes[j], weight=float(matrix[i, j]))
        return made  # type: ignore[no-any-return]


def network_of(
    frames: Frames,
    year: int,
    day: str,
    *,
    kinds_: Sequence[str] = ("goods-trade",),
    weight: str = "value",
    minimum: float = 0.0,
    nodes: Sequence[str] = (),
) -> Network:
    """The ties of some kinds between states in a year, or in force on a day.

    A yearly kind gives the values of the year; a kind held of a body or agreement links those
    who share one, with the number shared; another state of affairs gives 1 if in force on the
    day; an event the number in the year.

    Args:
        frames: The tables of a graph.
        year: The year of yearly values and events.
        day: The day for what is in force.
        kinds_: Kinds of tie; several are added up.
        weight: ``value``, or ``count``: every tie of a kind counts 1.
        minimum: Ties of less weight are left out.
        nodes: Only these states; all that have a tie if empty.

    Raises:
        UserError: on an unknown kind, kinds whose values cannot be added, an unknown weight
            or a negative minimum; `NoTies` when no tie is left.
    """
    declared = [kind_named(name) for name in kinds_]
    if weight not in ("value", "count"):
        raise UserError(f'weight is "value" or "count", not {weight!r}.')
    if not minimum >= 0:
        raise UserError(f"minimum is a weight of 0 or more, not {minimum!r}.")
    units = sorted({kind.unit for kind in declared})
    if weight == "value" and len(units) > 1:
        raise UserError(f"The values of {', '.join(kinds_)} cannot be added; give weight=count.")
    ties = pl.concat([_ties(frames, kind, year, day) for kind in declared])
    if weight == "count":
        ties = ties.with_columns(weight=pl.lit(1.0))
    directed = any(kind.directed and not kind.shared for kind in declared)
    return _matrix(ties, minimum, nodes, units[0] if weight == "value" else "", directed)


def kind_named(name: str) -> Kind:
    """A kind of tie by its id; raises `UserError` for another."""
    if name not in kinds():
        raise UserError(f"There is no kind of tie {name!r}; there are: {', '.join(kinds())}.")
    return kinds()[name]


def _ties(frames: Frames, kind: Kind, year: int, day: str) -> pl.DataFrame:
    """``from, to, weight, source`` of one kind."""
    ties = frames.ties(kind.id)
    if kind.shared:
        held = holdings_on(frames, kind.id, day)
        held = held.filter(pl.col("entity").str.starts_with("state/"))
        source = pl.lit("; ".join(sorted(held["source"].unique())))
        pairs = shared_on(frames, kind.id, day, held).rename({"of": "from", "with": "to"})
        weighed = pairs.group_by("from", "to").agg(weight=pl.len().cast(pl.Float64))
        return weighed.with_columns(source=source)
    if kind.temporality == "yearly":
        ties = ties.filter(pl.col("year") == year).drop_nulls("value")
        ties = ties.filter(pl.col("source") == pl.col("source").max())
        weight = pl.col("value").sum()
    elif kind.temporality == "event":
        ties, weight = ties.filter(pl.col("start").str.starts_with(f"{year}-")), pl.len()
    else:
        ties, weight = ties.filter(status_on(day) == IN_FORCE), pl.lit(1.0)
    summed = ties.group_by("from", "to", "source").agg(weight=weight.cast(pl.Float64))
    return summed.select("from", "to", "weight", "source")


def _matrix(
    ties: pl.DataFrame, minimum: float, nodes: Sequence[str], unit: str, directed: bool
) -> Network:
    states = [pl.col(end).str.starts_with("state/") for end in ("from", "to")]
    ties = ties.filter(*states, pl.col("from") != pl.col("to"), pl.col("weight") > 0)
    summed = ties.group_by("from", "to").agg(pl.col("weight").sum())
    summed = summed.filter(pl.col("weight") >= minimum)
    if nodes:
        summed = summed.filter(pl.col("from").is_in(list(nodes)), pl.col("to").is_in(list(nodes)))
    if summed.is_empty():
        raise NoTies("No tie is left in this cut of the graph; widen the kinds, date or region.")
    order = pl.Series(sorted(set(nodes) or {*summed["from"], *summed["to"]}))
    place = [
        summed[end].replace_strict(order, range(len(order)), return_dtype=pl.Int64).to_numpy()
        for end in ("from", "to")
    ]
    weights = np.zeros((len(order), len(order)))
    weights[place[0], place[1]] = summed["weight"].to_numpy()
    source = "; ".join(sorted({part for s in ties["source"].unique() for part in s.split("; ")}))
    if not directed:
        # such a tie stands once, in either order
        weights = np.maximum(weights, weights.T)
    return Network(tuple(order), weights, source, unit, directed)
