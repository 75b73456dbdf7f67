"""Centrality, communities and brokerage, against networkx, rustworkx and igraph."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from geoties.graph.frames import Frames, write_frames
from geoties.graph.measures import centrality, compute
from geoties.graph.measures.communities import (
    adjusted_rand,
    information_parts,
    louvain,
    mutual_information,
    rand_parts,
)
from geoties.graph.measures.matrix import Network
from geoties.graph.model import Coverage, Entity, Tables, Tie, UserError

Matrix = NDArray[np.float64]


def network_of(matrix: Matrix) -> Network:
    return Network(tuple(f"n{place:02}" for place in range(len(matrix))), matrix, "s", "USD")


@st.composite
def networks(draw: st.DrawFn) -> Network:
    n = draw(st.integers(3, 9))
    matrix = draw(arrays(np.float64, (n, n), elements=st.sampled_from((0.0, 0.0, 1.0, 2.0, 5.0))))
    np.fill_diagonal(matrix, 0)
    return network_of(matrix)


def random_network(n: int = 25) -> Network:
    random = np.random.default_rng(1)
    matrix = random.pareto(1.2, (n, n)) * (random.random((n, n)) < 0.4)
    np.fill_diagonal(matrix, 0)
    return network_of(matrix)


def in_order(network: Network, scores: dict[str, float]) -> list[float]:
    return [scores[node] for node in network.nodes]


@given(networks())
def test_betweenness_is_that_of_networkx(network: Network) -> None:
    graph = network.graph()
    for _, _, data in graph.edges(data=True):
        data["length"] = 1 / data["weight"]
    expected = in_order(network, nx.betweenness_centrality(graph, weight="length"))
    assert centrality.betweenness(network.weights) == pytest.approx(expected)
    unweighted = in_order(network, nx.betweenness_centrality(graph))
    assert centrality.betweenness(network.weights, weighted=False) == pytest.approx(unweighted)


@given(networks())
def test_the_shares_of_the_pairs_are_the_betweenness(network: Network) -> None:
    paths = centrality.ShortestPaths.of(network.weights)
    n = len(network.nodes)
    shares = [paths.through(node).sum() / ((n - 1) * (n - 2)) for node in range(n)]
    assert centrality.betweenness(network.weights) == pytest.approx(shares, abs=1e-12)


@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.floats(1e-3, 1e12)), max_size=20)
)
def test_ties_of_any_size_end_and_give_shares(ties: list[tuple[int, int, float]]) -> None:
    matrix = np.zeros((6, 6))
    for i, j, weight in ties:
        matrix[i, j] = weight * (i != j)
    between = centrality.betweenness(matrix)
    assert ((between >= 0) & (between <= 1 + 1e-9)).all()


@given(networks())
def test_degree_and_strength_are_those_of_networkx(network: Network) -> None:
    graph: Any = network.graph()
    assert centrality.strength(network.weights).tolist() == pytest.approx(
        in_order(network, dict(graph.degree(weight="weight")))
    )
    partners = in_order(network, dict(network.graph(directed=False).degree()))
    assert centrality.degree(network.weights).tolist() == partners
    assert centrality.degree(network.weights, "in").tolist() == in_order(
        network, dict(graph.in_degree())
    )


def test_eigenvector_is_that_of_networkx() -> None:
    network = random_network()
    expected = nx.eigenvector_centrality(
        network.graph(directed=False), weight="weight", max_iter=5000
    )
    found = centrality.eigenvector(network.both_ways())
    assert found == pytest.approx(in_order(network, expected), abs=1e-5)


@given(networks())
def test_pagerank_sums_to_one_and_is_stationary(network: Network) -> None:
    ranks = centrality.pagerank(network.weights)
    assert ranks.sum() == pytest.approx(1)
    assert (ranks > 0).all()


def test_against_rustworkx() -> None:
    rx = pytest.importorskip("rustworkx")
    network = random_network()
    graph = rx.PyDiGraph()
    graph.add_nodes_from(list(network.nodes))
    rows, columns = np.nonzero(network.weights)
    graph.add_edges_from(
        [(int(i), int(j), float(network.weights[i, j])) for i, j in zip(rows, columns, strict=True)]
    )
    ranks = rx.pagerank(graph, weight_fn=float, tol=1e-12, max_iter=1000)
    found = centrality.pagerank(network.weights)
    assert found == pytest.approx([ranks[place] for place in range(len(found))], abs=1e-8)
    between = rx.betweenness_centrality(graph)
    found = centrality.betweenness(network.weights, weighted=False)
    assert found == pytest.approx([between[place] for place in range(len(found))])


def test_against_igraph() -> None:
    ig = pytest.importorskip("igraph")
    network = random_network()
    rows, columns = np.nonzero(network.weights)
    weights = network.weights[rows, columns]
    graph = ig.Graph(n=len(network.nodes), directed=True,
                     edges=list(zip(rows.tolist(), columns.tolist(), strict=True)))  # fmt: skip
    n = len(network.nodes)
    between = np.array(graph.betweenness(weights=(1 / weights).tolist())) / ((n - 1) * (n - 2))
    assert centrality.betweenness(network.weights) == pytest.approx(between)
    ranks = graph.pagerank(weights=weights.tolist())
    assert centrality.pagerank(network.weights) == pytest.approx(ranks, abs=1e-8)
    a = louvain(network)
    b = [place % 3 for place in range(n)]
    assert adjusted_rand(a, b) == pytest.approx(ig.compare_communities(a, b, "adjusted_rand"))
    assert mutual_information(a, b) == pytest.approx(ig.compare_communities(a, b, "nmi"))


def test_two_cliques_are_two_communities_whatever_the_seed() -> None:
    matrix = np.zeros((7, 7))
    matrix[:4, :4] = 1
    matrix[4:, 4:] = 1
    matrix[3, 4] = 0.1
    np.fill_diagonal(matrix, 0)
    for seed in range(3):
        assert louvain(network_of(matrix), seed=seed) == [1, 1, 1, 1, 2, 2, 2]


labels = st.lists(st.integers(0, 3), min_size=2, max_size=12)


@given(labels, st.randoms(use_true_random=False))
def test_agreement_of_groupings(a: list[int], random: Any) -> None:
    renamed = [f"group {label}" for label in a]
    assert adjusted_rand(a, renamed) == pytest.approx(1)
    assert mutual_information(a, renamed) == pytest.approx(1)
    b = list(a)
    random.shuffle(b)
    assert adjusted_rand(a, b) == pytest.approx(adjusted_rand(b, a))
    assert 0 <= mutual_information(a, b) <= 1 + 1e-9
    assert sum(rand_parts(a, b).values()) == pytest.approx(adjusted_rand(a, b), abs=1e-9)
    assert max(0.0, sum(information_parts(a, b).values())) == pytest.approx(
        mutual_information(a, b), abs=1e-9
    )


def test_brokers_stand_between_groups_without_a_tie_of_their_own() -> None:
    # a1, a2 | b1 | a broker outside; a2 and b1 are tied, so a2 stands between a1 and b1 too
    matrix = np.zeros((4, 4))
    for i, j in ((0, 1), (0, 3), (1, 3), (3, 2), (1, 2)):
        matrix[i, j] = 1
    first, second = np.array([1, 1, 0, 0], dtype=bool), np.array([0, 0, 1, 0], dtype=bool)
    assert centrality.brokerage(matrix, first, second).tolist() == [0, 1, 0, 1]


@pytest.fixture(scope="module")
def frames(tmp_path_factory: pytest.TempPathFactory) -> Frames:
    regions = {"AAA": "East", "BBB": "East", "CCC": "West", "DDD": "West"}
    states = [
        Entity(f"state/{code}", "state", {}, {"worldBankRegion": region, "inRegion": ["region/E"]
                                              if region == "East" else []})
        for code, region in regions.items()
    ]  # fmt: skip
    flows = [("AAA", "BBB", 50.0), ("BBB", "AAA", 40.0), ("CCC", "DDD", 60.0), ("AAA", "CCC", 1.0)]
    trade = [
        Tie("goods-trade", f"state/{a}", f"state/{b}", "source/t", "", year=year, value=value)
        for year in (2020, 2022)
        for a, b, value in flows
    ]
    clubs = [
        Tie("membership", f"state/{code}", f"body/{body}", "source/m", f"{body}-{code}",
            role="member", start="1990-01-01", start_precision="day", observed_to="2026-01-01")
        for body, codes in {"One": ("AAA", "BBB", "CCC"), "Two": ("AAA", "BBB")}.items()
        for code in codes
    ]  # fmt: skip
    others = [Entity("region/E", "region", {"en": "East"}), Entity("body/One", "body"),
              Entity("body/Two", "body")]  # fmt: skip
    claims = [Coverage("source/t", "goods-trade", "complete", from_year=2020, to_year=2020)]
    folder: Path = tmp_path_factory.mktemp("network") / "frames"
    write_frames(folder, Tables.of([*states, *others], [*trade, *clubs], (), claims))
    return Frames(folder)


def values(frames: Frames, name: str, **question: Any) -> dict[str, float]:
    result = compute(name, frames, **question)
    return dict(result.select("of", "value").iter_rows())


def test_the_network_is_cut_by_year_region_minimum_and_kind(frames: Frames) -> None:
    assert values(frames, "strength", years=2022)["AAA"] == 91
    assert values(frames, "degree", years=2022) == {"AAA": 2, "BBB": 1, "CCC": 2, "DDD": 1}
    assert values(frames, "degree", years=2022, region="East") == {"AAA": 1, "BBB": 1}
    assert values(frames, "degree", years=2022, minimum=10)["AAA"] == 1
    assert values(frames, "strength", on="2022-06-01", kinds="membership") == {
        "AAA": 3, "BBB": 3, "CCC": 2
    }  # fmt: skip
    assert values(frames, "strength", on="2022-06-01", kinds="membership,goods-trade",
                  weight="count")["AAA"] == 7  # fmt: skip


def test_a_date_takes_the_last_year_with_data(frames: Frames) -> None:
    result = compute("strength", frames, of="AAA", on="2021-07-01")
    assert (result["year"].item(), result["value"].item()) == (2020, 91)


def test_a_year_without_data_has_no_value_and_its_reason(frames: Frames) -> None:
    result = compute("strength", frames, of="AAA", years="2020-2022")
    assert result["value"].to_list() == [91, None, 91]
    assert result["reason"][1] == "no goods-trade in this cut for 2021"


def test_communities_and_the_regions_they_are(frames: Frames) -> None:
    found = values(frames, "communities", years=2022)
    assert found == {"AAA": 1, "BBB": 1, "CCC": 2, "DDD": 2}
    indices = compute("communities-and-groupings", frames, years=2022)
    assert indices.select("value", "unit").rows() == [
        (1.0, "adjusted Rand index"),
        (1.0, "normalised mutual information"),
    ]


@pytest.mark.parametrize(
    ("name", "question", "sentence"),
    [
        ("degree", {"years": 2021}, "No tie is left"),
        ("degree", {"years": 1990}, "run from 2020 to 2022"),
        ("degree", {"years": 2022, "minimum": 1e9}, "No tie is left"),
        ("degree", {"years": 2022, "minimum": -1}, "0 or more"),
        ("degree", {"years": 2022, "minimum": "much"}, "minimum is a number"),
        ("degree", {"years": 2022, "kinds": "friendship"}, "no kind of tie 'friendship'"),
        ("degree", {"kinds": "membership"}, "Say when"),
        ("degree", {"years": 2022, "direction": "up"}, 'direction is "in"'),
        ("degree", {"years": 2022, "weight": "size"}, 'weight is "value"'),
        ("strength", {"years": 2022, "kinds": "membership,goods-trade"}, "cannot be added"),
        ("degree", {"on": "2001-01-01"}, "no goods-trade up to 2001-01-01"),
        ("brokerage", {"years": 2022, "poles": "One,Two"}, "belongs to both groups"),
        ("communities-and-groupings", {"years": 2022, "grouping": "hue"}, "No state has a hue"),
    ],
)  # fmt: skip
def test_bad_questions_about_the_network(
    frames: Frames, name: str, question: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(UserError, match=sentence):
        compute(name, frames, **question)
