"""The SHACL shapes of the ontology, held against a built graph by an engine of its own.

`graph.checks` has the same rules for whole tables and stops a build; here pyshacl reads them from
`shapes.ttl`. Every dated tie, every entity and all that the user brought is looked at; of flows
and votes some of each year and source, always the same ones.
"""

from __future__ import annotations

import io
from collections.abc import Container, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

import geoties.ontology
from geoties.graph.checks import ERROR, FINDINGS
from geoties.graph.frames import Frames
from geoties.graph.model import BASE, ONTOLOGY, Tables
from geoties.graph.snapshots import Snapshot
from geoties.graph.triples import (
    write_coverage,
    write_entities,
    write_observations,
    write_ties,
)
from geoties.ontology.kinds import kinds

if TYPE_CHECKING:
    import rdflib

_STRATA = ["year", "source"]
_PER_STRATUM = 25
_ONE_OBSERVATION_IN = 20
_SHACL = "http://www.w3.org/ns/shacl#"
_SUCH_AS = {"date": "1998-11-15", "integer": "1998", "decimal": "1.5"}

Triple = tuple[Any, Any, Any]
Row = tuple[str, str, str, str, str]


def shape_findings(snapshot: Snapshot) -> pl.DataFrame:
    """What breaks a shape: check, severity, table, id, detail, as the checks of tables tell it."""
    own = [f"source/{s['id']}" for s in snapshot.manifest["sources"] if s["embedded"] == "none"]
    return findings_of(sampled(Frames(snapshot.folder / "frames"), own))


def sampled(frames: Frames, whole: list[str]) -> Tables:
    """All ties with dates and of the sources in `whole`, samples of the rest, all entities."""
    parts = []
    for kind in frames.tie_kinds():
        ties, declared = frames.ties(kind), kinds()[kind]
        if declared.temporality == "yearly" or declared.stored == "frames":
            ties = _some(ties, whole)
        parts.append(ties)
    told = frames.observations().sort("entity", "indicator", "year", "source")
    mine = pl.col("source").is_in(whole)
    few = pl.concat([told.filter(~mine).gather_every(_ONE_OBSERVATION_IN), told.filter(mine)])
    return Tables(frames.entities(), pl.concat(parts), few, frames.coverage())


def _some(ties: pl.DataFrame, whole: list[str]) -> pl.DataFrame:
    mine = pl.col("source").is_in(whole)
    others = ties.filter(~mine).sort("id").group_by(_STRATA, maintain_order=True)
    return pl.concat([others.head(_PER_STRATUM).select(ties.columns), ties.filter(mine)])


def findings_of(tables: Tables) -> pl.DataFrame:
    """What breaks a shape in tables as the store would hold them."""
    import pyshacl
    import rdflib

    shapes = rdflib.Graph().parse(Path(geoties.ontology.__file__).parent / "shapes.ttl")
    data = as_rdf(tables)
    malformed = set(_malformed(data))
    for triple in malformed:  # pyshacl stops at a day that it cannot compare with another
        data.remove(triple)
    _, report, _ = pyshacl.validate(data, shacl_graph=shapes, inplace=True)
    assert isinstance(report, rdflib.Graph)
    told = {(focus, path) for focus, path, _ in malformed}
    rows = [*map(_not_a_value, malformed), *_rows(report, told)]
    return pl.DataFrame(sorted(rows), schema=FINDINGS, orient="row")


def _malformed(data: rdflib.Graph) -> Iterator[Triple]:
    """The literals that are no value of their type, such as the day 1998-02-30."""
    import rdflib

    for subject, predicate, value in data:
        if isinstance(value, rdflib.Literal) and value.ill_typed:
            yield subject, predicate, value


def _not_a_value(triple: Triple) -> Row:
    focus, path, value = triple
    name = str(value.datatype).rpartition("#")[2]
    detail = f"{_local(path)} is {value}; it is no {name}, such as {_SUCH_AS.get(name, 'one')}"
    return "breaks a shape", ERROR, _table(_local(focus)), _local(focus), detail


def as_rdf(tables: Tables) -> rdflib.Graph:
    """The tables as an rdflib Graph of what the store holds."""
    import rdflib

    out = io.BytesIO()
    write_entities(tables.entities, out)
    write_ties(tables.ties, out)
    write_observations(tables.observations, out)
    write_coverage(tables.coverage, out)
    return rdflib.Graph().parse(data=out.getvalue(), format="nt")


def _rows(report: rdflib.Graph, known: Container[tuple[Any, Any]]) -> Iterator[Row]:
    """What pyshacl found, but for what is told already, by node and property."""
    import rdflib

    sh = rdflib.Namespace(_SHACL)
    for result in report.subjects(rdflib.RDF.type, sh.ValidationResult):
        if (report.value(result, sh.focusNode), report.value(result, sh.resultPath)) in known:
            continue
        focus = _local(report.value(result, sh.focusNode))
        path = _local(report.value(result, sh.resultPath))
        value = _local(report.value(result, sh.value))
        told = str(report.value(result, sh.resultMessage) or "")
        detail = f"{path} is {value}; {told}" if value else f"{path}: {told}" if path else told
        yield "breaks a shape", ERROR, _table(focus), focus, detail


def _local(term: Any) -> str:
    text = "" if term is None else str(term)
    return text.removeprefix(ONTOLOGY).removeprefix(BASE)


def _table(focus: str) -> str:
    folder = focus.split("/", 1)[0]
    known = {"tie": "ties", "observation": "observations", "coverage": "coverage"}
    return known.get(folder, "entities")
