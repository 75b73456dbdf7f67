"""The graph in a real SPARQL server: pushed, counted, replaced, and asked as ours is asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import requests
from commands import assert_told, geoties
from links_world import World
from other_stores import build_of, build_with, running_server
from server_client import served

from geoties.graph import pushing
from geoties.graph.model import UserError
from geoties.graph.pushing import Target, push
from geoties.graph.remote import RemoteStore
from geoties.graph.store import select
from geoties.graph.wire import Refused, Wire
from geoties.knowledge import load
from geoties.queries.answers import Asked, Graph, answer
from geoties.queries.elsewhere import graph_at
from geoties.queries.header import question_names, read_question
from geoties.queries.library import example_parameters

OTHER = "<https://example.org/a> <https://example.org/b> <https://example.org/c> ."


@pytest.fixture(autouse=True)
def _cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.fixture
def server() -> Iterator[str]:
    with running_server() as url:
        yield url


@pytest.fixture(scope="module")
def filled(world: World) -> Iterator[str]:
    """A server that has the small world."""
    with running_server() as url:
        push(build_of(world), f"{url}/store")
        yield f"{url}/query"


def _count(url: str, pattern: str = "?s ?p ?o") -> int:
    query = f"SELECT (COUNT(*) AS ?n) WHERE {{ {pattern} }}"
    (row,) = select(RemoteStore(f"{url}/query"), query).rows
    return int(str(row[0]))


_DATED = "GRAPH <https://w3id.org/geoties/graph/2026-02-01> { ?s ?p ?o }"


@pytest.mark.parametrize("way", ["store", "update"])
def test_a_push_writes_every_statement_and_twice_is_as_once(
    way: str, server: str, world: World
) -> None:
    snapshot = build_of(world)
    done = push(snapshot, f"{server}/{way}")
    assert done.statements == len(world.store)
    described = 6
    assert _count(server) + _count(server, _DATED) == len(world.store) + described
    again = push(snapshot, f"{server}/{way}")
    assert again.unchanged
    assert again.requests == 0
    assert _count(server) + _count(server, _DATED) == len(world.store) + described


@pytest.mark.parametrize("way", ["store", "update"])
def test_another_graph_takes_the_place_of_the_old_one(
    way: str, server: str, world: World, tmp_path: Path
) -> None:
    push(build_of(world), f"{server}/{way}")
    small = build_with(world, tmp_path, "b" * 32, OTHER)
    push(small, f"{server}/{way}")
    assert _count(server) == 1 + 6
    assert _count(server, "GRAPH ?g { ?s ?p ?o }") == 0
    assert RemoteStore(f"{server}/query").described["identifier"] == "b" * 32


def test_a_push_into_a_named_graph_leaves_the_default_graph_alone(
    server: str, world: World, tmp_path: Path
) -> None:
    _load(server, OTHER)
    name = "https://example.org/our graph".replace(" ", "-")
    push(build_of(world), f"{server}/store", graph=name)
    assert _count(server) == 1
    asked = graph_at(f"{server}/query?default-graph-uri={name}")
    here = answer(world.graph(), Asked("links", {"x": "PER"}))
    assert answer(asked, Asked("links", {"x": "PER"})) == here


def _load(server: str, lines: str) -> None:
    headers = {"Content-Type": "application/n-triples"}
    requests.post(f"{server}/store?default", data=lines, headers=headers, timeout=10)


def test_what_others_wrote_is_replaced_only_on_demand(server: str, world: World) -> None:
    _load(server, OTHER)
    with pytest.raises(UserError, match="holds 1 statements of others; choose another"):
        push(build_of(world), f"{server}/store")
    assert _count(server) == 1
    push(build_of(world), f"{server}/store", replace=True)
    assert _count(server, "<https://example.org/a> ?p ?o") == 0


def test_a_push_that_stops_is_marked_and_can_be_done_again(
    server: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    push(build_of(world, "b" * 32), f"{server}/store")
    monkeypatch.setitem(pushing._LINES, "gsp", 100)
    real, sent = Wire.send, []

    def send(self: Wire, method: str, **how: Any) -> Any:
        sent.append(method)
        if sent.count("POST") - sent.count("PUT") > 5:
            raise UserError("gone away")
        return real(self, method, **how)

    said: list[str] = []
    with monkeypatch.context() as patch:
        patch.setattr(Wire, "send", send)
        with pytest.raises(UserError, match="gone away"):
            push(build_of(world), f"{server}/store", say=said.append)
    assert "holds an unfinished graph" in said[-1]
    with pytest.raises(UserError, match="never finished; run `geoties push` again"):
        graph_at(f"{server}/query")
    push(build_of(world), f"{server}/store")
    assert graph_at(f"{server}/query").checksum == "a" * 32


def test_a_refusal_of_the_first_request_leaves_all_as_it_was(
    server: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    push(build_of(world, "b" * 32), f"{server}/store")

    def refuse(self: Wire, method: str, **how: Any) -> Any:
        if method == "PUT":
            raise Refused("read only", 403)
        return real(self, method, **how)

    real, said = Wire.send, list[str]()
    with monkeypatch.context() as patch:
        patch.setattr(Wire, "send", refuse)
        with pytest.raises(Refused):
            push(build_of(world), f"{server}/store", say=said.append)
    assert said == ["Reading the graph."]
    assert graph_at(f"{server}/query").checksum == "b" * 32


def test_a_store_that_counts_less_is_not_trusted(
    server: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Target._send

    def lossy(self: Target, graph: str, body: bytes, replace: bool) -> None:
        real(self, graph, b"".join(body.splitlines(keepends=True)[:-1]), replace)

    monkeypatch.setattr(Target, "_send", lossy)
    with pytest.raises(UserError, match=r"counts \d+ statements where \d+ were sent"):
        push(build_of(world), f"{server}/store")


def _asked() -> Iterator[Asked]:
    for name in question_names():
        question = read_question(name)
        if not question.measure:
            yield Asked("query", {"name": name, "parameters": example_parameters(question)})
    for x, y in (("PER", "CHN"), ("PER", ""), ("Brazil", ""), ("MEX", "GBR"), ("CHL", "FRA")):
        yield Asked("links", {"x": x, "y": y, "ended": True, "since": "1900"})
    yield Asked("links", {"x": "PER", "y": "CHN", "on": "2009-01-01", "kinds": ["membership"]})
    yield Asked("history", {"x": "PER", "y": "CHN"})
    yield Asked("history", {"x": "GBR", "y": "MEX"})
    yield Asked("sparql", {"text": "SELECT ?s WHERE { ?s a gt:State } ORDER BY ?s"})
    yield Asked("sparql", {"text": "ASK { geo:state\\/PER a gt:State }"})
    for x, y, day in (("PER", "APEC", "1990-01-01"), ("PAN", "BRI", "2017-06-01")):
        yield Asked("is", {"x": x, "relation": "in", "y": y, "on": day})


def _told(graph: Graph, asked: Asked) -> Any:
    """The answer, or why there is none: the small world does not know every example's names."""
    try:
        return answer(graph, asked)
    except UserError as problem:
        return str(problem)


@pytest.mark.parametrize("asked", list(_asked()), ids=str)
def test_answers_are_those_of_the_embedded_store(asked: Asked, filled: str, world: World) -> None:
    assert _told(graph_at(filled), asked) == _told(world.graph(), asked)


def test_names_and_sources_come_from_the_store(filled: str, world: World) -> None:
    there, here = graph_at(filled), world.graph()
    assert there.date == here.date
    assert there.checksum == here.checksum
    assert [source["id"] for source in there.manifest["sources"]] == sorted(
        source["id"] for source in here.manifest["sources"]
    )
    for name in ("Peru", "Perú", "per", "APEC", "Belt and Road Initiative", "CPTPP", "body/EU"):
        assert there.names.require(name) == here.names.require(name)


def test_our_own_endpoint_is_asked_as_any_other(small_store: Path) -> None:
    """`geoties serve` describes its graph; nothing has to be pushed into it."""
    with served(small_store) as ours:
        there = ("--endpoint", f"http://127.0.0.1:{ours.port}/sparql")
        for words in (("links", "PER", "CHN"), ("query", "members-of-body", "APEC")):
            done = geoties(*words, "--format", "csv", *there)
            assert done.err in ("", f"As of {load(small_store).date}.\n")
            assert done.out == geoties(*words, "--format", "csv", store=small_store).out


def test_what_needs_the_columns_says_so(filled: str) -> None:
    graph = graph_at(filled)
    measured = {"name": "trade-shares", "parameters": {"country": "PER", "partner": "CHN"}}
    for asked in (
        Asked("query", measured),
        Asked("path", {"x": "PER", "y": "CHN"}),
        Asked("conflicts"),
        Asked("neighbours", {"x": "PER"}),
        Asked("links", {"x": "PER", "y": "CHN", "kinds": ["commodity-trade"]}),
    ):
        with pytest.raises(UserError, match="answered from the columns, which a store elsewhere"):
            answer(graph, asked)


def test_a_small_flow_is_unknown_where_the_columns_are_not(filled: str) -> None:
    asked = {"x": "PER", "relation": "goods-trade", "y": "PAN", "on": "2023-12-31"}
    (row,) = answer(graph_at(filled), Asked("is", asked)).dicts()
    assert row["answer"] == "unknown"
    assert "in the columns only" in str(row["basis"])


def test_an_answer_costs_few_requests(
    filled: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = graph_at(filled)
    real, asked = RemoteStore._ask, []

    def ask(self: RemoteStore, text: str) -> Any:
        asked.append(text)
        return real(self, text)

    monkeypatch.setattr(RemoteStore, "_ask", ask)
    assert len(answer(graph, Asked("links", {"x": "PER"})).rows) > 10
    assert len(asked) < 40


def test_values_are_bound_and_never_text(filled: str) -> None:
    store = RemoteStore(filled)
    hostile = 'x" } } ; DROP ALL # '
    found = select(store, "SELECT ?x WHERE { BIND(1 AS ?one) }", {"x": ox.Literal(hostile)})
    assert found.rows == [(hostile,)]
    with pytest.raises(UserError, match="Invalid IRI"):
        select(store, "ASK { who: a gt:State }", iris={"who": "https://a> } ; DROP ALL #"})


def test_the_commands_answer_as_from_the_store_here(
    server: str, small_store: Path, tmp_path: Path
) -> None:
    done = geoties("push", f"{server}/store", store=small_store)
    assert done.code == 0, done.err
    assert "statements, counted there, in " in done.err.splitlines()[-1]
    there = ("--endpoint", f"{server}/query")
    for words in (
        ("links", "PER", "CHN", "--format", "csv"),
        ("history", "Peru", "China", "--format", "json"),
        ("is", "PER", "in", "APEC", "--on", "1990-01-01"),
        ("query", "members-of-body", "--body", "APEC", "--cite", "csl-json"),
        ("sparql", "SELECT ?s { ?s a gt:Body } ORDER BY ?s", "--format", "md"),
        ("sparql", "DESCRIBE geo:state\\/PER", "--format", "ttl"),
    ):
        here = geoties(*words, store=small_store)
        assert here.code == 0, here.err
        assert here.out
        assert geoties(*words, *there).out == here.out
    receipt = tmp_path / "r.json"
    asked = geoties("links", "PER", "CHN", "--receipt", receipt, *there)
    assert asked.code == 0, asked.err
    replayed = geoties("replay", receipt, store=small_store)
    assert replayed.err == "The answer is identical, on the same graph.\n"
    assert_told(geoties("path", "PER", "CHN", *there), "answered from the columns")
    assert_told(geoties("push", "nowhere", store=small_store), "is no address of a store")
    assert_told(
        geoties("push", f"{server}/store", "--graph", "a b", store=small_store), "no IRI of a graph"
    )
    assert_told(
        geoties("push", f"{server}/nothing", store=small_store),
        "It is not known where the store of",
    )
