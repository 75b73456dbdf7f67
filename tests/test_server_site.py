"""What stands at the addresses of the server: entities, questions, editor, explorer."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import schemathesis
from hostile import HOSTILE
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from server_client import serving
from starlette.testclient import TestClient

from geoties.graph.model import BASE
from geoties.knowledge import KnowledgeGraph
from geoties.queries.header import question_names, read_question
from geoties.queries.library import example_parameters
from geoties.server.application import Application
from geoties.server.pool import Limits

HTML = {"accept": "text/html"}
QUERY = {"content-type": "application/sparql-query", "accept": "application/sparql-results+json"}


@pytest.fixture(scope="module")
def client(default_store: Path) -> Iterator[TestClient]:
    """The server over the whole default graph."""
    with serving(default_store) as found:
        yield found


@pytest.mark.parametrize(
    ("path", "texts"),
    [
        ("/state/PER", ["<h1>Peru</h1>", 'href="/state/CHN"', "goods trade"]),
        ("/body/APEC", ["Asia-Pacific Economic Cooperation", 'href="/state/PER"', "1998"]),
        ("/agreement/CPTPP", ['href="/state/CHL"', 'rel="noopener']),
        ("/region/419", ["places in it", 'href="/state/PER"']),
        ("/source/curated-2026", ["curated"]),
        ("/state/PER?kind=goods-trade&page=2", ["Page 2 of", 'rel="prev"']),
        ("/state/PER?kind=membership", ['href="/body/APEC"']),
        ("/state/PER?on=1990-06-30", ["1990-06-30"]),
    ],
)
def test_an_entity_has_a_page_of_sourced_sentences(
    client: TestClient, path: str, texts: list[str]
) -> None:
    response = client.get(path, headers=HTML)
    assert response.status_code == 200, response.text
    for text in texts:
        assert text in response.text, text
    assert "accept" in response.headers["vary"].lower()


def test_each_sentence_names_its_source(client: TestClient) -> None:
    page = client.get("/state/PER", headers=HTML).text
    ties = re.findall(r"<li>(.*?)</li>", page, re.DOTALL)
    assert len(ties) > 30
    assert all('href="/source/' in tie for tie in ties)


def test_a_date_changes_what_is_told(client: TestClient) -> None:
    then = client.get("/state/PER?kind=membership&on=1990-06-30", headers=HTML).text
    assert 'href="/body/APEC"' not in then


def test_a_tie_has_a_page_and_an_address(client: TestClient) -> None:
    page = client.get("/state/PER?kind=membership", headers=HTML).text
    (path, *_) = re.findall(r'href="(/tie/membership/[^"]+)"', page)
    tie = client.get(path, headers=HTML)
    assert tie.status_code == 200
    assert 'href="/state/PER"' in tie.text
    turtle = client.get(path, headers={"accept": "text/turtle"})
    subjects = {q.subject.value for q in ox.parse(turtle.content, format=ox.RdfFormat.TURTLE)}
    assert subjects == {BASE + path[1:]}


@pytest.mark.parametrize(
    ("headers", "suffix", "media"),
    [
        ({"accept": "text/turtle"}, "", "text/turtle"),
        ({"accept": "text/html;q=0.2, application/ld+json"}, "", "application/ld+json"),
        (HTML, "?format=ttl", "text/turtle"),
        (HTML, "?format=nt", "application/n-triples"),
        ({}, "", "text/html"),
    ],
)
def test_an_iri_gives_what_the_client_accepts(
    client: TestClient, headers: dict[str, str], suffix: str, media: str
) -> None:
    response = client.get("/state/PER" + suffix, headers=headers)
    assert response.headers["content-type"].split(";")[0] == media
    assert "Peru" in response.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/state/XXX", 404),
        ("/state/", 404),
        ("/state/PER/x", 404),
        ("/nothing", 404),
        ("/state/P%00R", 404),
        ("/state/%2e%2e/%2e%2e/etc/passwd", 404),
        ("/static/%2e%2e/pool.py", 404),
        ("/static/../../pool.py", 404),
        ("/state/PER?on=yesterday", 400),
        ("/state/PER?kind=nothing", 400),
        ("/state/PER?page=0", 400),
        ("/state/PER?page=9999999999999999999999", 400),
        ("/state/PER?nothing=1", 400),
        ("/state/PER?format=exe", 400),
        ("/find?name=Atlantis", 400),
        ("/find", 400),
        ("/explore?layout=nothing", 400),
        ("/explore?year=x", 400),
        ("/explore?poles=CHN", 400),
        ("/explore?title=mine", 400),
        ("/api/queries/nothing", 404),
        ("/api/queries/members-of-body", 400),
        ("/api/queries/members-of-body?body=APEC&body=EU", 400),
        ("/api/queries/members-of-body?body=APEC&nothing=1", 400),
    ],
)
def test_what_there_is_not_is_told_in_one_sentence(
    client: TestClient, path: str, status: int
) -> None:
    response = client.get(path, headers=HTML)
    assert response.status_code == status, response.text
    if path.startswith("/api/"):
        assert list(response.json()) == ["error"]
    assert "Traceback" not in response.text
    plain = client.get(path)
    assert plain.status_code == status
    assert len(plain.text.strip().splitlines()) == 1
    if not path.startswith("/api/"):
        assert '<p class="lead">' in response.text, "people get a page"


@pytest.mark.parametrize("name", ["Peru", "Perú", "秘鲁", "PER", "APEC", "state/PER"])
def test_a_name_leads_to_its_page(client: TestClient, name: str) -> None:
    response = client.get("/find", params={"name": name}, follow_redirects=False)
    assert response.status_code == 303
    assert response.headers["location"] in ("/state/PER", "/body/APEC")


@pytest.mark.parametrize("path", ["/find?name=Peruu", "/state/Peru", "/state/P%C3%A9rou"])
def test_what_may_have_been_meant_is_led_to(client: TestClient, path: str) -> None:
    told = client.get(path, headers=HTML).text
    assert '<a href="/state/PER">Peru</a>' in told
    assert "/find?name=" in told or "did you mean" in told


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_stays_text(client: TestClient, text: str) -> None:
    for path, name in (("/find", "name"), ("/state/PER", "on"), ("/state/PER", "kind"),
                       ("/explore", "focus"), ("/api/queries/members-of-body", "body"),
                       ("/state/PER", text)):  # fmt: skip
        response = client.get(path, params={name: text}, headers=HTML)
        assert response.status_code in (200, 400), (path, response.text)
        if response.headers["content-type"].startswith("text/html"):
            for markup in ("<script>alert", "<img src=x", "</script><script>alert"):
                assert markup not in response.text
        assert response.headers["x-content-type-options"] == "nosniff"
    response = client.get("/sparql", params={"query": f"ASK {{ ?s ?p {text} }}"})
    assert response.status_code in (200, 400)


def test_labels_are_escaped() -> None:
    from geoties.server.pages import page

    bad = "<script>alert(1)</script>\"'>"
    row = {"sentence": [{"text": bad, "id": "x/" + bad}], "sources": [{"id": bad, "text": bad}],
           "references": ["https://x/" + bad], "ties": [bad]}  # fmt: skip
    told = {"id": "state/" + bad, "label": bad, "what": bad, "names": {bad: bad, "en": bad},
            "properties": [{"name": bad, "iri": bad,
                            "values": [{"text": bad, "id": "", "link": "https://x/" + bad}]}],
            "on": bad, "asked_on": bad, "kind": bad, "page": 1, "ties": 1,
            "groups": [
                {"kind": bad, "label": bad, "count": 400, "pages": 4, "rows": [row]}
            ]}  # fmt: skip
    text = bytes(page("entity.html.j2", title=bad, e=told).body).decode()
    assert "<script>alert" not in text
    assert "\"'>" not in text


@pytest.mark.parametrize("name", question_names())
def test_every_question_answers_as_in_python(
    client: TestClient, kg: KnowledgeGraph, name: str
) -> None:
    given = example_parameters(read_question(name))
    response = client.get(f"/api/queries/{name}", params=given)
    assert response.status_code == 200, response.text
    found = response.json()
    assert found["rows"] == json.loads(json.dumps(kg.query_answer(name, given).dicts()))
    assert [c["name"] for c in found["columns"]] == [c.name for c in read_question(name).columns]
    assert found["graph"] == kg.snapshot.checksum
    assert all(source["citation"] for source in found["sources"])


def test_saved_questions_run_as_they_are(client: TestClient) -> None:
    listed = client.get("/api/queries").json()["queries"]
    assert [told["name"] for told in listed] == list(question_names())
    saved = [told for told in listed if told["sparql"]]
    assert len(saved) > 15
    for told in saved:
        # as the editor sends them: the longest would be too long for an address
        direct = client.post("/sparql", content=told["sparql"], headers=QUERY)
        assert direct.status_code == 200, (told["name"], direct.text)
        asked = client.get(told["url"], params=example_parameters(read_question(told["name"])))
        assert len(direct.json()["results"]["bindings"]) == len(asked.json()["rows"])
    page = client.get("/yasgui").text
    assert all(f'value="{told["name"]}"' in page for told in saved)
    assert all(told["sparql"].startswith("PREFIX ") for told in saved), "elsewhere they run too"


def test_pages_ask_no_other_host(client: TestClient) -> None:
    for path in ("/", "/api", "/yasgui", "/state/PER"):
        response = client.get(path, headers=HTML)
        assert response.status_code == 200
        loaded = re.findall(
            r'<(?:script|link|img|iframe)[^>]+(?:src|href)="([^"]+)"', response.text
        )
        assert loaded
        for address in loaded:
            assert address.startswith("/"), address
            assert client.get(address).status_code == 200, address
        policy = response.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "connect-src 'self'" in policy
        assert "http" not in policy


def test_the_explorer_is_made_of_the_live_store(client: TestClient, kg: KnowledgeGraph) -> None:
    asked = "/explore?focus=PER,CHL&layout=lean&lang=es"
    response = client.get(asked)
    assert response.status_code == 200
    assert response.text == kg.view(focus="PER,CHL", layout="lean", lang="es", served=True).html
    assert "frame-ancestors 'self'" in response.headers["content-security-policy"]
    assert '<a href="/" data-say="home">' in response.text
    assert 'data-say="offline"' not in response.text
    again = client.get(asked, headers={"if-none-match": response.headers["etag"]})
    assert again.status_code == 304
    plain = client.get(asked, headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.text == response.text


def test_the_openapi_document_holds(default_store: Path) -> None:
    """Schemathesis asks what the document allows; the answers are as it says, never a fault."""
    app = Application(default_store, Limits(seconds=30), 1).asgi()
    with TestClient(app, base_url="http://localhost") as client:
        schema = schemathesis.openapi.from_dict(client.get("/openapi.json").json())
        checks = [
            not_a_server_error,
            status_code_conformance,
            content_type_conformance,
            response_schema_conformance,
        ]

        def hold(case: Any) -> None:
            response = client.request(case.method, case.formatted_path, params=case.query)
            found = schemathesis.Response.from_httpx(response, verify=False)
            case.validate_response(found, checks=checks)

        for operation in schema.get_all_operations():
            found: Any = operation
            _few(found.ok().as_strategy(), hold)


def _few(strategy: Any, hold: Any) -> None:
    from hypothesis import given

    settings(
        max_examples=6,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )(given(case=strategy)(lambda case: hold(case)))()
