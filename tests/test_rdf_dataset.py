"""The store as an rdflib Dataset: answered by Oxigraph, read-only, without its known surprises."""

from __future__ import annotations

from pathlib import Path

import pytest
import rdflib
from export_samples import DAY, world
from rdflib import Literal, Namespace, URIRef
from rdflib.plugins.sparql import prepareQuery

from geoties.graph.model import BASE, ONTOLOGY, UserError
from geoties.graph.rdf import rdf_dataset
from geoties.graph.store import bulk_load
from geoties.graph.triples import write_graph

GT, GEO = Namespace(ONTOLOGY), Namespace(BASE)
CURRENT = URIRef(f"{BASE}graph/{DAY}")
APEC = "SELECT ?who WHERE { ?tie gt:from ?who ; gt:to <https://w3id.org/geoties/body/APEC> }"


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> rdflib.Dataset:
    folder = tmp_path_factory.mktemp("rdf")
    tables = world()
    files, _ = write_graph(
        tables.entities, tables.ties, tables.observations, tables.coverage, folder, DAY
    )
    bulk_load(folder / "store", files)
    return rdf_dataset(folder / "store")


@pytest.fixture
def only_oxigraph(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make rdflib's own engine fail, so that an answer can only be Oxigraph's."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("rdflib's own engine was asked")

    monkeypatch.setattr("rdflib.plugins.sparql.processor.SPARQLProcessor.query", refuse)


@pytest.mark.usefixtures("only_oxigraph")
def test_queries_are_answered_by_oxigraph(dataset: rdflib.Dataset) -> None:
    rows = {str(row.who) for row in dataset.query(APEC)}  # type: ignore[union-attr]
    assert f"{BASE}state/PER" in rows
    assert len(list(dataset.query(prepareQuery(APEC, initNs={"gt": GT})))) == len(rows) + 1
    assert dataset.query("ASK { geo:state\\/PER a gt:State }").askAnswer is True
    described = dataset.query("CONSTRUCT WHERE { ?x gt:iso9 ?y }").graph
    assert described is not None
    assert len(described) == 0


@pytest.mark.usefixtures("only_oxigraph")
def test_what_the_engine_lacks_is_said_and_never_answered_slowly(dataset: rdflib.Dataset) -> None:
    with pytest.raises(UserError, match="DEBUG"):
        dataset.query("ASK {}", DEBUG=True)
    with pytest.raises(UserError, match="cannot be run"):
        dataset.query("SELECT * WHERE {")
    with pytest.raises(UserError, match="other servers"):
        dataset.query("SELECT * WHERE { SERVICE <http://example.org/> { ?s ?p ?o } }")
    with pytest.raises(UserError, match="nested"):
        dataset.query("SELECT * WHERE " + "{" * 3000 + "}" * 3000)


@pytest.mark.usefixtures("only_oxigraph")
def test_variables_that_a_query_selects_can_be_bound(dataset: rdflib.Dataset) -> None:
    asked = "SELECT ?x ?label WHERE { ?x rdfs:label ?label FILTER(lang(?label) = 'zh') }"
    rows = list(dataset.query(asked, initBindings={"x": GEO["state/PER"]}))
    assert rows == [(GEO["state/PER"], Literal("秘鲁", lang="zh"))]
    with pytest.raises(UserError, match="projection"):
        dataset.query("SELECT ?x WHERE { ?x gt:iso2 ?code }", initBindings={"code": Literal("PE")})


def test_the_dated_graph_is_asked_by_name_and_else_silent(dataset: rdflib.Dataset) -> None:
    direct = "SELECT * {} WHERE {{ ?s gt:memberOf ?o }}"
    assert len(list(dataset.query(direct.format("")))) == 0
    named = list(dataset.query(direct.format(f"FROM <{CURRENT}>")))
    assert len(named) == 1
    graph = dataset.graph(CURRENT)
    assert list(graph.query(direct.format(""))) == named
    assert len(graph) == len(list(dataset.query("SELECT * { GRAPH ?g { ?s ?p ?o } }")))
    assert {item.identifier for item in dataset.graphs()} >= {CURRENT}
    whole = len(list(dataset.query("SELECT * { ?s ?p ?o }")))
    assert len(dataset) == whole + len(graph)


def test_texts_are_the_literals_that_people_write(dataset: rdflib.Dataset) -> None:
    apec = GEO["body/APEC"]
    assert dataset.value(apec, GT.founded) == Literal("1989")
    assert list(dataset.subjects(GT.founded, Literal("1989"))) == [apec]
    (row,) = dataset.query("SELECT ?f { <https://w3id.org/geoties/body/APEC> gt:founded ?f }")
    assert row == (Literal("1989"),)
    peru = GEO["state/PER"]
    assert dataset.value(peru, GT.latitude) == Literal("-10.5", datatype=rdflib.XSD.decimal)


def test_it_is_read_only(dataset: rdflib.Dataset) -> None:
    before = len(dataset)
    triple = (GEO["state/PER"], GT.iso2, Literal("XX"))
    for change in (
        lambda: dataset.add(triple),
        lambda: dataset.remove(triple),
        lambda: dataset.addN([(*triple, dataset.default_graph)]),
        lambda: dataset.update("INSERT DATA { <x:a> <x:b> <x:c> }"),
        lambda: dataset.parse(data="<x:a> <x:b> <x:c> .", format="turtle"),
    ):
        with pytest.raises(UserError, match="read-only"):
            change()
    assert len(dataset) == before


def test_a_damaged_store_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="geoties build"):
        rdf_dataset(tmp_path / "nothing")
