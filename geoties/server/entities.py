"""What a page about an entity says: its names, its properties, its ties as sourced sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import product
from typing import Any

import pyoxigraph as ox

from geoties.graph.model import BASE, ONTOLOGY, UserError, tie_id
from geoties.graph.store import PREFIXES, Answer, TripleStore, node, plain
from geoties.knowledge import KnowledgeGraph
from geoties.ontology.kinds import entity_classes, kinds
from geoties.queries.asking import kind_named
from geoties.queries.facts import exists, kind_of_entity, label, read_facts
from geoties.queries.sentences import sentence

SHORT, LONG = 12, 100  # rows of each kind on the first page, and on a page of one kind
_FIELDS = {PREFIXES["rdf"] + "type", PREFIXES["rdfs"] + "label"}
_HOLDERS = {"state", "territory", "historical-state", "bloc", "body", "initiative", "agreement",
            "project", "company", "aggregate"}  # fmt: skip
Told = dict[str, Any]


def told_of(graph: KnowledgeGraph, id: str, on: str = "", kind: str = "", page: str = "") -> Told:
    """All that the page about `id` says, in plain values.

    With `kind` the ties of that kind alone, a hundred a page; without, the first dozen of each.
    Raises `UserError` for a date, kind or page that makes no sense.
    """
    if id.startswith("tie/"):
        return _told_of_tie(graph, id)
    number = _page_number(page)
    chosen = kind_named(kind).id if kind else ""
    answer = _links(graph, id, on) if _holds_ties(graph, id) else Answer((), [])
    rows = answer.dicts()
    return {
        "id": id,
        "label": label(graph.store, id),
        "what": _what(graph.store, id),
        "names": _names(graph.store, id),
        "properties": list(_properties(graph.store, id)),
        "on": on or graph.date,
        "asked_on": on,
        "kind": chosen,
        "page": number,
        "groups": list(_groups(graph, id, rows, chosen, number)),
        "ties": len(rows),
    }


def _page_number(text: str) -> int:
    if not text:
        return 1
    if not (text.isascii() and text.isdigit()) or not 0 < int(text[:9]) < 10_000:
        raise UserError(f"{text!r} is not a page; they are numbered from 1.")
    return int(text)


def _holds_ties(graph: KnowledgeGraph, id: str) -> bool:
    return id.split("/")[0] in _HOLDERS


@lru_cache(maxsize=16)
def _links(graph: KnowledgeGraph, id: str, on: str) -> Answer:
    return graph.links_answer(id, on=on)


def _what(store: TripleStore, id: str) -> str:
    """What an entity is, in words; empty for what is no entity of a class of ours."""
    try:
        kind = kind_of_entity(store, id)
    except KeyError:
        return ""
    found = [item for item in entity_classes().values() if item.kind == kind]
    return found[0].labels.get("en", kind) if found else ""


def _names(store: TripleStore, id: str) -> Mapping[str, str]:
    found = store.quads_for_pattern(node(id), ox.NamedNode(PREFIXES["rdfs"] + "label"), None, None)
    texts = [quad.object for quad in found if isinstance(quad.object, ox.Literal)]
    return {text.language or "": text.value for text in sorted(texts, key=str)}


def _properties(store: TripleStore, id: str) -> Iterator[Told]:
    """The statements about an entity other than its names, by predicate."""
    found: dict[str, list[ox.Quad]] = {}
    for quad in store.quads_for_pattern(node(id), None, None):
        dated = isinstance(quad.graph_name, ox.NamedNode)  # what holds now: the ties say it better
        if quad.predicate.value not in _FIELDS and not dated:
            found.setdefault(quad.predicate.value, []).append(quad)
    if id.startswith("region/"):
        yield from _places_in(store, id)
    for predicate in sorted(found, key=_local_name):
        values = [_value(store, quad.object) for quad in found[predicate]]
        values.sort(key=lambda value: str(value["text"]))
        yield {"name": _words(_local_name(predicate)), "iri": predicate, "values": values}


def _places_in(store: TripleStore, region: str) -> Iterator[Told]:
    predicate = ox.NamedNode(ONTOLOGY + "inRegion")
    found = store.quads_for_pattern(None, predicate, node(region))
    values = [_value(store, quad.subject) for quad in found]
    if values:
        values.sort(key=lambda value: str(value["text"]))
        yield {"name": "places in it", "iri": "", "values": values}


def _local_name(iri: str) -> str:
    return iri.rstrip("/").replace("#", "/").rsplit("/", 1)[-1]


def _words(name: str) -> str:
    """A property's name as words.

    >>> _words("validFrom"), _words("dependencyOf"), _words("iso3")
    ('valid from', 'dependency of', 'iso3')
    """
    return "".join(f" {char.lower()}" if char.isupper() else char for char in name).strip()


def _value(store: TripleStore, term: Any) -> Told:
    if isinstance(term, ox.NamedNode):
        local = term.value.removeprefix(BASE)
        ours = local != term.value and not term.value.startswith(ONTOLOGY)
        if ours and exists(store, local):
            return {"text": label(store, local), "id": local, "link": ""}
        own = ours or term.value.startswith(ONTOLOGY)
        text = _local_name(term.value) if own else term.value
        return {"text": text, "id": "", "link": "" if own else _https(term.value)}
    text = _shown(plain(term))
    return {"text": text, "id": "", "link": _https(text)}


def _shown(value: object) -> str:
    """A plain value for people.

    >>> _shown(64197000), _shown(2017), _shown(False)
    ('64,197,000', '2017', 'no')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    large = isinstance(value, float) or (isinstance(value, int) and abs(value) >= 10_000)
    return f"{value:,}" if large else str(value)


def _https(text: str) -> str:
    """A web address that may be a link, or nothing."""
    fine = text.startswith("https://") and not any(char.isspace() for char in text)
    return text if fine else ""


def _groups(
    graph: KnowledgeGraph, id: str, rows: Sequence[Mapping[str, Any]], chosen: str, page: int
) -> Iterator[Told]:
    """The ties by kind, in the order of the ontology, each kind a page of its rows."""
    by_kind: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        by_kind.setdefault(row["kind"], []).append(row)
    for kind in kinds().values():
        found: Sequence[Sequence[Mapping[str, Any]]] = _told_once(by_kind.get(kind.id, []))
        if not found or (chosen and kind.id != chosen):
            continue
        size = LONG if chosen else SHORT
        shown = found[(page - 1) * size : page * size] if chosen else found[:size]
        yield {
            "kind": kind.id,
            "label": kind.labels["en"],
            "count": len(found),
            "pages": -(-len(found) // LONG),
            "rows": [_row(graph, id, same) for same in shown],
        }


def _told_once(rows: Iterable[Mapping[str, Any]]) -> list[list[Mapping[str, Any]]]:
    """Rows that say the same, with other sources, together; the weightiest first."""
    found: dict[str, list[Mapping[str, Any]]] = {}
    for row in sorted(rows, key=_weight):
        found.setdefault(row["sentence"], []).append(row)
    return list(found.values())


def _weight(row: Mapping[str, Any]) -> tuple[Any, ...]:
    """The largest first where there are amounts; else those in force, the newest first."""
    unsure = row["basis"] not in ("in force", "latest year with data", "event", "ended")
    newest = tuple(-ord(char) for char in row["start"] or "")
    return (-(row["value"] or 0), unsure, newest, row["sentence"])


def _row(graph: KnowledgeGraph, id: str, rows: Sequence[Mapping[str, Any]]) -> Told:
    facts = [fact for row in rows for fact in _facts(graph.store, row)]
    ends = {end for fact in facts for end in (fact.from_, fact.to, fact.via) if end}
    sources = dict.fromkeys(fact.source for fact in facts)
    references = dict.fromkeys(fact.reference for fact in facts if _https(fact.reference))
    return {
        "sentence": _linked(rows[0]["sentence"], _labels(graph.store, ends - {id})),
        "sources": [{"id": s, "text": label(graph.store, s)} for s in sources],
        "references": list(references),
        "ties": [fact.id for fact in facts],
    }


def _facts(store: TripleStore, row: Mapping[str, Any]) -> list[Any]:
    """The stored ties that a row of an answer rests on."""
    parts = (str(row[name] or "").split("; ") for name in ("source", "record"))
    ties = (tie_id(str(row["kind"]), *pair) for pair in product(*parts) if all(pair))
    return read_facts(store, [tie for tie in ties if exists(store, tie)])


def _labels(store: TripleStore, ids: Iterable[str]) -> dict[str, str]:
    return {label(store, id): id for id in sorted(ids)}


def _linked(text: str, names: Mapping[str, str]) -> list[Told]:
    """A sentence in pieces, those that name an entity with its id.

    >>> _linked("Peru is a member of APEC.", {"APEC": "body/APEC"})[1]
    {'text': 'APEC', 'id': 'body/APEC'}
    """
    pieces: list[Told] = [{"text": text, "id": ""}]
    for name in sorted(names, key=len, reverse=True):
        pieces = [part for piece in pieces for part in _split(piece, name, names[name])]
    return pieces


def _split(piece: Told, name: str, id: str) -> list[Told]:
    before, found, after = piece["text"].partition(name)
    if piece["id"] or not found:
        return [piece]
    parts = [{"text": before, "id": ""}, {"text": name, "id": id}, {"text": after, "id": ""}]
    return [part for part in parts if part["text"]]


def _told_of_tie(graph: KnowledgeGraph, id: str) -> Told:
    """A page about one tie: its sentence, and its statements."""
    store = graph.store
    (fact,) = read_facts(store, [id])
    ends = _labels(store, {end for end in (fact.from_, fact.to, fact.via) if end})
    text = sentence(fact, lambda entity: label(store, entity))
    row = {
        "sentence": _linked(text, ends),
        "sources": [{"id": fact.source, "text": label(store, fact.source)}],
        "references": [fact.reference] if _https(fact.reference) else [],
        "ties": [],
    }
    group = {"kind": "", "label": "", "count": 1, "pages": 1, "rows": [row]}
    return {
        "id": id,
        "label": text.removesuffix("."),
        "what": fact.kind.labels["en"],
        "names": {},
        "properties": list(_properties(store, id)),
        "on": "",
        "asked_on": "",
        "kind": "",
        "page": 1,
        "groups": [group],
        "ties": 1,
    }
