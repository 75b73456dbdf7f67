"""Cards and answers of the measures of a state's place in a network of ties."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from geoties.graph.measures import centrality
from geoties.graph.measures.card import Card, Measure
from geoties.graph.measures.communities import adjusted_rand, louvain, mutual_information
from geoties.graph.measures.coverage import Declared
from geoties.graph.measures.inputs import Cut, Frames, names_in, years_within
from geoties.graph.measures.matrix import Network, network_of
from geoties.graph.measures.places import Places
from geoties.graph.model import UserError, short_id
from geoties.ontology.kinds import kinds

Vector = NDArray[np.float64]
Score = Callable[[Network, Cut, Places, int], Sequence[float] | Vector]


@dataclass(frozen=True)
class Moment:
    """A year for yearly values and events, and a day for what is in force."""

    year: int
    day: str


def compute(score: Score, unit: Callable[[Network], str], frames: Frames, cut: Cut) -> pl.DataFrame:
    """The score of every node of the network, on each date or in each year asked for."""
    places = Places(frames)
    found = []
    for moment in moments(frames, cut):
        network = cut_network(frames, cut, moment)
        if network is None:
            found.append(_nothing(cut, moment))
            continue
        values = score(network, cut, places, moment.year)
        rows = _rows(network, values, unit(network), cut, moment)
        found.append(rows.with_columns(pl.col("basis") + _limits(frames, cut, moment.year)))
    return pl.concat(found, how="diagonal_relaxed")


def _limits(frames: Frames, cut: Cut, year: int) -> str:
    """To whom the sources limit what they cover, for the basis; empty if to nobody."""
    declared = Declared(frames)
    limits = {kind: declared.places(kind, year) for kind in _kinds(cut)}
    return "".join(
        f"; {kind} covered only for {', '.join(map(short_id, places))}"
        for kind, places in limits.items()
        if places
    )


def _rows(
    network: Network, values: Sequence[float] | Vector, unit: str, cut: Cut, moment: Moment
) -> pl.DataFrame:
    ties = int((network.weights > 0).sum()) // (1 if network.directed else 2)
    what = ", ".join(_kinds(cut))
    basis = (
        f"{what}, {moment.day if cut.on else moment.year}: {len(network.nodes)} states, {ties} ties"
    )
    rows = pl.DataFrame({"of": network.nodes, "value": np.asarray(values, dtype=np.float64)})
    rows = rows.with_columns(
        pl.lit("").alias("with"), year=pl.lit(moment.year, pl.Int32), unit=pl.lit(unit),
        basis=pl.lit(basis), source=pl.lit(network.source),
    )  # fmt: skip
    asked = [state for state in cut.of if state not in network.nodes]
    missing = pl.DataFrame(
        {"of": asked, "with": [""] * len(asked), "reason": ["no tie in this network"] * len(asked)},
        schema={"of": pl.String, "with": pl.String, "reason": pl.String},
    ).with_columns(year=pl.lit(moment.year, pl.Int32))
    chosen = rows.filter(pl.col("of").is_in(list(cut.of))) if cut.of else rows
    return pl.concat([chosen, missing], how="diagonal")


def _nothing(cut: Cut, moment: Moment) -> pl.DataFrame:
    reason = f"no ties of the kind {', '.join(_kinds(cut))} for {moment.year}"
    return pl.DataFrame(
        [
            {"of": state, "with": "", "year": moment.year, "reason": reason}
            for state in cut.of or ("",)
        ]
    ).cast({"year": pl.Int32})


def _kinds(cut: Cut) -> list[str]:
    return names_in(cut.option("kinds", None)) or ["goods-trade"]


def moments(frames: Frames, cut: Cut) -> list[Moment]:
    """The years asked for, the date, or the last year with data.

    On a date, a yearly kind speaks of the last year up to it with data.
    """
    yearly = [k for k in _kinds(cut) if k in kinds() and kinds()[k].temporality == "yearly"]
    have = sorted(
        {year for kind in yearly for year in frames.ties(kind)["year"].drop_nulls().unique()}
    )
    if cut.on:
        before = [year for year in have if year <= int(cut.on[:4])]
        if yearly and not before:
            raise UserError(f"There is no {', '.join(yearly)} up to {cut.on}.")
        return [Moment(before[-1] if before else int(cut.on[:4]), cut.on)]
    if yearly:
        years = years_within(cut.years, have, f"ties of the kind {', '.join(yearly)}")
        return [Moment(year, f"{year}-12-31") for year in (years if cut.years else years[-1:])]
    if not cut.years:
        raise UserError("Say when: a date (on) or years; these ties are not yearly.")
    return [Moment(year, f"{year}-12-31") for year in cut.years]


def cut_network(frames: Frames, cut: Cut, moment: Moment) -> Network | None:
    """The network of the cut; None in a year without data among years that have some."""
    try:
        return network_of(
            frames, moment.year, moment.day, kinds_=_kinds(cut),
            weight=cut.option("weight", "value"), minimum=_number(cut, "minimum", 0.0),
            nodes=cut.region,
        )  # fmt: skip
    except UserError:
        if len(cut.years) > 1:
            return None
        raise


def _number(cut: Cut, name: str, default: float) -> float:
    try:
        return float(cut.option(name, default))
    except (TypeError, ValueError):
        raise UserError(f"{name} is a number, not {cut.option(name, default)!r}.") from None


def _direction(cut: Cut) -> str:
    direction = cut.option("direction", "all")
    if direction not in ("in", "out", "all"):
        raise UserError(f'direction is "in", "out" or "all", not {direction!r}.')
    return str(direction)


def _strength(network: Network, cut: Cut, places: Places, year: int) -> Vector:
    direction = _direction(cut) if network.directed else "out"
    return centrality.strength(network.weights, direction)


def _brokerage(network: Network, cut: Cut, places: Places, year: int) -> Vector:
    sides = []
    for pole in cut.poles:
        members = {pole}
        if places.is_group(pole):
            members = set(places.members(pole, [year])["entity"])
        sides.append(np.array([node in members for node in network.nodes]))
    if (sides[0] & sides[1]).any():
        both = network.nodes[int(np.argmax(sides[0] & sides[1]))]
        raise UserError(f"{short_id(both)} belongs to both groups; give two that do not overlap.")
    return centrality.brokerage(network.weights, sides[0], sides[1])


def _core(network: Network, cut: Cut, places: Places, year: int) -> list[float]:
    import networkx as nx

    cores = nx.core_number(network.graph(directed=False))
    return [float(cores[node]) for node in network.nodes]


def _communities(network: Network, cut: Cut) -> list[int]:
    return louvain(network, seed=cut.whole("seed", 0),
                   resolution=_number(cut, "resolution", 1.0))  # fmt: skip


def groupings(frames: Frames, cut: Cut) -> pl.DataFrame:
    """How far the communities are an official grouping: adjusted Rand index and NMI."""
    places = Places(frames)
    found = []
    for moment in moments(frames, cut):
        network = cut_network(frames, cut, moment)
        if network is None:
            found.append(_nothing(cut, moment))
            continue
        found.append(_compared(network, cut, places, moment.year))
    return pl.concat(found, how="diagonal_relaxed")


def _compared(network: Network, cut: Cut, places: Places, year: int) -> pl.DataFrame:
    """Two rows: the adjusted Rand index and the mutual information."""
    grouping = str(cut.option("grouping", "worldBankRegion"))
    official = _official(grouping, network, places, year)
    pairs = [(a, b) for a, b in zip(_communities(network, cut), official, strict=True) if b]
    if not pairs:
        raise UserError(f"No state has a {grouping}; give another grouping.")
    ours, theirs = ([pair[side] for pair in pairs] for side in (0, 1))
    text = f"{len(set(ours))} communities and {len(set(theirs))} groups of {len(pairs)} states"
    indices = {
        "adjusted Rand index": adjusted_rand(ours, theirs),
        "normalised mutual information": mutual_information(ours, theirs),
    }
    return pl.DataFrame({"value": indices.values(), "unit": indices.keys()}).with_columns(
        pl.lit("").alias("of"), pl.lit("").alias("with"), year=pl.lit(year, pl.Int32),
        basis=pl.lit(text), source=pl.lit(network.source),
    )  # fmt: skip


def _official(grouping: str, network: Network, places: Places, year: int) -> list[str]:
    """The group of every node, by a property of states or by membership in one of some blocs."""
    blocs = names_in(grouping)
    if len(blocs) == 1 and not places.is_group(places.find(grouping)):
        return [places.text_property(node, grouping) for node in network.nodes]
    members = {name: set(places.members(places.id(name), [year])["entity"]) for name in blocs}
    return [
        next((name for name, inside in members.items() if node in inside), "none of them")
        for node in network.nodes
    ]


def _count(what: str) -> Callable[[Network], str]:
    return lambda network: what


_OPTIONS: Mapping[str, str] = {
    "kinds": "kinds of tie, such as goods-trade (default) or membership,agreement-party",
    "weight": "value (default), or count: every tie of a kind counts 1",
    "minimum": "ties of less weight are left out",
}
_COMMON: dict[str, Any] = {
    "family": "network",
    "inputs": "the ties of the kinds asked for, between states and territories, in a year or on "
    "a date; with a region, only those within it",
    "assumptions": (
        "Only what is in force, or of the year; what is unknown on the day is not a tie.",
        "Bodies and agreements link those who share them, by how many.",
    ),
    "takes": ("of", "years", "on"),
    "kinds": ("goods-trade",),
}
_DENSE = "Nearly everybody trades with everybody: without a minimum it says little."


def _measure(
    score: Score,
    count: str | Callable[[Network], str],
    /,
    *,
    more: Mapping[str, str] = {},
    **card: Any,
) -> Measure:
    unit = _count(count) if isinstance(count, str) else count
    named = count if isinstance(count, str) else "unit of the ties"
    made = Card(**{**_COMMON, "unit": named, "options": {**_OPTIONS, **more}, **card})
    return Measure(made, partial(compute, score, unit))


_DIRECTION = {"direction": "all (default), in or out"}
_SEED = {"seed": "0", "resolution": "1.0"}
MEASURES = (
    _measure(
        lambda network, cut, *_: centrality.degree(network.weights, _direction(cut)),
        "partners",
        more=_DIRECTION,
        id="degree",
        name="Number of partners",
        formula="number of states with which there is a tie",
        citation="Freeman (1978), Social Networks 1:215-239",
        doi=("10.1016/0378-8733(78)90021-7",),
        range="0 to the number of other states",
        high_means="The state has many partners.",
        criticisms=(_DENSE,),
    ),
    _measure(
        _strength,
        lambda network: network.unit or "ties",
        more=_DIRECTION,
        id="strength",
        name="Sum of the weights of a state's ties",
        formula="sum of w over a state's ties",
        citation="Barrat et al. (2004), PNAS 101:3747-3752",
        doi=("10.1073/pnas.0400087101",),
        range="0 and up",
        high_means="The state's ties are large altogether.",
        criticisms=("It follows the size of the economy.",),
    ),
    _measure(
        lambda network, cut, *_: centrality.betweenness(network.weights),
        "share of paths",
        id="betweenness",
        name="Betweenness: share of shortest paths that pass through the state",
        formula="sum over pairs of the share of shortest paths through the state, length 1/w, "
        "divided by (n-1)(n-2)",
        citation="Freeman (1978); Brandes (2001), J. Mathematical Sociology 25:163-177",
        doi=("10.1016/0378-8733(78)90021-7", "10.1080/0022250X.2001.9990249"),
        range="0 to 1",
        high_means="Ties between others run through the state.",
        criticisms=("Goods do not travel along shortest paths of bilateral trade.",),
    ),
    _measure(
        lambda network, cut, *_: centrality.eigenvector(network.both_ways()),
        "centrality",
        id="eigenvector",
        name="Eigenvector centrality",
        formula="leading eigenvector of the matrix of weights, both directions added up",
        citation="Bonacich (1987), American Journal of Sociology 92:1170-1182",
        doi=("10.1086/228631",),
        range="0 to 1",
        high_means="The state is tied to those who are themselves well tied.",
        criticisms=("In a network of unequal economies a handful of large ties decide it.",),
    ),
    _measure(
        lambda network, cut, *_: centrality.pagerank(network.weights),
        "share",
        id="pagerank",
        name="PageRank",
        formula="stationary share of a walk along the ties, damping 0.85",
        citation="Brin & Page (1998), Computer Networks and ISDN Systems 30:107-117",
        doi=("10.1016/S0169-7552(98)00110-X",),
        range="0 to 1, summing to 1",
        high_means="Ties, directly and indirectly, end at the state (for trade: it imports).",
        criticisms=("The damping factor is a convention.",),
    ),
    _measure(
        lambda network, cut, *_: [float(number) for number in _communities(network, cut)],
        "number of the community",
        more=_SEED,
        id="communities",
        name="Community of states more tied to each other than to others (Louvain)",
        formula="partition of high modularity on the weights, both directions added up",
        citation="Blondel et al. (2008), J. Statistical Mechanics P10008",
        doi=("10.1088/1742-5468/2008/10/P10008",),
        range="1 (the largest community) and up",
        high_means="Nothing: the number names a community.",
        criticisms=(
            "Many partitions are nearly as good; another seed may give another one.",
            "Small communities are not seen (resolution limit).",
        ),
    ),
    Measure(
        Card(
            **{
                **_COMMON,
                "id": "communities-and-groupings",
                "name": "How far communities are an official grouping",
                "formula": "adjusted Rand index, and mutual information over mean entropy, of "
                "Louvain communities and the grouping",
                "citation": "Hubert & Arabie (1985), J. of Classification 2:193-218; Danon et "
                "al. (2005), J. Statistical Mechanics P09008",
                "doi": ("10.1007/BF01908075", "10.1088/1742-5468/2005/09/P09008"),
                "unit": "index",
                "range": "0 (as by chance) to 1 (the same)",
                "high_means": "Ties follow the official grouping.",
                "criticisms": ("It depends on the resolution of the communities.",),
                "options": {
                    **_OPTIONS,
                    **_SEED,
                    "grouping": "worldBankRegion (default), continent, incomeGroup, or blocs "
                    "such as EU,ASEAN,MERCOSUR",
                },
                "takes": ("years", "on"),
            }
        ),
        groupings,
    ),
    _measure(
        _brokerage,
        "pairs",
        id="brokerage",
        name="Brokerage between two groups",
        formula="number of pairs (a in the first, b in the second) that the state is tied to and "
        "that are not tied to each other",
        citation="Gould & Fernandez (1989), Sociological Methodology 19:89-126",
        doi=("10.2307/270949",),
        range="0 to the number of pairs",
        high_means="The state stands between the two groups.",
        criticisms=(_DENSE,),
        takes=("of", "years", "on", "poles"),
    ),
    _measure(
        _core,
        "k",
        id="k-core",
        name="Core number",
        formula="largest k such that the state is among states that have k ties with each other",
        citation="Seidman (1983), Social Networks 5:269-287",
        doi=("10.1016/0378-8733(83)90028-X",),
        range="0 and up",
        high_means="The state is in the dense middle of the network.",
        criticisms=(_DENSE, "Weights count only through the minimum."),
    ),
)
