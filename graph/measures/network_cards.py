"""The cards of the measures of a state's place in a network of ties."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from geoties.graph.measures import centrality
from geoties.graph.measures import network_explained as explained
from geoties.graph.measures.card import Card, Measure, Reference
from geoties.graph.measures.network_scores import DAMPING, Score, communities, compute, cores

OPTIONS: Mapping[str, str] = {
    "kinds": "kinds of tie, such as goods-trade (default) or membership,agreement-party",
    "weight": "value (default), or count: every tie of a kind counts 1",
    "minimum": "ties of less weight are left out",
}
SEED: Mapping[str, str] = {"seed": "0", "resolution": "1.0"}
COMMON: dict[str, Any] = {
    "family": "network",
    "inputs": "the ties of the kinds asked for, between states and territories, in a year or on "
    "a date; with a region, only those within it",
    "assumptions": (
        "Only what is in force, or of the year; what is unknown on the day is not a tie.",
        "Bodies and agreements link those who share them, by how many.",
    ),
    "takes": ("of", "years", "on", "region"),
    "kinds": ("goods-trade",),
}
_DENSE = "Nearly everybody trades with everybody: without a minimum it says little."
_DIRECTION = {"direction": "all (default), in or out"}


def _measure(
    score: Score, parts: explained.Parts, /, more: Mapping[str, str] | None = None, **card: Any
) -> Measure:
    made = Card(**{**COMMON, "options": {**OPTIONS, **(more or {})}, **card})
    unit = "" if card["id"] == "strength" else made.unit
    return Measure(made, partial(compute, score, unit), partial(explained.explain, parts))


def _on_path(function: str, printed: str, more: str = "") -> tuple[Reference, ...]:
    """The value in the middle of a path of three nodes, with ties of 2 and 3 both ways."""
    call = f"{function}(PATH_OF_THREE{more})[1]"
    return (Reference("the middle of a path of three, ties of 2 and 3", call, printed),)


MEASURES = (
    _measure(
        lambda s: centrality.degree(s.network.weights, s.direction()),
        explained.by_partners,
        _DIRECTION,
        id="degree",
        name="Number of partners",
        formula="number of states with which there is a tie",
        citation="Freeman (1978), Social Networks 1:215-239",
        doi=("10.1016/0378-8733(78)90021-7",),
        unit="partners",
        range="0 to the number of other states",
        high_means="The state has many partners.",
        criticisms=(_DENSE,),
        references=_on_path("degree", "2"),
    ),
    _measure(
        lambda s: centrality.strength(s.network.weights, s.direction()),
        explained.by_ties,
        _DIRECTION,
        id="strength",
        name="Sum of the weights of a state's ties",
        formula="sum of w over a state's ties",
        citation="Barrat et al. (2004), PNAS 101:3747-3752",
        doi=("10.1073/pnas.0400087101",),
        unit="unit of the ties",
        range="0 and up",
        high_means="The state's ties are large altogether.",
        criticisms=("It follows the size of the economy.",),
        references=_on_path("strength", "10"),
    ),
    _measure(
        lambda s: centrality.betweenness(s.network.weights),
        explained.by_paths,
        id="betweenness",
        name="Betweenness: share of shortest paths that pass through the state",
        formula="sum over pairs of the share of shortest paths through the state, length 1/w, "
        "divided by (n-1)(n-2)",
        citation="Freeman (1978); Brandes (2001), J. Mathematical Sociology 25:163-177",
        doi=("10.1016/0378-8733(78)90021-7", "10.1080/0022250X.2001.9990249"),
        unit="share of paths",
        range="0 to 1",
        high_means="Ties between others run through the state.",
        criticisms=("Goods do not travel along shortest paths of bilateral trade.",),
        references=_on_path("betweenness", "1"),
    ),
    _measure(
        lambda s: centrality.eigenvector(s.network.both_ways()),
        explained.by_neighbours,
        id="eigenvector",
        name="Eigenvector centrality",
        formula="leading eigenvector, of length 1, of the matrix of weights, both directions "
        "added up",
        citation="Bonacich (1987), American Journal of Sociology 92:1170-1182",
        doi=("10.1086/228631",),
        unit="centrality",
        range="0 to 1",
        high_means="The state is tied to those who are themselves well tied.",
        criticisms=("In a network of unequal economies a handful of large ties decide it.",),
        references=_on_path("eigenvector", "0.7071"),
    ),
    _measure(
        lambda s: centrality.pagerank(s.network.weights, damping=DAMPING),
        explained.by_walks,
        id="pagerank",
        name="PageRank",
        formula=f"stationary share of a walk along the ties, damping {DAMPING:g}",
        citation="Brin & Page (1998), Computer Networks and ISDN Systems 30:107-117",
        doi=("10.1016/S0169-7552(98)00110-X",),
        unit="share",
        range="0 to 1, summing to 1",
        high_means="Ties, directly and indirectly, end at the state (for trade: it imports).",
        criticisms=("The damping factor is a convention.",),
        references=_on_path("pagerank", "0.4865"),
    ),
    _measure(
        lambda s: [float(number) for number in communities(s)],
        explained.by_community,
        SEED,
        id="communities",
        references=(
            Reference(
                "the last node of the second of two cliques", "community_of(TWO_CLIQUES, 5)", "2"
            ),
        ),
        name="Community of states more tied to each other than to others (Louvain)",
        formula="partition of high modularity on the weights, both directions added up",
        citation="Blondel et al. (2008), J. Statistical Mechanics P10008",
        doi=("10.1088/1742-5468/2008/10/P10008",),
        unit="number of the community",
        range="1 (the largest community) and up",
        high_means="Nothing: the number names a community.",
        criticisms=(
            "Many partitions are nearly as good; another seed may give another one.",
            "Small communities are not seen (resolution limit).",
        ),
    ),
    _measure(
        lambda s: centrality.brokerage(s.network.weights, *s.groups()),
        explained.by_open_pairs,
        id="brokerage",
        name="Brokerage between two groups",
        formula="number of pairs (a in the first, b in the second) that the state is tied to and "
        "that are not tied to each other",
        citation="Gould & Fernandez (1989), Sociological Methodology 19:89-126",
        doi=("10.2307/270949",),
        unit="pairs",
        range="0 to the number of pairs",
        high_means="The state stands between the two groups (those of the basis).",
        criticisms=(_DENSE,),
        takes=("of", "years", "on", "poles", "region"),
        references=_on_path("brokerage", "1", ", FIRST_OF_THREE, LAST_OF_THREE"),
    ),
    _measure(
        cores,
        explained.by_core,
        id="k-core",
        references=(Reference("a node of a clique of three", "core_of(TWO_CLIQUES, 0)", "2"),),
        name="Core number",
        formula="largest k such that the state is among states that have k ties with each other",
        citation="Seidman (1983), Social Networks 5:269-287",
        doi=("10.1016/0378-8733(83)90028-X",),
        unit="k",
        range="0 and up",
        high_means="The state is in the dense middle of the network.",
        criticisms=(_DENSE, "Weights count only through the minimum."),
    ),
)
