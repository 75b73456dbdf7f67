"""The shape of every measure's answer, and of its explanation."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

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
_TEXT = ("of", "with", "basis", "reason", "source", "part", "from", "to", "unit", "record")


def tidy(measure: str, unit: str, scores: pl.DataFrame, order: Sequence[str] = ()) -> pl.DataFrame:
    """The answer with all its columns, short ids, in the order the states were asked for.

    ``reason`` says why there is no value, ``basis`` on what the value rests.
    """
    frame = _completed(scores.with_columns(measure=pl.lit(measure)), RESULT)
    frame = frame.with_columns(
        pl.when(pl.col("unit") == "").then(pl.lit(unit)).otherwise("unit").alias("unit"),
        pl.col("value", "low", "high").fill_nan(None),
    )
    ranks = {entity: place for place, entity in enumerate(order)}
    place = pl.col("of").replace_strict(ranks, default=len(ranks), return_dtype=pl.Int32)
    return frame.sort(place, "of", "with", "year", "source", maintain_order=True).with_columns(
        _short("of"), _short("with")
    )


def explained(parts: pl.DataFrame) -> pl.DataFrame:
    """An explanation with all its columns and short ids."""
    return _completed(parts, EXPLANATION).with_columns(_short("from"), _short("to"))


def _completed(frame: pl.DataFrame, schema: dict[str, type[pl.DataType]]) -> pl.DataFrame:
    """Every column of the schema, typed; missing text is empty, missing numbers are null."""
    columns = [
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype).alias(name)
        for name, dtype in schema.items()
    ]
    return frame.select(columns).with_columns(
        pl.col(name).fill_null("") for name in _TEXT if name in schema
    )


def _short(column: str) -> pl.Expr:
    return pl.col(column).str.split("/").list.last().fill_null("").alias(column)
