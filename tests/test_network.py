"""The networkx graph of a date holds what the columns say, and nothing that they do not."""

from __future__ import annotations

import io
import json
from pathlib import Path

import networkx as nx
import pytest
from export_samples import DAY, HOSTILE, frames_of, world

from geoties.graph.frames import Frames
from geoties.graph.model import TIES, UserError
from geoties.graph.network import network
from geoties.ontology.kinds import kinds


@pytest.fixture(scope="module")
def frames(tmp_path_factory: pytest.TempPathFactory) -> Frames:
    return frames_of(world(), tmp_path_factory.mktemp("columns") / "frames")


def edge(graph: nx.MultiDiGraph[str], key: str) -> dict[str, object]:
    return {k: told for _, _, k, told in graph.edges(keys=True, data=True)}[key]


def test_an_edge_carries_every_column_that_is_known(frames: Frames) -> None:
    graph = network(frames, on=DAY, checksum="abc")
    told = edge(graph, "tie/goods-trade/y-2/CHN-XXA-2022")
    assert told == {
        "id": "tie/goods-trade/y-2/CHN-XXA-2022",
        "kind": "goods-trade",
        "year": 2022,
        "value": 28_000_000.0000001,
        "unit": "USD",
        "source": "source/y-2",
        "record": "CHN-XXA-2022",
        "directed": True,
    }
    assert graph.graph == {"date": DAY, "checksum": "abc"}
    columns = {name for *_, told in graph.edges(data=True) for name in told}
    assert columns <= set(TIES) - {"from", "to"} | {"status", "directed"}


def test_a_node_carries_labels_and_properties(frames: Frames) -> None:
    graph = network(frames, on=DAY)
    peru = graph.nodes["state/PER"]
    assert peru["kind"] == "state"
    assert (peru["label"], peru["label_zh"]) == ("Peru", "秘鲁")
    assert peru["latitude"] == -10.5
    assert peru["landlocked"] is False
    assert json.loads(peru["inRegion"]) == ["region/419", "region/019"]
    assert peru["valid_from"] == "1821-07-28"
    assert "valid_to" not in peru
    assert json.loads(graph.nodes["state/CHN"]["officialName"]) == list(HOSTILE)


def test_state_ties_are_those_in_force_and_those_that_may_be(frames: Frames) -> None:
    graph = network(frames, on="2020-01-01", kinds=("membership",))
    seats = {told["record"]: told["status"] for *_, told in graph.edges(data=True)}
    assert seats == {
        "full membership": "in force",
        "observer": "unknown",
        "seen until 2015": "unknown",
        "no start": "unknown",
    }


def test_a_yearly_kind_is_of_its_latest_year_up_to_the_date(frames: Frames) -> None:
    for day, year in (("2021-06-30", 2021), ("2020-12-31", 2020), (DAY, 2022)):
        graph = network(frames, on=day, kinds=("goods-trade",))
        assert {told["year"] for *_, told in graph.edges(data=True)} == {year}


def test_two_sources_of_one_flow_are_two_edges(frames: Frames) -> None:
    graph = network(frames, on="2021-12-31", kinds=("goods-trade",))
    assert set(graph["state/PER"]["state/CHN"]) == {
        "tie/goods-trade/x-1/PER-CHN-2021",
        "tie/goods-trade/y-2/PER-CHN-2021",
    }


def test_events_and_columns_only_kinds_come_when_named(frames: Frames) -> None:
    met = {told["kind"] for *_, told in network(frames, on=DAY).edges(data=True)}
    assert met == {
        kind.id
        for kind in kinds().values()
        if kind.stored == "graph" and kind.temporality != "event"
    }
    named = network(frames, on=DAY, kinds=("vote", "visit"))
    assert {told["kind"] for *_, told in named.edges(data=True)} == {"vote", "visit"}
    assert network(frames, on="2000-12-31", kinds=("visit",)).number_of_edges() == 0


def test_a_focus_keeps_what_touches_it_and_itself(frames: Frames) -> None:
    graph = network(frames, on=DAY, focus=("state/XXA",))
    assert all("state/XXA" in ends for ends in graph.edges())
    through = network(frames, on=DAY, focus=("agreement/A-1",))
    assert {told["via"] for *_, told in through.edges(data=True)} == {"agreement/A-1"}
    assert set(network(frames, on=DAY, focus=("state/ALONE",))) == {"state/ALONE"}


def test_nodes_and_edges_come_in_order(frames: Frames) -> None:
    graph = network(frames, on=DAY)
    assert list(graph) == sorted(graph)
    assert "state/ALONE" not in graph
    for start in graph:
        for end in graph[start]:
            assert list(graph[start][end]) == sorted(graph[start][end])


def test_every_writer_of_networkx_takes_it(frames: Frames) -> None:
    graph = network(frames, on=DAY, kinds=("goods-trade", "membership"))
    nx.write_graphml(graph, io.BytesIO())
    nx.write_gexf(graph, io.BytesIO())
    assert json.dumps(nx.node_link_data(graph, edges="edges"))


def test_bad_input_is_told(frames: Frames, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="2023-12-31"):
        network(frames, on="2023-02-30")
    with pytest.raises(UserError, match="membership"):
        network(frames, on=DAY, kinds=("member",))
    with pytest.raises(UserError, match="state/PER"):
        network(frames, on=DAY, focus=("PER",))
