"""Parquet: a folder with one file per table, in the columns and types of `graph.model`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from geoties.graph.exports.tables import write_tables
from geoties.graph.frames import write_frame

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import polars as pl

    from geoties.graph.exports.cut import Cut

FOLDER = True


def write(cut: Cut, path: Path) -> Mapping[str, int]:
    """Write a cut's tables into the folder `path`."""
    return write_tables(cut, path, "parquet", _write, {})


def _write(frame: pl.DataFrame, path: Path) -> None:
    write_frame(path, frame)


def left_out(cut: Cut) -> Iterator[str]:
    """What the cut leaves out, and nothing more."""
    return cut.left_out()
