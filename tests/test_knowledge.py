"""The graph as Python users hold it: DataFrames, rdflib, networkx, pages and files."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from pathlib import Path
from typing import Any

import networkx as nx
import pandas as pd
import pyoxigraph as ox
import pytest
import rdflib
import typer.main

import geoties
from geoties.cli.app import app
from geoties.graph.model import UserError
from geoties.knowledge import KnowledgeGraph

GROUP: Any = typer.main.get_command(app)


@pytest.fixture(scope="module")
def small(small_store: Path) -> KnowledgeGraph:
    """A small graph: countries, curated ties, members of the WTO."""
    return geoties.load(small_store)


def test_without_a_store_load_says_which_command_makes_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(UserError, match="run `geoties build`"):
        geoties.load(tmp_path)
    monkeypatch.setenv("GEOTIES_STORE", str(tmp_path / "elsewhere"))
    with pytest.raises(UserError, match=r"elsewhere.*run `geoties build`"):
        geoties.load()


def test_the_store_is_found_by_argument_environment_and_user_folder(
    small_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert geoties.load(str(small_store)).date == geoties.load(small_store).date
    monkeypatch.setenv("GEOTIES_STORE", str(small_store))
    assert geoties.load().snapshot.folder.is_relative_to(small_store)
    monkeypatch.delenv("GEOTIES_STORE")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    with pytest.raises(UserError, match=str(tmp_path / "geoties")):
        geoties.load()


def test_its_name_tells_the_day(small: KnowledgeGraph) -> None:
    assert repr(small).startswith(f"<KnowledgeGraph as of {small.date}")


def test_answers_are_data_frames(small: KnowledgeGraph) -> None:
    links = small.links("PER", "CHN", on="2023-12-31", kind="membership")
    assert isinstance(links, pd.DataFrame)
    assert list(links.columns)[:4] == ["kind", "from", "to", "via"]
    assert "APEC" in set(links["via"])
    labels = small.sparql(
        "SELECT ?label WHERE { state: rdfs:label ?label FILTER(lang(?label) = 'es') }",
        state="Peru",
    )
    assert labels.to_dict("records") == [{"label": "Perú"}]


def test_a_month_or_year_means_its_last_day(small: KnowledgeGraph) -> None:
    by_year, by_day = (small.links("PER", "CHN", on=day) for day in ("2013", "2013-12-31"))
    pd.testing.assert_frame_equal(by_year, by_day)
    pd.testing.assert_frame_equal(small.links("PER", "CHN", on="2013-12"), by_day)


def test_kinds_come_as_text_with_commas_or_as_a_list(small: KnowledgeGraph) -> None:
    several = ["membership", "partnership"]
    pd.testing.assert_frame_equal(
        small.links("PER", "CHN", kind=",".join(several)), small.links("PER", "CHN", kind=several)
    )


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        (lambda kg: kg.links("Perru"), "Peru"),
        (lambda kg: kg.links("PER", on="2023-13-01"), "2023-13-01"),
        (lambda kg: kg.links("PER", kind="visits"), "visit"),
        (lambda kg: kg.sparql("SELECT"), "cannot be run"),
        (lambda kg: kg.network(kinds="visits"), "visit"),
        (lambda kg: kg.network(focus="Perru"), "Peru"),
        (lambda kg: kg.network(on="soon"), "soon"),
        (lambda kg: kg.view(poles="CHN"), "Two different poles"),
        (lambda kg: kg.view(poles="CHN,China"), "Two different poles"),
        (lambda kg: kg.view(focus="state/ZZZ"), "state/ZZZ"),
        (lambda kg: kg.export("graph.docx"), ".ttl"),
        (lambda kg: kg.measure("love"), "love"),
        (lambda kg: kg.query("no-such-question"), "no-such-question"),
    ],
)
def test_bad_input_is_one_clear_error(small: KnowledgeGraph, ask: Any, told: str) -> None:
    with pytest.raises(UserError) as caught:
        ask(small)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_the_store_cannot_be_written_to(small: KnowledgeGraph) -> None:
    with pytest.raises(UserError):
        small.sparql("DELETE WHERE { ?s ?p ?o }")
    assert isinstance(small.store, ox.Store)
    with pytest.raises(Exception, match="read"):
        small.store.clear()
    assert small.sparql("ASK { geo:state\\/PER a gt:State }")["answer"].tolist() == [True]


def test_rdf_is_an_rdflib_dataset_over_the_store(small: KnowledgeGraph) -> None:
    assert isinstance(small.rdf, rdflib.Dataset)
    rows = small.rdf.query(
        "SELECT ?label WHERE { <https://w3id.org/geoties/state/PER> rdfs:label ?label }"
    )
    assert rdflib.Literal("Peru", lang="en") in {row[0] for row in rows}  # type: ignore[index]


def test_the_network_carries_every_attribute(small: KnowledgeGraph) -> None:
    graph = small.network(on="2023-12-31", kinds="diplomatic-relation", focus="PER")
    assert isinstance(graph, nx.MultiDiGraph)
    (edge,) = [data for _, to, data in graph.out_edges("state/PER", data=True) if "CHN" in to]
    assert edge["kind"] == "diplomatic-relation"
    assert edge["start"] == "1971-11-02"
    assert edge["source"]


def test_a_view_is_saved_whole_and_shows_in_a_notebook(kg: KnowledgeGraph, tmp_path: Path) -> None:
    view = kg.view(show="dependency", year=2023, layout="map")
    path = view.save(tmp_path / "page.html")
    assert path.read_text(encoding="utf-8") == view.html
    frame = view._repr_html_()
    assert frame.startswith("<iframe srcdoc=")
    assert "allow-same-origin" not in frame
    with pytest.raises(UserError, match=r"\.html"):
        view.save(tmp_path / "page.pdf")


def test_an_export_tells_what_it_wrote(small: KnowledgeGraph, tmp_path: Path) -> None:
    report = small.export(tmp_path / "peru.ttl", focus="PER", on="2023-12-31", kind="membership")
    assert (tmp_path / "peru.ttl").exists()
    assert report.lines()


def test_the_graph_validates(kg: KnowledgeGraph) -> None:
    findings = kg.validate()
    assert list(findings.columns)[:2] == ["check", "severity"]
    assert not (findings["severity"] == "error").any(), findings.head()


@pytest.mark.usefixtures("few_loaders")
def test_building_from_python_tells_its_steps(tmp_path: Path) -> None:
    steps: list[str] = []
    graph = geoties.build(tmp_path / "store", say=steps.append)
    assert "checking" in steps
    assert not graph.links("PER", "APEC").empty


SPELLED: dict[str, Callable[..., Any]] = {
    "links": KnowledgeGraph.links,
    "view": KnowledgeGraph.view,
    "export": KnowledgeGraph.export,
    "build": geoties.build,
}


OF_THE_COMMAND_LINE = (
    "--help", "--format", "--limit", "--store", "--endpoint", "--receipt", "--cite",
)  # fmt: skip


@pytest.mark.parametrize("command", SPELLED)
def test_python_arguments_are_spelled_as_the_options_are(command: str) -> None:
    """`--on` is `on`; the words that Python keeps for itself end in an underscore."""
    options = {
        option.removeprefix("--").rstrip("_")
        for parameter in GROUP.commands[command].params
        for option in parameter.opts
        if option.startswith("--") and option not in OF_THE_COMMAND_LINE
    }
    arguments = {name.rstrip("_") for name in inspect.signature(SPELLED[command]).parameters}
    plural = {name.removesuffix("s") for name in arguments}
    assert {name.replace("-", "_") for name in options} <= arguments | plural
