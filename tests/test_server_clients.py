"""Other people's clients: SPARQLWrapper, rdflib's SPARQLStore, curl."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from server_client import Server, served

PERU = "https://w3id.org/geoties/state/PER"
NAMES = f"SELECT ?name WHERE {{ <{PERU}> <http://www.w3.org/2000/01/rdf-schema#label> ?name }}"


@pytest.fixture(scope="module")
def endpoint(small_store: Path) -> Iterator[str]:
    """The address of an endpoint over the small graph."""
    with served(small_store) as server:
        yield _address(server)


def _address(server: Server) -> str:
    return f"http://127.0.0.1:{server.port}/sparql"


@pytest.mark.parametrize("form", ["json", "xml", "csv", "tsv"])
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("request_method", ["urlencoded", "postdirectly"])
def test_sparqlwrapper(endpoint: str, form: str, method: str, request_method: str) -> None:
    wrapper: Any = pytest.importorskip("SPARQLWrapper")
    if (method, request_method) == ("GET", "postdirectly"):
        pytest.skip("there is no such request")
    client = wrapper.SPARQLWrapper(endpoint)
    client.setQuery(NAMES)
    client.setReturnFormat(form)
    client.setMethod(method)
    client.setRequestMethod(request_method)
    found = client.query().convert()
    text = found.toxml() if form == "xml" else json.dumps(found, ensure_ascii=False) \
        if form == "json" else found.decode()  # fmt: skip
    assert "Perú" in text


def test_sparqlwrapper_takes_triples(endpoint: str) -> None:
    wrapper: Any = pytest.importorskip("SPARQLWrapper")
    client = wrapper.SPARQLWrapper(endpoint)
    client.setQuery(f"DESCRIBE <{PERU}>")
    for form in ("turtle", "n3", "xml", "json-ld"):
        client.setReturnFormat(form)
        found = client.query().convert()
        graph = found if isinstance(found, rdflib.Graph) else rdflib.Graph().parse(found)
        assert len(graph) > 10, form


@pytest.mark.parametrize("method", ["GET", "POST", "POST_FORM"])
def test_rdflib(endpoint: str, method: Any) -> None:
    graph = rdflib.Graph(SPARQLStore(endpoint, method=method))
    names = {str(row[0]) for row in graph.query(NAMES)}  # type: ignore[index]
    assert {"Peru", "Perú"} <= names
    assert graph.query(f"ASK {{ <{PERU}> ?p ?o }}").askAnswer
    assert len(list(graph.predicate_objects(rdflib.URIRef(PERU)))) > 10


def test_rdflib_reads_what_is_behind_an_iri(endpoint: str) -> None:
    address = endpoint.replace("/sparql", "/state/PER")
    assert len(rdflib.Graph().parse(address)) > 10
    assert len(rdflib.Graph().parse(endpoint.replace("/sparql", "/.well-known/void"))) > 50


@pytest.mark.skipif(not shutil.which("curl"), reason="there is no curl on this machine")
def test_curl_as_the_documents_show(endpoint: str) -> None:
    query = "query=SELECT ?s { ?s a gt:State } LIMIT 3"
    done = subprocess.run(["curl", "-sf", endpoint, "--data-urlencode", query], capture_output=True)
    assert len(json.loads(done.stdout)["results"]["bindings"]) == 3
    command = ["curl", "-sf", "-H", "Accept: text/turtle", endpoint.replace("sparql", "state/PER")]
    assert "Perú" in subprocess.run(command, capture_output=True, text=True).stdout
