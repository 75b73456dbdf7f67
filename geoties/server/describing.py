"""The service description, with the dataset in VoID and DCAT, as one small graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pyoxigraph as ox

from geoties.graph.model import BASE, ONTOLOGY, SCHEMA_VERSION
from geoties.graph.store import PREFIXES
from geoties.ontology.kinds import kinds
from geoties.server.jobs import TRIPLES

_NAMES = {
    **PREFIXES,
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "void": "http://rdfs.org/ns/void#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "formats": "http://www.w3.org/ns/formats/",
}
_FORMATS = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "N-Triples", "JSON-LD", "RDF_XML",
)  # fmt: skip
_TITLE = "geoties: a knowledge graph of the ties between states"
_ABOUT = (
    "Who is linked to whom, through what, since when, how strongly, and according to which "
    "source. Every tie names its source; what no source covers is unknown, not absent."
)
Term = ox.NamedNode | ox.BlankNode | ox.Literal


def description(manifest: Mapping[str, Any], here: str, media: str) -> bytes:
    """The description of the endpoint at `here` (`http://localhost:8000/`) in an RDF format.

    `manifest` is the build's. Raises `KeyError` for a media type that is not one of `TRIPLES`.
    """
    triples = sorted({*_service(here, manifest), *_dataset(here, manifest)}, key=str)
    data = ox.serialize(triples, format=TRIPLES[media], prefixes=_NAMES)
    return data or b""


def _iri(name: str) -> ox.NamedNode:
    prefix, _, local = name.partition(":")
    return ox.NamedNode(_NAMES[prefix] + local)


def _about(subject: Term, *pairs: tuple[str, Term | str]) -> Iterator[ox.Triple]:
    """Statements about one thing; names with a prefix are IRIs, other texts are texts."""
    assert not isinstance(subject, ox.Literal)
    for predicate, value in pairs:
        yield ox.Triple(subject, _iri(predicate), _iri(value) if isinstance(value, str) else value)


def _service(here: str, manifest: Mapping[str, Any]) -> Iterator[ox.Triple]:
    endpoint = ox.NamedNode(here + "sparql")
    default, named = ox.NamedNode(BASE + "graph/default"), _current(manifest)
    dataset = ox.NamedNode(BASE + "dataset")
    yield from _about(
        endpoint,
        ("rdf:type", "sd:Service"),
        ("sd:endpoint", endpoint),
        ("sd:supportedLanguage", "sd:SPARQL11Query"),
        ("sd:defaultDataset", dataset),
        *(("sd:resultFormat", f"formats:{name}") for name in _FORMATS),
    )
    yield from _about(
        dataset,
        ("rdf:type", "sd:Dataset"),
        ("sd:defaultGraph", default),
        ("sd:namedGraph", ox.NamedNode(BASE + "graph/current")),
    )
    yield from _about(default, ("rdf:type", "sd:Graph"))
    yield from _about(
        ox.NamedNode(BASE + "graph/current"), ("rdf:type", "sd:NamedGraph"), ("sd:name", named)
    )


def _current(manifest: Mapping[str, Any]) -> ox.NamedNode:
    """The graph of the direct statements that hold on the graph's date."""
    return ox.NamedNode(f"{BASE}graph/{manifest['graph_date']}")


def _dataset(here: str, manifest: Mapping[str, Any]) -> Iterator[ox.Triple]:
    dataset = ox.NamedNode(BASE + "dataset")
    day = ox.Literal(manifest["graph_date"], datatype=_iri("xsd:date"))
    yield from _about(
        dataset,
        ("rdf:type", "void:Dataset"),
        ("rdf:type", "dcat:Dataset"),
        ("dcterms:title", ox.Literal(_TITLE, language="en")),
        ("dcterms:description", ox.Literal(_ABOUT, language="en")),
        ("dcterms:issued", day),
        ("dcterms:date", day),
        ("dcterms:conformsTo", ox.NamedNode(f"{BASE}schema/{SCHEMA_VERSION}")),
        ("dcterms:identifier", ox.Literal(manifest["checksum"])),
        ("void:triples", ox.Literal(int(manifest["counts"]["triples"]))),
        ("void:entities", ox.Literal(int(manifest["counts"]["frames"]["entities"]))),
        ("void:uriSpace", ox.Literal(BASE)),
        ("void:vocabulary", ox.NamedNode(ONTOLOGY)),
        ("void:exampleResource", ox.NamedNode(BASE + "state/PER")),
        ("void:sparqlEndpoint", ox.NamedNode(here + "sparql")),
        ("foaf:homepage", ox.NamedNode(here)),
        ("dcat:landingPage", ox.NamedNode(here)),
    )
    yield from _distribution(here, dataset)
    yield from _partitions(dataset, manifest)
    for source in manifest["sources"]:
        yield from _source(dataset, source)


def _distribution(here: str, dataset: Term) -> Iterator[ox.Triple]:
    service, way = ox.NamedNode(here + "sparql"), ox.NamedNode(here + "sparql#distribution")
    yield from _about(dataset, ("dcat:distribution", way))
    yield from _about(
        way,
        ("rdf:type", "dcat:Distribution"),
        ("dcat:accessURL", service),
        ("dcat:accessService", service),
    )
    yield from _about(
        service,
        ("rdf:type", "dcat:DataService"),
        ("dcat:endpointURL", service),
        ("dcat:endpointDescription", ox.NamedNode(here + "openapi.json")),
        ("dcat:servesDataset", dataset),
    )


def _partitions(dataset: Term, manifest: Mapping[str, Any]) -> Iterator[ox.Triple]:
    """How many ties of each kind the store holds."""
    for name, count in sorted(manifest["counts"]["graph"].items()):
        part = ox.NamedNode(f"{BASE}dataset/{name}")
        yield from _about(dataset, ("void:classPartition", part))
        yield from _about(
            part,
            ("void:class", ox.NamedNode(ONTOLOGY + kinds()[name].class_name)),
            ("void:entities", ox.Literal(int(count))),
        )


def _source(dataset: Term, source: Mapping[str, Any]) -> Iterator[ox.Triple]:
    about = ox.NamedNode(f"{BASE}source/{source['id']}")
    yield from _about(dataset, ("dcterms:source", about))
    yield from _about(
        about,
        ("dcterms:title", ox.Literal(str(source["title"]))),
        ("dcterms:publisher", ox.Literal(str(source["publisher"]))),
        ("dcterms:license", ox.Literal(str(source["licence"]))),
        ("dcterms:bibliographicCitation", ox.Literal(str(source["citation"]))),
    )
