"""A user's Parquet: typed columns written out as text, a slice at a time."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from geoties.graph.model import UserError
from geoties.loaders.user_tables_mapping import Layout
from geoties.loaders.user_tables_sheet import MOST_BYTES, MOST_ROWS, Rows, Sheet

_SLICE = 50_000


def read(path: Path, layout: Layout) -> list[Sheet]:
    """The rows of a Parquet file; the number of a row is its place in the file, from 1."""
    try:
        return [_read(path)]
    except (pl.exceptions.PolarsError, OSError, pl.exceptions.PanicException):
        raise UserError(f"{path.name} is not a Parquet file that can be read.") from None


def _read(path: Path) -> Sheet:
    scan = pl.scan_parquet(path)
    schema = scan.collect_schema()
    rows = Rows(path.name, schema.names())
    height = int(scan.select(pl.len()).collect().item())
    if height > MOST_ROWS:
        raise UserError(f"{path.name} has more than {MOST_ROWS:,} rows; add it in parts.")
    texts = [_as_text(path.name, name, dtype) for name, dtype in schema.items()]
    taken = 0
    for start in range(0, height, _SLICE):
        part = scan.slice(start, _SLICE).select(texts).collect()
        taken += int(part.estimated_size())
        if taken > MOST_BYTES:
            raise UserError(f"{path.name} holds too much for one table; add it in parts.")
        for number, cells in enumerate(part.iter_rows(), start=start + 1):
            rows.add(number, cells)
    return rows.sheet()


def _as_text(file: str, name: str, dtype: pl.DataType) -> pl.Expr:
    """A column as text; days as ISO text, whole numbers without a point, null as empty."""
    column = pl.col(name)
    if isinstance(dtype, pl.Datetime):
        # One that is no midnight keeps its time, and is told by the reader of dates.
        midnight = column.dt.time() == pl.time(0, 0, 0)
        day = column.dt.date().cast(pl.String)
        text = pl.when(midnight).then(day).otherwise(column.dt.strftime("%Y-%m-%dT%H:%M:%S"))
    elif dtype.is_float():
        whole = (column.round(0) == column) & (column.abs() < 1e15)
        integer = column.cast(pl.Int64, strict=False).cast(pl.String)
        text = pl.when(whole).then(integer).otherwise(column.cast(pl.String))
    elif dtype.is_nested() or dtype in (pl.Binary, pl.Object):
        raise UserError(f"{file}: the column {name!r} holds lists or bytes, not texts or numbers.")
    else:
        text = column.cast(pl.String)
    return text.fill_null("").alias(name)
