"""JSON-LD: one node per subject, with a context in the file that says what each key means.

Keys are the local names of the ontology; the context is made from what it declares. Nothing
remote is needed to read the file.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import polars as pl

from geoties.graph.exports.statements import Long, Wide
from geoties.graph.model import BASE, ONTOLOGY
from geoties.graph.store import PREFIXES
from geoties.ontology.terms import terms

_XSD = PREFIXES["xsd"]
_LITERAL = f'^"(.*)"\\^\\^<{_XSD}(\\w+)>$'
# Their values are terms of the ontology itself; all other objects are entities, units, pages.
_NAMED = ("Role", "Precision", "Indicator", "Status", "")
_OTHER_KEYS: Mapping[str, Any] = {
    "label": {"@id": "rdfs:label", "@container": "@language"},
    "source": {"@id": "dcterms:source", "@type": "@id"},
    "references": {"@id": "dcterms:references"},
}


@lru_cache(maxsize=1)
def context() -> Mapping[str, Any]:
    """The context: what the keys stand for and of which type their values are."""
    names = {name: PREFIXES[name] for name in ("dcterms", "gt", "rdfs", "xsd")}
    keys = dict(_OTHER_KEYS)
    for name in terms().typed("ObjectProperty"):
        named = terms().one(name, "range") in _NAMED
        keys[name] = {"@id": f"gt:{name}", "@type": "@vocab" if named else "@id"}
    for name in terms().typed("DatatypeProperty"):
        coerced = {"anyURI": "@id", "date": "xsd:date"}.get(terms().one(name, "range"))
        if coerced:
            keys[name] = {"@id": f"gt:{name}", "@type": coerced}
    return {"@base": BASE, "@vocab": ONTOLOGY} | names | dict(sorted(keys.items()))


def head() -> str:
    """How the document begins."""
    return f'{{"@context":{_json(context())},\n"@graph":[\n'


FOOT = "\n]}\n"


class JsonLd:
    """The style of JSON-LD: one line per node."""

    separator = ",\n"

    def heading(self, title: str) -> str:
        """JSON has no comments."""
        return ""

    def wide(self, part: Wide) -> pl.Series:
        """A node per subject."""
        values: dict[str, list[pl.Expr]] = {}
        for place, predicate in enumerate(part.predicates):
            key = _key(predicate)
            values.setdefault(key, []).append(as_json(pl.col(str(place)), _coercion(key)))
        pairs = [pl.lit(f",{_json(key)}:") + _one_or_list(found) for key, found in values.items()]
        node = pl.concat_str(_node_id(), *pairs, pl.lit("}"), ignore_nulls=True)
        return part.rows.select(node).to_series()

    def long(self, part: Long) -> pl.Series:
        """A node per subject; several values are a list, labels a map of languages."""
        groups = part.rows.partition_by("predicate", as_dict=True, maintain_order=True)
        order = part.rows["subject"].unique(maintain_order=True).to_frame()
        node = order.select("subject", node=_node_id())
        members = [
            _members(rows, _key(str(predicate[0]))).rename({"member": str(place)})
            for place, (predicate, rows) in enumerate(sorted(groups.items()))
        ]
        for found in members:
            node = node.join(found, on="subject", how="left", maintain_order="left")
        texts = pl.concat_str(pl.all().exclude("subject"), pl.lit("}"), ignore_nulls=True)
        return node.select(texts).to_series()


def _one_or_list(values: list[pl.Expr]) -> pl.Expr:
    """A derived tie has two types, and a key stands once in an object."""
    if len(values) == 1:
        return values[0]
    listed = pl.concat_str(*values, separator=",", ignore_nulls=True)
    return pl.concat_str(pl.lit("["), listed, pl.lit("]"))


def _members(rows: pl.DataFrame, key: str) -> pl.DataFrame:
    """For each subject one member of its JSON object: `,"key":value`."""
    value = as_json(pl.col("object"), _coercion(key))
    marks = "[]"
    if key == "label":
        tag = pl.col("object").str.extract('"@([A-Za-z0-9-]+)$')
        text = _escaped(pl.col("object").str.replace('"@[A-Za-z0-9-]+$', '"'))
        value, marks = pl.concat_str(pl.lit('"'), tag, pl.lit('":'), text), "{}"
    grouped = rows.group_by("subject", maintain_order=True).agg(value.alias("value"))
    several = (pl.col("value").list.len() > 1) | (key == "label")
    text = pl.col("value").list.join(",")
    wrapped = pl.concat_str(pl.lit(marks[0]), text, pl.lit(marks[1]))
    member = pl.lit(f",{_json(key)}:") + pl.when(several).then(wrapped).otherwise(text)
    return grouped.select("subject", member=member)


def _node_id() -> pl.Expr:
    return pl.lit('{"@id":') + _path(pl.col("subject"))


def _key(predicate: str) -> str:
    """The key of a predicate: its local name."""
    local = predicate.rstrip(">").rsplit("#", 1)[-1].rsplit("/", 1)[-1]
    return "@type" if local == "type" and _is_type(predicate) else local


def _is_type(predicate: str) -> bool:
    return predicate == f"<{PREFIXES['rdf']}type>"


def _coercion(key: str) -> str:
    return "@vocab" if key == "@type" else str(context().get(key, {}).get("@type", ""))


def as_json(term: pl.Expr, coercion: str = "") -> pl.Expr:
    """A column of N-Triples terms as JSON values of a key whose values the context types so.

    >>> terms = ['<https://w3id.org/geoties/state/PER>', f'"2023"^^<{_XSD}integer>', '"a\\\\nb"']
    >>> pl.DataFrame({"t": terms}).select(as_json(pl.col("t"), "@id")).to_series().to_list()
    ['"state/PER"', '2023', '{"@value":"a\\\\nb"}']
    """
    return (
        pl.when(term.str.starts_with("<"))
        .then(_iri(term, coercion))
        .when(term.str.ends_with(">"))
        .then(_typed(term, coercion))
        .otherwise(_plain(_escaped(term), coercion))
    )


def _iri(iri: pl.Expr, coercion: str) -> pl.Expr:
    if coercion == "@vocab":
        local = iri.str.strip_prefix(f"<{ONTOLOGY}").str.strip_chars("<>")
        return pl.concat_str(pl.lit('"'), local, pl.lit('"'))
    if coercion == "@id":
        return _path(iri)
    return pl.concat_str(pl.lit('{"@id":'), _path(iri), pl.lit("}"))


def _path(iri: pl.Expr) -> pl.Expr:
    """An IRI relative to the base; with a colon or dot segments it would be read as another."""
    path = iri.str.strip_prefix(f"<{BASE}").str.strip_suffix(">")
    plain = iri.str.starts_with(f"<{BASE}") & ~path.str.contains(r":|/\.|^ontology#")
    shown = pl.when(plain).then(path).otherwise(iri.str.head(-1).str.tail(-1))
    return pl.concat_str(pl.lit('"'), shown, pl.lit('"'))


def _typed(literal: pl.Expr, coercion: str) -> pl.Expr:
    """Whole numbers (that JSON readers hold exactly) and booleans bare, others with their type."""
    text, datatype = literal.str.extract(_LITERAL, 1), literal.str.extract(_LITERAL, 2)
    exact = (datatype == "integer") & (text.str.len_bytes() <= 15)
    same = pl.lit(coercion) == pl.concat_str(pl.lit("xsd:"), datatype)
    full = pl.concat_str(
        pl.lit('{"@value":"'), text, pl.lit('","@type":"xsd:'), datatype, pl.lit('"}')
    )
    return (
        pl.when(exact | (datatype == "boolean"))
        .then(text)
        .when(same)
        .then(pl.concat_str(pl.lit('"'), text, pl.lit('"')))
        .otherwise(full)
    )


def _plain(text: pl.Expr, coercion: str) -> pl.Expr:
    return pl.concat_str(pl.lit('{"@value":'), text, pl.lit("}")) if coercion else text


def _escaped(literal: pl.Expr) -> pl.Expr:
    """A quoted text of N-Triples as JSON, which wants every control character escaped."""
    rare = pl.when(literal.str.contains(r"[\x00-\x1f]")).then(literal)
    return pl.coalesce(rare.map_elements(_without_controls, return_dtype=pl.String), literal)


def _without_controls(text: str) -> str:
    return "".join(char if char >= " " else f"\\u{ord(char):04x}" for char in text)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
