"""The shape of every measure's answer, and of its explanation."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from geoties.graph.model import short_id

RESULT = {
    "measure": pl.String,
    "of": pl.String,
    "with": pl.String,
    "year": pl.Int32,
    "value": pl.Float64,
    "unit": pl.String,
    "low": pl.Float64,
    "high": pl.Float64,
    "basis": pl.String,
    "reason": pl.String,
    "source": pl.String,
}
EXPLANATION = {
    "part": pl.String,
    "from": pl.String,
    "to": pl.String,
    "year": pl.Int32,
    "value": pl.Float64,
    "unit": pl.String,
    "contribution": pl.Float64,
    "source": pl.String,
    "record": pl.String,
}
_KEY = ("of", "with", "year", "source")
#: From how many rows on a sort by several texts is too slow.
_MANY = 100_000
_TEXT = ("of", "with", "basis", "reason", "source", "part", "from", "to", "unit", "record")


def tidy(measure: str, unit: str, scores: pl.DataFrame, order: Sequence[str] = ()) -> pl.DataFrame:
    """The answer with all its columns, short ids, in the order the states were asked for.

    ``reason`` says why there is no value, ``basis`` on what the value rests.
    """
    named = pl.when(pl.col("unit") == "").then(pl.lit(unit)).otherwise("unit").alias("unit")
    numbers = pl.col("value", "low", "high").fill_nan(None)
    whole = _completed(scores.lazy().with_columns(measure=pl.lit(measure)), scores.columns, RESULT)
    frame = whole.with_columns(named, numbers, _short("of"), _short("with")).collect()
    first = list(dict.fromkeys(short_id(entity) for entity in order))
    if frame.height > _MANY:
        return frame[_order(frame, first)]
    ranks = {state: place for place, state in enumerate(first)}
    place = pl.col("of").replace_strict(ranks, default=len(ranks), return_dtype=pl.Int32)
    return frame.sort(*([place] if ranks else []), *_KEY, maintain_order=True)


def _order(frame: pl.DataFrame, first: Sequence[str]) -> pl.Series:
    """The rows in the same order as by a sort, which takes five times as long on many texts."""
    place = pl.lit(0, pl.UInt64)
    for column in _KEY:
        values = frame[column].unique().sort()
        known = [*first, *(v for v in values if v not in first)] if column == "of" else values
        ranks = (
            pl.col(column).replace_strict(known, range(len(known)), return_dtype=pl.UInt64)
            if column == "year"
            else pl.col(column).cast(pl.Enum(known)).to_physical()
        )
        place = place * len(known) + ranks.cast(pl.UInt64)
    return frame.select(place.arg_sort()).to_series()


def explained(parts: pl.DataFrame) -> pl.DataFrame:
    """An explanation with all its columns and short ids."""
    whole = _completed(parts.lazy(), parts.columns, EXPLANATION)
    return whole.with_columns(_short("from"), _short("to")).collect()


def _completed(
    frame: pl.LazyFrame, known: Sequence[str], schema: dict[str, type[pl.DataType]]
) -> pl.LazyFrame:
    """Every column of the schema, typed; missing text is empty, missing numbers are null."""
    have = {*known, "measure"}
    columns = [
        (pl.col(name) if name in have else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in schema.items()
    ]
    return frame.select(columns).with_columns(
        pl.col(name).fill_null("") for name in _TEXT if name in schema
    )


def _short(column: str) -> pl.Expr:
    return pl.col(column).str.split("/").list.last().fill_null("").alias(column)
