"""A graph that somebody's SPARQL store keeps: its date, its sources and its names, read there."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from geoties.graph.model import BASE, ONTOLOGY, SCHEMA_VERSION, UserError
from geoties.graph.names import Resolver, all_aliases, called_by_id, save_aliases
from geoties.graph.remote import RemoteStore
from geoties.graph.store import PREFIXES, TripleStore, plain, run
from geoties.ontology.kinds import entity_classes
from geoties.queries.answers import Graph
from geoties.queries.asking import Names, QuickNames

SOURCES = """
SELECT ?id ?name ?value WHERE {
  ?id a gt:Source .
  { ?id rdfs:label ?value BIND(rdfs:label AS ?name) }
  UNION { ?id gt:publisher ?value BIND(gt:publisher AS ?name) }
  UNION { ?id gt:licence ?value BIND(gt:licence AS ?name) }
  UNION { ?id gt:version ?value BIND(gt:version AS ?name) }
  UNION { ?id gt:retrieved ?value BIND(gt:retrieved AS ?name) }
  UNION { ?id gt:citation ?value BIND(gt:citation AS ?name) }
  UNION { ?id gt:url ?value BIND(gt:url AS ?name) }
} ORDER BY ?id ?name ?value"""
NAMED = """
SELECT ?id ?name ?value WHERE {
  ?id a class: .
  { BIND(rdf:type AS ?name) BIND("" AS ?value) }
  UNION { ?id rdfs:label ?value BIND(rdfs:label AS ?name) }
  UNION { ?id gt:officialName ?value BIND(gt:officialName AS ?name) }
  UNION { ?id gt:shortName ?value BIND(gt:shortName AS ?name) }
  UNION { ?id gt:otherName ?value BIND(gt:otherName AS ?name) }
} ORDER BY ?id ?name ?value"""
_TOLD = ("publisher", "licence", "version", "retrieved", "citation", "url")
_LABEL = PREFIXES["rdfs"] + "label"
_TYPE = PREFIXES["rdf"] + "type"
_SCHEMA = f"{BASE}schema/{SCHEMA_VERSION}"
_Row = dict[str, Any]


def graph_at(url: str) -> Graph:
    """The graph that `geoties push` wrote to the store at `url`, opened to be asked.

    Raises `UserError` where the store cannot be reached, or holds no finished graph.
    """
    store = RemoteStore(url)
    told = store.described
    if told.get("conformsTo") != _SCHEMA:
        raise UserError(f"{url} holds the graph of another version; run `geoties push` again.")
    manifest = {
        "checksum": told["identifier"],
        "graph_date": told["date"],
        "sources": list(_sources(store)),
        "endpoint": url,
    }
    return Graph(store, None, _names(store, url, told["identifier"]), manifest)


def _sources(store: TripleStore) -> Iterator[_Row]:
    """The sources as the manifest of a build describes them, by id."""
    found: dict[str, _Row] = {}
    for id_, name, value in _rows(store, SOURCES):
        about = found.setdefault(id_, dict.fromkeys(("id", "title", *_TOLD), ""))
        about["id"] = id_.removeprefix("source/")
        about["title" if name == _LABEL else name] = value.value
    yield from found.values()


def _rows(
    store: TripleStore, query: str, iris: Mapping[str, str] | None = None
) -> Iterator[tuple[str, str, ox.Literal]]:
    found = run(store, query, iris=iris)
    assert isinstance(found, ox.QuerySolutions)
    for id_, name, value in found:
        yield str(plain(id_)), name.value.removeprefix(ONTOLOGY), value


def _names(store: TripleStore, url: str, checksum: str) -> Names:
    """What the entities are called, kept in the user's cache for the next question."""
    import platformdirs

    key = hashlib.sha256(f"{url} {checksum}".encode()).hexdigest()[:32]
    path = Path(platformdirs.user_cache_dir("geoties", appauthor=False)) / f"names-{key}.csv"
    if not path.exists():
        aliases = all_aliases(_named(store))
        try:
            save_aliases(path, aliases)
        except OSError:
            return Resolver(aliases)
    return QuickNames(path)


def _named(store: TripleStore) -> list[_Row]:
    """Rows as the table of entities has them, as far as they say what an entity is called."""
    rows: dict[str, _Row] = {}
    for item in entity_classes().values():
        if called_by_id(item.kind):
            continue
        for id_, name, value in _rows(store, NAMED, {"class": ONTOLOGY + item.class_name}):
            row = rows.setdefault(id_, {"kind": item.kind, "labels": {}, "properties": {}})
            _take(row, name, value)
    return [
        {"id": id_, "kind": row["kind"]}
        | {name: json.dumps(row[name]) for name in ("labels", "properties")}
        for id_, row in sorted(rows.items())
    ]


def _take(row: _Row, name: str, value: ox.Literal) -> None:
    if name == _LABEL:
        row["labels"][value.language or "en"] = value.value
    elif name == "otherName":
        row["properties"].setdefault(name, []).append(value.value)
    elif name != _TYPE:
        row["properties"][name] = value.value
