"""From an exported graph back to the rows of ties, written against the ontology and not the code.

The readers know nothing of how the exports write: they are what a user would do with a file.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import networkx as nx
import polars as pl
import pyoxigraph as ox

from geoties.graph.model import BASE, ONTOLOGY, SCHEMAS
from geoties.ontology.kinds import kinds, local_names, precisions, units

Row = dict[str, Any]
_COLUMNS = {
    "type": "kind", "from": "from", "to": "to", "via": "via", "role": "role", "topic": "topic",
    "start": "start", "startPrecision": "start_precision", "end": "end",
    "endPrecision": "end_precision", "observedTo": "observed_to", "year": "year",
    "value": "value", "unit": "unit", "references": "reference", "confidence": "confidence",
    "source": "source",
}  # fmt: skip
_DERIVED = ONTOLOGY + "DerivedTie"  # the second type of what was computed
_FORMATS = {".ttl": ox.RdfFormat.TURTLE, ".jsonld": ox.RdfFormat.JSON_LD}


def rows(ties: pl.DataFrame) -> list[Row]:
    """The rows of a frame of ties, by id."""
    return sorted(ties.select(list(SCHEMAS["ties"])).to_dicts(), key=lambda row: str(row["id"]))


def rows_in_rdf(path: Path) -> list[Row]:
    """The ties that a Turtle or JSON-LD file states, by id."""
    found: dict[str, Row] = {}
    for quad in ox.parse(path=str(path), format=_FORMATS[path.suffix]):
        assert isinstance(quad.subject, ox.NamedNode)
        if quad.subject.value.startswith(f"{BASE}tie/"):
            row = found.setdefault(quad.subject.value.removeprefix(BASE), {})
            if getattr(quad.object, "value", "") == _DERIVED:
                assert kinds()[quad.subject.value.removeprefix(BASE).split("/")[1]].derived
                continue
            column = _COLUMNS[_local(quad.predicate.value)]
            assert column not in row, "a tie says each thing once"
            row[column] = _cell(column, quad.object)
    return [_complete(key, row) for key, row in sorted(found.items())]


def rows_in_network(graph: nx.MultiDiGraph[str]) -> list[Row]:
    """The ties that the edges of a networkx graph state, by id."""
    found = []
    for start, end, key, attributes in graph.edges(keys=True, data=True):
        told = {name: attributes[name] for name in SCHEMAS["ties"] if name in attributes}
        found.append(_complete(key, {**told, "from": start, "to": end}))
    return sorted(found, key=lambda row: str(row["id"]))


def _complete(key: str, row: Mapping[str, Any]) -> Row:
    record = {"id": key, "record": unquote(key.rsplit("/", 1)[-1])}
    empty = {name: "" if kind == "str" else None for name, kind in SCHEMAS["ties"].items()}
    return {**empty, **record, **row}


def _cell(column: str, term: object) -> Any:
    assert isinstance(term, ox.NamedNode | ox.Literal)
    if column in ("year", "value"):
        return int(term.value) if column == "year" else float(term.value)
    names = _names().get(column)
    local = term.value.removeprefix(ONTOLOGY).removeprefix(BASE)
    if names:
        return names[local]
    return local if column in ("from", "to", "via", "source") else term.value


def _names() -> dict[str, dict[str, str]]:
    """For the columns that hold ids of terms: the id by the local name."""
    precision = {local: item for item, local in precisions().items()}
    return {
        "kind": {kind.class_name: kind.id for kind in kinds().values()},
        "role": {local: role for role, local in local_names("Role").items()},
        "unit": {unit.path: unit.id for unit in units().values()},
        "start_precision": precision,
        "end_precision": precision,
    }


def _local(iri: str) -> str:
    return iri.rsplit("#", 1)[-1].rsplit("/", 1)[-1]
