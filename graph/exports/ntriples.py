"""N-Triples and N-Quads, one statement per line, a subject's lines together."""

from __future__ import annotations

import polars as pl

from geoties.graph.exports.statements import Long, Wide


class Lines:
    """The style of N-Triples; with a graph's IRI, of N-Quads."""

    separator = ""

    def __init__(self, graph: str = "") -> None:
        self._end = f" <{graph}> .\n" if graph else " .\n"

    def heading(self, title: str) -> str:
        """Nothing: some readers of N-Triples take comments badly."""
        return ""

    def wide(self, part: Wide) -> pl.Series:
        """The lines of each subject."""
        lines = [
            pl.concat_str("subject", pl.lit(f" {predicate} "), str(place), pl.lit(self._end))
            for place, predicate in enumerate(part.predicates)
        ]
        return part.rows.select(pl.concat_str(lines, ignore_nulls=True)).to_series()

    def long(self, part: Long) -> pl.Series:
        """A line per statement."""
        line = pl.concat_str("subject", "predicate", "object", separator=" ")
        return part.rows.select(line + self._end).to_series()
