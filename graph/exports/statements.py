"""The RDF statements of a cut as columns, and the loop that writes them in one style or another.

What a fact says is told once, in `graph.triples`, in the terms of N-Triples; a style only
spells these terms its own way. So all formats hold the same graph as the store, by construction.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Protocol

import polars as pl

from geoties.graph.triples import (
    Pair,
    coverage_pairs,
    current_triples,
    entity_triples,
    observation_pairs,
    tie_pairs,
    with_coverage_subject,
    with_observation_subject,
    with_subject,
)

if TYPE_CHECKING:
    from geoties.graph.exports.cut import Cut

CHUNK = 100_000


@dataclass(frozen=True)
class Wide:
    """Subjects with at most one value of each predicate: `subject`, and a column for each.

    The columns of values are called by their place in `predicates`: "0", "1", …
    """

    rows: pl.DataFrame
    predicates: Sequence[str]

    def statements(self) -> int:
        """How many statements these are."""
        nulls = sum(column.null_count() for column in self.rows)
        return self.rows.height * len(self.predicates) - nulls


@dataclass(frozen=True)
class Long:
    """One row per statement: subject, predicate, object; a subject's rows stand together."""

    rows: pl.DataFrame

    def statements(self) -> int:
        """How many statements these are."""
        return self.rows.height


class Style(Protocol):
    """How a format spells blocks of statements."""

    separator: str

    def heading(self, title: str) -> str:
        """What stands above a section, where the format has comments."""
        ...

    def wide(self, part: Wide) -> pl.Series:
        """One text per subject."""
        ...

    def long(self, part: Long) -> pl.Series:
        """One text per subject, or per statement."""
        ...


Part = tuple[str, Wide | Long]


def parts(cut: Cut) -> Iterator[Part]:
    """All that a cut says, in order: entities, ties by kind, numbers, coverage."""
    for chunk in cut.entities().iter_slices(CHUNK):
        yield "Entities", entity_statements(chunk)
    for kind in cut.tie_kinds():
        rows = with_subject(cut.ties(kind))
        yield from _wide(f"Ties: {kind}", rows, tie_pairs())
    rows = with_observation_subject(cut.observations())
    yield from _wide("Observations", rows, observation_pairs())
    rows = with_coverage_subject(cut.coverage())
    yield from _wide("Coverage", rows, coverage_pairs())


def with_current(cut: Cut) -> Iterator[Part]:
    """All that a cut says, and what holds on its day where that was asked for."""
    yield from parts(cut)
    if cut.selection.include_current:
        yield f"What holds on {cut.selection.day}", current_statements(cut)


def _wide(title: str, rows: pl.DataFrame, pairs: Iterable[Pair]) -> Iterator[Part]:
    predicates, values = zip(*pairs, strict=True)
    columns = [value.alias(str(place)) for place, value in enumerate(values)]
    for chunk in rows.iter_slices(CHUNK):
        yield title, _said(chunk.select("subject", *columns), predicates)


def _said(rows: pl.DataFrame, predicates: Sequence[str]) -> Wide:
    """The predicates that have a value at all: most kinds of tie use half of them."""
    kept = [i for i in range(len(predicates)) if rows[str(i)].null_count() < rows.height]
    columns = [pl.col(str(old)).alias(str(new)) for new, old in enumerate(kept)]
    return Wide(rows.select("subject", *columns), [predicates[place] for place in kept])


def entity_statements(entities: pl.DataFrame) -> Long:
    """What entities say; they are few enough for a plain loop."""
    triples = [triple for row in entities.iter_rows(named=True) for triple in entity_triples(row)]
    return _long(pl.DataFrame(triples, schema=["subject", "predicate", "object"], orient="row"))


def current_statements(cut: Cut) -> Long:
    """The direct statements that hold on the cut's day."""
    direct = [current_triples(cut.ties(kind), cut.selection.day) for kind in cut.tie_kinds()]
    nothing = pl.DataFrame(schema=dict.fromkeys(("subject", "predicate", "object"), pl.String))
    return _long(pl.concat([nothing, *direct]).unique().sort("subject", "predicate", "object"))


def graph_path(cut: Cut) -> str:
    """The named graph of those statements, by its path in the project's name space."""
    return f"graph/{cut.selection.day}"


def _long(rows: pl.DataFrame) -> Long:
    return Long(rows.cast(pl.String))


def left_out_of_default(cut: Cut) -> Iterator[str]:
    """What the cut leaves out, and the dated named graph where a format has none."""
    yield from cut.left_out()
    if not cut.selection.include_current:
        day = cut.selection.day
        yield f"the direct statements that hold on {day}: ask for them, or export .trig or .nq"


def write_parts(parts: Iterable[Part], style: Style, out: BinaryIO) -> int:
    """Write `parts` in a style; returns how many statements there are."""
    count, last, first = 0, "", True
    for title, part in parts:
        if not part.statements():
            continue
        text = part_text(part, style)
        head = style.heading(title) if title != last else ""
        out.write(f"{'' if first else style.separator}{head}{text}".encode())
        count, last, first = count + part.statements(), title, False
    return count


def part_text(part: Wide | Long, style: Style) -> str:
    """The text of one part in a style."""
    texts = style.wide(part) if isinstance(part, Wide) else style.long(part)
    return str(texts.str.join(style.separator).item() or "")
