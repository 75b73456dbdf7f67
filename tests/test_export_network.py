"""GraphML and GEXF hold the network of a date, every attribute typed, and are always XML."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from export_samples import BUILD, DAY, HOSTILE, frames_of, world

from geoties.graph.exports.export import export
from geoties.graph.frames import Frames
from geoties.graph.network import network

KINDS = ("visit", "membership", "goods-trade", "vote", "partnership")
READERS: dict[str, Callable[[Path], Any]] = {
    ".graphml": lambda path: nx.read_graphml(path, force_multigraph=True),
    ".gexf": nx.read_gexf,
}


@pytest.fixture(scope="module")
def frames(tmp_path_factory: pytest.TempPathFactory) -> Frames:
    return frames_of(world(), tmp_path_factory.mktemp("columns") / "frames")


def as_xml_can(attributes: dict[str, Any]) -> dict[str, Any]:
    """Attributes with what XML cannot hold replaced."""
    controls = {code: "\ufffd" for code in range(32) if chr(code) not in "\t\n\r"}
    return {
        name: value.translate(controls) if isinstance(value, str) else value
        for name, value in attributes.items()
    }


@pytest.mark.parametrize("suffix", sorted(READERS))
@pytest.mark.parametrize("kinds", [(), KINDS])
def test_networkx_reads_the_network_again(
    suffix: str, kinds: tuple[str, ...], frames: Frames, tmp_path: Path
) -> None:
    path = tmp_path / f"all{suffix}"
    report = export(path, frames, kinds=kinds, **BUILD)
    found, expected = READERS[suffix](path), network(frames, on=DAY, kinds=kinds)
    assert report.counts == {"nodes": len(expected), "edges": expected.number_of_edges()}
    nodes = {node: as_xml_can(told) for node, told in expected.nodes(data=True)}
    assert dict(found.nodes(data=True)) == nodes
    edges = {
        key: (u, v, as_xml_can(told)) for u, v, key, told in expected.edges(keys=True, data=True)
    }
    again = {
        key: (u, v, told | {"id": key}) for u, v, key, told in found.edges(keys=True, data=True)
    }
    assert again == edges


@pytest.mark.parametrize("suffix", sorted(READERS))
def test_hostile_text_is_text(suffix: str, frames: Frames, tmp_path: Path) -> None:
    export(tmp_path / f"x{suffix}", frames, kinds=("visit",), **BUILD)
    tree = ET.parse(tmp_path / f"x{suffix}")
    values = {item.text for item in tree.iter()} | {item.get("value") for item in tree.iter()}
    for text in HOSTILE:
        shown = as_xml_can({"text": text})["text"]
        assert shown in values
    assert "script" not in {item.tag.rpartition("}")[2] for item in tree.iter()}


def test_attributes_have_types(frames: Frames, tmp_path: Path) -> None:
    export(tmp_path / "x.graphml", frames, **BUILD)
    keys = {
        (key.get("for"), key.get("attr.name")): key.get("attr.type")
        for key in ET.parse(tmp_path / "x.graphml").getroot()
        if key.tag.endswith("key")
    }
    assert keys["edge", "year"] == "long"
    assert keys["edge", "value"] == "double"
    assert keys["edge", "directed"] == keys["node", "landlocked"] == "boolean"
    assert keys["node", "label"] == keys["edge", "start"] == "string"
    assert ("node", "infrastructure") not in keys, "what nobody says is not declared"


def test_the_report_says_what_a_network_of_one_date_leaves_out(
    frames: Frames, tmp_path: Path
) -> None:
    report = export(tmp_path / "x.gexf", frames, **BUILD)
    told = " ".join(report.left_out)
    for part in (DAY, "signature", "visit", "vote", "numbers about one entity"):
        assert part in told
