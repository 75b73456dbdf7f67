"""Parquet: a folder with one file per table, in the columns and types of `graph.model`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from geoties.graph.exports.tables import write_tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from geoties.graph.exports.cut import Cut

FOLDER = True


def write(cut: Cut, path: Path) -> Mapping[str, int]:
    """Write a cut's tables into the folder `path`."""
    return write_tables(cut, path, "parquet", _write, {})


def _write(frame: pl.DataFrame, path: Path) -> None:
    try:
        frame.write_parquet(path, compression="zstd", compression_level=3)
    except pl.exceptions.ComputeError as problem:  # how polars tells of a full disk here
        raise OSError(str(problem)) from None


def left_out(cut: Cut) -> Iterator[str]:
    """What the cut leaves out, and nothing more."""
    return cut.left_out()
