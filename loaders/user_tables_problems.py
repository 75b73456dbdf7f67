"""Cells of a user's table turned into values, and what is wrong with those that cannot be."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import polars as pl

from geoties.graph.model import Rejection
from geoties.loaders.user_tables_sheet import ROW, shown

SCHEMA = {ROW: pl.UInt32(), "column": pl.String(), "value": pl.String(), "reason": pl.String()}


Found = list[pl.DataFrame]


def none() -> pl.DataFrame:
    """A table of problems without any."""
    return pl.DataFrame(schema=SCHEMA)


def without(rows: pl.DataFrame, found: Found) -> pl.DataFrame:
    """The rows of which no problem was found."""
    return rows.join(pl.concat([none(), *found]), on=ROW, how="anti", maintain_order="left")


def problems(rows: pl.DataFrame, column: str, reason: str | pl.Expr) -> pl.DataFrame:
    """A problem for each of `rows`, whose text in `column` is to be shown."""
    told = pl.lit(reason) if isinstance(reason, str) else reason
    value = pl.col(column) if column in rows.columns else pl.lit("")
    return rows.select(
        ROW, pl.lit(column).alias("column"), value.alias("value"), told.alias("reason")
    )


def of_source(rows: pl.DataFrame, source: str) -> tuple[pl.DataFrame, Found]:
    """The rows that name no source, or the one that the table is; the problems of the others."""
    short = source.removeprefix("source/")
    other = ~pl.col("source").is_in(["", source, short])
    reason = f"the table is the source {short}; give it the name of this one, or leave it out"
    return rows.filter(~other), [problems(rows.filter(other), "source", reason)]


def first_of_each_row(found: Iterable[pl.DataFrame]) -> list[Rejection]:
    """One rejection per row: the first problem that was found with it."""
    first = pl.concat([none(), *found]).unique(ROW, keep="first", maintain_order=True).sort(ROW)
    return [
        Rejection(row, column, shown(value), reason)
        for row, column, value, reason in first.iter_rows()
    ]


def convert(
    rows: pl.DataFrame,
    column: str,
    parse: Callable[[str], Mapping[str, Any]],
    into: Mapping[str, pl.DataType],
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """`rows` with the columns `into` that `parse` makes of a text, and the problems.

    Each text is looked at once, however many rows have it. An empty one gives nulls.

    >>> rows = pl.DataFrame({ROW: [2, 3], "n": ["7", "x"]}, schema_overrides={ROW: pl.UInt32})
    >>> made, wrong = convert(rows, "n", lambda text: {"m": int(text)}, {"m": pl.Int64()})
    >>> made["m"].to_list(), wrong["value"].to_list()
    ([7, None], ['x'])
    """
    return convert_each(rows, [column], lambda key: parse(key[0]), into)


def convert_each(
    rows: pl.DataFrame,
    columns: list[str],
    parse: Callable[[tuple[str, ...]], Mapping[str, Any]],
    into: Mapping[str, pl.DataType],
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """As `convert`, of several columns together; problems and emptiness are of the first."""
    keys = rows.select(columns).unique(maintain_order=True)
    schema = {f"#{name}": dtype for name, dtype in into.items()} | {"reason": pl.String()}
    made = [_attempt(key, parse) for key in keys.iter_rows()]
    known = keys.hstack(pl.DataFrame(made, schema=schema, orient="row"))
    joined = rows.join(known, on=columns, how="left", maintain_order="left")
    found = problems(joined.filter(pl.col("reason").is_not_null()), columns[0], pl.col("reason"))
    values = [pl.col(f"#{name}").alias(name) for name in into]
    return joined.with_columns(values).drop("reason", *(f"#{name}" for name in into)), found


def _attempt(
    key: tuple[str, ...], parse: Callable[[tuple[str, ...]], Mapping[str, Any]]
) -> dict[str, Any]:
    if not key[0]:
        return {}
    try:
        return {f"#{name}": value for name, value in parse(key).items()}
    except ValueError as problem:
        return {"reason": str(problem)}
