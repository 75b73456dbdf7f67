"""A user's Turtle in the ontology of geoties: ties, observations, entities and coverage."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from urllib.parse import unquote

import pyoxigraph as ox

from geoties.graph.model import BASE, ONTOLOGY, UserError
from geoties.graph.store import PREFIXES
from geoties.loaders.user_tables_entities import BETWEEN
from geoties.loaders.user_tables_entities import columns as entity_columns
from geoties.loaders.user_tables_mapping import Layout
from geoties.loaders.user_tables_numbers import COLUMNS as OBSERVATION_COLUMNS
from geoties.loaders.user_tables_numbers import COVERAGE_COLUMNS
from geoties.loaders.user_tables_sheet import Rows, Sheet, shown
from geoties.loaders.user_tables_ties import COLUMNS as TIE_COLUMNS
from geoties.ontology.kinds import entity_classes, kinds, local_names, properties, units

_MOST_TRIPLES = 2_000_000
_TYPE = PREFIXES["rdf"] + "type"
_LABEL = PREFIXES["rdfs"] + "label"
_DCTERMS = PREFIXES["dcterms"]
Subject = dict[str, list[str]]
_TIES = {
    **{ONTOLOGY + name: name for name in ("from", "to", "via", "role", "topic", "start", "end")},
    **{ONTOLOGY + name: name for name in ("year", "value", "unit", "confidence")},
    ONTOLOGY + "startPrecision": "start_precision",
    ONTOLOGY + "endPrecision": "end_precision",
    ONTOLOGY + "observedTo": "observed_to",
    _DCTERMS + "references": "reference",
    _DCTERMS + "source": "source",
}
_OBSERVATIONS = {
    **{ONTOLOGY + name: name for name in ("indicator", "year", "value", "unit")},
    ONTOLOGY + "about": "entity",
    _DCTERMS + "source": "source",
}
_COVERAGE = {
    ONTOLOGY + "ofKind": "kind",
    ONTOLOGY + "coverageStatus": "status",
    ONTOLOGY + "fromScope": "from_scope",
    ONTOLOGY + "toScope": "to_scope",
    ONTOLOGY + "viaScope": "via_scope",
    ONTOLOGY + "topicScope": "topic_scope",
    ONTOLOGY + "fromYear": "from_year",
    ONTOLOGY + "toYear": "to_year",
    ONTOLOGY + "note": "note",
    _DCTERMS + "source": "source",
}


def read(path: Path, layout: Layout) -> list[Sheet]:
    """A table for each sort of fact; the number of a row is its subject's place, from 1.

    A subject that is none of them, or says what its sort does not, is rejected.
    """
    tables = {
        "ties": Rows(path.name, TIE_COLUMNS),
        "observations": Rows(path.name, OBSERVATION_COLUMNS),
        "entities": Rows(path.name, entity_columns()),
        "coverage": Rows(path.name, COVERAGE_COLUMNS),
    }
    for number, (name, said) in enumerate(_subjects(path).items(), start=1):
        _take(tables, number, name, said)
    return [sheet for rows in tables.values() if (sheet := rows.sheet()).read]


def _subjects(path: Path) -> dict[str, Subject]:
    """What is said of each subject, by predicate."""
    found: dict[str, Subject] = {}
    try:
        triples = ox.parse(path=str(path), format=ox.RdfFormat.TURTLE, base_iri=BASE)
        for count, triple in enumerate(triples):
            if count >= _MOST_TRIPLES:
                raise UserError(f"{path.name} has more than {_MOST_TRIPLES:,} statements.")
            predicate, value = _said(triple)
            said = found.setdefault(_text(triple.subject), {})
            said.setdefault(predicate, []).append(value)
    except (SyntaxError, ValueError) as problem:
        told = " ".join(str(problem).split())[:160]
        raise UserError(f"{path.name} is not Turtle: {told}.") from None
    if not found:
        raise UserError(f"{path.name} says nothing.")
    return found


def _text(term: object) -> str:
    """A subject as it is known in the tables; a nameless one as it is written."""
    return _local(term.value) if isinstance(term, ox.NamedNode) else str(term)


def _local(iri: str) -> str:
    """A term of the ontology by its id, an entity of ours by its path, anything else whole."""
    if iri.startswith(ONTOLOGY):
        local = iri.removeprefix(ONTOLOGY)
        return _ids().get(local, local)
    path = iri.removeprefix(BASE)
    return _units().get(path, path)


@lru_cache(maxsize=1)
def _ids() -> Mapping[str, str]:
    """The ids of the terms that stand in tables, by the end of their IRI."""
    sorts = ("Role", "Indicator", "Precision", "Status")
    named = {local: id for sort in sorts for id, local in local_names(sort).items()}
    classes = {item.class_name: item.kind for item in entity_classes().values()}
    return named | classes | {kind.class_name: kind.id for kind in kinds().values()}


@lru_cache(maxsize=1)
def _units() -> Mapping[str, str]:
    return {unit.path: unit.id for unit in units().values()}


def _said(triple: ox.Triple) -> tuple[str, str]:
    """The predicate, with the language of a label, and the value as text."""
    predicate, value = triple.predicate.value, triple.object
    if isinstance(value, ox.Literal):
        language = f"@{value.language}" if value.language else ""
        return predicate + language, value.value
    return predicate, _text(value)


def _take(tables: Mapping[str, Rows], number: int, name: str, said: Subject) -> None:
    """Put a subject into the table of its sort; reject it where a statement has no place there."""
    types = said.pop(_TYPE, [])
    sort = _sort(types[0]) if len(types) == 1 else ""
    rows = tables[sort or "ties"]
    if not sort:
        told = " ".join(types) or "no type"
        rows.reject(
            number, "a", shown(told), f"{shown(name)} needs one class of the ontology as its type"
        )
        return
    cells = {"kind": types[0]} if sort in ("ties", "entities") else {}
    cells |= {"record": _record(name)} if sort == "ties" else {}
    cells |= {"id": name} if sort == "entities" else {}
    for predicate, values in said.items():
        column = _column(sort, predicate)
        if not column or (len(values) > 1 and sort != "entities"):
            why = "it is said more than once" if column else f"nothing of {sort} is said so"
            rows.reject(number, shown(_local(predicate)), shown(" ".join(values)), why)
            return
        cells[column] = BETWEEN.join(values)
    rows.add(number, [cells.get(column, "") for column in rows.columns])


def _sort(type_: str) -> str:
    if type_ in kinds():
        return "ties"
    if type_ in entity_classes():
        return "entities"
    return {"Observation": "observations", "Coverage": "coverage"}.get(type_, "")


def _record(name: str) -> str:
    """What tells a tie from others: the end of its IRI, if it is one of ours."""
    if name.startswith("tie/") and name.count("/") == 3:
        return unquote(name.rsplit("/", 1)[1])
    return "" if name.startswith("_:") else name


def _column(sort: str, predicate: str) -> str:
    if sort != "entities":
        known = {"ties": _TIES, "observations": _OBSERVATIONS, "coverage": _COVERAGE}[sort]
        return known.get(predicate, "")
    iri, _, language = predicate.partition("@")
    if iri == _LABEL:
        column = "label" if language in ("", "en") else f"label-{language}"
        return column if column in entity_columns() else ""
    names = {"validFrom": "valid_from", "validTo": "valid_to"}
    local = iri.removeprefix(ONTOLOGY)
    return names.get(local) or (local if local in properties() else "")
