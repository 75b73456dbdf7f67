"""The network of a date for the XML formats: typed attributes, and text that is always XML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import quoteattr

import polars as pl

from geoties.graph.network import network_tables, node_attributes
from geoties.ontology.kinds import kinds

if TYPE_CHECKING:
    from geoties.graph.exports.cut import Cut

# XML 1.0 has no way to write these, not even escaped.
_NOT_IN_XML = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x{FFFE}\x{FFFF}]"
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_ESCAPES = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    '"': "&quot;",
    "\t": "&#9;",
    "\n": "&#10;",
    "\r": "&#13;",
}
_STRUCTURE = ("id", "from", "to")


@dataclass(frozen=True)
class Attributes:
    """Nodes or edges: their columns with types string, long, double or boolean, as safe text.

    `rows` has an `id` (edges also `from` and `to`) and a text column per attribute, null where
    the attribute is unknown.
    """

    rows: pl.DataFrame
    types: Mapping[str, str]


def nodes_and_edges(cut: Cut) -> tuple[Attributes, Attributes]:
    """The cut's network on its day, as `graph.network.network` has it."""
    selection = cut.selection
    nodes, edges = network_tables(
        cut.frames, on=selection.day, kinds=selection.kinds, focus=selection.focus
    )
    return _as_text(_node_columns(nodes)), _as_text(edges)


def network_left_out(cut: Cut) -> Iterator[str]:
    """In words, what of the graph a network of one date does not hold."""
    day, named = cut.selection.day, cut.selection.kinds
    yield f"ties not in force on {day}, and years of yearly kinds but the latest up to it"
    unasked = [kinds()[kind] for kind in cut.frames.tie_kinds() if not named]
    silent = [k.id for k in unasked if k.temporality == "event" or k.stored != "graph"]
    if silent:
        yield f"kinds that come only when they are named: {', '.join(silent)}"
    yield "numbers about one entity, and what the sources cover"


def _node_columns(nodes: pl.DataFrame) -> pl.DataFrame:
    """A column per attribute; one whose values differ in type becomes text."""
    rows = [(row["id"], node_attributes(row)) for row in nodes.iter_rows(named=True)]
    names = sorted({name for _, found in rows for name in found})
    columns = [_column(name, [found.get(name) for _, found in rows]) for name in names]
    return pl.DataFrame([pl.Series("id", [key for key, _ in rows], pl.String), *columns])


def _column(name: str, values: list[Any]) -> pl.Series:
    met = {type(value) for value in values if value is not None}
    if met == {bool}:
        return pl.Series(name, values, pl.Boolean)
    if met == {int}:
        return pl.Series(name, values, pl.Int64)
    if met <= {int, float}:
        return pl.Series(name, values, pl.Float64)
    return pl.Series(name, [None if v is None else str(v) for v in values], pl.String)


def _as_text(rows: pl.DataFrame) -> Attributes:
    names = [n for n in rows.columns if n not in _STRUCTURE and _said(rows[n])]
    types = {name: _type(rows.schema[name]) for name in names}
    kept = [name for name in _STRUCTURE if name in rows.columns]
    texts = [safe(_written(name, rows.schema[name])).alias(name) for name in (*kept, *names)]
    return Attributes(rows.select(texts), types)


def _said(column: pl.Series) -> bool:
    return bool(column.is_not_null().any() and (column.cast(pl.String) != "").any())


def _type(dtype: pl.DataType) -> str:
    if dtype == pl.Boolean:
        return "boolean"
    return "long" if dtype.is_integer() else "double" if dtype.is_float() else "string"


def _written(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    return pl.when(column != "").then(column) if dtype == pl.String else column.cast(pl.String)


def safe(text: pl.Expr) -> pl.Expr:
    """Text as XML, in an attribute or an element; what XML cannot hold becomes U+FFFD.

    >>> pl.DataFrame({"t": ["a<b" + chr(0)]}).select(safe(pl.col("t"))).item()
    'a&lt;b\\ufffd'
    """
    clean = text.str.replace_all(_NOT_IN_XML, _REPLACEMENT)
    for raw, escaped in _ESCAPES.items():
        clean = clean.str.replace_all(raw, escaped, literal=True)
    return clean


def attribute(text: str) -> str:
    """One short text of ours as a quoted XML attribute."""
    return quoteattr(text)


def numbered(attributes: Attributes) -> Iterator[tuple[int, str, str]]:
    """The place, name and type of each attribute."""
    for place, (name, kind) in enumerate(attributes.types.items()):
        yield place, name, kind
