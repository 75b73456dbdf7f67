"""The SPARQL 1.1 Protocol as docs/serving.md promises it, on the small graph."""

from __future__ import annotations

import csv
import io
import json
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest
from server_client import JSON, ask, serving
from starlette.testclient import TestClient

PERU = "<https://w3id.org/geoties/state/PER>"
SELECT = f'SELECT ?name {{ {PERU} rdfs:label ?name FILTER(LANG(?name) = "es") }}'
CONSTRUCT = f"CONSTRUCT {{ {PERU} a ?class }} WHERE {{ {PERU} a ?class }}"
QUERY = "application/sparql-query"
FORM = "application/x-www-form-urlencoded"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


@pytest.fixture(scope="module")
def client(small_store: Path) -> Iterator[TestClient]:
    """The server over the small graph."""
    with serving(small_store) as found:
        yield found


def _post(client: TestClient, body: str | bytes, media: str, url: str = "/sparql") -> Any:
    return client.post(url, content=body, headers={"content-type": media, "accept": JSON})


def _names(response: Any) -> list[str]:
    return [row["name"]["value"] for row in response.json()["results"]["bindings"]]


def test_the_three_forms_of_a_query_give_the_same(client: TestClient) -> None:
    by_get = ask(client, SELECT)
    by_form = _post(client, urlencode({"query": SELECT}), FORM)
    by_text = _post(client, SELECT, QUERY)
    with_charset = _post(client, SELECT, f"{QUERY}; charset=UTF-8")
    for response in (by_get, by_form, by_text, with_charset):
        assert response.status_code == 200, response.text
        assert response.headers["content-type"].startswith(JSON)
        assert _names(response) == ["Perú"]


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        ("", JSON),
        ("*/*", JSON),
        ("application/json", JSON),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("text/csv", "text/csv"),
        ("text/tab-separated-values", "text/tab-separated-values"),
        ("text/csv;q=0.3, application/sparql-results+xml;q=0.9", "application/sparql-results+xml"),
        ("application/sparql-results+json;q=0, */*", "application/sparql-results+xml"),
        ("text/*", "text/csv"),
        (BROWSER, "application/sparql-results+xml"),
    ],
)
def test_solutions_come_in_the_format_that_is_wanted(
    client: TestClient, accept: str, media: str
) -> None:
    response = ask(client, SELECT, accept)
    assert response.status_code == 200
    assert response.headers["content-type"].split(";")[0] == media
    assert "accept" in response.headers["vary"].lower()
    assert "Perú" in response.text


def test_every_format_of_solutions_says_the_same(client: TestClient) -> None:
    found = ask(client, SELECT, "text/csv").text
    assert list(csv.DictReader(io.StringIO(found))) == [{"name": "Perú"}]
    assert ask(client, SELECT, "text/tab-separated-values").text == '?name\n"Perú"@es\n'
    root = ET.fromstring(ask(client, SELECT, "application/sparql-results+xml").text)
    assert [e.text for e in root.iter("{http://www.w3.org/2005/sparql-results#}literal")] == [
        "Perú"
    ]
    for accept in (JSON, "application/sparql-results+xml", "text/csv"):
        assert "true" in ask(client, "ASK {}", accept).text


@pytest.mark.parametrize(
    ("accept", "media", "form"),
    [
        ("", "text/turtle", ox.RdfFormat.TURTLE),
        ("application/n-triples", "application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/ld+json", "application/ld+json", ox.RdfFormat.JSON_LD),
        ("application/rdf+xml", "application/rdf+xml", ox.RdfFormat.RDF_XML),
        ("application/json", "application/ld+json", ox.RdfFormat.JSON_LD),
    ],
)
@pytest.mark.parametrize("query", [CONSTRUCT, f"DESCRIBE {PERU}"])
def test_triples_come_in_the_format_that_is_wanted(
    client: TestClient, query: str, accept: str, media: str, form: ox.RdfFormat
) -> None:
    response = ask(client, query, accept)
    assert response.headers["content-type"].split(";")[0] == media
    found = {str(quad.object) for quad in ox.parse(response.content, format=form)}
    assert "<https://w3id.org/geoties/ontology#State>" in found


@pytest.mark.parametrize(
    ("query", "accept"), [(SELECT, "text/turtle"), (CONSTRUCT, "text/csv"), ("ASK {}", "image/png")]
)
def test_what_cannot_be_had_is_not_acceptable(client: TestClient, query: str, accept: str) -> None:
    response = ask(client, query, accept)
    assert response.status_code == 406
    assert "Accept" in response.text


BAD = {
    "no query": ("GET", "/sparql?format=json", b"", "", 400),
    "an empty query": ("GET", "/sparql?query=", b"", "", 400),
    "two queries": ("GET", "/sparql?query=ASK%7B%7D&query=ASK%7B%7D", b"", "", 400),
    "two queries in a form": ("POST", "/sparql", b"query=ASK%7B%7D&query=ASK%7B%7D", FORM, 400),
    "a query in body and URL": (
        "POST", "/sparql?query=ASK%7B%7D", b"ASK {}", QUERY, 400,
    ),
    "syntax": ("GET", "/sparql?query=SELECT%20nothing", b"", "", 400),
    "a prefix without IRI": ("GET", "/sparql?query=ASK%7Bx%3Aa%20a%20a%3Ab%7D", b"", "", 400),
    "text that is not UTF-8": ("POST", "/sparql", b"ASK { ?s ?p '\xff' }", QUERY, 400),
    "a form that is not UTF-8": ("POST", "/sparql", b"query=%FF", FORM, 400),
    "another charset": (
        "POST", "/sparql", "ASK {}".encode("utf-16"), f"{QUERY}; charset=UTF-16", 415,
    ),
    "another media type": ("POST", "/sparql", b"ASK {}", "text/plain", 415),
    "no media type": ("POST", "/sparql", b"ASK {}", "", 415),
    "an update by form": ("POST", "/sparql", b"update=CLEAR%20ALL", FORM, 403),
    "an update by body": ("POST", "/sparql", b"CLEAR ALL", "application/sparql-update", 403),
    "an update by GET": ("GET", "/sparql?update=CLEAR%20ALL", b"", "", 403),
    "an update as a query": ("GET", "/sparql?query=CLEAR%20ALL", b"", "", 403),
    "another method": ("PUT", "/sparql", b"", "", 405),
    "deleting": ("DELETE", "/sparql", b"", "", 405),
    "a graph that there is not": (
        "GET", "/sparql?query=ASK%7B%7D&default-graph-uri=http%3A%2F%2Fx%2F", b"", "", 400,
    ),
    "a large body": ("POST", "/sparql", b"#" * 2**21, QUERY, 413),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_bad_requests_get_one_sentence(client: TestClient, name: str) -> None:
    method, url, body, media, status = BAD[name]
    headers = {"content-type": media} if media else {}
    response = client.request(method, url, content=body or None, headers=headers)
    assert response.status_code == status, response.text
    assert len(response.text.strip().splitlines()) == 1
    assert "Traceback" not in response.text
    if status == 405:
        assert {"GET", "POST"} <= set(response.headers["allow"].replace(" ", "").split(","))


def test_parameters_that_the_protocol_does_not_know_are_ignored(client: TestClient) -> None:
    given = {"query": SELECT, "format": "json", "output": "json", "timeout": "0"}
    assert _names(client.get("/sparql", params=given)) == ["Perú"]


def test_the_request_names_the_graphs(client: TestClient) -> None:
    (graph,) = ask(client, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }").json()["results"][
        "bindings"
    ]
    name = graph["g"]["value"]
    direct = f"ASK {{ {PERU} <https://w3id.org/geoties/ontology#memberOf> ?body }}"

    def answer(query: str, **graphs: str) -> bool:
        given = {"query": query} | {k.replace("_", "-"): v for k, v in graphs.items()}
        return bool(client.get("/sparql", params=given).json()["boolean"])

    assert not answer(direct)
    assert answer(direct, default_graph_uri=name)
    inside = direct.replace("ASK {", "ASK { GRAPH ?g {") + "}"
    assert answer(inside)
    assert answer(inside, named_graph_uri=name)
    assert not answer(inside, default_graph_uri=name), "the dataset has no named graph then"
    assert not answer(direct.replace("ASK", "ASK FROM <http://example.org/>"))
    assert answer(direct.replace("ASK", f"ASK FROM <{name}>"))
    body = client.post(
        "/sparql", params={"default-graph-uri": name}, content=direct,
        headers={"content-type": QUERY},
    )  # fmt: skip
    assert body.json()["boolean"] is True


def test_head_and_options(client: TestClient) -> None:
    head = client.head("/sparql", params={"query": SELECT})
    assert head.status_code == 200
    assert head.content == b""
    assert client.options("/sparql").status_code == 405


@pytest.mark.parametrize(
    "accept", ["", "text/turtle", "application/ld+json", "application/rdf+xml"]
)
def test_the_endpoint_describes_itself(client: TestClient, accept: str) -> None:
    response = client.get("/sparql", headers={"accept": accept})
    media = response.headers["content-type"].split(";")[0]
    assert media == (accept or "text/turtle")
    forms = {"text/turtle": ox.RdfFormat.TURTLE, "application/ld+json": ox.RdfFormat.JSON_LD}
    found = ox.Store()
    found.load(response.content, format=forms.get(media, ox.RdfFormat.RDF_XML))
    assert found.query(
        """
        PREFIX sd: <http://www.w3.org/ns/sparql-service-description#>
        PREFIX void: <http://rdfs.org/ns/void#> PREFIX dcat: <http://www.w3.org/ns/dcat#>
        ASK { ?service a sd:Service ; sd:endpoint <http://localhost/sparql> ;
                sd:supportedLanguage sd:SPARQL11Query ; sd:defaultDataset ?dataset .
              ?dataset a void:Dataset, dcat:Dataset ; void:triples ?triples ;
                void:sparqlEndpoint <http://localhost/sparql> ; void:classPartition ?part .
              ?part void:class ?class ; void:entities ?count . FILTER(?triples > 1000) }"""
    )


def test_a_browser_at_the_endpoint_gets_the_editor(client: TestClient) -> None:
    response = client.get("/sparql", headers={"accept": BROWSER}, follow_redirects=False)
    assert response.status_code == 303
    assert response.headers["location"] == "/yasgui"
    assert client.get("/sparql", headers={"accept": "image/png"}).status_code == 406
    assert client.get("/.well-known/void", headers={"accept": "text/turtle"}).status_code == 200


@pytest.mark.parametrize("path", ["/dataset", "/dataset/membership", "/graph/current"])
def test_what_the_description_names_leads_to_it(client: TestClient, path: str) -> None:
    turtle = client.get(path, headers={"accept": "text/turtle"})
    assert turtle.url.path == "/sparql"
    assert f"geo:{path[1:]}".replace("/", "\\/") in turtle.text
    assert client.get(path, headers={"accept": BROWSER}).url.path == "/"


@pytest.mark.parametrize("path", ["/sparql", "/api", "/api/queries", "/yasgui", "/openapi.json"])
def test_a_slash_too_many_does_no_harm(client: TestClient, path: str) -> None:
    led = client.get(f"{path}/?x=1", follow_redirects=False)
    assert (led.status_code, led.headers["location"]) == (307, f"{path}?x=1")
    assert _names(_post(client, SELECT, QUERY, "/sparql/")) == ["Perú"]


@pytest.mark.parametrize("path", ["/favicon.ico", "/nothing", "/\\example.org", "//example.org/"])
def test_nobody_is_led_to_an_address_that_there_is_not(client: TestClient, path: str) -> None:
    response = client.get(f"http://localhost{path}", follow_redirects=False)
    assert response.status_code == 404


def test_json_is_valid_for_hard_texts(client: TestClient) -> None:
    hard = 'SELECT ("},{\\"\\\\\\n\\u0000" AS ?x) { VALUES ?y { 1 2 3 } }'
    found = json.loads(ask(client, hard).text)
    assert len(found["results"]["bindings"]) == 3


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("SELECT (007 AS ?x) {}", "7"),
        ('SELECT ("1.50"^^xsd:decimal AS ?x) {}', "1.5"),
        ("SELECT (2/3 AS ?x) {}", "0.666666666666666666"),
        ('SELECT (REGEX("aa", "(a)\\\\1") AS ?x) {}', ""),
        ("SELECT (<<( <a:b> <a:b> <a:b> )>> AS ?x) {}", "a:b a:b a:b"),
        ("SELECT ?x { LATERAL { SELECT (1 AS ?x) {} } }", "1"),
    ],
)
def test_the_engine_deviates_as_the_documents_say(
    client: TestClient, query: str, found: str
) -> None:
    assert ask(client, query, "text/csv").text.splitlines()[1:] == [found]
    escaped = "SELECT (1 AS \\u003fx) {}"
    assert ask(client, escaped).status_code == 400
