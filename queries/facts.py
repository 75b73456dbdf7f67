"""Ties as the store holds them: found by their ends, read into plain values.

Light: nothing but pyoxigraph. Each end is found by a scan of its own, and the two scans are
joined by hashing; left to itself, the engine looks every tie of a large state up one by one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import unquote

import pyoxigraph as ox

from geoties.graph.model import BASE, ONTOLOGY, holds_on, short_id, show_date
from geoties.graph.store import PREFIXES, TripleStore, node, plain, run
from geoties.ontology.kinds import Kind, entity_classes, kinds, local_names, units

_LABEL = ox.NamedNode(PREFIXES["rdfs"] + "label")
_TYPE = PREFIXES["rdf"] + "type"

BETWEEN = """
SELECT ?tie ?year ?topic WHERE {
  { SELECT ?tie WHERE {
    { SELECT ?tie WHERE { ?tie gt:from x: } }
    { SELECT ?tie WHERE { ?tie gt:to y: } }
  } }
  OPTIONAL { ?tie gt:year ?year }
  OPTIONAL { ?tie gt:topic ?topic }
}"""
THROUGH = """
SELECT ?tie WHERE {
  { SELECT ?tie WHERE { { ?tie gt:from x: } UNION { ?tie gt:to x: } } }
  { SELECT ?tie WHERE { ?tie gt:via y: } }
}"""
HELD = """
SELECT ?tie ?to WHERE {
  { SELECT ?tie WHERE {
    { SELECT ?tie WHERE { ?tie gt:from x: } }
    { SELECT ?tie WHERE { ?tie a kind: } }
  } }
  ?tie gt:to ?to .
}"""
HELD_OF_THREE = """
SELECT ?tie ?to WHERE {
  { SELECT ?tie WHERE {
    { SELECT ?tie WHERE { ?tie gt:from x: } }
    { SELECT ?tie WHERE { { ?tie a one: } UNION { ?tie a two: } UNION { ?tie a three: } } }
  } }
  ?tie gt:to ?to .
}"""
LASTING = """
SELECT ?tie WHERE {
  { ?tie gt:from x: } UNION { ?tie gt:to x: } UNION { ?tie gt:via x: }
  FILTER NOT EXISTS { ?tie gt:year ?any }
}"""
LATEST_FROM = """
SELECT ?tie WHERE {
  { SELECT ?kind ?to (MAX(?known) AS ?year) WHERE {
      ?any gt:from x: ; gt:year ?known ; gt:to ?to ; a ?kind .
      FILTER(?known <= xsd:integer(STRAFTER(STR(until:), "value/")))
    } GROUP BY ?kind ?to }
  ?tie gt:from x: ; gt:to ?to ; gt:year ?year ; a ?kind .
}"""
LATEST_TO = """
SELECT ?tie WHERE {
  { SELECT ?kind ?from (MAX(?known) AS ?year) WHERE {
      ?any gt:to x: ; gt:year ?known ; gt:from ?from ; a ?kind .
      FILTER(?known <= xsd:integer(STRAFTER(STR(until:), "value/")))
    } GROUP BY ?kind ?from }
  ?tie gt:to x: ; gt:from ?from ; gt:year ?year ; a ?kind .
}"""
VIA = "SELECT ?tie WHERE { ?tie gt:via x: }"
TIES_TO = """
SELECT ?tie WHERE {
  { SELECT ?tie WHERE { ?tie gt:to x: } }
  { SELECT ?tie WHERE { ?tie a kind: } }
}"""
OF_KIND = "SELECT ?tie WHERE { ?tie a kind: }"


@dataclass(frozen=True, slots=True)
class Fact:
    """One tie of the store in plain values; ids are local paths, empty text means unknown."""

    id: str
    kind: Kind
    from_: str
    to: str
    source: str
    via: str = ""
    role: str = ""
    topic: str = ""
    start: str = ""
    start_precision: str = ""
    end: str = ""
    end_precision: str = ""
    observed_to: str = ""
    year: int | None = None
    value: float | int | None = None
    unit: str = ""
    reference: str = ""
    confidence: str = ""
    doubt: str = ""  # why it is unknown, whatever its dates say; no part of the stored tie
    not_before: str = ""  # without a start: the day on which its agreement was signed

    @property
    def record(self) -> str:
        """The row's key in its source."""
        return unquote(self.id.split("/", 3)[3])

    def standing(self, day: str) -> str:
        """Whether a state tie is in force on `day`: "in force", "no", or why it is unknown."""
        if day < self.not_before and not self.start:
            return "no"
        told = holds_on(
            day,
            self.start,
            self.start_precision,
            self.end,
            self.end_precision,
            self.observed_to,
        )
        return self.doubt if self.doubt and told == "in force" else told

    def shown_start(self) -> str:
        """The start, as precise as it is known."""
        return show_date(self.start, self.start_precision)

    def shown_end(self) -> str:
        """The end, as precise as it is known."""
        return show_date(self.end, self.end_precision)


def between(store: TripleStore, x: str, y: str, until: int | None = None) -> list[str]:
    """The ids of the ties from `x` to `y`, in that direction.

    With `until`, of the yearly ties of each kind, source and topic only those of the latest year
    up to then; those that run through a project are there in any case.
    """
    rows = list(_solutions(store, BETWEEN, x=x, y=y))
    if until is None:
        return sorted({_local(row["tie"]) for row in rows})
    newest: dict[_Series, int] = {}
    for row in rows:
        if (year := _year(row)) and year <= until:
            newest[_series(row)] = max(year, newest.get(_series(row), 0))
    wanted = [
        row for row in rows if _by_project(row) or _year(row) in (0, newest.get(_series(row)))
    ]
    return sorted({_local(row["tie"]) for row in wanted})


_Series = tuple[str, str]


def _year(row: Any) -> int:
    return int(row["year"].value) if row["year"] is not None else 0


def _series(row: Any) -> _Series:
    """What has a latest year of its own: kind, source and topic."""
    topic = row["topic"]
    return row["tie"].value.rsplit("/", 1)[0], topic.value if topic is not None else ""


def _by_project(row: Any) -> bool:
    return bool(kinds()[_local(row["tie"]).split("/", 2)[1]].via_kinds)


def through(store: TripleStore, x: str, y: str) -> list[str]:
    """The ids of the ties that have `x` at one end and run through `y`."""
    return _ids(store, THROUGH, x=x, y=y)


def lasting(store: TripleStore, x: str) -> list[str]:
    """The ids of the ties that touch `x` and are of no year: states and events."""
    return _ids(store, LASTING, x=x)


def of_kind(store: TripleStore, kind: Kind) -> list[str]:
    """The ids of all ties of one kind; for small kinds."""
    return _ids(store, OF_KIND, kind=kind)


def held(store: TripleStore, holder: str, kind: Kind) -> dict[str, list[str]]:
    """What a holder's ties of one kind run to, with the ids of those ties."""
    found: dict[str, list[str]] = {}
    if not any_of_class(store, kind.class_name):
        return found
    for tie, to in _solutions(store, HELD, x=holder, kind=kind):
        found.setdefault(_local(to), []).append(_local(tie))
    return found


def ties_to(store: TripleStore, x: str, kind: Kind) -> list[str]:
    """The ids of the ties of one kind that run to `x`."""
    return _ids(store, TIES_TO, x=x, kind=kind)


def held_together(
    store: TripleStore, holder: str, chosen: Sequence[Kind]
) -> dict[str, dict[str, list[str]]]:
    """As `held`, for several kinds at once: one scan of a large state's ties instead of many."""
    found: dict[str, dict[str, list[str]]] = {kind.id: {} for kind in chosen}
    there = [kind for kind in chosen if any_of_class(store, kind.class_name)]
    for place in range(0, len(there), 3):
        one, two, three = (*there[place : place + 3], *there[place : place + 1] * 2)[:3]
        rows = _solutions(store, HELD_OF_THREE, x=holder, one=one, two=two, three=three)
        for tie, to in {(_local(tie), _local(to)) for tie, to in rows}:
            found[tie.split("/", 2)[1]].setdefault(to, []).append(tie)
    return found


def latest(store: TripleStore, x: str, until: int) -> list[str]:
    """The ids of the yearly ties that touch `x`: of each kind and pair the last year with data."""
    found = set(_ids(store, VIA, x=x))
    for query in (LATEST_FROM, LATEST_TO):
        found |= set(_ids(store, query, x=x, until=f"value/{until}"))
    return sorted(found)


def _ids(store: TripleStore, query: str, **ends: str | Kind) -> list[str]:
    return sorted({_local(tie) for (tie,) in _solutions(store, query, **ends)})


def _solutions(store: TripleStore, query: str, **ends: str | Kind) -> Iterable[Any]:
    iris = {
        name: ONTOLOGY + end.class_name if isinstance(end, Kind) else BASE + end
        for name, end in ends.items()
    }
    return _run(store, query, iris)


def _run(store: TripleStore, query: str, iris: Mapping[str, str]) -> Iterator[Any]:
    answer = run(store, query, iris=iris)
    assert isinstance(answer, ox.QuerySolutions)
    yield from answer


def _local(term: ox.NamedNode) -> str:
    return term.value.removeprefix(BASE)


def read_facts(store: TripleStore, ids: Iterable[str]) -> list[Fact]:
    """The ties of these ids, in the order of the ids."""
    return [_fact(store, tie) for tie in ids]


_FIELDS = {
    "from": "from_",
    "startPrecision": "start_precision",
    "endPrecision": "end_precision",
    "observedTo": "observed_to",
    PREFIXES["dcterms"] + "source": "source",
    PREFIXES["dcterms"] + "references": "reference",
}


def _fact(store: TripleStore, tie: str) -> Fact:
    values: dict[str, Any] = {}
    for quad in store.quads_for_pattern(node(tie), None, None, None):
        name = quad.predicate.value.removeprefix(ONTOLOGY)
        values[_FIELDS.get(name, name)] = plain(quad.object)
    for name in (_TYPE, "measure", "measureVersion"):  # told by the kind, and by the record
        values.pop(name, None)
    words = _words()
    for name in ("role", "start_precision", "end_precision", "unit"):
        if name in values:
            values[name] = words[values[name]]
    kind = kinds()[tie.split("/", 2)[1]]
    if kind.temporality == "state" and "start" not in values:
        values["not_before"] = next(iter(values_of(store, values["to"], "signedOn")), "")
    return Fact(tie, kind, **values)


@lru_cache(maxsize=1)
def _words() -> Mapping[str, str]:
    """The words of the tables for the IRIs of roles, precisions and units."""
    named = {local: word for name in ("Role", "Precision") for word, local in _named(name)}
    return named | {unit.path: unit.id for unit in units().values()}


def _named(type_name: str) -> Iterable[tuple[str, str]]:
    return local_names(type_name).items()


def label(store: TripleStore, entity: str, language: str = "en") -> str:
    """What people call an entity, or its short id where the graph has no label."""
    texts = {}
    for quad in store.quads_for_pattern(node(entity), _LABEL, None, None):
        if isinstance(quad.object, ox.Literal):
            texts[quad.object.language] = quad.object.value
    return texts.get(language) or texts.get("en") or short_id(entity)


def values_of(store: TripleStore, entity: str, name: str) -> list[str]:
    """The values of a property of an entity, sorted: `values_of(store, id, "amends")`."""
    found = store.quads_for_pattern(node(entity), ox.NamedNode(ONTOLOGY + name), None, None)
    return sorted(str(plain(quad.object)) for quad in found)


def exists(store: TripleStore, entity: str) -> bool:
    """Whether the graph knows anything of an entity."""
    found = store.quads_for_pattern(node(entity), None, None, None)
    return next(iter(found), None) is not None


def any_of_class(store: TripleStore, class_name: str) -> bool:
    """Whether the graph has anything of a class of the ontology."""
    wanted = ox.NamedNode(ONTOLOGY + class_name)
    found = store.quads_for_pattern(None, ox.NamedNode(_TYPE), wanted, None)
    return next(iter(found), None) is not None


def kind_of_entity(store: TripleStore, entity: str) -> str:
    """The kind of an entity, as the tables name it; empty if the graph does not know it."""
    classes = {item.class_name: item.kind for item in entity_classes().values()}
    found = store.quads_for_pattern(node(entity), ox.NamedNode(_TYPE), None, None)
    return next((classes[str(plain(quad.object))] for quad in found), "")


def entities_of_class(store: TripleStore, class_name: str) -> list[str]:
    """The ids of the entities of a class of the ontology, sorted."""
    wanted = ox.NamedNode(ONTOLOGY + class_name)
    found = store.quads_for_pattern(None, ox.NamedNode(_TYPE), wanted, None)
    return sorted(str(plain(quad.subject)) for quad in found)
