"""From columns to N-Triples: one column of lines per predicate, without a loop over the rows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import polars as pl

from geoties.graph.model import BASE, ONTOLOGY, slug
from geoties.graph.parties import MEMBERSHIP, memberships
from geoties.graph.periods import IN_FORCE, status_on
from geoties.graph.store import PREFIXES
from geoties.ontology.kinds import (
    entity_classes,
    kinds,
    local_names,
    precisions,
    properties,
    statuses,
    units,
)

_XSD = PREFIXES["xsd"]
_TYPE = f"<{PREFIXES['rdf']}type>"
_LABEL = f"<{PREFIXES['rdfs']}label>"
_SOURCE = f"<{PREFIXES['dcterms']}source>"
_REFERENCES = f"<{PREFIXES['dcterms']}references>"
_UNSAFE_IN_IRI = r'[\x00-\x20<>"{}|\\^`]'
#: The record of a derived tie: measure, version and pair, as in "vote-agreement.1.CHL-USA-2019".
MEASURED = r"^([a-z0-9-]+)\.(\d+)\."
_CHUNK = 250_000
_EXACT_TO_SIX = 2**53 / 10**6
Pair = tuple[str, pl.Expr]


def term(local: str) -> str:
    """A term of the ontology, as N-Triples writes it.

    >>> term("from")
    '<https://w3id.org/geoties/ontology#from>'
    """
    return f"<{ONTOLOGY}{local}>"


def in_graph(ties: pl.DataFrame) -> pl.DataFrame:
    """The ties that the RDF store holds: of kinds stored there, flows above the kind's threshold.

    The threshold is the ontology's `gt:graphMinimum`, in the kind's unit.
    """
    stored = {kind.id: kind for kind in kinds().values() if kind.stored == "graph"}
    minimum = {kind.id: kind.graph_minimum for kind in stored.values() if kind.graph_minimum}
    if not minimum:
        return ties.filter(pl.col("kind").is_in(list(stored)))
    least = pl.col("kind").replace_strict(minimum, default=None, return_dtype=pl.Float64)
    kept = pl.col("kind").is_in(list(stored)) & (least.is_null() | (pl.col("value") >= least))
    return ties.filter(kept)


def write_ties(ties: pl.DataFrame, out: BinaryIO) -> int:
    """Write the ties' triples as N-Triples lines to `out`; returns how many there are."""
    count = 0
    for chunk in ties.iter_slices(_CHUNK):
        rows = with_subject(chunk)
        count += sum(_write_lines(rows, pair, out) for pair in tie_pairs())
    return count


def with_subject(rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` with the IRI of their `id` as `subject`, as N-Triples writes it."""
    return rows.select(_iri(pl.col("id")).alias("subject"), pl.all().exclude("id"))


def tie_pairs() -> Iterator[Pair]:
    """What a tie says in RDF: each predicate with its value, null where the tie has none."""
    classes = {kind.id: term(kind.class_name) for kind in kinds().values()}
    role_terms = {role: term(name) for role, name in local_names("Role").items()}
    yield _TYPE, pl.col("kind").replace_strict(classes, return_dtype=pl.String)
    yield _TYPE, pl.when(_derived()).then(pl.lit(term("DerivedTie")))
    for column in ("from", "to", "via"):
        yield term(column), _when_given(column, _iri(pl.col(column)))
    yield (
        term("role"),
        _when_given(
            "role", pl.col("role").replace_strict(role_terms, default=None, return_dtype=pl.String)
        ),
    )
    yield term("topic"), _when_given("topic", _text(pl.col("topic")))
    for name, local in (("start", "start"), ("end", "end"), ("observed_to", "observedTo")):
        yield term(local), _when_given(name, _typed(pl.col(name), "date"))
    for name, local in (("start", "startPrecision"), ("end", "endPrecision")):
        column = f"{name}_precision"
        yield term(local), _when_given(column, _named(column, precisions()))
    yield from _amounts()
    yield term("confidence"), _when_given("confidence", _text(pl.col("confidence")))
    yield _REFERENCES, _when_given("reference", _safe_iri(pl.col("reference")))
    yield _SOURCE, _iri(pl.col("source"))
    yield from _computed()


def _computed() -> Iterator[Pair]:
    """By which measure, and which version of it, a derived tie was computed: as its record says."""
    for part, name in enumerate(("measure", "measureVersion"), 1):
        told = pl.col("record").str.extract(MEASURED, part)
        yield term(name), pl.when(_derived()).then(_text(told))


def _derived() -> pl.Expr:
    return pl.col("kind").is_in([kind.id for kind in kinds().values() if kind.derived])


def _amounts() -> Iterator[tuple[str, pl.Expr]]:
    yield term("year"), _typed(pl.col("year").cast(pl.String), "integer")
    yield term("value"), number("value")
    yield term("unit"), _when_given("unit", unit())


def unit() -> pl.Expr:
    """The unit's IRI."""
    paths = {item.id: f"<{BASE}{item.path}>" for item in units().values()}
    return pl.col("unit").replace_strict(paths, default=None, return_dtype=pl.String)


def number(column: str) -> pl.Expr:
    """A canonical literal: an integer where it is whole, else a decimal of at most six places.

    >>> values = pl.DataFrame({"value": [28.0000000001, -0.25, 576460752305.0, 12345678901.5]})
    >>> values.select(number("value").str.extract('"(.*)"')).to_series().to_list()
    ['28', '-0.25', '576460752305', '12345678901.5']
    """
    value = six_places(pl.col(column))
    whole = value.round(0) == value
    integer = _typed(value.cast(pl.Int64, strict=False).cast(pl.String), "integer")
    places = value.cast(pl.Decimal(38, 6), strict=False).cast(pl.String).str.strip_chars_end("0")
    decimal = pl.when(value.abs() < _EXACT_TO_SIX).then(places).otherwise(value.cast(pl.String))
    return pl.when(whole).then(integer).otherwise(_typed(decimal, "decimal"))


def six_places(value: pl.Expr) -> pl.Expr:
    """Values rounded to six places; large ones, which have no six places, as they are.

    Rounding these would do harm: polars multiplies first, and 576460752305 becomes a fraction.
    """
    return pl.when(value.abs() < _EXACT_TO_SIX).then(value.round(6)).otherwise(value)


def _write_lines(rows: pl.DataFrame, pair: Pair, out: BinaryIO) -> int:
    predicate, value = pair
    column = f" {predicate} "
    lines = rows.select(
        pl.concat_str("subject", pl.lit(column), value, pl.lit(" .")).alias("line")
    ).drop_nulls()
    lines.write_csv(out, include_header=False, quote_style="never")
    return lines.height


def _when_given(column: str, value: pl.Expr) -> pl.Expr:
    return pl.when(pl.col(column) != "").then(value)


def _iri(local: pl.Expr) -> pl.Expr:
    return pl.concat_str(pl.lit(f"<{BASE}"), local, pl.lit(">"))


def _safe_iri(url: pl.Expr) -> pl.Expr:
    """A reference as an IRI where it is one; a citation in words stays a literal."""
    usable = url.str.contains(r"^https?://") & ~url.str.contains(_UNSAFE_IN_IRI)
    return pl.when(usable).then(pl.concat_str(pl.lit("<"), url, pl.lit(">"))).otherwise(_text(url))


def _named(column: str, names: Mapping[str, str]) -> pl.Expr:
    terms = {item: term(name) for item, name in names.items()}
    return pl.col(column).replace_strict(terms, default=None, return_dtype=pl.String)


def _typed(text: pl.Expr, datatype: str) -> pl.Expr:
    return pl.concat_str(pl.lit('"'), text, pl.lit(f'"^^<{_XSD}{datatype}>'))


def _text(value: pl.Expr) -> pl.Expr:
    escaped = value
    for raw, safe in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r")):
        escaped = escaped.str.replace_all(raw, safe, literal=True)
    return pl.concat_str(pl.lit('"'), escaped, pl.lit('"'))


def write_observations(observations: pl.DataFrame, out: BinaryIO) -> int:
    """Write the numbers about one entity as N-Triples lines."""
    rows = with_observation_subject(observations)
    return sum(_write_lines(rows, pair, out) for pair in observation_pairs())


def with_observation_subject(observations: pl.DataFrame) -> pl.DataFrame:
    """`observations` with the IRI of each as `subject`."""
    key = pl.concat_str(
        pl.lit(f"<{BASE}observation/"),
        pl.col("indicator"),
        pl.lit("/"),
        pl.col("source").str.strip_prefix("source/"),
        pl.lit("/"),
        pl.col("entity").str.replace("/", "-"),
        pl.lit("-"),
        pl.col("year"),
        pl.lit(">"),
    )
    return observations.with_columns(subject=key)


def observation_pairs() -> Iterator[Pair]:
    """What an observation says in RDF."""
    yield _TYPE, pl.lit(term("Observation"))
    yield term("about"), _iri(pl.col("entity"))
    yield term("indicator"), _named("indicator", local_names("Indicator"))
    yield from _amounts()
    yield _SOURCE, _iri(pl.col("source"))


def write_coverage(coverage: pl.DataFrame, out: BinaryIO) -> int:
    """Write what is known at all as N-Triples lines."""
    rows = with_coverage_subject(coverage)
    return sum(_write_lines(rows, pair, out) for pair in coverage_pairs())


def with_coverage_subject(coverage: pl.DataFrame) -> pl.DataFrame:
    """`coverage` with the IRI of each row as `subject`."""
    return coverage.with_columns(subject=pl.Series(list(_coverage_ids(coverage)), dtype=pl.String))


def coverage_pairs() -> Iterator[Pair]:
    """What a row of coverage says in RDF."""
    kind_terms = {kind.id: term(kind.class_name) for kind in kinds().values()}
    kind_terms |= {item: term(name) for item, name in local_names("Indicator").items()}
    yield _TYPE, pl.lit(term("Coverage"))
    yield (
        term("ofKind"),
        pl.col("kind").replace_strict(kind_terms, default=None, return_dtype=pl.String),
    )
    yield term("coverageStatus"), _named("status", statuses())
    yield term("fromYear"), _typed(pl.col("from_year").cast(pl.String), "integer")
    yield term("toYear"), _typed(pl.col("to_year").cast(pl.String), "integer")
    yield term("note"), _when_given("note", _text(pl.col("note")))
    yield term("topicScope"), _when_given("topic_scope", _text(pl.col("topic_scope")))
    yield _SOURCE, _iri(pl.col("source"))
    for column, local in (("from", "fromScope"), ("to", "toScope"), ("via", "viaScope")):
        scope = f"{column}_scope"
        yield term(local), _when_given(scope, _iri(pl.col(scope)))


def _coverage_ids(coverage: pl.DataFrame) -> Iterator[str]:
    for row in coverage.iter_rows():
        digest = hashlib.sha256(json.dumps(row, default=str).encode()).hexdigest()[:16]
        yield f"<{BASE}coverage/{digest}>"


def write_entities(entities: pl.DataFrame, out: BinaryIO) -> int:
    """Write entities with labels and properties; they are few enough for a plain loop."""
    count = 0
    for row in entities.iter_rows(named=True):
        lines = [f"{' '.join(triple)} .\n" for triple in entity_triples(row)]
        out.write("".join(lines).encode())
        count += len(lines)
    return count


def entity_triples(row: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """What an entity says in RDF: subject, predicate and object as N-Triples writes them."""
    subject = f"<{BASE}{row['id']}>"
    yield subject, _TYPE, term(entity_classes()[row["kind"]].class_name)
    for language, label in json.loads(row["labels"] or "{}").items():
        yield subject, _LABEL, f"{quoted(label)}@{language}"
    for name, value in json.loads(row["properties"] or "{}").items():
        for item in value if isinstance(value, list) else [value]:
            yield subject, term(name), _property_value(name, item)
    for column, name in (("valid_from", "validFrom"), ("valid_to", "validTo")):
        if row[column]:
            yield subject, term(name), _property_value(name, row[column])


def _property_value(name: str, value: Any) -> str:
    kind = properties()[name].datatype
    if kind == "object":
        return f"<{BASE}{value}>"
    if kind == "anyURI":
        return f"<{value}>"
    if isinstance(value, bool):
        return f'"{str(value).lower()}"^^<{_XSD}boolean>'
    if kind in ("integer", "decimal"):
        return decimal_literal(float(value))
    return quoted(str(value)) if kind == "string" else f"{quoted(str(value))}^^<{_XSD}{kind}>"


def decimal_literal(value: float) -> str:
    """A canonical number, as `number` writes it for columns.

    >>> decimal_literal(12.5), decimal_literal(3.0)
    ('"12.5"^^<http://www.w3.org/2001/XMLSchema#decimal>', '"3"^^<http://www.w3.org/2001/XMLSchema#integer>')
    """
    if abs(value) < _EXACT_TO_SIX:
        value = round(value, 6)
    if value == int(value):
        return f'"{int(value)}"^^<{_XSD}integer>'
    text = f"{value:.6f}".rstrip("0") if abs(value) < _EXACT_TO_SIX else repr(value)
    return f'"{text}"^^<{_XSD}decimal>'


def quoted(text: str) -> str:
    r"""A string literal, escaped.

    >>> print(quoted('say "no"'))
    "say \"no\""
    """
    for raw, safe in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r")):
        text = text.replace(raw, safe)
    return f'"{text}"'


def write_current(ties: pl.DataFrame, day: str, out: BinaryIO) -> int:
    """Write the state ties in force on the graph's date as direct triples in that date's graph.

    Only ties that speak for membership as such: a role that does not count is left out.
    """
    graph = pl.lit(f"<{BASE}graph/{slug(day)}> .")
    lines = current_triples(ties, day).select(
        pl.concat_str("subject", "predicate", "object", graph, separator=" ")
    )
    lines.write_csv(out, include_header=False, quote_style="never")
    return lines.height


def current_triples(ties: pl.DataFrame, day: str) -> pl.DataFrame:
    """The direct triples that hold on `day`: subject, predicate, object, in their order.

    A role that does not count as a member is left out, and so is a suspended member.
    """
    direct = {k.id: term(k.direct_property) for k in kinds().values() if k.direct_property}
    wanted = ties.filter(pl.col("kind").is_in(list(direct)))
    members = memberships(wanted.filter(kind=MEMBERSHIP), day).filter("counts")
    others = wanted.filter(pl.col("kind") != MEMBERSHIP).with_columns(status_on(day))
    columns = ("from", "kind", "to", "status")
    now = pl.concat([members.select(columns), others.select(columns)])
    triples = now.filter(status=IN_FORCE).select(
        subject=_iri(pl.col("from")),
        predicate=pl.col("kind").replace_strict(direct, default=None, return_dtype=pl.String),
        object=_iri(pl.col("to")),
    )
    return triples.unique().sort("subject", "predicate", "object")


def write_graph(
    entities: pl.DataFrame,
    ties: pl.DataFrame,
    observations: pl.DataFrame,
    coverage: pl.DataFrame,
    folder: Path,
    day: str,
) -> tuple[list[Path], int]:
    """Write all that the store holds as two files to bulk-load; returns them and the count."""
    held = in_graph(ties)
    triples, quads = folder / "graph.nt", folder / "current.nq"
    with triples.open("wb") as out:
        count = write_entities(entities, out) + write_ties(held, out)
        count += write_observations(observations, out) + write_coverage(coverage, out)
    with quads.open("wb") as out:
        count += write_current(held, day, out)
    return [triples, quads], count
