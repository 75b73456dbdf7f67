"""Turtle, one block per subject, spelled from columns.

IRIs of the project are relative to `@base`, its terms have the prefix `gt:`, and numbers and
booleans are written plainly.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import polars as pl

from geoties.graph.exports.statements import Long, Wide
from geoties.graph.model import BASE, ONTOLOGY
from geoties.graph.store import PREFIXES

if TYPE_CHECKING:
    from geoties.graph.exports.cut import Cut

_XSD = PREFIXES["xsd"]
_TYPE = f"<{PREFIXES['rdf']}type>"
_USED = ("dcterms", "gt", "rdfs", "xsd")
# What stands on one line of a block.
_LINES = (
    ("from", "to", "via", "role", "topic", "about", "indicator", "ofKind", "coverageStatus"),
    ("start", "end", "observedTo", "startPrecision", "endPrecision", "fromYear", "toYear"),
    ("year", "value", "unit"),
    ("confidence", "references", "source", "note", "topicScope"),
    ("fromScope", "toScope", "viaScope"),
)
_LINE_OF = {name: line for line, names in enumerate(_LINES) for name in names}


def head(cut: Cut, left_out: Iterable[str]) -> str:
    """What the file is and leaves out, in comments, and its prefixes."""
    prefixes = "".join(f"@prefix {name}: <{PREFIXES[name]}> .\n" for name in _USED)
    comments = "".join(f"# {line}\n" for line in (*_about(cut), *_missing(left_out)))
    return f"{comments}@base <{BASE}> .\n{prefixes}"


def _about(cut: Cut) -> Iterator[str]:
    selection = cut.selection
    yield f"geoties, the graph of {selection.graph_date}, build {selection.checksum or 'unnamed'}."
    asked = (("focus", selection.focus), ("kinds", selection.kinds), ("on", (selection.on,)))
    yield from (f"Cut: {name} {', '.join(what)}." for name, what in asked if any(what))


def _missing(left_out: Iterable[str]) -> Iterator[str]:
    yield from (f"Left out: {what}." for what in left_out)


class Turtle:
    """The style of Turtle, and of a graph in TriG."""

    separator = ""

    def heading(self, title: str) -> str:
        """A comment above a section."""
        return f"\n# {title}\n\n"

    def wide(self, part: Wide) -> pl.Series:
        """A block per subject; its values in lines of ends, time, amount and source."""
        pieces = [
            pl.lit(f"{short_predicate(predicate)} ") + short(pl.col(str(place)))
            for place, predicate in enumerate(part.predicates)
        ]
        lines = [
            _after(
                pl.concat_str(pieces[first:last], separator=" ; ", ignore_nulls=True), " ;\n    "
            )
            for first, last in _lines(part.predicates)
        ]
        subject = short(pl.col("subject")) + " "
        block = pl.concat_str(subject, pieces[0], *lines, pl.lit(" .\n"), ignore_nulls=True)
        return part.rows.select(block).to_series()

    def long(self, part: Long) -> pl.Series:
        """A block per subject, a line per predicate."""
        names = part.rows["predicate"].unique().to_list()
        predicate = pl.col("predicate").replace_strict(
            names, [short_predicate(name) for name in names], return_dtype=pl.String
        )
        spelled = part.rows.select(
            predicate, subject=short(pl.col("subject")), object=short(pl.col("object"))
        )
        lines = spelled.group_by("subject", "predicate", maintain_order=True).agg(
            pl.col("object").str.join(", ")
        )
        line = pl.concat_str("predicate", pl.lit(" "), "object")
        blocks = lines.group_by("subject", maintain_order=True).agg(line.str.join(" ;\n    "))
        return blocks.select(pl.concat_str(pl.all(), separator=" ") + " .\n").to_series()


def _lines(predicates: Sequence[str]) -> Iterator[tuple[int, int]]:
    """From which predicate to before which a line goes; the type stands beside the subject."""
    names = [re.split(r"[#/]", predicate.rstrip(">"))[-1] for predicate in predicates]
    lines = [_LINE_OF.get(name, len(_LINES)) for name in names]
    breaks = [
        place for place in range(1, len(lines)) if place == 1 or lines[place] != lines[place - 1]
    ]
    return zip(breaks, [*breaks[1:], len(predicates)], strict=True)


def _after(text: pl.Expr, mark: str) -> pl.Expr:
    return pl.when(text != "").then(pl.lit(mark) + text)


def short_predicate(iri: str) -> str:
    """A predicate as Turtle writes it.

    >>> short_predicate("<https://w3id.org/geoties/ontology#from>")
    'gt:from'
    """
    if iri == _TYPE:
        return "a"
    for name in _USED:
        if iri.startswith(f"<{PREFIXES[name]}"):
            return f"{name}:{iri[len(PREFIXES[name]) + 1 : -1]}"
    return iri


def short(term: pl.Expr) -> pl.Expr:
    """A column of N-Triples terms as Turtle writes them.

    >>> terms = ['<https://w3id.org/geoties/state/PER>', f'"2023"^^<{_XSD}integer>', '"Perú"@es']
    >>> pl.DataFrame({"term": terms}).select(short(pl.col("term"))).to_series().to_list()
    ['<state/PER>', '2023', '"Perú"@es']
    """
    return (
        pl.when(term.str.starts_with("<"))
        .then(_short_iri(term))
        .when(term.str.ends_with(">"))
        .then(_short_literal(term))
        .otherwise(term)
    )


def _short_iri(iri: pl.Expr) -> pl.Expr:
    # A path with dot segments would not survive being resolved against the base.
    ours = iri.str.starts_with(f"<{BASE}") & ~iri.str.contains("/.", literal=True)
    return (
        pl.when(iri.str.starts_with(f"<{ONTOLOGY}"))
        .then(pl.concat_str(pl.lit("gt:"), iri.str.strip_prefix(f"<{ONTOLOGY}").str.head(-1)))
        .when(ours)
        .then(pl.concat_str(pl.lit("<"), iri.str.strip_prefix(f"<{BASE}")))
        .otherwise(iri)
    )


def _short_literal(literal: pl.Expr) -> pl.Expr:
    """Numbers and booleans bare, other types by prefix."""
    bare = literal.str.contains(f'^"[^"]+"\\^\\^<{_XSD}(integer|decimal|boolean)>$')
    typed = literal.str.replace(f'"\\^\\^<{_XSD}(\\w+)>$', '"^^xsd:${1}')
    return pl.when(bare).then(literal.str.extract('^"([^"]+)"')).otherwise(typed)
