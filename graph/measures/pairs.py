"""What answers about pairs have in common: the asked ones without a score, and their reasons."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import polars as pl

from geoties.graph.measures.inputs import Cut

KEY = ("of", "with", "year")
Reason = Callable[[str, str, int], str]


def completed(
    scores: pl.DataFrame, cut: Cut, years: Sequence[int], reason: Reason, *, partners: bool = True
) -> pl.DataFrame:
    """The scores, and a row with a reason for every asked pair and year that has none.

    A side that was not asked for by name is not completed: only the years are.

    Args:
        scores: At least ``of, with, year, value``.
        cut: What was asked.
        years: The years to answer for.
        reason: Called with of, with and year; "" for a side not asked for.
        partners: Whether the measure is about pairs; if not, ``with`` is empty.
    """
    asked = [
        (of, partner, year)
        for of in cut.of or ("",)
        for partner in (cut.with_ if partners else ()) or ("",)
        for year in years
        if of != partner or not of
    ]
    schema = {"of": pl.String, "with": pl.String, "year": pl.Int32}
    grid = pl.DataFrame(asked, schema=schema, orient="row")
    lacking = grid.join(_as_asked(scores, cut, partners), on=KEY, how="anti")
    reasons = [reason(*row) for row in lacking.iter_rows()]
    rows = lacking.with_columns(reason=pl.Series(reasons, dtype=pl.String))
    return pl.concat([scores, rows], how="diagonal")


def _as_asked(scores: pl.DataFrame, cut: Cut, partners: bool) -> pl.DataFrame:
    found = scores.select(KEY)
    if not cut.of:
        found = found.with_columns(of=pl.lit(""))
    if not cut.with_ or not partners:
        found = found.with_columns(pl.lit("").alias("with"))
    return found


def chosen(frame: pl.DataFrame, cut: Cut, years: Sequence[int]) -> pl.DataFrame:
    """The rows of the asked states, partners and years."""
    frame = frame.filter(pl.col("year").is_in(list(years)))
    if cut.of:
        frame = frame.filter(pl.col("of").is_in(list(cut.of)))
    return frame.filter(pl.col("with").is_in(list(cut.with_))) if cut.with_ else frame
