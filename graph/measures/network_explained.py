"""What a state's score in a network is made of: its ties, its neighbours, or pairs of others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import polars as pl

from geoties.graph.measures import centrality
from geoties.graph.measures.inputs import Cut, Frames
from geoties.graph.measures.network_scores import (
    DAMPING,
    Setting,
    Vector,
    communities,
    cores,
    settings,
)
from geoties.graph.model import UserError, short_id

#: part, from, to, value, unit, contribution (None: shown beside the sum, not in it)
Row = tuple[str, str, str, float | None, str, float | None]
Parts = Callable[[Setting, int], Iterable[Row]]
_SHAPE = {"part": pl.String, "from": pl.String, "to": pl.String, "value": pl.Float64,
          "unit": pl.String, "contribution": pl.Float64}  # fmt: skip


def explain(parts: Parts, frames: Frames, cut: Cut) -> pl.DataFrame:
    """The parts of one state's score; raises `UserError` when it has no tie in the network."""
    setting = settings(frames, cut)[0]
    if cut.of[0] not in setting.network.nodes:
        raise UserError(f"{short_id(cut.of[0])} has no tie in this network.")
    rows = list(parts(setting, setting.network.nodes.index(cut.of[0])))
    rows = rows or [("nothing adds to the score", cut.of[0], "", None, "", 0.0)]
    return pl.DataFrame(rows, schema=_SHAPE, orient="row").with_columns(
        year=pl.lit(setting.year, pl.Int32), source=pl.lit(setting.network.source)
    )


def by_partners(setting: Setting, node: int) -> Iterable[Row]:
    """Each partner counts one; its ties are shown."""
    direction, weights = setting.direction(), setting.network.weights
    out, into = direction in ("out", "all"), direction in ("in", "all")
    amounts = weights[node] * out + weights[:, node] * into
    for other in _largest(amounts):
        yield _tie(setting, "partner", node, other, amounts[other], 1.0)


def by_ties(setting: Setting, node: int) -> Iterable[Row]:
    """Each tie adds its weight."""
    direction, weights = setting.direction(), setting.network.weights
    if direction in ("out", "all"):
        for other in _largest(weights[node]):
            weight = float(weights[node, other])
            yield _tie(setting, "tie from the state", node, other, weight, weight)
    if direction in ("in", "all"):
        for other in _largest(weights[:, node]):
            weight = float(weights[other, node])
            yield _tie(setting, "tie to the state", other, node, weight, weight)


def by_paths(setting: Setting, node: int) -> Iterable[Row]:
    """Each pair of others adds the share of its shortest paths that pass through the state."""
    nodes = setting.network.nodes
    through = centrality.ShortestPaths.of(setting.network.weights).through(node)
    pairs = max((len(nodes) - 1) * (len(nodes) - 2), 1)
    for start, end in zip(*np.nonzero(through), strict=True):
        share = float(through[start, end])
        yield ("share of the shortest paths of the pair", nodes[start], nodes[end], share,
               "share of paths", share / pairs)  # fmt: skip


def by_neighbours(setting: Setting, node: int) -> Iterable[Row]:
    """Each neighbour adds its own centrality times the tie, over the leading eigenvalue."""
    weights = setting.network.both_ways()
    scores = centrality.eigenvector(weights)
    leading = float(scores @ weights @ scores)
    for other in _largest(weights[node] * scores):
        part = f"tie x centrality {scores[other]:.6g} of the neighbour / {leading:.6g}"
        weight = float(weights[node, other])
        yield _tie(setting, part, node, other, weight, weight * float(scores[other]) / leading)


def by_walks(setting: Setting, node: int) -> Iterable[Row]:
    """Each state that has a tie to it passes on a part of its own rank; the rest is everybody's."""
    weights, nodes = setting.network.weights, setting.network.nodes
    ranks, out = centrality.pagerank(weights, damping=DAMPING), weights.sum(axis=1)
    yield "start of a walk anywhere", nodes[node], "", None, "", (1 - DAMPING) / len(nodes)
    stranded = float(ranks[out == 0].sum())
    if stranded:
        part = "passed on to all by states without a tie of their own"
        yield part, nodes[node], "", stranded, "share", DAMPING * stranded / len(nodes)
    passed = (
        DAMPING * ranks * np.divide(weights[:, node], out, out=np.zeros(len(out)), where=out > 0)
    )
    for other in _largest(passed):
        share = weights[other, node] / out[other]
        part = f"{DAMPING:g} x PageRank {ranks[other]:.6g} x {share:.6g} of its ties"
        yield _tie(setting, part, other, node, weights[other, node], float(passed[other]))


def by_open_pairs(setting: Setting, node: int) -> Iterable[Row]:
    """Each pair across the two groups that has only the state between it counts one."""
    nodes, (first, second) = setting.network.nodes, setting.groups()
    pairs = centrality.open_pairs(setting.network.weights, first, second, node)
    for a, b in zip(*np.nonzero(pairs), strict=True):
        yield "tied to both, who are not tied to each other", nodes[a], nodes[b], None, "", 1.0


def by_core(setting: Setting, node: int) -> Iterable[Row]:
    """The state's partners within its core; the number is what everybody there has at least."""
    numbers = cores(setting)
    weights, own = setting.network.both_ways(), numbers[node]
    inside = [other for other in _largest(weights[node]) if numbers[other] >= own]
    core = sum(number >= own for number in numbers)
    for other in inside:
        yield _tie(setting, "partner in the core", node, other, weights[node, other], None)
    part = f"at least so many partners has each of the {core} states of its core ({len(inside)} it)"
    yield part, setting.network.nodes[node], "", own, "k", own


def by_community(setting: Setting, node: int) -> Iterable[Row]:
    """The state's ties to each community; the number names its own and is no sum."""
    numbers, weights = np.array(communities(setting)), setting.network.both_ways()
    for number in sorted(set(numbers.tolist())):
        strength = float(weights[node, numbers == number].sum())
        part = f"ties with community {number} of {int((numbers == number).sum())} states"
        yield part, setting.network.nodes[node], "", strength, setting.network.unit or "ties", None
    own = float(numbers[node])
    yield "the community's number: a name, not a sum", setting.network.nodes[node], "", own, "", own


def _largest(amounts: Vector) -> list[int]:
    """The nodes with any amount, the largest first."""
    order = np.argsort(-amounts, kind="stable")
    return [int(place) for place in order if amounts[place] > 0]


def _tie(
    setting: Setting, part: str, a: int, b: int, weight: Any, contribution: float | None
) -> Row:
    nodes, unit = setting.network.nodes, setting.network.unit or "ties"
    return part, nodes[a], nodes[b], float(weight), unit, contribution
