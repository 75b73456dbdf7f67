"""Receipts that can be asked again, and the references behind an answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from links_world import World

from geoties.graph.model import UserError
from geoties.graph.store import Answer
from geoties.queries.answers import Asked, answer
from geoties.queries.citations import cite, references_of, sources_of
from geoties.queries.receipts import receipt, replay, write_receipt

QUESTIONS = [
    Asked("links", {"x": "PER", "y": "CHN", "on": "2023-12-31"}),
    Asked("links", {"x": "DEU", "y": "JPN"}),
    Asked("query", {"name": "members-of-body", "parameters": {"body": "APEC"}}),
    Asked("query", {"name": "trade-shares", "parameters": {"country": "PER", "partner": "CHN"}}),
    Asked("is", {"x": "PER", "relation": "in", "y": "APEC"}),
    Asked("path", {"x": "FRA", "y": "CHL", "k": 2}),
    Asked("history", {"x": "PER", "y": "CHN"}),
    Asked("conflicts", {"x": "MEX"}),
    Asked("sparql", {"text": "SELECT ?s WHERE { ?s a gt:Bloc } ORDER BY ?s"}),
]


@pytest.mark.parametrize("asked", QUESTIONS, ids=lambda asked: asked.how)
def test_a_receipt_gives_the_same_rows_again(world: World, tmp_path: Path, asked: Asked) -> None:
    graph, path = world.graph(), tmp_path / "receipt.json"
    given = answer(graph, asked)
    write_receipt(path, graph, asked, given)
    first = path.read_bytes()
    again = replay(path, graph)
    assert again.identical
    assert again.told() == "The answer is identical, on the same graph."
    write_receipt(path, graph, asked, given)
    assert path.read_bytes() == first


def test_what_a_receipt_holds(world: World) -> None:
    asked = QUESTIONS[0]
    told = receipt(world.graph(), asked, answer(world.graph(), asked))
    assert told["graph"] == {"checksum": "a" * 32, "date": "2026-02-01"}
    assert [source["id"] for source in told["sources"]] == ["baci-new", "cow", "curated"]
    assert told["sources"][0]["licence"] == "CC0-1.0"
    assert told["columns"][0] == "kind"
    assert "SELECT" in told["sparql"][0]


def test_an_empty_answer_has_a_receipt_with_what_was_looked_into(world: World) -> None:
    asked = QUESTIONS[1]
    told = receipt(world.graph(), asked, answer(world.graph(), asked))
    assert told["rows"] == []
    assert len(told["sources"]) == 4
    assert told["question"]["arguments"]["on"] == "2026-02-01"


def test_defaults_are_written_out(world: World) -> None:
    asked = QUESTIONS[2]
    told = receipt(world.graph(), asked, answer(world.graph(), asked))
    assert told["question"]["arguments"]["parameters"]["on"] == "2026-02-01"
    assert "PREFIX body: <https://w3id.org/geoties/body/APEC>" in told["sparql"][0]


def test_another_graph_is_told_with_the_difference(world: World, tmp_path: Path) -> None:
    graph, path = world.graph(), tmp_path / "receipt.json"
    given = answer(graph, QUESTIONS[0])
    changed = Answer(given.columns, [*given.rows[1:], ("visit", *given.rows[0][1:])])
    write_receipt(path, graph, QUESTIONS[0], changed)
    again = replay(path, world.graph("b" * 32))
    assert not again.identical
    assert again.told() == "1 rows are gone and 1 are new, on another graph."
    assert [row[0] for row in again.table().rows] == ["gone", "new"]


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"receipt": 9}', '{"receipt": 1, "question": 3}', "\udcff"]
)
def test_a_file_that_is_no_receipt(world: World, tmp_path: Path, content: str) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(content.encode(errors="surrogateescape"))
    with pytest.raises(UserError, match="is no receipt"):
        replay(path, world.graph())


def test_a_receipt_that_is_not_there(world: World, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="does not exist"):
        replay(tmp_path / "none.json", world.graph())


@pytest.mark.parametrize(
    "question",
    [
        {"how": "shell", "arguments": {}},
        {"how": "links", "arguments": {"x": "PER", "z": "CHN"}},
        {"how": "links", "arguments": {"x": 5}},
        {"how": "links", "arguments": {}},
        {"how": "path", "arguments": {"x": "PER", "y": "CHN", "k": "many"}},
        {"how": "query", "arguments": {"name": "members-of-body", "parameters": {"body": 3}}},
    ],
)
def test_a_receipt_with_a_question_of_another_kind(
    world: World, tmp_path: Path, question: dict[str, Any]
) -> None:
    graph, path = world.graph(), tmp_path / "receipt.json"
    write_receipt(path, graph, QUESTIONS[0], answer(graph, QUESTIONS[0]))
    told = json.loads(path.read_text(encoding="utf-8")) | {"question": question}
    path.write_text(json.dumps(told), encoding="utf-8")
    with pytest.raises(UserError, match=r"ask|needs"):
        replay(path, graph)


def test_citations_in_three_styles(world: World) -> None:
    manifest = world.graph().manifest
    found = sources_of(answer(world.graph(), QUESTIONS[2]), manifest)
    assert [source["id"] for source in found] == ["cow", "curated"]
    sources = found[1:]
    text = cite(sources, references=["https://example.org/a"])
    assert text == (
        "Compilers (2026), curated. Licence: CC0-1.0. Retrieved 2026-02-01.\n"
        "https://example.org/a\n"
    )
    bibtex = cite(sources, "bibtex")
    assert bibtex.startswith("@misc{curated,\n  title = {{Table \\& facts of curated}},")
    assert "author = {{The \\{compilers\\}}}" in bibtex
    item = json.loads(cite(sources, "csl-json"))[0]
    assert (item["id"], item["type"]) == ("curated", "dataset")
    assert item["accessed"] == {"date-parts": [[2026, 2, 1]]}
    with pytest.raises(UserError, match="choose one of"):
        cite(sources, "mla")


def test_the_pages_that_ties_rest_on(world: World) -> None:
    links = answer(world.graph(), Asked("links", {"x": "PER", "y": "CHN"}))
    assert references_of(links, world.store) == ["https://example.org/apec"]
    assert references_of(Answer(("a",), [(1,)]), world.store) == []


def test_the_sparql_of_a_receipt_runs_as_it_stands(world: World) -> None:
    graph = world.graph()
    for asked in (
        Asked("links", {"x": "PER", "y": "CHN"}),
        Asked("is", {"x": "PER", "relation": "in", "y": "APEC"}),
        Asked("history", {"x": "PER", "y": "CHN"}),
    ):
        told = receipt(graph, asked, answer(graph, asked))["sparql"]
        assert told
        assert len(told) == len(set(told))
        assert any("<https://w3id.org/geoties/state/PER>" in text for text in told)
        for text in told:
            world.store.query(text)


def test_a_source_without_a_date_is_cited_without_one() -> None:
    source = dict.fromkeys(("id", "title", "publisher", "version", "url", "retrieved"), "")
    source |= {"citation": "x", "licence": "y"}
    (item,) = json.loads(cite([source], "csl-json"))
    assert "accessed" not in item
    assert "year" not in cite([source], "bibtex")
