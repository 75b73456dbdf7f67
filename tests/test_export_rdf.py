"""The RDF formats hold the graph of the store, and say what they leave out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from export_samples import (
    BUILD,
    DAY,
    frames_of,
    parsed,
    read_by_rdflib,
    store_graph,
    world,
)

from geoties.graph.exports.export import ExportReport, export
from geoties.graph.frames import Frames
from geoties.graph.model import BASE, ONTOLOGY

RDF = (".ttl", ".nt", ".trig", ".nq", ".jsonld")


@pytest.fixture(scope="module")
def frames(tmp_path_factory: pytest.TempPathFactory) -> Frames:
    return frames_of(world(), tmp_path_factory.mktemp("columns") / "frames")


@pytest.fixture(scope="module")
def written(
    frames: Frames, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[Path, ExportReport]]:
    folder = tmp_path_factory.mktemp("written")
    return {
        suffix: (folder / f"all{suffix}", export(folder / f"all{suffix}", frames, **BUILD))
        for suffix in RDF
    }


@pytest.mark.parametrize("suffix", RDF)
def test_oxigraph_reads_the_stores_graph(
    suffix: str, written: dict[str, tuple[Path, ExportReport]], tmp_path: Path
) -> None:
    path, report = written[suffix]
    default, named = parsed(path)
    stored, current = store_graph(world(), tmp_path)
    assert default == stored
    assert named == (current if suffix in (".trig", ".nq") else set())
    assert report.counts["triples"] == len(stored)


@pytest.mark.parametrize("suffix", RDF)
def test_rdflib_reads_the_same_graph(
    suffix: str, written: dict[str, tuple[Path, ExportReport]], tmp_path: Path
) -> None:
    path, _ = written[suffix]
    store_graph(world(), tmp_path)
    assert read_by_rdflib(path) == read_by_rdflib(tmp_path / "graph.nt")


def test_turtle_is_as_the_design_shows_it(
    written: dict[str, tuple[Path, ExportReport]],
) -> None:
    text = written[".ttl"][0].read_text(encoding="utf-8")
    assert f"@base <{BASE}> .\n" in text
    assert "@prefix gt: <https://w3id.org/geoties/ontology#> .\n" in text
    assert (
        "<tie/goods-trade/x-1/CHN-PER-2021> a gt:GoodsTrade ;\n"
        "    gt:from <state/CHN> ; gt:to <state/PER> ;\n"
        "    gt:year 2021 ; gt:value 12345678901.5 ; gt:unit <unit/USD> ;\n"
        "    dcterms:source <source/x-1> .\n"
    ) in text
    assert (
        "<body/APEC> a gt:Body ;\n"
        '    rdfs:label "APEC"@en ;\n'
        '    gt:founded "1989" .\n'
    ) in text  # fmt: skip


@pytest.mark.parametrize("suffix", [".ttl", ".nt", ".jsonld"])
def test_a_subject_stands_together_and_ties_in_order(
    suffix: str, written: dict[str, tuple[Path, ExportReport]]
) -> None:
    text = written[suffix][0].read_text(encoding="utf-8")
    subjects = re.findall(
        r'^(?:\{"@id":"|<)(?:https://w3id.org/geoties/)?(tie/[^">]+)', text, re.MULTILINE
    )
    blocks = [one for place, one in enumerate(subjects) if subjects[place - 1 : place] != [one]]
    assert blocks == sorted(blocks)
    assert len(blocks) == len(set(blocks)) > 30


def test_the_direct_statements_come_into_turtle_when_asked(frames: Frames, tmp_path: Path) -> None:
    plain, direct = tmp_path / "plain.ttl", tmp_path / "direct.ttl"
    report = export(plain, frames, **BUILD)
    export(direct, frames, include_current=True, **BUILD)
    assert any(f"hold on {DAY}" in line for line in report.left_out)
    _, current = store_graph(world(), tmp_path)
    assert parsed(direct)[0] - parsed(plain)[0] == current
    assert (f"<{BASE}state/PER>", f"<{ONTOLOGY}memberOf>", f"<{BASE}body/APEC>") in current


def test_the_named_graph_carries_its_date(written: dict[str, tuple[Path, ExportReport]]) -> None:
    for suffix in (".trig", ".nq"):
        text = written[suffix][0].read_text(encoding="utf-8")
        assert f"graph/{DAY}>" in text
        assert not any("direct statements" in line for line in written[suffix][1].left_out)


def test_what_stays_in_the_columns_is_said_in_the_report_and_the_file(
    written: dict[str, tuple[Path, ExportReport]],
) -> None:
    path, report = written[".ttl"]
    told = "\n".join(report.lines())
    assert "kind vote, of which there are 1: name it" in told
    assert "kind commodity-trade, of which there are 1: name it" in told
    assert "1 ties of kind goods-trade under 1,000,000 USD: export tables" in told
    for line in report.left_out:
        assert f"# Left out: {line}.\n" in path.read_text(encoding="utf-8")


def test_a_kind_kept_in_the_columns_comes_when_named(frames: Frames, tmp_path: Path) -> None:
    report = export(tmp_path / "votes.ttl", frames, kinds=("vote",), **BUILD)
    default, _ = parsed(tmp_path / "votes.ttl")
    votes = [t for t in default if t[2] == f"<{ONTOLOGY}Vote>"]
    assert len(votes) == 1
    assert not any("kind vote" in line for line in report.left_out)


def test_two_exports_have_the_same_bytes(frames: Frames, tmp_path: Path) -> None:
    for suffix in RDF:
        export(tmp_path / f"a{suffix}", frames, **BUILD)
        export(tmp_path / f"b{suffix}", frames, **BUILD)
        assert (tmp_path / f"a{suffix}").read_bytes() == (tmp_path / f"b{suffix}").read_bytes()
